"""What is told of a consultation while people still answer: counts in fives, made once a day.

    Summary of what stands -> `rounded` -> `packed`, kept until the next day -> `unpacked` -> shown all day

Else who looks before and after somebody has answered sees what they answered. Every count is rounded to `STEP`; shares, means and
medians wait for the end, since they say more than the counts; the beside of the census is rounded to five points.
What people wrote in their own words is not kept here: what is erased or hidden is gone at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from flows.statistics.summary import (
    SUPPRESSED,
    Brief,
    Cell,
    Column,
    Figure,
    Heard,
    Summary,
    Suppressed,
    Table,
)
from flows.wording.text import Code, Lines, Message, Text, Translated, Value, Verbatim, msg

#: Counts are told in fives.
STEP: Final = 5

#: Numbers in a sentence that are about a rule, and not about people.
_RULES: Final = frozenset({"smallest", "fewest", "least", "census", "day", "step"})

#: Percentages, and the two counts that each is worked out from.
_SHARES: Final = {
    "share": (("count", "answered"), ("gave", "answered")),
    "other_share": (("others", "all_others"),),
}


def in_steps(count: int) -> int:
    """A count in fives, the nearest one; of some never none."""
    return max(
        STEP * int(Decimal(count / STEP).to_integral_value(ROUND_HALF_UP)), STEP if count else 0
    )


def rounded(summary: Summary) -> Summary:
    """The same with its counts in fives, without shares and without people's words."""
    return replace(
        summary,
        figures=figures(summary.figures),
        tables=tuple(_table(table) for table in summary.tables if not table.words),
        notes=tuple(_text(note) for note in summary.notes),
        brief=None if summary.brief is None else brief(summary.brief),
    )


def figures(of: Sequence[Figure]) -> tuple[Figure, ...]:
    """Figures with their counts in fives: they may be told at any time."""
    return tuple(
        replace(one, value=in_steps(one.value)) if isinstance(one.value, int) else one for one in of
    )


def brief(of: Brief) -> Brief:
    """The first page with its counts in fives."""
    return replace(
        of,
        said=tuple(_text(text) for text in of.said),
        unsaid=tuple(_text(text) for text in of.unsaid),
        heard=tuple(heard(one) for one in of.heard),
    )


def heard(of: Heard) -> Heard:
    """What people wrote, grouped, with how many they are in fives."""
    return replace(
        of,
        answers=in_steps(of.answers),
        given=in_steps(of.given),
        groups=tuple((in_steps(count), words) for count, words in of.groups),
        words=tuple((in_steps(count), word) for count, word in of.words),
    )


def _table(table: Table) -> Table:
    kinds = [column.kind for column in table.columns]
    if table.id == "census":
        rows = tuple(_beside(row) for row in table.rows)
    else:
        rows = tuple(
            tuple(_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True))
            for row in table.rows
        )
    note = None if table.note is None else _text(table.note)
    return replace(table, rows=rows, note=note)


def _cell(cell: Cell, kind: str) -> Cell:
    if kind == "count" and isinstance(cell, int):
        return in_steps(cell)
    if kind in ("share", "number") and not isinstance(cell, Suppressed):
        return None
    return cell


def _beside(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """A line of the comparison with the census: ours in steps of five points, and the difference from that."""
    *names, ours, people, points = row
    if not isinstance(ours, Decimal) or not isinstance(people, Decimal):
        return (*names, ours, people, points)
    near = Decimal(in_steps(int((ours * 100).to_integral_value(ROUND_HALF_UP)))) / 100
    return (*names, near, people, round((near - people) * 100))


def _text(text: Text) -> Text:
    """A text with the counts in it in fives."""
    if isinstance(text, Lines):
        return replace(text, parts=tuple(_text(part) for part in text.parts))
    if not isinstance(text, Message):
        return text
    values: dict[str, Value] = {}
    for name, value in text.values.items():
        if isinstance(value, int) and name not in _RULES:
            values[name] = in_steps(value)
        elif isinstance(value, str | int | Decimal):
            values[name] = value
        else:
            values[name] = _text(value)
    for name, pairs in _SHARES.items():
        for part, whole in pairs:
            some, all = values.get(part), values.get(whole)
            if name in values and isinstance(some, int) and isinstance(all, int) and all:
                values[name] = min(100, round(100 * some / all))
                break
        else:
            share = values.get(name)
            if isinstance(share, int):
                values[name] = min(100, in_steps(share))
    count = None if text.count is None else in_steps(text.count)
    return Message(text.id, values, count)


# --------------------------------------------------------------------------- kept for the day


def packed(summary: Summary) -> dict[str, Any]:
    """What is kept of a `rounded` summary: its tables, notes and findings, as JSON may have it."""
    found = summary.brief or Brief(())
    return {
        "tables": [
            {
                "id": table.id,
                "title": _packed(table.title),
                "columns": [[c.id, _packed(c.title), c.kind] for c in table.columns],
                "rows": [[_packed(cell) for cell in row] for row in table.rows],
                "note": _packed(table.note),
                "chart": table.chart,
                "apart": table.apart,
            }
            for table in summary.tables
        ],
        "notes": [_packed(note) for note in summary.notes],
        "said": [_packed(text) for text in found.said],
        "unsaid": [_packed(text) for text in found.unsaid],
        "credit": found.credit,
    }


def unpacked(kept: Mapping[str, Any], live: Summary, made: Text) -> Summary:
    """The summary of the day: kept counts, and from the `live` one its words, figures in fives and what is to do.

    `made` says of when the counts are.
    """
    tables = {
        one["id"]: Table(
            one["id"],
            _text_of(one["title"]),
            tuple(Column(id, _text_of(title), kind) for id, title, kind in one["columns"]),
            tuple(tuple(_unpacked(cell) for cell in row) for row in one["rows"]),
            None if one["note"] is None else _text_of(one["note"]),
            one["chart"],
            one["apart"],
        )
        for one in kept["tables"]
    }
    # How many wrote and how many did not is told with the exact counts.
    shown = [
        replace(table, note=None) if table.words else tables.pop(table.id, None)
        for table in live.tables
    ]
    found = None
    if live.brief is not None:
        found = Brief(
            tuple(_text_of(text) for text in kept["said"]),
            (*(_text_of(text) for text in kept["unsaid"]), made),
            tuple(heard(one) for one in live.brief.heard),
            live.brief.owed,
            kept["credit"],
        )
    return replace(
        live,
        figures=figures(live.figures),
        tables=tuple(table for table in shown if table is not None),
        notes=(*(_text_of(note) for note in kept["notes"]), made),
        brief=found,
    )


def _packed(value: Any) -> Any:
    match value:
        case None | str():
            return value
        case Suppressed():
            return {"hidden": True}
        case int() | float():
            return value
        case Decimal():
            return {"decimal": str(value)}
        case date():
            return {"day": value.isoformat()}
        case Message():
            values = {name: _packed(one) for name, one in value.values.items()}
            return {"message": value.id, "values": values, "count": value.count}
        case Translated():
            return {"translated": dict(value.texts)}
        case Verbatim():
            return {"verbatim": value.text}
        case Code():
            return {"code": value.text}
        case Lines():
            return {"lines": [_packed(part) for part in value.parts], "gap": value.gap}
    raise TypeError(value)


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    match value:
        case {"hidden": _}:
            return SUPPRESSED
        case {"decimal": text}:
            return Decimal(text)
        case {"day": text}:
            return date.fromisoformat(text)
        case {"message": id, "values": values, "count": count}:
            return Message(id, {name: _unpacked(one) for name, one in values.items()}, count)
        case {"translated": texts}:
            return Translated(texts)
        case {"verbatim": text}:
            return Verbatim(text)
        case {"code": text}:
            return Code(text)
        case {"lines": parts, "gap": gap}:
            return Lines(tuple(_unpacked(part) for part in parts), gap)
    raise TypeError(value)


def _text_of(value: Any) -> Text:
    found = _unpacked(value)
    return Verbatim(found) if isinstance(found, str) else found


def made_at(day: str, hour: str) -> Text:
    """That the counts are of then, in fives, and when there are others."""
    return msg("release.made", day=Code(day), hour=Code(hour), step=STEP)
