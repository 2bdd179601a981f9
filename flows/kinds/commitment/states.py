"""How a commitment stands: what staff said last, and whether its day has passed."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from flows.dialog.dialog import Json
from flows.dialog.facts import Texts

#: What staff can say of it. "late" is no such word: it follows from the day.
STATES: Final = ("planned", "started", "done", "given_up")

#: The council still owes it.
OWED: Final = frozenset({"planned", "started"})

#: Every state with its sign, in the order in which a page shows them: what is late first.
SIGNS: Mapping[str, str] = {
    "late": "⏰", "started": "🚧", "planned": "🗓️", "done": "✅", "given_up": "✖️",
}  # fmt: skip


#: A photo shows how it was, or how it is now.
SIDES: Final = ("before", "after")


class Photo(msgspec.Struct, frozen=True):
    """A photo that everybody sees: of which side, and its published file."""

    side: str
    name: str


class Standing(msgspec.Struct, frozen=True):
    """What was said last: the state, since which local day ("2026-11-27", "" from the start), why, proof.

    `follows` are the topics under which whoever asks is told of changes, `photos` what everybody sees of it.
    """

    state: str = "planned"
    since: str = ""
    why: Texts = {}
    proof: str = ""
    follows: tuple[str, ...] = ()
    photos: tuple[Photo, ...] = ()


def standing_in(found: Json) -> Standing:
    """What a look-up found; planned where nobody has said anything."""
    return msgspec.convert(found or {}, Standing)


def place_in_list(state: str, due: date) -> tuple[int, date]:
    """By what a list of commitments is sorted: what is late first, then by the day."""
    return list(SIGNS).index(state), due


def state_on(said: str, due: date, today: date) -> str:
    """The state on a local day: what is owed is late from the day after it was due."""
    return "late" if said in OWED and today > due else said
