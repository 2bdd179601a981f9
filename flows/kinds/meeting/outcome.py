"""What came of a meeting: a decision, a result or a recommendation for each item, and how it went."""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from flows.dialog.definition import Problem, text_problems
from flows.dialog.facts import Texts
from flows.kinds.meeting.definition import Meeting
from flows.wording.text import Text, Translated, lines, msg

#: Most characters of what is written of an item, and of how it went.
LONGEST_OUTCOME = 600
LONGEST_MINUTES = 1500

#: What may come of an item.
Sort = Literal["decision", "result", "recommendation"]
SORTS: tuple[Sort, ...] = ("decision", "result", "recommendation")


class Came(msgspec.Struct, frozen=True):
    """What came of one item."""

    sort: Sort
    texts: Texts


class Outcome(msgspec.Struct, frozen=True):
    """By the keys of items; `minutes` is how it went."""

    items: Mapping[str, Came] = msgspec.field(default_factory=dict)
    minutes: Texts = msgspec.field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.items and not self.minutes


def problems(outcome: Outcome) -> Iterator[Problem]:
    """What is too long, or stands in no language."""
    for key, came in outcome.items.items():
        yield from text_problems(key, came.texts, longest=LONGEST_OUTCOME)
    yield from text_problems("minutes", outcome.minutes, needed=False, longest=LONGEST_MINUTES)


def told(meeting: Meeting, outcome: Outcome, *, titled: bool = True) -> Text:
    """What citizens read of it, in the order of the programme."""
    return lines(
        msg("meeting.came", title=Translated(meeting.title)) if titled else None,
        *(
            lines(
                Translated(item.text),
                msg(f"meeting.came.{came.sort}", text=Translated(came.texts)),
            )
            for item in meeting.items
            if (came := outcome.items.get(item.key)) is not None
        ),
        Translated(outcome.minutes) if outcome.minutes else None,
        gap=1,
    )
