"""Everything of one person handed over to another, and taken apart again.

Where both answered a consultation that takes one response, the other's stands and the joining one's is
taken back; where one wanted no messages, both want none. What was whose is remembered for a day
(`remember`), and goes back when the join is undone (`apart`).
"""

from collections.abc import Sequence

import msgspec

from bot.conversation.context import OwnData
from bot.core.contact import Person
from bot.core.vault import Vault
from bot.staff import confirmed
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import Record
from storage.rows.people import JoinOf
from storage.rows.people import Person as Stored

#: The queries that hand everything over, in their order.
STEPS = (
    "join_withdraw_doubles",
    "join_drop_taken_back",
    "join_singles",
    "join_drop_singles",
    "join_responses",
    "join_confirmed",
    "join_voices",
    "join_drop_voices",
    "join_drop_own_voices",
    "join_voices_aside",
    "join_consents",
    "join_follows",
    "join_drop_follows",
    "join_conversations",
    "join_inbox",
    "join_pushes",
    "join_pending",
    "join_preferences",
    "join_drop_preferences",
    "join_mutes",
    "join_drop_mutes",
    "join_declines",
    "join_drop_declines",
    "join_themes",
    "join_drop_themes",
    "join_topics",
    "join_drop_topics",
    "join_memberships",
    "join_drop_memberships",
    "join_admitted",
    "join_drop_admitted",
    "join_staff",
    "join_outbox",
    "join_media",
    "join_exports",
    "join_joins",
    "join_drop_joins",
    "join_drop_codes",
    "join_addresses",
    "join_drop_person",
)

#: The queries that take apart what was joined, in their order: the person who had joined is there again first.
APART = (
    "apart_since",
    "apart_singles_since",
    "apart_drop_singles",
    "apart_singles",
    "apart_own_singles",
    "apart_responses",
    "apart_confirmed",
    "apart_drop_voices",
    "apart_voices",
    "apart_consents",
    "apart_drop_follows",
    "apart_follows",
    "apart_conversations",
    "apart_inbox",
    "apart_drop_preferences",
    "apart_preferences",
    "apart_drop_mutes",
    "apart_mutes",
    "apart_drop_declines",
    "apart_declines",
    "apart_drop_themes",
    "apart_themes",
    "apart_drop_topics",
    "apart_topics",
    "apart_drop_memberships",
    "apart_memberships",
    "apart_media",
    "apart_exports",
    "apart_outbox",
    "apart_addresses",
    "drop_joined_rows",
    "drop_join",
)

#: How long a join can be undone, and how long the chat that is new to it gives no copy and signs nothing; ms.
HELD_MS = 24 * 3_600_000


class Sides(msgspec.Struct, frozen=True):
    """Two people as they were before they became one."""

    stays: Stored
    joins: Stored


async def hand_over(
    tx: Transaction, own_data: Sequence[OwnData], old: int, new: int, at: int
) -> None:
    """Everything of the person `old` is the person `new`'s from now on."""
    for own in own_data:
        if own.doubled is not None:
            await own.doubled(tx, old, new, at)
    of_kinds = [query for own in own_data for query in own.joined]
    for step in (*of_kinds, *STEPS):
        await tx.run(step, old=old, new=new)
    for own in own_data:
        if own.known_better is not None:
            await own.known_better(tx, new, at)
    await confirmed.settle(tx, at, person_id=new)


def stop_with(person: Person, stopped: int | None, keeps: int) -> None:
    """Whoever wanted no messages in one chat wants none in both, and of answers what both still want."""
    if stopped is None:
        return
    if person.stopped_at is not None:
        keeps = min(keeps, person.keeps_answers)
    person.change(stopped_at=person.stopped_at or stopped, keeps_answers=keeps)


async def remember(
    tx: Transaction, vault: Vault, own_data: Sequence[OwnData], sides: Sides, at: int
) -> int:
    """Keep for a day what is whose of two who are about to be one. Returns the join's number."""
    id = new_id()
    stays, joins = sides.stays, sides.joins
    older = stays if (stays.created_at, stays.id) <= (joins.created_at, joins.id) else joins
    await tx.run("note_joined", person_id=stays.id, other_id=joins.id, at=at)
    await tx.run(
        "add_join",
        id=id,
        person_id=stays.id,
        other_id=joins.id,
        sealed=vault.seal(msgspec.json.encode(sides).decode(), f"joins/{id}"),
        at=at,
    )
    queries = ("remember_side", *(query for own in own_data for query in own.remembered))
    for query in queries:
        await tx.run(query, join_id=id, other=0, person_id=stays.id)
        await tx.run(query, join_id=id, other=1, person_id=joins.id)
    newer = joins if older is stays else stays
    await tx.run("mark_joined", person_id=newer.id, at=at)
    return id


async def live_join(tx: Transaction, person_id: int, at: int) -> JoinOf | None:
    """The latest join of a person that can still be undone. None if there is none."""
    return await tx.row(JoinOf, person_id=person_id, since=at - HELD_MS)


def sides_of(vault: Vault, join: JoinOf) -> Sides:
    """The two as they were. Raises Unreadable."""
    return msgspec.json.decode(vault.open(join.sealed, f"joins/{join.id}"), type=Sides)


async def apart(
    tx: Transaction, own_data: Sequence[OwnData], join: JoinOf, sides: Sides, at: int
) -> None:
    """Two people again: each has what they had, and what came since by a channel of theirs alone.

    What cannot be told apart stays with who asked for the join: what both changed, and what came since
    where both are on one channel. A signature that both had given for one petition stays once.
    """
    await tx.run("note_parted", person_id=join.person_id, other_id=join.other_id, at=at)
    await tx.run("restore_person", **msgspec.structs.asdict(sides.joins))
    of_kinds = [query for own in own_data for query in own.parted]
    values = {"join_id": join.id, "old": join.other_id, "new": join.person_id, "since": join.at}
    for query in (*of_kinds, *APART):
        await tx.run(query, **values)
    for person_id in (join.person_id, join.other_id):
        await confirmed.settle(tx, at, person_id=person_id)


def restored(person: Person, as_it_was: Record) -> None:
    """Give a person in hand the fields that were theirs."""
    for name, value in msgspec.structs.asdict(as_it_was).items():
        setattr(person, name, value)
    person.dirty = False
