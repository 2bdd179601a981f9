"""What a citizen may ask to be told of: one commitment, or all about its theme or in its quarter."""

from collections.abc import Mapping

from flows.dialog.facts import Council
from flows.kinds.commitment.definition import Commitment
from flows.wording.text import Text, Translated, msg


def topics(commitment: Commitment) -> tuple[str, ...]:
    """Every topic under which it is followed, its own first."""
    found = [commitment.code]
    if commitment.theme:
        found.append(f"theme:{commitment.theme}")
    if commitment.quarter:
        found.append(f"quarter:{commitment.quarter}")
    return tuple(found)


def choices(commitment: Commitment, council: Council) -> Mapping[str, tuple[Text, str]]:
    """What may be followed: the topic's name and sign, by an id of its own, as far as the council still knows it."""
    found = {"one": (msg("commitment.follow.one"), "📍")}
    for theme in council.themes:
        if theme.id == commitment.theme:
            name = msg("commitment.follow.theme", theme=Translated(theme.text))
            found["theme"] = (name, theme.emoji or "🏷️")
    for quarter in council.quarters:
        if quarter.id == commitment.quarter:
            name = msg("commitment.follow.quarter", quarter=Translated(quarter.text))
            found["quarter"] = (name, "🏘️")
    return found


def topic(commitment: Commitment, chosen: str) -> str:
    """The topic that a choice means."""
    return {
        "one": commitment.code,
        "theme": f"theme:{commitment.theme}",
        "quarter": f"quarter:{commitment.quarter}",
    }[chosen]
