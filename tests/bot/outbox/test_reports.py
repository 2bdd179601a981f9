"""What a restart goes on with, and what a provider says later about a message it took."""

import msgspec
import pytest

from bot.channels.port import (
    Envelope,
    Halted,
    Later,
    OutsideWindow,
    Refused,
    SendError,
    Status,
    Transient,
    Uncertain,
    Unfit,
    Unreachable,
)
from bot.outbox import reports
from bot.outbox.delivery import Delivery
from storage.database import Storage
from tests.bot.outbox.conftest import Clock
from tests.bot.outbox.scripted import (
    VAULT,
    Formed,
    Scripted,
    fate,
    lives,
    missed,
    queued,
    row_of,
    standing,
)
from tests.citizen import NOON


async def test_a_restart_goes_on_with_the_tries_and_waits_of_before(
    storage: Storage, channel: Scripted, clock: Clock
) -> None:
    """A reply that had one try left has one, and goes when its time has come."""
    clock.stopped, clock.begun = True, NOON
    envelope = await queued(storage, "one")
    before = Delivery(storage, {"scripted": Scripted()}, VAULT)
    soon = clock.now_ms() + 5000
    before.settlement.settle(envelope.id, "queued", not_before=soon, tries=9, doubts=8)
    await before.settlement.close()
    channel.answers = [Uncertain("no answer")]
    after = Delivery(storage, {"scripted": channel}, VAULT)
    assert await after.resume() == 1
    await after.idle()
    assert channel.tried == ["one"]
    assert max(clock.waits) == pytest.approx(5, abs=0.9)
    assert await fate(storage, envelope) == ("uncertain", "Uncertain, 10 tries")


@pytest.mark.parametrize(("why", "held"), [("slow down", True), ("Transient", False)])
async def test_a_restart_waits_where_the_provider_asked_to_and_not_for_its_own_pauses(
    storage: Storage, channel: Scripted, clock: Clock, why: str, held: bool
) -> None:
    """Somebody who writes after the restart has the waiting reply tried, but not against a 429."""
    clock.stopped = True
    envelope = await queued(storage, "one")
    before = Delivery(storage, {"scripted": Scripted()}, VAULT)
    soon = clock.now_ms() + 30_000
    before.settlement.settle(envelope.id, "queued", not_before=soon, error=why)
    await before.settlement.close()
    after = Delivery(storage, {"scripted": channel}, VAULT, None, {"scripted": 1_000_000})
    await after.resume()
    left = after._pauses.left_in_chat("scripted", "amina")
    assert (left > 0) is held
    assert not held or left == pytest.approx(30, abs=0.1)
    await after.idle()
    assert channel.sent == ["one"]


@pytest.mark.parametrize(("reason", "sent"), [("reply", ["again"]), ("staff", ["again", "again"])])
async def test_a_restart_knows_what_answers_a_citizen(
    storage: Storage, channel: Scripted, reason: str, sent: list[str]
) -> None:
    """Only such may be superseded by a repeat: a word to staff is not."""
    for _ in range(2):
        await queued(storage, "again", reason=reason)
    after = Delivery(storage, {"scripted": channel}, VAULT, None, {"scripted": 1_000_000})
    await after.resume()
    await after.idle()
    assert channel.sent == sent


async def test_a_pause_of_another_process_is_heeded_to_its_end(
    storage: Storage, delivery: Delivery, clock: Clock
) -> None:
    """Ten seconds; one that is over holds nothing up, and a shorter one does not shorten it."""
    other = Delivery(storage, {"scripted": Scripted()}, VAULT)
    other.settlement.pause("scripted", "ours", 10, "slow down")
    await other.settlement.close()
    assert await delivery.resume() == 0
    clock.passed += 9
    assert delivery.paused("scripted")
    clock.passed += 1.5
    assert not delivery.paused("scripted")


async def test_what_was_said_last_while_a_message_goes_is_known_to_the_next_process(
    storage: Storage, channel: Scripted
) -> None:
    """WhatsApp's 24 hours are counted from it."""
    await lives(storage, "amina")
    await queued(storage, "one")
    seen = Seen()
    after = Delivery(storage, {"scripted": seen}, VAULT)
    await after.resume()
    await after.idle()
    assert seen.last_in == [NOON]


class Seen(Scripted):
    """Looks at what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.last_in: list[int] = []

    async def send(self, envelope: object) -> str:
        """Note when the citizen was last heard of."""
        self.last_in.append(envelope.last_in_at)  # type: ignore[attr-defined]
        return "p1"


async def reported(delivery: Delivery, *states: str, **known: object) -> None:
    """The provider says these, one after the other."""
    for state in states:
        word = Status(channel="scripted", provider_id="p1", state=state, **known)  # type: ignore[arg-type]
        await delivery.report([word])


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("delivered",), "delivered"),
        (("delivered", "sent"), "delivered"),
        (("read", "delivered"), "read"),
        (("delivered", "read"), "read"),
        (("read", "failed"), "failed"),
        (("failed", "read"), "failed"),
        (("sent",), "sent"),
    ],
)
@pytest.mark.parametrize("by_id", [True, False])
async def test_a_providers_later_words_only_go_upwards(
    storage: Storage, delivery: Delivery, words: tuple[str, ...], state: str, by_id: bool
) -> None:
    """They come in any order, by our number or the provider's."""
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    await reported(delivery, *words, id=envelope.id if by_id else None)
    assert (await fate(storage, envelope))[0] == state


async def test_a_report_says_why_and_closes_the_address(
    storage: Storage, delivery: Delivery
) -> None:
    """By our number or the provider's; somebody else's address stays open."""
    for name, by_id in (("amina", True), ("brahim", False)):
        await lives(storage, name)
        envelope = await queued(storage, name, name)
        delivery.send("scripted", envelope)
        await delivery.idle()
        row = await row_of(storage, envelope)
        word = Status(
            channel="scripted",
            provider_id=row["provider_id"],
            id=envelope.id if by_id else None,
            state="failed",
            error="63024",
            problem=Unreachable("63024", "opted_out" if by_id else "closed"),
        )
        await lives(storage, f"neighbour of {name}")
        await delivery.report([word])
        assert await fate(storage, envelope) == ("failed", "63024")
    assert await standing(storage) == {
        "amina": "opted_out",
        "neighbour of amina": "open",
        "brahim": "closed",
        "neighbour of brahim": "open",
    }


async def test_a_report_of_another_channel_changes_nothing_here(
    storage: Storage, delivery: Delivery
) -> None:
    """Two providers may give the same number."""
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    await delivery.report([Status(channel="other", provider_id="p1", state="read")])
    assert (await fate(storage, envelope))[0] == "sent"


@pytest.mark.parametrize("state", ["sent", "delivered", "read", "failed"])
@pytest.mark.parametrize("by_id", [True, False])
async def test_the_same_report_again_changes_nothing_and_counts_once(
    storage: Storage, delivery: Delivery, state: str, by_id: bool
) -> None:
    """Providers say things twice; the second time the reason may be another."""
    await lives(storage, "amina")
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    known = {"id": envelope.id if by_id else None}
    await reported(delivery, state, **known, error="first")
    async with storage.reading() as tx:
        before = await tx.rows("message_whole", id=envelope.id)
        counted = await tx.rows("message_states", channel="scripted")
    await reported(delivery, state, state, **known, error="second")
    async with storage.reading() as tx:
        assert await tx.rows("message_whole", id=envelope.id) == before
        assert await tx.rows("message_states", channel="scripted") == counted
    assert [(row["state"], row["n"]) for row in counted] == [(state, 1)]
    assert await standing(storage) == {"amina": "open"}


async def fails_later(
    delivery: Delivery, envelope: Envelope, problem: SendError, provider_id: str = "p1"
) -> None:
    """The provider says afterwards that it could not deliver."""
    word = Status(
        channel="scripted",
        provider_id=provider_id,
        id=envelope.id,
        state="failed",
        error="63",
        problem=problem,
    )
    await delivery.report([word])
    await delivery.idle()


@pytest.mark.parametrize(
    ("problem", "waits", "form"),
    [
        (Later(60), [60], "rich"),
        (Later(5, everyone=False), [5], "rich"),
        (Halted("20003"), [60], "rich"),
        (Transient("503"), [1], "rich"),
        (Unfit("63005"), [], "plain"),
        (OutsideWindow("63016"), [], "template"),
    ],
)
async def test_an_error_that_comes_later_means_what_it_would_have_meant_at_once(
    storage: Storage, clock: Clock, problem: SendError, waits: list[float], form: str
) -> None:
    """The reply goes again, after the same pause and in the form that is left."""
    await lives(storage, "amina")
    clock.stopped = True
    clock.begun = NOON
    channel = Formed()
    delivery = Delivery(storage, {"scripted": channel}, VAULT, None, {"scripted": 1_000_000})
    envelope = await queued(storage, "one", template="answer")
    delivery.send("scripted", envelope)
    await delivery.idle()
    clock.waits = []
    await fails_later(delivery, envelope, problem)
    assert channel.forms == ["rich", form]
    assert clock.waits == pytest.approx(waits, abs=0.01)
    assert await fate(storage, envelope) == ("sent", None)
    assert (await row_of(storage, envelope))["provider_id"] == "p2"
    # The same words again change nothing: they are about the first try.
    await fails_later(delivery, envelope, problem)
    assert len(channel.forms) == 2
    assert await missed(storage) == {}
    await delivery.close()


@pytest.mark.parametrize("problem", [Unfit("63005"), OutsideWindow("63016")])
async def test_a_form_that_is_refused_later_is_tried_in_the_other_once(
    storage: Storage, clock: Clock, problem: SendError
) -> None:
    """Not for ever: then it is lost, and whoever was to read it is told when they write."""
    await lives(storage, "amina")
    clock.stopped = True
    clock.begun = NOON
    channel = Formed()
    delivery = Delivery(storage, {"scripted": channel}, VAULT, None, {"scripted": 1_000_000})
    envelope = await queued(storage, "one", template="answer")
    delivery.send("scripted", envelope)
    await delivery.idle()
    for number in (1, 2):
        await fails_later(delivery, envelope, problem, f"p{number}")
    assert len(channel.forms) == 2
    assert await fate(storage, envelope) == ("failed", "63")
    assert await missed(storage) == {"amina": 1}
    await delivery.close()


@pytest.mark.parametrize(("problem", "told"), [(Refused("63013"), 1), (Unreachable("63024"), 0)])
async def test_who_missed_a_reply_for_good_is_counted_once(
    storage: Storage, delivery: Delivery, problem: SendError, told: int
) -> None:
    """Nobody is told who cannot be reached anyway."""
    await lives(storage, "amina")
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    for _ in range(2):
        await fails_later(delivery, envelope, problem)
    assert await fate(storage, envelope) == ("failed", "63")
    assert await missed(storage) == ({"amina": told} if told else {})


@pytest.mark.parametrize(("hours", "again"), [(5.999, True), (6.001, False)])
async def test_after_six_hours_a_later_error_is_the_end(
    storage: Storage, clock: Clock, hours: float, again: bool
) -> None:
    """As for an error that comes at once."""
    clock.stopped = True
    clock.begun = NOON
    channel = Formed()
    delivery = Delivery(storage, {"scripted": channel}, VAULT, None, {"scripted": 1_000_000})
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    clock.passed = hours * 3600
    await fails_later(delivery, envelope, Transient("503"))
    assert len(channel.forms) == 1 + again
    await delivery.close()


async def test_an_error_of_a_message_that_arrived_changes_nothing(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """Delivered is delivered, and a message of somebody else's is not sent again."""
    envelope, other = await queued(storage, "one"), await queued(storage, "two", "brahim")
    for one in (envelope, other):
        delivery.send("scripted", one)
    await delivery.idle()
    await reported(delivery, "delivered", id=envelope.id)
    await fails_later(delivery, envelope, Transient("503"))
    await fails_later(delivery, other, Transient("503"), "p9")
    assert sorted(channel.sent) == ["one", "two"]


@pytest.mark.parametrize("state", ["failed", "sent", "delivered"])
async def test_a_word_on_an_earlier_try_changes_nothing(
    storage: Storage, clock: Clock, state: str
) -> None:
    """Neither while it waits for the next, nor once that has arrived: a restart finds it."""
    clock.stopped = True
    clock.begun = NOON
    channel = Formed()
    delivery = Delivery(storage, {"scripted": channel}, VAULT, None, {"scripted": 1_000_000})
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    first = Status(
        channel="scripted",
        provider_id="p1",
        id=envelope.id,
        state="failed",
        error="63018",
        problem=Later(60),
    )
    async with storage.transaction() as tx:
        await reports.write(tx, [first], None)
    late = msgspec.structs.replace(
        first, state=state, problem=Later(60) if state == "failed" else None
    )
    await delivery.report([late])
    assert (await fate(storage, envelope))[0] == "queued"
    after = Delivery(storage, {"scripted": channel}, VAULT)
    assert await after.resume() == 1
    await after.idle()
    await reported(after, "delivered", id=envelope.id)
    await after.report([late])
    assert (await fate(storage, envelope))[0] in ("sent", "delivered")
    await delivery.close()
    await after.close()


@pytest.mark.parametrize("by_id", [True, False])
async def test_a_push_of_which_no_answer_came_is_known_by_its_report(
    storage: Storage, delivery: Delivery, channel: Scripted, by_id: bool
) -> None:
    """By our number: the provider's was in the answer that was lost."""
    channel.answers = [Uncertain("no answer")]
    envelope = await queued(storage, "push")
    delivery.push("scripted", envelope)
    await delivery.idle()
    assert await fate(storage, envelope) == ("uncertain", "no answer")
    await reported(delivery, "sent", "delivered", id=envelope.id if by_id else None)
    assert (await fate(storage, envelope))[0] == ("delivered" if by_id else "uncertain")


async def test_a_report_that_something_arrived_takes_nothing_back(
    storage: Storage, delivery: Delivery, monkeypatch: pytest.MonkeyPatch, channel: Scripted
) -> None:
    """Nobody is told of an answer that they have; and the words behind it are heard as well."""
    monkeypatch.setattr(reports, "now_ms", lambda: NOON)
    await lives(storage, "amina")
    one, other = await queued(storage, "one"), await queued(storage, "two")
    for envelope in (one, other):
        delivery.send("scripted", envelope)
    await delivery.idle()
    known = {"channel": "scripted", "state": "delivered"}
    words = [
        Status(channel="scripted", provider_id="p1", id=one.id, state="failed", error="503",
               problem=Transient("503")),
        Status(**known, provider_id="p2", id=other.id),
    ]  # fmt: skip
    await delivery.report(words)
    assert (await fate(storage, other))[0] == "delivered"
    await delivery.idle()
    assert channel.sent == ["one", "two", "one"]
    assert await missed(storage) == {}


@pytest.mark.parametrize(
    ("problem", "chat", "account"),
    [
        (Later(60, everyone=False), True, False),
        (Later(60), True, True),
        (Halted("20003"), False, True),
    ],
)
async def test_a_later_word_to_slow_down_is_heeded(
    storage: Storage,
    delivery: Delivery,
    monkeypatch: pytest.MonkeyPatch,
    problem: SendError,
    chat: bool,
    account: bool,
) -> None:
    """By who hears of it, whoever sent the message."""
    monkeypatch.setattr(reports, "now_ms", lambda: NOON)
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    word = Status(channel="scripted", provider_id="p1", id=envelope.id, state="failed", error="63",
                  problem=problem)  # fmt: skip
    await delivery.report([word])
    assert (delivery._pauses.left_in_chat("scripted", "amina") > 50) is chat
    assert (delivery._pauses.left("scripted") > 50) is account


@pytest.mark.parametrize(
    ("problem", "seconds"),
    [(Later(30, everyone=False), 30), (Halted("20003"), 60), (Unfit("63005"), 0)],
)
async def test_what_goes_again_goes_at_its_time_also_after_a_restart(
    storage: Storage, delivery: Delivery, clock: Clock, problem: SendError, seconds: int
) -> None:
    """The outbox says when."""
    clock.stopped = True
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    word = Status(channel="scripted", provider_id="p1", id=envelope.id, state="failed", error="63",
                  problem=problem)  # fmt: skip
    clock.begun = NOON
    clock.passed = 0
    async with storage.transaction() as tx:
        await reports.write(tx, [word], None)
    row = await row_of(storage, envelope)
    assert (row["state"], row["not_before"]) == ("queued", NOON + seconds * 1000)
