"""A council writes first: who gets it, when, how often, and what they can say to it."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.app.build import App
from bot.core.localtime import now_ms
from bot.outreach import broadcasts
from flows.dialog.outreach import Audience
from storage.rows.consultations import ConsultationByCode
from storage.rows.outbox import Transcript
from tests.citizen import NOON, Citizen, running

HOUR = 3_600_000


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon of a Saturday in November 2026, and what moves it."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def known(app: App, name: str, language: str = "English") -> Citizen:
    """Somebody who has said yes to the council, and is not in the middle of anything."""
    citizen = Citizen(app, name, at=now_ms())
    await citizen.arrives(language)
    await citizen.says("cancel")
    return citizen


async def sent(app: App, what: str = "invitation", code: str = "OZT-LIGHT", **more: Any) -> int:
    """A broadcast that has begun."""
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        audience = more.pop("audience", Audience())
        id = await broadcasts.draft(
            tx,
            row.council_id,
            what,
            audience,
            made_by="amal",
            consultation_id=row.id,
            **more,
        )
        assert await broadcasts.start(tx, id)
    return id


async def pushed(app: App, rounds: int = 4) -> None:
    """Let the broadcasts go as far as they can now."""
    for _ in range(rounds):
        for limit in app.delivery._limits.values():
            limit._room = 100
        await app.sender.round()


async def states(app: App, id: int) -> dict[str, int]:
    async with app.storage.reading() as tx:
        progress = await broadcasts.progress(tx, id)
    assert progress is not None
    return dict(progress.states)


async def test_an_invitation_reaches_everyone_once_and_leads_into_the_poll(app: App) -> None:
    amina, brahim = await known(app, "amina"), await known(app, "brahim", "Français")
    id = await sent(app)
    await pushed(app)
    heard = await amina.hears()
    assert "Street lighting" in heard
    assert "2 minutes" in heard
    assert "L’éclairage public" in await brahim.hears()
    assert "Answer now" in amina.labels[0]
    await pushed(app)
    assert await amina.hears() == ""
    assert await states(app, id) == {"sent": 2}
    assert "How is the lighting" in await amina.taps("Answer now")


async def test_an_invitation_may_be_answered_by_a_number_or_a_word(app: App) -> None:
    amina, brahim = await known(app, "amina"), await known(app, "brahim", "Français")
    await sent(app)
    await pushed(app)
    await amina.hears()
    await brahim.hears()
    assert "How is the lighting" in await amina.says("1")
    assert "Comment est l’éclairage" in await brahim.says("oui")


async def test_later_comes_later_and_once(app: App, clock: time_machine.Traveller) -> None:
    amina = await known(app, "amina")
    id = await sent(app)
    await pushed(app)
    await amina.hears()
    assert "16:00" in await amina.taps("Later today")
    await pushed(app)
    assert await amina.hears() == ""
    clock.shift(timedelta(hours=4, minutes=1))
    await pushed(app)
    assert "Street lighting" in await amina.hears()
    assert not any("Later" in label for label in amina.labels)
    await pushed(app)
    assert await amina.hears() == ""
    assert await states(app, id) == {"sent": 2}


async def test_nothing_is_sent_in_quiet_hours(app: App, clock: time_machine.Traveller) -> None:
    amina = await known(app, "amina")
    clock.shift(timedelta(hours=9, minutes=1))  # 21:01
    id = await sent(app)
    await pushed(app)
    assert await states(app, id) == {"queued": 1}
    clock.shift(timedelta(hours=11, minutes=58))  # 8:59
    await pushed(app)
    assert await states(app, id) == {"queued": 1}
    clock.shift(timedelta(minutes=1))
    await pushed(app)
    assert await states(app, id) == {"sent": 1}
    assert "Street lighting" in await amina.hears()


async def test_who_said_stop_gets_nothing_although_it_was_queued(
    app: App, clock: time_machine.Traveller
) -> None:
    amina = await known(app, "amina")
    clock.shift(timedelta(hours=10))
    id = await sent(app)
    await pushed(app)
    await amina.says("stop")
    clock.shift(timedelta(hours=12))
    await pushed(app)
    assert await states(app, id) == {"dropped": 1}
    async with app.storage.reading() as tx:
        progress = await broadcasts.progress(tx, id)
    assert progress is not None
    assert progress.reasons == {"dropped": {"stopped": 1}}


async def test_nobody_gets_more_than_three_invitations_a_week(
    app: App, clock: time_machine.Traveller
) -> None:
    amina = await known(app, "amina")
    ids = [await sent(app) for _ in range(4)]
    for _ in ids:
        await pushed(app)
    assert [await states(app, id) for id in ids] == [{"sent": 1}] * 3 + [{"queued": 1}]
    await amina.hears()
    clock.shift(timedelta(days=7, minutes=1))
    await pushed(app)
    assert await states(app, ids[3]) == {"sent": 1}


async def test_a_reminder_goes_to_who_was_invited_and_has_not_answered(app: App) -> None:
    amina, brahim = await known(app, "amina"), await known(app, "brahim")
    await sent(app)
    await pushed(app)
    await known(app, "cherif")
    await amina.hears()
    await amina.taps("Answer now")
    for said in ("1", "5", "skip"):
        await amina.says(said)
    await amina.taps("Send")
    last = await sent(app, "last")
    await pushed(app)
    assert await states(app, last) == {"sent": 1}
    assert "last" in (await brahim.hears()).split("Street lighting")[-2]


async def test_no_means_no_more_of_this_one(app: App) -> None:
    amina = await known(app, "amina")
    await sent(app)
    await pushed(app)
    await amina.hears()
    await amina.taps("I will not take part")
    reminder = await sent(app, "reminder")
    await pushed(app)
    assert await states(app, reminder) == {}


async def test_stop_all_from_this_council_is_asked_once_and_obeyed(app: App) -> None:
    amina = await known(app, "amina")
    await sent(app)
    waiting = await sent(app, code="OZT-NEEDS")
    async with app.storage.transaction() as tx:
        await broadcasts.pause(tx, waiting)
    await pushed(app)
    await amina.hears()
    await amina.taps("Stop the messages")
    await amina.taps("Yes")
    async with app.storage.transaction() as tx:
        assert await broadcasts.resume(tx, waiting)
    await pushed(app)
    assert (await states(app, waiting)).get("sent") is None


async def test_a_second_press_of_send_is_one_broadcast(app: App) -> None:
    await known(app, "amina")
    id = await sent(app)
    async with app.storage.transaction() as tx:
        assert not await broadcasts.start(tx, id)
    await pushed(app)
    assert await states(app, id) == {"sent": 1}


async def test_what_is_cancelled_before_it_went_does_not_go(app: App) -> None:
    amina = await known(app, "amina")
    id = await sent(app)
    async with app.storage.transaction() as tx:
        assert await broadcasts.pause(tx, id)
    await pushed(app)
    assert await amina.hears() == ""
    async with app.storage.transaction() as tx:
        assert await broadcasts.cancel(tx, id)
        assert not await broadcasts.cancel(tx, id)
    await pushed(app)
    assert await amina.hears() == ""


async def test_who_is_in_the_middle_of_something_is_asked_afterwards(
    app: App, clock: time_machine.Traveller
) -> None:
    amina = Citizen(app, "amina", at=now_ms())
    await amina.arrives(code="OZT-NEEDS")
    id = await sent(app)
    await pushed(app)
    assert await states(app, id) == {"queued": 1}
    clock.shift(timedelta(minutes=11))
    await pushed(app)
    assert "Street lighting" in await amina.hears()
    assert "What is it about" in await amina.says("not this one")


async def test_erased_people_stay_counted_and_unknown(app: App) -> None:
    amina = await known(app, "amina")
    id = await sent(app)
    await pushed(app)
    await amina.hears()
    await amina.says("my data")
    await amina.taps("Erase")
    await amina.taps("Erase")
    assert await states(app, id) == {"sent": 1}
    async with app.storage.reading() as tx:
        left = await tx.rows(Transcript, channel="web", address=amina.kept, after=0, most=99)
    assert [row.intent for row in left if "Street" in row.intent] == []
