"""What a restart goes on with, and what a provider says later about a message it took."""

import pytest

from bot.channels.port import Status, Transient
from bot.outbox.delivery import Delivery
from storage.database import Storage
from tests.bot.outbox.conftest import Clock
from tests.bot.outbox.scripted import VAULT, Scripted, fate, lives, queued, row_of, standing
from tests.citizen import NOON


async def test_a_restart_goes_on_with_the_tries_and_waits_of_before(
    storage: Storage, channel: Scripted, clock: Clock
) -> None:
    """A reply that had one try left has one, and goes when its time has come."""
    envelope = await queued(storage, "one")
    before = Delivery(storage, {"scripted": Scripted()}, VAULT)
    soon = clock.now_ms() + 5000
    before.settlement.settle(envelope.id, "queued", not_before=soon, tries=5)
    await before.settlement.close()
    channel.answers = [Transient("broken pipe")]
    after = Delivery(storage, {"scripted": channel}, VAULT)
    assert await after.resume() == 1
    await after.idle()
    assert channel.tried == ["one"]
    assert max(clock.waits) == pytest.approx(5, abs=0.9)
    assert await fate(storage, envelope) == ("failed", "failed after 6 tries")


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
            gone="opted_out" if by_id else "closed",
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
    await reported(delivery, state, state, **known, error="second", gone="")
    async with storage.reading() as tx:
        assert await tx.rows("message_whole", id=envelope.id) == before
        assert await tx.rows("message_states", channel="scripted") == counted
    assert [(row["state"], row["n"]) for row in counted] == [(state, 1)]
    assert await standing(storage) == {"amina": "open"}
