"""A programme from its first axis to its evaluation, as an organizer and the people of a commune go through it."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import time_machine

from bot.consultations import definitions
from storage.rows.consultations import ConsultationByCode
from tests.bot.kinds.openness.begun import CODE, WHERE, begin, council, does, kept, stopped
from tests.bot.kinds.openness.test_projects import CARD, DO, VOTED
from tests.bot.kinds.openness.test_public import PAGE, data, seen
from tests.bot.kinds.openness.test_solutions import IN_ITS_DAYS
from tests.bot.kinds.worlds import World
from tests.citizen import plain

#: Within the days of the draft, and of the evaluation; the first minute after these.
DRAFTED = datetime(2027, 3, 20, 12, tzinfo=UTC)
RATED = datetime(2029, 5, 5, 12, tzinfo=UTC)
RATED_OUT = datetime(2029, 5, 17, 0, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with council(tmp_path, clock) as found:
        yield found


async def asked(w: World, part: str, code: str, at: datetime) -> dict[str, Any]:
    """Make the consultation of a step and open it in its days. Returns its definition."""
    w.clock.move_to(at)
    async with w.browser() as client:
        await does(client, w, "/do", action="ask", part=part)
    async with w.app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        await definitions.open_consultation(tx, row)
    found: dict[str, Any] = msgspec.json.decode(row.definition)
    return found


async def ended(w: World, at: datetime) -> None:
    w.clock.move_to(at)
    async with w.app.storage.transaction() as tx:
        await definitions.close_due(tx, int(at.timestamp() * 1000))


async def says(w: World, name: str, code: str, *replies: str) -> str:
    citizen = await w.known(name)
    said = await citizen.starts(code)
    for reply in replies:
        said = await citizen.says(reply)
    return said


async def test_from_the_first_axis_to_the_evaluation(w: World) -> None:
    async with w.browser() as client:
        await begin(client)
        await does(client, w, "/axes/do", action="axis", title__fr="Eau", title__ar="الماء")
        cuts = {"title__fr": "Coupures", "title__ar": "انقطاع الماء"}
        await does(client, w, "/axes/do", action="problem", axis="a1", **cuts)
        await does(client, w, "/do", action="show")
    # A week of solutions.
    await asked(w, "solutions", f"{CODE}-IDEAS", IN_ITS_DAYS)
    for number in range(5):
        replies = (f"Une citerne {number}", "skip", "[Send]")
        assert "Reference" in await says(w, f"person {number}", f"{CODE}-IDEAS", *replies)
    await ended(w, IN_ITS_DAYS + timedelta(days=7))
    # The committee's projects, and three weeks of opinions.
    async with w.browser() as client:
        await does(client, w, DO, **CARD)
        await does(client, w, DO, **{**CARD, "title__fr": "Puits", "title__ar": "آبار"})
    draft = await asked(w, "draft", f"{CODE}-DRAFT", DRAFTED)
    assert [one["title"]["fr"] for one in draft["articles"]] == ["Citernes", "Puits"]
    against = ("[I am against it]", "Trop cher", "[I agree]", "skip", "[Send]")
    assert "Reference" in await says(w, "amina", f"{CODE}-DRAFT", *against)
    await ended(w, DRAFTED + timedelta(days=20))
    # The council votes, and promises what it approved.
    w.clock.move_to(VOTED)
    async with w.browser() as client:
        yes = {"approved__j3": "on", "approved__j4": "on"}
        page = await does(client, w, "/do", 422, action="ask", part="evaluation")
        assert "nothing to ask about yet" in page
        await does(client, w, DO, action="decide", day="2027-05-03", **yes)
        await does(client, w, DO, action="promise")
        page = (await client.get(f"{WHERE}/projects?lang=ar")).text
        assert "فتح التزامين" in page
        digest = re.findall(r'name="digest" value="([^"]+)"', page)[0]
        await does(client, w, DO, action="open", digest=digest)
        where = f"/staff/commitments/{CODE}-P1/do"
        assert (await client.post(where, data={"state": "done"})).status_code == 303
    # Two years later the people say how they find it.
    rated = await asked(w, "evaluation", f"{CODE}-RATE", RATED)
    assert (rated["opens"], rated["closes"]) == ("2029-05-03T00:00:00", "2029-05-17T00:00:00")
    assert [one["key"] for one in rated["questions"]] == ["which", "j3", "j4", "besides"]
    for number in range(5):
        replies = ("1, 2", "5", "2", "skip", "[Send]")
        assert "Reference" in await says(w, f"voter {number}", f"{CODE}-RATE", *replies)
    await ended(w, RATED_OUT)
    # All of it can be followed by everybody.
    for language, words in (
        ("fr", ("Eau", "Coupures", "Citernes", "Fait")),
        ("ar", ("الماء", "انقطاع الماء", "خزانات الماء", "أُنجز")),
    ):
        page = plain((await seen(w, f"{PAGE}?lang={language}")).text)
        assert [word for word in words if word not in page] == []
    found = await data(w)
    people = {one["step"]: one["people"]["value"] for one in found["consultations"]}
    assert people == {"solutions": 5, "draft": None, "evaluation": 5}
    states = [one["state"] for one in found["axes"][0]["projects"]]
    assert states == ["done", "late"]
    assert found["step"] == "evaluation"
    assert (await kept(w)).programme.made == 4
