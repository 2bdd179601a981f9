"""Who may answer what is open to some only: a phase may be for who is on a list of the council's."""

from bot.core.councils import head_of, phase_at
from flows.wording.text import Text, Translated, Verbatim, msg
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.lists import ListsFor


async def refusal(tx: Transaction, row: StoredConsultation, person_id: int, at: int) -> Text | None:
    """The kind sentence for who may not answer in the phase that is on; None for who may."""
    phase = phase_at(row, at)
    if phase is None or not phase.lists:
        return None
    kept = await tx.rows(ListsFor, council_id=row.council_id, person_id=person_id)
    named = [one for one in kept if one.code in phase.lists]
    if any(one.mine for one in named):
        return None
    title = Translated(head_of(row).title)
    if not named:
        return msg("chat.not_for_all", title=title)
    names = Verbatim(" · ".join(one.name for one in named))
    return msg("chat.for_lists", title=title, names=names)
