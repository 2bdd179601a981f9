"""The kinds of consultation that staff may begin, as buttons name them."""

from dataclasses import dataclass
from typing import Any

from flows.kinds import kinds
from flows.kinds.kind import Kind
from flows.wording import catalogue, render
from flows.wording.text import Message, msg


@dataclass(frozen=True, slots=True)
class Offered:
    """A kind, its emoji, and what a button says that begins one."""

    name: str
    emoji: str
    label: str


def offered(language: str) -> list[Offered]:
    """Every kind, in the reader's language."""
    return [Offered(kind.name, kind.emoji, _label(kind, language)) for kind in kinds().values()]


def _label(kind: Kind[Any], language: str) -> str:
    own = f"staff.new_{kind.name}"
    if own in catalogue(language).entries:
        return render(Message(own), language)
    return render(msg("staff.new_kind", kind=kind.label), language)
