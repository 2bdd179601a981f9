"""What a second person's yes is good for: just what was seen, about as many, and not from whoever let one in."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import time_machine

from bot.app.build import App
from bot.staff import accounts, approvals, ties
from bot.staff.accounts import Member
from bot.staff.plans import Plan, digest_of
from storage.rows.staff import Approval

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)

PLAN = Plan(
    what="invitation",
    code="OZT-LIGHT",
    audience={"languages": ["fr"]},
    source={"body": {"texts": {"fr": "Venez"}}, "definition": "d"},
    when={"on": "2026-12-01T18:00:00"},
    template="tachawor_invitation",
    day="2026-12-01",
    people=600,
    shown={"fr": "Venez"},
)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


async def member(app: App, name: str, role: str = "admin") -> Member:
    council_id = app.register.default_id
    async with app.storage.transaction() as tx:
        found = await accounts.known(tx, council_id, name)
        await tx.run("set_role", id=found.id, role=role)
    return Member(found.id, name, role, council_id, "example")


async def agreed(app: App, one: Member, other: Member, plan: Plan = PLAN) -> int:
    """One asks, the other says yes."""
    async with app.storage.transaction() as tx:
        id = await approvals.ask(tx, one, "broadcast", "7", "reason", plan)
        assert await approvals.decide(tx, other, id, yes=True)
    return id


async def used(app: App, one: Member, plan: Plan) -> bool:
    async with app.storage.transaction() as tx:
        return await approvals.use(tx, one, "broadcast", "7", plan) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"what": "reminder"},
        {"code": "OZT-PARK"},
        {"audience": {"languages": ["fr", "ar"]}},
        {"audience": {}},
        {"source": {"body": {"texts": {"fr": "Venez !"}}, "definition": "d"}},
        {"source": {"body": {"texts": {"fr": "Venez", "ar": "هلموا"}}, "definition": "d"}},
        {
            "source": {
                "body": {"texts": {"fr": "Venez"}, "pictures": {"fr": "x"}},
                "definition": "d",
            }
        },
        {"source": {"body": {"texts": {"fr": "Venez"}}, "definition": "e"}},
        {"when": {}},
        {"when": {"on": "2026-12-01T19:00:00"}},
        {"when": {"every": "day", "time": "18:00"}},
        {"when": {"on": "2026-12-01T18:00:00", "spread_hours": 3}},
        {"template": "tachawor_notice"},
    ],
)
async def test_a_yes_is_good_for_just_what_was_seen(
    app: App, clock: time_machine.Traveller, change: Mapping[str, Any]
) -> None:
    one, other = await member(app, "Amina"), await member(app, "Said")
    await agreed(app, one, other)
    assert not await used(app, one, msgspec.structs.replace(PLAN, **change))
    assert await used(app, one, PLAN)
    assert not await used(app, one, PLAN)


@pytest.mark.parametrize(
    ("people", "good"), [(539, False), (540, True), (600, True), (660, True), (661, False)]
)
async def test_a_yes_is_good_for_a_tenth_more_or_fewer_people(
    app: App, clock: time_machine.Traveller, people: int, good: bool
) -> None:
    one, other = await member(app, "Amina"), await member(app, "Said")
    await agreed(app, one, other)
    assert await used(app, one, msgspec.structs.replace(PLAN, people=people)) is good


async def test_asking_for_something_else_in_its_place_voids_a_yes(
    app: App, clock: time_machine.Traveller
) -> None:
    one, other = await member(app, "Amina"), await member(app, "Said")
    id = await agreed(app, one, other)
    async with app.storage.transaction() as tx:
        changed = msgspec.structs.replace(PLAN, code="OZT-PARK")
        assert await approvals.ask(tx, one, "broadcast", "7", "reason", changed) != id
        row = await tx.row(Approval, id=id)
    assert row is not None
    assert row.decision == "void"
    assert not await used(app, one, PLAN)


def test_what_is_shown_and_how_many_are_not_in_the_digest() -> None:
    """The words that are shown follow from the rest; how many is compared by itself."""
    same = msgspec.structs.replace(PLAN, people=1, shown={})
    assert digest_of(same) == digest_of(PLAN)


@pytest.mark.parametrize(("alone", "people", "goes"), [(0, 499, True), (0, 500, False), (499, 0, True), (499, 1, False), (250, 249, True), (250, 250, False)])  # fmt: skip
async def test_a_days_messages_count_together(
    app: App, clock: time_machine.Traveller, alone: int, people: int, goes: bool
) -> None:
    council, council_id = app.register.default, app.register.default_id
    async with app.storage.transaction() as tx:
        if alone:
            assert await approvals.goes_alone(tx, council, council_id, alone, "2026-11-26")
        assert await approvals.goes_alone(tx, council, council_id, people, "2026-11-26") is goes


async def test_the_next_day_and_another_council_are_counted_apart(
    app: App, clock: time_machine.Traveller
) -> None:
    council, council_id = app.register.default, app.register.default_id
    async with app.storage.transaction() as tx:
        await tx.run("save_council", id=99, code="other", body="{}", at=0)
        assert await approvals.goes_alone(tx, council, council_id, 499, "2026-11-26")
        assert not await approvals.goes_alone(tx, council, council_id, 499, "2026-11-26")
        assert await approvals.goes_alone(tx, council, council_id, 499, "2026-11-27")
        assert await approvals.goes_alone(tx, council, 99, 499, "2026-11-26")


@pytest.mark.parametrize(("seconds", "good"), [(-1, False), (0, True), (1, True)])
@pytest.mark.parametrize("turned", [False, True])
async def test_who_let_somebody_in_is_no_second_person_for_seven_days(
    app: App, clock: time_machine.Traveller, seconds: int, good: bool, turned: bool
) -> None:
    one, other = await member(app, "Amina"), await member(app, "Said")
    async with app.storage.transaction() as tx:
        await ties.tie(tx, one.council_id, one.id, other.id)
    clock.shift(timedelta(days=7, seconds=seconds))
    asker, friend = (other, one) if turned else (one, other)
    async with app.storage.transaction() as tx:
        id = await approvals.ask(tx, asker, "broadcast", "7", "", PLAN)
        if good:
            assert await approvals.decide(tx, friend, id, yes=True)
        else:
            with pytest.raises(approvals.Tied):
                await approvals.decide(tx, friend, id, yes=True)
            assert await approvals.decide(tx, friend, id, yes=False)


async def test_a_tie_holds_through_others_and_ends_with_them(
    app: App, clock: time_machine.Traveller
) -> None:
    """A ghost makes a ghost; two ghosts of one admin; and a colleague whom nobody of them let in."""
    admin, ghost, second = [await member(app, name) for name in ("admin", "ghost", "second")]
    free = await member(app, "free")
    async with app.storage.transaction() as tx:
        await ties.tie(tx, admin.council_id, admin.id, ghost.id)
        await ties.tie(tx, admin.council_id, ghost.id, second.id)
        for one, other in ((admin, second), (second, admin), (ghost, second)):
            assert await ties.tied(tx, admin.council_id, one.id, other.id)
        for one in (admin, ghost, second):
            assert not await ties.tied(tx, admin.council_id, one.id, free.id)
            assert not await ties.tied(tx, admin.council_id + 1, admin.id, ghost.id)
