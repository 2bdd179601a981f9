"""How does participation go in one council, or in a region, and one quarter of a year?

A participation programme asks each quarter: who took part, and are they like the people of the
place? Did they come again? Were they answered, and were they told what became of it? `Measured` holds
the counts of a council; `council_summary` and `region_summary` make a `Summary` of them, so that
every writer of reports can show it. What each indicator counts, over what, stands in its notes.

Numbers about persons follow the rule of `flows.statistics.disclosure`. Needs, consultations and decisions
are the council's own acts and public, and are all shown. A region's summary lies beside those of its
councils, so what one of them keeps back must not be what the others leave of the region's total:
such totals are kept back too.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, Final

from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.morocco import places
from flows.statistics.disclosure import (
    NOWHERE,
    UNSAID,
    Row,
    hidden_if_few,
    kept_back,
    no_shares,
    protected,
    share_of,
)
from flows.statistics.participation import DIMENSIONS, Dimension, census_comparison, commune_name
from flows.statistics.quarters import Quarter
from flows.statistics.summary import (
    SMALLEST,
    SUPPRESSED,
    Cell,
    Column,
    Figure,
    Summary,
    Suppressed,
    Table,
)
from flows.wording.text import Text, Translated, msg

# --------------------------------------------------------------------------- what was counted


@dataclass(frozen=True, slots=True)
class Measured:
    """The counts of one council in one quarter.

    A participant is a person who sent an answer, a need, a voice or a pledge in the quarter and did
    not take it back; whoever did so several times is one. Of `gender`, `age_band`, `disability` and
    `commune` only what was told is counted: the rest of `participants` did not say. Raises ValueError
    where a part is more than its whole.
    """

    participants: int = 0
    gender: Mapping[str, int] = field(default_factory=dict)
    age_band: Mapping[str, int] = field(default_factory=dict)
    disability: Mapping[str, int] = field(default_factory=dict)
    commune: Mapping[str, int] = field(default_factory=dict)
    #: Participants who had taken part here before the quarter began.
    returning: int = 0
    needs_filed: int = 0
    #: Of the needs filed in the quarter, those that have had an answer since.
    needs_answered: int = 0
    #: For each of those, hours from its filing to its first answer.
    first_answer_hours: Sequence[float] = ()
    consultations_closed: int = 0
    #: Of the consultations closed in the quarter, those with a decision recorded.
    decisions_recorded: int = 0
    #: Of those decisions, the ones that participants were told.
    decisions_told: int = 0
    #: Requests for information whose last day lay in the quarter, and those answered by that day.
    requests_due: int = 0
    requests_in_time: int = 0

    def __post_init__(self) -> None:
        told = {d.field: sum(self.told(d.field).values()) for d in DIMENSIONS}
        parts = {
            **{name: (count, self.participants) for name, count in told.items()},
            "commune": (sum(self.commune.values()), self.participants),
            "returning": (self.returning, self.participants),
            "needs_answered": (self.needs_answered, self.needs_filed),
            "first_answer_hours": (len(self.first_answer_hours), self.needs_answered),
            "decisions_recorded": (self.decisions_recorded, self.consultations_closed),
            "decisions_told": (self.decisions_told, self.decisions_recorded),
            "requests_in_time": (self.requests_in_time, self.requests_due),
        }
        for name, (part, whole) in parts.items():
            if not 0 <= part <= whole:
                raise ValueError(f"{name} is {part}; it must be 0 to {whole}, of which it is part")

    def told(self, field: str) -> Mapping[str, int]:
        """The persons of each group, by the field of one of `DIMENSIONS`."""
        counts: Mapping[str, int] = getattr(self, field)
        return counts

    def groups(self, dimension: Dimension) -> dict[str, int]:
        """Every group of a dimension with its persons, and those who did not say."""
        told = self.told(dimension.field)
        known = {id: told.get(id, 0) for id, _ in dimension.groups}
        return {**known, UNSAID: self.participants - sum(known.values())}

    @property
    def communes(self) -> dict[str, int]:
        """Participants by commune, and those who did not say where there are any."""
        unsaid = self.participants - sum(self.commune.values())
        return {**self.commune, **({NOWHERE: unsaid} if unsaid else {})}

    @property
    def returned(self) -> dict[str, int]:
        """Participants who came again, and those who are new."""
        return {"returning": self.returning, "new": self.participants - self.returning}


#: What is about persons; all else is about what a council did.
_OF_PERSONS: Final = ("participants", "returning", "commune", *(d.field for d in DIMENSIONS))


def together(measured: Collection[Measured]) -> Measured:
    """The counts of several councils added up; whoever took part in two of them counts twice."""
    whole: dict[str, Any] = {}
    for part in fields(Measured):
        values = [getattr(one, part.name) for one in measured]
        if part.name == "first_answer_hours":
            whole[part.name] = tuple(hours for each in values for hours in each)
        elif part.default is MISSING:
            whole[part.name] = sum(map(Counter, values), Counter())
        else:
            whole[part.name] = sum(values)
    return Measured(**whole)


# --------------------------------------------------------------------------- summaries


@dataclass(frozen=True, slots=True)
class _Risks:
    """What a total would give away of one council: groups by field, and whether of requests."""

    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    requests: bool = False


def council_summary(council: Council, quarter: Quarter, measured: Measured) -> Summary:
    """The indicators of one council."""
    title = msg("indicator.title", place=Translated(council.name), quarter=quarter.name)
    return _summary(title, council.place, measured, _Risks(), (), ())


def region_summary(
    place: str, quarter: Quarter, measured: Sequence[tuple[Council, Measured]]
) -> Summary:
    """The same for the councils of a region or province together, and a row for each of them.

    Where one council alone has fewer than `SMALLEST` participants, it is left out of all that is
    said of participants, and a note says that some are.
    """
    title = msg("indicator.title", place=place_name(place), quarter=quarter.name)
    small = [one for _, one in measured if 0 < one.participants < SMALLEST]
    left_out = small if _reveals([one.participants for one in small]) else []
    counted = [one for _, one in measured if not any(one is other for other in left_out)]
    everyone = together(counted)
    persons = {name: getattr(everyone, name) for name in _OF_PERSONS}
    whole = replace(together([one for _, one in measured]), **persons)
    notes = [msg("indicator.note.councils")]
    if left_out:
        notes.append(msg("indicator.note.left_out", smallest=SMALLEST))
    by_council = _councils(measured)
    return _summary(title, place, whole, _risks(counted, measured), (by_council,), tuple(notes))


def _risks(counted: Sequence[Measured], measured: Sequence[tuple[Council, Measured]]) -> _Risks:
    groups: dict[str, frozenset[str]] = {}
    for name, tables in (
        *((d.field, [one.groups(d) for one in counted]) for d in DIMENSIONS),
        ("commune", [one.communes for one in counted]),
        ("returning", [one.returned for one in counted]),
    ):
        hidden: dict[str, list[int]] = {}
        for table in tables:
            for id in kept_back(table, sum(table.values())):
                hidden.setdefault(id, []).append(table[id])
        groups[name] = frozenset(id for id, counts in hidden.items() if _reveals(counts))
    requests = [one.requests_due for _, one in measured if 0 < one.requests_due < SMALLEST]
    return _Risks(groups, _reveals(requests))


def _reveals(hidden: Sequence[int]) -> bool:
    """Whether the sum of what several councils keep back tells of one of them."""
    some = [count for count in hidden if count]
    return bool(hidden) and (len(some) < 2 or sum(some) < SMALLEST)


def _summary(
    title: Text,
    place: str,
    measured: Measured,
    risks: _Risks,
    further: tuple[Table, ...],
    notes: tuple[Text, ...],
) -> Summary:
    total = measured.participants
    counts = {d.field: measured.groups(d) for d in DIMENSIONS}
    compared, difference = census_comparison(place, counts, total, risks.groups)
    hours = sorted(measured.first_answer_hours)
    returning = protected(
        "returning",
        msg("indicator.by_returning"),
        msg("indicator.participants"),
        [(id, msg(f"indicator.{id}"), count) for id, count in measured.returned.items()],
        total,
        None,
        risky=risks.groups.get("returning", ()),
    )
    figures = (
        Figure("participants", msg("indicator.participants"), hidden_if_few(total, total)),
        Figure("returning", msg("indicator.returning"), returning.rows[0][2]),
        Figure("needs_filed", msg("indicator.needs_filed"), measured.needs_filed),
        Figure("needs_answered", msg("indicator.needs_answered"), measured.needs_answered),
        Figure("median_days", msg("indicator.median_days"), _of_enough(_median(hours), hours)),
        Figure("most_days", msg("indicator.most_days"), _of_enough(_ninth(hours), hours)),
        Figure("closed", msg("indicator.closed"), measured.consultations_closed),
    )
    tables = (
        _shares(measured, risks.requests),
        compared,
        *(_group(d, measured, risks) for d in DIMENSIONS),
        _places(place, measured, risks),
        returning,
        *further,
    )
    said = (
        difference,
        *(msg(f"indicator.note.{name}") for name in _DEFINED),
        *notes,
        msg("summary.protection", smallest=SMALLEST),
    )
    return Summary(title, figures, tables, said)


#: The indicators whose definitions are printed, in the order of the tables.
_DEFINED: Final = ("participants", "returning", "census", "needs", "days", "decisions", "requests")


def _of_enough(value: Decimal | None, hours: Sequence[float]) -> Cell:
    """A figure over fewer than five answers is no statistic."""
    return hidden_if_few(value, len(hours))


def _median(hours: Sequence[float]) -> Decimal | None:
    """In days, of hours in their order."""
    middle = len(hours) // 2
    return _days((hours[middle] + hours[-middle - 1]) / 2) if hours else None


def _ninth(hours: Sequence[float]) -> Decimal | None:
    """The days within which nine of ten had their answer: the nearest rank."""
    return _days(hours[math.ceil(len(hours) * 9 / 10) - 1]) if hours else None


def _days(hours: float) -> Decimal:
    return (Decimal(hours) / 24).quantize(Decimal("0.1"))


def _shares(measured: Measured, requests_risky: bool) -> Table:
    """What the council did: how many of how many."""
    few = requests_risky or 0 < measured.requests_due < SMALLEST
    lines = (
        ("needs_answered", measured.needs_answered, measured.needs_filed, False),
        ("decisions_recorded", measured.decisions_recorded, measured.consultations_closed, False),
        ("decisions_told", measured.decisions_told, measured.decisions_recorded, False),
        ("requests_in_time", measured.requests_in_time, measured.requests_due, few),
    )
    rows: list[tuple[Cell, ...]] = []
    for id, part, whole, hidden in lines:
        cells: tuple[Cell, ...] = (part, whole, share_of(part, whole))
        shown = (SUPPRESSED,) * 3 if hidden else cells
        rows.append((id, msg(f"indicator.{id}"), *shown))
    columns = (
        Column("id", msg("summary.id"), "id"),
        Column("name", msg("summary.figure")),
        Column("part", msg("indicator.part"), "count"),
        Column("whole", msg("indicator.whole"), "count"),
        Column("share", msg("summary.share"), "share"),
    )
    note = no_shares(
        min((whole for _, _, whole, hidden in lines if whole and not hidden), default=0)
    )
    return Table("answers", msg("indicator.answers"), columns, tuple(rows), note)


def _group(dimension: Dimension, measured: Measured, risks: _Risks) -> Table:
    counts = measured.groups(dimension)
    return protected(
        dimension.field,
        msg(f"indicator.by_{dimension.field}"),
        msg(f"summary.{dimension.field}"),
        [(id, msg(name), counts[id]) for id, name in dimension.groups]
        + [(UNSAID, msg("summary.unsaid"), counts[UNSAID])],
        measured.participants,
        None,
        risky=risks.groups.get(dimension.field, ()),
    )


def _places(place: str, measured: Measured, risks: _Risks) -> Table:
    """Participants by commune beside the share of the place's inhabitants who live there."""
    unsaid = measured.communes.get(NOWHERE, 0)
    told = sorted(measured.commune.items(), key=lambda c: (-c[1], c[0]))
    rows: list[Row] = [(code, commune_name(code), count) for code, count in told if count]
    if unsaid:
        rows.append((NOWHERE, msg("summary.unsaid"), unsaid))
    table = protected(
        "commune",
        msg("indicator.by_commune"),
        msg("need.label.commune"),
        rows,
        measured.participants,
        None,
        gather=msg("summary.other_communes"),
        risky=risks.groups.get("commune", ()),
    )
    shown = {str(row[0]): row[2] for row in table.rows}
    # Those who did not say may be gathered with others: then nobody knows how many said.
    nobody_knows = bool(unsaid) and NOWHERE not in shown
    said = measured.participants - unsaid
    people = {p.code: p.population or 0 for p in places.communes_of(place)}
    inhabitants = sum(people.values())
    widened: list[tuple[Cell, ...]] = []
    for row in table.rows:
        id, count = str(row[0]), row[2]
        if id not in people or len(people) < 2:
            widened.append((*row, None, None))
            continue
        census = (Decimal(people[id]) / inhabitants).quantize(Decimal("0.001"))
        ours = None if nobody_knows or not isinstance(count, int) else share_of(count, said)
        widened.append((*row, census, None if ours is None else round((ours - census) * 100, 1)))
    columns = (
        *table.columns,
        Column("census", msg("indicator.inhabitants_share"), "share"),
        Column("difference", msg("summary.difference"), "number"),
    )
    return Table(table.id, table.title, columns, tuple(widened), table.note, table.chart)


def _councils(measured: Sequence[tuple[Council, Measured]]) -> Table:
    """A row for each council; a share about persons only where the council's own summary has it."""
    columns = (
        Column("id", msg("summary.id"), "id"),
        Column("name", msg("report.council")),
        Column("participants", msg("indicator.participants"), "count"),
        Column("women", msg("indicator.women"), "share"),
        Column("returning", msg("indicator.returning_share"), "share"),
        Column("needs_filed", msg("indicator.needs_filed"), "count"),
        Column("needs_answered", msg("indicator.needs_share"), "share"),
        Column("median_days", msg("indicator.median_days"), "number"),
        Column("closed", msg("indicator.closed"), "count"),
        Column("decisions_told", msg("indicator.decisions_share"), "share"),
        Column("requests_in_time", msg("indicator.requests_share"), "share"),
    )
    rows = tuple(_council_row(council, one) for council, one in measured)
    note = msg("summary.kept_back", smallest=SMALLEST)
    hidden = any(isinstance(cell, Suppressed) for row in rows for cell in row)
    title = msg("indicator.by_council")
    return Table("councils", title, columns, rows, note if hidden else None)


def _council_row(council: Council, one: Measured) -> tuple[Cell, ...]:
    total = one.participants
    gender = one.groups(next(d for d in DIMENSIONS if d.field == "gender"))
    hidden = kept_back(gender, total)
    women: Cell = SUPPRESSED
    if not hidden & {"woman", UNSAID}:
        women = share_of(gender["woman"], total - gender[UNSAID])
    returning: Cell = SUPPRESSED
    if not kept_back(one.returned, total):
        returning = share_of(one.returning, total)
    hours = sorted(one.first_answer_hours)
    return (
        council.code,
        Translated(council.name),
        hidden_if_few(total, total),
        women,
        returning,
        one.needs_filed,
        share_of(one.needs_answered, one.needs_filed),
        _of_enough(_median(hours), hours),
        one.consultations_closed,
        share_of(one.decisions_told, one.decisions_recorded),
        hidden_if_few(share_of(one.requests_in_time, one.requests_due), one.requests_due),
    )
