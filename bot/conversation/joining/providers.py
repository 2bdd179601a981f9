"""Two addresses that a provider says are one person's: everything of the one goes to the other.

WhatsApp knows a person by a number, by an id of who hides it, or says both.
"""

from collections.abc import Mapping, Sequence

from bot.channels.port import Arrival
from bot.conversation.context import OwnData
from bot.conversation.joining.handover import hand_over, stop_with
from bot.core import audit
from bot.core.contact import Contact, Key, Person, new_contact
from bot.core.numbers import next_number
from storage.database import Transaction
from storage.ids import new_id
from storage.rows.arrivals import StatesOf
from storage.rows.people import AddressesOf
from storage.rows.staff import StaffInChat

#: What the one who stays takes over where they have not said it themselves.
TOLD = ("language", "council_id", "commune", "age_band", "gender", "disability", "profile_asked_at")


def addresses(arrival: Arrival) -> list[Key]:
    """Whoever wrote, by every address that their provider gives them; the one to answer at first."""
    every = (arrival.address, *arrival.aliases)
    return [(arrival.channel, arrival.account, address) for address in every]


async def unite(
    tx: Transaction,
    own_data: Sequence[OwnData],
    arrivals: Sequence[Arrival],
    rows: Sequence[StatesOf],
) -> Mapping[int, list[StatesOf]]:
    """Make one person of those whom a message shows to be one; who stays, with whom they took over.

    Who wrote last stays, for the question that they were asked last is the one they see. Kept apart are a
    member of staff's own chat, whose rights nobody gets by the way, and two who have an id of their own
    each: then a number has changed hands.
    """
    known = {(row.channel, row.account, row.address): row for row in rows}
    into: dict[int, int] = {}
    taken: dict[int, list[StatesOf]] = {}
    for arrival in arrivals:
        found = {
            _follow(into, row.person_id): row
            for key in addresses(arrival)
            if (row := known.get(key)) is not None
        }
        if len(found) < 2:
            continue
        stays = max(found, key=lambda id: (found[id].last_in_at, -id))
        for old in found.keys() - {stays}:
            if await _are_two(tx, old, stays, arrival):
                continue
            await hand_over(tx, own_data, old, stays, arrival.at)
            into[old] = stays
            taken.setdefault(stays, []).extend((found[old], *taken.pop(old, ())))
    return taken


def _follow(into: Mapping[int, int], id: int) -> int:
    while id in into:
        id = into[id]
    return id


async def _are_two(tx: Transaction, old: int, new: int, arrival: Arrival) -> bool:
    """Whether two people stay two, whatever the provider says."""
    staff = [one for id in (old, new) for one in await tx.rows(StaffInChat, person_id=id)]
    if staff:
        if await next_number(tx, f"apart {min(old, new)} {max(old, new)}") == 1:
            for one in staff:
                await audit.note(
                    tx, one.council_id, arrival.channel, "apart", one.name, at=arrival.at
                )
        return True
    channel = arrival.channel
    return _contradict(await _ids_of(tx, old, channel), await _ids_of(tx, new, channel))


async def _ids_of(tx: Transaction, person_id: int, channel: str) -> set[Key]:
    """The addresses of a person on a channel that are ids, and no numbers."""
    rows = await tx.rows(AddressesOf, person_id=person_id)
    ids = (row for row in rows if row.channel == channel and not row.address.startswith("+"))
    return {(row.channel, row.account, row.address) for row in ids}


def _contradict(one: set[Key], other: set[Key]) -> bool:
    """Whether they are known by two ids at one account: nobody has two."""
    return any(a[:2] == b[:2] and a != b for a in one for b in other)


async def at_home(
    tx: Transaction,
    contacts: dict[Key, Contact],
    arrival: Arrival,
    taken: Mapping[int, list[StatesOf]],
) -> None:
    """Whoever wrote has every address that the provider gives them; made, if nobody has one of them yet."""
    keys = addresses(arrival)
    contact = next((contacts[key] for key in keys if key in contacts), None)
    if contact is None:
        contact = contacts[keys[0]] = new_contact(*keys[0], arrival.at)
    for old in taken.get(contact.person.id, ()):
        _take_over(contact.person, old)
    for key in keys:
        if key not in contacts and await _fits(tx, contact, key):
            contacts[key] = _beside(contact, key, arrival.at)
    if keys[0] not in contacts:
        contacts[keys[0]] = new_contact(*keys[0], arrival.at)


async def _fits(tx: Transaction, contact: Contact, key: Key) -> bool:
    """Whether an address that nobody has yet can be this person's."""
    if contact.new or key[2].startswith("+"):
        return True
    return not _contradict(await _ids_of(tx, contact.person.id, key[0]), {key})


def _beside(contact: Contact, key: Key, at: int) -> Contact:
    """The same person at another address."""
    return Contact(
        contact.person,
        *key,
        new_id(),
        "open",
        at,
        contact.new,
        contact.conversations,
        True,
        pending=contact.pending,
    )


def _take_over(person: Person, old: StatesOf) -> None:
    told = {name: getattr(old, name) for name in TOLD if getattr(person, name) is None}
    if person.commune is None:
        told["abroad"] = old.abroad
    person.change(**told)
    stop_with(person, old.stopped_at, old.keeps_answers)
