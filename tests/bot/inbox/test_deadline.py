"""The handling of a message has a deadline; the database's share of it is not counted."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.channels.port import Arrival
from bot.inbox import deadline
from bot.inbox.deadline import Deadline, TooLong
from bot.inbox.parcel import Parcel
from storage.database import Transaction


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "SECONDS", 0.25)
    monkeypatch.setattr(deadline, "TICK", 0.0625)


def parcel(number: int = 1) -> Parcel:
    return Parcel(
        Arrival(
            channel="web", account="web", address="a", external_id=f"{number}", at=0, text="salam"
        ),
        number,
    )


def transaction(*, waits: bool = False) -> Any:
    return cast(Transaction, SimpleNamespace(waits=waits))


async def handled(tx: Any, *parcels: Parcel, seconds: float | None = None, ticks: int = 0) -> None:
    """Messages of which the last takes its time: by the clock, or by so many looks at it."""
    async with Deadline(tx) as limit:
        for one in parcels or (parcel(),):
            limit.begin(one)
        if ticks:
            limit._ticking.cancel()
            for _ in range(ticks):
                limit._tick()
            limit._ticking.cancel()
        await (asyncio.Event().wait() if seconds is None else asyncio.sleep(seconds))


async def test_who_waits_for_ever_is_cancelled_and_the_message_named() -> None:
    second = parcel(2)
    with pytest.raises(TooLong) as raised:
        await handled(transaction(), parcel(), second)
    assert raised.value.parcel is second


async def test_each_message_has_the_whole_time() -> None:
    async with Deadline(transaction()) as limit:
        for number in range(4):
            limit.begin(parcel(number))
            await asyncio.sleep(0.1)


async def test_just_within_it_is_in_time_and_at_its_end_it_is_not() -> None:
    await handled(transaction(), ticks=3, seconds=0)
    with pytest.raises(TooLong):
        await handled(transaction(), ticks=4, seconds=0)


async def test_what_the_database_takes_is_not_counted() -> None:
    await handled(transaction(waits=True), seconds=0.5)
    with pytest.raises(TooLong):
        await handled(transaction(), seconds=0.5)


async def test_an_error_of_the_handler_stays_what_it_is() -> None:
    async def slow() -> None:
        async with Deadline(transaction()) as limit:
            limit.begin(parcel())
            raise TimeoutError("a look-up's own")

    with pytest.raises(TimeoutError, match="a look-up's own"):
        await slow()


async def test_only_who_handles_a_message_is_interrupted() -> None:
    one = parcel()
    deadline.interrupt()
    async with Deadline(transaction()) as limit:
        limit.begin(one)
        await asyncio.create_task(asyncio.to_thread(deadline.interrupt))

        async def bystander() -> None:
            deadline.interrupt()

        await asyncio.create_task(bystander())
        assert deadline.handled_by(asyncio.get_running_loop()) is one.arrival
        with pytest.raises(TooLong) as raised:
            deadline.interrupt()
    assert raised.value.parcel is one
    assert deadline.handled_by(asyncio.get_running_loop()) is None
    deadline.interrupt()
