"""How often a reply is tried, how long it waits between, and when it is given up."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.channels.port import (
    Envelope,
    Halted,
    Later,
    OutsideWindow,
    Refused,
    Transient,
    Uncertain,
    Unfit,
    Unreachable,
)
from bot.outbox import delivery as module
from bot.outbox.delivery import Delivery
from bot.outbox.retries import too_old
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


def nearly(seconds: Sequence[float]) -> object:
    """These waits, give or take what the test itself takes."""
    return pytest.approx(list(seconds), abs=0.5)


async def test_a_reply_waits_twice_as_long_after_each_try_up_to_ten_minutes(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock
) -> None:
    """A provider that is away for an hour and a half gets the reply then."""
    clock.stopped = True
    channel.answers = [Transient("no such host")] * 16
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    assert clock.waits == nearly([2**n for n in range(10)] + [600] * 6)
    assert await fate(storage, envelope) == ("sent", None)


async def test_a_reply_is_tried_for_six_hours_and_the_chat_goes_on(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock
) -> None:
    """The try after the six hours is the last; whoever was to read it is told when they write."""
    await lives(storage, "amina")
    clock.stopped = True
    channel.answers = [Transient("broken pipe")] * 46
    first, second = await queued(storage, "one"), await queued(storage, "two")
    delivery.send("scripted", first)
    delivery.send("scripted", second)
    await delivery.idle()
    assert channel.tried == ["one"] * 46 + ["two"]
    assert sum(clock.waits[:44]) < 6 * 3600 <= sum(clock.waits[:45])
    assert await fate(storage, first) == ("failed", "Transient, 46 tries")
    assert await fate(storage, second) == ("sent", None)
    assert await missed(storage) == {"amina": 1}


@pytest.mark.parametrize(("hours", "state"), [(5.999, "sent"), (6.001, "failed")])
async def test_a_restart_knows_how_old_a_reply_is(
    storage: Storage, channel: Scripted, clock: Clock, hours: float, state: str
) -> None:
    """It is tried once all the same; only what fails then is given up."""
    clock.stopped = True
    clock.begun, clock.passed = NOON, hours * 3600
    envelope = await queued(storage, "one")
    channel.answers = [Transient("broken pipe")]
    delivery = Delivery(storage, {"scripted": channel}, VAULT)
    await delivery.resume()
    await delivery.idle()
    assert (await fate(storage, envelope))[0] == state
    await delivery.close()


async def test_while_a_reply_waits_for_its_next_try_the_outbox_says_so(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """A process that takes over knows why, how often, and from when on."""
    channel.answers = [Transient("broken pipe")]
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await channel.refused.wait()
    await asyncio.sleep(0)
    await delivery.settlement.idle()
    row = await row_of(storage, envelope)
    assert (row["state"], row["error"], row["tries"]) == ("queued", "Transient", 1)
    assert row["not_before"] > 0


async def test_a_reply_does_not_go_before_its_time(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock
) -> None:
    """A restart waits for the rest of the wait."""
    envelope = await queued(storage, "one")
    before = Delivery(storage, {"scripted": Scripted()}, VAULT)
    before.settlement.settle(envelope.id, "queued", not_before=clock.now_ms() + 7000)
    await before.settlement.close()
    await delivery.resume()
    await delivery.idle()
    assert clock.waits == nearly([7])
    assert channel.sent == ["one"]


@pytest.mark.parametrize(
    ("answers", "tried", "said"),
    [
        ([Uncertain()], 2, ("sent", None)),
        ([Uncertain()] * 8, 9, ("sent", None)),
        ([Uncertain()] * 9, 9, ("uncertain", "Uncertain, 9 tries")),
        ([Transient()] * 5 + [Uncertain()] * 9, 14, ("uncertain", "Uncertain, 14 tries")),
        ([Uncertain(), Transient()], 3, ("sent", None)),
        ([Uncertain(), Refused("bad form")], 2, ("uncertain", "bad form")),
    ],
)
async def test_a_reply_that_may_have_gone_out_is_repeated_eight_times_and_no_more(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock,
    answers: list[Exception | None], tried: int, said: tuple[str, str | None],
) -> None:  # fmt: skip
    """Better twice than never; then it is never called failed, for it may be there."""
    clock.stopped = True
    channel.answers = answers
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    assert (len(channel.tried), await fate(storage, envelope)) == (tried, said)


async def test_the_repeats_of_what_may_have_arrived_take_half_an_hour(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock
) -> None:
    """The first come soon: most troubles last for seconds."""
    clock.stopped = True
    channel.answers = [Uncertain()] * 9
    delivery.send("scripted", await queued(storage, "one"))
    await delivery.idle()
    assert clock.waits == nearly([1, 2, 4, 8, 60, 300, 600, 600])


@pytest.mark.parametrize(
    ("refusal", "each"),
    [(Later(3), 3), (Later(3, everyone=False), 3), (Halted("401"), 60)],
    ids=["the account", "the chat", "the token"],
)
async def test_being_told_to_wait_is_no_try(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock,
    refusal: Exception, each: float,
) -> None:  # fmt: skip
    """Twenty times later it still has all its tries; it waits as long as was said, a minute for a token."""
    clock.stopped = True
    for answers, waits, state in (
        ([refusal] * 20, [each] * 20, "sent"),
        ([refusal] * 3 + [Transient("x")] * 5, [each] * 3 + [1, 2, 4, 8, 16], "sent"),
    ):
        channel.answers, clock.waits = list(answers), []
        envelope = await queued(storage, "one")
        delivery.send("scripted", envelope)
        await delivery.idle()
        assert clock.waits == pytest.approx(waits, abs=0.001)
        assert (await fate(storage, envelope))[0] == state


async def test_a_wait_is_over_to_the_second_and_the_longer_of_two_counts(
    delivery: Delivery, clock: Clock
) -> None:
    """Ten seconds; a shorter word meanwhile changes nothing."""
    assert not delivery.paused("scripted")
    delivery._pauses.begin("scripted", 10)
    delivery._pauses.begin("scripted", 2)
    clock.passed += 9.5
    assert delivery.paused("scripted")
    clock.passed += 1
    assert not delivery.paused("scripted")


@pytest.mark.parametrize("seconds", [0.5, 10])
async def test_whoever_needs_the_provider_waits_out_the_pause(
    delivery: Delivery, clock: Clock, seconds: float
) -> None:
    """To its very end, and not at all where there is none."""
    clock.stopped = True
    await delivery.out_of_pause("scripted")
    assert clock.waits == []
    delivery._pauses.begin("scripted", seconds)
    assert delivery.paused("scripted")
    async with asyncio.timeout(60):
        await delivery.out_of_pause("scripted")
    assert clock.waits == nearly([seconds])
    assert not delivery.paused("scripted")


async def test_a_chat_whose_sending_is_cut_off_does_not_disturb_who_waits_for_the_others(
    storage: Storage,
) -> None:
    """An end that waits for everything waits for the rest."""
    delivery = Delivery(storage, {"scripted": Told()}, VAULT)
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    (task,) = delivery._tasks
    await asyncio.sleep(0)
    task.cancel()
    await delivery.idle()
    assert (await fate(storage, envelope))[0] == "sending"
    await delivery.close()


async def test_one_chat_that_has_to_wait_holds_nobody_else(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """The account is not paused for it, and nothing of it is left for a restart."""
    channel.answers = [Later(60, everyone=False)]
    delivery.send("scripted", await queued(storage, "one"))
    await channel.refused.wait()
    delivery.send("scripted", await queued(storage, "two", "brahim"))
    await asyncio.sleep(0.05)
    await delivery.settlement.idle()
    assert channel.sent == ["two"]
    assert not delivery.paused("scripted")
    async with storage.reading() as tx:
        assert await tx.rows("pauses", at=0) == []


async def test_where_nobody_is_any_more_the_address_is_closed_and_no_other(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """A reply and a push alike; who opted out is told from who is gone."""
    for name in ("amina", "brahim", "clara"):
        await lives(storage, name)
    channel.answers = [Unreachable("blocked")]
    delivery.send("scripted", await queued(storage, "one"))
    await delivery.idle()
    channel.answers = [Unreachable("STOP", gone="opted_out")]
    push = await queued(storage, "two", "brahim")
    delivery.push("scripted", push)
    await delivery.idle()
    assert await standing(storage) == {"amina": "closed", "brahim": "opted_out", "clara": "open"}
    assert await fate(storage, push) == ("failed", "STOP")


class Told(Scripted):
    """A provider that notes when each message was tried, in seconds since the first."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[tuple[str, float]] = []
        self._begun = 0.0

    async def send(self, envelope: Envelope) -> str:
        """Note it; take one or say to wait, as told."""
        now = asyncio.get_running_loop().time()
        self._begun = self._begun or now
        self.at.append((envelope.message.text, now - self._begun))
        return await super().send(envelope)


async def test_a_reply_that_waits_for_its_turn_waits_out_a_pause_that_begins_meanwhile(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not tried within it, nor lost: it goes once it is over."""
    monkeypatch.setattr(module, "AT_ONCE", 1)
    channel = Told()
    channel.answers = [Later(0.3)]
    delivery = Delivery(storage, {"scripted": channel}, VAULT)
    both = [await queued(storage, "one"), await queued(storage, "two", "brahim")]
    for envelope in both:
        delivery.send("scripted", envelope)
    await delivery.idle()
    assert channel.at[0] == ("one", 0)
    assert sorted(text for text, _ in channel.at[1:]) == ["one", "two"]
    assert all(seconds >= 0.3 for _, seconds in channel.at[1:])
    await delivery.close()


@pytest.mark.parametrize(
    ("answers", "template", "forms", "state"),
    [
        ([Unfit("voice")], None, ["rich", "plain"], ("sent", None)),
        ([Unfit("voice"), Unfit("plain")], None, ["rich", "plain"], ("failed", "plain")),
        ([OutsideWindow("late")], "answer", ["rich", "template"], ("sent", None)),
        ([OutsideWindow("late")], None, ["rich"], ("failed", "late")),
        ([OutsideWindow("late")] * 2, "answer", ["rich", "template"], ("failed", "late")),
        (
            [OutsideWindow("late"), Unfit("x")],
            "answer",
            ["rich", "template", "plain"],
            ("sent", None),
        ),
    ],
)
async def test_a_form_that_is_refused_gives_way_to_the_next(
    storage: Storage, clock: Clock, answers: list[Exception | None], template: str | None,
    forms: list[str], state: tuple[str, str | None],
) -> None:  # fmt: skip
    """Words for what is refused as it is, the template where the window is closed; then it is lost."""
    await lives(storage, "amina")
    channel = Formed()
    channel.answers = answers
    delivery = Delivery(storage, {"scripted": channel}, VAULT, None, {"scripted": 1_000_000})
    envelope = await queued(storage, "one", template=template)
    delivery.send("scripted", envelope)
    await delivery.idle()
    assert (channel.forms, await fate(storage, envelope)) == (forms, state)
    assert await missed(storage) == ({} if state[0] == "sent" else {"amina": 1})
    await delivery.close()


async def test_what_may_have_arrived_is_counted_for_the_next_process(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock
) -> None:
    """Each try that may have arrived, and no other: neither a refusal nor a line that was down."""
    clock.stopped = True
    for answers, doubts in (
        ([Uncertain()] * 9, 9),
        ([Uncertain(), Transient(), Transient()], 1),
        ([Transient(), Refused("bad form")], 0),
        ([Uncertain(), Refused("bad form")], 1),
    ):
        channel.answers = list(answers)
        envelope = await queued(storage, "one")
        delivery.send("scripted", envelope)
        await delivery.idle()
        assert (await row_of(storage, envelope))["doubts"] == doubts


@pytest.mark.parametrize(("past", "old"), [(-1, False), (0, True), (1, True)])
def test_a_reply_has_six_hours(past: int, old: bool) -> None:
    """To the millisecond: then it is tried once more and given up."""
    assert too_old(1000, 1000 + 6 * 3_600_000 + past) is old
