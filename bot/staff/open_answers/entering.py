"""Staff enter what they heard in a voice note: words, choices, or that nobody can understand it; and take it back."""

from collections.abc import Collection, Sequence

from bot.core.refusals import refused
from bot.staff.open_answers import OpenQuestion, VoiceNote, heard, voice_note
from flows.kinds import kinds
from storage.database import Transaction
from storage.rows import StoredConsultation


async def write_down(
    tx: Transaction,
    row: StoredConsultation,
    questions: Sequence[OpenQuestion],
    token: str,
    version: int,
    text: str,
    made_by: str,
) -> None:
    """Write down what a voice note says, as it was seen at a `version`. Raises NotAllowed."""
    question, note = _note(row, questions, token, version)
    if question.of.choices is not None:
        raise refused("heard.no.choice")
    await heard.enter(tx, row.id, note.entry, "heard", heard.written(text), made_by)


async def choose(
    tx: Transaction,
    row: StoredConsultation,
    questions: Sequence[OpenQuestion],
    token: str,
    version: int,
    ids: Collection[str],
    made_by: str,
) -> None:
    """Enter which choices a voice note names. Raises NotAllowed."""
    question, note = _note(row, questions, token, version)
    if question.of.choices is None:
        raise refused("heard.no.choice")
    answer = heard.chosen(question.of.choices, ids)
    await heard.enter(tx, row.id, note.entry, "heard", answer, made_by)


async def not_understood(
    tx: Transaction,
    row: StoredConsultation,
    questions: Sequence[OpenQuestion],
    token: str,
    version: int,
    made_by: str,
) -> None:
    """Enter that nobody can understand a voice note. Raises NotAllowed."""
    _, note = _note(row, questions, token, version)
    await heard.enter(tx, row.id, note.entry, "unclear", "", made_by)


async def take_back(
    tx: Transaction,
    row: StoredConsultation,
    questions: Sequence[OpenQuestion],
    token: str,
    version: int,
    made_by: str,
) -> None:
    """Take back what was heard in a voice note. Raises NotAllowed."""
    question, note = _note(row, questions, token, version)
    if not note.is_entered:
        raise refused("heard.no.nothing")
    again = "none" if question.of.choices is None else "waiting"
    await heard.enter(tx, row.id, note.entry, again, "", made_by)


def _note(
    row: StoredConsultation, questions: Sequence[OpenQuestion], token: str, version: int
) -> tuple[OpenQuestion, VoiceNote]:
    """A voice note about which something is entered, as somebody saw it, with its question."""
    if not writes(row):
        raise refused("heard.no.desk")
    note = voice_note(questions, token)
    if note is None:
        raise refused("outcome.no.answer")
    if note.entry.version != version:
        raise refused("heard.no.changed")
    return next(q for q in questions if q.field == note.entry.field), note


def writes(row: StoredConsultation) -> bool:
    """Whether voice notes are written down here: what has a desk is, on it."""
    return kinds()[row.kind].case is None
