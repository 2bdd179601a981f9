"""A place is its author's words too: masked for who reads without names, hidden with the need, not found.

What staff see of a need that was taken back, or whose author is erased.
"""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import time_machine

from bot.core.localtime import now_ms
from bot.results import requests
from bot.staff import accounts, open_answers
from storage.rows.downloads import Download
from tests.bot.kinds.worlds import World, world
from tests.citizen import NOON, Citizen

PLACE = "chez Fatima 0612345678"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("need", tmp_path, clock) as found:
        amina = await found.known("amina")
        await amina.starts(found.code)
        for said in ("water", PLACE, "No water since Monday", "[Send]"):
            await amina.says(said)
        yield found


async def hidden(w: World) -> None:
    async with w.app.storage.transaction() as tx:
        (question,) = await open_answers.questions_of(tx, w.app.vault, await w.row())
        await open_answers.hide(tx, [question], question.answers[0].token, "insult", "amal")


async def pages(client: httpx.AsyncClient) -> str:
    """Every page on which the need stands."""
    paths = ("/staff", "/staff/needs?state=all", "/staff/needs/OZT-2026-000001")
    return "\n".join([(await client.get(path)).text for path in paths])


async def taken(w: World, format: str) -> str:
    """The needs as a file without names."""
    row = await w.row()
    async with w.app.storage.transaction() as tx:
        member = await accounts.known(tx, row.council_id, "rim")
        filters = {
            "values": {
                "state": "all", "theme": "", "commune": "", "nature": "", "assignee": 0, "sought": "",
                "unseen": 1, "reference": "", "before": 0, "said": 0, "overdue": 0, "unread": 0,
                "today": "2026-11-21",
            }
        }  # fmt: skip
        id = await requests.ask(
            tx, row.council_id, member.id, "needs", "", format, "fr", filters=filters,
            identities=False,
        )  # fmt: skip
    assert await w.app.maker.make_next()
    async with w.app.storage.reading() as tx:
        download = await tx.row(Download, id=id)
    assert download is not None
    assert download.state == "done"
    return (w.app.media.downloads / str(download.file)).read_text("utf-8-sig")


async def test_a_reader_sees_a_place_without_numbers_and_a_clerk_all_of_it(w: World) -> None:
    async with w.browser("reader") as client:
        seen = await pages(client)
    assert "chez Fatima" in seen
    assert "0612345678" not in seen
    async with w.browser("clerk") as client:
        assert PLACE in await pages(client)
    for format in ("csv", "json"):
        assert "0612345678" not in await taken(w, format)


async def test_a_place_is_hidden_with_the_need(w: World) -> None:
    await hidden(w)
    async with w.browser("reader") as client:
        assert "Fatima" not in await pages(client)
        assert "Fatima" not in (await client.get(f"/staff/c/{w.code}/results")).text
    for format in ("csv", "json"):
        assert "Fatima" not in await taken(w, format)
    async with w.browser("clerk") as client:
        assert PLACE in await pages(client)


@pytest.mark.parametrize(("role", "found"), [("reader", False), ("clerk", True)])
async def test_what_is_hidden_is_not_found_by_its_words(w: World, role: str, found: bool) -> None:
    """Its reference still finds it."""
    async with w.browser(role) as client:
        for wanted in ("Monday", "Fatima"):
            page = await client.get(f"/staff/needs?state=all&search={wanted}")
            assert "OZT-2026-000001" in page.text
    await hidden(w)
    async with w.browser(role) as client:
        for wanted in ("Monday", "Fatima"):
            page = await client.get(f"/staff/needs?state=all&search={wanted}")
            assert ("OZT-2026-000001" in page.text) == found
        page = await client.get("/staff/needs?state=all&search=000001")
        assert "OZT-2026-000001" in page.text


async def test_a_need_that_was_taken_back_gets_no_receipt_and_the_reason_is_said(
    w: World,
) -> None:
    amina = Citizen(w.app, "amina", at=now_ms())
    await amina.says("OZT-2026-000001")
    await amina.says("[Take it back]")
    await amina.says("[Take it back]")
    async with w.browser("clerk") as client:
        page = await client.get("/staff/needs/OZT-2026-000001?lang=en")
        assert 'value="receipt"' not in page.text
        answer = await client.post(
            "/staff/needs/OZT-2026-000001/do?lang=en", data={"action": "receipt", "once": "1"}
        )
    assert answer.status_code == 409
    assert "taken back" in answer.text


async def test_the_desk_says_that_words_were_erased(w: World) -> None:
    """It said "voice note or photo" of words that are no more."""
    amina = Citizen(w.app, "amina", at=now_ms())
    for said in ("my data", "[Erase my data]", "[Erase my data]"):
        await amina.says(said)
    async with w.browser("clerk") as client:
        page = await client.get("/staff/needs?lang=en&state=all")
        (reference,) = re.findall(r'href="/staff/needs/(ERASED-\w+)"', page.text)
        one = await client.get(f"/staff/needs/{reference}?lang=en")
    for told in (page.text, one.text):
        assert told.count("words erased, as the author asked") == 1
        assert "voice note or photo" not in told
