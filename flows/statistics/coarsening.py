"""How much of a profile may stand beside one person's answers?

`coarsened` makes profiles coarser until nobody can be told from few:

- Every combination of all that is told is that of `SMALLEST` people or more, and every combination of
  gender, age and place that of `SMALLEST_PLACED` or more.
- Neighbouring ages are taken together; communes become "elsewhere in the province", then in the region,
  then "elsewhere"; a column may be left out as a whole. What is done is done to all rows alike.
- Rows that are still too rare have no profile at all (`WITHHELD`); they are as many as a combination of
  gender, age and place has to be, or everybody.
- Tables of all who answered, by one column, less the rows that tell it, show what those said who are withheld,
  or absent from the rows. So these too are `SMALLEST` or more of each value, or none, or all that there are.

Who has two files of some of the same people could lay them side by side. So a later one is nowhere finer than
the `before`, and people are told by combinations of those of whom earlier files said as much only (`cohort`).

Of all that would do, it keeps what tells most, in persons; no answer is looked at. So the same people
always give the same result.

Not protected against: that all people of a combination answered alike; what an answer itself tells.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from flows.morocco import census, places
from flows.statistics.disclosure import GATHERED, UNSAID
from flows.statistics.summary import SMALLEST

#: As many have to share a combination of gender, age and place.
SMALLEST_PLACED: Final = 10

#: Stands in every column of the profile of who is too rare.
WITHHELD: Final = "~withheld"

#: What a column is worth where it is told as it is. Of two that tell as many, what women and men said comes first.
_WORTH: Final[Mapping[str, float]] = {
    "gender": 1.2,
    "age_band": 1.0,
    "place": 1.0,
    "disability": 0.5,
    "round": 0.5,
    "version": 0.1,
}
_LEVELS: Final[Mapping[str, float]] = {"province": 0.5, "region": 0.25}

#: So many ways are followed at once; of more different profiles than `MANY` one only, which takes seconds.
WIDE: Final = 8
MANY: Final = 1_000


class Profile(NamedTuple):
    """What is told of who answered, and when it was: `UNSAID` where it is not known.

    `place` is the census code of a commune. `round` is the phase, `version` that of the definition. `cohort`
    is the number of those who came with them, and were told or withheld with them before; it stands in no file.
    """

    gender: str
    age_band: str
    place: str
    disability: str
    round: str
    version: str
    cohort: int = 0


#: The columns, in their order.
COLUMNS: Final = Profile._fields[:-1]

#: What is told of a profile, and the cohort.
Told = tuple[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Recoding:
    """What is done to every row: columns that are left out, and wider values in the place of others."""

    left_out: frozenset[str]
    wider: Mapping[str, Mapping[str, str]]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are there."""
        return tuple(name for name in COLUMNS if name not in self.left_out)

    def of(self, profile: Profile) -> tuple[str, ...]:
        """A profile in the columns that are there."""
        return tuple(
            self.wider[name].get(value, value) if name in self.wider else value
            for name, value in zip(COLUMNS, profile[:-1], strict=True)
            if name not in self.left_out
        )


@dataclass(frozen=True, slots=True)
class Coarsened:
    """Profiles that may be shown: how they were made coarser, and the combinations that are withheld.

    `people` had their profile withheld, of `everybody`. `kept` is what a later file has to begin from: columns
    that said the same of everybody are not left out there.
    """

    recoding: Recoding
    withheld: frozenset[Told]
    people: int
    everybody: int
    kept: Recoding

    def of(self, profile: Profile) -> tuple[str, ...]:
        """What is told of a profile, in `recoding.columns`."""
        told = self.recoding.of(profile)
        return (WITHHELD,) * len(told) if (told, profile.cohort) in self.withheld else told


#: Nothing was done before.
AS_THEY_ARE: Final = Recoding(frozenset(), {})


def age_id(bands: Sequence[str]) -> str:
    """Neighbouring ages as one: "15-24", "50+"."""
    first, last = bands[0], bands[-1]
    if first == last:
        return first
    begin = first.rstrip("+").split("-")[0]
    return f"{begin}+" if last.endswith("+") else f"{begin}-{last.split('-')[1]}"


def coarsened(
    profiles: Sequence[Profile], absent: Sequence[Profile] = (), before: Recoding | None = None
) -> Coarsened:
    """What may be told of these people beside their answers; the `absent` answered too, and are in no row."""
    people, others = Counter(profiles), Counter(absent)
    search = _Search(people, before or AS_THEY_ARE)
    best = _judged(search.recoding(search.begun), people, others)
    seen = {search.begun}
    here = [search.begun]
    # The most telling few of each step are followed: the best next step need not lead to the best of all.
    while here:
        steps = [step for one in here for step in search.steps(one) if step not in seen]
        seen.update(steps)
        tried = [
            (_judged(search.recoding(step), people, others), step) for step in dict.fromkeys(steps)
        ]
        tried.sort(key=lambda one: (-one[0].told, one[0].people))
        if tried and _better(tried[0][0], best):
            best = tried[0][0]
        here = [step for _, step in tried[: WIDE if len(people) < MANY else 1]]
    return _made(best, people, search.alike - (before or AS_THEY_ARE).left_out)


def recoded(profiles: Sequence[Profile], before: Recoding, withheld: Collection[int]) -> Coarsened:
    """The same people once more, told as they were before; `withheld` are the cohorts that were not."""
    people = Counter(profiles)
    alike = frozenset(_alike(people)) - before.left_out
    same = Recoding(before.left_out | alike, before.wider)
    rare = frozenset((same.of(one), one.cohort) for one in people if one.cohort in withheld)
    count = sum(n for one, n in people.items() if one.cohort in withheld) if same.columns else 0
    return _made(_Judged(same, rare, count, 0.0), people, alike)


def _made(best: "_Judged", people: Counter[Profile], alike: frozenset[str]) -> Coarsened:
    kept = Recoding(best.recoding.left_out - alike, best.recoding.wider)
    return Coarsened(best.recoding, best.withheld, best.people, people.total(), kept)


class _State(NamedTuple):
    """How coarse: columns that are left out, and how far ages and places are taken together."""

    left_out: frozenset[str]
    ages: int
    places: int


class _Search:
    """All that can be done to some profiles."""

    def __init__(self, people: Counter[Profile], before: Recoding) -> None:
        ages, places = before.wider.get("age_band", {}), before.wider.get("place", {})
        self._ages = list(_wider_ages(_of_column("age_band", people), ages))
        self._places = list(_wider_places(_of_column("place", people), places))
        self.alike = frozenset(_alike(people))
        self.begun = _State(self.alike | before.left_out, 0, 0)

    def recoding(self, state: _State) -> Recoding:
        wider = {"age_band": self._ages[state.ages], "place": self._places[state.places]}
        return Recoding(state.left_out, wider)

    def steps(self, state: _State) -> Iterator[_State]:
        """Everything that makes it one step coarser."""
        if "age_band" not in state.left_out and state.ages + 1 < len(self._ages):
            yield state._replace(ages=state.ages + 1)
        if "place" not in state.left_out and state.places + 1 < len(self._places):
            yield state._replace(places=state.places + 1)
        for name in COLUMNS:
            if name not in state.left_out:
                yield state._replace(left_out=state.left_out | {name})


def _alike(people: Counter[Profile]) -> Iterator[str]:
    """Columns that say the same of everybody, and so tell nothing."""
    yield from (name for name in COLUMNS if len(_of_column(name, people)) < 2)


def _of_column(name: str, people: Counter[Profile]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for profile, count in people.items():
        counts[str(getattr(profile, name))] += count
    return counts


def _wider_ages(counts: Counter[str], before: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Ages as they were before, then again and again the two neighbours together that fewest people have."""
    by_id: dict[str, tuple[str, ...]] = {}
    for band in census.AGE_BANDS:
        id = before.get(band, band)
        by_id[id] = (*by_id.get(id, ()), band)
    groups = list(by_id.values())
    yield dict(before)
    while len(groups) > 2:
        sizes = [sum(counts[band] for band in group) for group in groups]
        at = min(range(len(sizes) - 1), key=lambda n: (sizes[n] + sizes[n + 1], n))
        groups[at : at + 2] = [groups[at] + groups[at + 1]]
        yield {band: age_id(group) for group in groups for band in group}


def _wider_places(counts: Counter[str], before: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Places as they were before, then again and again those with fewest people in what is around them."""
    now = {place: before.get(place, place) for place in counts}
    yield dict(before)
    while True:
        there: Counter[str] = Counter()
        for place, count in counts.items():
            there[now[place]] += count
        fewest = min((n for place, n in there.items() if place != GATHERED), default=0)
        if not fewest or len(there) < 3:
            return
        under = SMALLEST_PLACED
        while fewest >= under:
            under *= 2
        lifted = {place: _around(place) for place, n in there.items() if n < under}
        now = {place: lifted.get(at, at) for place, at in now.items()}
        yield {**before, **now}


def _around(place: str) -> str:
    """What a place is in: the province of a commune, the region of a province, else `GATHERED`."""
    if place == GATHERED:
        return GATHERED
    try:
        above = places.ancestors(place)
    except KeyError:
        return GATHERED
    return above[0].code if above else GATHERED


class _Judged(NamedTuple):
    recoding: Recoding
    withheld: frozenset[Told]
    people: int
    told: float


def _better(one: _Judged, other: _Judged) -> bool:
    """Whether it tells more; of two that tell as much, the one that withholds less."""
    return (one.told, -one.people) > (other.told, -other.people)


def _judged(recoding: Recoding, people: Counter[Profile], others: Counter[Profile]) -> _Judged:
    """Who is still too rare, and how much is told of all others."""
    combined = _combined(recoding, people)
    columns = recoding.columns
    withheld = _too_rare(combined, _combined(recoding, others), columns) if columns else frozenset()
    cells = [
        _worth(name, recoding.wider.get(name, {}), {told[at] for told, _ in combined})
        for at, name in enumerate(columns)
    ]
    told = sum(
        count * sum(worth[cell] for worth, cell in zip(cells, one[0], strict=True))
        for one, count in combined.items()
        if one not in withheld
    )
    return _Judged(recoding, withheld, sum(combined[one] for one in withheld), told)


def _combined(recoding: Recoding, people: Counter[Profile]) -> Counter[Told]:
    found: Counter[Told] = Counter()
    for profile, count in people.items():
        found[recoding.of(profile), profile.cohort] += count
    return found


def _too_rare(
    combined: Counter[Told], absent: Counter[Told], columns: Sequence[str]
) -> frozenset[Told]:
    """The combinations that may not be shown."""
    placed = [columns.index(name) for name in ("gender", "age_band", "place") if name in columns]
    least = SMALLEST_PLACED if len(placed) == 3 else SMALLEST
    # The columns of each combination that make its group, of who came together.
    group = {one: (tuple(one[0][at] for at in placed), one[1]) for one in combined}
    rare = {one for one, count in combined.items() if count < SMALLEST}
    while True:
        # Who is kept back makes others rarer, and a few kept back are no crowd.
        groups: Counter[Told] = Counter()
        for one, count in combined.items():
            if one not in rare:
                groups[group[one]] += count
        more = {one for one in combined if one not in rare and groups[group[one]] < least}
        more = more or _no_crowd(combined, rare)
        more = more or _few_of_a_value(combined, absent, rare, len(columns))
        if not more:
            return frozenset(rare)
        rare |= more


def _no_crowd(combined: Counter[Told], rare: Collection[Told]) -> set[Told]:
    """One more to keep back, where few of who came together are."""
    kept_back: Counter[int] = Counter()
    for one in rare:
        kept_back[one[1]] += combined[one]
    for cohort, count in kept_back.items():
        left = [one for one in combined if one[1] == cohort and one not in rare]
        if count < SMALLEST_PLACED and left:
            return {min(left, key=lambda one: (combined[one], one))}
    return set()


def _few_of_a_value(
    combined: Counter[Told], absent: Counter[Told], rare: Collection[Told], columns: int
) -> set[Told]:
    """One more to keep back, where of those who are not told few have a value that others are told with."""
    for at in range(columns):
        untold: Counter[str] = Counter()
        for told, cohort in rare:
            untold[told[at]] += combined[told, cohort]
        for (told, _), count in absent.items():
            untold[told[at]] += count
        for value in sorted(untold):
            left = [one for one in combined if one[0][at] == value and one not in rare]
            if untold[value] < SMALLEST and left:
                return {min(left, key=lambda one: (combined[one], one))}
    return set()


def _worth(name: str, wider: Mapping[str, str], cells: Collection[str]) -> Mapping[str, float]:
    """How much each cell of a column tells: less where it stands for more."""
    if name == "age_band":
        parts = Counter(wider.values())
        share = {cell: 1 / parts[cell] if parts[cell] else 1.0 for cell in cells}
    elif name == "place":
        share = {cell: _LEVELS.get(_level(cell), 1.0) for cell in cells}
    else:
        share = dict.fromkeys(cells, 1.0)
    nothing = (UNSAID, GATHERED)
    return {cell: 0.0 if cell in nothing else _WORTH[name] * share[cell] for cell in cells}


def _level(code: str) -> str:
    try:
        return places.place(code).level
    except KeyError:
        # The census of another year may know a commune that this one does not.
        return "commune"
