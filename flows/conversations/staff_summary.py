"""A member of staff asks, in their own chat, for the summary of a consultation; a file comes back.

Only totals are in it: no citizen's words, no names. Whoever needs more takes it on the staff page.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, look_up, say
from flows.dialog.effects import Effect, SendSummary
from flows.dialog.facts import Facts
from flows.wording.text import Translated, msg

#: Formats that a phone opens.
FORMATS = ("pdf", "xlsx")


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Which consultation, in which format; the file follows."""
    offered: Sequence[Mapping[str, Any]] | None = yield from look_up("offered", "summaries")
    if offered is None:
        yield from say(msg("staff_summary.not_staff"))
        return []
    if not offered:
        yield from say(msg("staff_summary.none"))
        return []
    code = yield from ask(
        "which",
        Choice(tuple(Option(c["code"], Translated(c["title"]), c["emoji"]) for c in offered)),
        msg("staff_summary.which"),
    )
    format = yield from ask(
        "format",
        Choice(
            (
                Option("pdf", msg("staff_summary.pdf"), "📄"),
                Option("xlsx", msg("staff_summary.xlsx"), "📊"),
            )
        ),
        msg("staff_summary.format"),
    )
    return [
        SendSummary(code, format, msg("staff_summary.being_made"), msg("staff_summary.not_staff"))
    ]
