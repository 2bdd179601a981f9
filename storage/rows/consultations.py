"""Records of `storage/sql/consultations.sql`."""

from storage.rows import Consultation, Identified, Record


class ConsultationByCode(Consultation, frozen=True):
    """One consultation."""


class ConsultationById(Consultation, frozen=True):
    """One consultation."""


class Consultations(Consultation, frozen=True):
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


class OpenConsultations(Consultation, frozen=True):
    """What can be answered at a moment."""
