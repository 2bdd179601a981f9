"""What would the shares be if those who answered were of the gender and age of the people here?

An optional, computed view beside the counts, which stay the result. Those who told both their gender
and their age get weights such that both margins are those of the census ("raking": iterative
proportional fitting, Deming and Stephan 1940). Neighbouring ages with few people are taken
together first. Weights are kept within `LEAST` and `MOST`, so that nobody speaks for too many. Unequal
weights cost precision: `effect` and `effective` say how much (Kish 1965).

People choose for themselves to take part. Weighting takes away what gender and age explain of that,
nothing else, and a weighted share is no estimate with a known error. What is kept back in the counts is
kept back here (`flows.statistics.disclosure.kept_back`), and so is what few of the weighted gave.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.morocco import census
from flows.statistics.disclosure import kept_back, share_of
from flows.statistics.summary import SMALLEST, SUPPRESSED, Cell, Column, Response, Table
from flows.wording.text import Text, lines, msg

#: With fewer people who told both, no weighted view is made.
FEWEST: Final = 50

#: A person weighs as much as so many unweighted ones, at the least and at the most.
LEAST: Final = 0.3
MOST: Final = 3.0

#: Rounds of raking; margins are usually right to a thousandth after ten.
_ROUNDS: Final = 100
#: Margins this near to the census are as in the census.
_NEAR: Final = 0.005

Profile = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Weighted:
    """The weighted view of one question.

    `refused` says why there is none; then all else is empty. `counts` and `plain` are of all who
    answered, `shares` of the `people` who also told gender and age; the three have the same ids
    and leave out what is kept back (`hidden`).
    """

    refused: Text | None
    total: int = 0  #: persons who answered
    people: int = 0  #: of those, who told gender and age
    counts: Mapping[str, int] | None = None
    plain: Mapping[str, Decimal | None] | None = None  #: shares without weights, 0 to 1
    shares: Mapping[str, Decimal] | None = None  #: shares with weights, 0 to 1
    hidden: frozenset[str] = frozenset()
    effective: float = 0.0  #: how many unweighted answers the weighted ones are worth
    effect: float = 1.0  #: design effect of the weights: people / effective
    trimmed: bool = False  #: whether cut weights keep the margins from being those of the census
    merged: bool = False  #: whether neighbouring ages were taken together
    place: str = ""  #: the code of the place whose census was used


def weighted(
    responses: Sequence[Response],
    council: Council,
    value: Callable[[Response], Collection[str]],
    *,
    exclusive: bool = True,
    hidden: Collection[str] = (),
) -> Weighted:
    """Weighted shares of what `value` gives of each response: ids of choices, none if not answered.

    `exclusive` says that one choice only could be made. `hidden` are ids that the question's own
    table keeps back (`flows.statistics.disclosure.hidden_ids`).
    """
    given = [(response, frozenset(value(response))) for response in responses]
    given = [(response, ticks) for response, ticks in given if ticks]
    told = [(p, ticks) for response, ticks in given if (p := _profile(response)) is not None]
    if len(told) < FEWEST:
        return Weighted(msg("weighted.few", least=FEWEST))
    reference = census.reference(council.place)
    profiles = Counter(profile for profile, _ in told)
    ages = _merged_ages(profiles)
    genders = Counter(gender for gender, _ in profiles.elements())
    if len(set(ages.values())) < 2 or any(genders[g] < SMALLEST for g in census.GENDERS):
        return Weighted(msg("weighted.group", smallest=SMALLEST))
    exclusive = exclusive and all(len(ticks) == 1 for _, ticks in given)
    kept = _kept_back(given, told, exclusive, hidden)
    counts = Counter(tick for _, ticks in given for tick in ticks)
    if kept >= counts.keys():
        return Weighted(msg("weighted.kept_back"))
    weights, exact = raked(profiles, ages, reference.by_gender, reference.by_age)
    each = [weights[profile] for profile, _ in told]
    effective = sum(each) ** 2 / sum(weight * weight for weight in each)
    heard: dict[str, float] = {}
    for (_, ticks), weight in zip(told, each, strict=True):
        for tick in ticks:
            heard[tick] = heard.get(tick, 0.0) + weight
    shown = [id for id in counts if id not in kept]
    return Weighted(
        None,
        total=len(given),
        people=len(told),
        counts={id: counts[id] for id in shown},
        plain={id: share_of(counts[id], len(given)) for id in shown},
        shares={id: _rounded(heard.get(id, 0.0) / sum(each), "0.001") for id in shown},
        hidden=kept,
        effective=effective,
        effect=len(told) / effective,
        trimmed=not exact,
        merged=len(set(ages.values())) < len(census.AGE_BANDS),
        place=reference.code,
    )


def _profile(response: Response) -> Profile | None:
    if response.gender in census.GENDERS and response.age_band in census.AGE_BANDS:
        return str(response.gender), str(response.age_band)
    return None


def _rounded(number: float, step: str) -> Decimal:
    return Decimal(number).quantize(Decimal(step))


def _kept_back(
    given: Sequence[tuple[Response, frozenset[str]]],
    told: Sequence[tuple[Profile, frozenset[str]]],
    exclusive: bool,
    hidden: Collection[str],
) -> frozenset[str]:
    """What the counts keep back, and what few of the weighted gave or few of them did not give."""
    counts = Counter(tick for _, ticks in given for tick in ticks)
    among = Counter(tick for _, ticks in told for tick in ticks)
    few = {
        id
        for id in counts
        if 0 < among[id] < SMALLEST or (not exclusive and 0 < len(told) - among[id] < SMALLEST)
    }
    return kept_back(counts, len(given), exclusive=exclusive, risky=few | set(hidden))


# --------------------------------------------------------------------------- weights


def _merged_ages(profiles: Mapping[Profile, int]) -> dict[str, str]:
    """Each age band with the first band of its group: neighbours until each has `SMALLEST`."""
    count: Counter[str] = Counter()
    for (_, age), people in profiles.items():
        count[age] += people
    groups: list[list[str]] = []
    for band in census.AGE_BANDS:
        if groups and sum(count[b] for b in groups[-1]) < SMALLEST:
            groups[-1].append(band)
        else:
            groups.append([band])
    if len(groups) > 1 and sum(count[b] for b in groups[-1]) < SMALLEST:
        last = groups.pop()
        groups[-1] += last
    return {band: group[0] for group in groups for band in group}


def raked(
    profiles: Mapping[Profile, int],
    ages: Mapping[str, str],
    by_gender: Mapping[str, float],
    by_age: Mapping[str, float],
) -> tuple[dict[Profile, float], bool]:
    """A weight within `LEAST` and `MOST` for each gender and age, and whether the margins are met.

    `profiles` counts people by gender and age, `ages` gives the group of each age; the shares are
    of the population. The weights of all people are 1 in the mean, but for what was cut.
    """
    people = sum(profiles.values())
    of_ages: dict[str, float] = {}
    for age, share in by_age.items():
        of_ages[ages[age]] = of_ages.get(ages[age], 0.0) + share * people
    of_genders = {gender: share * people for gender, share in by_gender.items()}
    margins: tuple[dict[str, float], ...] = (of_genders, of_ages)
    weights = dict.fromkeys(profiles, 1.0)
    for _ in range(_ROUNDS):
        for side, margin in enumerate(margins):
            now = _margin(weights, profiles, ages, side)
            for profile in weights:
                group = _group(profile, ages, side)
                weights[profile] *= margin[group] / now[group]
        weights = {p: min(MOST, max(LEAST, weight)) for p, weight in weights.items()}
    total = sum(weight * profiles[p] for p, weight in weights.items())
    exact = all(
        abs(now[group] / total - margin[group] / people) < _NEAR
        for side, margin in enumerate(margins)
        for now in [_margin(weights, profiles, ages, side)]
        for group in now
    )
    return weights, exact


def _group(profile: Profile, ages: Mapping[str, str], side: int) -> str:
    return ages[profile[1]] if side else profile[0]


def _margin(
    weights: Mapping[Profile, float],
    profiles: Mapping[Profile, int],
    ages: Mapping[str, str],
    side: int,
) -> dict[str, float]:
    found: dict[str, float] = {}
    for profile, weight in weights.items():
        group = _group(profile, ages, side)
        found[group] = found.get(group, 0.0) + weight * profiles[profile]
    return found


# --------------------------------------------------------------------------- as a table


def weighted_table(key: str, question: Text, labels: Mapping[str, Text], made: Weighted) -> Table:
    """Shares with and without weights side by side, and a note that says what was computed.

    `labels` names the choices in their order. A refused view is a table without rows, whose note is
    the reason.
    """
    title = msg("weighted.title", question=question)
    columns = (
        Column("id", msg("summary.id"), "id"),
        Column("name", msg("summary.answer")),
        Column("count", msg("weighted.count"), "count"),
        Column("plain", msg("weighted.plain"), "share"),
        Column("weighted", msg("weighted.weighted"), "share"),
    )
    id = f"weighted.{key}"
    if made.refused is not None or made.shares is None:
        return Table(id, title, columns, (), made.refused)
    counts, plain = made.counts or {}, made.plain or {}
    rows: list[tuple[Cell, ...]] = []
    for choice, label in labels.items():
        if choice in made.shares:
            cells: tuple[Cell, ...] = (counts[choice], plain[choice], made.shares[choice])
        elif made.hidden:
            cells = (SUPPRESSED,) * 3
        else:
            cells = (0, Decimal("0.000"), Decimal("0.000"))
        rows.append((choice, label, *cells))
    return Table(id, title, columns, tuple(rows), _note(made), None)


def _note(made: Weighted) -> Text:
    people: Text | int = made.people
    if 0 < made.total - made.people < SMALLEST:
        # Who did not tell are too few to be counted out.
        people = msg("summary.or_more", number=made.total - SMALLEST + 1)
    country = made.place == census.COUNTRY
    return lines(
        msg(
            "weighted.note",
            people=people,
            place=msg("summary.morocco") if country else place_name(made.place),
            least=_rounded(LEAST, "0.1"),
            most=_rounded(MOST, "0.1"),
            effective=round(made.effective),
            effect=_rounded(made.effect, "0.1"),
        ),
        msg("weighted.trimmed") if made.trimmed else None,
        msg("weighted.merged", smallest=SMALLEST) if made.merged else None,
        msg("summary.kept_back", smallest=SMALLEST) if made.hidden else None,
    )
