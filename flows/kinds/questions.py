"""Questions of a definition: their types, what is wrong with them, how they are answered and shown."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec

from flows.dialog.answers import Day, Number, Said, Words, optional
from flows.dialog.choices import Choice, YesNo
from flows.dialog.definition import Problem, text_problems
from flows.dialog.dialog import Answer, Option
from flows.dialog.facts import Council, Texts
from flows.dialog.hints import PICTURE, VOICE
from flows.dialog.hints import shown as hint
from flows.dialog.ratings import Ranking, Rating
from flows.dialog.several import Several
from flows.kinds.spoken import OrSpoken, chosen
from flows.wording.text import Lines, Text, Translated, Verbatim, lines, msg

RATING_EMOJI = ("😡", "🙁", "😐", "🙂", "😍")


#: Types of question whose choices the organizer writes.
WITH_CHOICES = ("single", "multiple", "ranking")

#: Types of question that may be answered by a voice note in the place of a choice.
SPOKEN = ("yes_no", "single", "multiple", "rating")

#: Most choices of one question.
MOST_CHOICES = 50


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One choice of a question."""

    id: str
    text: Texts
    emoji: str = ""
    also: Annotated[tuple[str, ...], hint(part="more", opened="free")] = ()


def _earlier(
    raw: Mapping[str, Any], council: Council, path: Sequence[str | int]
) -> Iterator[tuple[str, Text]]:
    """The questions before that of a path whose answers a condition may name."""
    for number, question in enumerate(_before(raw, path), 1):
        if question is not None and not question.spoken and possible(question) is not None:
            named = Translated(question.text) if question.text else Verbatim(question.key)
            yield question.key, msg("form.asked", number=number, text=named)


def _answers(
    raw: Mapping[str, Any], council: Council, path: Sequence[str | int]
) -> Iterator[tuple[str, Text]]:
    """The answers of the question that the condition of a path names."""
    when: Any = raw
    for step in path[:-1]:
        when = when[step]
    for question in _before(raw, path):
        if question is not None and question.key == when.get("question"):
            labels = labels_of(question)
            yield from ((id, labels[id]) for id in possible(question) or ())


def _before(raw: Mapping[str, Any], path: Sequence[str | int]) -> Iterator["Question | None"]:
    """The questions before that of a path; None for one that is not written yet."""
    name, number = path[0], path[1]
    for row in raw[str(name)][: int(number)]:
        try:
            yield msgspec.convert({**row, "when": None}, Question, strict=False)
        except msgspec.ValidationError:
            yield None


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask only if an earlier question has one of these answers (choice ids, "yes", "no", "1".."5")."""

    question: Annotated[str, hint("decides", options=_earlier)]
    any_of: Annotated[tuple[str, ...], hint(options=_answers, scope="question")]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False):
    """One question of a poll. Not compared by its content, so that it can be a key of a cache.

    `sensitive`: the law protects the answer (political opinions, health, religion, origin, union
    membership; law 09-08). It is asked only of who agreed to that, and may always be skipped.
    `simpler` is the question in other words, for who says that they do not understand it. `spoken`: who
    cannot read or tap answers by a voice note, and staff enter what was meant.
    """

    key: str
    type: Annotated[
        Literal["yes_no", "single", "multiple", "rating", "ranking", "number", "date", "text"],
        hint(fresh="single"),
    ]
    text: Annotated[Texts, hint(lines=2)]
    choices: Annotated[tuple[Item, ...], hint(start=2, only=("type", WITH_CHOICES))] = ()
    optional: bool = False
    sensitive: bool = False
    spoken: Annotated[bool, hint(only=("type", SPOKEN))] = False
    least: Annotated[int, hint(part="more", only=("type", ("multiple",)))] = 1
    most: Annotated[int, hint(part="more", only=("type", ("multiple",)))] = 0
    lowest: Annotated[int | None, hint(part="more", only=("type", ("number",)))] = None
    highest: Annotated[int | None, hint(part="more", only=("type", ("number",)))] = None
    earliest: Annotated[date | None, hint(part="more", only=("type", ("date",)))] = None
    latest: Annotated[date | None, hint(part="more", only=("type", ("date",)))] = None
    when: Annotated[When | None, hint(part="more")] = None
    simpler: Annotated[Texts, hint(part="more", lines=2)] = {}
    voice: Annotated[Texts, VOICE] = {}
    picture: Annotated[Texts, PICTURE] = {}


def choice_problems(where: str, question: Question) -> Iterator[Problem]:
    """What is wrong with a question's choices and limits."""
    chooses = question.type in WITH_CHOICES
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
    if question.spoken and question.type not in SPOKEN:
        allowed = ", ".join(SPOKEN)
        yield Problem(f"{where}.spoken", f"is of no use to a {question.type} question: {allowed}")
    if question.spoken and question.sensitive:
        yield Problem(f"{where}.spoken", "a voice tells whose a sensitive answer is; leave one out")
    if (
        question.lowest is not None
        and question.highest is not None
        and question.highest <= question.lowest
    ):
        yield Problem(f"{where}.highest", f"is not above lowest = {question.lowest}")


def condition_problems(
    where: str, when: When, earlier: Mapping[str, Question]
) -> Iterator[Problem]:
    """What is wrong with a condition."""
    if not when.any_of:
        yield Problem(f"{where}.any_of", "is empty; name the answers after which to ask")
    asked = earlier.get(when.question)
    if asked is None:
        known = ", ".join(earlier) or "none"
        yield Problem(
            f"{where}.question", f"{when.question!r} is not an earlier question ({known})"
        )
        return
    if asked.spoken:
        yield Problem(
            f"{where}.question",
            f"{when.question!r} is spoken: what was answered is known only once staff have listened",
        )
        return
    answers = possible(asked)
    if answers is None:
        yield Problem(f"{where}.question", f"a {asked.type} question cannot be a condition")
        return
    for answer in when.any_of:
        if answer not in answers:
            allowed = ", ".join(answers)
            yield Problem(f"{where}.any_of", f"{answer!r} is no answer of {asked.key!r}: {allowed}")


def possible(question: Question) -> tuple[str, ...] | None:
    """The answers a condition may name, None if the question cannot be one."""
    match question.type:
        case "yes_no":
            return ("yes", "no")
        case "rating":
            return ("1", "2", "3", "4", "5")
        case "single" | "multiple":
            return tuple(item.id for item in question.choices)
        case _:
            return None


def as_ids(stored: Any) -> set[str]:
    """The ids that a stored answer holds: what conditions and counts compare. Of a voice note, those that were heard."""
    stored = chosen(stored)
    if isinstance(stored, bool):
        return {"yes" if stored else "no"}
    if isinstance(stored, list):
        return set(stored)
    return {str(stored)} if stored is not None else set()


@lru_cache(1024)
def answer_of(question: Question, today: date) -> Answer[Any]:
    """How the question is answered on a day."""
    answer = _plain_answer(question, today)
    if question.spoken:
        answer = OrSpoken(answer)
    return optional(answer) if question.optional or question.sensitive else answer


def _plain_answer(question: Question, today: date) -> Answer[Any]:
    items = tuple(
        Option(item.id, Translated(item.text), item.emoji, also=item.also)
        for item in question.choices
    )
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
            return Rating(
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
    if isinstance(stored, dict):
        return said_text(stored)
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
        case _:
            return Verbatim(str(stored))


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


def labels_of(question: Question) -> Mapping[str, Text]:
    """The answers by id, as they are shown."""
    if question.type == "yes_no":
        return {"yes": msg("button.yes"), "no": msg("button.no")}
    if question.type == "rating":
        return {str(n): msg(f"poll.rating.{n}") for n in range(1, 6)}
    return {item.id: Translated(item.text) for item in question.choices}


def kept(question: Question, ids: Collection[str]) -> Any:
    """How an answer with these choices is stored. Raises ValueError where that is no answer to the question."""
    ordered = [id for id in labels_of(question) if id in ids]
    if len(ordered) != len(ids) or (question.type != "multiple" and len(ordered) != 1):
        raise ValueError(f"{sorted(ids)} is no answer to {question.key!r}")
    match question.type:
        case "yes_no":
            return ordered == ["yes"]
        case "multiple":
            if not question.least <= len(ordered) <= (question.most or len(question.choices)):
                raise ValueError(f"{len(ordered)} choices are too few or too many")
            return ordered
        case _:
            return ordered[0]
