"""The desk's limits: one character below, at and above; the other council; the sixth of five."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from bot.app.build import App
from bot.cases import handling, reading
from bot.core.refusals import NotAllowed
from storage.rows.cases import CaseByReference
from tests.bot.cases.test_handling import case, council_of, entries, tells
from tests.bot.staff.test_accounts import member
from tests.citizen import running


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """The application."""
    async with running(tmp_path) as opened:
        yield opened


async def need(
    app: App, name: str = "amina", words: str = "No water since Monday"
) -> CaseByReference:
    """Somebody's need on the desk."""
    return await case(app, (await tells(app, name, words))[1])


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
async def test_a_note_has_from_one_to_two_thousand_characters(app: App, text: str) -> None:
    """Neither nothing nor one too many is written down."""
    row = await need(app)
    async with app.storage.transaction() as tx:
        with pytest.raises(NotAllowed, match=r"2.?000"):
            await handling.note(tx, row, "amal", text)
        with pytest.raises(NotAllowed, match=r"2.?000"):
            await handling.split(tx, council_of(app), row, "roads", text, "amal")
        with pytest.raises(NotAllowed, match=r"2.?000"):
            await handling.transcribe(tx, row, "none", text, "amal")
    assert await entries(app, row.reference) == []


@pytest.mark.parametrize("text", ["x", "x" * 2000])
async def test_the_shortest_and_the_longest_note_are_kept(app: App, text: str) -> None:
    """As they were written."""
    row = await need(app)
    async with app.storage.transaction() as tx:
        await handling.note(tx, row, "amal", text)
        await handling.split(tx, council_of(app), row, "roads", text, "amal")
    assert ("note", text) in await entries(app, row.reference)


async def test_a_need_is_put_to_none_of_another_council(app: App) -> None:
    """Nor to itself, to nothing, or twice."""
    row, other = await need(app), await need(app, "brahim", "There is no water since Monday")
    elsewhere = msgspec.structs.replace(other, council_id=row.council_id + 1)
    another = msgspec.structs.replace(other, kind="draft")
    async with app.storage.transaction() as tx:
        for into in (None, elsewhere, another):
            with pytest.raises(NotAllowed, match="no need"):
                await handling.merge(tx, row, into, "amal")
        with pytest.raises(NotAllowed):
            await handling.merge(tx, row, row, "amal")
    assert await entries(app, row.reference) == []
    async with app.storage.transaction() as tx:
        await handling.merge(tx, row, other, "amal")
        with pytest.raises(NotAllowed):
            await handling.merge(tx, row, other, "amal")
        with pytest.raises(NotAllowed):
            await handling.merge(tx, other, row, "amal")
        await handling.unmerge(tx, row, "amal")
        with pytest.raises(NotAllowed):
            await handling.unmerge(tx, row, "amal")


async def test_five_alike_are_told_and_no_more(app: App) -> None:
    """The most alike first; one that says something else is not among them."""
    row = await need(app, "amina", "No water since Monday at the school")
    for number in range(6):
        await tells(app, f"citizen {number}", "No water since Monday at the school")
    await tells(app, "zahra", "The bus to Agdz is always late in winter")
    async with app.storage.reading() as tx:
        found = await handling.suggestions(tx, row)
    assert len(found) == 5
    assert all("school" in one.body for one in found)


async def test_a_case_is_given_to_an_active_colleague_or_to_nobody(app: App) -> None:
    """Not to one whose work here has ended, nor to a number that nobody has."""
    row = await need(app)
    amal = await member(app, "amal")
    async with app.storage.transaction() as tx:
        await handling.assign(tx, row, "nadia", amal.id)
        await handling.assign(tx, row, "nadia", None)
        for wrong in (amal.id + 1, 0):
            with pytest.raises(NotAllowed):
                await handling.assign(tx, row, "nadia", wrong)
        await tx.run("set_staff_state", id=amal.id, state="ended")
        with pytest.raises(NotAllowed):
            await handling.assign(tx, row, "nadia", amal.id)
    assert await entries(app, row.reference) == [("assign", "amal"), ("assign", "")]


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("reader", False),
        ("clerk", True),
        ("elected", True),
        ("organizer", False),
        ("data", False),
        ("admin", True),
    ],
)
async def test_a_case_is_given_only_to_who_may_answer_it(app: App, role: str, may: bool) -> None:
    """Given to a reader, a need waited for ever."""
    row = await need(app)
    amal = await member(app, "amal")
    async with app.storage.transaction() as tx:
        await tx.run("set_role", id=amal.id, role=role)
        if may:
            await handling.assign(tx, row, "nadia", amal.id)
        else:
            with pytest.raises(NotAllowed):
                await handling.assign(tx, row, "nadia", amal.id)
    assert await entries(app, row.reference) == ([("assign", "amal")] if may else [])


async def test_a_need_is_of_one_of_two_natures(app: App) -> None:
    """A need, or a request for information."""
    row = await need(app)
    async with app.storage.transaction() as tx:
        with pytest.raises(NotAllowed):
            await handling.set_nature(tx, council_of(app), row, "amal", "complaint")
        for nature in ("information", "ordinary"):
            await handling.set_nature(tx, council_of(app), row, "amal", nature)
    assert [text for _, text in await entries(app, row.reference)] == ["information", "ordinary"]


async def test_what_is_no_voice_note_is_not_written_down(app: App) -> None:
    """A file of somebody else's, or none."""
    row = await need(app)
    async with app.storage.transaction() as tx:
        with pytest.raises(NotAllowed):
            await handling.transcribe(tx, row, "none.ogg", "He says", "amal")


async def test_nothing_is_split_from_what_was_taken_back(app: App) -> None:
    """It belongs to its author alone."""
    row = msgspec.structs.replace(await need(app), state="withdrawn")
    async with app.storage.transaction() as tx:
        with pytest.raises(NotAllowed, match="taken back"):
            await handling.split(tx, council_of(app), row, "roads", "A part", "amal")


async def test_two_needs_that_were_put_together_are_counted_once(app: App) -> None:
    """On the desk, and among those that wait longest; parted, they are two again."""
    row, other = await need(app), await need(app, "brahim", "There is no water since Monday")

    async def counted() -> int:
        async with app.storage.reading() as tx:
            standing = await reading.standing(tx, row.council_id, "2026-11-21")
            waiting = await reading.waiting_longest(tx, row.council_id, 9)
        assert len(waiting) == sum(standing.by_state.values())
        return len(waiting)

    assert await counted() == 2
    async with app.storage.transaction() as tx:
        await handling.merge(tx, other, row, "amal")
    assert await counted() == 1
    async with app.storage.transaction() as tx:
        await handling.unmerge(tx, other, "amal")
    assert await counted() == 2
