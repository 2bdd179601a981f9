"""Whoever said something that stands in a group is told what the council did with it, once staff say so."""

import logging
from typing import Final

from bot.core.councils import head_of
from bot.core.localtime import now_ms
from bot.kinds import telling
from bot.kinds.draft_text import groups
from bot.kinds.draft_text.rows import GroupsToTell, NoteGroupTold, ToldNext
from bot.kinds.telling import Told
from bot.outreach import held, quiet_hours
from bot.services import Services
from flows.kinds.draft_text.definition import DraftText, by_key
from flows.kinds.draft_text.replies import told_to_group
from storage.database import Unavailable
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationById

log = logging.getLogger("tachawor.drafts")

#: Most messages of one draft in one round.
AT_ONCE: Final = 50


async def look(services: Services) -> None:
    """One round over all drafts in which somebody waits; none while a restored database is held."""
    at = now_ms()
    async with services.storage.reading() as tx:
        if await held.since(tx):
            return
        ids = [row.id for row in await tx.rows(GroupsToTell)]
        rows = [await tx.row(ConsultationById, id=id) for id in ids]
        waiting = [row for row in rows if row is not None]
        await services.register.learn(tx, *(row.council_id for row in waiting))
    for row in waiting:
        sending = services.register.council(row.council_id).sending
        if quiet_hours.allowed_from(at, sending) > at:
            continue
        try:
            await _tell(services, row, at)
        except Unavailable:
            raise
        except Exception:
            log.exception("who commented %s could not be told; it is tried again", row.code)


async def _tell(services: Services, row: StoredConsultation, at: int) -> None:
    draft = head_of(row)
    if not isinstance(draft, DraftText):
        raise TypeError(f"{row.code} is no draft text")
    async with services.storage.transaction() as tx:
        known = {one.group.id: one.group for one in await groups.groups_of(tx, row.id)}
        people: list[Told] = []
        for one in await tx.rows(ToldNext, consultation_id=row.id, most=AT_ONCE):
            noted = await tx.rows(
                NoteGroupTold,
                group_id=one.group_id,
                person_id=one.person_id,
                tell_at=one.tell_at,
                at=at,
            )
            group = known[one.group_id]
            if noted and group.article in by_key(draft):
                people.append((one.person_id, told_to_group(draft, group)))
        going = await telling.queued(services, tx, row, people, "draft", at)
    telling.go(services, going)
