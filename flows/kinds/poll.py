"""Polls: questions with choices, ratings, rankings, numbers, dates and open answers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import msgspec

from flows.answers import Day, Number, Said, Words, optional
from flows.choices import Choice, Ranking, Several, YesNo
from flows.dialog import Answer, Flow, Option, ask, say
from flows.effects import Effect, Respond
from flows.facts import Council, Facts, Texts
from flows.kinds import (
    Head,
    Kind,
    Problem,
    attachments,
    definition_of,
    introduce,
    text_problems,
)
from flows.participation import (
    hidden_ids,
    participation,
    protected,
    question_note,
)
from flows.review import Review, review_lines
from flows.summary import SMALLEST, SUPPRESSED, Cell, Column, Responses, Summary, Table
from flows.text import Lines, Text, Translated, Verbatim, lines, msg

RATING_EMOJI = ("😡", "🙁", "😐", "🙂", "😍")


#: Most choices of one question.
MOST_CHOICES = 50


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One choice of a question."""

    id: str
    text: Texts
    emoji: str = ""


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask only if an earlier question has one of these answers (choice ids, "yes", "no", "1".."5")."""

    question: str
    any_of: tuple[str, ...]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False):
    """One question of a poll. Not compared by its content, so that it can be a key of a cache."""

    key: str
    type: Literal["yes_no", "single", "multiple", "rating", "ranking", "number", "date", "text"]
    text: Texts
    choices: tuple[Item, ...] = ()
    optional: bool = False
    least: int = 1
    most: int = 0
    lowest: int | None = None
    highest: int | None = None
    earliest: date | None = None
    latest: date | None = None
    when: When | None = None
    voice: Texts = {}
    picture: Texts = {}


class Poll(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A poll as an organizer writes it."""

    questions: tuple[Question, ...]


def problems(poll: Poll, council: Council) -> Iterator[Problem]:
    """What is wrong with a poll beyond its types."""
    if not poll.questions:
        yield Problem("questions", "a poll needs at least one question")
    earlier: dict[str, Question] = {}
    for index, question in enumerate(poll.questions):
        where = f"questions[{index}]"
        if not question.key.replace("_", "").isalnum() or not question.key.isascii():
            yield Problem(f"{where}.key", f"is {question.key!r}; use letters, digits and _")
        if question.key in earlier:
            yield Problem(f"{where}.key", f"{question.key!r} is used twice; keys are unique")
        yield from text_problems(f"{where}.text", question.text, longest=300)
        yield from _choice_problems(where, question)
        if question.when is not None:
            yield from _condition_problems(f"{where}.when", question.when, earlier)
        earlier[question.key] = question


def _choice_problems(where: str, question: Question) -> Iterator[Problem]:
    chooses = question.type in ("single", "multiple", "ranking")
    if chooses and len(question.choices) < 2:
        yield Problem(f"{where}.choices", f"a {question.type} question needs two or more choices")
    if not chooses and question.choices:
        yield Problem(f"{where}.choices", f"a {question.type} question has no choices of its own")
    seen: set[str] = set()
    for number, item in enumerate(question.choices):
        here = f"{where}.choices[{number}]"
        if item.id in seen:
            yield Problem(f"{here}.id", f"{item.id!r} is used twice; ids are unique in a question")
        if not item.id or item.id.startswith("~"):
            yield Problem(f"{here}.id", f"is {item.id!r}; it must not be empty nor begin with ~")
        seen.add(item.id)
        yield from text_problems(f"{here}.text", item.text, longest=60)
    labels: set[tuple[str, str]] = set()
    for number, item in enumerate(question.choices):
        here = f"{where}.choices[{number}]"
        if len(item.id) > 40 or len(item.emoji) > 8:
            yield Problem(here, "an id has at most 40 characters, an emoji is one sign")
        same = labels & set(item.text.items())
        if same:
            yield Problem(f"{here}.text", f"{min(same)[1]!r} is the text of another choice too")
        labels |= set(item.text.items())
    if len(question.choices) > MOST_CHOICES:
        yield Problem(f"{where}.choices", f"has {len(question.choices)}; at most {MOST_CHOICES}")
    if question.least < 1 or question.most < 0:
        yield Problem(f"{where}.least", "least is at least 1, and most is not below 0")
    if question.earliest and question.latest and question.latest < question.earliest:
        yield Problem(f"{where}.latest", f"is before earliest = {question.earliest}")
    if question.type == "multiple" and question.most and question.most < question.least:
        yield Problem(f"{where}.most", f"is {question.most}, less than least = {question.least}")
    if question.type == "multiple" and max(question.least, question.most) > len(question.choices):
        yield Problem(f"{where}.most", f"asks for more than the {len(question.choices)} choices")
    if (
        question.lowest is not None
        and question.highest is not None
        and question.highest <= question.lowest
    ):
        yield Problem(f"{where}.highest", f"is not above lowest = {question.lowest}")


def _condition_problems(
    where: str, when: When, earlier: Mapping[str, Question]
) -> Iterator[Problem]:
    if not when.any_of:
        yield Problem(f"{where}.any_of", "is empty; name the answers after which to ask")
    asked = earlier.get(when.question)
    if asked is None:
        known = ", ".join(earlier) or "none"
        yield Problem(
            f"{where}.question", f"{when.question!r} is not an earlier question ({known})"
        )
        return
    possible = _possible(asked)
    if possible is None:
        yield Problem(f"{where}.question", f"a {asked.type} question cannot be a condition")
        return
    for answer in when.any_of:
        if answer not in possible:
            allowed = ", ".join(possible)
            yield Problem(f"{where}.any_of", f"{answer!r} is no answer of {asked.key!r}: {allowed}")


def _possible(question: Question) -> tuple[str, ...] | None:
    match question.type:
        case "yes_no":
            return ("yes", "no")
        case "rating":
            return ("1", "2", "3", "4", "5")
        case "single" | "multiple":
            return tuple(item.id for item in question.choices)
        case _:
            return None


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """A citizen answers the poll."""
    poll = definition_of(facts, Poll)
    yield from introduce(poll)
    if facts.own.previous is not None:
        going_on = yield from ask(
            "again",
            Choice(
                (
                    Option("change", msg("poll.change"), "✏️"),
                    Option("keep", msg("contributions.keep"), "✋"),
                )
            ),
            _earlier(poll, facts.own.previous.body),
        )
        if going_on == "keep":
            yield from say(msg("contributions.kept"))
            return []
    given: dict[str, Any] = {}
    said: list[tuple[Text, Text, str]] = []
    for question in poll.questions:
        if not _applies(question, given):
            continue
        answer = _answer(question, facts.today)
        key = f"q.{question.key}"
        value = yield from ask(
            key,
            answer,
            Translated(question.text),
            step=_step(poll, given, question),
            attachments=attachments(question.voice, question.picture),
        )
        given[question.key] = answer.store(value)
        said.append((Translated(question.text), shown(question, given[question.key]), key))
    if len(said) > 1:
        yield from ask(
            "send",
            Review(
                (Option("send", msg("button.send"), "✅"),),
                tuple((label, key) for label, _, key in said),
            ),
            lines(
                msg("poll.review"),
                review_lines(*((label, answer) for label, answer, _ in said)),
                gap=1,
            ),
        )
    return [
        Respond(
            {"answers": given},
            msg("poll.thanks"),
            single=True,
            changed=msg("poll.changed"),
        )
    ]


def _earlier(poll: Poll, body: Mapping[str, Any]) -> Text:
    """What the citizen answered before."""
    given = body.get("answers", {})
    return lines(
        msg("poll.again"),
        review_lines(
            *(
                (Translated(question.text), shown(question, given[question.key]))
                for question in poll.questions
                if question.key in given
            )
        ),
        gap=1,
    )


def _step(poll: Poll, given: Mapping[str, Any], question: Question) -> tuple[int, int] | None:
    """This is question n of m: those that the answers so far do not rule out."""
    open_to = [q for q in poll.questions if _may_apply(q, given)]
    return (open_to.index(question) + 1, len(open_to)) if len(open_to) > 1 else None


def _applies(question: Question, given: Mapping[str, Any]) -> bool:
    if question.when is None:
        return True
    return bool(_as_ids(given.get(question.when.question)) & set(question.when.any_of))


def _may_apply(question: Question, given: Mapping[str, Any]) -> bool:
    unanswered = question.when is not None and question.when.question not in given
    return unanswered or _applies(question, given)


def _as_ids(stored: Any) -> set[str]:
    if isinstance(stored, bool):
        return {"yes" if stored else "no"}
    if isinstance(stored, list):
        return set(stored)
    return {str(stored)} if stored is not None else set()


@lru_cache(1024)
def _answer(question: Question, today: date) -> Answer[Any]:
    answer = _plain_answer(question, today)
    return optional(answer) if question.optional else answer


def _plain_answer(question: Question, today: date) -> Answer[Any]:
    items = tuple(Option(item.id, Translated(item.text), item.emoji) for item in question.choices)
    match question.type:
        case "yes_no":
            return YesNo()
        case "single":
            return Choice(items)
        case "multiple":
            return Several(items, question.least, question.most)
        case "ranking":
            return Ranking(items)
        case "rating":
            return Choice(
                tuple(
                    Option(str(n), msg(f"poll.rating.{n}"), RATING_EMOJI[n - 1])
                    for n in range(1, 6)
                )
            )
        case "number":
            return Number(question.lowest, question.highest)
        case "date":
            return Day(today, question.earliest, question.latest)
        case "text":
            return Words(media=frozenset({"voice"}))


def shown(question: Question, stored: Any) -> Text:
    """A stored answer as the citizen reads it back."""
    if stored is None:
        return msg("review.skipped")
    labels = {item.id: Translated(item.text) for item in question.choices}
    match question.type:
        case "yes_no":
            return msg("button.yes") if stored else msg("button.no")
        case "single":
            return labels[stored]
        case "multiple":
            return Lines(tuple(msg("review.item", item=labels[tick]) for tick in stored))
        case "ranking":
            return Lines(
                tuple(
                    msg("review.ranked", number=place, item=labels[tick])
                    for place, tick in enumerate(stored, 1)
                )
            )
        case "rating":
            return msg(f"poll.rating.{stored}")
        case "number" | "date":
            return Verbatim(str(stored))
        case "text":
            return said_text(stored)


def said_text(stored: Mapping[str, Any]) -> Text:
    """Words and media as one text."""
    said = msgspec.convert(stored, Said)
    notes = [
        msg("review.voice", seconds=item.seconds or 0)
        if item.kind == "voice"
        else msg("review.photo")
        for item in said.media
    ]
    return lines(Verbatim(said.text) if said.text else None, *notes)


def describe(poll: Poll, body: Mapping[str, Any]) -> Text:
    """One line about a response."""
    return Translated(poll.title)


def stripped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The counted answers, without words and voices."""
    answers = {
        key: ({"text": "", "media": []} if isinstance(value, dict) else value)
        for key, value in body.get("answers", {}).items()
    }
    return {**body, "answers": answers}


def summary(poll: Poll, council: Council, responses: Responses) -> Summary:
    """Results question by question, and who took part."""
    base = participation(poll, council, responses)
    asked = {question.key: question for question in poll.questions}
    results: dict[str, Table] = {}
    held: set[str] = set()
    for question in poll.questions:
        when = question.when
        if when and (
            when.question in held
            or _tells_too_much(asked[when.question], results[when.question], when, responses)
        ):
            held.add(question.key)
        results[question.key] = _results(question, responses, question.key in held)
    return Summary(base.title, base.figures, (*results.values(), *base.tables), base.notes)


def _tells_too_much(earlier: Question, shown: Table, when: When, responses: Responses) -> bool:
    """Whether the number who were asked a question gives away kept-back answers to an earlier one.

    "Why not?" is asked of those who said no, so its total is their number.
    """
    chosen, hidden = set(when.any_of), hidden_ids(shown)
    if earlier.type != "multiple":
        # All kept-back answers together are a number that anyone can work out.
        return bool(hidden & chosen) and not hidden <= chosen
    if hidden & chosen:
        return True
    given = [_as_ids(r.body.get("answers", {}).get(earlier.key)) for r in responses.standing]
    given = [ticks for ticks in given if ticks]
    union = sum(1 for ticks in given if ticks & chosen)
    without_one = (union - sum(1 for ticks in given if one in ticks) for one in chosen)
    more_than_one = sum(len(ticks & chosen) for ticks in given) - union
    groups = (len(given) - union, more_than_one, *without_one)
    return any(0 < group < SMALLEST for group in groups)


def _results(question: Question, responses: Responses, held: bool) -> Table:
    values = [r.body.get("answers", {}) for r in responses.standing]
    given = [v[question.key] for v in values if v.get(question.key) is not None]
    skipped = sum(1 for v in values if question.key in v and v[question.key] is None)
    key = f"q.{question.key}"
    unfinished = sum(
        1 for answered, shown_now in responses.unfinished if key in answered or key == shown_now
    )
    if question.type == "text":
        # Words are given to be read, so it is enough that five people could have written them.
        held = held or len(given) + skipped < SMALLEST
    else:
        held = held or 0 < len(given) < SMALLEST
    note = question_note(len(given), skipped, unfinished, held=held)
    if question.type == "text":
        return _words(key, question, () if held else given, note)
    if question.type == "ranking":
        return _ranking(key, question, given, note, held)
    if question.type == "number":
        return _numbers(key, question, [Decimal(v) for v in given], note, held)
    counts: Counter[str] = Counter()
    for value in given:
        counts.update(_as_ids(value))
    dates = question.type == "date"
    return protected(
        key,
        Translated(question.text),
        Column("day", msg("summary.answer"), "date") if dates else msg("summary.answer"),
        [(day, date.fromisoformat(day), counts[day]) for day in sorted(counts)]
        if dates
        else [(name, label, counts[name]) for name, label in _labels(question).items()],
        len(given),
        note,
        exclusive=question.type != "multiple",
        gather=msg("summary.other_dates") if dates else None,
        held=held,
    )


def _words(key: str, question: Question, given: Sequence[Mapping[str, Any]], note: Text) -> Table:
    """Open answers, each alone: no day, language or order that would join it to another table."""
    said = [(str(a.get("text", "")), len(a.get("media", ()))) for a in given]
    rows: list[tuple[Cell, ...]] = [
        (text, media)
        for text, media in sorted(said, key=lambda s: (not s[0], s[0].casefold(), s))
        if text or media
    ]
    columns = (
        Column("answer", msg("summary.answer")),
        Column("media", msg("summary.media"), "count"),
    )
    return Table(key, Translated(question.text), columns, tuple(rows), note)


def _labels(question: Question) -> Mapping[str, Text]:
    if question.type == "yes_no":
        return {"yes": msg("button.yes"), "no": msg("button.no")}
    if question.type == "rating":
        return {str(n): msg(f"poll.rating.{n}") for n in range(1, 6)}
    return {item.id: Translated(item.text) for item in question.choices}


def _ranking(
    key: str, question: Question, given: Sequence[list[str]], note: Text, held: bool
) -> Table:
    """Borda points: with n choices, n-1 points for a first place, none for the last."""
    points: Counter[str] = Counter()
    places: Counter[tuple[str, int]] = Counter()
    for order in given:
        for place, tick in enumerate(order):
            places[tick, place] += 1
            points[tick] += len(order) - 1 - place
    # Of three choices, first places and points together tell how many put one second or last.
    risky = {tick for (tick, _), count in places.items() if count < SMALLEST}
    return protected(
        key,
        Translated(question.text),
        msg("summary.first_choice"),
        [(i.id, Translated(i.text), places[i.id, 0]) for i in question.choices],
        len(given),
        note,
        extra=(
            Column("points", msg("summary.points"), "count"),
            {i.id: points[i.id] for i in question.choices},
        ),
        risky=risky if len(question.choices) == 3 else (),
        held=held,
    )


def _numbers(
    key: str, question: Question, given: Sequence[Decimal], note: Text, held: bool
) -> Table:
    """Median and mean; the extremes could be one person's, so they are not shown."""
    ordered = sorted(given)
    count = len(ordered)
    middle = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2 if ordered else None
    mean = (sum(ordered, Decimal(0)) / count).quantize(Decimal("0.01")) if ordered else None
    columns = (
        Column("figure", msg("summary.figure")),
        Column("value", msg("summary.value"), "number"),
    )
    figures: tuple[tuple[Text, Cell], ...] = (
        (msg("summary.answered"), count),
        (msg("summary.median"), middle),
        (msg("summary.mean"), mean),
    )
    rows = tuple((name, SUPPRESSED if held else value) for name, value in figures)
    return Table(key, Translated(question.text), columns, rows, note)


KIND: Kind[Poll] = Kind(
    name="poll",
    emoji="🗳️",
    definition=Poll,
    problems=problems,
    conversation=conversation,
    summary=summary,
    describe=describe,
    stripped=stripped,
)
