"""Who is missing is told to the organizers while something can still be done, once."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from bot.app.build import App
from bot.core.localtime import now_ms
from bot.results import alerts
from bot.staff import accounts
from storage.rows.people import AddressesOf, PersonOfAddress
from tests.citizen import NOON, Citizen, running
from tests.system.town import close, vote


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def member(app: App, name: str, role: str) -> Citizen:
    """A member of staff with a chat of their own."""
    chat = Citizen(app, name, at=now_ms())
    await chat.arrives()
    await chat.says("cancel")
    council_id = app.register.default_id
    async with app.storage.transaction() as tx:
        await accounts.admit(tx, council_id, name, role)
        made = await accounts.known(tx, council_id, name)
        row = await tx.row(PersonOfAddress, channel=chat.channel, address=chat.kept)
        assert row is not None
        await tx.run("set_staff_chat", id=made.id, person_id=row.person_id)
    return chat


async def answered(app: App, women: int, men: int) -> None:
    """So many women and men have answered the poll."""
    await vote(app, [f"v{n}" for n in range(women + men)])
    async with app.storage.transaction() as tx:
        await tx.run("tell_gender", gender="woman", most=women)
        await tx.run("tell_gender", gender="man", most=men)


async def test_organizers_hear_once_who_is_missing(app: App, clock: time_machine.Traveller) -> None:
    salma, omar = await member(app, "Salma", "organizer"), await member(app, "Omar", "reader")
    await answered(app, 5, 25)
    # Two processes may look at the same time.
    await asyncio.gather(alerts.look(app), alerts.look(app))
    heard = await salma.hears()
    assert heard.count("OZT-LIGHT is open") == 1
    assert "women" in heard
    assert "17% of the 30 participants" in heard
    assert "/staff/c/OZT-LIGHT/results" in heard
    assert await omar.hears() == ""
    clock.shift(timedelta(hours=1))
    await alerts.look(app)
    assert await salma.hears() == ""


async def test_what_waited_to_be_noted_of_other_messages_is_noted_with_them(app: App) -> None:
    """An address that a provider has closed stays closed, whoever is told of it last."""
    salma = await member(app, "Salma", "organizer")
    await answered(app, 5, 25)
    gone = Citizen(app, "v0", at=now_ms())
    app.delivery.settlement.close_address(gone.channel, gone.channel, gone.kept, "closed")
    await alerts.look(app)
    assert "OZT-LIGHT is open" in await salma.hears()
    async with app.storage.reading() as tx:
        row = await tx.row(
            PersonOfAddress, channel=gone.channel, account=gone.channel, address=gone.kept
        )
        assert row is not None
        (address,) = await tx.rows(AddressesOf, person_id=row.person_id)
    assert address.state == "closed"


@pytest.mark.parametrize(("women", "men"), [(5, 24), (13, 17)])
async def test_of_too_few_or_of_a_share_that_chance_can_make_nobody_hears(
    app: App, women: int, men: int
) -> None:
    """29 who told; and 43% where half live, of thirty."""
    salma = await member(app, "Salma", "organizer")
    await answered(app, women, men)
    await alerts.look(app)
    assert await salma.hears() == ""


async def test_nobody_hears_at_night_and_nothing_of_what_is_closed(
    app: App, clock: time_machine.Traveller
) -> None:
    salma = await member(app, "Salma", "organizer")
    await answered(app, 5, 25)
    clock.shift(timedelta(hours=12))
    await alerts.look(app)
    assert await salma.hears() == ""
    clock.shift(timedelta(hours=12))
    await close(app, "OZT-LIGHT")
    await alerts.look(app)
    assert await salma.hears() == ""
