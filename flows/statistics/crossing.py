"""What did women and men, ages, places and rounds answer? Tables of two ways, within the rule on small counts.

Each table has an answer in each row and a group in each column, with how many of the group answered. The rule is
that of `flows.statistics.disclosure`, held along every row and every column, and:

- An answer or a group whose number its own table keeps back is kept back here as a whole.
- What can be worked out from a whole row and a whole column after the other is kept back with more
  (`_given_away`): a hidden count always stands on a ring of hidden ones.
- Of a group in which fewer than `FEWEST` answered no share is told.

Everybody counts once in a table, however often they told something.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flows.morocco import census
from flows.statistics.disclosure import GATHERED, OTHER, UNSAID, kept_back, share_of
from flows.statistics.participation import commune_name
from flows.statistics.summary import SMALLEST, SUPPRESSED, Cell, Column, Response, Table
from flows.wording.text import Text, Verbatim, lines, msg

#: Of fewer who answered no share is told.
FEWEST: Final = 30

#: Communes beside each other in a table; the others stand together.
MOST_PLACES: Final = 12

#: The row of how many answered.
ANSWERED: Final = "~answered"

#: An answer (row) and a group (column).
Where = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Crossed:
    """A question with choices, and what each response chose: nothing for who did not answer.

    `exclusive`: one choice each. `hidden` are choices whose number is kept back elsewhere.
    """

    id: str
    title: Text
    choices: Mapping[str, Text]
    exclusive: bool
    ticks: Sequence[frozenset[str]]
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups of who answered: the group of each response. `hidden` as in `Crossed`."""

    id: str
    title: Text
    groups: Mapping[str, Text]
    of: Sequence[str]
    hidden: frozenset[str] = frozenset()


def groupings(
    responses: Sequence[Response], hidden: Mapping[str, frozenset[str]]
) -> Iterator[Grouping]:
    """By gender, age, disability, place and round: those in which there is more than one group.

    `hidden` are the groups that the tables of who took part keep back, by the id of the table.
    """
    unsaid = {UNSAID: msg("summary.unsaid")}
    named: tuple[tuple[str, Mapping[str, Text]], ...] = (
        ("gender", {id: msg(f"gender.{id}") for id in census.GENDERS}),
        ("age_band", {id: msg(f"age.{id}") for id in census.AGE_BANDS}),
        ("disability", {id: msg(f"disability.{id}") for id in ("yes", "no")}),
    )
    for field, groups in named:
        told = [_known(getattr(r, field), groups) for r in responses]
        yield Grouping(
            field,
            msg(f"rows.column.{field}"),
            {**groups, **unsaid},
            told,
            hidden.get(field, frozenset()),
        )
    yield _places(responses)
    rounds = {name: Verbatim(name) for name in dict.fromkeys(r.phase for r in responses if r.phase)}
    yield Grouping(
        "round",
        msg("rows.column.round"),
        {**rounds, **unsaid},
        [r.phase or UNSAID for r in responses],
    )


def _known(value: str | None, groups: Collection[str]) -> str:
    return value if value in groups and value is not None else UNSAID


def _places(responses: Sequence[Response]) -> Grouping:
    """The communes in which most answered; small ones, and who did not say, stand together."""
    counts = Counter(r.commune for r in responses if r.commune)
    ranked = sorted(counts, key=lambda code: (-counts[code], code))[:MOST_PLACES]
    shown = [code for code in ranked if counts[code] >= FEWEST]
    groups: dict[str, Text] = {code: commune_name(code) for code in shown}
    groups[GATHERED] = msg("rows.elsewhere_all")
    told = [r.commune if r.commune in groups and r.commune else GATHERED for r in responses]
    return Grouping("place", msg("rows.column.place"), groups, told)


def cross_table(question: Crossed, grouping: Grouping, persons: Sequence[int]) -> Table | None:
    """One question by one grouping; None where there is one group only, or few answered.

    `persons` says whose each response is; 0 where it is not known.
    """
    found = _counted(question, grouping, persons)
    if len(found.groups) < 2 or not found.choices or found.total < SMALLEST:
        return None
    hidden = _hidden(found, question, grouping)
    columns = [
        Column("id", msg("summary.id"), "id"),
        Column("name", msg("summary.answer")),
        Column("all", msg("cross.everybody"), "count"),
    ]
    for group in found.groups:
        name = grouping.groups[group]
        columns += [
            Column(f"{group}.count", msg("cross.people", group=name), "count"),
            Column(f"{group}.share", msg("cross.share", group=name), "share"),
        ]
    rows = [_row(choice, question.choices[choice], found, hidden) for choice in found.choices]
    rows.append(_row(ANSWERED, msg("cross.answered"), found, hidden))
    note = lines(
        msg("cross.few", fewest=FEWEST),
        None if question.exclusive else msg("summary.several"),
        msg("summary.kept_back", smallest=SMALLEST) if hidden else None,
    )
    title = msg("cross.title", question=question.title, groups=grouping.title)
    return Table(f"cross.{question.id}.{grouping.id}", title, tuple(columns), tuple(rows), note)


@dataclass(frozen=True, slots=True)
class _Counts:
    """Persons by answer and group; `answered` by group, `gave` by answer."""

    choices: tuple[str, ...]
    groups: tuple[str, ...]
    cells: Mapping[Where, int]
    answered: Mapping[str, int]
    gave: Mapping[str, int]
    total: int
    exclusive: bool


def _counted(question: Crossed, grouping: Grouping, persons: Sequence[int]) -> _Counts:
    told: dict[tuple[int, str], set[str]] = {}
    for place, (given, group) in enumerate(zip(question.ticks, grouping.of, strict=True)):
        if given:
            # Who answered in two rounds is in two groups of rounds, and once in each.
            told.setdefault((persons[place] or -place - 1, group), set()).update(given)
    cells: Counter[Where] = Counter()
    answered: Counter[str] = Counter()
    gave: Counter[str] = Counter()
    for (_, group), ticks in told.items():
        answered[group] += 1
        for tick in ticks:
            cells[tick, group] += 1
            gave[tick] += 1
    choices = tuple(id for id in question.choices if id != OTHER or gave[id])
    groups = tuple(id for id in grouping.groups if answered[id] or id not in (UNSAID, GATHERED))
    alone = all(len(ticks) == 1 for ticks in told.values())
    exclusive = question.exclusive and alone
    return _Counts(choices, groups, cells, answered, gave, len(told), exclusive)


def _hidden(found: _Counts, question: Crossed, grouping: Grouping) -> frozenset[Where]:
    """The cells that are kept back; those of `ANSWERED` and of everybody ("") among them."""
    total = found.total
    few_groups = kept_back(
        {g: found.answered[g] for g in found.groups}, total, risky=grouping.hidden
    )
    few_choices = kept_back(
        {c: found.gave[c] for c in found.choices},
        total,
        exclusive=found.exclusive,
        risky=question.hidden,
    )
    hidden: set[Where] = {
        (c, g) for c in found.choices for g in found.groups if g in few_groups or c in few_choices
    }
    while True:
        more = set(_along(found, hidden)) - hidden
        if not more and found.exclusive:
            more = _given_away(found, hidden)
        if not more:
            break
        hidden |= more
    hidden |= {(ANSWERED, g) for g in few_groups} | {(c, "") for c in few_choices}
    return frozenset(hidden)


def _along(found: _Counts, hidden: Collection[Where]) -> Iterator[Where]:
    """What the rule keeps back along each row and each column."""
    for choice in found.choices:
        counts = {g: found.cells[choice, g] for g in found.groups}
        risky = {g for g in found.groups if (choice, g) in hidden}
        small = {g for g in found.groups if _leaves_few(found, choice, g)}
        for group in kept_back(counts, found.gave[choice], risky=risky | small):
            yield choice, group
    for group in found.groups:
        counts = {c: found.cells[c, group] for c in found.choices}
        risky = {c for c in found.choices if (c, group) in hidden}
        for choice in kept_back(
            counts, found.answered[group], exclusive=found.exclusive, risky=risky
        ):
            yield choice, group


def _leaves_few(found: _Counts, choice: str, group: str) -> bool:
    """Whether few of a group did not give an answer that several may give beside others."""
    others = found.answered[group] - found.cells[choice, group]
    return not found.exclusive and 0 < others < SMALLEST


def _given_away(found: _Counts, hidden: Collection[Where]) -> set[Where]:
    """More to keep back, where one hidden cell follows from the sums of rows and columns.

    It does where no ring of hidden cells goes through it: then all cells on one side of it can be summed up.
    """
    for choice, group in sorted(hidden):
        if not found.cells[choice, group] or _on_a_ring((choice, group), hidden):
            continue
        left = [
            where
            for where in (
                *((choice, g) for g in found.groups),
                *((c, group) for c in found.choices),
            )
            if where not in hidden
        ]
        if left:
            return {min(left, key=lambda where: (found.cells[where], where))}
    return set()


def _on_a_ring(cell: Where, hidden: Collection[Where]) -> bool:
    """Whether one comes from its row to its column by other hidden cells."""
    choice, group = cell
    rows: dict[str, set[str]] = {}
    columns: dict[str, set[str]] = {}
    for c, g in hidden:
        if (c, g) != cell:
            rows.setdefault(c, set()).add(g)
            columns.setdefault(g, set()).add(c)
    seen, waiting = {choice}, [choice]
    while waiting:
        for g in rows.get(waiting.pop(), ()):
            if g == group:
                return True
            fresh = columns[g] - seen
            seen |= fresh
            waiting += fresh
    return False


def _row(choice: str, name: Text, found: _Counts, hidden: Collection[Where]) -> tuple[Cell, ...]:
    whole = choice == ANSWERED
    everybody: Cell = found.total if whole else found.gave[choice]
    cells: list[Cell] = [choice, name, SUPPRESSED if (choice, "") in hidden else everybody]
    for group in found.groups:
        answered = found.answered[group]
        count = answered if whole else found.cells[choice, group]
        share = share_of(count, answered) if answered >= FEWEST else None
        kept = (choice, group) in hidden
        cells += [SUPPRESSED, SUPPRESSED] if kept else [count, share]
    return tuple(cells)
