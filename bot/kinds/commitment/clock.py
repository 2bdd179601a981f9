"""What is done for commitments by itself: whoever answers for one is reminded in their own chat."""

import logging
from datetime import date

from bot.core.localtime import local_day, now_ms
from bot.kinds.commitment import owners
from bot.kinds.commitment.changes import commitment_of
from bot.kinds.commitment.desk import PATH
from bot.kinds.commitment.rows import NoteReminder, OwedCommitments, RemindedOf
from bot.outreach import held, quiet_hours
from bot.outreach.organizers import StaffChats
from bot.services import Services
from flows.kinds.commitment.reminders import reminder, step
from storage.database import Transaction, Unavailable

log = logging.getLogger("tachawor.commitments")


async def look(services: Services) -> None:
    """One round over all that councils owe; none while a restored database is held."""
    at = now_ms()
    today = local_day(at)
    async with services.storage.reading() as tx:
        if await held.since(tx):
            return
        owed = await tx.rows(OwedCommitments)
        await services.register.learn(tx, *(row.council_id for row in owed))
        due = [row for row in owed if await _is_due(services, tx, row, today, at)]
    for row in due:
        try:
            await _remind(services, row, today, at)
        except Unavailable:
            raise
        except Exception:
            log.exception("the owner of %s could not be reminded; it is tried again", row.code)


async def _is_due(
    services: Services, tx: Transaction, row: OwedCommitments, today: date, at: int
) -> bool:
    """Whether somebody is to be reminded now who has a chat: looking costs nobody a write."""
    commitment = commitment_of(row)
    wanted = step(commitment.due, today)
    sending = services.register.council(row.council_id).sending
    if not wanted or quiet_hours.allowed_from(at, sending) > at:
        return False
    gone = await tx.row(RemindedOf, consultation_id=row.id, due=commitment.due.isoformat())
    if gone is not None and (gone.step or 0) >= wanted:
        return False
    return await owners.has_chat(tx, row.council_id, commitment.owner)


async def _remind(services: Services, row: OwedCommitments, today: date, at: int) -> None:
    """Remind once: of those that were missed only the last."""
    commitment = commitment_of(row)
    link = f"{services.config.public_url}{PATH}/{row.code}"
    chats = StaffChats(
        services.storage,
        services.register,
        services.vault,
        services.delivery,
        services.conversations.listeners,
    )
    async with services.delivery.settlement.along() as write, services.storage.transaction() as tx:
        await write(tx)
        first = await tx.row(
            NoteReminder,
            consultation_id=row.id,
            due=commitment.due.isoformat(),
            step=step(commitment.due, today),
            at=at,
        )
        if first is None:
            return
        text = reminder(commitment, today, link)
        written = await chats.write(tx, row.council_id, commitment.owner.strip(), text)
    if written is not None:
        chats.go(written)
