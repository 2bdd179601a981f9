"""The outbox on its way out: order in a chat, what a refusal means, what a pause holds up."""

import asyncio

import pytest

from bot.channels.port import Halted, Later, Refused, Unreachable
from bot.outbox.delivery import Delivery
from storage.database import Storage
from tests.bot.outbox.scripted import VAULT, Scripted, fate, queued, row_of
from tests.citizen import NOON


async def test_a_chat_hears_its_replies_in_their_order(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """Also where the provider takes one slowly; another chat does not wait."""
    for text in ("one", "two", "three"):
        delivery.send("scripted", await queued(storage, text))
    delivery.send("scripted", await queued(storage, "hers", "brahim"))
    await delivery.idle()
    assert [text for text in channel.sent if text != "hers"] == ["one", "two", "three"]
    assert "hers" in channel.sent


async def test_what_was_sent_is_written_down_with_the_providers_id(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """So that the provider's later word about it finds it."""
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    assert await fate(storage, envelope) == ("sent", None)
    async with storage.reading() as tx:
        (row,) = await tx.rows("message_fate", id=envelope.id)
    assert row["provider_id"] == "p1"


async def test_a_refused_reply_is_over_and_the_next_one_goes(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """A refusal is about one message."""
    channel.answers = [Refused("bad form")]
    first, second = await queued(storage, "one"), await queued(storage, "two")
    delivery.send("scripted", first)
    delivery.send("scripted", second)
    await delivery.idle()
    assert await fate(storage, first) == ("failed", "bad form")
    assert await fate(storage, second) == ("sent", None)


async def test_who_cannot_be_reached_is_tried_once(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """The reason is kept with the message."""
    channel.answers = [Unreachable("blocked")]
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await delivery.idle()
    assert await fate(storage, envelope) == ("failed", "blocked")
    assert channel.tried == ["one"]


async def test_a_bug_in_a_channel_fails_one_message_and_the_chat_goes_on(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """Nothing of the bug reaches the row."""
    channel.answers = [ZeroDivisionError("secret")]
    first, second = await queued(storage, "one"), await queued(storage, "two")
    delivery.send("scripted", first)
    delivery.send("scripted", second)
    await delivery.idle()
    assert await fate(storage, first) == ("failed", "internal error")
    assert await fate(storage, second) == ("sent", None)


async def test_too_many_from_the_account_holds_every_chat_and_a_restart_knows(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """The pause stands in the database before anything else is tried."""
    channel.answers = [Later(60, everyone=True)]
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await channel.refused.wait()
    await delivery.settlement.idle()
    delivery.send("scripted", await queued(storage, "two", "brahim"))
    await asyncio.sleep(0)
    assert channel.tried == ["one"]
    assert (await fate(storage, envelope))[0] == "queued"
    after = Delivery(storage, {"scripted": Scripted()}, VAULT)
    assert await after.resume() >= 1
    assert after.paused("scripted")
    await after.close()


async def test_a_halted_account_loses_nothing(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """The token is wrong: the message waits a minute, and is not counted as tried."""
    channel.answers = [Halted("401")]
    envelope = await queued(storage, "one")
    delivery.send("scripted", envelope)
    await channel.refused.wait()
    await asyncio.sleep(0)
    await delivery.settlement.idle()
    row = await row_of(storage, envelope)
    assert (row["state"], row["error"], row["tries"]) == ("queued", "slow down", 0)


async def test_stop_takes_back_what_has_not_begun_to_leave(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """A push behind a reply of the same chat does not go; the reply does."""
    reply, push = await queued(storage, "reply"), await queued(storage, "invitation")
    delivery.send("scripted", reply)
    delivery.push("scripted", push)
    delivery.hush("scripted", "amina")
    await delivery.idle()
    assert channel.sent == ["reply"]
    assert await fate(storage, push) == ("dropped", "stopped")


async def test_what_a_process_left_behind_is_taken_up_by_the_next(
    storage: Storage, channel: Scripted
) -> None:
    """A reply is sent again: better twice than never."""
    envelope = await queued(storage, "one")
    after = Delivery(storage, {"scripted": channel}, VAULT)
    assert await after.resume() == 1
    await after.idle()
    assert channel.sent == ["one"]
    assert await fate(storage, envelope) == ("sent", None)
    await after.close()


async def test_what_came_in_later_and_was_answered_first_is_not_overtaken(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """Two messages at two processes: the chat is handled in another order than they came."""
    await queued(storage, "one", at=NOON + 2000)
    await queued(storage, "two", at=NOON)
    await queued(storage, "hello", "brahim", at=NOON)
    await delivery.take_up(NOON + 1000)
    await delivery.idle()
    assert channel.sent == ["hello"]
    await delivery.take_up(NOON + 3000)
    await delivery.idle()
    assert channel.sent == ["hello", "one", "two"]


async def test_what_became_of_a_message_waits_for_a_transaction_that_stands(
    storage: Storage, delivery: Delivery
) -> None:
    """A rollback keeps it for the next."""
    envelope = await queued(storage, "one")
    delivery.settlement.settle(envelope.id, "sent", not_before=0, provider_id="p9")

    async def breaks() -> None:
        async with delivery.settlement.along() as write, storage.transaction() as tx:
            await write(tx)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await breaks()
    # It is written a moment later by itself, if no transaction takes it along before.
    async with delivery.settlement.along() as write, storage.transaction() as tx:
        await write(tx)
    await delivery.settlement.idle()
    assert (await fate(storage, envelope))[0] == "sent"


async def test_two_words_on_one_message_leave_the_last(
    storage: Storage, delivery: Delivery
) -> None:
    """A set-based update takes one row for each."""
    envelope = await queued(storage, "one")
    delivery.settlement.settle(envelope.id, "queued", not_before=5)
    delivery.settlement.settle(envelope.id, "failed", not_before=0, error="gone")
    await delivery.settlement.idle()
    assert await fate(storage, envelope) == ("failed", "gone")


async def test_what_is_over_already_is_not_taken_up_again(
    storage: Storage, delivery: Delivery, channel: Scripted
) -> None:
    """What became of it is written with the look, also where nobody remembers having sent it."""
    envelope = await queued(storage, "one")
    delivery.settlement.settle(envelope.id, "sent", not_before=0)
    await delivery.take_up(NOON + 1)
    await delivery.idle()
    assert channel.tried == []
    assert (await fate(storage, envelope))[0] == "sent"
