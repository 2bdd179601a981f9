"""Ballots on paper: who voted is marked once on the roll, here or in the chat; what was chosen is counted apart."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import time_machine

from bot.kinds.budget import papers
from bot.kinds.budget.papers import MOST_AT_ONCE
from bot.staff import rolls
from flows.kinds.budget.papers import Papers
from tests.bot.kinds.openness.begun import bare, stopped
from tests.bot.kinds.worlds import World, world
from tests.citizen import audit_of

PAGE = "/staff/budgets/OZT-BUDGET/papers"
NUMBERS = [f"V{n:04}" for n in range(40)]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("budget", tmp_path, clock) as found:
        async with found.app.storage.transaction() as tx:
            council = found.app.register.default_id
            digests = [hashlib.sha256(one.encode()).hexdigest() for one in NUMBERS]
            await rolls.fill(tx, found.app.vault, council, "VOTERS", "Liste des votants", digests)
        await found.changed(roll="VOTERS")
        yield found


async def does(client: httpx.AsyncClient, status: int = 303, **form: str) -> str:
    """Enter ballots; projects are named by `p_ID`. Returns what the page says."""
    data = {name.replace("p_", "p."): value for name, value in form.items()}
    answer = await client.post(
        f"{PAGE}/do?lang=en", data={"action": "enter", "how": "paper", **data}
    )
    assert answer.status_code == status, answer.text
    return bare(answer.text)


async def there(w: World) -> Papers:
    async with w.app.storage.reading() as tx:
        return await papers.counted(tx, (await w.row()).id)


async def test_ballots_are_counted_apart_and_no_more_of_them_than_people(w: World) -> None:
    async with w.browser("clerk") as client:
        await does(client, numbers="V0001\nV0002, v-0003، V0004", copies="0")
        await does(client, copies="2", p_toilets="on", p_park="on")
        await does(client, how="void", copies="1")
        assert "more ballots than people who were marked (4)" in await does(
            client, 422, copies="2", p_lamps="on"
        )
        page = bare((await client.get(f"{PAGE}?lang=en")).text)
        assert "1 ballot of those marked is not entered yet." in page
        await does(client, numbers="V0005", how="assisted", copies="2", p_lamps="on")
    found = await there(w)
    assert (found.paper, found.assisted, found.void) == (2, 2, 1)
    assert found.ballots == {frozenset({"toilets", "park"}): 2, frozenset({"lamps"}): 2}
    assert found.roll is not None
    assert (found.roll.name, found.roll.numbers) == ("Liste des votants", 40)


async def test_a_number_votes_once_on_paper_or_in_the_chat_and_nothing_is_half_entered(
    w: World,
) -> None:
    citizen = await w.known("amina")
    await citizen.starts(w.code)
    await citizen.says("V0007")
    async with w.browser("clerk") as client:
        said = await does(client, 422, numbers="V0006\nV0007\nX999", copies="1", p_lamps="on")
        assert "Not on the list, or used already: V0007, X999. Nothing was entered." in said
        assert (await there(w)).paper == 0
        await does(client, numbers="V0006", copies="1", p_lamps="on")
        assert "used already: V0006" in await does(client, 422, numbers="V0006", copies="0")
    other = await w.known("brahim")
    await other.starts(w.code)
    assert "taken part with this number already" in await other.says("V0006")


async def test_what_was_typed_wrongly_is_taken_back_and_no_more_than_was_entered(w: World) -> None:
    async with w.browser("clerk") as client:
        await does(client, numbers="V0001\nV0002", copies="2", p_lamps="on")
        assert "So many such ballots were not entered." in await does(
            client, 422, action="take_back", copies="3", p_lamps="on"
        )
        await does(client, action="take_back", copies="1", p_lamps="on")
        await does(client, copies="1", p_park="on")
        assert "There is nothing to enter" in await does(
            client, 422, action="take_back", copies="0"
        )
    assert (await there(w)).ballots == {frozenset({"lamps"}): 1, frozenset({"park"}): 1}


async def test_what_cannot_be_a_ballot_is_refused(w: World) -> None:
    four = {f"p_{id}": "on" for id in ("toilets", "lamps", "park", "library")}
    async with w.browser("clerk") as client:
        assert "from 1 to 3 projects" in await does(
            client, 422, numbers="V0001", copies="1", **four
        )
        assert "from 1 to 3 projects" in await does(client, 422, numbers="V0001", copies="1")
        assert "from 1 to 3 projects" in await does(
            client, 422, numbers="V0001", copies="1", p_pool="on"
        )
        assert "Choose how" in await does(
            client, 422, numbers="V0001", copies="1", how="post", p_park="on"
        )
        assert "There is nothing to enter" in await does(client, 422, copies="0")
        assert f"Enter {MOST_AT_ONCE} at once" in await does(
            client, 422, copies=str(MOST_AT_ONCE + 1), p_park="on"
        )
        many = "\n".join(f"X{n}999" for n in range(MOST_AT_ONCE + 1))
        assert f"Enter {MOST_AT_ONCE} at once" in await does(client, 422, numbers=many, copies="0")
        most = "\n".join(f"X{n}999" for n in range(MOST_AT_ONCE))
        assert "Not on the list" in await does(client, 422, numbers=most, copies="0")
        del four["p_library"]
        await does(client, numbers="V0001", copies="1", **four)


async def test_papers_are_entered_while_it_is_open_and_only_with_a_roll(w: World) -> None:
    async with w.browser("clerk") as client:
        await does(client, numbers="V0001", copies="1", p_park="on")
        await w.closed()
        assert "The vote is not open." in await does(
            client, 422, numbers="V0002", copies="1", p_park="on"
        )
        assert "The vote is not open." in await does(
            client, 422, action="take_back", copies="1", p_park="on"
        )


async def test_without_a_roll_nobody_could_tell_who_votes_twice(
    tmp_path: Path, clock: time_machine.Traveller
) -> None:
    async with world("budget", tmp_path, clock) as w, w.browser("clerk") as client:
        assert "Without a list of numbers" in await does(
            client, 422, numbers="V0001", copies="1", p_park="on"
        )


async def test_the_result_counts_papers_shows_them_apart_and_names_the_roll(w: World) -> None:
    async with w.browser("clerk") as client:
        await does(client, numbers="\n".join(NUMBERS[:15]), copies="10", p_park="on")
        await does(client, how="void", copies="5")
    await w.closed()
    async with w.browser("reader") as client:
        page = bare((await client.get(f"/results/{w.code}?lang=en")).text)
    assert "How the ballots came" in page
    assert "on paper" in page
    assert "15 of the 40 on the list “Liste des votants” voted: 38%." in page
    assert "10 votes." in page


async def test_what_is_entered_is_logged_without_what_was_chosen(w: World) -> None:
    async with w.browser("clerk") as client:
        await does(client, numbers="V0001", copies="1", p_park="on")
    async with w.app.storage.reading() as tx:
        row = (await audit_of(tx, w.app.register.default_id))[0]
    assert (row.action, row.object, row.detail) == ("note", "OZT-BUDGET", "ballots")


async def test_another_councils_ballots_are_as_if_they_were_not_there(w: World) -> None:
    async with w.browser("clerk") as client:
        assert (await client.get("/staff/budgets/OZT-LIGHT/papers")).status_code == 404
        answer = await client.post("/staff/budgets/OZT-LIGHT/papers/do", data={"copies": "1"})
        assert answer.status_code == 404
