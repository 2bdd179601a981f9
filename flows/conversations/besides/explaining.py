"""A question in other words, for who says that they do not understand it."""

from typing import Any

from flows.dialog.answers import Day, Number, Where, Words, innermost
from flows.dialog.choices import YesNo
from flows.dialog.communes import CommuneName
from flows.dialog.dialog import Answer, Ask
from flows.dialog.ratings import Ranking, Rating
from flows.dialog.review import Review
from flows.dialog.several import Several
from flows.wording.text import Text, lines, msg


def explained(asked: Ask[Any]) -> Text:
    """What is asked, said more simply where somebody wrote that down; and how it is answered."""
    answer: Answer[Any] = asked.answer
    how = _how(innermost(answer), len(answer.options))
    return lines(
        asked.simpler,
        how if asked.simpler is None or answer.options else None,
        msg("how.voice") if "voice" in answer.wants else None,
        msg("how.skip") if answer.optional else None,
    )


def _how(answer: object, choices: int) -> Text | None:
    """What to do at a question of this kind; None where the question itself says it."""
    match answer:
        case YesNo():
            return msg("how.yes_no")
        case Review():
            return msg("how.review")
        case Several():
            return msg("how.several")
        case Ranking():
            return msg("how.ranking")
        case Rating():
            return msg("how.rating")
        case Number():
            return msg("how.number")
        case Day():
            return msg("how.date")
        case CommuneName():
            return msg("how.commune")
        case Where():
            return msg("how.place")
        case Words():
            return msg("how.words")
    return msg("how.choice", last=choices) if choices else None
