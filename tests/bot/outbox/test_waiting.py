"""What waits in one chat: a pace, a question asked again, and no more than somebody reads."""

import asyncio

import msgspec
import pytest

from bot.channels.port import Button, Envelope, Later, OutMedia, Transient, Uncertain
from bot.outbox.delivery import Delivery
from bot.outbox.waiting import Chat, Parcel, says_again
from storage.database import Storage
from tests.bot.outbox.conftest import Clock
from tests.bot.outbox.scripted import VAULT, Scripted, fate, queued


def answer(envelope: Envelope, text: str | None = None) -> Parcel:
    """An answer that waits."""
    if text is not None:
        message = msgspec.structs.replace(envelope.message, text=text)
        envelope = msgspec.structs.replace(envelope, message=message)
    return Parcel(envelope, 0, answers=True)


@pytest.mark.parametrize(("number", "held"), [(5, 0), (6, 0), (7, 1), (1000, 994)])
async def test_of_more_than_six_answers_the_last_stands_for_the_others(
    storage: Storage, number: int, held: int
) -> None:
    """Somebody who sends a thousand lines reads six answers, and how many came in."""
    chat, one = Chat(), await queued(storage, "one")
    over = []
    for n in range(number):
        over += chat.put(answer(one, f"answer {n}"))
    assert [why for _, why in over] == ["folded"] * held
    waiting = list(chat)
    assert len(waiting) == min(number, 6)
    assert [parcel.outgoing.message.text for parcel in waiting[:5]] == [
        f"answer {n}" for n in range(5)
    ][:number]
    if held:
        counted = "One more message" if held == 1 else f"{held} more messages"
        assert waiting[-1].outgoing.message.text.startswith(counted)
        assert waiting[-1].outgoing.message.text.endswith(f"\n\nanswer {number - 1}")


async def test_who_stands_for_others_is_stood_for_with_them(storage: Storage) -> None:
    """Those that are folded in later, and those of a question that was asked again, count with the ones before."""
    chat, one = Chat(), await queued(storage, "one")
    for n in range(8):
        chat.put(answer(one, f"answer {n}"))
    *_, last = chat
    assert last.stands_for == 2
    # The same once more takes the place of the last, and of the first.
    again = answer(one, "answer 7")
    assert chat.put(again) == [(last, "superseded")]
    assert again.stands_for == 2
    both = answer(one, "answer 0")
    assert [why for _, why in chat.put(both)] == ["superseded"]
    assert both.stands_for == 0


async def test_what_is_on_the_wire_and_what_answers_nobody_stands_apart(storage: Storage) -> None:
    """A word to staff about danger is not folded into the next; nor is what may be arriving now."""
    chat, one = Chat(), await queued(storage, "one")
    for n in range(8):
        assert chat.put(Parcel(msgspec.structs.replace(one, id=n), 0)) == []
    first = answer(one, "same")
    chat.put(first)
    first.calling = True
    assert chat.put(answer(one, "same")) == []
    assert len(list(chat)) == 10


async def test_a_question_asked_again_takes_the_place_of_the_first(
    storage: Storage, delivery: Delivery, channel: Scripted, clock: Clock
) -> None:
    """While the provider is away; what the first said besides is not lost."""
    channel.answers = [Transient("no such host")]
    texts = ("Thank you.\n\nWhere?", "Where?", "No.\n\nWhere?", "No.\n\nWhere?", "Where?")
    sent = [await queued(storage, text) for text in texts]
    for envelope in sent:
        delivery.send("scripted", envelope, answers=True)
    await delivery.idle()
    assert channel.sent == ["Thank you.\n\nWhere?", "No.\n\nWhere?", "Where?"]
    assert [await fate(storage, one) for one in sent] == [
        ("sent", None),
        ("dropped", "superseded"),
        ("dropped", "superseded"),
        ("sent", None),
        ("sent", None),
    ]


async def test_a_repeat_says_all_that_was_said(storage: Storage) -> None:
    """Text, files and choices; else both go."""
    message = (await queued(storage, "a\n\nb")).message
    changed = msgspec.structs.replace
    photo, yes, no = OutMedia("photo", "x", ""), Button("t", "yes"), Button("u", "no")
    assert says_again(changed(message, text="c\n\nb\n\na"), message)
    assert not says_again(changed(message, text="b"), message)
    assert says_again(changed(message, media=(photo,)), message)
    assert not says_again(message, changed(message, media=(photo,)))
    assert not says_again(changed(message, thread="2"), changed(message, thread="1"))
    assert says_again(
        changed(message, buttons=(yes,)), changed(message, buttons=(changed(yes, token="v"),))
    )
    assert not says_again(changed(message, buttons=(no,)), changed(message, buttons=(yes,)))


async def test_the_count_of_a_superseded_answer_is_not_lost(storage: Storage) -> None:
    """Nine, then the last again: it stands for as many."""
    chat, one = Chat(), await queued(storage, "one")
    for n in range(9):
        chat.put(answer(one, f"answer {n}"))
    again = answer(one, "answer 8")
    assert [why for _, why in chat.put(again)] == ["superseded"]
    assert again.stands_for == 3
    assert len(list(chat)) == 6


@pytest.mark.parametrize(("pace", "waits"), [(1.0, [1, 1]), (4.0, [0.25, 0.25])])
async def test_a_chat_hears_one_reply_a_second(
    storage: Storage, channel: Scripted, clock: Clock, pace: float, waits: list[float]
) -> None:
    """Or as many as is set; another chat does not wait for it."""
    clock.stopped = True
    delivery = Delivery(storage, {"scripted": channel}, VAULT, None, {"scripted": pace})
    for text in ("one", "two", "three"):
        delivery.send("scripted", await queued(storage, text))
    delivery.send("scripted", await queued(storage, "hers", "brahim"))
    await delivery.idle()
    assert clock.waits == pytest.approx(waits)
    assert sorted(channel.sent) == ["hers", "one", "three", "two"]
    # Also what comes once the chat was silent.
    delivery.send("scripted", await queued(storage, "four"))
    await delivery.idle()
    assert clock.waits == pytest.approx([*waits, waits[0]])
    await delivery.close()


async def test_where_nothing_is_set_a_chat_hears_one_reply_a_second(
    storage: Storage, channel: Scripted, clock: Clock
) -> None:
    """As Telegram asks."""
    clock.stopped = True
    delivery = Delivery(storage, {"scripted": channel}, VAULT)
    for text in ("one", "two"):
        delivery.send("scripted", await queued(storage, text))
    await delivery.idle()
    assert clock.waits == pytest.approx([1])
    await delivery.close()


class Away(Scripted):
    """A provider that is away until it is back."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error: Exception | None = error

    async def send(self, envelope: Envelope) -> str:
        """Refuse while away."""
        self.answers = [self.error]
        return await super().send(envelope)


@pytest.mark.parametrize(
    ("error", "since", "sent"),
    [
        (Transient("no such host"), 5, True),
        (Uncertain("502"), 59, False),
        (Uncertain("502"), 61, True),
        (Later(1000, everyone=False), 90, False),
        (Later(1000), 90, False),
    ],
)
async def test_who_writes_again_has_the_waiting_reply_tried_at_once(
    storage: Storage, monkeypatch: pytest.MonkeyPatch,
    error: Exception, since: float, sent: bool,
) -> None:  # fmt: skip
    """Not what may have arrived less than a minute ago, nor against the provider's word."""
    channel = Away(error)
    delivery = Delivery(storage, {"scripted": channel}, VAULT, None, {"scripted": 1_000_000})
    delivery.send("scripted", await queued(storage, "one"), answers=True)
    await channel.refused.wait()
    await asyncio.sleep(0.01)
    chat = delivery._chats["scripted", "amina"]
    # The tenth try: the next is in ten minutes.
    chat.head.not_before += 600_000
    delivery._tried_at["scripted", "amina"] -= since
    channel.error = None
    delivery.send("scripted", await queued(storage, "two"), answers=True)
    await asyncio.sleep(0.1)
    assert channel.sent == (["one", "two"] if sent else [])
    await delivery.close(patience=0)


async def test_what_answers_nobody_takes_no_answers_place(storage: Storage) -> None:
    """A notice with the same words as a waiting answer goes besides it."""
    chat, one = Chat(), await queued(storage, "one")
    first = answer(one)
    assert chat.put(first) == []
    assert chat.put(Parcel(one, 0)) == []
    assert len(chat.parcels) == 2
