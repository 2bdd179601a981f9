"""One address counts once for a consultation that takes one response each, also if its person was erased.

    erased -> the answers stay, without author; a keyed digest of each address says where they came from
    the same address answers again -> the new answer counts, and the one without author does not

Nobody can be found by such a digest who does not hold the key and try every address; it goes when the
consultation is closed.
"""

from collections.abc import Iterable

from bot.core.vault import Vault
from bot.staff.limits import chat_of
from storage.database import Transaction, batch
from storage.rows.people import AddressesOf
from storage.rows.responses import AnswersToRemember


async def remember(tx: Transaction, vault: Vault, person_id: int) -> None:
    """Note, for somebody who is about to be erased, from which addresses their answers came."""
    answers = await tx.rows(AnswersToRemember, person_id=person_id)
    if not answers:
        return
    chats = await tx.rows(AddressesOf, person_id=person_id)
    rows = [
        {
            "consultation_id": one.consultation_id,
            "phase": one.phase,
            "chat": chat_of(vault, chat.channel, chat.address, one.consultation_id),
            "response_id": one.response_id,
        }
        for one in answers
        for chat in chats
    ]
    await tx.run("remember_answers", rows=batch(rows))


async def count_once(
    tx: Transaction,
    vault: Vault,
    channel: str,
    addresses: Iterable[str],
    consultation_id: int,
    phase: str,
    at: int,
) -> None:
    """Somebody's only response has come from these addresses: what they said before they were erased counts no more."""
    rows = [{"x": chat_of(vault, channel, one, consultation_id)} for one in addresses]
    await tx.run(
        "count_once", consultation_id=consultation_id, phase=phase, at=at, rows=batch(rows)
    )
