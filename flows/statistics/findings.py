"""What is worth a sentence: what most say, where groups differ, who is missing. At most one of each.

A sentence names the counts that it rests on, and is not said where it may not be:

- Most: of who answered, one answer has more than every other (z of the two, of paired answers where
  several are possible, at least `CERTAIN`). Else that none is ahead. Beside counts that are kept back
  only a clear majority is said, and of several answers nothing.
- Differ: two groups of at least `FEWEST` who answered, two proportions with z of at least `CERTAIN`. The
  more pairs were looked at, the higher the bar (Bonferroni), so that of twenty pages on which nothing
  differs one says that something does. Of no group of the two, nor of those in neither, fewer than five
  answered so or otherwise; no count is used that the tables keep back.
- Missing: a group whose share of the participants is `WORTH_SAYING` points or more under its share of the
  people of the place, of `FEWEST` or more who told, with z of at least `CERTAIN`.

Under `FEWEST` no share is told, only counts. People choose for themselves to take part: z says that a
difference is more than a play of chance among who answered, not that it holds of everybody.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist
from typing import Final

from flows.morocco import census
from flows.statistics.asked import Weighed
from flows.statistics.disclosure import FEWEST, hidden_ids, is_small, percent_of
from flows.statistics.participation import (
    DIMENSIONS,
    PARTICIPANTS,
    WORTH_SAYING,
    commune_name,
)
from flows.statistics.summary import SMALLEST, Response, Summary, Suppressed, Table
from flows.wording.text import Lines, Message, Text, Value, msg

#: How many standard errors make a difference: less than one in twenty is that large by chance.
CERTAIN: Final = 1.96

#: Those under 35 are the young people of the programmes.
YOUNG: Final = frozenset({"15-17", "18-24", "25-34"})


@dataclass(frozen=True, slots=True)
class Findings:
    """The sentences, and why there is none of a sort where there is none."""

    said: tuple[Text, ...] = ()
    unsaid: tuple[Text, ...] = ()


def findings(
    asked: Sequence[Weighed] | None,
    summary: Summary,
    responses: Sequence[Response],
    headline: Text,
) -> Findings:
    """What is to be said of these responses.

    `asked` are questions with choices that may stand for the whole, the most important first; where there is
    none, or nothing may be said of it, the kind's own `headline` takes the place of "most". None of a kind that
    asks no such questions at all.
    """
    tables = {table.id: table for table in summary.tables}
    shown = [question for question in asked or () if question.table in tables]
    first = most(shown[0], tables[shown[0].table], responses) if shown else None
    said: list[Text] = [first or (_how_many(headline) if shown else headline)]
    unsaid: list[Text] = []
    if first is None and shown and hidden_ids(tables[shown[0].table]):
        about = {"question": shown[0].title, "smallest": SMALLEST}
        unsaid.append(Message("findings.held_most", about))
    if responses and not shown and set(tables) - PARTICIPANTS:
        why = "findings.no_choices" if asked is not None else "findings.not_compared"
        unsaid.append(msg(why))
    if shown:
        differs = difference(shown, tables, responses)
        if differs.said is not None:
            said.append(differs.said)
        unsaid += differs.unsaid
    told = {
        d.field: sum(1 for r in responses if getattr(r, d.field) in dict(d.groups))
        for d in DIMENSIONS
    }
    lacks = missing(tables.get("census"), told)
    (said if lacks.said else unsaid).append(lacks.text)
    return Findings(tuple(said), tuple(unsaid))


def _how_many(headline: Text) -> Text:
    """A headline without what most said: that is told here, or why it may not be."""
    return headline.parts[0] if isinstance(headline, Lines) and headline.parts else headline


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence of a finding (`said`), or why there is none."""

    text: Text
    said: bool


# --------------------------------------------------------------------------- what most say


def most(question: Weighed, table: Table, responses: Sequence[Response]) -> Text | None:
    """Which answer has most, or that none is ahead; None where nothing may be said."""
    ticks = [found for r in responses if (found := frozenset(question.ticks(r)))]
    answered = len(ticks)
    counts = [
        (count, str(row[0]))
        for row in table.rows
        if isinstance(count := row[2], int) and str(row[0]) in question.labels
    ]
    if not answered or not any(count for count, _ in counts):
        return None
    hidden = hidden_ids(table)
    ranked = sorted(counts, key=lambda one: -one[0])
    top, id = ranked[0]
    about: dict[str, Value] = {
        "question": question.title,
        "answer": question.labels[id],
        "count": top,
        "answered": answered,
    }
    if hidden and not (question.exclusive and _z_of_pair(top, answered - top) >= CERTAIN):
        return None
    if len(ranked) > 1 and not hidden:
        second, other = ranked[1]
        only = sum(1 for found in ticks if id in found and other not in found)
        rather = sum(1 for found in ticks if other in found and id not in found)
        if _z_of_pair(only, rather) < CERTAIN:
            if len(ranked) > 2 and ranked[2][0] == second:
                # Two would be named, and more are as many.
                return Message("findings.level_all", about)
            about |= {"other": question.labels[other], "other_count": second}
            return Message("findings.level", about)
    if answered < FEWEST:
        return Message("findings.most_of_few", about)
    entry = "findings.majority" if top * 2 > answered else "findings.most"
    return Message(entry, {**about, "share": _percent(top, answered)})


def _z_of_pair(one: int, other: int) -> float:
    """How sure it is that of those who chose one of two, more chose the first."""
    return (one - other) / math.sqrt(one + other) if one + other else 0.0


# --------------------------------------------------------------------------- where groups differ


#: Sorts of groups, in the order in which they are named: the ends of the two sentences of each.
SORTS: Final[Mapping[str, tuple[str, str]]] = {
    "women": ("women", "men"),
    "young": ("young", "older"),
    "disabled": ("disabled", "not_disabled"),
    "place": ("place", "elsewhere"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups of a sort that are compared by a field: who is in the first, who in the second.

    `named` is the name of the first where it is a place.
    """

    sort: str
    field: str
    first: Callable[[Response], bool]
    second: Callable[[Response], bool]
    named: Text | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """An answer of two groups: persons who gave it, and persons who answered."""

    question: Weighed
    choice: str
    pair: Pair
    gave: tuple[int, int]
    answered: tuple[int, int]

    @property
    def z(self) -> float:
        """The z of two proportions, pooled; positive where the first group gave it more often."""
        (gave, others), (all, all_others) = self.gave, self.answered
        pooled = (gave + others) / (all + all_others)
        error = math.sqrt(pooled * (1 - pooled) * (1 / all + 1 / all_others))
        return (gave / all - others / all_others) / error if error else 0.0


@dataclass(frozen=True, slots=True)
class Differs:
    """The greatest difference; where there is none, between whom, and who could not be compared."""

    said: Text | None
    unsaid: tuple[Text, ...] = ()


def difference(
    asked: Sequence[Weighed], tables: Mapping[str, Table], responses: Sequence[Response]
) -> Differs:
    """The greatest difference between groups, if there is one that is more than chance."""
    compared: list[Compared] = []
    held: set[str] = set()
    for pair in pairs(tables):
        for question in asked:
            found, whole = _compared(question, pair, tables, responses)
            compared += found
            if not whole:
                held.add(pair.sort)
    greatest = max(compared, key=lambda one: abs(one.z), default=None)
    if greatest is not None and abs(greatest.z) >= bar(len(compared)):
        return Differs(_differs(greatest))
    whole_ones = {one.pair.sort for one in compared} - held
    unsaid = (
        (msg("findings.no_difference"), whole_ones),
        (msg("findings.held_groups", smallest=SMALLEST), held),
        (msg("findings.no_groups", fewest=FEWEST), set(SORTS) - whole_ones - held),
    )
    return Differs(None, tuple(_about(entry, whom) for entry, whom in unsaid if whom))


def _about(entry: Message, whom: Collection[str]) -> Text:
    """A sentence about groups, in their order."""
    named: list[Text] = [msg(f"findings.pair.{sort}") for sort in SORTS if sort in whom]
    groups = named[0]
    for one in named[1:]:
        groups = msg("findings.and", first=groups, second=one)
    return Message(entry.id, {**entry.values, "groups": groups})


def bar(looked_at: int) -> float:
    """The least z of which one is said, where so many were looked at; one alone is held to `CERTAIN`."""
    if looked_at <= 1:
        return CERTAIN
    chance = 2 * (1 - NormalDist().cdf(CERTAIN))
    return NormalDist().inv_cdf(1 - chance / looked_at / 2)


def pairs(tables: Mapping[str, Table]) -> Iterator[Pair]:
    """The groups that are compared; of the communes those whose number the table shows."""
    yield Pair("women", "gender", lambda r: r.gender == "woman", lambda r: r.gender == "man")
    older = frozenset(census.AGE_BANDS) - YOUNG
    yield Pair(
        "young",
        "age_band",
        lambda r: r.age_band in YOUNG,
        lambda r: r.age_band in older,
    )
    yield Pair(
        "disabled",
        "disability",
        lambda r: r.disability == "yes",
        lambda r: r.disability == "no",
    )
    communes = tables.get("commune")
    for row in communes.rows if communes is not None else ():
        code, count = str(row[0]), row[2]
        if not code.startswith("~") and isinstance(count, int) and count >= FEWEST:
            yield _commune(code)


def _commune(code: str) -> Pair:
    return Pair(
        "place",
        "commune",
        lambda r: r.commune == code,
        lambda r: r.commune is not None and r.commune != code,
        commune_name(code),
    )


def _compared(
    question: Weighed, pair: Pair, tables: Mapping[str, Table], responses: Sequence[Response]
) -> tuple[list[Compared], bool]:
    """The answers to a question that two groups may be compared by, and whether none had to be left out
    because a number would show that the tables keep back.
    """
    told: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    answered = [0, 0, 0]
    for response, ticks in _of_persons(question, responses):
        group = 0 if pair.first(response) else 1 if pair.second(response) else 2
        answered[group] += 1
        for tick in ticks:
            told[tick][group] += 1
    if min(answered[:2]) < FEWEST:
        return [], True
    groups = tables.get(pair.field)
    if groups is None or hidden_ids(groups) or is_small(answered[2]):
        return [], False
    hidden = hidden_ids(tables[question.table])
    choices = list(question.labels)
    if question.exclusive and len(choices) == 2:
        choices = choices[:1]  # The other says the same the other way round.
    found = []
    for choice in choices:
        gave = told[choice]
        otherwise = [all - some for all, some in zip(answered, gave, strict=True)]
        if choice not in hidden and not any(is_small(cell) for cell in (*gave, *otherwise)):
            sizes = (gave[0], gave[1]), (answered[0], answered[1])
            found.append(Compared(question, choice, pair, *sizes))
    return found, len(found) == len(choices)


def _of_persons(
    question: Weighed, responses: Sequence[Response]
) -> Iterator[tuple[Response, Collection[str]]]:
    """Who answered with all that they answered: somebody who told forty needs is one person."""
    persons: dict[int, tuple[Response, set[str]]] = {}
    for place, response in enumerate(responses):
        ticks = question.ticks(response)
        if ticks:
            person = response.person if response.person else -place - 1
            persons.setdefault(person, (response, set()))[1].update(ticks)
    yield from persons.values()


def _differs(found: Compared) -> Text:
    place = 0 if found.z > 0 else 1
    gave, answered = found.gave[place], found.answered[place]
    others, all_others = found.gave[1 - place], found.answered[1 - place]
    about: dict[str, Value] = {
        "question": found.question.title,
        "answer": found.question.labels[found.choice],
        "gave": gave,
        "answered": answered,
        "share": _percent(gave, answered),
        "others": others,
        "all_others": all_others,
        "other_share": _percent(others, all_others),
    }
    if found.pair.named is not None:
        about["place"] = found.pair.named
    return Message(f"findings.differ.{SORTS[found.pair.sort][place]}", about)


# --------------------------------------------------------------------------- who is missing


def missing(beside: Table | None, told_by: Mapping[str, int]) -> Judged:
    """The group that is least here for what it is of the people of the place.

    `beside` compares with the census (`participation.census_comparison`), `told_by` says how many told their
    gender, age and disability.
    """
    lacking: list[tuple[Decimal, Text]] = []
    compared = held = False
    for row in beside.rows if beside is not None else ():
        id, _, _, ours, people, points = row
        dimension, _, group = str(id).partition(".")
        told = told_by[dimension]
        held = held or (told >= FEWEST and isinstance(ours, Suppressed))
        if not isinstance(ours, Decimal) or not isinstance(people, Decimal) or told < FEWEST:
            continue
        compared = True
        z = float(ours - people) / math.sqrt(float(people * (1 - people)) / told)
        if isinstance(points, Decimal) and points <= -WORTH_SAYING and z <= -CERTAIN:
            sentence = msg(
                f"findings.missing.{dimension}.{group}",
                share=percent_of(ours),
                census=percent_of(people),
                told=told,
            )
            lacking.append((points, sentence))
    if lacking:
        return Judged(min(lacking, key=lambda one: one[0])[1], said=True)
    if compared:
        return Judged(msg("findings.nobody_missing"), said=False)
    if held:
        return Judged(msg("findings.held_census", smallest=SMALLEST), said=False)
    return Judged(msg("findings.no_census", fewest=FEWEST), said=False)


def _percent(part: int, whole: int) -> int:
    return percent_of(Decimal(part) / whole)
