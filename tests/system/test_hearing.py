"""Voice notes in the place of answers: heard by staff, who learn nothing of their author from it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.core.config import Config
from storage.database import Transaction
from storage.rows.consultations import ConsultationByCode
from storage.rows.downloads import ResponsesPage
from tests.bot.conversation.test_spoken import POLL, opened, speaks
from tests.citizen import Citizen, audit_of
from tests.system.staffed import (
    SECRET,
    VOICE,
    Town,
    busy_town,
    config_of,
    open_question,
    tell,
    town,
)
from tests.visitor import visitor

PAGE = "/staff/c/TRM-LIGHT/answers"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_of(tmp_path)


@pytest.fixture
async def full(config: Config) -> AsyncIterator[Town]:
    async with busy_town(config) as full:
        yield full


@pytest.fixture
async def clerk(full: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(base_url=full.address) as client:
        await full.sign_in(client, "amal", "clerk")
        yield client


async def responses(tx: Transaction, code: str) -> list[ResponsesPage]:
    row = await tx.row(ConsultationByCode, code=code)
    assert row is not None
    return await tx.rows(ResponsesPage, consultation_id=row.id, after=0, most=99)


async def test_a_voice_note_is_heard_whole_and_in_pieces(
    full: Town, clerk: httpx.AsyncClient
) -> None:
    """As players ask for it; and each time is in the audit log."""
    where = f"{PAGE}/voice/{full.note}"
    page = (await clerk.get(PAGE)).text
    assert f'<audio controls preload="none" src="{where}"></audio>' in page
    whole = await clerk.get(where)
    assert (whole.status_code, whole.content) == (200, VOICE)
    assert whole.headers["content-type"] == "audio/ogg"
    piece = await clerk.get(where, headers={"range": "bytes=4-7", "if-range": '"x"'})
    assert (piece.status_code, piece.content) == (200, VOICE)
    piece = await clerk.get(where, headers={"range": "bytes=4-7"})
    assert (piece.status_code, piece.content) == (206, VOICE[4:8])
    heard = [entry for entry in await full.audit() if entry[1] == "hear"]
    assert heard == [("amal", "hear", "answer in TRM-LIGHT")] * 3


async def test_nothing_about_a_voice_note_joins_it_to_its_author(
    full: Town, clerk: httpx.AsyncClient
) -> None:
    """Neither the name of its file, which its person's row has, nor when it was kept, nor a reference."""
    async with full.app.storage.reading() as tx:
        rows = await responses(tx, "TRM-LIGHT")
    (note,) = [n for a in (await open_question(full.app, full.poll)).answers for n in a.voices]
    where = f"{PAGE}/voice/{note.token}"
    page, sound = (await clerk.get(PAGE)).text, await clerk.get(where)
    told = page + where + str(sound.headers)
    for secret in (note.name, *(str(row.id) for row in rows), *(row.reference for row in rows)):
        assert secret not in told
    assert not {"last-modified", "etag", "content-disposition"} & set(sound.headers)
    assert sound.headers["cache-control"] == "private, no-store"


async def test_who_may_only_read_sees_that_it_is_a_voice_note_and_hears_nothing(full: Town) -> None:
    """What is said cannot be masked, as written words are for readers."""
    for role, status in (("reader", 403), ("elected", 403), ("clerk", 200), ("organizer", 200)):
        async with visitor(base_url=full.address) as client:
            await full.sign_in(client, role, role)
            page = (await client.get(PAGE)).text
            assert ("<audio" in page) == (status == 200), role
            assert (await client.get(f"{PAGE}/voice/{full.note}")).status_code == status, role


async def test_a_voice_note_is_gone_with_who_said_it(full: Town, clerk: httpx.AsyncClient) -> None:
    """Its address leads nowhere, and the answer is on no page."""
    where = f"{PAGE}/voice/{full.note}"
    voter = Citizen(full.app, "voter 0")
    for said in ("mes données", "[Effacer mes données]", "2"):
        await voter.says(said)
    assert (await clerk.get(where)).status_code == 404
    assert SECRET + " 0" not in (await clerk.get(PAGE)).text


async def test_where_fewer_than_five_were_asked_nothing_is_heard(config: Config) -> None:
    """Else staff could tell who speaks."""
    async with town(config) as quiet, visitor(base_url=quiet.address) as clerk:
        await quiet.sign_in(clerk, "amal", "clerk")
        notes = {}
        for number in range(5):
            citizen = Citizen(quiet.app, f"voter {number}")
            await citizen.arrives("Français", "TRM-LIGHT")
            await citizen.says("1")
            await citizen.says("2")
            await citizen.does(media=(quiet.app.web.upload(VOICE, "voice"),))
            await citizen.taps("Envoyer")
            answers = (await open_question(quiet.app, "TRM-LIGHT")).answers
            notes = {n.token for a in answers for n in a.voices}
            assert len(notes) == (5 if number == 4 else 0)
            assert ("<audio" in (await clerk.get(PAGE)).text) == (number == 4)
        for note in notes:
            assert (await clerk.get(f"{PAGE}/voice/{note}")).status_code == 200


async def test_what_is_heard_is_written_down_corrected_and_taken_back(
    full: Town, clerk: httpx.AsyncClient
) -> None:
    """A reader sees it masked; what it was stands in no log."""
    form = {"token": full.note, "version": "0", "text": "Des bancs, 06 61 22 33 44"}
    back = {"back": "q=idea&view=all"}
    done = await clerk.post(f"{PAGE}/heard", data={**form, **back})
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?q=idea&view=all")
    page = (await clerk.get(PAGE)).text
    assert '<blockquote dir="auto" class="typed">Des bancs, 06 61 22 33 44</blockquote>' in page
    assert "<bdi>amal</bdi>" in page
    async with visitor(base_url=full.address) as reader:
        await full.sign_in(reader, "rim", "reader")
        seen = (await reader.get(PAGE)).text
        assert 'class="typed">Des bancs, •••</blockquote>' in seen
        assert "/answers/heard" not in seen
    late = await clerk.post(f"{PAGE}/heard", data={**form, "text": "Autre chose"})
    assert late.status_code == 409
    assert "أدخل زميل شيئا آخر" in late.text
    assert ">Autre chose</textarea>" in late.text
    undo = {"action": "undo", "token": full.note, "version": "1"}
    assert (await clerk.post(f"{PAGE}/heard", data=undo)).status_code == 303
    assert "Des bancs" not in (await clerk.get(PAGE)).text
    unclear = {"action": "unclear", "token": full.note, "version": "2"}
    assert (await clerk.post(f"{PAGE}/heard", data=unclear)).status_code == 303
    assert '<p class="mark">غير مفهومة</p>' in (await clerk.get(PAGE)).text
    async with full.app.storage.reading() as tx:
        logged = [
            (row.action, row.object, row.detail)
            for row in await audit_of(tx, full.council())
            if row.action in ("transcribe", "take back heard", "enter heard")
        ]
    assert logged == [
        ("enter heard", "answer in TRM-LIGHT", full.note),
        ("take back heard", "answer in TRM-LIGHT", full.note),
        ("transcribe", "answer in TRM-LIGHT", full.note),
    ]


async def test_voice_notes_of_needs_are_heard_here_and_written_down_on_the_desk(
    full: Town, clerk: httpx.AsyncClient
) -> None:
    for number in range(5):
        await tell(full.app, f"teller {number}", f"Une fuite {number}", media=True)
    page = (await clerk.get("/staff/c/TRM-NEEDS/answers")).text
    assert "<audio" in page
    assert "/answers/heard" not in page


async def test_a_voice_note_in_the_place_of_a_choice_is_heard_and_entered(
    config: Config, tmp_path: Path
) -> None:
    """What waits stands first, ticked is what was heard, and who may only read sees none of it."""
    async with town(config) as quiet, visitor(base_url=quiet.address) as clerk:
        await opened(quiet.app, tmp_path, POLL.replace('"example"', '"tarmigt"'))
        await quiet.sign_in(clerk, "amal", "clerk")
        page = "/staff/c/OZT-SPOKEN/answers"
        for number in range(5):
            citizen = Citizen(quiet.app, f"voter {number}")
            await citizen.arrives("Français", "OZT-SPOKEN")
            for _ in range(4):
                await speaks(citizen, "" if number else "حيت <b>")
            await citizen.taps("Envoyer")
        first = (await clerk.get(f"{page}?q=needs")).text
        assert first.count("<audio") == 5
        assert first.count('type="checkbox"') == 15
        assert "&lt;b&gt;" in first
        assert (await clerk.get(f"{page}?q=day")).text.count('type="radio"') == 10
        token, version = shown_first(first)
        form = {"token": token, "version": version, "action": "choose"}
        ticked = {"choice.1": "water", "choice.3": "toilet", "back": "q=needs&view=waiting"}
        none = await clerk.post(f"{page}/heard", data=form)
        assert none.status_code == 409
        # At its own question, which is not the first.
        assert none.text.count('type="checkbox"') == 15
        done = await clerk.post(f"{page}/heard", data={**form, **ticked})
        assert done.headers["location"] == f"{page}?q=needs&view=waiting"
        waiting = (await clerk.get(done.headers["location"])).text
        assert waiting.count("<audio") == 4
        every = (await clerk.get(f"{page}?q=needs")).text
        assert every.count("<audio") == 5
        assert every.count(" checked>") == 2
        assert "<strong>الماء</strong>" in every
        token, version = shown_first(waiting)
        unclear = {"token": token, "version": version, "action": "unclear"}
        assert (await clerk.post(f"{page}/heard", data=unclear)).status_code == 303
        undo = {"token": token, "version": "1", "action": "undo"}
        assert (await clerk.post(f"{page}/heard", data=undo)).status_code == 303
        async with visitor(base_url=quiet.address) as reader:
            await quiet.sign_in(reader, "rim", "reader")
            seen = (await reader.get(f"{page}?q=needs")).text
            assert "<audio" not in seen
            assert "الماء" not in seen
            assert 'type="checkbox"' not in seen
        logged = [entry[1] for entry in await quiet.audit() if "heard" in entry[1]]
        assert logged == ["take back heard", "enter heard", "enter heard"]


def shown_first(page: str) -> tuple[str, str]:
    """Token and version of the first voice note on a page."""
    found = re.search(
        r'name="token" value="([0-9a-f]+)"><input type="hidden" name="version" value="(\d+)"', page
    )
    assert found is not None
    return found[1], found[2]


async def test_today_and_who_closes_are_told_how_many_wait(config: Config, tmp_path: Path) -> None:
    """From five answers on, since fewer are not heard; and only who may hear them."""
    async with town(config) as quiet, visitor(base_url=quiet.address) as organizer:
        await opened(quiet.app, tmp_path, POLL.replace('"example"', '"tarmigt"'))
        await quiet.sign_in(organizer, "amal", "organizer")
        link = "/staff/c/OZT-SPOKEN/answers?view=waiting"
        for number in range(5):
            assert link not in (await organizer.get("/staff")).text
            citizen = Citizen(quiet.app, f"voter {number}")
            await citizen.arrives("Français", "OZT-SPOKEN")
            await citizen.says("1")
            await speaks(citizen)
            await citizen.says("1")
            await citizen.says("4")
            await citizen.taps("Envoyer")
        today = (await organizer.get("/staff")).text
        assert (
            f'<a href="{link}"><span class="n" dir="ltr">5</span> رسائل صوتية تنتظر الاستماع'
            in today
        )
        # The link leads to the question in which some wait.
        listed = (await organizer.get(link)).text
        assert listed.count("<audio") == 5
        assert listed.count('type="radio"') == 10
        before = (await organizer.get("/staff/c/OZT-SPOKEN")).text
        assert "5 رسائل صوتية مكان اختيار تنتظر الاستماع" in before
        asked = await organizer.post("/staff/c/OZT-SPOKEN/do", data={"action": "close"})
        assert "5 رسائل صوتية مكان اختيار تنتظر الاستماع" in asked.text
        results = (await organizer.get("/staff/c/OZT-SPOKEN/results")).text
        assert "رسائل صوتية تنتظر الاستماع ولم تُحتسب" in results
        async with visitor(base_url=quiet.address) as reader:
            await quiet.sign_in(reader, "rim", "reader")
            assert link not in (await reader.get("/staff")).text
        token, version = shown_first(listed)
        form = {"token": token, "version": version, "action": "unclear"}
        assert (await organizer.post("/staff/c/OZT-SPOKEN/answers/heard", data=form)).is_redirect
        assert 'dir="ltr">4</span> رسائل صوتية' in (await organizer.get("/staff")).text
