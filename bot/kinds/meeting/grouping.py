"""Groups of a meeting as storage has them: drawn, moved by hand, joined by who comes later, told."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.refusals import refused
from bot.kinds.meeting import seats
from bot.kinds.meeting.rows import Groupable, GroupingsOf, GroupsOf, GroupsTold, SeatOf
from flows.kinds.meeting.definition import Meeting
from flows.kinds.meeting.groups import Evenness, Member, evenness, later, share_out
from storage.database import Transaction, batch
from storage.rows import StoredConsultation

#: Bytes of a seed.
SEED_BYTES = 8


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups of one item ("" for the whole meeting): the numbers at the door by group, and how even that is.

    `moved` are those whom staff put there by hand; `told`: people are told theirs.
    """

    item: str
    seed: str
    groups: Mapping[int, Sequence[str]]
    moved: frozenset[str]
    even: Evenness
    told: bool


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups of a meeting. `waiting` are to be told theirs; `digest` stands for who is where."""

    groupings: Sequence[Grouping]
    people: int
    waiting: int
    digest: str

    @property
    def told(self) -> bool:
        """Whether people are told theirs already."""
        return any(one.told for one in self.groupings)


def rounds_of(meeting: Meeting) -> Sequence[str]:
    """For what groups are made: each item that has groups, or once for all."""
    return [item.key for item in meeting.items if item.grouped] or [""]


async def make(tx: Transaction, row: StoredConsultation, at: int) -> None:
    """Make all groups anew. Raises NotAllowed where there are none to make."""
    meeting = seats.meeting_of(row)
    if not meeting.groups:
        raise refused("meeting_desk.no_groups")
    await tx.run("lock_meeting", consultation_id=row.id, at=at)
    people = await tx.rows(Groupable, consultation_id=row.id)
    ids = {one.code: one.id for one in people}
    members = _members(people)
    await tx.run("drop_groups", consultation_id=row.id)
    told = any(one.told_at is not None for one in await _groupings(tx, row.id))
    await tx.run("drop_groupings", consultation_id=row.id)
    for item in rounds_of(meeting):
        seed = secrets.token_hex(SEED_BYTES)
        await tx.run(
            "add_grouping",
            consultation_id=row.id,
            item=item,
            seed=seed,
            groups_made=meeting.groups,
            made_at=at,
        )
        share = share_out(members, meeting.groups, seed)
        await _put(tx, row.id, [(ids[code], item, number, 0) for code, number in share.items()])
    if told:
        # Who was told a group before hears of the new one.
        await tx.run("tell_groups", consultation_id=row.id, at=at)


async def move(
    tx: Transaction, row: StoredConsultation, item: str, code: str, number: int, at: int
) -> None:
    """Put somebody into another group. Raises NotAllowed where there is no such person or group."""
    await tx.run("lock_meeting", consultation_id=row.id, at=at)
    known = {one.item: one for one in await _groupings(tx, row.id)}
    found = [one for one in await _all(tx, row.id) if one.item == item and one.code == code]
    if item not in known or not found:
        raise refused("meeting_desk.no_such_number")
    if not 1 <= number <= known[item].groups_made:
        raise refused("meeting_desk.no_such_group", count=known[item].groups_made)
    await _put(tx, row.id, [(found[0].seat_id, item, number, 1)])


async def join(tx: Transaction, row: StoredConsultation, person_id: int) -> None:
    """Put who has a place now into the groups that most lack them, where there are groups already.

    What they are told in the same breath, where people are told theirs, is noted. The meeting is locked.
    """
    known = await _groupings(tx, row.id)
    mine = await tx.row(SeatOf, consultation_id=row.id, person_id=person_id) if known else None
    if mine is None or mine.state != "seat":
        return
    people = await tx.rows(Groupable, consultation_id=row.id)
    every = await _all(tx, row.id)
    (member,) = _members(one for one in people if one.id == mine.id)
    for one in known:
        share = {other.code: other.number for other in every if other.item == one.item}
        if member.id not in share:
            number = later(_members(people), share, one.groups_made, member)
            await _put(tx, row.id, [(mine.id, one.item, number, 0)])
    if any(one.told_at is not None for one in known):
        await tx.run("note_groups_told", seat_id=mine.id)


async def tell(tx: Transaction, row: StoredConsultation, digest: str, at: int) -> None:
    """Have everybody told their group. Raises NotAllowed where somebody has changed them since they were looked at."""
    await tx.run("lock_meeting", consultation_id=row.id, at=at)
    found = await read(tx, row)
    if not found.groupings or found.digest != digest:
        raise refused("meeting_desk.groups_changed")
    await tx.run("tell_groups", consultation_id=row.id, at=at)


async def told_to(
    tx: Transaction, consultation_id: int, person_id: int
) -> tuple[tuple[str, int], ...]:
    """Somebody's groups, as far as people are told theirs: item and number."""
    rows = await tx.rows(GroupsTold, consultation_id=consultation_id, person_id=person_id)
    return tuple((row.item, row.number) for row in rows)


async def read(tx: Transaction, row: StoredConsultation) -> Groups:
    """The groups as they are."""
    people = await tx.rows(Groupable, consultation_id=row.id)
    every = await _all(tx, row.id)
    there = {one.code for one in people}
    found = []
    order = {item: place for place, item in enumerate(rounds_of(seats.meeting_of(row)))}
    known = sorted(await _groupings(tx, row.id), key=lambda one: order.get(one.item, len(order)))
    for one in known:
        own = [other for other in every if other.item == one.item and other.code in there]
        share = {other.code: other.number for other in own}
        members = _members(other for other in people if other.code in share)
        numbers = range(1, one.groups_made + 1)
        found.append(
            Grouping(
                one.item,
                one.seed,
                {n: [code for code, number in share.items() if number == n] for n in numbers},
                frozenset(other.code for other in own if other.by_hand),
                evenness(members, share, one.groups_made),
                one.told_at is not None,
            )
        )
    shares = [{"item": one.item, "code": one.code, "number": one.number} for one in every]
    return Groups(
        found,
        len({one.code for one in every}),
        len({one.seat_id for one in every if one.told != one.number}),
        hashlib.sha256(batch(shares).encode()).hexdigest()[:16],
    )


def _members(people: Iterable[Groupable]) -> list[Member]:
    return [Member(one.code, one.gender, one.body, one.age) for one in people]


async def _groupings(tx: Transaction, consultation_id: int) -> list[GroupingsOf]:
    return await tx.rows(GroupingsOf, consultation_id=consultation_id)


async def _all(tx: Transaction, consultation_id: int) -> list[GroupsOf]:
    return await tx.rows(GroupsOf, consultation_id=consultation_id)


async def _put(
    tx: Transaction, consultation_id: int, rows: Sequence[tuple[int, str, int, int]]
) -> None:
    names = ("seat", "item", "number", "by_hand")
    each: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in rows]
    await tx.run("put_in_groups", consultation_id=consultation_id, rows=batch(each))
