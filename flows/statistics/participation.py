"""Who took part, and how do they differ from the people of the place?

Every kind of consultation begins its summary here; what may be shown of it is `flows.statistics.disclosure`.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from flows.dialog.communes import place_name
from flows.dialog.definition import Head
from flows.dialog.facts import Council
from flows.morocco import census
from flows.statistics.disclosure import (
    NOWHERE,
    UNSAID,
    Row,
    hidden_ids,
    hidden_if_few,
    is_small,
    kept_back,
    percent_of,
    protected,
    share_of,
)
from flows.statistics.summary import (
    SMALLEST,
    SUPPRESSED,
    Cell,
    Column,
    Figure,
    Response,
    Responses,
    Summary,
    Table,
)
from flows.wording.text import LANGUAGES, Text, Translated, Verbatim, lines, msg

#: The channels of `bot.channels`, and the levels of assurance, in the order they are shown in.
CHANNELS = ("telegram", "whatsapp", "web", "terminal")
PROVIDERS = frozenset({"telegram", "whatsapp"})
ASSURANCE = ("A0", "A1", "A2", "A3")

#: The tables of this module, which are about who took part and not about the matter.
PARTICIPANTS = frozenset(
    {
        "day",
        "channel",
        "language",
        "commune",
        "age_band",
        "gender",
        "disability",
        "assurance",
        "census",
    }
)

#: Differences from the census below this many points are not worth a sentence.
WORTH_SAYING = Decimal(5)


@dataclass(frozen=True, slots=True)
class Voices:
    """Voice notes in answer to a question: those that staff have heard and entered, those that wait for it, and
    those that nobody can understand. Of a question with choices only what was heard is counted.
    """

    heard: int = 0
    waiting: int = 0
    unclear: int = 0


#: No voice note was sent, or none could be.
NO_VOICES: Final = Voices()


def question_note(
    answered: int,
    skipped: int,
    unfinished: int,
    voices: Voices = NO_VOICES,
    *,
    held: bool = False,
) -> Text:
    """How many saw, answered and skipped a question; no number under 5 is spelled out.

    `unfinished` counts those who saw it in a conversation that is not over; `held` says that the
    results are not shown. Of the `voices` those that were heard are among who answered, the others are not.
    """
    if held:
        return msg("summary.held_back")
    asked = answered + skipped + voices.waiting + voices.unclear
    saw: Text | int
    if is_small(unfinished) and asked >= SMALLEST:
        saw = msg("summary.or_more", number=asked)
    else:
        saw = _spelled(asked + unfinished)
    told = msg(
        "summary.question_note", saw=saw, answered=_spelled(answered), skipped=_spelled(skipped)
    )
    return told if voices == NO_VOICES else lines(told, *_voices(voices))


def _voices(voices: Voices) -> Iterator[Text]:
    """What became of voice notes, in words."""
    if voices.heard:
        yield msg("summary.voices_heard", number=_spelled(voices.heard))
    if voices.waiting:
        yield msg("summary.voices_waiting", number=_spelled(voices.waiting))
    if voices.unclear:
        yield msg("summary.voices_unclear", number=_spelled(voices.unclear))


def _spelled(count: int) -> Text | int:
    return msg("summary.few", smallest=SMALLEST) if is_small(count) else count


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
        (
            difference,
            *(
                (msg("summary.awaiting", n=_spelled(responses.awaiting)),)
                if responses.awaiting
                else ()
            ),
            *_confirmed(head, responses),
            msg("summary.protection", smallest=SMALLEST),
        ),
    )


def _confirmed(head: Head, responses: Responses) -> Iterator[Text]:
    """Which level counts, and how many do not reach it."""
    if head.least > "A0":
        yield msg("summary.counted", level=msg(f"assurance.{head.least}"))
    if responses.unconfirmed:
        yield msg("summary.unconfirmed", n=_spelled(responses.unconfirmed))


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
    # What providers know is A1 or more, the open page A0: so levels tell how many came from either.
    hidden = hidden_ids(by_channel)
    told = bool(hidden & PROVIDERS) and bool(hidden - PROVIDERS)
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
            held=told,
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
                points = None if ours is None else round((ours - people) * 100, 1)
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
    return msg(
        f"summary.differ.{id}", share=percent_of(ours), census=percent_of(people), place=place
    )


def _census_place(code: str) -> Text:
    return msg("summary.morocco") if code == census.COUNTRY else place_name(code)
