"""What came of a meeting: written and looked at by staff, then public and told once to who was there."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.kinds.meeting import outcomes
from flows.dialog.definition import LONGEST_TITLE
from flows.kinds.meeting.outcome import LONGEST_MINUTES, LONGEST_OUTCOME, Outcome
from tests.bot.kinds.meeting.places import CODE, HOUR, MORNING, Workshop, digest_in, workshop
from tests.bot.kinds.meeting.test_desk import browser
from tests.citizen import plain

PAGE = f"/staff/meetings/{CODE}/outcome"

#: Staff sign in as it begins.
STARTS = MORNING + 4 * HOUR
AFTER = STARTS + HOUR // 2

TODAY: dict[str, Any] = {
    "starts": "2026-11-21T14:00:00",
    "ends": "2026-11-21T14:20:00",
    "items": [
        {"key": "needs", "text": {"en": "What the quarters need", "fr": "Les besoins"}},
        {"key": "closing", "text": {"en": "Closing", "fr": "Fin"}},
    ],
}

WRITTEN = {
    "action": "keep",
    "sort.needs": "recommendation",
    "text.needs.en": "A lamp at the fountain",
    "text.needs.fr": "Une lampe à la fontaine",
    "sort.closing": "decision",
    "text.closing.en": "We meet again in May",
    "minutes.en": "Forty people spoke.",
}


@asynccontextmanager
async def over(
    folder: Path, role: str, at: int = AFTER
) -> AsyncIterator[tuple[Workshop, httpx.AsyncClient]]:
    """That meeting at a moment, and a member of staff before its pages."""
    async with workshop(folder, **TODAY) as w:
        w.move_to(at)
        async with browser(w, role) as client:
            yield w, client


async def pressed(client: httpx.AsyncClient, **form: str) -> httpx.Response:
    return await client.post(f"{PAGE}/do?lang=en", data=form)


async def kept(w: Workshop) -> Outcome:
    """What everybody may read of it now."""
    async with w.app.storage.reading() as tx:
        outcome, public = await outcomes.outcome_of(tx, (await w.row()).id)
    assert public
    return outcome


async def test_what_came_of_it_is_looked_at_then_public_and_told_once_to_who_was_there(
    tmp_path: Path, url: str
) -> None:
    async with workshop(tmp_path, url, **TODAY) as w, AsyncExitStack() as later:
        amina, brahim = await w.known("amina"), await w.known("brahim")
        said = await w.signs_up(amina)
        await w.signs_up(brahim)
        code = re.findall(r"\d{5}", said)[-1]
        w.move_to(STARTS)
        client = await later.enter_async_context(browser(w, "organizer"))
        door = f"/staff/meetings/{CODE}/do"
        assert (await client.post(door, data={"action": "codes", "codes": code})).status_code == 303
        w.move_to(AFTER)
        assert (await pressed(client, **WRITTEN)).status_code == 303
        page = (await client.get(f"{PAGE}?lang=en")).text
        look = plain(page)
        assert "and will be told by day: 1." in look
        assert "Recommendation: A lamp at the fountain" in look
        # Nothing is told before that, in the chat or to the public.
        await w.look()
        assert await amina.hears() == ""
        assert "A lamp" not in (await client.get("/c/example?lang=en")).text
        # What was looked at is what is told.
        await pressed(client, **{**WRITTEN, "text.needs.en": "Two lamps at the fountain"})
        answer = await pressed(client, action="tell", digest=digest_in(page))
        assert answer.status_code == 422
        assert "the text has changed since you looked" in answer.text
        page = (await client.get(f"{PAGE}?lang=en")).text
        assert (await pressed(client, action="tell", digest=digest_in(page))).status_code == 303
        await w.look()
        heard = await amina.hears()
        assert "this is what came of it" in heard
        assert "Recommendation: Two lamps at the fountain" in heard
        assert "Decision: We meet again in May" in heard
        assert "Forty people spoke." in heard
        assert await brahim.hears() == ""
        await w.look()
        assert await amina.hears() == ""
        # Who was not there reads it where they ask.
        brahim.at = AFTER
        assert "Two lamps at the fountain" in await brahim.starts(CODE)


async def test_it_stands_on_the_public_page(tmp_path: Path) -> None:
    async with over(tmp_path, "organizer") as (w, client):
        await pressed(client, **WRITTEN)
        page = (await client.get(f"{PAGE}?lang=en")).text
        await pressed(client, action="tell", digest=digest_in(page))
        public = plain((await client.get("/c/example?lang=fr")).text)
        assert "Recommandation : Une lampe à la fontaine" in public
        # One press does not empty it; a correction is kept, and before it is public all may go.
        answer = await pressed(client, **dict.fromkeys(WRITTEN, ""))
        assert answer.status_code == 422
        assert "people have read this" in answer.text
        assert (await kept(w)).items["needs"].texts["fr"] == "Une lampe à la fontaine"
        await pressed(client, **{**WRITTEN, "text.needs.fr": "Deux lampes"})
        assert (await kept(w)).items["needs"].texts["fr"] == "Deux lampes"


async def test_what_is_not_public_yet_may_be_emptied(tmp_path: Path) -> None:
    async with over(tmp_path, "organizer") as (_, client):
        await pressed(client, **WRITTEN)
        assert (await pressed(client, **dict.fromkeys(WRITTEN, ""))).status_code == 303
        assert "A lamp" not in (await client.get(f"{PAGE}?lang=en")).text


async def test_a_recommendation_becomes_a_commitment_by_one_press(tmp_path: Path) -> None:
    async with over(tmp_path, "organizer") as (_, client):
        await pressed(client, **WRITTEN)
        page = (await client.get(f"{PAGE}?lang=en")).text
        (link,) = re.findall(r'href="(/staff/new\?[^"]+)"', page)
        form = (await client.get(link.replace("&amp;", "&"))).text
        assert 'value="A lamp at the fountain"' in form or ">\nA lamp at the fountain<" in form
        assert re.search(r'<option value="recommendation"[^>]* selected', form)
        assert CODE in form


@pytest.mark.parametrize("length", [LONGEST_TITLE, LONGEST_TITLE + 1, LONGEST_OUTCOME])
async def test_a_long_recommendation_becomes_one_too(tmp_path: Path, length: int) -> None:
    """A title is short: what does not fit stands below it, and the form can be saved as it comes."""
    words = ("A lamp for the fountain. " * 30)[: length - 1] + "!"
    async with over(tmp_path, "organizer") as (_, client):
        await pressed(client, **{**WRITTEN, "text.needs.en": words})
        page = (await client.get(f"{PAGE}?lang=en")).text
        (link,) = re.findall(r'href="(/staff/new\?[^"]+)"', page)
        given = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
        assert len(given["title.en"][0]) <= LONGEST_TITLE
        assert (given.get("intro.en", given["title.en"])) == [words]
        assert ("intro.en" in given) is (length > LONGEST_TITLE)
        assert words in (await client.get(link.replace("&amp;", "&"))).text


@pytest.mark.parametrize(
    ("name", "most"), [("text.needs.en", LONGEST_OUTCOME), ("minutes.en", LONGEST_MINUTES)]
)
async def test_what_is_too_long_is_said_and_stays_in_the_form(
    tmp_path: Path, name: str, most: int
) -> None:
    async with over(tmp_path, "organizer") as (_, client):
        answer = await pressed(client, **{**WRITTEN, name: "x" * (most + 1)})
        assert answer.status_code == 422
        assert "600 characters at most for a point" in plain(answer.text)
        assert "x" * (most + 1) in answer.text
        assert (await pressed(client, **{**WRITTEN, name: "x" * most})).status_code == 303


async def test_before_it_has_begun_nothing_is_told_to_have_come_of_it(tmp_path: Path) -> None:
    """What is planned may be written down before."""
    async with over(tmp_path, "organizer", STARTS - 1) as (w, client):
        assert (await pressed(client, **WRITTEN)).status_code == 303
        digest = digest_in((await client.get(PAGE)).text)
        answer = await pressed(client, action="tell", digest=digest)
        assert "has not begun yet" in answer.text
        w.move_to(STARTS)
        assert (await pressed(client, action="tell", digest=digest)).status_code == 303


async def test_a_clerk_reads_it_and_does_not_write_it(tmp_path: Path) -> None:
    async with over(tmp_path, "clerk") as (_, client):
        assert (await client.get(PAGE)).status_code == 200
        assert (await pressed(client, **WRITTEN)).status_code == 403
