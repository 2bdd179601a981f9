"""Messages are forgotten when they are handled and old, and nothing else is."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from bot.app.build import App
from bot.app.kept import housekeeping, retention
from bot.app.kept.retention import Retention
from bot.channels.port import Arrival
from bot.core.localtime import now_ms
from bot.staff import put_aside
from storage import ids
from storage.addresses import file_of
from storage.rows.arrivals import LastArrival
from storage.rows.cases import EntriesOf
from storage.rows.inbox import Holds
from storage.rows.outbox import OwnMessages, Transcript
from tests.bot.cases.test_handling import answers, case, tells
from tests.bot.outreach.test_broadcasts import pushed
from tests.citizen import NOON, Citizen, running
from tests.shell import Shell


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Noon, and what moves it; ids begin there too, wherever another test has been."""
    monkeypatch.setattr(ids, "_last", 0)
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


@pytest.fixture
async def on_a_file(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[App]:
    """The application on a file that a test may write into behind its back."""
    async with running(tmp_path) as opened:
        yield opened


def set_state(app: App, id: int, state: str) -> None:
    file = file_of(app.config.storage.url)
    assert file is not None
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE outbox SET state = ? WHERE id = ?", (state, id))


async def said_and_heard(app: App, citizen: Citizen) -> tuple[int, int]:
    """How many messages of a chat are still there: theirs, and those to them."""
    about = {"channel": citizen.channel, "address": citizen.address, "most": 100}
    async with app.storage.reading() as tx:
        own = await tx.rows(OwnMessages, **about)
        told = await tx.rows(Transcript, **about, after=0)
    return len(own), len(told)


@pytest.mark.parametrize(("days", "kept"), [(89, True), (91, False)])
async def test_messages_are_forgotten_after_ninety_days(
    app: App, clock: time_machine.Traveller, days: int, kept: bool
) -> None:
    """What was answered stays, and so does what became of an answer of staff."""
    amina, reference = await tells(app, "amina", "No water at the douar since Monday")
    await answers(app, reference, text="In March", state="planned")
    await pushed(app)
    assert min(await said_and_heard(app, amina)) > 4
    clock.shift(timedelta(days=days))
    await Retention(app.storage, 90).round()
    own, told = await said_and_heard(app, amina)
    assert (own > 4, told > 4) == (kept, kept)
    if not kept:
        assert (own, told) == (0, 0)
    row = await case(app, reference)
    async with app.storage.reading() as tx:
        (answer,) = [e for e in await tx.rows(EntriesOf, response_id=row.id) if e.what == "status"]
    assert (row.state, answer.text, answer.sent_state) == ("planned", "In March", "sent")
    # The conversation goes on.
    amina.at = now_ms()
    assert "planned" in (await amina.says(reference)).lower()


async def test_what_is_set_is_how_long_and_nought_keeps(
    app: App, clock: time_machine.Traveller
) -> None:
    amina = Citizen(app, at=now_ms())
    await amina.arrives()
    clock.shift(timedelta(days=3650))
    await Retention(app.storage, 0).round()
    assert min(await said_and_heard(app, amina)) > 0
    await Retention(app.storage, 3651).round()
    assert min(await said_and_heard(app, amina)) > 0
    await Retention(app.storage, 3650 - 1).round()
    assert await said_and_heard(app, amina) == (0, 0)


async def test_what_waits_or_was_put_aside_stays(
    on_a_file: App, clock: time_machine.Traveller
) -> None:
    app = on_a_file
    amina = Citizen(app, at=now_ms())
    await amina.arrives()
    about = {"channel": amina.channel, "address": amina.address, "most": 100}
    for _ in range(3):
        await amina.says("help")
    async with app.storage.reading() as tx:
        sent = [row.id for row in await tx.rows(Transcript, **about, after=0)]
    for id, state in zip(sent, ("queued", "sending", "held"), strict=False):
        set_state(app, id, state)
    await app.conversations.put_aside(app.channels["web"], b"{", "not an update")
    clock.shift(timedelta(days=200))
    await Retention(app.storage, 90).round()
    async with app.storage.reading() as tx:
        left = [row.id for row in await tx.rows(Transcript, **about, after=0)]
        assert len(await put_aside.messages(tx, app.register, app.register.default_id)) == 1
    assert sorted(left) == sorted(sent[:3])


async def test_a_message_that_is_brought_again_within_the_shortest_time_is_handled_once(
    app: App, clock: time_machine.Traveller
) -> None:
    amina = Citizen(app, at=now_ms())
    await amina.arrives()
    again = Arrival(
        channel="web", account="web", external_id="the same twice", address=amina.address,
        text="help", at=now_ms(),
    )  # fmt: skip
    await app.conversations.receive([again])
    heard = await said_and_heard(app, amina)
    clock.shift(timedelta(days=6))
    await Retention(app.storage, 7).round()
    await app.conversations.receive([again])
    assert await said_and_heard(app, amina) == heard


async def test_what_is_asked_for_after_a_while_away_is_asked_since_the_last_message(
    app: App, clock: time_machine.Traveller
) -> None:
    """WhatsApp of a quiet council: nothing came for months, and what comes while the server is down is fetched."""
    rachid = Citizen(app, "rachid", "whatsapp", now_ms())
    await rachid.says("hello")
    clock.shift(timedelta(minutes=1))
    rachid.at = now_ms()
    await rachid.says("help")
    async with app.storage.reading() as tx:
        last = await tx.row(LastArrival, channel="whatsapp")
    amina = Citizen(app, at=now_ms())
    await amina.arrives()
    clock.shift(timedelta(days=91))
    await Retention(app.storage, 90).round()
    async with app.storage.reading() as tx:
        assert await tx.row(LastArrival, channel="whatsapp") == last
    assert await said_and_heard(app, amina) == (0, 0)


async def test_a_walk_goes_on_where_it_ended_and_begins_anew_after_a_day(
    on_a_file: App, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = on_a_file
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    monkeypatch.setattr(retention, "PAGES", 1)
    amina = Citizen(app, at=now_ms())
    await amina.arrives()
    for _ in range(3):
        await amina.says("help")
    own, told = await said_and_heard(app, amina)
    about = {"channel": amina.channel, "address": amina.address, "most": 100}
    async with app.storage.reading() as tx:
        first = min(row.id for row in await tx.rows(Transcript, **about, after=0))
    set_state(app, first, "queued")
    clock.shift(timedelta(days=91))
    walk = Retention(app.storage, 90)
    await walk.round()
    assert await said_and_heard(app, amina) == (own - 2, told - 1)
    for _ in range(max(own, told)):
        await walk.round()
    assert await said_and_heard(app, amina) == (0, 1)
    set_state(app, first, "sent")
    clock.shift(timedelta(days=1, seconds=-1))
    await walk.round()
    assert await said_and_heard(app, amina) == (0, 1)
    clock.shift(timedelta(seconds=1))
    await walk.round()
    assert await said_and_heard(app, amina) == (0, 0)


async def test_while_a_hold_stands_nothing_goes_and_then_it_does(
    app: App, clock: time_machine.Traveller
) -> None:
    """Messages, what nobody could read and unfinished answers; who asks for it is still erased."""
    amina, driss = Citizen(app, at=now_ms()), Citizen(app, "driss", at=now_ms())
    await amina.arrives(code="OZT-LIGHT")
    await amina.says("good")
    await driss.arrives()
    await app.conversations.put_aside(app.channels["web"], b"{", "not an update")
    async with app.storage.transaction() as tx:
        await tx.run("add_hold", id=1, reason="the court of accounts", made_by="amal", at=now_ms())

    async def round_of_the_house() -> tuple[tuple[int, int], int]:
        await housekeeping.keep_house(app)
        await Retention(app.storage, 90).round()
        async with app.storage.reading() as tx:
            unread = await put_aside.messages(tx, app.register, app.register.default_id)
        return await said_and_heard(app, amina), len(unread)

    before = await said_and_heard(app, amina)
    clock.shift(timedelta(days=91))
    assert await round_of_the_house() == (before, 1)
    driss.at = now_ms()
    for said in ("my data", "[Erase my data]", "[Erase my data]"):
        await driss.says(said)
    assert await said_and_heard(app, driss) == (0, 1)
    async with app.storage.transaction() as tx:
        await tx.run("lift_hold", id=1, made_by="amal", at=now_ms())
    assert await round_of_the_house() == ((0, 0), 0)


def test_a_hold_is_made_listed_and_lifted_at_the_terminal(shell: Shell) -> None:
    shell.refuses(["hold", "add", "--reason", "it is so "], "8 characters")
    shell.refuses(["hold", "add", "--reason", "x" * 9], "9 characters")
    shell.refuses(["hold", "add", "--reason", "x" * 501], "501 characters")
    longest = shell.says(["hold", "add", "--reason", "x" * 500], "stands").split()[1]
    shell.says(["hold", "lift", longest], "is lifted")
    assert "invalid row_id value" in shell.run("hold", "lift", "9" * 23).stderr
    made = shell.says(["hold", "add", "--reason", " a court so "], "stands", "erased")
    number = made.split()[1]
    shell.says(["hold", "list"], number, "stands: a court so")
    shell.refuses(["hold", "lift", "5"], "no hold 5 stands")
    shell.says(["hold", "lift", number], "is lifted")
    shell.refuses(["hold", "lift", number], f"no hold {number} stands")
    shell.says(["hold", "list"], "lifted", "by")

    async def holds(app: App) -> list[Holds]:
        async with app.storage.reading() as tx:
            return await tx.rows(Holds)

    assert all(one.lifted_by == one.made_by for one in shell.inside(holds))
