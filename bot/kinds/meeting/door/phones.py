"""Telephones at the door: each has a link of its own, good for one meeting, until it is taken back."""

import secrets
from collections.abc import Sequence
from typing import Final

from bot.core.localtime import moment
from bot.core.refusals import refused
from bot.core.vault import Vault
from bot.kinds.meeting.rows import PhoneByDigest, PhonesOf
from bot.kinds.meeting.seats import meeting_of
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationById

#: Most telephones of a meeting, and the longest name of who has one.
MOST_PHONES: Final = 30
LONGEST_HOLDER: Final = 60

#: So long after the end a telephone still sends what it has noted; ms.
SENDS_MS: Final = 14 * 86_400_000


async def let_in(
    tx: Transaction, vault: Vault, row: StoredConsultation, name: str, made_by: str, at: int
) -> str:
    """A fresh secret for the telephone of `name`; it is shown once and kept nowhere. Raises NotAllowed."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_HOLDER:
        raise refused("meeting_desk.phone_whose")
    if row.state != "open" or at >= good_until(row):
        raise refused("meeting_desk.not_open")
    if sum(one.ended_at is None for one in await phones_of(tx, row.id)) >= MOST_PHONES:
        raise refused("meeting_desk.phones_many", most=MOST_PHONES)
    secret = secrets.token_urlsafe(24)
    await tx.run(
        "add_phone",
        id=new_id(),
        consultation_id=row.id,
        digest=_digest(vault, secret),
        name=name,
        made_by=made_by,
        at=at,
    )
    return secret


async def phones_of(tx: Transaction, consultation_id: int) -> Sequence[PhonesOf]:
    """The telephones of a meeting, the newest first, also those whose link was taken back."""
    return await tx.rows(PhonesOf, consultation_id=consultation_id)


async def take_back(tx: Transaction, consultation_id: int, id: int, at: int) -> None:
    """From now on the telephone sends nothing any more."""
    await tx.run("end_phone", id=id, consultation_id=consultation_id, at=at)


async def door_of(
    tx: Transaction, vault: Vault, secret: str, at: int
) -> tuple[PhoneByDigest, StoredConsultation] | None:
    """Whose secret this is, and for which meeting; None where it is nobody's, was taken back, or is too old."""
    found = await tx.row(PhoneByDigest, digest=_digest(vault, secret))
    if found is None or found.ended_at is not None:
        return None
    row = await tx.row(ConsultationById, id=found.consultation_id)
    return (found, row) if row is not None and at < good_until(row) else None


def good_until(row: StoredConsultation) -> int:
    """Until when the telephones of a meeting may send; ms."""
    return moment(meeting_of(row).ends) + SENDS_MS


def _digest(vault: Vault, secret: str) -> str:
    return vault.digest(secret, "meeting phone")
