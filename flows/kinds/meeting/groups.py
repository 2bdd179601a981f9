"""Groups at a meeting: who works with whom, by a rule that anybody can work out again.

1. People are put in an order that follows from the seed, their number at the door and their traits alone.
2. They are dealt to the groups in turn, each gender after the other: sizes differ by one at most, and so
   do the numbers of each gender. Who told no gender is a gender of their own to this rule.
3. Two people change over as long as bodies become more even by it, or ages without bodies becoming less
   so. Only changes that leave sizes and genders as even as they are.

Who comes later joins one of the smallest groups: that with fewest of their gender, then of their body,
then of their age, then the one with the lowest number.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Most rounds of changing over: far more than a meeting needs.
ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Member:
    """Who is put into a group: their number at the door, and what they told of themselves ("" where nothing)."""

    id: str
    gender: str = ""
    body: str = ""
    age: str = ""

    @property
    def sort(self) -> tuple[str, str, str]:
        """Two of the same sort may change over without a difference."""
        return self.gender, self.body, self.age


@dataclass(frozen=True, slots=True)
class Evenness:
    """By how many the groups differ at most: in size, in each gender, each body, each age."""

    size: int
    gender: int
    body: int
    age: int


def share_out(members: Sequence[Member], groups: int, seed: str) -> dict[str, int]:
    """The group of everybody, from 1 to `groups`, by their number. The order of `members` does not matter."""

    def place_of(one: Member) -> tuple[str, ...]:
        # Bodies and ages come in a drawn order too, anew for each gender: the same few would meet each time.
        gender, body, age = one.sort
        of_it = (_drawn(seed, f"{gender}/{body}"), _drawn(seed, f"{gender}/{body}/{age}"))
        return (_drawn(seed, f"{gender}/"), *of_it, _drawn(seed, one.id))

    order = sorted(members, key=place_of)
    turns = sorted(range(1, groups + 1), key=lambda number: _drawn(seed, f"group {number}"))
    dealt = {one.id: turns[place % groups] for place, one in enumerate(order)}
    return _Exchange(order, groups, dealt).done()


def later(members: Sequence[Member], share: Mapping[str, int], groups: int, one: Member) -> int:
    """The group that somebody joins who comes when the others are shared out already."""

    def lacks(number: int) -> tuple[int, int, int, int, int]:
        there = [other for other in members if share.get(other.id) == number]
        return (
            len(there),
            sum(other.gender == one.gender for other in there),
            sum(other.body == one.body for other in there),
            sum(other.age == one.age for other in there),
            number,
        )

    return min(range(1, groups + 1), key=lacks)


def evenness(members: Sequence[Member], share: Mapping[str, int], groups: int) -> Evenness:
    """How even the groups are."""
    numbers = range(1, groups + 1)
    sizes = Counter(share[one.id] for one in members)

    def apart(values: Mapping[str, str]) -> int:
        each = Counter((share[id], value) for id, value in values.items())
        return max(
            (
                max(each[number, value] for number in numbers)
                - min(each[number, value] for number in numbers)
                for value in set(values.values())
            ),
            default=0,
        )

    return Evenness(
        max(sizes[number] for number in numbers) - min(sizes[number] for number in numbers),
        apart({one.id: one.gender for one in members}),
        apart({one.id: one.body for one in members}),
        apart({one.id: one.age for one in members}),
    )


def _drawn(seed: str, what: str) -> str:
    return hashlib.sha256(f"{seed}/{what}".encode()).hexdigest()


class _Exchange:
    """Changes people over until no exchange makes bodies, then ages, more even."""

    def __init__(self, order: Sequence[Member], groups: int, dealt: Mapping[str, int]) -> None:
        self._groups = range(1, groups + 1)
        #: Group -> sort -> who is of it there, in the drawn order.
        self._there: dict[int, dict[tuple[str, str, str], list[str]]] = {
            number: {} for number in self._groups
        }
        #: (place in the sort, group, value) -> how many.
        self._counts: Counter[tuple[int, int, str]] = Counter()
        for one in order:
            number = dealt[one.id]
            self._there[number].setdefault(one.sort, []).append(one.id)
            self._counts.update((place, number, one.sort[place]) for place in range(3))

    def done(self) -> dict[str, int]:
        """Everybody's group."""
        for _ in range(ROUNDS):
            pairs = ((a, b) for a in self._groups for b in self._groups if a < b)
            if not sum(self._between(a, b) for a, b in pairs):
                break
        return {
            id: number
            for number in self._groups
            for ids in self._there[number].values()
            for id in ids
        }

    def _between(self, a: int, b: int) -> bool:
        """Make two groups more even; whether anybody changed over."""
        changed = False
        while (best := self._best(a, b)) is not None:
            self._swap(a, b, *best)
            changed = True
        return changed

    def _best(self, a: int, b: int) -> tuple[tuple[str, str, str], tuple[str, str, str]] | None:
        found = None
        least = (0, 0)
        for one in sorted(self._there[a]):
            for other in sorted(self._there[b]):
                if one == other or not self._leaves_genders(a, b, one[0], other[0]):
                    continue
                gain = (self._gain(1, a, b, one, other), self._gain(2, a, b, one, other))
                if gain < least:
                    found, least = (one, other), gain
        return found

    def _leaves_genders(self, a: int, b: int, one: str, other: str) -> bool:
        """Whether both groups have as many of each gender afterwards, or the one what the other had."""
        if one == other:
            return True
        counts = self._counts
        return (
            counts[0, a, one] == counts[0, b, one] + 1
            and counts[0, b, other] == counts[0, a, other] + 1
        )

    def _gain(
        self, place: int, a: int, b: int, one: tuple[str, str, str], other: tuple[str, str, str]
    ) -> int:
        """By how much the squares of the counts of a trait grow if two change over; less is more even."""
        gone, come = one[place], other[place]
        if gone == come:
            return 0
        counts = self._counts
        return 2 * (
            counts[place, b, gone]
            - counts[place, a, gone]
            + counts[place, a, come]
            - counts[place, b, come]
            + 2
        )

    def _swap(self, a: int, b: int, one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
        for here, there, sort in ((a, b, one), (b, a, other)):
            ids = self._there[here][sort]
            self._there[there].setdefault(sort, []).append(ids.pop())
            if not ids:
                del self._there[here][sort]
            for place in range(3):
                self._counts[place, here, sort[place]] -= 1
                self._counts[place, there, sort[place]] += 1
