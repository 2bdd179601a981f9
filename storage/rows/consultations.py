"""Records of `storage/sql/consultations.sql`."""

from storage.rows import Identified, Record, StoredConsultation


class ClosedAt(Record, frozen=True):
    """When what is not open any more was closed, ms."""

    closed_at: int


class ConsultationByCode(StoredConsultation, frozen=True):
    """One consultation."""


class ConsultationById(StoredConsultation, frozen=True):
    """One consultation."""


class Consultations(StoredConsultation, frozen=True):
    """Every consultation with its council and how many responses stand."""

    responses: int


class Councils(Record, frozen=True):
    """Every council."""

    id: int
    code: str
    body: str


class DeleteConsultation(Identified, frozen=True):
    """Remove a consultation that nobody has answered; nothing comes back if somebody has."""


class MoveConsultation(Identified, frozen=True):
    """From one state to the next; nothing comes back if another process was faster."""


class OpenConsultations(StoredConsultation, frozen=True):
    """What can be answered at a moment."""
