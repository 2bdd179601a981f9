"""How fast messages are handled: who sends more than a chat's limit is answered later, in order, and costs nobody else.

    a batch -> `admit` -> those within their limits are handled
                       -> the others wait in their chat (`waiting_room`), and so does all that comes behind them

A chat's count stands with its address. What one network or the whole council brings is counted too, but
slows a message by a minute at most: thousands may stand behind one address, and a flood is not theirs.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.buckets import draw
from bot.core.contact import Contact, Key
from bot.core.councils import Register
from bot.inbox.parcel import Parcel
from bot.inbox.waiting_room import Chat, chat_of
from flows.dialog.facts import ChatLimits
from flows.statistics.limits import Bucket, Limit, drawn, limit
from storage.database import Transaction, batch
from storage.rows.inbox import WaitingOf

#: Longest that a message waits because of others; ms.
LONGEST_WAIT_MS: Final = 60_000

#: A message brings at most so many files, and counts with all of them.
FILES_AT_ONCE: Final = 12


@dataclass(frozen=True, slots=True)
class Held:
    """A message that has to wait, and until when; ms since 1970 UTC."""

    parcel: Parcel
    until: int


async def admit(
    tx: Transaction,
    parcels: Sequence[Parcel],
    contacts: Mapping[Key, Contact],
    register: Register,
    waits_here: Callable[[Chat], bool],
) -> tuple[list[Parcel], list[Held]]:
    """Which messages are handled now, and which wait.

    What waited already is handled: its chat sees to its pace (`Parcel.next_at`). `waits_here` says whether
    something of a chat waits in this process.
    """
    fresh = [one for one in parcels if not one.waited]
    slowed = await _slowed(tx, fresh, contacts, register)
    behind = await _behind(tx, fresh, contacts, register, waits_here)
    handled: list[Parcel] = []
    held: dict[Chat, list[Held]] = {}
    for parcel in parcels:
        chat, at = chat_of(parcel.arrival), parcel.arrival.at
        contact = contacts[chat]
        limits = register.home(contact.person.council_id).limits.chat
        count = _counted(contact, parcel, limits)
        waits = max(count.ahead_ms, slowed.get(chat, 0))
        if not parcel.waited and (waits or chat in held or chat in behind):
            # What stands behind one that waits has to wait as long.
            held.setdefault(chat, []).append(Held(parcel, at + waits))
            continue
        contact.paced_until, contact.uploads_until = count.messages.until, count.uploads.until
        contact.address_dirty = True
        parcel.next_at = count.next_at
        handled.append(parcel)
    return handled, [one for chat in held.values() for one in chat]


@dataclass(frozen=True, slots=True)
class _Count:
    """How a chat stands with one more message: how far that is ahead of its limits, and when the next is not."""

    messages: Bucket
    uploads: Bucket
    ahead_ms: int
    next_at: int


def _counted(contact: Contact, parcel: Parcel, limits: ChatLimits) -> _Count:
    at, files = parcel.arrival.at, len(parcel.arrival.media)
    most, uploads = limit(limits.messages), limit(limits.uploads)
    messages = drawn(_believed(contact.paced_until, most, parcel), most, at)
    kept = _believed(contact.uploads_until, uploads, parcel)
    kept = drawn(kept, uploads, at, files) if files else kept
    ahead = max(messages.over_ms(most, at), kept.over_ms(uploads, at) if files else 0)
    return _Count(messages, kept, ahead, messages.until - (most.at_once - 1) * most.step_ms)


def _believed(until: int, most: Limit, parcel: Parcel) -> Bucket:
    """A chat's bucket. One that is fuller than anything could have made it is of a clock that was set back."""
    fullest = (most.at_once + FILES_AT_ONCE) * most.step_ms + LONGEST_WAIT_MS
    return Bucket(0 if not parcel.waited and until - parcel.arrival.at > fullest else until)


async def _behind(
    tx: Transaction,
    parcels: Sequence[Parcel],
    contacts: Mapping[Key, Contact],
    register: Register,
    waits_here: Callable[[Chat], bool],
) -> set[Chat]:
    """The chats of which something waits already, here or in another process: what is new stands behind it."""
    chats = {chat_of(parcel.arrival): parcel.arrival.at for parcel in parcels}
    here = {chat for chat in chats if waits_here(chat)}
    asked = []
    for chat in chats.keys() - here:
        contact = contacts[chat]
        most = limit(register.home(contact.person.council_id).limits.chat.messages)
        # Who is far from the limit has nothing that waits for it.
        if 2 * (contact.paced_until - chats[chat]) > most.at_once * most.step_ms:
            asked.append({"channel": chat[0], "account": chat[1], "address": chat[2]})
    if not asked:
        return here
    rows = await tx.rows(WaitingOf, rows=batch(asked))
    return here | {(row.channel, row.account, row.waits_in) for row in rows}


async def _slowed(
    tx: Transaction,
    parcels: Sequence[Parcel],
    contacts: Mapping[Key, Contact],
    register: Register,
) -> Mapping[Chat, int]:
    """How long chats wait because of all that comes from their network, or of so many who are new; ms."""
    wanted: dict[str, Limit] = {}
    numbers: Counter[str] = Counter()
    named: dict[Chat, set[str]] = {}
    seen: set[int] = set()
    for parcel in parcels:
        arrival, contact = parcel.arrival, contacts[chat_of(parcel.arrival)]
        if arrival.network is None and not contact.new:
            continue
        limits = register.home(contact.person.council_id).limits
        counts: list[tuple[str, str, int]] = []
        network = arrival.network
        if network is not None:
            counts.append((f"messages:{network}", limits.network.messages, 1))
            if arrival.media:
                counts.append((f"uploads:{network}", limits.network.uploads, len(arrival.media)))
        if contact.new and contact.person.id not in seen:
            seen.add(contact.person.id)
            home = contact.person.council_id or register.default_id
            counts.append((f"people:{home}", limits.council.people, 1))
            if network is not None:
                counts.append((f"people:{network}", limits.network.people, 1))
        for name, written, number in counts:
            wanted[name] = limit(written)
            numbers[name] += number
        named.setdefault(chat_of(arrival), set()).update(name for name, _, _ in counts)
    if not wanted:
        return {}
    at = max(parcel.arrival.at for parcel in parcels)
    drawn_now = await draw(tx, {name: (one, numbers[name]) for name, one in wanted.items()}, at)
    over = {name: drawn_now[name].over_ms(one, at) for name, one in wanted.items()}
    return {
        chat: min(LONGEST_WAIT_MS, max(over[name] for name in names))
        for chat, names in named.items()
        if any(over[name] for name in names)
    }


def standing(contacts: Mapping[Key, Contact], handled: Collection[Parcel]) -> list[Contact]:
    """The contacts to write down: not those of whom all waits, and who are not there yet."""
    of = {contacts[chat_of(parcel.arrival)].person.id for parcel in handled}
    return [one for one in contacts.values() if not one.new or one.person.id in of]
