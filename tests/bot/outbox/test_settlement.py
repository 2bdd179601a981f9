"""What became of messages is written down once, soon, and not lost by an error."""

import asyncio
from typing import Any

import pytest

from bot.core.localtime import now_ms
from bot.outbox import settlement as module
from bot.outbox.settlement import Settlement
from storage.database import Storage
from storage.rows.broadcasts import Pauses
from tests.bot.outbox.conftest import Clock
from tests.bot.outbox.scripted import fate, lives, queued, row_of, standing


async def pauses(storage: Storage) -> list[Pauses]:
    """What a restart would know of pauses."""
    async with storage.reading() as tx:
        return await tx.rows(Pauses, at=now_ms())


async def test_what_nobody_takes_along_is_written_after_a_moment(
    storage: Storage, clock: Clock
) -> None:
    """A twentieth of a second, so that a busy server writes less often."""
    slept: list[float] = []
    hurried = clock.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await hurried(seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "sleep", sleep)
        settlement, envelope = Settlement(storage), await queued(storage, "one")
        settlement.settle(envelope.id, "sent", not_before=0)
        settlement.settle(envelope.id, "failed", not_before=0)
        await settlement.idle()
    assert slept == [0.05]
    assert (await fate(storage, envelope))[0] == "failed"


async def test_a_second_moment_begins_after_the_first_was_written(storage: Storage) -> None:
    """What comes later is written later, and nothing waits for ever."""
    settlement = Settlement(storage)
    for text in ("one", "two"):
        envelope = await queued(storage, text)
        settlement.settle(envelope.id, "sent", not_before=0)
        await settlement.idle()
        assert (await fate(storage, envelope))[0] == "sent"


async def test_everything_of_a_message_is_written_and_a_try_is_counted(storage: Storage) -> None:
    """State, time, the provider's number, the reason; tries add up."""
    settlement, envelope = Settlement(storage), await queued(storage, "one")
    before = now_ms()
    for _ in range(2):
        settlement.settle(envelope.id, "queued", not_before=77, provider_id="p9", error="busy")
        await settlement.close()
    assert await row_of(storage, envelope) == {
        "state": "queued", "error": "busy", "provider_id": "p9", "tries": 2, "doubts": 0, "form": 0,
        "not_before": 77,
    }  # fmt: skip
    async with storage.reading() as tx:
        (row,) = await tx.rows("settled_at", id=envelope.id)
    assert before <= row["settled_at"] <= now_ms()


async def test_a_pause_does_not_wait_for_company(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written at once, with what waits, although a writer was to come in an hour."""
    monkeypatch.setattr(module, "SETTLE_AFTER", 3600)
    settlement, envelope = Settlement(storage), await queued(storage, "one")
    settlement.settle(envelope.id, "sent", not_before=0)
    begun = now_ms()
    settlement.pause("scripted", "ours", 90, "slow down")
    async with asyncio.timeout(60):
        await settlement.idle()
    (pause,) = await pauses(storage)
    assert (pause.channel, pause.account, pause.reason) == ("scripted", "ours", "slow down")
    assert begun + 90_000 <= pause.until <= now_ms() + 90_000
    assert (await fate(storage, envelope))[0] == "sent"


async def test_a_transaction_takes_all_along_and_leaves_nothing_to_do(storage: Storage) -> None:
    """States, closed addresses and pauses."""
    await lives(storage, "amina")
    settlement, envelope = Settlement(storage), await queued(storage, "one")
    settlement.settle(envelope.id, "failed", not_before=0, error="blocked")
    settlement.close_address("scripted", "ours", "amina", "closed")
    settlement.pause("scripted", "ours", 60, "slow down")
    async with settlement.along() as write, storage.transaction() as tx:
        await write(tx)
    assert settlement._empty
    assert await fate(storage, envelope) == ("failed", "blocked")
    assert await standing(storage) == {"amina": "closed"}
    assert len(await pauses(storage)) == 1
    await settlement.close()


async def test_a_transaction_that_fails_keeps_all_of_it_for_the_next(storage: Storage) -> None:
    """What was said before stands before what was said meanwhile."""
    await lives(storage, "amina")
    settlement, envelope = Settlement(storage), await queued(storage, "one")
    settlement.settle(envelope.id, "queued", not_before=1)
    settlement.close_address("scripted", "ours", "amina", "closed")
    settlement._pauses.append(
        {"channel": "scripted", "account": "ours", "until": 2**60, "reason": "x"}
    )

    async def breaks() -> None:
        async with settlement.along() as write, storage.transaction() as tx:
            await write(tx)
            settlement.settle(envelope.id, "sent", not_before=2)
            settlement.close_address("scripted", "ours", "amina", "opted_out")
            settlement._pauses.append(
                {"channel": "scripted", "account": "ours", "until": 2**61, "reason": "y"}
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await breaks()
    assert (await fate(storage, envelope))[0] == "sending"
    await settlement.close()
    assert (await fate(storage, envelope))[0] == "sent"
    assert await standing(storage) == {"amina": "opted_out"}
    assert [pause.reason for pause in await pauses(storage)] == ["y"]


async def test_a_database_that_fails_for_a_moment_loses_nothing(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The writer complains, and what it had waits for the next one."""
    settlement, envelope = Settlement(storage), await queued(storage, "one")
    works = storage.transaction

    def fails() -> Any:
        raise OSError("disk full")

    monkeypatch.setattr(storage, "transaction", fails)
    monkeypatch.setattr(module, "WRITE_AGAIN", 0.2)
    settlement.settle(envelope.id, "sent", not_before=0)
    await asyncio.sleep(0.1)
    assert "could not be written (OSError)" in caplog.text
    monkeypatch.setattr(storage, "transaction", works)
    # Nobody else comes by.
    await settlement.idle()
    assert (await fate(storage, envelope))[0] == "sent"


async def test_an_end_writes_what_waits_and_a_late_writer_finds_nothing(storage: Storage) -> None:
    """Once, not twice; and with nothing to write there is nothing to do."""
    settlement, envelope = Settlement(storage), await queued(storage, "one")
    await settlement.close()
    settlement.settle(envelope.id, "sent", not_before=0)
    await settlement.close()
    await settlement.idle()
    assert (await row_of(storage, envelope))["tries"] == 1


async def test_two_words_on_one_message_in_one_writing_count_both_tries(storage: Storage) -> None:
    """Two tries, of which one may have arrived; the last word stands."""
    settlement, envelope = Settlement(storage), await queued(storage, "one")
    settlement.settle(envelope.id, "queued", not_before=1, error="Uncertain", tries=2, doubts=1)
    settlement.settle(envelope.id, "queued", not_before=2, error="Transient", tries=1, doubts=3)
    await settlement.close()
    row = await row_of(storage, envelope)
    assert (row["tries"], row["doubts"], row["error"], row["not_before"]) == (3, 4, "Transient", 2)
