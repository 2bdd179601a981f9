"""What a meeting tells by itself: reminders, another time, that it will not be; never at night, never twice."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels.port import Envelope
from bot.consultations import definitions
from bot.kinds import telling
from bot.kinds.meeting import clock
from bot.kinds.meeting.reminding import EVENING_MS
from bot.outbox.outgoing import row_of
from bot.outreach import held
from flows.kinds.meeting.results import Seats
from storage.database import Unavailable
from tests.bot.consultations.test_whole_life import tick
from tests.bot.kinds.meeting.places import CODE, HOUR, MORNING, STARTS, workshop
from tests.citizen import NOON, plain


@pytest.mark.parametrize("hours", [48, 2])
async def test_who_has_a_place_is_reminded_once_two_days_and_two_hours_before(
    tmp_path: Path, url: str, hours: int
) -> None:
    # 14:00, so that both fall into the day.
    starts = int(datetime(2026, 12, 5, 14, tzinfo=UTC).timestamp() * 1000)
    times = {"starts": "2026-12-05T14:00:00", "ends": "2026-12-05T16:00:00", "items": []}
    async with workshop(tmp_path, url, seats=1, **times) as w:
        amina, brahim = await w.known("amina"), await w.known("brahim")
        said = await w.signs_up(amina)
        await w.signs_up(brahim)
        if hours == 2:
            await w.look(starts - 48 * HOUR)
            await amina.hears()
        await w.look(starts - hours * HOUR - 1)
        assert await amina.hears() == ""
        await w.look(starts - hours * HOUR)
        heard = await amina.hears()
        assert "You said that you will come" in heard
        # What goes to WhatsApp a day after somebody last wrote.
        assert amina.heard[-1].template == "tachawor_notice"
        assert "Sat, 5 December 2026" in heard.replace("Sat ", "Sat, ")
        assert plain(said).rpartition("door: ")[2][:5] in heard
        assert f"write: {CODE}" in heard
        await w.look(starts - hours * HOUR + 1)
        assert await amina.hears() == ""
        # Who only waits has nothing to be reminded of.
        assert await brahim.hears() == ""


async def test_who_wrote_today_is_reminded_in_plain_words_and_not_by_a_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WhatsApp lets us write freely for a day after somebody wrote; a template costs the council money."""
    starts = int(datetime(2026, 12, 5, 14, tzinfo=UTC).timestamp() * 1000)
    times = {"starts": "2026-12-05T14:00:00", "ends": "2026-12-05T16:00:00", "items": []}
    async with workshop(tmp_path, **times) as w:
        amina = await w.known("amina")
        await w.signs_up(amina, starts - 50 * HOUR)
        sent: list[Envelope] = []

        def queued(channel: str, envelope: Envelope, *given: Any, **more: Any) -> Any:
            sent.append(envelope)
            return row_of(channel, envelope, *given, **more)

        monkeypatch.setattr(telling, "row_of", queued)
        await w.look(starts - 48 * HOUR)
        assert [one.last_in_at for one in sent] == [amina.at]


async def test_who_signs_up_an_hour_before_is_reminded_of_nothing_they_just_said(
    tmp_path: Path,
) -> None:
    times = {"starts": "2026-11-21T11:00:00", "ends": "2026-11-21T16:00:00", "items": []}
    async with workshop(tmp_path, **times) as w:
        amina = await w.known("amina", at=MORNING)
        await w.signs_up(amina)
        await w.look(MORNING + 60_000)
        assert await amina.hears() == ""


async def test_a_reminder_that_was_missed_is_not_made_up_for(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        amina = await w.known("amina")
        await w.signs_up(amina)
        await w.look(STARTS)
        assert await amina.hears() == ""


async def test_at_night_nobody_is_reminded(tmp_path: Path) -> None:
    times = {"starts": "2026-12-05T06:00:00", "ends": "2026-12-05T16:00:00", "items": []}
    starts = int(datetime(2026, 12, 5, 6, tzinfo=UTC).timestamp() * 1000)
    async with workshop(tmp_path, **times) as w:
        amina = await w.known("amina")
        await w.signs_up(amina)
        await w.look(starts - 48 * HOUR)
        assert await amina.hears() == ""
        await w.look(starts - 44 * HOUR)
        assert "You said that you will come" in await amina.hears()
        await w.look(starts - 2 * HOUR)
        assert await amina.hears() == ""


#: 2 December, 21:00 in Morocco: what begins on the 3rd at nine is reminded of from two hours before that.
NIGHT = int(datetime(2026, 12, 2, 21, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize("hour", [9, 10])
async def test_what_begins_when_the_night_ends_is_reminded_of_the_evening_before(
    tmp_path: Path, hour: int
) -> None:
    """A workshop at nine had no second reminder: two hours before it nobody is written to."""
    times = {"starts": f"2026-12-03T{hour:02}:00:00", "ends": "2026-12-03T15:00:00", "items": []}
    starts = NIGHT + (3 + hour) * HOUR
    async with workshop(tmp_path, **times) as w:
        amina, brahim = await w.known("amina"), await w.known("brahim")
        await w.signs_up(amina)
        await w.look(starts - 48 * HOUR)
        await w.look(starts - 47 * HOUR)
        assert "You said that you will come" in await amina.hears()
        await w.look(NIGHT - EVENING_MS - 1)
        assert await amina.hears() == ""
        await w.look(NIGHT - EVENING_MS)
        heard = await amina.hears()
        assert ("You said that you will come" in heard) is (hour == 9)
        # Who signs up after that is reminded of nothing they just said.
        await w.signs_up(brahim, NIGHT - HOUR)
        await w.look(NIGHT - HOUR)
        assert await brahim.hears() == ""
        await w.look(starts - 1)
        heard = await amina.hears()
        assert ("You said that you will come" in heard) is (hour == 10)


async def test_another_time_is_told_once_to_who_comes_and_who_waits(
    tmp_path: Path, url: str
) -> None:
    async with workshop(tmp_path, url, seats=1) as w:
        amina, brahim, chadi = [await w.known(name) for name in ("amina", "brahim", "chadi")]
        for one in (amina, brahim, chadi):
            await w.signs_up(one)
        await w.gives_back(chadi)
        await w.changed(
            starts="2027-04-17T09:00:00", ends="2027-04-17T15:00:00", closes="2027-04-24T00:00:00"
        )
        await w.look()
        for one in (amina, brahim):
            heard = await one.hears()
            assert "The meeting has changed" in heard
            assert "17 April 2027" in heard
            # Only who has a place reads that it stays theirs.
            assert ("Your place stays yours" in heard) is (one is amina)
            assert ("You still wait for a place" in heard) is (one is brahim)
        assert await chadi.hears() == ""
        await w.look()
        assert await amina.hears() == ""
        assert "free for somebody else" in await w.gives_back(amina)


@pytest.mark.parametrize(
    "more",
    [
        {"place": {"en": "The school", "ar": "المدرسة", "fr": "L’école"}},
        {"pin": "30.9, -6.9"},
        {"ends": "2027-04-10T16:00:00"},
    ],
)
async def test_another_place_or_end_is_told_once_and_everybody_is_asked_again(
    tmp_path: Path, url: str, more: dict[str, Any]
) -> None:
    async with workshop(tmp_path, url, seats=2) as w:
        amina, brahim, chadi = [await w.known(name) for name in ("amina", "brahim", "chadi")]
        for one in (amina, brahim, chadi):
            await w.signs_up(one)
        await w.look()
        assert await amina.hears() == ""
        await w.changed(**more)
        await w.look()
        heard = await amina.hears()
        assert "The meeting has changed" in heard
        assert "Do you still come?" in heard
        assert ("Place: The school" in heard) is ("place" in more)
        assert "still wait for a place" in await chadi.hears()
        assert "Do you still come?" in await brahim.hears()
        assert (await w.places()).unsure == 2
        await w.look()
        assert await amina.hears() == ""
        # One comes all the same; the other does not, and the place is the next one's.
        await amina.says(CODE)
        assert "Show this number" in await amina.says("[Yes, I will come]")
        await brahim.says(CODE)
        await brahim.says("[I cannot come]")
        await brahim.says("[I cannot come]")
        assert await w.places() == Seats(had=1, waiting=1)
        # Who knows it already is asked once.
        assert "What would you like to do?" in await amina.says(CODE)


async def test_who_signs_up_after_a_change_is_told_nothing_of_it(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        amina, brahim = await w.known("amina"), await w.known("brahim")
        await w.signs_up(amina)
        await w.changed(place={"en": "The school"})
        await w.signs_up(brahim)
        await w.look()
        assert "The school" in await amina.hears()
        assert await brahim.hears() == ""


async def test_a_place_written_in_one_more_language_is_no_change(tmp_path: Path) -> None:
    async with workshop(tmp_path, place={"en": "The school"}) as w:
        amina = await w.known("amina")
        await w.signs_up(amina)
        await w.changed(place={"en": "The school", "fr": "L’école"}, seats=50)
        await w.look()
        assert await amina.hears() == ""


async def test_who_signed_up_before_places_were_written_down_is_told_from_the_next_change_on(
    tmp_path: Path,
) -> None:
    async with workshop(tmp_path) as w:
        amina = await w.known("amina")
        await w.signs_up(amina)
        async with w.app.storage.transaction() as tx:
            await tx.run("note_told", consultation_id=(await w.row()).id, told="", moves=0)
        await w.look()
        assert await amina.hears() == ""
        await w.changed(place={"en": "The school"})
        await w.look()
        assert "The school" in await amina.hears()


async def test_who_has_not_taken_the_place_that_is_free_reads_that_after_another_time(
    tmp_path: Path,
) -> None:
    async with workshop(tmp_path, seats=1) as w:
        amina, brahim = [await w.known(name) for name in ("amina", "brahim")]
        for one in (amina, brahim):
            await w.signs_up(one)
        await w.gives_back(amina)
        await w.look()
        assert "free" in await brahim.hears()
        await w.changed(
            starts="2027-04-17T09:00:00", ends="2027-04-17T15:00:00", closes="2027-04-24T00:00:00"
        )
        await w.look()
        heard = await brahim.hears()
        assert "stays yours" not in heard
        assert "that is free for you waits" in heard


async def test_a_reminder_is_of_the_new_time(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        amina = await w.known("amina")
        await w.signs_up(amina)
        await w.look(STARTS - 47 * HOUR)
        assert "You said" in await amina.hears()
        await w.changed(
            starts="2027-04-17T09:00:00", ends="2027-04-17T15:00:00", closes="2027-04-24T00:00:00"
        )
        await w.look()
        await amina.hears()
        await w.look(STARTS + (7 * 24 - 47) * HOUR)
        assert "17 April 2027" in await amina.hears()


async def test_who_counted_on_a_meeting_that_will_not_be_is_told_once(
    tmp_path: Path, url: str
) -> None:
    async with workshop(tmp_path, url, seats=1) as w:
        amina, brahim = await w.known("amina"), await w.known("brahim")
        for one in (amina, brahim):
            await w.signs_up(one)
        await w.closed()
        await w.look()
        for one in (amina, brahim):
            assert "This meeting will not take place" in await one.hears()
        await w.look()
        assert await amina.hears() == ""
        # Nothing came of it: nobody is thanked, and no result is told.
        assert await tick(w.app) == []
        assert await amina.hears() == ""
        said = await amina.says(CODE)
        assert "will not take place" in said
        assert "Thank you" not in said


async def test_what_was_called_off_and_is_open_again_gives_everybody_their_place(
    tmp_path: Path, url: str
) -> None:
    """They were told that it will not be: all places were gone, while they read that their answer still counts."""
    async with workshop(tmp_path, url, seats=2) as w:
        amina, brahim, driss, hind = [
            await w.known(name) for name in ("amina", "brahim", "driss", "hind")
        ]
        for one in (amina, brahim, driss):
            await w.signs_up(one)
        await w.gives_back(brahim)
        await w.signs_up(hind)
        await w.look()
        assert "place" in await driss.hears()
        await w.closed()
        await w.look()
        for one in (amina, driss, hind):
            assert "will not take place" in await one.hears()
        await brahim.hears()
        async with w.app.storage.transaction() as tx:
            await definitions.open_consultation(tx, await w.row(), "amal")
        assert await tick(w.app) == []
        await w.look()
        await w.look()
        said = await amina.hears()
        assert "will take place after all" in said
        assert "10 April 2027" in said
        code = re.search(r"door: \D*(\d{5})", said)
        assert code is not None
        # The place that was kept for somebody is kept once more, for who has waited longest.
        said = await driss.hears()
        assert "will take place after all" in said
        assert "free" in said
        assert "still wait for a place" in await hind.hears()
        assert await brahim.hears() == ""
        assert "still counts" not in "".join(m.text for m in (*amina.heard, *brahim.heard))
        assert (await w.places()).had == 1
        assert code[1] in await amina.says(CODE)


async def test_fewer_places_than_before_it_was_called_off(tmp_path: Path) -> None:
    """Who signed up first has one of them, the others wait."""
    async with workshop(tmp_path, seats=2) as w:
        amina, brahim = await w.known("amina"), await w.known("brahim")
        await w.signs_up(amina, NOON)
        await w.signs_up(brahim, NOON + HOUR)
        await w.closed()
        await w.look()
        for one in (amina, brahim):
            await one.hears()
        await w.changed(seats=1)
        async with w.app.storage.transaction() as tx:
            await definitions.open_consultation(tx, await w.row(), "amal")
        await w.look()
        assert "You have your place again" in await amina.hears()
        assert "still wait for a place" in await brahim.hears()
        assert (await w.places()).had == 1


async def test_a_meeting_that_was_held_is_not_called_off(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        amina = await w.known("amina")
        await w.signs_up(amina)
        w.move_to(STARTS)
        await w.closed()
        await w.look()
        assert "will not take place" not in await amina.hears()


async def test_so_many_are_told_in_one_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hall of five thousand is told in the course of some minutes, between other messages."""
    monkeypatch.setattr(clock, "AT_ONCE", 2)
    async with workshop(tmp_path) as w:
        people = [await w.known(f"person {number}") for number in range(3)]
        for one in people:
            await w.signs_up(one)
        await w.look(STARTS - 47 * HOUR)
        assert ["You said" in await one.hears() for one in people] == [True, True, False]
        await w.look()
        assert ["You said" in await one.hears() for one in people] == [False, False, True]


async def test_a_meeting_that_cannot_be_seen_to_keeps_no_other_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with workshop(tmp_path) as w:
        await w.signs_up(await w.known("amina"))

        async def broken(*_: object) -> bool:
            raise ValueError("nothing of use")

        monkeypatch.setattr(clock, "_waits", broken)
        await w.look()
    assert "could not be seen to; it is tried again" in caplog.text


async def test_after_a_restore_nobody_is_told_until_an_operator_has_decided(tmp_path: Path) -> None:
    """Between the backup and the loss they may have been told already."""
    async with workshop(tmp_path) as w:
        amina = await w.known("amina")
        await w.signs_up(amina)
        async with w.app.storage.transaction() as tx:
            await held.hold(tx, "2026-11-21")
        await w.look(STARTS - 47 * HOUR)
        assert await amina.hears() == ""
        async with w.app.storage.transaction() as tx:
            await held.release(tx)
        await w.look()
        assert "You said that you will come" in await amina.hears()


async def test_a_database_that_is_away_is_one_line_for_all_meetings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever keeps the time says so, without a trace for each meeting."""
    async with workshop(tmp_path) as w:
        await w.signs_up(await w.known("amina"))

        async def away(*_: object) -> bool:
            raise Unavailable("away")

        monkeypatch.setattr(clock, "_waits", away)
        with pytest.raises(Unavailable):
            await w.look()
    assert "could not be seen to" not in caplog.text
