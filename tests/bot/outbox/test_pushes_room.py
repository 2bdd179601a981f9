"""How many messages of broadcasts may leave now: after replies, in no pause, a few at once."""

import asyncio

import msgspec
import pytest

from bot.channels.port import Envelope, Later
from bot.outbox.delivery import Delivery
from bot.outbox.pushes import at_once
from storage.database import Storage
from tests.bot.outbox.conftest import Clock
from tests.bot.outbox.scripted import VAULT, Scripted, queued


@pytest.fixture
async def wide(storage: Storage, channel: Scripted, clock: Clock) -> Delivery:
    """A channel that takes forty thousand a second, and has rested for one."""
    made = Delivery(storage, {"scripted": channel}, VAULT, {"scripted": 40_000})
    made.room("scripted", 1)
    clock.passed += 1
    return made


@pytest.mark.parametrize(
    ("per_second", "most"),
    [(1, 96), (20, 96), (96, 96), (97, 97), (511, 511), (512, 512), (513, 512), (1000, 512)],
)
def test_a_second_of_a_channels_rate_may_be_under_way(per_second: float, most: int) -> None:
    """A provider that takes half a second for each does not set the pace; a slow one is not flooded."""
    assert at_once(per_second) == most


async def test_no_more_pushes_than_that_are_under_way_at_once(
    storage: Storage, wide: Delivery
) -> None:
    """One that is under way takes one place; when it is over the place is free."""
    assert wide.room("scripted", 600) == 512
    assert wide.room("scripted", 5) == 5
    wide.push("scripted", await queued(storage, "push"))
    assert wide.room("scripted", 600) == 511
    await wide.idle()
    assert wide.room("scripted", 600) == 512


async def test_stop_gives_back_the_place_of_what_does_not_go(
    storage: Storage, wide: Delivery, channel: Scripted
) -> None:
    """And only of the chat in which it was said."""
    for push in [await queued(storage, f"push {number}") for number in range(3)] + [
        await queued(storage, "hers", "brahim")
    ]:
        wide.push("scripted", push)
    assert wide.room("scripted", 600) == 508
    wide.hush("scripted", "amina")
    wide.hush("scripted", "nobody")
    assert wide.room("scripted", 600) == 511
    await wide.idle()
    assert channel.sent == ["hers"]


async def test_a_paused_channel_has_no_room(storage: Storage, wide: Delivery, clock: Clock) -> None:
    """Until the second in which the pause ends."""
    wide._pauses.begin("scripted", 10)
    assert wide.room("scripted", 5) == 0
    clock.passed += 9
    assert wide.room("scripted", 5) == 0
    clock.passed += 1.5
    assert wide.room("scripted", 5) == 5


async def test_room_that_was_taken_and_not_used_is_given_back(
    storage: Storage, channel: Scripted, clock: Clock
) -> None:
    """Four of ten were for people who had said stop: four others go."""
    clock.stopped = True
    delivery = Delivery(storage, {"scripted": channel}, VAULT, {"scripted": 20})
    delivery.room("scripted", 1)
    clock.passed += 1
    assert delivery.room("scripted", 50) == 10
    assert delivery.room("scripted", 50) == 0
    delivery.give_back("scripted", 4)
    assert delivery.room("scripted", 50) == 4


async def test_where_nothing_is_set_twenty_a_second_go(
    storage: Storage, delivery: Delivery, clock: Clock
) -> None:
    """Half a second's worth is saved up."""
    clock.stopped = True
    delivery.room("scripted", 1)
    clock.passed += 60
    assert delivery.room("scripted", 50) == 10
    clock.passed += 0.48
    assert delivery.room("scripted", 50) == 9


async def test_replies_take_the_room_of_pushes(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock
) -> None:
    """Three replies, three pushes fewer of the next half second's ten."""
    clock.stopped = True
    delivery.room("scripted", 1)
    clock.passed += 60
    assert delivery.room("scripted", 50) == 10
    for text in ("one", "two", "three"):
        delivery.send("scripted", await queued(storage, text, text))
    await delivery.idle()
    clock.passed += 0.48
    assert delivery.room("scripted", 50) == 6


@pytest.mark.parametrize(
    ("refusals", "room"),
    [
        ([Later(1)], 10),
        ([Later(1)] * 3, 10),
        ([Later(0.5)] * 3, 10),
        ([Later(1, everyone=False)], 20),
        ([Later(1, everyone=False)] * 2, 10),
        ([Later(1, everyone=False)] * 3, 10),
    ],
    ids=["one", "three at once are one", "for half a second", "of one chat", "of two", "of three"],
)
async def test_too_many_halves_the_pace_once(
    storage: Storage, channel: Scripted, clock: Clock, refusals: list[Exception | None], room: int
) -> None:
    """Calls on the wire at the same time get the same answer."""
    clock.stopped = True
    delivery = Delivery(storage, {"scripted": channel}, VAULT, {"scripted": 40})
    delivery.room("scripted", 1)
    channel.answers = list(refusals)
    for number in range(len(refusals)):
        delivery.push("scripted", await queued(storage, "push", f"chat {number}"))
    await delivery.idle()
    clock.passed += 2
    assert delivery.room("scripted", 50) == room


async def test_no_more_than_256_calls_are_under_way_at_once(storage: Storage) -> None:
    """The next reply waits until one is over; no file or socket runs out."""
    crowd = Crowd()
    delivery = Delivery(storage, {"scripted": crowd}, VAULT, {"scripted": 40})
    envelope = await queued(storage, "one")
    for number in range(260):
        delivery.send(
            "scripted", msgspec.structs.replace(envelope, id=number, address=f"chat {number}")
        )
    for _ in range(600):
        await asyncio.sleep(0)
    assert crowd.under_way == 256
    crowd.done.set()
    await delivery.idle()
    assert crowd.most == 256
    await delivery.close()


class Crowd(Scripted):
    """A provider that answers nobody until it answers all."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way = self.most = 0
        self.done = asyncio.Event()

    async def send(self, envelope: Envelope) -> str:
        """Count who is waiting."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.done.wait()
        self.under_way -= 1
        return "p"


async def test_with_as_many_as_may_be_under_way_there_is_no_room(
    storage: Storage, clock: Clock
) -> None:
    """Not for one more; nor is there any where none is asked for."""
    crowd = Crowd()
    delivery = Delivery(storage, {"scripted": crowd}, VAULT, {"scripted": 40_000})
    delivery.room("scripted", 1)
    clock.passed += 1
    envelope = await queued(storage, "one")
    for number in range(512):
        delivery.push("scripted", msgspec.structs.replace(envelope, address=f"chat {number}"))
    assert delivery.room("scripted", 1) == 0
    crowd.done.set()
    await delivery.idle()
    assert delivery.room("scripted", 0) == 0
    assert delivery.room("scripted", 1) == 1
    await delivery.close()


async def test_a_process_that_ends_has_no_room(wide: Delivery) -> None:
    """What is claimed now would go nowhere."""
    assert wide.room("scripted", 5) == 5
    await wide.close()
    assert wide.room("scripted", 5) == 0
