"""While a consultation is open: who is missing is told to its organizers, once, while something can be done.

open consultations -> who took part, by gender, age and disability -> beside the census -> their own chats
"""

import secrets
from collections.abc import Mapping
from typing import Protocol

from bot.core.config import Config
from bot.core.councils import Register
from bot.core.localtime import now_ms
from bot.outreach import quiet_hours
from bot.outreach.organizers import StaffChats
from flows.statistics.disclosure import UNSAID
from flows.statistics.findings import Judged, missing
from flows.statistics.participation import DIMENSIONS, census_comparison
from flows.wording.text import Code, lines, msg
from storage.database import Storage, Transaction
from storage.rows.consultations import ConsultationById
from storage.rows.outbox import AgreedOn
from storage.rows.responses import OpenToCompare, Profiles
from storage.rows.staff import StaffOf

#: Who is told: those who can invite.
ROLES = frozenset({"organizer", "admin"})


class App(Protocol):
    """What is needed of the whole."""

    config: Config
    storage: Storage
    register: Register

    @property
    def staff_chats(self) -> StaffChats:
        """The own chats of members of staff."""


async def look(app: App) -> None:
    """Tell the organizers of what is open who is missing, once for each consultation; by day. Raises Unavailable."""
    async with app.storage.reading() as tx:
        found = await tx.rows(OpenToCompare, at=now_ms())
        for one in found:
            await app.register.learn(tx, one.council_id)
    for one in found:
        sending = app.register.council(one.council_id).sending
        if quiet_hours.allowed_from(now_ms(), sending) <= now_ms():
            await _tell(app, one.id, one.council_id)


async def _tell(app: App, id: int, council_id: int) -> None:
    chats = app.staff_chats
    async with app.storage.reading() as tx:
        judged = await _judged(app, tx, id, council_id)
        staff = [
            one
            for one in await tx.rows(StaffOf, council_id=council_id)
            if one.role in ROLES and one.has_chat and one.state == "active"
        ]
    if not judged.said or not staff:
        return
    async with chats.delivery.settlement.along() as write, app.storage.transaction() as tx:
        await write(tx)
        row = await tx.row(ConsultationById, id=id)
        mark = secrets.token_hex(8)
        agreed = await tx.row(AgreedOn, name=f"missing:{id}", value=mark)
        # Of two processes that look at the same time, one has its mark kept.
        if row is None or agreed is None or agreed.value != mark:
            return
        link = f"{app.config.public_url}/staff/c/{row.code}/results"
        text = lines(msg("organizer.missing", code=Code(row.code)), judged.text, Code(link), gap=1)
        written = [await chats.write(tx, council_id, one.name, text) for one in staff]
    for one in written:
        if one is not None:
            chats.go(one)


async def _judged(app: App, tx: Transaction, id: int, council_id: int) -> Judged:
    """Who is missing, of the whole that stands."""
    counted: dict[str, dict[str, int]] = {
        d.field: {**{group: 0 for group, _ in d.groups}, UNSAID: 0} for d in DIMENSIONS
    }
    total = 0
    for profile in await tx.rows(Profiles, consultation_id=id):
        total += profile.n
        for field, groups in counted.items():
            said = getattr(profile, field)
            groups[said if said in groups else UNSAID] += profile.n
    place = app.register.council(council_id).place
    beside, _ = census_comparison(place, counted, total)
    return missing(beside, _told(counted))


def _told(counted: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {field: sum(groups.values()) - groups[UNSAID] for field, groups in counted.items()}
