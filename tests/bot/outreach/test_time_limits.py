"""Outreach at its limits of time: a second before, and a second after."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from bot.app.build import App
from bot.core.links import list_of
from bot.core.localtime import local, now_ms
from bot.outreach import broadcasts, lists, schedule
from bot.outreach.message_texts import one_line
from bot.outreach.schedule import Schedule
from flows.dialog.outreach import Audience, When
from storage.database import Transaction
from storage.rows.consultations import ConsultationByCode
from tests.bot.outreach.test_broadcasts import known, pushed, sent, states
from tests.citizen import NOON, Citizen, running

SECOND, MINUTE = 1000, 60_000
WEEK = 7 * 24 * 60 * MINUTE


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, and what moves it."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[App]:
    """The application at noon."""
    async with running(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(("after", "comes"), [(WEEK - SECOND, False), (WEEK + 2 * SECOND, True)])
async def test_the_fourth_invitation_comes_when_the_first_is_seven_days_old(
    app: App, clock: time_machine.Traveller, after: int, comes: bool
) -> None:
    """Three within a week; a second before, the fourth still waits."""
    await known(app, "amina")
    for _ in range(3):
        assert await states(app, await _sent_now(app)) == {"sent": 1}
    fourth = await sent(app)
    await pushed(app)
    assert await states(app, fourth) == {"queued": 1}
    clock.shift(timedelta(milliseconds=after))
    await pushed(app)
    assert await states(app, fourth) == ({"sent": 1} if comes else {"queued": 1})


async def _sent_now(app: App) -> int:
    id = await sent(app)
    await pushed(app)
    return id


@pytest.mark.parametrize(
    ("before", "comes"), [(10 * MINUTE - SECOND, False), (10 * MINUTE + SECOND, True)]
)
async def test_who_wrote_within_ten_minutes_is_asked_later(
    app: App, clock: time_machine.Traveller, before: int, comes: bool
) -> None:
    """In the middle of an answer nobody is interrupted; somebody who left it long ago is asked."""
    amina = Citizen(app, "amina", at=now_ms())
    await amina.arrives(code="OZT-NEEDS")
    clock.move_to(datetime.fromtimestamp((amina.at + before) / 1000, UTC))
    id = await _sent_now(app)
    assert await states(app, id) == ({"sent": 1} if comes else {"queued": 1})


@pytest.mark.parametrize(("days", "good"), [(30, True), (31, False)])
async def test_a_link_onto_a_list_is_good_for_thirty_days(
    app: App, clock: time_machine.Traveller, days: int, good: bool
) -> None:
    """On paper it lasts a month."""
    async with app.storage.transaction() as tx:
        payload = await lists.link(app.vault, tx, app.register.default_id, "youth", "amal")
        at = now_ms() + days * 24 * 60 * MINUTE - SECOND
        assert (await list_of(tx, app.vault, payload, at) is not None) is good


@pytest.mark.parametrize(
    ("late", "outcome"), [(10 * MINUTE, "ran"), (10 * MINUTE + SECOND, "missed")]
)
async def test_what_may_not_be_late_is_skipped_after_ten_minutes(
    app: App, clock: time_machine.Traveller, late: int, outcome: str
) -> None:
    """A server that was down for a quarter of an hour does not send it."""
    await known(app, "amina")
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        on = local(NOON + MINUTE).replace(tzinfo=None, second=0, microsecond=0)
        planned = await schedule.add(
            tx, row.council_id, "invitation", When(on=on), made_by="amal", consultation=row,
            late="skip",
        )  # fmt: skip
    assert planned
    due = int(on.replace(tzinfo=UTC).timestamp() * 1000)
    clock.move_to(datetime.fromtimestamp((due + late) / 1000, UTC))

    async def body(consultation_id: int) -> dict[str, object]:
        return {}

    ran = await Schedule(app.storage, body).run_due()
    assert [one.reason or one.outcome for one in ran] == [outcome]


@pytest.mark.parametrize(("length", "shown"), [(549, 549), (550, 550), (551, 550)])
def test_a_templates_variable_is_one_line_of_at_most_550_characters(
    length: int, shown: int
) -> None:
    """What is longer ends in three dots."""
    line = one_line("x" * length)
    assert len(line) == shown
    assert line.endswith("…") is (length > 550)
    assert one_line("a \n\n b") == "a b"


async def test_notices_do_not_count_against_the_invitations_of_a_week(app: App) -> None:
    """A council may tell that the water is cut, and still ask."""
    await known(app, "amina")
    for day in range(3):
        async with app.storage.transaction() as tx:
            id = await broadcasts.draft(
                tx, app.register.default_id, "notice", Audience(), made_by="amal",
                body={"texts": {"fr": f"L’eau sera coupée, {day}."}},
            )  # fmt: skip
            assert await broadcasts.start(tx, id)
        await pushed(app)
        assert await states(app, id) == {"sent": 1}
    assert await states(app, await _sent_now(app)) == {"sent": 1}


async def test_later_today_goes_at_its_hour_whatever_part_of_the_day_was_chosen(
    app: App, clock: time_machine.Traveller
) -> None:
    """Somebody of the mornings asks at noon for later: it comes at four, not the next morning."""
    amina = await known(app, "amina")
    await _sent_now(app)
    await amina.hears()
    assert "16:00" in await amina.taps("Later today")
    async with app.storage.transaction() as tx:
        (row,) = await tx.rows("people_known")
        await tx.run("save_preferences", person_id=row["id"], per_week=3, part_of_day="morning")
    clock.shift(timedelta(hours=4, minutes=1))
    await pushed(app)
    assert "Street lighting" in await amina.hears()


@pytest.mark.parametrize("ended", [True, False])
async def test_later_is_not_promised_of_a_broadcast_that_was_cancelled(
    app: App, ended: bool
) -> None:
    """The organizer took it back: it will not come."""
    amina = await known(app, "amina")
    id = await _sent_now(app)
    await amina.hears()
    if ended:
        async with app.storage.transaction() as tx:
            assert await broadcasts.cancel(tx, id) or await _end(tx, id)
    said = await amina.taps("Later today")
    assert ("16:00" in said) is not ended


async def _end(tx: Transaction, id: int) -> bool:
    """As if it had been cancelled before it was done."""
    await tx.run("set_broadcast_state", id=id, state="cancelled")
    return True


async def test_a_message_is_of_a_sort_that_there_is(app: App) -> None:
    """Nothing is drafted that nobody could put into words."""
    async with app.storage.transaction() as tx:
        with pytest.raises(ValueError, match="invitation"):
            await broadcasts.draft(
                tx, app.register.default_id, "advertisement", Audience(), made_by="amal"
            )
