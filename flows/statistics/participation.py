"""Who took part, how do they differ from the people of the place, and what may be shown of it?

Every kind of consultation begins its summary here. The rule that protects citizens is `kept_back`:

- A count of 1 to 4 persons is kept back. So is every count of a table about fewer than 5.
- Whoever knows the total can subtract what is shown from it. So at least two counts are kept back
  that are not 0, and together they are 5 or more; the next smallest ones are added until that holds.
  "Not said" is added last, because it is about the same people in several tables.
- Where anything is kept back, the zeros are too: a mark does not prove that somebody is behind it.
  In a table with nothing kept back a zero is shown.
- Where several answers are possible, a row is two groups: who chose it and who did not. Both must be
  5 or more, or 0.
- Shares, points and comparisons follow from counts that are shown, or are kept back with theirs.
- Rows that the answers themselves make (days, communes, dates) are not marked but gathered in one
  row, since the name of a row alone tells that somebody is in it.

Skipping a question, or leaving a poll half-way, is not an answer: such numbers are not spelled out
under 5, but can be worked out from totals that are shown.

Not protected against: comparing summaries of two moments or with different filters; knowing that
*everybody* gave the same answer; what people tell about themselves in their own words; who knows this
rule and the answers of others, and narrows the possibilities without reaching certainty.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from flows.dialog.communes import place_name
from flows.dialog.definition import Head
from flows.dialog.facts import Council
from flows.morocco import census
from flows.statistics.summary import (
    SMALLEST,
    SUPPRESSED,
    Cell,
    Column,
    Figure,
    Response,
    Responses,
    Summary,
    Suppressed,
    Table,
)
from flows.wording.text import LANGUAGES, Text, Translated, Verbatim, lines, msg

#: Row ids of our own: what was not said, what is no longer on offer, what is gathered.
UNSAID, NOWHERE, OTHER, GATHERED = "~unsaid", "~nowhere", "~other", "~gathered"

#: The channels of `bot.channels`, and the levels of assurance, in the order they are shown in.
CHANNELS = ("telegram", "whatsapp", "web", "terminal")
ASSURANCE = ("A0", "A1", "A2", "A3")

#: Differences from the census below this many points are not worth a sentence.
WORTH_SAYING = Decimal(5)

V = TypeVar("V")

#: A row of counts: its id, its name (or day), how many persons.
Row = tuple[str, Text | date, int]


def hidden_if_few(value: V, count: int) -> V | Suppressed:
    """`value`, or SUPPRESSED if it is about some persons but fewer than `SMALLEST`."""
    return SUPPRESSED if _small(count) else value


def _small(count: int) -> bool:
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
        if id in risky or _small(count) or (not exclusive and _small(total - count))
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
        hidden = frozenset({GATHERED}) if held or _small(total) else frozenset()
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
    notes = (
        note,
        None if exclusive else msg("summary.several"),
        msg("summary.kept_back", smallest=SMALLEST) if hidden else None,
    )
    said = lines(*notes)
    return Table(key, title, tuple(columns), tuple(made), said if said.parts else None, "bar")


def share_of(part: int, whole: int) -> Decimal | None:
    """`part` of `whole`, 0 to 1 with three decimals; None of nothing."""
    return (Decimal(part) / whole).quantize(Decimal("0.001")) if whole else None


def hidden_ids(table: Table) -> frozenset[str]:
    """The row ids of a `protected` table whose counts are kept back."""
    return frozenset(str(row[0]) for row in table.rows if isinstance(row[2], Suppressed))


def question_note(answered: int, skipped: int, unfinished: int, *, held: bool = False) -> Text:
    """How many saw, answered and skipped a question; no number under 5 is spelled out.

    `unfinished` counts those who saw it in a conversation that is not over; `held` says that the
    results are not shown.
    """
    if held:
        return msg("summary.held_back")
    asked = answered + skipped
    saw: Text | int
    if _small(unfinished) and asked >= SMALLEST:
        saw = msg("summary.or_more", number=asked)
    else:
        saw = _spelled(asked + unfinished)
    return msg(
        "summary.question_note", saw=saw, answered=_spelled(answered), skipped=_spelled(skipped)
    )


def _spelled(count: int) -> Text | int:
    return msg("summary.few", smallest=SMALLEST) if _small(count) else count


# --------------------------------------------------------------------------- who took part


def participation(
    head: Head, council: Council, responses: Responses, *, listed: bool = False
) -> Summary:
    """Who took part: figures, tables of the participants, and how they differ from the census.

    `listed` says that the kind's own tables show each response with its day, so that the number of
    responses and their days are no secret.
    """
    standing = responses.standing
    total = len(standing)
    counts = {d.field: d.counts(standing) for d in DIMENSIONS}
    compared, difference = census_comparison(council.place, counts, total)
    return Summary(
        Translated(head.title),
        tuple(_figures(responses, listed)),
        (*_tables(standing, total, listed), compared),
        (difference, msg("summary.protection", smallest=SMALLEST)),
    )


def _figures(responses: Responses, listed: bool) -> list[Figure]:
    days = [r.day for r in responses.standing]
    total = len(days)
    known = 0 if listed else total
    return [
        Figure("responses", msg("summary.responses"), hidden_if_few(total, known)),
        Figure(
            "withdrawn",
            msg("summary.withdrawn"),
            hidden_if_few(responses.withdrawn, responses.withdrawn),
        ),
        Figure(
            "unfinished",
            msg("summary.unfinished"),
            hidden_if_few(len(responses.unfinished), len(responses.unfinished)),
        ),
        Figure("first", msg("summary.first_day"), hidden_if_few(min(days, default=None), known)),
        Figure("last", msg("summary.last_day"), hidden_if_few(max(days, default=None), known)),
    ]


def _tables(standing: Sequence[Response], total: int, listed: bool) -> list[Table]:
    by_day = Counter(r.day for r in standing)
    channels = Counter(r.channel for r in standing)
    languages = Counter(r.language for r in standing)
    levels = Counter(r.assurance for r in standing)
    by_channel = protected(
        "channel",
        msg("summary.by_channel"),
        msg("summary.channel"),
        [(name, msg(f"channel.{name}"), channels[name]) for name in CHANNELS],
        total,
        None,
    )
    # WhatsApp gives a phone number and the others do not, so levels tell how many came from there.
    phones = channels["whatsapp"] > 0 and "whatsapp" in hidden_ids(by_channel)
    return [
        protected(
            "day",
            msg("summary.by_day"),
            Column("day", msg("summary.day"), "date"),
            [(day.isoformat(), day, by_day[day]) for day in sorted(by_day)],
            total,
            None,
            public=listed,
            gather=msg("summary.other_days"),
        ),
        by_channel,
        protected(
            "language",
            msg("summary.by_language"),
            msg("summary.language"),
            [(code, msg(f"language.name.{code}"), languages[code]) for code in LANGUAGES],
            total,
            None,
        ),
        _communes(standing, total),
        *(_dimension(d, standing, total) for d in DIMENSIONS),
        protected(
            "assurance",
            msg("summary.by_assurance"),
            msg("summary.assurance"),
            [(level, msg(f"assurance.{level}"), levels[level]) for level in ASSURANCE],
            total,
            None,
            held=phones,
        ),
    ]


def _communes(standing: Sequence[Response], total: int) -> Table:
    counts = Counter(r.commune for r in standing)
    unsaid = counts.pop(None, 0)
    named = sorted(((n, code) for code, n in counts.items() if code), key=lambda c: (-c[0], c[1]))
    rows: list[Row] = [(code, commune_name(code), count) for count, code in named]
    if unsaid:
        rows.append((NOWHERE, msg("summary.unsaid"), unsaid))
    heading = msg("need.label.commune")
    title = msg("summary.by_commune")
    return protected(
        "commune", title, heading, rows, total, None, gather=msg("summary.other_communes")
    )


def commune_name(code: str) -> Text:
    """A commune's name, or its code where no commune has it."""
    try:
        return place_name(code)
    except KeyError:
        # The census of another year may know a commune that this one does not.
        return Verbatim(code)


class Dimension(NamedTuple):
    """A question of the profile: the field of `Response`, and its answers with their names."""

    field: str
    groups: tuple[tuple[str, str], ...]

    def counts(self, standing: Sequence[Response]) -> dict[str, int]:
        """Persons by answer, and those who gave none."""
        found = Counter(getattr(r, self.field) for r in standing)
        known = {id: found[id] for id, _ in self.groups}
        return {**known, UNSAID: len(standing) - sum(known.values())}


#: What the profile asks that the census counts too.
DIMENSIONS = (
    Dimension("age_band", tuple((band, f"age.{band}") for band in census.AGE_BANDS)),
    Dimension("gender", tuple((gender, f"gender.{gender}") for gender in census.GENDERS)),
    Dimension("disability", (("yes", "disability.yes"), ("no", "disability.no"))),
)


def _dimension(dimension: Dimension, standing: Sequence[Response], total: int) -> Table:
    counts = dimension.counts(standing)
    named = [*dimension.groups, (UNSAID, "summary.unsaid")]
    return protected(
        dimension.field,
        msg(f"summary.by_{dimension.field}"),
        msg(f"summary.{dimension.field}"),
        [(id, msg(name), counts[id]) for id, name in named],
        total,
        None,
    )


# --------------------------------------------------------------------------- and the census


def census_comparison(
    place: str,
    counts: Mapping[str, Mapping[str, int]],
    total: int,
    risky: Mapping[str, Collection[str]] | None = None,
) -> tuple[Table, Text]:
    """Participants beside the census of `place`, and the greatest difference in a sentence.

    `counts` holds, by the field of each of `DIMENSIONS`, the persons of each group, with `UNSAID`
    all the others of the `total`; `risky` is that of `kept_back`, by field too. Shares are of those
    who answered the profile question. Only counts that the tables show are used, so that nothing
    can be worked out here that is kept back there.
    """
    reference = census.reference(place)
    shares: Mapping[str, Mapping[str, float]] = {
        "age_band": reference.by_age,
        "gender": reference.by_gender,
        "disability": {} if reference.disability is None else {"yes": reference.disability},
    }
    rows: list[tuple[Cell, ...]] = []
    differences: list[tuple[Decimal, str, Decimal, Decimal]] = []
    for dimension in DIMENSIONS:
        persons = counts[dimension.field]
        hidden = kept_back(persons, total, risky=(risky or {}).get(dimension.field, ()))
        said = total - persons[UNSAID]
        for id, name in dimension.groups:
            if id not in shares[dimension.field]:
                continue
            people = Decimal(shares[dimension.field][id]).quantize(Decimal("0.001"))
            ours: Cell = SUPPRESSED
            points: Cell = SUPPRESSED
            if UNSAID not in hidden and id not in hidden:
                ours = share_of(persons[id], said)
                points = None if ours is None else (ours - people) * 100
                if ours is not None and points is not None:
                    differences.append((points, f"{dimension.field}.{id}", ours, people))
            question = msg(f"summary.{dimension.field}")
            rows.append((f"{dimension.field}.{id}", question, msg(name), ours, people, points))
    around = _census_place(reference.code)
    columns = (
        Column("id", msg("summary.id"), "id"),
        Column("question", msg("summary.question")),
        Column("name", msg("summary.group")),
        Column("participants", msg("summary.participants_share"), "share"),
        Column("census", msg("summary.census_share"), "share"),
        Column("difference", msg("summary.difference"), "number"),
    )
    note = msg(
        "summary.census_note",
        place=around,
        credit=Verbatim(census.CREDIT),
        changes=Translated(dict(census.CHANGES)),
    )
    table = Table("census", msg("summary.census"), columns, tuple(rows), note)
    return table, _sentence(differences, around)


def _sentence(differences: Sequence[tuple[Decimal, str, Decimal, Decimal]], place: Text) -> Text:
    if not differences:
        return msg("summary.differ.unknown")
    # Of two groups that mirror each other (women, men), speak of the one that is missing.
    points, id, ours, people = max(differences, key=lambda d: (abs(d[0]), -d[0]))
    if abs(points) < WORTH_SAYING:
        return msg("summary.differ.little", place=place)
    return msg(f"summary.differ.{id}", share=_percent(ours), census=_percent(people), place=place)


def _percent(share: Decimal) -> int:
    return round(share * 100)


def _census_place(code: str) -> Text:
    return msg("summary.morocco") if code == census.COUNTRY else place_name(code)
