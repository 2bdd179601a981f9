"""What a kind brings into the rooms of the bot: each part is optional."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.conversation.context import Parts
from bot.results.making import FileKind
from bot.results.public_record import Section


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of one kind.

    `kind` is its name. `conversation`: effects and look-ups of its own, and what it keeps about people.
    `files`: what staff can have of it beside the summary. `public`: its section of a council's
    public page.
    """

    kind: str
    conversation: Parts = field(default_factory=Parts)
    files: Sequence[FileKind] = ()
    public: Section | None = None
