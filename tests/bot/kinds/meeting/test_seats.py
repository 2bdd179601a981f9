"""Places at a meeting: never more than there are, waited for in order, offered for twelve hours."""

import asyncio
import re
from pathlib import Path

import pytest

from bot.app.build import conversation_parts, open_app
from bot.conversation.erasure import erase
from bot.core.refusals import NotAllowed
from bot.kinds.meeting import seats
from flows.kinds.meeting.results import Seats
from storage.rows.arrivals import ConsentsOf
from tests.bot.kinds.meeting.places import CODE, HOUR, MORNING, STARTS, workshop
from tests.checks import AllResponses
from tests.citizen import config_in


async def test_the_last_place_is_had_and_the_next_is_waited_for(tmp_path: Path, url: str) -> None:
    async with workshop(tmp_path, url, seats=2) as w:
        people = [await w.known(f"person {n}") for n in range(4)]
        first, second, third, fourth = [await w.signs_up(one) for one in people]
        assert re.search(r"Show this number at the door: \d{5}", first)
        assert "You have a place" in second
        assert "Your rank on the waiting list: 1." in third
        assert "Your rank on the waiting list: 2." in fourth
        assert await w.places() == Seats(had=2, waiting=2)
        assert "All places are taken" in await people[3].starts(CODE)


@pytest.mark.parametrize(
    "said",
    ["je ne viens plus", "ما غاديش نجي", "ma ghadich nji", "I can't come", "لا أستطيع الحضور"],
)
async def test_who_writes_at_the_menu_that_they_cannot_come_is_asked_what_to_do(
    tmp_path: Path, said: str
) -> None:
    """And nothing of it is told to the council as a need."""
    async with workshop(tmp_path) as w:
        person = await w.known("amina")
        await w.signs_up(person)
        await person.says("menu")
        assert "You have a place" in await person.says(said)
        person.token("I cannot come")


async def test_however_many_sign_up_at_once_no_place_is_given_twice(
    tmp_path: Path, url: str
) -> None:
    """Also at two processes on one database."""
    async with workshop(tmp_path, url, seats=3) as w:
        other = await open_app(config_in(tmp_path, url)) if "postgresql" in url else w.app
        people = [await w.known(f"person {n}") for n in range(10)]
        for number, person in enumerate(people):
            person.app = other if number % 2 else w.app
            await person.starts(CODE)
            await person.says("[I will come]")
            await person.says("[No, nothing]")
        try:
            said = await asyncio.gather(*(person.says("[Send]") for person in people))
        finally:
            if other is not w.app:
                await other.close()
        assert sum("You have a place" in one for one in said) == 3
        assert await w.places() == Seats(had=3, waiting=7)
        codes = [met[1] for one in said if (met := re.search(r"door: (\d+)", one))]
        assert len(set(codes)) == 3


async def test_who_looks_reads_how_many_places_are_free(tmp_path: Path) -> None:
    async with workshop(tmp_path, seats=3) as w:
        amina, brahim, chadi = [await w.known(name) for name in ("amina", "brahim", "chadi")]
        assert "3 places are free." in await chadi.starts(CODE)
        for one, free in ((amina, "2 places are free."), (brahim, "1 place is free.")):
            await w.signs_up(one)
            assert free in await chadi.starts(CODE)


async def test_who_has_a_place_takes_the_meeting_into_their_calendar(tmp_path: Path) -> None:
    """And who has none is offered no file for it."""
    async with workshop(tmp_path) as w:
        amina = await w.known("amina")
        await amina.starts(CODE)
        assert not any("To my calendar" in label for label in amina.labels)
        await w.signs_up(amina)
        await amina.starts(CODE)
        assert f"/calendar/{CODE}.ics" in await amina.says("[To my calendar]")


async def test_without_a_limit_everybody_has_a_place(tmp_path: Path) -> None:
    async with workshop(tmp_path, seats=0) as w:
        for number in range(5):
            assert "You have a place" in await w.signs_up(await w.known(f"person {number}"))
        assert await w.places() == Seats(had=5)


async def test_a_place_given_back_is_offered_to_who_waited_longest(
    tmp_path: Path, url: str
) -> None:
    async with workshop(tmp_path, url, seats=1) as w:
        amina, brahim, chadi = [await w.known(name) for name in ("amina", "brahim", "chadi")]
        for one in (amina, brahim, chadi):
            await w.signs_up(one)
        assert "free for somebody else" in await w.gives_back(amina)
        await w.look()
        assert "A place is free" in await brahim.hears()
        assert await chadi.hears() == ""
        # Nobody passes who waits, and nobody is told twice.
        assert "rank on the waiting list: 2" in await w.signs_up(amina)
        await w.look()
        assert await brahim.hears() == ""
        assert "A place is kept for you" in await brahim.says(CODE)
        assert "You have a place" in await brahim.says("[I take it]")
        assert await w.places() == Seats(had=1, waiting=2)


@pytest.mark.parametrize(("late", "state"), [(-1, "had"), (0, "passed")])
async def test_an_offered_place_is_kept_for_twelve_hours(
    tmp_path: Path, late: int, state: str
) -> None:
    """One moment later it is the next one's, and who comes then waits again."""
    async with workshop(tmp_path, seats=1) as w:
        amina, brahim, chadi = [await w.known(name) for name in ("amina", "brahim", "chadi")]
        for one in (amina, brahim, chadi):
            await w.signs_up(one)
        await w.gives_back(amina)
        w.move_to(MORNING + HOUR)
        await w.look()
        await brahim.hears()
        end = MORNING + HOUR + 12 * HOUR
        brahim.at = end + late - 3000
        await brahim.starts(CODE)
        brahim.at = end + late - 1000
        said = await brahim.says("[I take it]")
        assert ("You have a place" in said) is (state == "had")
        # At eleven in the evening nobody is written to; in the morning the next one is.
        await w.look(end)
        assert await chadi.hears() == ""
        await w.look(MORNING + 24 * HOUR)
        assert ("A place is free" in await chadi.hears()) is (state == "passed")


async def test_who_was_too_late_is_told_and_may_wait_again(tmp_path: Path) -> None:
    async with workshop(tmp_path, seats=1) as w:
        amina, brahim = [await w.known(name) for name in ("amina", "brahim")]
        for one in (amina, brahim):
            await w.signs_up(one)
        await w.gives_back(amina)
        await w.look()
        brahim.at = MORNING + 13 * HOUR
        assert "went to the next" in await brahim.starts(CODE)
        assert any("I will come" in label for label in brahim.labels)
        await w.look(MORNING + 24 * HOUR)
        assert await w.places() == Seats()


async def test_more_places_are_offered_to_who_waits(tmp_path: Path) -> None:
    """An organizer finds a larger room."""
    async with workshop(tmp_path, seats=1) as w:
        people = [await w.known(f"person {n}") for n in range(4)]
        for one in people:
            await w.signs_up(one)
        await w.changed(seats=3)
        await w.look()
        heard = [await one.hears() for one in people]
        assert ["A place is free" in one for one in heard] == [False, True, True, False]


async def test_fewer_places_than_people_have_are_refused(tmp_path: Path, url: str) -> None:
    """Nobody's place is taken from them in silence; without a limit, or with just enough, it is saved."""
    async with workshop(tmp_path, url, seats=3) as w:
        people = [await w.known(f"person {n}") for n in range(4)]
        for one in people:
            await w.signs_up(one)
        await w.gives_back(people[0])
        await w.look()
        with pytest.raises(NotAllowed, match=r"2 places are too few\. Write 3 or more"):
            await w.changed(seats=2)
        await w.changed(seats=0)
        await w.changed(seats=3)
        assert await w.places() == Seats(had=2, waiting=1)


async def test_nothing_is_offered_once_it_has_begun(tmp_path: Path) -> None:
    starts = MORNING + 4 * HOUR
    async with workshop(tmp_path, seats=1, items=[], starts="2026-11-21T14:00:00") as w:
        amina, brahim = [await w.known(name) for name in ("amina", "brahim")]
        for one in (amina, brahim):
            await w.signs_up(one)
        await w.gives_back(amina)
        await w.look(starts)
        assert await brahim.hears() == ""
        await w.look(starts - 1)
        said = await brahim.hears()
        assert "A place is free" in said
        assert "until: 21/11 14:00" in said


async def test_who_said_stop_is_passed_over(tmp_path: Path) -> None:
    async with workshop(tmp_path, seats=1) as w:
        amina, brahim, chadi = [await w.known(name) for name in ("amina", "brahim", "chadi")]
        for one in (amina, brahim, chadi):
            await w.signs_up(one)
        await brahim.says("stop")
        await brahim.hears()
        await w.gives_back(amina)
        await w.look()
        assert "A place is free" not in await brahim.hears()
        assert "A place is free" in await chadi.hears()


async def test_who_is_forgotten_or_withdraws_leaves_a_free_place(tmp_path: Path, url: str) -> None:
    async with workshop(tmp_path, url, seats=2) as w:
        amina, brahim, chadi, driss = [await w.known(n) for n in ("amina", "brahim", "chadi", "d")]
        for one in (amina, brahim, chadi, driss):
            await w.signs_up(one)
        id = (await w.row()).id
        async with w.app.storage.transaction() as tx:
            row = (await tx.rows(AllResponses, consultation_id=id))[0]
            assert row.person_id is not None
            await erase(tx, w.app.vault, conversation_parts().own_data, row.person_id)
        await w.look()
        assert "A place is free" in await chadi.hears()
        await brahim.says("my contributions")
        await brahim.says("1")
        await brahim.says("[Take it back]")
        await brahim.says("yes")
        await w.look()
        assert "A place is free" in await driss.hears()
        assert await w.places() == Seats(waiting=2)


async def test_one_person_in_two_chats_has_one_place(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        one, other = await w.known("amina"), await w.known("amina", "terminal")
        for citizen in (one, other):
            await w.signs_up(citizen)
        assert (await w.places()).had == 2
        id = (await w.row()).id
        async with w.app.storage.transaction() as tx:
            rows = await tx.rows(AllResponses, consultation_id=id)
            first, second = [row.person_id for row in rows]
            for query in ("join_drop_seats", "join_seats"):
                await tx.run(query, old=second, new=first)
            assert (await seats.counted(tx, id)).had == 1


async def test_needs_are_told_under_a_consent_of_their_own(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        amina, brahim = await w.known("amina"), await w.known("brahim")
        await amina.starts(CODE)
        await amina.verify(
            [
                ("[I will come]", "law 09-08"),
                ("[Yes, I do]", "You can choose several"),
                ("sign language and child care", "Sign language"),
                ("[Send]", "You have a place"),
            ]
        )
        await w.signs_up(brahim)
        async with w.app.storage.reading() as tx:
            bodies = {
                row.person_id: row.body
                for row in await tx.rows(AllResponses, consultation_id=(await w.row()).id)
            }
            given = {
                person: {row.purpose for row in await tx.rows(ConsentsOf, person_id=person)}
                for person in bodies
            }
        needing = [person for person, body in bodies.items() if '"child"' in body]
        assert len(needing) == 1
        assert {person for person, found in given.items() if "sensitive" in found} == set(needing)


async def test_signing_up_ends_with_the_meeting(tmp_path: Path) -> None:
    ends = STARTS + 6 * HOUR
    async with workshop(tmp_path) as w:
        amina, brahim = await w.known("amina"), await w.known("brahim")
        await amina.starts(CODE)
        await amina.says("[I will come]")
        await amina.says("[No, nothing]")
        amina.at = ends - 2000
        brahim.at = ends - 4000
        assert "You have a place" in await amina.says("[Send]")
        await brahim.starts(CODE)
        await brahim.says("[I will come]")
        await brahim.says("[No, nothing]")
        brahim.at = ends
        assert "the meeting is over" in await brahim.says("[Send]")
        assert await w.places() == Seats(had=1)


async def test_who_came_says_in_three_taps_how_it_was(tmp_path: Path) -> None:
    ends = STARTS + 6 * HOUR
    async with workshop(tmp_path) as w:
        amina, brahim = await w.known("amina"), await w.known("brahim")
        await w.signs_up(amina)
        amina.at = brahim.at = ends
        assert "the meeting is over" in await brahim.starts(CODE)
        await amina.starts(CODE)
        await amina.verify(
            [
                ("[Good]", "listened to"),
                ("skip", "How is the result?"),
                ("5", "Thank you for telling us"),
            ]
        )
        async with w.app.storage.reading() as tx:
            body = (await tx.rows(AllResponses, consultation_id=(await w.row()).id))[0].body
        assert '"ratings":{"organised":"4","heard":null,"result":"5"}' in body
        assert '"coming":true' in body


async def test_what_is_said_on_a_point_and_signing_up_are_one_response(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        amina = await w.known("amina")
        await amina.starts(CODE)
        await amina.verify(
            [
                ("[Programme]", "11:20 Work in groups"),
                ("[Say something]", "On which point?"),
                ("2", "What would you like to say?"),
                ("Let the young lead one group", "Whoever leads the meeting reads it"),
            ]
        )
        assert "You have a place" in await w.signs_up(amina)
        async with w.app.storage.reading() as tx:
            rows = await tx.rows(AllResponses, consultation_id=(await w.row()).id)
        assert len(rows) == 1
        assert "Let the young lead" in rows[0].body


async def test_a_code_is_nobody_elses_at_the_meeting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter([7, 7, 7, 8])
    monkeypatch.setattr(seats.secrets, "randbelow", lambda _: next(numbers))
    async with workshop(tmp_path) as w:
        said = [await w.signs_up(await w.known(name)) for name in ("amina", "brahim")]
    assert "10007" in said[0]
    assert "10008" in said[1]
