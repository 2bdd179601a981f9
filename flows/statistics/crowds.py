"""Which contributions from the open page look like the work of a machine.

Nobody is refused. What looks like it is set aside as a group, and a person decides. Thousands may stand
behind one address of an operator, and a class answers together: so an address alone says nothing, and
neither does haste of one. Signs are counted over an hour, and need several of a kind:

    unseen     the page was never opened: no browser does that
    hasty      less than a second for each answer, with reading; or for most of them, and then a pause
    alike      the same long words, or nearly the same, from many people of one network
    regular    one network, and the same pause between each and the next
    flood      nearly all of many come from one network, and nobody was invited

What comes slowly is found by its number: a limit (`flows.statistics.limits`) for each network, chat,
consultation and council, in the council's file.

Figures: see `docs/promises.md` for the crowds that they were tried on.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, pstdev
from typing import Final, Literal

#: What many of a kind are signs of.
Sign = Literal["unseen", "hasty", "alike", "regular", "flood"]
#: The same, and the limit that was run over.
Reason = Literal[Sign, "network", "chat", "consultation", "council"]

#: So many of a kind within an hour are no chance.
FEWEST: Final[Mapping[Sign, int]] = {
    "unseen": 3,
    "hasty": 5,
    "alike": 8,
    "regular": 10,
    "flood": 60,
}

#: Milliseconds for one answer that a person needs at the least.
HASTE_MS: Final = 1000

#: How even the pauses of a machine are: their spread, divided by their mean.
EVEN: Final = 0.12

#: In how many places a text is sketched, and from how many that are the same on it is nearly the same text.
PLACES: Final = 16
NEAR: Final = 9

#: Of a flood, so much comes from one network, within so many ms.
SHARE: Final = 0.95
FLOOD_MS: Final = 10 * 60 * 1000

#: What is looked at together, ms.
HOUR_MS: Final = 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of how a contribution from the open page came about.

    `network` is a digest of the address's network, None where it is not known; `opened` says whether the
    page was opened before; `answers` were given from `began` to `at` (ms); `words` is a digest of the longest
    text in it, None where there is none, and `sketch` says of each other text how near it is (`sketched`); `quick`: how many of the answers came in less than a person needs.
    """

    id: int
    network: str | None
    opened: bool
    answers: int
    began: int
    at: int
    words: str | None = None
    quick: int = 0
    sketch: str = ""


def judged(marks: Sequence[Mark], *, invited: bool) -> dict[int, Sign]:
    """The contributions that look like a machine's, each with the first reason.

    `marks` are those of one consultation, within an hour or so; `invited`: whether people were
    invited to it lately, so that many at once are no wonder.
    """
    found: dict[int, Sign] = {}
    for reason, ids in _signs(marks, invited):
        if len(ids) >= FEWEST[reason]:
            for id in ids:
                found.setdefault(id, reason)
    return found


def _signs(marks: Sequence[Mark], invited: bool) -> Iterator[tuple[Sign, list[int]]]:
    yield "unseen", [mark.id for mark in marks if not mark.opened]
    yield "hasty", [mark.id for mark in marks if _hasty(mark)]
    texts = Counter((mark.network, mark.words) for mark in marks if mark.words and mark.network)
    for said, number in texts.items():
        if number >= FEWEST["alike"]:
            yield "alike", [mark.id for mark in marks if (mark.network, mark.words) == said]
    if marks:
        # Each is looked at when it comes: so the latest is compared with those before it.
        last = max(marks, key=lambda mark: mark.at)
        others = (mark for mark in marks if mark.network == last.network and last.network)
        yield "alike", [mark.id for mark in others if mark is last or _near(mark, last)]
    networks: dict[str, list[Mark]] = defaultdict(list)
    for mark in sorted(marks, key=lambda mark: mark.at):
        if mark.network is not None:
            networks[mark.network].append(mark)
    for one in networks.values():
        if len(one) >= FEWEST["regular"] and _even([mark.at for mark in one]):
            yield "regular", [mark.id for mark in one]
    if not invited and marks:
        latest = max(mark.at for mark in marks)
        recent = [mark for mark in marks if latest - mark.at < FLOOD_MS]
        for one in networks.values():
            here = [mark.id for mark in one if latest - mark.at < FLOOD_MS]
            if len(here) >= SHARE * len(recent):
                yield "flood", here


def sketched(digests: Iterable[Sequence[int]]) -> str:
    """A sketch of a text, by which it is told how near another one is: of each place of its words' digests the least.

    Each word has `PLACES` digests, of which nothing but whether two are the same can be told. Texts that share
    nine of ten words have the same least ones at about eight of ten places; those on the same theme, at few.
    """
    return "".join(f"{min(place):04x}" for place in zip(*digests, strict=True))


def _near(one: Mark, other: Mark) -> bool:
    """Whether both say nearly the same."""
    here = range(0, min(len(one.sketch), len(other.sketch)), 4)
    return sum(one.sketch[n : n + 4] == other.sketch[n : n + 4] for n in here) >= NEAR


def _hasty(mark: Mark) -> bool:
    """Whether nobody reads so fast: in all, or in most of the answers."""
    whole = mark.at - mark.began < HASTE_MS * mark.answers
    return whole or (mark.quick >= 3 and 2 * mark.quick > mark.answers)


def _even(moments: Sequence[int]) -> bool:
    """Whether one follows the other at nearly the same pause."""
    pauses = [later - before for before, later in pairwise(moments)]
    mean = fmean(pauses)
    return mean > 0 and pstdev(pauses) / mean < EVEN
