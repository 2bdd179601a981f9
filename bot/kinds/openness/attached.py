"""What citizens told, attached to problems of a programme: read by reference, forgotten with its author."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from bot.conversation.context import OwnData
from bot.core.refusals import refused
from bot.kinds.openness.editing import known
from bot.kinds.openness.keeping import Kept
from bot.kinds.openness.rows import ProgrammeAttached
from storage.database import Transaction

#: Most that is attached to one problem.
MOST_ATTACHED: Final = 50


async def attached(tx: Transaction, kept: Kept) -> Mapping[str, Sequence[str]]:
    """The references of what is attached to each problem, by its key."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in await tx.rows(ProgrammeAttached, programme_id=kept.id):
        found[row.problem].append(row.reference)
    return found


async def attach(tx: Transaction, kept: Kept, problem: str, response_id: int) -> None:
    """Attach what was told to a problem, once. Raises NotAllowed."""
    known(problem, kept.programme.problems)
    if len((await attached(tx, kept)).get(problem, ())) >= MOST_ATTACHED:
        raise refused("openness_desk.no.more", most=MOST_ATTACHED)
    await tx.run("attach_told", programme_id=kept.id, problem=problem, response_id=response_id)


async def detach(tx: Transaction, kept: Kept, problem: str, response_id: int) -> None:
    """Take it away from there again."""
    await tx.run("detach_told", programme_id=kept.id, problem=problem, response_id=response_id)


OWN_DATA = OwnData(erased=("erase_attached",))
