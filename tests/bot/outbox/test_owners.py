"""Several processes on one PostgreSQL: nothing of a living one is touched, and what a dead one had is taken over."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.channels.port import Envelope, Status, Unfit
from bot.core.localtime import now_ms
from bot.outbox import delivery as ways_out
from bot.outbox import owners as module
from bot.outbox import reports
from bot.outbox.delivery import Delivery
from bot.outbox.owners import GONE_MS, Owners
from bot.outbox.pauses import SLOW_DOWN
from storage.database import Storage
from storage.opening import open_storage
from tests.bot.outbox.scripted import VAULT, Scripted, fate, queued
from tests.citizen import NOON

pytestmark = pytest.mark.unmigrated


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    """A migrated database that several processes use: SQLite as if they could."""
    opened = await open_storage(url)
    await opened.migrate()
    yield opened
    await opened.close()


class Holding(Scripted):
    """A provider that holds every call until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.called = asyncio.Event()
        self.open = asyncio.Event()

    async def send(self, envelope: Envelope) -> str:
        """Answer once it may."""
        self.called.set()
        await self.open.wait()
        return await super().send(envelope)


def process(storage: Storage, channel: Scripted) -> Delivery:
    """A process that serves."""
    made = Delivery(
        storage, {"scripted": channel}, VAULT, {"scripted": 60}, {"scripted": 1_000_000}
    )
    made.owners.several = True
    return made


async def died(storage: Storage, delivery: Delivery, by: int = GONE_MS + 1) -> None:
    """A process is heard of no more."""
    async with storage.transaction() as tx:
        await tx.run("age_process", id=delivery.owners.id, by=by)


async def test_a_process_that_starts_touches_nothing_of_a_living_one(storage: Storage) -> None:
    """Two hundred messages are under way there; none is sent twice."""
    held, channel = Holding(), Scripted()
    one, other = process(storage, held), process(storage, channel)
    await one.resume()
    for number in range(200):
        address = f"chat {number}"
        one.send("scripted", await queued(storage, "one", address, owners=one.owners))
    await held.called.wait()
    assert await other.resume() == 0
    await other.beat()
    await other.idle()
    held.open.set()
    await one.idle()
    assert (len(held.sent), channel.tried) == (200, [])
    await one.close()
    await other.close()


@pytest.mark.parametrize(("silent", "taken"), [(GONE_MS - 4000, False), (GONE_MS + 1, True)])
async def test_what_a_dead_process_had_is_taken_over(
    storage: Storage, silent: int, taken: bool
) -> None:
    """Once it was not heard of for twenty seconds, and in its order."""
    channel = Scripted()
    one, other = process(storage, Holding()), process(storage, channel)
    await one.resume()
    for text in ("first", "second"):
        await queued(storage, text, owners=one.owners)
    await other.resume()
    await died(storage, one, silent)
    await other.beat()
    await other.idle()
    assert channel.sent == (["first", "second"] if taken else [])
    await other.close()


async def test_a_process_that_ends_hands_over_at_once(storage: Storage) -> None:
    """What it could not send in time."""
    held, channel = Holding(), Scripted()
    one, other = process(storage, held), process(storage, channel)
    await one.resume()
    envelope = await queued(storage, "one", owners=one.owners)
    one.send("scripted", envelope)
    await held.called.wait()
    await one.close(patience=0)
    await other.resume()
    await other.idle()
    assert channel.sent == ["one"]
    await other.close()


async def test_a_process_that_comes_back_forgets_what_is_anothers(storage: Storage) -> None:
    """It serves under another name, and its late word on a message does not count."""
    held, channel = Holding(), Scripted()
    one, other = process(storage, held), process(storage, channel)
    await one.resume()
    before = one.owners.id
    envelopes = [await queued(storage, text, owners=one.owners) for text in ("first", "second")]
    for envelope in envelopes:
        one.send("scripted", envelope)
    await held.called.wait()
    await other.resume()
    await died(storage, one)
    await other.beat()
    await other.idle()
    assert channel.sent == ["first", "second"]
    late = one.settlement
    late.settle(envelopes[1].id, "failed", not_before=0, error="late")
    await late.idle()
    assert await fate(storage, envelopes[1]) == ("sent", None)
    await one.beat()
    assert one.owners.id != before
    held.open.set()
    await one.idle()
    # What was on the wire could not be taken back; the second was.
    assert held.sent == ["first"]
    async with storage.reading() as tx:
        known = {row["id"] for row in await tx.rows("processes_known")}
    assert known == {one.owners.id, other.owners.id}
    await one.close()
    await other.close()


async def test_who_is_not_sure_to_be_heard_of_sends_nothing(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others may have taken over by now: it waits until it knows."""
    channel = Scripted()
    one = process(storage, channel)
    monkeypatch.setattr(module, "SURE_SECONDS", 0.0)
    await one.resume()
    assert not one.owners.sure
    assert one.room("scripted", 5) == 0
    one.send("scripted", await queued(storage, "one", owners=one.owners))
    await asyncio.sleep(0.2)
    assert channel.tried == []
    monkeypatch.setattr(module, "SURE_SECONDS", 15.0)
    await one.beat()
    await one.idle()
    assert channel.sent == ["one"]
    await one.close()


async def test_a_chat_is_answered_by_who_is_answering_in_it(storage: Storage) -> None:
    """So that a second answer, made elsewhere, does not overtake the first; it is told at once."""
    held, channel = Holding(), Scripted()
    one, other = process(storage, held), process(storage, channel)
    await one.resume()
    await other.resume()
    listening = asyncio.create_task(storage.listen(one.heard))
    await asyncio.sleep(0.3)
    one.send("scripted", await queued(storage, "first", owners=one.owners))
    await held.called.wait()
    second = await queued(storage, "second", owners=other.owners)
    other.send("scripted", second)
    other.send("scripted", await queued(storage, "hers", "brahim", owners=other.owners))
    await other.idle()
    assert channel.sent == ["hers"]
    if storage.dialect == "sqlite":
        # Nobody calls out there: as if it was heard.
        one.heard("send somebody else")
        one.heard(f"send {one.owners.id}")
    held.open.set()
    async with asyncio.timeout(60):
        while held.sent != ["first", "second"]:  # noqa: ASYNC110  # what the provider has
            await asyncio.sleep(0.02)
    await one.idle()
    assert await fate(storage, second) == ("sent", None)
    # Nothing waits there any more: whoever answers next sends.
    other.send("scripted", await queued(storage, "third", owners=other.owners))
    await other.idle()
    assert channel.sent == ["hers", "third"]
    listening.cancel()
    await one.close()
    await other.close()


async def test_an_answer_written_here_waits_for_what_another_process_wrote_before(
    storage: Storage,
) -> None:
    """It was written for this process to send, which has not looked yet."""
    held, channel = Holding(), Scripted()
    one, other = process(storage, held), process(storage, channel)
    await one.resume()
    await other.resume()
    one.send("scripted", await queued(storage, "first", owners=one.owners))
    await held.called.wait()
    elsewhere = await queued(storage, "second", owners=other.owners)
    assert not other.owners.sends(elsewhere.id)
    for text in ("third", "fourth"):
        one.send("scripted", await queued(storage, text, owners=one.owners))
    held.open.set()
    await one.idle()
    assert held.sent == ["first", "second", "third", "fourth"]
    await one.close()
    await other.close()


async def test_processes_share_an_accounts_rate(storage: Storage) -> None:
    """Sixty a second: thirty for each of two; when one is gone, the other has all of it."""
    one, other = process(storage, Scripted()), process(storage, Scripted())
    await one.resume()
    await one.beat()
    assert one._limits["scripted"].limit == 60
    await other.resume()
    await one.beat()
    await other.beat()
    assert (one._limits["scripted"].limit, other._limits["scripted"].limit) == (30, 30)
    await other.close()
    await one.beat()
    assert one._limits["scripted"].limit == 60
    await one.close()


async def test_a_page_elsewhere_is_told_that_there_is_something_to_read(
    fresh_postgresql: str,
) -> None:
    """The citizen's page may hang on another process than the one that answers."""
    storage = await open_storage(fresh_postgresql)
    await storage.migrate()
    one, other = Owners(storage), Owners(storage)
    shown: list[tuple[str, str]] = []
    other.listeners.append(lambda channel, address: shown.append((channel, address)))
    listening = asyncio.create_task(storage.listen(lambda call: other.heard(call) and None))
    await asyncio.sleep(0.3)
    row = {
        "id": 1, "person_id": None, "channel": "web", "account": "web", "address": "amina",
        "reason": "reply", "intent": "{}", "state": "sent", "created_at": 1,
    }  # fmt: skip
    async with storage.transaction() as tx:
        await one.queue(tx, [row])
    async with asyncio.timeout(60):
        while not shown:  # noqa: ASYNC110  # what is heard
            await asyncio.sleep(0.02)
    assert shown == [("web", "amina")]
    listening.cancel()
    await storage.close()


async def test_what_is_called_out_is_for_who_is_named(storage: Storage) -> None:
    """A page hears its own chat; only the process that is named looks into the outbox."""
    one = process(storage, Scripted()).owners
    shown: list[tuple[str, str]] = []
    one.listeners.append(lambda channel, address: shown.append((channel, address)))
    assert one.heard(f"send {one.id}")
    assert not one.heard(f"send {one.id + 1}")
    assert not one.heard("show web amina")
    assert shown == [("web", "amina")]


async def test_what_a_process_forgets_frees_its_place_and_may_be_taken_up_again(
    storage: Storage,
) -> None:
    """Of three pushes in a chat one is on the wire; the two behind it are another's now."""
    held = Holding()
    one = process(storage, held)
    await one.resume()
    for number in range(3):
        one.push("scripted", await queued(storage, f"push {number}", owners=one.owners))
    waiting = await queued(storage, "reply", owners=one.owners)
    one.send("scripted", waiting)
    await held.called.wait()
    await died(storage, one, 10 * GONE_MS)
    other = process(storage, Scripted())
    await other.resume()
    await one.beat()
    assert one._pushes.under_way["scripted"] == 1
    assert waiting.id not in one._taken
    held.open.set()
    await one.idle()
    assert held.sent == ["push 0"]
    assert one._pushes.under_way["scripted"] == 0
    await one.close()
    await other.close()


async def test_what_was_committed_unheard_of_is_taken_up_if_it_is_old_enough(
    storage: Storage,
) -> None:
    """Once; what is being written now is known to whoever sends it."""
    channel = Scripted()
    one = process(storage, channel)
    await one.resume()
    await queued(storage, "one", owners=one.owners)
    for before, sent in ((NOON, []), (NOON + 1, ["one"]), (NOON + 1, ["one"])):
        await one.take_up(before)
        await one.idle()
        assert channel.sent == sent
    await one.close()


async def test_an_error_told_to_another_process_has_that_one_send_again(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once: the one that sent it first has it no more."""
    monkeypatch.setattr(reports, "now_ms", lambda: NOON)
    first, second = Scripted(), Scripted()
    one, other = process(storage, first), process(storage, second)
    await one.resume()
    await other.resume()
    envelope = await queued(storage, "one", owners=one.owners)
    one.send("scripted", envelope)
    await one.idle()
    word = Status(
        channel="scripted", provider_id="p1", id=envelope.id, state="failed", error="503",
        problem=Unfit("63005"),
    )  # fmt: skip
    await other.report([word])
    await other.idle()
    for process_ in (one, other):
        await process_.beat()
        await process_.idle()
    assert (first.sent, second.sent) == (["one"], ["one"])
    assert await fate(storage, envelope) == ("sent", None)
    await one.close()
    await other.close()


async def test_a_provider_that_asked_the_dead_to_wait_is_not_called_before(
    storage: Storage,
) -> None:
    """Nor because somebody writes in that chat meanwhile."""
    channel = Scripted()
    one, other = process(storage, Scripted()), process(storage, channel)
    await one.resume()
    await other.resume()
    envelope = await queued(storage, "one", owners=one.owners)
    one.settlement.settle(envelope.id, "queued", not_before=now_ms() + 60_000, error=SLOW_DOWN)
    await one.settlement.idle()
    await died(storage, one)
    await other.beat()
    other.send("scripted", await queued(storage, "two", owners=other.owners))
    await asyncio.sleep(0.1)
    assert channel.tried == []
    assert other._pauses.left_in_chat("scripted", "amina") > 50
    await other.close(patience=0)


async def test_a_beat_that_fails_is_not_the_last(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever went wrong: a process that fell silent would send nothing any more."""
    monkeypatch.setattr(ways_out, "BEAT_SECONDS", 0.01)
    one = process(storage, Scripted())
    beats = 0

    async def fails() -> bool:
        nonlocal beats
        beats += 1
        raise ZeroDivisionError

    monkeypatch.setattr(one.owners, "beat", fails)
    keeping = asyncio.create_task(one.keep())
    await asyncio.sleep(0.2)
    assert beats > 1
    assert "a beat failed" in caplog.text
    keeping.cancel()


async def pages_only(storage: Storage, channel: Scripted) -> Delivery:
    """A process that serves, and sends nothing."""
    made = process(storage, channel)
    made.owners.sending = False
    await made.resume()
    return made


async def test_who_serves_pages_only_leaves_answers_to_who_sends(storage: Storage) -> None:
    """In their order; and it has no share of the rate."""
    silent, channel = Scripted(), Scripted()
    one = process(storage, channel)
    await one.resume()
    pages = await pages_only(storage, silent)
    for text in ("first", "second"):
        envelope = await queued(storage, text, owners=pages.owners)
        pages.send("scripted", envelope)
    await pages.beat()
    await pages.idle()
    assert await fate(storage, envelope) == ("sending", None)
    one.heard(f"send {one.owners.id}")
    await asyncio.sleep(0)
    await one.beat()
    await one.idle()
    assert (channel.sent, silent.tried) == (["first", "second"], [])
    assert one._limits["scripted"].limit == 60
    await pages.close()
    await one.close()


async def test_answers_of_which_nobody_is_there_to_send_wait_for_the_first_who_is(
    storage: Storage,
) -> None:
    """And what comes while the first ones wait stands behind them."""
    silent, channel = Scripted(), Scripted()
    pages = await pages_only(storage, silent)
    await queued(storage, "first", owners=pages.owners)
    await pages.beat()
    one = process(storage, channel)
    await one.resume()
    await one.idle()
    await queued(storage, "second", owners=pages.owners)
    await one.beat()
    await one.idle()
    assert (channel.sent, silent.tried) == (["first", "second"], [])
    await pages.close()
    await one.close()


async def test_an_error_told_to_who_serves_pages_only_has_another_send_again(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "now_ms", lambda: NOON)
    silent, channel = Scripted(), Scripted()
    one = process(storage, channel)
    await one.resume()
    pages = await pages_only(storage, silent)
    envelope = await queued(storage, "one", owners=one.owners)
    one.send("scripted", envelope)
    await one.idle()
    word = Status(
        channel="scripted", provider_id="p1", id=envelope.id, state="failed", error="503",
        problem=Unfit("63005"),
    )  # fmt: skip
    await pages.report([word])
    await pages.idle()
    await one.beat()
    await one.idle()
    assert (channel.sent, silent.tried) == (["one", "one"], [])
    await pages.close()
    await one.close()


async def test_what_is_taken_over_goes_to_who_has_the_chat_by_now(storage: Storage) -> None:
    """A dead process's second message, committed late, does not overtake the first elsewhere."""
    held, channel = Holding(), Scripted()
    dead, one, other = (
        process(storage, Scripted()),
        process(storage, held),
        process(storage, channel),
    )
    await dead.resume()
    await queued(storage, "first", owners=dead.owners)
    await died(storage, dead)
    await one.resume()
    await held.called.wait()
    late = await queued(storage, "second", "elsewhere", owners=dead.owners)
    async with storage.transaction() as tx:
        await tx.run("address_message", id=late.id, address="amina")
    await other.resume()
    await other.beat()
    await other.idle()
    assert channel.tried == []
    await one.beat()
    held.open.set()
    await one.idle()
    assert held.sent == ["first", "second"]
    await one.close()
    await other.close()
