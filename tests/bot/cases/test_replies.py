"""A need's status is set in one way, whoever sets it: the desk, a consultation's page, the command."""

import argparse
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from bot.app.build import App
from bot.cases import handling, replies
from bot.core.console import Refusal
from bot.core.localtime import local_day, now_ms
from bot.core.refusals import NotAllowed
from bot.kinds.need.commands import need_status
from bot.results import indicators
from bot.staff.accounts import Member
from bot.web.cases.filters import Wanted
from flows.statistics.quarters import quarter_of
from storage.rows.cases import LikeCases
from storage.rows.downloads import NeedsCounted
from storage.rows.public import PublicAnswered
from tests.bot.cases.test_handling import case, entries, tells
from tests.bot.cases.test_handling import clock as clock
from tests.bot.outreach.test_broadcasts import pushed
from tests.citizen import running


@pytest.fixture
async def app(
    tmp_path: Path, url: str, clock: Iterator[time_machine.Traveller]
) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def commanded(app: App, reference: str, state: str, note: str = "") -> None:
    """`tachawor need status`, and whatever it sends."""
    await need_status(
        app, argparse.Namespace(reference=reference, state=state, note=note, council="")
    )
    await pushed(app)


async def state_of(app: App, reference: str) -> str:
    state: str = (await case(app, reference)).state
    return state


async def put_together(app: App, one: str, other: str) -> None:
    async with app.storage.transaction() as tx:
        await handling.merge(tx, await case(app, one), await case(app, other), "amal")


async def test_all_who_said_the_same_hear_of_a_status_set_by_the_command(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, first = await tells(app, "amina", "No water at the douar since Monday")
    brahim, second = await tells(app, "brahim", "There is no water at the douar")
    await put_together(app, second, first)
    clock.shift(timedelta(hours=1))
    await commanded(app, first.lower(), "planned", "In March")
    for citizen, reference in ((amina, first), (brahim, second)):
        heard = await citizen.hears()
        assert reference in heard
        assert "In March" in heard
        assert await state_of(app, reference) == "planned"
        assert (await entries(app, reference))[-1] == ("status", "In March")


async def test_a_merged_need_is_not_changed_alone(app: App, clock: time_machine.Traveller) -> None:
    _, first = await tells(app, "amina", "No water at the douar since Monday")
    brahim, second = await tells(app, "brahim", "There is no water at the douar")
    await put_together(app, second, first)
    clock.shift(timedelta(hours=1))
    with pytest.raises(Refusal, match="answer"):
        await commanded(app, second, "planned")
    assert await state_of(app, second) == "received"
    assert await brahim.hears() == ""


async def test_the_longest_note_and_one_character_more(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    with pytest.raises(Refusal, match="at most"):
        await commanded(app, reference, "planned", "x" * 2001)
    assert await state_of(app, reference) == "received"
    await commanded(app, reference, "planned", "x" * 2000)
    assert "x" * 2000 in await amina.hears()


async def test_what_is_taken_back_or_needs_a_reason_or_says_nothing_is_refused(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    for state, note in (("refused", " "), ("passed", ""), ("received", "")):
        with pytest.raises(Refusal):
            await commanded(app, reference, state, note)
    with pytest.raises(Refusal, match="no need with this"):
        await commanded(app, "OZT-2026-999999", "done")
    await amina.says(reference)
    await amina.taps("Take it back")
    await amina.says("yes")
    assert await state_of(app, reference) == "withdrawn"
    with pytest.raises(Refusal, match="taken back"):
        await commanded(app, reference, "done")


async def test_another_councils_need_is_none(app: App) -> None:
    _, reference = await tells(app, "amina", "No water since Monday")
    async with app.storage.transaction() as tx:
        with pytest.raises(NotAllowed):
            await replies.set_status(
                tx, app.register, app.register.default_id + 1, reference, "done", "", "amal"
            )


async def test_the_need_of_who_was_erased_changes_and_nobody_is_told(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    id = (await case(app, reference)).id
    await amina.says("my data")
    await amina.taps("Erase my data")
    await amina.taps("Erase my data")
    async with app.storage.reading() as tx:
        (row,) = await tx.rows(
            LikeCases,
            council_id=app.register.default_id,
            kind="need",
            theme="water",
            not_id=0,
            most=9,
        )
    erased = await case(app, row.reference)
    assert (erased.id, erased.person_id) == (id, None)
    await commanded(app, erased.reference, "done")
    assert await state_of(app, erased.reference) == "done"
    # Words to nobody are not sent.
    with pytest.raises(Refusal):
        await commanded(app, erased.reference, "done", "All is well now.")


async def test_nothing_leads_from_a_need_to_one_whose_author_is_erased(
    app: App, clock: time_machine.Traveller
) -> None:
    """The thread of the one that it was put to told its old reference, which its author knows."""
    amina, first = await tells(app, "amina", "No water at the douar since Monday")
    _, second = await tells(app, "brahim", "There is no water at the douar")
    _, third = await tells(app, "driss", "We have no water here")
    for one, other in ((first, second), (second, first)):
        await put_together(app, one, other)
        async with app.storage.transaction() as tx:
            await handling.unmerge(tx, await case(app, one), "amal")
    await put_together(app, third, second)
    told = await entries(app, second)
    assert told == [("merged", first), ("merge", first), ("unmerge", first), ("merged", third)]
    await amina.says("my data")
    await amina.taps("Erase my data")
    await amina.taps("Erase my data")
    # That it happened stays, and so does what concerns others.
    told = await entries(app, second)
    assert told == [("merged", ""), ("merge", ""), ("unmerge", ""), ("merged", third)]
    assert ("merge", second) in await entries(app, third)


async def test_how_many_needs_were_answered_is_the_same_wherever_it_stands(
    app: App, clock: time_machine.Traveller
) -> None:
    """What its author told again and heard no second answer to is not answered twice; a file counts what was put together once."""
    amina, first = await tells(app, "amina", "No water at the douar since Monday")
    _, second = await tells(app, "brahim", "There is no water at the douar")
    await amina.says("OZT-NEEDS")
    for said in ("1", "Tabounte", "Still no water at all", "1"):
        heard = await amina.says(said)
    again = next(word for word in heard.split() if word.startswith("OZT-2026-")).strip(".")
    clock.shift(timedelta(hours=1))
    await commanded(app, first, "planned", "In March")
    for other in (second, again):
        async with app.storage.transaction() as tx:
            rows = await case(app, other), await case(app, first)
            await replies.put_together(tx, app.register.default, *rows, "amal")
    async with app.storage.reading() as tx:
        told = await tx.rows(PublicAnswered, council_id=app.register.default_id)
        quarter = quarter_of(local_day(now_ms()))
        measured = await indicators.measured(tx, app.register.default_id, quarter)
        member = Member(1, "Amal", "data", app.register.default_id, "example")
        counted = await tx.rows(NeedsCounted, **Wanted(state="all").values(member))
    assert [row.answered for row in told] == [2]
    assert (measured.needs_filed, measured.needs_answered) == (3, 2)
    assert [(row.n, row.answered) for row in counted] == [(1, 1)]
