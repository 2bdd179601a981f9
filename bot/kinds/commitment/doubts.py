"""Citizens who say, with a photo, that what staff call done is not: it is open again for staff until they answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from bot.conversation.context import Context
from bot.core.contact import Conversation
from bot.core.councils import is_open
from bot.kinds.commitment import changes
from bot.kinds.commitment.rows import CommitmentDoubts, DoubtedIn
from flows.dialog.dialog import Media
from flows.kinds.commitment.conversation import Doubt
from storage.database import Transaction
from storage.ids import new_id
from storage.rows.responses import ResponseByReference, SingleResponse


@dataclass(frozen=True, slots=True)
class Doubted:
    """What somebody sent who says that it is not done, and when (ms)."""

    photos: tuple[Media, ...]
    at: int


async def doubt(context: Context, conversation: Conversation, effect: Doubt) -> None:
    """Keep that somebody says it is not done, if their answer was kept and the council says that it is."""
    row = await context.register.by_id(context.tx, conversation.consultation_id)
    said = await changes.history(context.tx, row.id)
    answered = await context.tx.row(
        SingleResponse, consultation_id=row.id, person_id=context.person.id, phase=""
    )
    if answered is None or answered.state == "withdrawn" or not is_open(row, context.at):
        # Why not was said when the response was refused.
        return
    if not effect.photos:
        await context.tx.run("drop_doubt", consultation_id=row.id, person_id=context.person.id)
    elif said and said[0].standing.state == "done":
        await context.tx.run(
            "doubt_commitment",
            id=new_id(),
            consultation_id=row.id,
            person_id=context.person.id,
            photos=msgspec.json.encode(effect.photos).decode(),
            at=context.at,
        )


async def withdrawn(tx: Transaction, found: ResponseByReference, at: int) -> None:
    """Who takes their answer back has said nothing."""
    if found.person_id is not None:
        who = {"consultation_id": found.consultation_id, "person_id": found.person_id}
        await tx.run("drop_doubt", **who)


async def doubts(tx: Transaction, consultation_id: int) -> Sequence[Doubted]:
    """What was sent by who says that it is not done, the newest first."""
    rows = await tx.rows(CommitmentDoubts, consultation_id=consultation_id)
    return [
        Doubted(msgspec.json.decode(row.photos, type=tuple[Media, ...]), row.at) for row in rows
    ]


async def doubted(tx: Transaction, council_id: int) -> Mapping[int, DoubtedIn]:
    """The commitments of a council that people say are not done, by the consultation's id."""
    return {row.id: row for row in await tx.rows(DoubtedIn, council_id=council_id)}
