"""Comments of an article that say about the same: put together by staff, replied to, their authors told.

Whose words are where is known by the response alone; what somebody says anew afterwards is in no group.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from bot.conversation.context import OwnData
from bot.core.councils import head_of
from bot.core.refusals import refused
from bot.kinds.draft_text.rows import CommentGroups, CommentMembers, GroupsOfPerson
from bot.staff.open_answers import OpenAnswer, OpenQuestion
from flows.dialog.definition import text_problems
from flows.kinds.draft_text.definition import DraftText, by_key
from flows.kinds.draft_text.replies import (
    LONGEST_BODIES,
    LONGEST_GROUP,
    LONGEST_WHY,
    OUTCOMES,
    Group,
)
from flows.kinds.draft_text.rows import IN_WORDS
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation

#: Most groups of one article.
MOST_GROUPS: Final = 30


@dataclass(frozen=True, slots=True)
class Kept:
    """A group as staff see it. `tell_at` is from when its people are told (ms), None for not yet."""

    group: Group
    made_by: str
    at: int
    tell_at: int | None

    @property
    def digest(self) -> str:
        """Stands for what its people would be told."""
        said = [dict(self.group.title), self.group.outcome, dict(self.group.why)]
        return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:16]

    @property
    def is_told(self) -> bool:
        """Whether what was replied last was told."""
        return self.tell_at is not None and self.tell_at >= self.at


async def groups_of(tx: Transaction, consultation_id: int) -> list[Kept]:
    """Every group of a draft, as they were made."""
    return [
        Kept(
            Group(
                row.id,
                row.article,
                msgspec.json.decode(row.title),
                row.people,
                row.outcome,
                msgspec.json.decode(row.why),
                row.bodies,
            ),
            row.made_by,
            row.at,
            row.tell_at,
        )
        for row in await tx.rows(CommentGroups, consultation_id=consultation_id)
    ]


async def members_of(tx: Transaction, consultation_id: int) -> Mapping[tuple[int, str], int]:
    """In which group words are, by the response's id and the field."""
    rows = await tx.rows(CommentMembers, consultation_id=consultation_id)
    return {(row.response_id, row.field): row.group_id for row in rows}


async def of_person(tx: Transaction, consultation_id: int, person_id: int) -> list[Group]:
    """The groups in which somebody's words are."""
    rows = await tx.rows(GroupsOfPerson, consultation_id=consultation_id, person_id=person_id)
    own = {row.group_id for row in rows}
    every = await groups_of(tx, consultation_id) if own else ()
    return [one.group for one in every if one.group.id in own]


def fields_of(article: str) -> Sequence[str]:
    """Where words about an article stand, as open answers name it."""
    return [f"{article}_{name}" for name in IN_WORDS]


async def put(
    tx: Transaction,
    row: StoredConsultation,
    article: str,
    questions: Sequence[OpenQuestion],
    tokens: Collection[str],
    into: int | None,
    title: Mapping[str, str],
    made_by: str,
    at: int,
) -> None:
    """Put the words of `tokens` into a group, a new one of that title for None. Raises NotAllowed."""
    if row.state == "draft":
        raise refused("draft_desk.not_met")
    known_article(row, article)
    chosen = _chosen(article, questions, tokens)
    if not chosen:
        raise refused("draft_groups.no.none")
    if into is None:
        mine = [one for one in await groups_of(tx, row.id) if one.group.article == article]
        if len(mine) >= MOST_GROUPS:
            raise refused("draft_groups.no.more", most=MOST_GROUPS)
        into = new_id()
        await tx.run(
            "add_comment_group",
            id=into,
            consultation_id=row.id,
            article=article,
            title=msgspec.json.encode(_title(title)).decode(),
            made_by=made_by,
            at=at,
        )
    else:
        await _own(tx, row, article, into)
    for field, answer in chosen:
        await tx.run(
            "put_into_group", response_id=answer.response_id, field=field, group_id=into, at=at
        )


async def take_out(
    tx: Transaction, article: str, questions: Sequence[OpenQuestion], token: str
) -> None:
    """Take words out of their group. Raises NotAllowed."""
    chosen = _chosen(article, questions, [token])
    if not chosen:
        raise refused("draft_groups.no.none")
    for field, answer in chosen:
        await tx.run("take_out_of_group", response_id=answer.response_id, field=field)


async def reply(
    tx: Transaction,
    row: StoredConsultation,
    article: str,
    id: int,
    title: Mapping[str, str],
    outcome: str,
    why: Mapping[str, str],
    bodies: str,
    made_by: str,
    at: int,
) -> None:
    """Keep what the council did with what a group said. Raises NotAllowed."""
    await _own(tx, row, article, id)
    if outcome not in OUTCOMES:
        raise refused("draft_desk.no_outcome")
    if list(text_problems("why", dict(why), longest=LONGEST_WHY)):
        raise refused("draft_desk.no_why")
    if len(bodies) > LONGEST_BODIES:
        raise refused("draft_groups.no.bodies", most=LONGEST_BODIES)
    await tx.run(
        "reply_to_group",
        id=id,
        title=msgspec.json.encode(_title(title)).decode(),
        outcome=outcome,
        why=msgspec.json.encode(why).decode(),
        bodies=bodies.strip(),
        made_by=made_by,
        at=at,
    )


async def drop(tx: Transaction, row: StoredConsultation, article: str, id: int) -> None:
    """Take a group apart that nobody was told of: its words are in none. Raises NotAllowed."""
    if (await _own(tx, row, article, id)).tell_at is not None:
        raise refused("draft_groups.no.told")
    await tx.run("empty_comment_group", id=id)
    await tx.run("drop_comment_group", id=id)


async def tell(
    tx: Transaction, row: StoredConsultation, article: str, id: int, digest: str, at: int
) -> None:
    """Have everybody in it told what was looked at. Raises NotAllowed before the closing or the reply."""
    kept = await _own(tx, row, article, id)
    if row.state not in ("closed", "archived") or not kept.group.outcome:
        raise refused("draft_desk.tell_closed")
    if kept.digest != digest:
        raise refused("draft_groups.no.changed")
    if not kept.is_told:
        await tx.run("tell_comment_group", id=id, at=at)


async def _own(tx: Transaction, row: StoredConsultation, article: str, id: int) -> Kept:
    """A group of that article of that draft. Raises NotAllowed."""
    found = [one for one in await groups_of(tx, row.id) if one.group.id == id]
    if not found or found[0].group.article != article:
        raise refused("draft_groups.no.gone")
    return found[0]


def known_article(row: StoredConsultation, article: str) -> None:
    """Whether the draft has it. Raises NotAllowed."""
    head = head_of(row)
    if not isinstance(head, DraftText) or article not in by_key(head):
        raise refused("draft_desk.no_article")


def _title(title: Mapping[str, str]) -> Mapping[str, str]:
    if list(text_problems("title", dict(title), longest=LONGEST_GROUP)):
        raise refused("draft_groups.no.title", most=LONGEST_GROUP)
    return title


def _chosen(
    article: str, questions: Sequence[OpenQuestion], tokens: Collection[str]
) -> list[tuple[str, OpenAnswer]]:
    """The words that were meant, of those about that article that may be shown; what was hidden is in no group."""
    wanted = set(tokens)
    return [
        (question.field, answer)
        for question in questions
        if question.field in fields_of(article)
        for answer in question.answers
        if answer.token in wanted and answer.hidden is None
    ]


OWN_DATA: Final = OwnData(erased=("erase_members",))
