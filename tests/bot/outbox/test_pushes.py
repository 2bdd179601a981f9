"""A message of a broadcast is tried once for each time it is claimed, and never sent twice."""

import asyncio

import pytest

from bot.channels.port import Halted, Later, Refused, Transient, Uncertain
from bot.core.localtime import now_ms
from bot.outbox.delivery import Delivery
from storage.database import Storage
from tests.bot.outbox.conftest import Clock
from tests.bot.outbox.scripted import VAULT, Scripted, fate, queued, row_of


async def test_a_push_is_tried_once_for_each_time_it_is_claimed(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """It goes back to the outbox, with how often it was tried."""
    channel.answers = [Transient("broken pipe")]
    push = await queued(storage, "push")
    delivery.push("scripted", push, tries=2)
    await delivery.idle()
    row = await row_of(storage, push)
    assert channel.tried == ["push"]
    assert (row["state"], row["error"], row["tries"]) == ("queued", "Transient", 1)


@pytest.mark.parametrize(("before", "seconds"), [(0, 2), (1, 4), (4, 32), (9, 600), (40, 600)])
async def test_a_push_waits_twice_as_long_after_each_try(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock,
    before: int, seconds: float,
) -> None:  # fmt: skip
    """Two seconds after the first, half a minute after the fifth, and never more than ten minutes."""
    clock.stopped = True
    channel.answers = [Transient("broken pipe")]
    push = await queued(storage, "push")
    since = clock.now_ms()
    delivery.push("scripted", push, tries=before)
    await delivery.idle()
    row = await row_of(storage, push)
    assert row["state"] == "queued"
    assert row["not_before"] == since + seconds * 1000


@pytest.mark.parametrize(("before", "state"), [(43, "queued"), (44, "failed")])
async def test_a_push_is_given_up_with_its_forty_fifth_try(
    storage: Storage, delivery: Delivery, channel: Scripted, before: int, state: str
) -> None:
    """After six hours; the organizer sees how often."""
    channel.answers = [Transient("broken pipe")]
    push = await queued(storage, "push")
    delivery.push("scripted", push, tries=before)
    await delivery.idle()
    why = "Transient" if state == "queued" else "broken pipe (45 tries)"
    assert await fate(storage, push) == (state, why)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, ("sent", None)),
        (Refused("bad form"), ("failed", "bad form")),
        (Uncertain("no answer"), ("uncertain", "no answer")),
        (ZeroDivisionError("secret"), ("failed", "internal error")),
    ],
)
async def test_a_push_that_went_or_may_have_gone_is_not_tried_again(
    storage: Storage, delivery: Delivery, channel: Scripted,
    answer: Exception | None, said: tuple[str, str | None],
) -> None:  # fmt: skip
    """A citizen who is asked twice is worse than one not asked."""
    channel.answers = [answer]
    push = await queued(storage, "push")
    delivery.push("scripted", push)
    await delivery.idle()
    assert channel.tried == ["push"]
    assert await fate(storage, push) == said
    assert (await row_of(storage, push))["provider_id"] == ("p1" if answer is None else None)


@pytest.mark.parametrize(
    ("refusal", "seconds"),
    [(Later(30), 30), (Later(30, everyone=False), 30), (Halted("401"), 60)],
)
async def test_a_push_that_is_told_to_wait_goes_back_untried(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock,
    refusal: Exception, seconds: float,
) -> None:  # fmt: skip
    """With the time from which it may be claimed again; whether others wait too."""
    clock.stopped = True
    channel.answers = [refusal]
    push = await queued(storage, "push")
    since = clock.now_ms()
    delivery.push("scripted", push)
    await delivery.idle()
    row = await row_of(storage, push)
    assert (row["state"], row["error"], row["tries"]) == ("queued", None, 0)
    assert row["not_before"] == since + seconds * 1000 + 1
    assert delivery.paused("scripted") is getattr(refusal, "everyone", True)


@pytest.mark.parametrize(("left", "tried"), [(30, False), (0.5, False), (0, True)])
async def test_a_push_handed_over_in_a_pause_is_not_tried(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock, left: float, tried: bool
) -> None:
    """It waits in the outbox until the pause is over: the citizen's word may change meanwhile."""
    clock.stopped = True
    delivery._pauses.begin("scripted", 40)
    clock.passed = 40 - left
    push = await queued(storage, "push")
    delivery.push("scripted", push)
    await delivery.idle()
    row = await row_of(storage, push)
    assert bool(channel.tried) is tried
    if not tried:
        assert (row["state"], row["tries"]) == ("queued", 0)
        assert row["not_before"] == clock.now_ms() + left * 1000 + 1


@pytest.mark.parametrize(("seconds", "state"), [(2.5, "sent"), (3.0, "sent"), (3.5, "queued")])
async def test_a_push_that_waited_behind_replies_for_three_seconds_is_looked_at_again(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock,
    seconds: float, state: str,
) -> None:  # fmt: skip
    """The hour, or the citizen's word, may have changed."""
    clock.stopped = True
    channel.answers = [Later(seconds, everyone=False)]
    push = await queued(storage, "push")
    delivery.send("scripted", await queued(storage, "reply"))
    delivery.push("scripted", push)
    await delivery.idle()
    row = await row_of(storage, push)
    assert row["state"] == state
    if state == "queued":
        assert channel.sent == ["reply"]
        assert abs(row["not_before"] - clock.now_ms()) < 900


async def test_a_call_that_is_cut_off_leaves_a_push_uncertain(
    storage: Storage, channel: Scripted
) -> None:
    """It may have gone out: nobody sends it again."""
    silent, push = Silent(), await queued(storage, "push")
    delivery = Delivery(storage, {"scripted": silent}, VAULT)
    delivery.push("scripted", push)
    await silent.called.wait()
    await delivery.close(patience=0)
    assert await fate(storage, push) == ("uncertain", "stopped in mid-call")


class Silent(Scripted):
    """A provider that never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.called = asyncio.Event()

    async def send(self, envelope: object) -> str:
        """Never."""
        self.called.set()
        await asyncio.Event().wait()
        return ""


async def test_pushes_behind_a_reply_go_back_to_the_outbox_when_the_process_ends(
    storage: Storage,
) -> None:
    """Nothing was sent of them; another process claims them at once."""
    silent = Silent()
    reply, push = await queued(storage, "reply"), await queued(storage, "push")
    delivery = Delivery(storage, {"scripted": silent}, VAULT)
    delivery.send("scripted", reply)
    delivery.push("scripted", push)
    await silent.called.wait()
    await delivery.close(patience=0)
    row = await row_of(storage, push)
    assert (row["state"], row["tries"]) == ("queued", 0)
    assert row["not_before"] <= now_ms() + 1
    assert (await fate(storage, reply))[0] == "sending"


async def test_an_end_lets_what_is_on_the_wire_arrive(storage: Storage) -> None:
    """For a while; and begins nothing new."""
    slow = Slow()
    delivery = Delivery(storage, {"scripted": slow}, VAULT)
    first, second = await queued(storage, "one"), await queued(storage, "two")
    delivery.send("scripted", first)
    delivery.send("scripted", second)
    await slow.called.wait()
    await delivery.close(patience=5)
    assert (await fate(storage, first), await fate(storage, second)) == (
        ("sent", None),
        ("sending", None),
    )
    assert delivery.room("scripted", 5) == 0


class Slow(Silent):
    """A provider that takes its time."""

    async def send(self, envelope: object) -> str:
        """After a moment."""
        self.called.set()
        await asyncio.sleep(0.05)
        return "p1"


async def test_what_is_for_a_channel_that_is_not_there_any_more_stays_in_the_outbox(
    storage: Storage, delivery: Delivery
) -> None:
    """It was taken out of the settings: no error, nothing is begun for it, and nothing is lost."""
    envelope = await queued(storage, "one")
    delivery.send("gone", envelope)
    assert not delivery._tasks
    delivery.send("gone", envelope)
    delivery.push("gone", envelope)
    await delivery.idle()
    assert (await fate(storage, envelope))[0] == "sending"


async def test_a_push_that_was_never_tried_waits_two_seconds(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock
) -> None:
    """The wait after its first is two seconds, not four."""
    channel.answers = [Transient("broken pipe")]
    push = await queued(storage, "push")
    since = clock.now_ms()
    delivery.push("scripted", push)
    await delivery.idle()
    assert ((await row_of(storage, push))["not_before"] - since) / 1000 == pytest.approx(2, abs=0.9)
