"""What a vote has beside the answers in the chat: ballots on paper, those that staff entered for somebody, the roll."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.kinds.budget.outcome import Ballot


@dataclass(frozen=True, slots=True)
class Roll:
    """The list of numbers that let people vote: its name, and how many numbers are on it."""

    name: str
    numbers: int


@dataclass(frozen=True, slots=True)
class Papers:
    """Ballots that were not given in the chat.

    `ballots`: how many chose just the same projects. `paper` and `assisted` are how many of these were papers, and
    how many a member of staff entered for somebody who was there; `void` papers count for nothing but the turnout.
    """

    ballots: Mapping[Ballot, int] = field(default_factory=Counter)
    paper: int = 0
    assisted: int = 0
    void: int = 0
    roll: Roll | None = None

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self.paper or self.assisted or self.void)


NONE = Papers()


def papers_in(besides: Any) -> Papers:
    """What was read besides the answers."""
    return besides if isinstance(besides, Papers) else NONE
