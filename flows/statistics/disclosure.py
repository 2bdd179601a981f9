"""What may be shown of counts? The rule that protects citizens is `kept_back`:

- A count of 1 to 4 persons is kept back. So is every count of a table about fewer than 5.
- Whoever knows the total can subtract what is shown from it. So at least two counts are kept back
  that are not 0, and together they are 5 or more; the next smallest ones are added until that holds.
  "Not said" is added last, because it is about the same people in several tables.
- Where anything is kept back, the zeros are too: a mark does not prove that somebody is behind it.
  In a table with nothing kept back a zero is shown.
- Where several answers are possible, a row is two groups: who chose it and who did not. Both must be
  5 or more, or 0.
- Shares, points and comparisons follow from counts that are shown, or are kept back with theirs. Of fewer
  than `FEWEST` no share is told: one more person would move it by points.
- Rows that the answers themselves make (days, communes, dates) are not marked but gathered in one
  row, since the name of a row alone tells that somebody is in it.

Skipping a question, or leaving a poll half-way, is not an answer: such numbers are not spelled out
under 5, but can be worked out from totals that are shown.

Not protected against: comparing summaries of two moments or with different filters; knowing that
*everybody* gave the same answer; what people tell about themselves in their own words; who knows this
rule and the answers of others, and narrows the possibilities without reaching certainty.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, TypeVar

from flows.statistics.summary import SMALLEST, SUPPRESSED, Cell, Column, Suppressed, Table
from flows.wording.text import Text, lines, msg

#: Row ids of our own: what was not said, what is no longer on offer, what is gathered.
UNSAID, NOWHERE, OTHER, GATHERED = "~unsaid", "~nowhere", "~other", "~gathered"

#: A row of counts: its id, its name (or day), how many persons.
Row = tuple[str, Text | date, int]

V = TypeVar("V")

#: Of fewer people no share is told, and no group of fewer is compared.
FEWEST: Final = 30


def hidden_if_few(value: V, count: int) -> V | Suppressed:
    """`value`, or SUPPRESSED if it is about some persons but fewer than `SMALLEST`."""
    return SUPPRESSED if is_small(count) else value


def is_small(count: int) -> bool:
    """Whether a count is about some persons but fewer than `SMALLEST`."""
    return 0 < count < SMALLEST


def kept_back(
    counts: Mapping[str, int],
    total: int,
    *,
    exclusive: bool = True,
    risky: Collection[str] = (),
) -> frozenset[str]:
    """The ids whose counts may not be shown; the rule is at the head of this module.

    `total` is the number of persons the table is about. If `exclusive`, each is in exactly one row.
    `risky` names rows to keep back for a reason of the caller's.
    """
    if total == 0:
        return frozenset()
    if total < SMALLEST:
        return frozenset(counts)
    small = {
        id
        for id, count in counts.items()
        if id in risky or is_small(count) or (not exclusive and is_small(total - count))
    }
    if not small:
        return frozenset()
    hidden = small | {
        id for id, count in counts.items() if count == 0 and id not in (UNSAID, OTHER)
    }
    next_smallest = sorted(
        (id for id in counts if id not in hidden and counts[id]),
        key=lambda id: (id in (UNSAID, OTHER), counts[id]),
    )
    for id in next_smallest:
        if _blurred([counts[id] for id in hidden if counts[id]], total, exclusive):
            break
        hidden.add(id)
    return frozenset(hidden)


def _blurred(hidden: Sequence[int], total: int, exclusive: bool) -> bool:
    """Whether the sum of the hidden counts, which anyone can work out, gives none of them away."""
    others = sum(total - count for count in hidden)
    return len(hidden) >= 2 and sum(hidden) >= SMALLEST and (exclusive or others >= SMALLEST)


def protected(
    key: str,
    title: Text,
    heading: Text | Column,
    rows: Sequence[Row],
    total: int,
    note: Text | None,
    *,
    exclusive: bool = True,
    extra: tuple[Column, Mapping[str, int]] | None = None,
    public: bool = False,
    risky: Collection[str] = (),
    gather: Text | None = None,
    held: bool = False,
) -> Table:
    """Counts of persons and their shares of `total`, with what is too small kept back.

    `heading` is that of the names; a Column where they are no texts. `extra` is one more column with its value by id, kept back with the
    row. `public` counts are no personal secret (needs by theme) and are all shown. `gather` names
    the one row in which kept-back rows are added up. With `held` nothing is shown, because the total
    itself would tell something.
    """
    rows = list(rows)
    rest = total - sum(count for _, _, count in rows)
    if exclusive and rest > 0:
        # A choice that an organizer took out after people had given it.
        rows.append((OTHER, msg("summary.other"), rest))
    counts = {id: count for id, _, count in rows}
    hidden: frozenset[str] = frozenset()
    if held:
        hidden = frozenset(counts)
    elif not public:
        hidden = kept_back(counts, total, exclusive=exclusive, risky=risky)
    values = extra[1] if extra else {}
    if gather is not None and hidden:
        rows = [row for row in rows if row[0] not in hidden]
        rows.append((GATHERED, gather, sum(counts[id] for id in hidden)))
        values = {**values, GATHERED: sum(values.get(id, 0) for id in hidden)}
        hidden = frozenset({GATHERED}) if held or is_small(total) else frozenset()
    columns = [
        Column("id", msg("summary.id"), "id"),
        heading if isinstance(heading, Column) else Column("name", heading),
        Column("count", msg("summary.count"), "count"),
        Column("share", msg("summary.share"), "share"),
    ]
    if extra:
        columns.append(extra[0])
    made: list[tuple[Cell, ...]] = []
    for id, name, count in rows:
        shown: list[Cell] = [count, share_of(count, total)]
        if extra:
            shown.append(values.get(id, 0))
        made.append((id, name, *(SUPPRESSED if id in hidden else cell for cell in shown)))
    said = noted(
        note,
        None if exclusive else msg("summary.several"),
        msg("summary.kept_back", smallest=SMALLEST) if hidden else None,
        no_shares(total if total >= SMALLEST else FEWEST),
    )
    return Table(key, title, tuple(columns), tuple(made), said, "bar")


def with_part(
    table: Table,
    column: Column,
    part: Mapping[str, int],
    total: int,
    *,
    exclusive: bool = True,
) -> Table:
    """A `protected` table with one more column: how many of each row's count are of a `part` of the people.

    `total` is how many those are. Each row falls into two: both must be 5 or more, or 0, or the cell is kept back, as
    it is where the row is.
    """
    ids = [str(row[0]) for row in table.rows]
    parts = {id: part.get(id, 0) for id in ids}
    if OTHER in parts and exclusive:
        parts[OTHER] = total - sum(parts.values())
    risky = hidden_ids(table) | {
        id
        for id, row in zip(ids, table.rows, strict=True)
        if isinstance(row[2], int) and is_small(row[2] - parts[id])
    }
    hidden = kept_back(parts, total, exclusive=exclusive, risky=risky)
    rows = tuple(
        (*row, SUPPRESSED if id in hidden else parts[id])
        for id, row in zip(ids, table.rows, strict=True)
    )
    return replace(table, columns=(*table.columns, column), rows=rows)


def noted(*notes: Text | None) -> Text | None:
    """What is said under a table, None for nothing."""
    said = lines(*notes)
    return said if said.parts else None


def no_shares(total: int) -> Text | None:
    """That no shares are told, where that is so."""
    return msg("summary.no_shares", fewest=FEWEST) if 0 < total < FEWEST else None


def share_of(part: int, whole: int) -> Decimal | None:
    """`part` of `whole`, 0 to 1 with five decimals, so that what is rounded from it is right; None of fewer than
    `FEWEST`.
    """
    return (Decimal(part) / whole).quantize(Decimal("0.00001")) if whole >= FEWEST else None


def percent_of(share: Decimal) -> int:
    """A share in whole per cent, rounded once."""
    return int((share * 100).to_integral_value(ROUND_HALF_UP))


def hidden_ids(table: Table) -> frozenset[str]:
    """The row ids of a `protected` table whose counts are kept back."""
    return frozenset(str(row[0]) for row in table.rows if isinstance(row[2], Suppressed))


def words(
    key: str,
    title: Text,
    said: Sequence[Mapping[str, Any]],
    asked: int,
    note: Text | None = None,
    *,
    held: bool = False,
) -> Table:
    """What people wrote (`Said` as it is stored), each alone: no day, language or order that would join it
    to another table. Where fewer than five were `asked`, or with `held`, nothing is shown. What staff wrote down
    of a voice note is marked as theirs, in a column of its own where there is any.
    """
    shown = () if held or asked < SMALLEST else said
    found = [
        (str(one.get("text", "")), len(one.get("media", ())), bool(one.get("written")))
        for one in shown
    ]
    marked = any(by_staff for _, _, by_staff in found)
    rows: list[tuple[Cell, ...]] = [
        (text, media, *([msg("button.yes") if by_staff else None] if marked else []))
        for text, media, by_staff in sorted(found, key=lambda s: (not s[0], s[0].casefold(), s))
        if text or media
    ]
    columns = (
        Column("answer", msg("summary.answer")),
        Column("media", msg("summary.media"), "count"),
        *([Column("written", msg("summary.written"))] if marked else []),
    )
    return Table(key, title, columns, tuple(rows), note, words=True)
