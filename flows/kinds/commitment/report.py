"""The half-year report: what became of what was promised, by council and province, what is late first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.kinds.commitment.definition import Commitment
from flows.kinds.commitment.half_year import HalfYear
from flows.kinds.commitment.shown import state_text
from flows.kinds.commitment.states import SIGNS, Standing, place_in_list, state_on
from flows.morocco import places
from flows.statistics.summary import Cell, Column, Figure, Summary, Table
from flows.wording import render
from flows.wording.text import Text, Translated, Verbatim, lines, msg

#: What the report may be about: what came of recommendations, or all that was promised.
ALL = "all"
SOURCES = ("recommendation", ALL)


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment, and what was said of it last by the day of the report."""

    commitment: Commitment
    standing: Standing


@dataclass(frozen=True, slots=True)
class Promises:
    """Those of one council."""

    council: Council
    all: Sequence[Promise]

    @property
    def province(self) -> str:
        """The census code of its province or prefecture; its own where it is one or a region."""
        around = (places.place(self.council.place), *places.ancestors(self.council.place))
        found = [place.code for place in around if place.level == "province"]
        return found[0] if found else self.council.place


def report(
    title: str, half: HalfYear, councils: Sequence[Promises], last: date, language: str
) -> Summary:
    """The report as of the local day `last`; `title` is the council's own, "" for the usual one.

    Councils stand by province and name as `language` has them; a page for all, then one for each.
    """
    ordered = sorted(councils, key=lambda one: _order(one, language))
    states = [_state(one, last) for council in ordered for one in council.all]
    counts = Counter(states)
    return Summary(
        Verbatim(title) if title else msg("commitment_report.title", half=half.name),
        (
            Figure("promised", msg("commitment_report.promised"), len(states)),
            *(Figure(state, state_text(state), counts[state]) for state in SIGNS),
        ),
        (_everybody(ordered, last), *(_of(one, last) for one in ordered)),
        (msg("commitment_report.as_of", day=last.strftime("%d/%m/%Y")),),
    )


def _order(one: Promises, language: str) -> tuple[str, str]:
    name = render(Translated(one.council.name), language, one.council.language)
    return render(place_name(one.province), language), name


def _state(one: Promise, last: date) -> str:
    return state_on(one.standing.state, one.commitment.due, last)


def _everybody(councils: Sequence[Promises], last: date) -> Table:
    """How many of each state, a row for each council."""
    rows: list[tuple[Cell, ...]] = []
    for one in councils:
        counts = Counter(_state(promise, last) for promise in one.all)
        by_state = (counts[state] for state in SIGNS)
        name = Translated(one.council.name)
        rows.append((place_name(one.province), name, len(one.all), *by_state))
    return Table(
        "councils",
        msg("commitment_report.everybody"),
        (
            Column("province", msg("commitment_report.province")),
            Column("council", msg("commitment_report.council")),
            Column("promised", msg("commitment_report.promised"), "number"),
            *(Column(state, state_text(state), "number") for state in SIGNS),
        ),
        tuple(rows),
    )


def _of(one: Promises, last: date) -> Table:
    """What became of each, what is late first."""
    ordered = sorted(one.all, key=lambda p: place_in_list(_state(p, last), p.commitment.due))
    rows = [
        (
            state_text(_state(promise, last)),
            Translated(promise.commitment.title),
            promise.commitment.due,
            _came_from(promise.commitment),
            Translated(promise.commitment.indicator),
            _became(promise.standing),
        )
        for promise in ordered
    ]
    return Table(
        f"council_{one.council.code}",
        msg(
            "commitment_report.of",
            council=Translated(one.council.name),
            province=place_name(one.province),
        ),
        (
            Column("state", msg("commitment_report.state")),
            Column("title", msg("commitment_report.promise")),
            Column("due", msg("commitment_report.due"), "date"),
            Column("source", msg("commitment_report.source")),
            Column("indicator", msg("commitment_report.indicator")),
            Column("became", msg("commitment_report.became")),
        ),
        tuple(rows),
        apart=True,
    )


def _came_from(commitment: Commitment) -> Text:
    source = msg(f"form.commitment.source.{commitment.source}")
    return lines(source, Verbatim(commitment.reference) if commitment.reference else None)


def _became(standing: Standing) -> Text | None:
    """What the council said last and when, with the proof."""
    if not standing.since:
        return None
    return lines(
        Verbatim(date.fromisoformat(standing.since).strftime("%d/%m/%Y")),
        Translated(standing.why) if standing.why else None,
        Verbatim(standing.proof) if standing.proof else None,
    )
