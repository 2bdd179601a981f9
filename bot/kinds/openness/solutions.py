"""What people proposed, by the problem that it is about: moderated, masked, held where few were asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.consultations import listing
from bot.core.vault import Vault
from bot.kinds.openness import keeping
from bot.kinds.openness.keeping import Kept
from bot.staff import open_answers
from storage.database import Transaction

#: Solutions of one problem that the page shows; all of them are on the page of open answers.
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was proposed about one problem.

    `words` are without what could say whose they are, and without what was hidden; `spoken` counts voice notes
    that have no words yet. `held`: too few were asked for anything to be shown.
    """

    words: Sequence[str]
    spoken: int
    held: bool


async def proposed(tx: Transaction, vault: Vault, kept: Kept) -> Mapping[str, Proposed]:
    """What people proposed in the consultation about solutions, by the problem's key; none before it was made."""
    part = (await keeping.parts(tx, kept)).get("solutions")
    row = await listing.consultation(tx, kept.council_id, part.code) if part is not None else None
    if row is None:
        return {}
    found = {}
    for question in await open_answers.questions_of(tx, vault, row):
        shown = [one for one in question.answers if one.hidden is None]
        found[question.field] = Proposed(
            [one.masked for one in shown if one.text],
            sum(1 for one in shown if not one.text and one.media),
            question.held,
        )
    return found
