"""The kinds of consultation that staff may begin, as buttons name them."""

from dataclasses import dataclass

from flows.kinds import kinds
from flows.wording import catalogue, render
from flows.wording.text import Verbatim, msg


@dataclass(frozen=True, slots=True)
class Offered:
    """A kind, its emoji, and what a button says that begins one."""

    name: str
    emoji: str
    label: str


def offered(language: str) -> list[Offered]:
    """Every kind, in the reader's language; one that no catalogue has a word for under its own name."""
    return [
        Offered(kind.name, kind.emoji, _label(kind.name, language)) for kind in kinds().values()
    ]


def _label(name: str, language: str) -> str:
    known = catalogue(language).entries
    if f"staff.new_{name}" in known:
        return render(msg(f"staff.new_{name}"), language)
    said = render(msg(f"kind.{name}"), language) if f"kind.{name}" in known else name
    return render(msg("staff.new_kind", kind=Verbatim(said)), language)
