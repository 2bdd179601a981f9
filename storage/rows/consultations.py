"""Records of `storage/sql/consultations.sql`."""

from storage.rows import Consultation, Identified, Record


class ConsultationByCode(Consultation, frozen=True):
    """One consultation."""


class ConsultationById(Consultation, frozen=True):
    """One consultation."""


class Consultations(Record, frozen=True):
    """Every consultation with its council and how many responses stand."""

    id: int
    council_id: int
    council: str
    code: str
    kind: str
    state: str
    version: int
    definition: str
    opens_at: int | None
    closes_at: int | None
    opens_local: str | None
    closes_local: str | None
    created_at: int
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
