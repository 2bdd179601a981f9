"""By when must a council answer who asks it for information?

The rules are data in the manner of `flows.morocco.petition_law`: dated, sourced, each with its certainty and
with what nobody has checked yet. What the commission on the right of access to information (cdai.ma)
says in its questions and answers was read; the text of law 31-13 was not. Nothing here is legal
advice. Show `Due.cite` wherever a day is shown.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flows.morocco import workdays
from flows.morocco.petition_law import NoRule, Rule, Text


@dataclass(frozen=True, slots=True)
class Due:
    """When a council must have answered a request for information."""

    days: int  #: how many, the extension with them
    working: bool  #: whether they are working days; else days of the calendar
    last_day: date  #: the last day on which the answer is in time
    rule: Rule

    def cite(self, language: str) -> str:
        """Law, source and certainty in one line, ending in who decides; see `Rule.cite`."""
        return self.rule.cite(language)


def due(
    received: date,
    *,
    urgent: bool = False,
    extended: bool = False,
    closed: Collection[date] = (),
    opened: Collection[date] = (),
) -> Due:
    """When a request received on this day must have been answered.

    20 working days, or 3 days where it is urgent; `extended` adds the one extension, as long again.
    The day of receipt is not counted. No source read says whether the 3 days are working days:
    they are taken as days of the calendar, which is never later. `closed` and `opened` are as in
    `flows.morocco.workdays`. Raises `NoRule` for a day before the law.
    """
    rule = URGENT if urgent else ANSWER
    if not rule.in_force(received):
        raise NoRule(
            f"no rule on answering requests for information is known on {received.isoformat()};"
            f" law 31-13 is in force since {_IN_FORCE.isoformat()}"
        )
    figures = rule.figures
    days = next(iter(figures.values())) + (figures["extension"] if extended else 0)
    if urgent:
        return Due(days, False, received + timedelta(days=days), rule)
    return Due(days, True, workdays.add(received, days, closed, opened=opened), rule)


# A communiqué on cdai.ma of 12 March 2023 says that the law has been in force for four years.
_IN_FORCE: Final = date(2019, 3, 12)

_ALL: Final = ("region", "province", "commune")
_LAW: Final[Text] = {
    "fr": "loi 31-13 relative au droit d'accès à l'information",
    "ar": "القانون \u206831-13\u2069 المتعلق بالحق في الحصول على المعلومات",
    "en": "law 31-13 on the right of access to information",
}
_SITE: Final[Text] = {"fr": "cdai.ma", "ar": "\u2068cdai.ma\u2069", "en": "cdai.ma"}
_TEXT: Final = "the law's text and its articles"
_FROM_WHEN: Final = "whether the day of receipt is counted (given here: it is not)"
_HOLIDAYS: Final = "which days are no working days (given here: Saturday, Sunday, public holidays, the council's own)"

ANSWER: Final = Rule(
    id="information.answer",
    levels=_ALL,
    figures={"working_days": 20, "extension": 20},
    article=_LAW,
    source=_SITE,
    certainty="A",
    since=_IN_FORCE,
    note={
        "fr": "La réponse est due dans les 20 jours ouvrables à partir de la réception de la demande ; ce délai peut être prolongé une fois de 20 jours.",
        "ar": "يجب الجواب داخل أجل 20 يوم عمل من تاريخ تسلّم الطلب، ويمكن تمديده مرة واحدة بعشرين يوما.",
        "en": "The answer is due within 20 working days of receiving the request; once, 20 days may be added.",
    },
    to_verify=(_TEXT, _FROM_WHEN, _HOLIDAYS, "whether the 20 days added are working days"),
)

URGENT: Final = Rule(
    id="information.urgent",
    levels=_ALL,
    figures={"days": 3, "extension": 3},
    article=_LAW,
    source=_SITE,
    certainty="A",
    since=_IN_FORCE,
    note={
        "fr": "Dans les cas urgents, la réponse est due dans les 3 jours ; ce délai peut être prolongé de 3 jours.",
        "ar": "في الحالات المستعجلة يجب الجواب داخل أجل 3 أيام، ويمكن تمديده بثلاثة أيام.",
        "en": "In urgent cases the answer is due within 3 days; 3 days may be added.",
    },
    to_verify=(
        _TEXT,
        "whether the days are working days (given here: days of the calendar, the earlier reading)",
        _FROM_WHEN,
        "which cases are urgent",
    ),
)

REFUSAL: Final = Rule(
    id="information.refusal",
    levels=_ALL,
    figures={},
    article=_LAW,
    source=_SITE,
    certainty="A",
    since=_IN_FORCE,
    note={
        "fr": "Un refus est motivé et donné par écrit.",
        "ar": "يكون الرفض كتابيا ومعللا.",
        "en": "A refusal is in writing and gives its reasons.",
    },
    to_verify=(_TEXT, "on which grounds a council may refuse"),
)

#: Every rule known, in the order of a request's life.
RULES: Final[tuple[Rule, ...]] = (ANSWER, URGENT, REFUSAL)
