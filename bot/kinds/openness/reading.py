"""What staff typed on the pages of a programme: days, sequences, which session is meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.core.refusals import refused
from bot.web.frame.forms import Form
from flows.dialog.facts import Council
from flows.kinds.openness.programme import Step
from flows.kinds.openness.sequence import LEAD, STEPS, sequence
from flows.morocco import sessions
from flows.morocco.petition_law import NoRule
from flows.understanding import scripts

#: Years that a day of a programme may lie in.
YEARS: Final = range(2015, 2100)

#: Ordinary sessions that are offered.
OFFERED: Final = 5


@dataclass(frozen=True, slots=True)
class Noticed:
    """What somebody should look at: steps whose days are not all left, a month without an ordinary session.

    `fits` is the first ordinary session for which everything is in time, None where no rule says which there are.
    `note` and `cite` are what the rule says and where it was found. `past`: the session has been.
    """

    late: Sequence[str]
    extraordinary: bool
    fits: date | None
    note: str
    cite: str
    past: bool = False


def day_in(text: str) -> date | None:
    """A day in any script's digits, None where it is none."""
    try:
        found = date.fromisoformat(scripts.digits(text.strip()))
    except ValueError:
        return None
    return found if found.year in YEARS else None


def session_in(form: Form) -> date:
    """The day of the session: typed, else that of the month that was chosen. Raises NotAllowed.

    The day of an earlier look gives way to a month that was chosen since.
    """
    typed, month = form.value("session").strip(), form.value("month")
    chosen = month and typed in ("", form.value("counted"))
    found = day_in(month if chosen else typed)
    if found is None:
        raise refused("openness_desk.no.session")
    return found


def steps_in(form: Form, session: date) -> Sequence[Step]:
    """The steps as typed; counted anew where the session is another than they were counted for.

    Raises NotAllowed.
    """
    if form.value("counted") != session.isoformat():
        return sequence(session)
    steps = []
    for key in STEPS:
        first, last = day_in(form.value(f"first.{key}")), day_in(form.value(f"last.{key}"))
        if first is None or last is None:
            raise refused("openness_desk.no.day")
        steps.append(Step(key, first, last))
    return steps


def typed(session: date, steps: Sequence[Step]) -> dict[str, str]:
    """The fields of a form that hold these days."""
    fields = {"session": session.isoformat(), "counted": session.isoformat()}
    for one in steps:
        fields |= {
            f"first.{one.key}": one.first.isoformat(),
            f"last.{one.key}": one.last.isoformat(),
        }
    return fields


def offered(council: Council, today: date) -> Sequence[tuple[date, bool]]:
    """The next ordinary sessions of a council, each with whether the whole sequence fits before it."""
    try:
        found = sessions.next_ones(council.place, today + timedelta(days=1), OFFERED)
    except (KeyError, NoRule):
        return []
    return [(day, day >= today + timedelta(days=LEAD)) for day in found]


def noticed(
    council: Council, session: date, late: Sequence[str], today: date, language: str
) -> Noticed:
    """What somebody should look at: of one that is not begun, `late` are the steps whose days are not all left."""
    past = session < today
    try:
        known = sessions.ordinary(council.place, session)
        fits = sessions.next_ones(council.place, today + timedelta(days=LEAD), 1)[0]
    except (KeyError, NoRule):
        return Noticed(late, False, None, "", "", past)
    note = known.rule.note.get(language, known.rule.note["fr"])
    extraordinary = session.month not in known.months
    return Noticed(late, extraordinary, fits, note, known.rule.cite(language), past)
