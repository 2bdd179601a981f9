"""How a field of a definition is shown in the form that staff write it in, where its name and type do not say so.

    minutes: Annotated[int, shown(part="when")] = 2

A hint changes nothing in what the field may hold. `flows.dialog.fields` reads it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec

from flows.wording.text import Text

#: What may be chosen: the definition as far as it is written, the council (`flows.dialog.facts`, which
#: stands on this module), the field's path ("questions", 2, "when", "question") -> value and label of each.
Options: TypeAlias = Callable[
    [Mapping[str, Any], Any, Sequence[str | int]], Iterable[tuple[str, Text]]
]

#: Where hints stand in `msgspec.Meta.extra`.
KEY = "form"


@dataclass(frozen=True, slots=True)
class Hint:
    """How a field is shown.

    `widget`  what its type does not say: "ours" (we fill it in, no field), "hidden" (carried along),
              "id" (permanent, given by us to each new row), "place" and "places" (census codes),
              "clock" ("18:00"), "dates" (a date that the kind has of its own), "voice" and "picture" (names of files), "ticks" (several known
              words), "audience"
    `lines`   of a text
    `part`    "" at its place, "when" under "when and who", "more" folded away
    `start`   rows that stand in a new form
    `fresh`   of several known values, the one that a new form begins with
    `options` what may be chosen
    `scope`   the field beside it whose value the choices belong to
    `only`    a field beside it, and its values for which this one is of use
    `upper`   kept in capitals
    `opened`  what may change once citizens could answer: "fixed" (nothing but texts in more
              languages), "later" (only to a later time), "free"
    """

    widget: str = ""
    lines: int = 1
    part: Literal["", "when", "more"] = ""
    start: int = 0
    fresh: str = ""
    options: Options | None = None
    scope: str = ""
    only: tuple[str, tuple[str, ...]] | None = None
    upper: bool = False
    opened: Literal["fixed", "later", "free"] = "fixed"


def shown(
    widget: str = "",
    *,
    lines: int = 1,
    part: Literal["", "when", "more"] = "",
    start: int = 0,
    fresh: str = "",
    options: Options | None = None,
    scope: str = "",
    only: tuple[str, tuple[str, ...]] | None = None,
    upper: bool = False,
    opened: Literal["fixed", "later", "free"] = "fixed",
) -> msgspec.Meta:
    """The annotation of a field with a hint; see `Hint` for what each word means."""
    hint = Hint(widget, lines, part, start, fresh, options, scope, only, upper, opened)
    return msgspec.Meta(extra={KEY: hint})


#: What we fill in ourselves.
OURS = shown("ours")

#: What is carried along and not shown.
HIDDEN = shown("hidden")

#: Several words of a list that the page knows.
TICKS = shown("ticks")

#: Files beside the definition, by language.
VOICE = shown("voice", part="more")
PICTURE = shown("picture", part="more")
