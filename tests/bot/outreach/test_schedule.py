"""What is planned: run once whoever looks, and moved with the rules of local time."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from bot.app.build import App
from bot.core.localtime import local_day, now_ms
from bot.outreach import agreed, schedule
from bot.outreach.schedule import Schedule
from flows.dialog.outreach import When
from storage.rows.consultations import ConsultationByCode
from storage.rows.prompts import Prompt
from storage.rows.staff import SentAloneOn
from tests.citizen import NOON, running

HOUR = 3_600_000


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon of a Saturday in November 2026, and what moves it."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[App]:
    """The application at noon."""
    async with running(tmp_path) as opened:
        yield opened


async def planned(app: App, **when: object) -> int:
    """A reminder of the poll; its number."""
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        return await schedule.add(
            tx, row.council_id, "notice", When(**when), made_by="amal", consultation=row  # type: ignore[arg-type]
        )  # fmt: skip


async def plan(app: App, id: int) -> Prompt:
    """How it stands."""
    async with app.storage.reading() as tx:
        found = await tx.row(Prompt, id=id)
    assert found is not None
    return found


async def test_two_who_look_at_once_run_it_once_and_neither_complains(
    app: App, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    """The second finds it run."""
    await planned(app, every="day", time="18:00")
    clock.shift(timedelta(hours=7))
    both = [Schedule(app.storage, app.result_body) for _ in range(2)]
    with caplog.at_level(logging.WARNING):
        ran = await asyncio.gather(*(one.run_due() for one in both))
    assert sorted(map(len, ran)) == [0, 1]
    assert caplog.records == []
    assert await both[0].run_due() == []


@pytest.mark.parametrize("changes", [False, True])
async def test_what_was_planned_by_staff_does_not_go_once_the_words_changed(
    app: App, clock: time_machine.Traveller, changes: bool
) -> None:
    """Somebody agreed to other words."""
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        to = agreed.Agreed(agreed.digest_of_text(row.definition), 3, "2026-11-21", True)
        await schedule.add(
            tx,
            row.council_id,
            "notice",
            When(every="day", time="18:00"),
            made_by="amal",
            consultation=row,
            agreed=agreed.stored(to),
        )
        if changes:
            definition = row.definition.replace('"minutes":', '"minutes": ')
            await tx.run("change_definition_for_a_test", id=row.id, definition=definition)
    clock.shift(timedelta(hours=6, minutes=1))
    (ran,) = await Schedule(app.storage, app.result_body).run_due()
    assert (ran.outcome, ran.reason) == (("skipped", schedule.CHANGED) if changes else ("ran", ""))


async def test_a_plan_that_goes_alone_counts_on_its_later_days(
    app: App, clock: time_machine.Traveller
) -> None:
    """On the first it was counted when it was planned."""
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        day = local_day(now_ms())
        to = agreed.Agreed(agreed.digest_of_text(row.definition), 300, day.isoformat(), True)
        await schedule.add(
            tx,
            row.council_id,
            "notice",
            When(every="day", time="18:00"),
            made_by="amal",
            consultation=row,
            agreed=agreed.stored(to),
        )
    counts = []
    for _ in range(2):
        clock.shift(timedelta(hours=7))
        await Schedule(app.storage, app.result_body).run_due()
        async with app.storage.reading() as tx:
            today = local_day(now_ms()).isoformat()
            found = await tx.row(SentAloneOn, council_id=row.council_id, day=today)
            assert found is not None
            counts.append(found.n)
        clock.shift(timedelta(hours=17))
    assert counts == [0, 300]


async def test_when_the_rules_of_local_time_change_moments_move_and_wall_times_stay(
    app: App,
) -> None:
    """How many moved is told; what is right already does not."""
    first, second = await planned(app, every="day"), await planned(app, every="week", days="mon")
    timetable = Schedule(app.storage, app.result_body)
    assert await timetable.reclock() == 0
    right = await plan(app, first)
    async with app.storage.transaction() as tx:
        await tx.run(
            "move_prompt", id=first, next_at=(right.next_at or 0) + HOUR,
            next_local=right.next_local, state="active",
        )  # fmt: skip
    assert await timetable.reclock() == 1
    assert await plan(app, first) == right
    assert (await plan(app, second)).state == "active"
    assert await timetable.reclock() == 0


async def test_what_is_past_is_refused_or_due_at_once_if_that_is_wanted(app: App) -> None:
    """The wall time of now stands in it then."""
    past = When(on=datetime.fromisoformat("2026-11-20 18:00"))
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        with pytest.raises(schedule.InThePast, match="2026-11-20 18:00"):
            await schedule.add(tx, row.council_id, "notice", past, made_by="amal", consultation=row)
        id = await schedule.add(
            tx, row.council_id, "notice", past, made_by="amal", consultation=row, or_now=True
        )
    assert (await plan(app, id)).next_local == "2026-11-21 12:00 Africa/Casablanca"
