"""What stands on each page of the staff, read as a browser gets it: nothing that is kept is left out."""

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from bot.core.config import Config
from bot.results import requests
from bot.results.shown import releases
from flows.morocco.emergency import EmergencyNumber
from storage.rows.staff import StaffOf
from tests.citizen import plain
from tests.heic_file import EXIF, PIXELS, heic
from tests.system.staffed import SECRET, Town, busy_town, config_of, tell
from tests.visitor import visitor


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two councils."""
    return config_of(tmp_path)


@pytest.fixture
async def full(config: Config) -> AsyncIterator[Town]:
    """Both, the first with something of everything."""
    async with busy_town(config) as busy:
        yield busy


@pytest.fixture
async def admin(full: Town) -> AsyncIterator[httpx.AsyncClient]:
    """An admin who reads English."""
    async with visitor(base_url=full.address) as client:
        await full.sign_in(client, "nadia", "admin")
        await client.get("/staff?lang=en")
        yield client


async def read(client: httpx.AsyncClient, where: str) -> str:
    """A page as it is sent, without the signs that keep directions apart; it is there, and not kept."""
    answer = await client.get(where)
    assert answer.status_code == 200, where
    assert answer.headers["cache-control"] == "no-store", where
    return plain(unescape(answer.text))


async def does(client: httpx.AsyncClient, where: str, **form: str) -> None:
    """Something is done and leads to a page again."""
    answer = await client.post(where, data=form)
    assert answer.status_code == 303, answer.text


async def test_a_need_shows_all_that_belongs_to_it(full: Town, admin: httpx.AsyncClient) -> None:
    """Words, files, what was written down of them, those merged into it, those like it, its thread."""
    other = await tell(full.app, "omar", f"Pas d’eau depuis lundi matin {SECRET}")
    third = await tell(full.app, "zineb", f"Pas d’eau depuis lundi soir {SECRET}")
    need, do = f"/staff/needs/{full.reference}", f"/staff/needs/{full.reference}/do"
    for form in (
        {"action": "merge", "into": full.reference},
        {"action": "transcribe", "media": full.voice, "transcript": "Il dit que rien ne coule"},
        {"action": "assign", "assignee": str(full.member)},
        {"action": "note", "note": "Vu avec la régie"},
        {"action": "nature", "nature": "information", "urgent": "on", "extended": "on"},
    ):
        await does(admin, f"/staff/needs/{other}/do" if form["action"] == "merge" else do, **form)
    page = await read(admin, need)
    for shown in (
        f'<blockquote dir="auto" class="typed">Pas d’eau depuis lundi {SECRET}',
        f'<img src="{need}/files/{full.photo}"',
        f'src="{need}/files/{full.voice}"',
        "Il dit que rien ne coule</blockquote>",
        "<bdi>nadia</bdi></p>",
        f'<a href="/staff/needs/{other}" dir="ltr">{other}</a> <bdi>Pas d’eau depuis lundi matin',
        f'<a href="/staff/needs/{third}" dir="ltr">{third}</a> <bdi>Pas d’eau depuis lundi soir',
        f'<input type="hidden" name="into" value="{third}">',
        f'<option value="{full.member}" selected>Amal {SECRET}',
        "Vu avec la régie",
        '<option value="information" selected>',
        'name="urgent" checked>',
        'name="extended" checked>',
        "2 people",
        "Français · Web chat",
    ):
        assert shown in page, shown
    assert f'src="{need}/files/{full.voice}" alt' not in page
    merged = await read(admin, f"/staff/needs/{other}")
    assert f'<a href="/staff/needs/{full.reference}" dir="ltr">{full.reference}</a>' in merged


async def test_a_photo_that_browsers_do_not_show_is_a_file_without_its_place(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """An iPhone's photo is there to be taken; where it was made and with what is not in it."""
    reference = await tell(full.app, "hind", "Un trou", media=True, photo=heic())
    page = await read(admin, f"/staff/needs/{reference}")
    (where,) = re.findall(r'<a href="([^"]+)">Photo as a file', page)
    assert f'<img src="{where}"' not in page
    answer = await admin.get(where)
    assert answer.headers["content-type"] == "image/heic"
    assert answer.headers["content-disposition"] == f'attachment; filename="{reference}.heic"'
    assert PIXELS in answer.content
    assert EXIF not in answer.content


@pytest.mark.parametrize(
    ("form", "marks"),
    [
        ({"nature": "information"}, []),
        ({"nature": "information", "urgent": "on"}, ["urgent"]),
        ({"nature": "information", "extended": "on"}, ["extended"]),
        ({"nature": "ordinary"}, []),
    ],
)
async def test_what_a_need_is_by_law_is_kept_and_noted(
    full: Town, admin: httpx.AsyncClient, form: dict[str, str], marks: list[str]
) -> None:
    """With each tick; the thread says the same."""
    await does(admin, f"/staff/needs/{full.reference}/do", action="nature", **form)
    row = await full.need()
    assert (row.nature, bool(row.urgent), bool(row.extended)) == (
        form["nature"], "urgent" in marks, "extended" in marks,
    )  # fmt: skip
    page = await read(admin, f"/staff/needs/{full.reference}")
    assert " ".join([form["nature"], *marks]) in page


async def test_a_clerk_and_a_reader_see_numbers_or_stars(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """On the need's page, on those like it, in the list; only who answers has read it."""
    reference = await tell(full.app, "omar", "Appelez le 06 12 34 56 78 pour la route")
    async with visitor(base_url=full.address) as reader:
        await full.sign_in(reader, "said", "reader")
        for where in (f"/staff/needs/{reference}", "/staff/needs?state=all"):
            assert "06 12 34 56 78" in await read(admin, where), where
            masked = await read(reader, where)
            assert "06 12 34 56 78" not in masked, where
            assert "pour la route" in masked, where


async def test_only_who_answers_makes_a_need_read(full: Town, admin: httpx.AsyncClient) -> None:
    """What somebody added stays new when a reader looks at it."""
    row = await full.need()
    async with full.app.storage.transaction() as tx:
        await tx.run("case_unread", response_id=row.id, unread=1)
    async with visitor(base_url=full.address) as reader:
        await full.sign_in(reader, "said", "reader")
        for client, unread in ((reader, True), (admin, False)):
            await read(client, f"/staff/needs/{full.reference}")
            assert bool((await full.need()).unread) is unread


async def test_the_list_of_needs_keeps_its_filters(full: Town, admin: httpx.AsyncClient) -> None:
    """Every one of them chooses, and stands in the form and in the next page's address."""
    await does(
        admin, f"/staff/needs/{full.reference}/do", action="assign", assignee=str(full.member)
    )
    other = await tell(full.app, "omar", "La route est coupée")
    for query, there, gone in (
        (f"assignee={full.member}", full.reference, other),
        ("assignee=none", other, full.reference),
        ("search=route", other, full.reference),
        (f"search={full.reference}", full.reference, other),
        ("theme=water&state=all", full.reference, ""),
        ("state=done", "", full.reference),
        ("nature=information", "", other),
        ("age=30", "", other),
        ("unread=on", "", full.reference),
    ):
        page = await read(admin, f"/staff/needs?{query}")
        assert not there or f'href="/staff/needs/{there}"' in page, query
        assert not gone or f'href="/staff/needs/{gone}"' not in page, query


async def test_a_consultation_shows_its_messages_in_the_language_asked_for(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """Else in the reader's, else in the first that its title has."""
    for query, chosen in (
        ("", "en"),
        ("?preview=fr", "fr"),
        ("?preview=xx", "en"),
        ("?lang=fr", "fr"),
    ):
        page = await read(admin, f"/staff/c/{full.poll}{query}")
        found = re.findall(r'href="\?preview=(\w+)#preview" lang="\w+" aria-current="true"', page)
        assert found == [chosen], query


async def test_what_the_council_did_is_shown_with_its_day(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """And pressed on a consultation that is closed."""
    do = f"/staff/c/{full.poll}/do"
    await does(admin, do, action="close", sure="on")
    await admin.post(
        do, data={"action": "decide", "decision.fr": "Adopté.", "decision_day": "2026-11-20"}
    )
    page = await read(admin, f"/staff/c/{full.poll}")
    assert '<blockquote>Adopté. <span dir="ltr">2026-11-20</span></blockquote>' in page


async def test_a_plan_of_ones_own_is_stopped_from_the_page(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """It is gone from the list, and the log knows who did it."""
    where = f"/staff/c/{full.poll}"
    await does(admin, f"{where}/send", what="invitation", at="2126-12-01T18:00")
    page = await read(admin, where)
    (prompt,) = re.findall(r'name="prompt" value="(\d+)"', page)
    assert "01/12/2126 18:00" in page
    await does(admin, f"{where}/do", action="stop_planned", prompt=prompt)
    assert 'name="prompt"' not in await read(admin, where)
    assert ("nadia", "stop_planned", full.poll) in await full.audit()


async def test_a_file_reloads_until_it_is_there(full: Town, admin: httpx.AsyncClient) -> None:
    """While it waits or is made; afterwards it can be saved, with its code book."""
    async with full.app.storage.transaction() as tx:
        (me,) = [
            one.id
            for one in await tx.rows(StaffOf, council_id=full.council())
            if one.name == "nadia"
        ]
        asked = {
            state: await requests.ask(
                tx, full.council(), me, "consultation", full.poll, "csv", "fr",
                filters={}, identities=False,
            )
            for state in ("waiting", "running", "done", "failed")
        }  # fmt: skip
    for state, id in asked.items():
        async with full.app.storage.transaction() as tx:
            await tx.run("put_download_into", id=id, state=state)
        page = await read(admin, f"/staff/downloads/{id}")
        assert ("live.js" in page) == (state in ("waiting", "running")), state
        assert ("/file" in page) == (state == "done"), state
        assert ("codebook.csv" in page) == (state == "done"), state


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"what": "nothing"}, 422),
        ({"format": "doc"}, 422),
        ({"language": "zgh"}, 422),
        ({"object": "NONE-1"}, 404),
        ({}, 303),
    ],
)
async def test_a_file_that_there_is_not_is_not_begun(
    full: Town, admin: httpx.AsyncClient, form: dict[str, str], status: int
) -> None:
    """The page says so; what can be made is made, and has its code book."""
    good = {"what": "consultation", "object": full.poll.lower(), "format": "csv", "language": "fr"}
    answer = await admin.post("/staff/downloads", data={**good, **form})
    assert answer.status_code == status
    if status == 303:
        book = await admin.get(f"{answer.headers['location']}/codebook.csv")
        assert book.status_code == 200
        assert book.headers["content-disposition"] == 'attachment; filename="codebook.csv"'
        assert book.headers["content-type"] == "text/csv; charset=utf-8"


async def test_the_needs_as_a_file_have_a_code_book_of_their_own(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """So do the signatories, once another agrees."""
    form = {"what": "needs", "format": "csv", "language": "en"}
    answer = await admin.post("/staff/downloads", data=form)
    book = await admin.get(f"{answer.headers['location']}/codebook.csv")
    assert book.status_code == 200
    assert "reference" in book.text.lower()


async def test_the_last_quarters_are_offered_newest_first(admin: httpx.AsyncClient) -> None:
    """Without a gap, over the ends of years."""
    page = await read(admin, "/staff/indicators")
    found = re.findall(r'<option value="(\d{4})-?Q(\d)"', page)
    counted = [int(year) * 4 + int(number) for year, number in found]
    assert len(counted) >= 8
    assert counted == list(range(counted[0], counted[0] - len(counted), -1))


async def test_a_member_has_a_name_of_two_to_sixty_letters(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """And a role that there is; the same name twice is refused."""
    for name, role, status in (
        ("A", "clerk", 409),
        ("Al", "clerk", 303),
        ("Al", "clerk", 409),
        ("x" * 60, "reader", 303),
        ("x" * 61, "reader", 409),
        ("Omar", "mayor", 409),
    ):
        answer = await admin.post(
            "/staff/members", data={"action": "add", "name": name, "role": role}
        )
        assert answer.status_code == status, (name, role)
    page = await read(admin, "/staff/members")
    assert "Al" in page
    assert "x" * 60 in page


async def test_what_the_second_person_says_is_noted_in_the_log_and_its_file(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """The file has a heading for each column."""
    await does(admin, f"/staff/approvals/{full.approval}", decision="no")
    assert ("nadia", "refuse", f"broadcast {full.broadcast}") in await full.audit()
    answer = await admin.get("/staff/audit.csv")
    lines = answer.text.removeprefix("\ufeff").splitlines()
    assert lines[0] == "at,actor,action,object,detail"
    assert any(f",nadia,refuse,broadcast {full.broadcast}," in line for line in lines)
    page = await read(admin, "/staff/audit?actor=nadia")
    assert f"broadcast {full.broadcast}" in page


async def test_the_overview_says_whether_it_is_an_example(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """These councils are none; every consultation has its files, poster and links."""
    page = await read(admin, "/staff/consultations")
    assert '<p class="note">' not in page.partition("<h2>")[0]
    for code in (full.poll, full.needs, full.petition):
        assert f'href="/staff/summary/{code}.pdf"' in page
        assert f"/?c={code}" in page
    poster = await admin.get(f"/staff/poster/{full.poll}.svg")
    assert poster.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in poster.text
    assert (await admin.get(f"/staff/poster/{full.poll}.svg?channel=fax")).status_code == 404
    assert (await admin.get(f"/staff/poster/{full.poll}.svg?channel=terminal")).status_code == 404


async def test_who_is_erased_is_looked_for_once_more_and_not_found(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """And their photo is not left on the disk."""
    folder = Path(full.app.config.storage.media)
    assert list(folder.rglob(full.photo))
    form = {"wanted": full.reference, "action": "find"}
    assert 'name="sure"' in (await admin.post("/staff/data", data=form)).text
    form = {"wanted": full.reference, "action": "erase", "sure": full.reference}
    page = (await admin.post("/staff/data", data=form)).text
    assert 'role="status"' in page
    assert 'name="sure"' not in page
    assert 'value=""' in page
    assert not list(folder.rglob(full.photo))
    again = (await admin.post("/staff/data", data={**form, "action": "find"})).text
    assert 'role="alert"' in again


async def test_every_page_leads_to_all_that_a_role_may_do(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """The same way from each of them."""
    for where in (
        "/staff", "/staff/needs", "/staff/consultations", "/staff/petitions", "/staff/broadcasts",
        "/staff/downloads", "/staff/indicators", "/staff/approvals", "/staff/data",
        "/staff/members", "/staff/audit", "/staff/lists", "/staff/notice", f"/staff/c/{full.poll}",
        f"/staff/c/{full.poll}/answers", f"/staff/c/{full.poll}/results",
        f"/staff/needs/{full.reference}", f"/staff/broadcasts/{full.broadcast}",
        f"/staff/petitions/{full.petition}", "/staff/new?kind=poll", f"/staff/c/{full.poll}/edit",
    ):  # fmt: skip
        page = await read(admin, where)
        for link in ("/staff/audit", "/staff/members", "/staff/data", "/staff/approvals"):
            assert f'<a href="{link}">' in page, where


async def test_a_message_is_shown_in_the_languages_it_was_written_in(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """A notice and a decision in those of their own words, an invitation in those of its title."""
    answer = await admin.post(
        "/staff/notice", data={"text.fr": "Eau coupée", "text.ar": "الماء مقطوع"}
    )
    notice = await read(admin, answer.headers["location"])
    await does(admin, f"/staff/c/{full.poll}/do", action="close", sure="on")
    form = {
        "action": "decide",
        "decision.fr": "Adopté.",
        "decision.en": "Adopted.",
        "decision_day": "2026-11-20",
    }
    answer = await admin.post(f"/staff/c/{full.poll}/do", data=form)
    decision = await read(admin, answer.headers["location"])
    answer = await admin.post(f"/staff/c/{full.petition}/send", data={"what": "invitation"})
    invitation = await read(admin, answer.headers["location"])
    for page, languages in (
        (notice, {"ar", "fr"}),
        (decision, {"fr", "en"}),
        (invitation, {"ary", "ar", "fr", "zgh", "en"}),
    ):
        assert set(re.findall(r'<figure class="phone" lang="(\w+)"', page)) == languages


async def test_a_message_that_cannot_go_says_so_and_stays(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """An invitation to what has been closed meanwhile."""
    answer = await admin.post(f"/staff/c/{full.petition}/send", data={"what": "invitation"})
    where = answer.headers["location"]
    await does(admin, f"/staff/c/{full.petition}/do", action="close", sure="on")
    answer = await admin.post(f"{where}/do", data={"action": "start"})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert 'value="start"' in await read(admin, where)


async def test_the_usual_emergency_numbers_are_to_be_verified_until_the_council_names_its_own(
    full: Town, admin: httpx.AsyncClient
) -> None:
    """Whoever runs the council sees what people in danger are told; a clerk cannot change it."""
    today = await read(admin, "/staff")
    assert "To be verified" in today
    assert "8350" in today
    async with visitor(base_url=full.address) as clerk:
        await full.sign_in(clerk, "rachid", "clerk")
        assert "To be verified" not in await read(clerk, "/staff?lang=en")
    register = full.app.register
    own = EmergencyNumber("150", {"fr": "pompiers"})
    register._councils = {
        id: replace(council, emergency=(own,)) for id, council in register._councils.items()
    }
    assert "To be verified" not in await read(admin, "/staff")


@pytest.mark.parametrize(("old", "told"), [(60_000, True), (59_999, False)])
async def test_of_old_counts_the_page_says_when_they_were_made(
    full: Town, admin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, old: int, told: bool
) -> None:
    """Of very many answers they are not counted for each look."""
    whole = releases.seen

    async def earlier(*given: Any, **more: Any) -> releases.Shown:
        shown = await whole(*given, **more)
        monkeypatch.setattr("bot.web.staff.results.now_ms", lambda: (shown.counted_at or 0) + old)
        return shown

    monkeypatch.setattr(releases, "seen", earlier)
    page = await read(admin, f"/staff/c/{full.needs}/results")
    assert ("these were counted at" in page) is told
