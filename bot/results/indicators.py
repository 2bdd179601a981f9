"""The programme's indicators: what `flows.statistics.indicators` reckons with, counted in the database."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time

from bot.core.councils import Register
from bot.core.localtime import local_day, moment
from flows.dialog.facts import Council
from flows.kinds import kinds
from flows.morocco import places
from flows.statistics.indicators import Measured, council_summary, region_summary
from flows.statistics.quarters import Quarter
from flows.statistics.summary import Summary
from storage.database import Transaction, batch
from storage.rows.indicators import MeasuredClosed, MeasuredNeeds, MeasuredPeople, MeasuredRequests

_HOUR_MS = 3_600_000


async def measured(tx: Transaction, council_id: int, quarter: Quarter) -> Measured:
    """The counts of one council in one quarter."""
    stretch = {
        "council_id": council_id,
        "first": _moment(quarter.first),
        "next": _moment(quarter.end),
    }
    expected = batch([{"x": kind.name} for kind in kinds().values() if kind.decided])
    people = await tx.rows(MeasuredPeople, **stretch)
    needs = await tx.rows(MeasuredNeeds, **stretch)
    closed = await tx.rows(MeasuredClosed, kinds=expected, **stretch)
    requests = await tx.rows(
        MeasuredRequests,
        council_id=council_id,
        first=quarter.first.isoformat(),
        next=quarter.end.isoformat(),
    )

    def told(name: str) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for row in people:
            if value := getattr(row, name):
                counts[value] += row.n
        return dict(counts)

    waited = [(row.answered_at - row.created_at) / _HOUR_MS for row in needs if row.answered_at]
    decided = [row for row in closed if row.decisions]
    return Measured(
        participants=sum(row.n for row in people),
        gender=told("gender"),
        age_band=told("age_band"),
        disability=told("disability"),
        commune=told("commune"),
        returning=sum(row.came_again or 0 for row in people),
        needs_filed=len(needs),
        needs_answered=len(waited),
        first_answer_hours=tuple(waited),
        consultations_closed=len(closed),
        decisions_recorded=len(decided),
        decisions_told=sum(1 for row in decided if row.told),
        requests_due=len(requests),
        requests_in_time=sum(
            1
            for row in requests
            if row.answered_at and local_day(row.answered_at).isoformat() <= row.due_day
        ),
    )


def _moment(day: date) -> int:
    return moment(datetime.combine(day, time()))


async def of_council(
    register: Register, tx: Transaction, council_id: int, quarter: Quarter
) -> tuple[Summary, int]:
    """The indicators of one council; and of how many people they speak."""
    made = await measured(tx, council_id, quarter)
    summary = council_summary(register.council(council_id), quarter, made)
    for more in register.indicators:
        figures = (*summary.figures, *await more(tx, council_id, quarter))
        summary = replace(summary, figures=figures)
    return summary, made.participants


def below(register: Register, council_id: int) -> list[tuple[int, Council]]:
    """The councils within the place of a region or province, itself first."""
    own = register.council(council_id)
    if places.place(own.place).level == "commune":
        return []
    found = [(council_id, own)]
    for id, council in register.all().items():
        around = {place.code for place in places.ancestors(council.place)}
        if id != council_id and own.place in around:
            found.append((id, council))
    return found


async def of_region(
    register: Register, tx: Transaction, council_id: int, quarter: Quarter
) -> tuple[Summary, int]:
    """The totals of the councils in a region or province: no names, no needs, no small numbers."""
    councils = [
        (council, await measured(tx, id, quarter)) for id, council in below(register, council_id)
    ]
    place = register.council(council_id).place
    people = sum(made.participants for _, made in councils)
    return region_summary(place, quarter, councils), people
