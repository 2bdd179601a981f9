"""Messages that a council begins and that ask nothing: results, decisions, changes, notices.

Each says first who speaks and about what, then one thing. `council` and `title` are names as the
organizer wrote them.
"""

from datetime import date

from flows.kinds.invitation import last_moment
from flows.wording.text import Code, Text, Translated, lines, msg

#: What became of a need, as staff say it -> the catalogue's entry.
STATES = {
    "received": "state.received",
    "studied": "state.studied",
    "planned": "state.planned",
    "done": "state.done",
    "passed": "state.passed",
    "elsewhere": "state.passed",
    "refused": "state.refused",
    "feasible": "state.feasible",
    "chosen": "state.chosen",
    "not_chosen": "state.not_chosen",
}


def result(council: Text, title: Text, headline: Text, link: str | None = None) -> Text:
    """A consultation has closed: what came of it in a sentence or two, and where all of it stands."""
    return lines(
        msg("telling.result", council=council, title=title),
        headline,
        msg("telling.link", link=Code(link)) if link else None,
    )


def decision(council: Text, title: Text, decision: Text, day: date | None = None) -> Text:
    """What the council did with the result."""
    return lines(
        msg("telling.decision", council=council, title=title),
        decision,
        msg("telling.decided", day=Code(day.strftime("%d/%m/%Y"))) if day else None,
    )


def changed(council: Text, title: Text, until: Text) -> Text:
    """A consultation that one has answered has another end."""
    return lines(
        msg("telling.changed", council=council, title=title),
        until,
        msg("telling.still_counts"),
    )


def reopened(council: Text, title: Text, until: Text) -> Text:
    """A consultation that one has answered, and of which one was told that it is over, is open again."""
    return lines(
        msg("telling.reopened", council=council, title=title),
        until,
        msg("telling.still_counts"),
    )


def prolonged(closes: str | None) -> Text:
    """How a new end is told, `closes` being the first moment that no longer counts; None where there is none."""
    until = last_moment(closes)
    return msg("change.until", until=until) if until else msg("change.no_end")


def notice(council: Text, text: Translated) -> Text:
    """What the council wrote itself, with who speaks."""
    return lines(msg("telling.notice", council=council), text)
