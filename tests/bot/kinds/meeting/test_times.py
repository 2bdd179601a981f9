"""Times that do not come as planned: two meetings at once, a clock that is changed, a button of before a move."""

import zoneinfo
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from icalendar import Calendar

from bot.app.commands.console import checker_of
from bot.consultations import definitions
from bot.core import localtime
from flows.kinds.meeting.definition import Meeting
from flows.wording import render
from storage.rows import StoredConsultation
from tests.bot.kinds.meeting.places import CODE, HOUR, STARTS, Workshop, workshop
from tests.bot.kinds.meeting.test_desk import browser
from tests.citizen import plain

OTHER = "OZT-EVENING"


async def another(w: Workshop, *, open: bool = True, **more: object) -> StoredConsultation:
    """A second meeting of the same council."""
    raw = msgspec.json.decode((await w.row()).definition)
    raw = {**raw, "code": OTHER, "title": {"en": "Evening of the quarters", "fr": "Soirée"}, **more}
    async with w.app.storage.transaction() as tx:
        council = w.app.register.council((await w.row()).council_id)
        head, problems = definitions.check({**raw, "items": []}, council)
        assert isinstance(head, Meeting), problems
        await definitions.add(tx, w.app.register, msgspec.to_builtins(head), head)
        row = await w.app.register.by_code(tx, OTHER)
        assert row is not None
        if open:
            await definitions.open_consultation(tx, row, "amal")
    return row


async def test_who_has_a_place_elsewhere_at_that_time_is_told_and_asked(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        await another(w, starts="2027-04-10T14:00:00", ends="2027-04-10T16:00:00")
        amina = await w.known("amina")
        await w.signs_up(amina)
        await amina.starts(OTHER)
        asked = await amina.says("[I will come]")
        assert "Workshop: what do our quarters lack?" in asked
        assert "at the same time" in asked
        assert CODE in asked
        await amina.says("[No, then I do not come]")
        await amina.starts(OTHER)
        assert any("I will come" in label for label in amina.labels)
        await amina.says("[I will come]")
        await amina.says("[I come all the same]")
        await amina.says("[No, nothing]")
        assert "You have a place" in await amina.says("[Send]")


async def test_a_meeting_right_after_another_is_no_clash(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        await another(w, starts="2027-04-10T15:00:00", ends="2027-04-10T16:00:00")
        amina = await w.known("amina")
        await w.signs_up(amina)
        await amina.starts(OTHER)
        assert "at the same time" not in await amina.says("[I will come]")


async def test_who_gave_the_other_place_back_is_not_asked(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        await another(w)
        amina = await w.known("amina")
        await w.signs_up(amina)
        await w.gives_back(amina)
        await amina.starts(OTHER)
        assert "at the same time" not in await amina.says("[I will come]")


async def test_the_organizer_is_told_of_another_meeting_at_that_time(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "organizer") as client:
        await another(w, open=False, starts="2027-04-10T14:00:00", ends="2027-04-10T16:00:00")
        page = plain((await client.get(f"/staff/c/{OTHER}?lang=en")).text)
        assert f"{CODE} is for the same people at the same time" in page
        # For others, or at another time, there is nothing to say.
        assert "same time" not in plain((await client.get("/staff/c/OZT-LIGHT?lang=en")).text)


async def test_a_clock_that_is_changed_between_leaves_the_wall_time_as_it_was_told(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads that the meeting was moved; the reminder comes two days before the new moment."""
    async with workshop(tmp_path, url) as w, browser(w, "") as client:
        amina = await w.known("amina")
        await w.signs_up(amina)
        await w.look()
        # New zone data: from now on clocks show an hour more.
        monkeypatch.setattr(localtime, "_ZONE", zoneinfo.ZoneInfo("Etc/GMT-1"))
        await w.look()
        assert await amina.hears() == ""
        begins = STARTS - HOUR
        await w.look(begins - 48 * HOUR - 1)
        assert await amina.hears() == ""
        await w.look(begins - 46 * HOUR)
        heard = plain(await amina.hears())
        assert "from 09:00 to 15:00" in heard
        (event,) = Calendar.from_ical((await client.get(f"/calendar/{CODE}.ics")).content).walk(
            "VEVENT"
        )
        assert event["dtstart"].dt == datetime.fromtimestamp(begins / 1000, UTC)


async def test_a_real_move_is_told_to_everybody_also_after_a_change_of_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workshop(tmp_path) as w:
        people = [await w.known(f"one {n}") for n in range(3)]
        for one in people:
            await w.signs_up(one)
        monkeypatch.setattr(localtime, "_ZONE", zoneinfo.ZoneInfo("Etc/GMT-1"))
        monkeypatch.setattr("bot.kinds.meeting.clock.AT_ONCE", 2)
        await w.changed(starts="2027-04-10T09:30:00")
        for _ in range(3):
            await w.look()
        for one in people:
            assert (await one.hears()).count("The meeting has changed") == 1


async def test_a_button_of_before_a_move_says_when_it_is_now(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        amina = await w.known("amina")
        await amina.starts(CODE)
        await w.changed(
            starts="2027-04-17T09:00:00", ends="2027-04-17T15:00:00", closes="2027-04-24T00:00:00"
        )
        await amina.says("[I will come]")
        await amina.says("[No, nothing]")
        said = plain(await amina.says("[Send]"))
        assert "You have a place" in said
        assert "The meeting has changed" in said
        assert "17 April 2027" in said
        # That was the telling: none follows.
        await w.look()
        assert await amina.hears() == ""


@pytest.mark.parametrize(
    ("here", "there", "told"),
    [
        ({}, {}, True),
        ({}, {"genders": ["man"]}, True),
        ({"genders": ["woman"]}, {"genders": ["woman"]}, True),
        ({"genders": ["woman"]}, {"genders": ["man"]}, False),
    ],
)
async def test_two_meetings_at_once_are_named_where_the_same_people_may_be_asked(
    tmp_path: Path, here: dict[str, Any], there: dict[str, Any], told: bool
) -> None:
    async with workshop(tmp_path, outreach={"audience": here}) as w:
        at_once = {"starts": "2027-04-10T14:00:00", "ends": "2027-04-10T16:00:00"}
        row = await another(w, open=False, **at_once, outreach={"audience": there})
        async with w.app.storage.reading() as tx:
            found, _ = await checker_of(w.app).of_consultation(tx, row)
        said = [plain(render(one.text, "en")) for one in found]
        assert any("at the same time" in one for one in said) is told
