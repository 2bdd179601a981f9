"""The staff's pages about draft texts: a file becomes a draft, and a draft shows what is said of it."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import time_machine

from bot.app import site
from bot.consultations import definitions
from bot.core.councils import councils_in, stored_councils
from bot.core.localtime import now_ms
from bot.outreach import broadcasts
from storage.ids import new_id
from tests.bot.kinds.draft_text.reading.documents import change, content_of, document
from tests.bot.kinds.worlds import World, world
from tests.bot.outreach.test_broadcasts import pushed
from tests.citizen import NOON, audit_of
from tests.filled import fields_in
from tests.staff_links import link_for

FRENCH = b"# Charte\n\n## Article 1 : Eau\n\nDe l'eau.\n\n## Article 2 : Routes\n\nDes routes.\n"
ARABIC = "## المادة 1: الماء\n\nالماء.\n\n## المادة 2: الطرق\n\nالطرق.\n".encode()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("draft_text", tmp_path, clock) as found:
        yield found


async def looked_at(
    client: httpx.AsyncClient, content: bytes, language: str = "fr", into: str = ""
) -> httpx.Response:
    """Send a file, and see what was understood."""
    return await client.post(
        "/staff/drafts/file?lang=en",
        files={"file": ("text.docx", content)},
        data={"language": language, "into": into},
    )


async def kept(client: httpx.AsyncClient, shown: httpx.Response, **typed: str) -> httpx.Response:
    """Keep what was shown."""
    fields = fields_in(shown.text, "keep")
    sent = {name: fields[name] for name in ("kept", "code", "title") if name in fields} | typed
    return await client.post("/staff/drafts/file?lang=en", data=sent)


async def definition(w: World, code: str) -> dict[str, Any] | None:
    async with w.app.storage.reading() as tx:
        row = await w.app.register.by_code(tx, code)
    found: dict[str, Any] | None = json.loads(row.definition) if row is not None else None
    return found


async def test_a_file_is_shown_before_anything_is_kept(w: World) -> None:
    """Then it is a draft, whose form is opened; the log says that it came from a file."""
    async with w.browser("organizer") as client:
        assert "Choose the file" in (await client.get("/staff/drafts/file?lang=en")).text
        shown = await looked_at(client, FRENCH)
        assert shown.status_code == 200
        assert "2 articles, known by the word" in shown.text
        assert "Nothing: all of the text is in the articles." in shown.text
        assert await definition(w, "OZT-TEXT") is None
        answer = await kept(client, shown)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/c/OZT-TEXT/edit")
        assert (await client.get("/staff/c/OZT-TEXT/edit?lang=fr")).status_code == 200
    made = await definition(w, "OZT-TEXT")
    assert made is not None
    assert made["title"] == {"fr": "Charte"}
    assert [(one["key"], one["number"], one["title"]["fr"]) for one in made["articles"]] == [
        ("a1", "1", "Eau"),
        ("a2", "2", "Routes"),
    ]


async def test_another_language_joins_the_draft(w: World) -> None:
    """Which article is which is shown first; what stands in the form is kept."""
    async with w.browser("organizer") as client:
        await kept(client, await looked_at(client, FRENCH))
        shown = await looked_at(client, ARABIC, "ar", "OZT-TEXT")
        assert "Which article is which" in shown.text
        assert (await kept(client, shown)).status_code == 303
        again = await looked_at(client, ARABIC, "ar", "OZT-TEXT")
        assert "2 texts in this language will be replaced" in again.text
    made = await definition(w, "OZT-TEXT")
    assert made is not None
    assert made["articles"][1]["text"] == {"fr": "Des routes.", "ar": "الطرق."}


async def test_what_is_hard_in_a_document_is_told(w: World) -> None:
    made = document()
    made.add_paragraph("Préambule du conseil")
    made.add_heading("Article 1 : Délai", 1)
    change(made.add_paragraph("Deux "), "ans", "mois")
    made.add_table(1, 1)
    async with w.browser("organizer") as client:
        text = (await looked_at(client, content_of(made))).text
    for told in (
        "1 tracked deletion: it is not read", "1 tracked insertion: it is read as accepted",
        "1 table", "Paragraphs outside of every article:", "Préambule du conseil", "Deux mois",
    ):  # fmt: skip
        assert told in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4", "A PDF is not read here"),
        (b"One.\n\nTwo.\n", "Nothing says where articles begin"),
    ],
)
async def test_a_bad_file_keeps_nothing(w: World, content: bytes, said: str) -> None:
    async with w.browser("organizer") as client:
        shown = await looked_at(client, content)
    assert shown.status_code == 422
    assert said in shown.text
    assert "Nothing was kept." in shown.text
    assert 'name="kept"' not in shown.text


async def test_what_does_not_fit_cannot_be_kept(w: World) -> None:
    async with w.browser("organizer") as client:
        shown = await looked_at(client, b"Article 1: T\n\n" + b"x" * 8001)
        assert "Divide it" in shown.text
        assert 'name="kept"' not in shown.text
        assert (await looked_at(client, FRENCH, "es")).status_code == 422


async def test_a_code_that_is_taken_or_wrong_is_refused_in_words(w: World) -> None:
    """What was read stays at hand."""
    async with w.browser("organizer") as client:
        shown = await looked_at(client, FRENCH)
        taken = await kept(client, shown, code="OZT-CHARTER")
        assert "This code exists already" in taken.text
        wrong = await kept(client, taken, code="x y")
        assert "Write capitals and digits with a hyphen" in wrong.text
        nameless = await kept(client, wrong, code="OZT-NEW", title=" ")
        assert "Write a title" in nameless.text
        assert (await kept(client, nameless, title="Charte")).status_code == 303
    assert await definition(w, "OZT-NEW") is not None


async def test_only_what_was_shown_to_oneself_is_kept(w: World) -> None:
    """Changed, or shown to a colleague: the file is asked for again. An opened draft takes none."""
    async with w.browser("organizer") as one, w.browser("admin") as other:
        shown = await looked_at(one, FRENCH)
        sealed = fields_in(shown.text, "keep")["kept"]
        for client, value in ((one, sealed[:-4] + "AAA="), (one, "x"), (other, sealed)):
            answer = await client.post(
                "/staff/drafts/file?lang=en", data={"kept": value, "code": "OZT-X", "title": "X"}
            )
            assert "Choose the file again" in answer.text
        opened = await looked_at(one, ARABIC, "ar", w.code)
        assert "was opened or taken away" in opened.text
    assert await definition(w, "OZT-X") is None


async def test_who_may_not_write_consultations_brings_no_file(w: World) -> None:
    """Readers see the drafts."""
    async with w.browser("reader") as client:
        assert (await client.get("/staff/drafts/file")).status_code == 403
        listed = (await client.get("/staff/drafts?lang=en")).text
        assert "The charter of participation" in listed
        assert "/staff/drafts/file" not in listed
    assert site.policies()["/staff/drafts/file"] == "staff: publish"


async def test_the_desk_shows_each_article_and_what_every_round_accepts(w: World) -> None:
    """Fewer than five are not shown."""
    await w.changed(**w.script.twice)
    await w.crowd(6)
    async with w.browser("reader") as client:
        page = (await client.get(f"/staff/drafts/{w.code}?lang=en")).text
        assert "First round" in page
        assert "Article 1 · " in page.translate({0x2068: None, 0x2069: None})
        # In fives, and of the day, while people answer.
        assert page.count(">5<") == 2
        assert "shown in steps of" in page
        assert "too few answers in a round" in page
        assert (await client.get("/staff/drafts/OZT-LIGHT")).status_code == 404
        assert (await client.get("/staff/drafts/NONE-1")).status_code == 404
    async with w.app.storage.reading() as tx:
        logged = await audit_of(tx, (await w.row()).council_id)
    assert ("see", w.code) in [(one.action, one.object) for one in logged]
    async with w.browser("reader") as client:
        assert f'href="/staff/drafts/{w.code}"' in (await client.get(f"/staff/c/{w.code}")).text


async def test_a_draft_that_was_opened_meanwhile_gets_no_language(w: World) -> None:
    """Nothing that citizens read changes under them."""
    async with w.browser("organizer") as client:
        await kept(client, await looked_at(client, FRENCH))
        shown = await looked_at(client, ARABIC, "ar", "OZT-TEXT")
        async with w.app.storage.transaction() as tx:
            row = await w.app.register.by_code(tx, "OZT-TEXT")
            assert row is not None
            await definitions.open_consultation(tx, row, "amal")
        answer = await kept(client, shown)
        assert answer.status_code == 422
        assert "was opened or taken away" in answer.text
    made = await definition(w, "OZT-TEXT")
    assert made is not None
    assert set(made["articles"][0]["text"]) == {"fr"}


async def test_another_councils_draft_is_not_there(w: World) -> None:
    """And the attempt is noted."""
    async with w.app.storage.transaction() as tx:
        other = msgspec.structs.replace(w.app.register.default, code="other", example=False)
        body = msgspec.json.encode(other).decode()
        await tx.run("save_council", id=new_id(), code="other", body=body, at=now_ms())
        w.app.register._councils = councils_in(await stored_councils(tx))
    async with w.browser("reader") as client:
        await client.post(await link_for(w.app, "other", "salma", "reader"))
        assert (await client.get(f"/staff/drafts/{w.code}")).status_code == 404
        assert w.code not in (await client.get("/staff/drafts")).text


# --------------------------------------------------------------------------- the council's reply


async def replied(client: httpx.AsyncClient, code: str, **typed: str) -> httpx.Response:
    """Send the council's reply to an article."""
    sent = {"action": "reply", "article": "notice", "outcome": "partly", "why.fr": "La loi le dit."}
    return await client.post(f"/staff/drafts/{code}/do?lang=en", data=sent | typed)


async def test_the_council_replies_to_an_article_and_shows_the_next_version(w: World) -> None:
    """Word by word beside the one that was commented, in the direction of its language; and said anew."""
    async with w.browser("organizer") as client:
        answer = await replied(client, w.code, **{"next.ar": "يعلن المجلس عن كل استشارة قبل شهر."})
        assert answer.status_code == 303
        page = (await client.get(f"/staff/drafts/{w.code}?lang=en&done=notice")).text
        assert "The reply is kept." in page
        assert "taken up in part" in page
        assert '<td class="typed" lang="ar" dir="rtl">' in page
        assert "<ins>شهر.</ins>" in page
        await replied(client, w.code, outcome="taken")
        page = (await client.get(f"/staff/drafts/{w.code}?lang=en")).text
        assert "<strong>taken up</strong>" in page
        assert "<ins>" not in page
    async with w.app.storage.reading() as tx:
        logged = await audit_of(tx, (await w.row()).council_id)
    assert ("reply", w.code) in [(one.action, one.object) for one in logged]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"outcome": ""}, "Choose what became of it"),
        ({"why.fr": " "}, "Write why in at least one language"),
        ({"why.fr": "x" * 601}, "600 characters at most"),
        ({"next.fr": "x" * 8001}, "8,000 characters at most"),
        ({"article": "gone"}, "not in the draft"),
    ],
)
async def test_a_reply_has_an_outcome_a_reason_and_an_article(
    w: World, typed: dict[str, str], said: str
) -> None:
    """What was typed stands there still."""
    async with w.browser("organizer") as client:
        answer = await replied(client, w.code, **typed)
        assert answer.status_code == 422
        assert said in answer.text
        longest = {"why.fr": "x" * 600, "next.fr": "x" * 8000}
        assert (await replied(client, w.code, **longest)).status_code == 303


async def test_who_may_not_publish_replies_to_nothing(w: World) -> None:
    """And a draft that nobody has met has nothing to be replied to."""
    async with w.browser("clerk") as client:
        assert (await replied(client, w.code)).status_code == 403
    async with w.browser("organizer") as client:
        await kept(client, await looked_at(client, FRENCH))
        answer = await replied(client, "OZT-TEXT", article="a1")
        assert "is not open yet" in answer.text
        assert (await replied(client, "OZT-LIGHT")).status_code == 404


async def test_everybody_who_took_part_is_told_once_it_is_closed(w: World) -> None:
    """By the house's way: a message that is looked at first; the reasons stand on the public page."""
    (amina,) = await w.crowd(1)
    async with w.browser("organizer") as client:
        await replied(
            client,
            w.code,
            outcome="taken",
            **{"why.en": "You are right.", "next.en": "Thirty days."},
        )
        tell = {"action": "tell", "once": "77"}
        early = await client.post(f"/staff/drafts/{w.code}/do?lang=en", data=tell)
        assert early.status_code == 422
        assert "after the closing" in early.text.lower()
        await w.closed()
        answer = await client.post(f"/staff/drafts/{w.code}/do", data=tell)
        assert answer.headers["location"].startswith("/staff/broadcasts/")
        id = int(answer.headers["location"].rpartition("/")[2])
        again = await client.post(f"/staff/drafts/{w.code}/do", data=tell)
        assert again.headers["location"] == "/staff/broadcasts"
        public = (await client.get(f"/results/{w.code}?lang=en")).text
        assert "You are right." in public
        assert "taken up" in public
    assert await amina.hears() == ""
    async with w.app.storage.transaction() as tx:
        assert await broadcasts.start(tx, id)
    w.clock.shift(3600)
    await pushed(w.app)
    said = await amina.hears()
    assert "✅ Taken up:" in said
    assert "• Article 1" in said
    assert f"/results/{w.code}" in said
    # And about their own articles, with why and the next version.
    own = await amina.says(w.code)
    assert "Your opinion: I am against it\n✅ The council took it up.\nYou are right." in own
    assert "It reads now:\nThirty days." in own
    other = await w.known("somebody else")
    other.at = now_ms()
    assert "is closed" in await other.says(w.code)
