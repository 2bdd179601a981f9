"""The menu, and help."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, look_up, say
from flows.dialog.effects import Begin, Effect
from flows.dialog.facts import Facts
from flows.kinds import kinds
from flows.wording.text import Translated, lines, msg

#: The menu's own entries: flow, catalogue entry, emoji.
ENTRIES = (
    ("contributions", "menu.contributions", "🗂️"),
    ("communes", "menu.communes", "🏘️"),
    ("notices", "menu.notices", "🔔"),
    ("language", "menu.language", "🌐"),
    ("my_data", "menu.my_data", "🔒"),
    ("help", "menu.help", "❓"),
)


def _consultation(told: Mapping[str, Any]) -> Option:
    """One that is open, with what people write who mean it."""
    said = kinds()[told["kind"]].at_menu if "kind" in told else ()
    return Option(
        f"code:{told['code']}", Translated(told["title"]), told["emoji"], also=tuple(said)
    )


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """What one can do here: the open consultations first."""
    open_now: Sequence[Mapping[str, Any]] = yield from look_up("open", "open_consultations")
    consultations = tuple(_consultation(c) for c in open_now if "code" in c)
    offered = {entry[0]: entry for kind in kinds().values() for entry in kind.offers}
    # Among the open consultations an organizer finds the way to a new one.
    own = [offered[c["flow"]] for c in open_now if c.get("flow") in offered]
    entries = tuple(Option(flow, msg(entry), emoji) for flow, entry, emoji in (*own, *ENTRIES))
    chosen = yield from ask(
        "what",
        Choice((*consultations, *entries)),
        lines(
            msg("menu.ask", council=facts.council_name),
            msg("menu.nothing_open") if not consultations else None,
        ),
    )
    if chosen.startswith("code:"):
        return [Begin(code=chosen.removeprefix("code:"))]
    return [Begin(flow=chosen)]


def help_(facts: Facts) -> Flow[Sequence[Effect]]:
    """What this is, and the words that always work."""
    yield from say(msg("help.text", council=facts.council_name))
    return []
