"""A poll's questions and answers as rows: for files and packages, for moderation, for weighting."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from flows.dialog.facts import Council
from flows.kinds.poll.conversation import Poll
from flows.kinds.questions import Question, as_ids, kept, labels_of
from flows.kinds.spoken import chosen
from flows.statistics.asked import Asked, Choices, Given, OwnWords, Weighed, is_erased, said
from flows.statistics.disclosure import OTHER
from flows.statistics.summary import Response
from flows.wording.text import Translated, msg

#: Our types of questions under the names of the Flow Results specification.
TYPES: Mapping[str, str] = {
    "yes_no": "select_one",
    "single": "select_one",
    "multiple": "select_many",
    "ranking": "select_many",
    "rating": "numeric",
    "number": "numeric",
    "date": "date",
    "text": "open",
}


def asked(poll: Poll, council: Council) -> Sequence[Asked]:
    """The poll's questions."""
    return tuple(_asked(question) for question in poll.questions)


def _asked(question: Question) -> Asked:
    choices = dict(labels_of(question))
    if question.type in ("single", "multiple", "ranking"):
        # What an organizer took out after people had chosen it.
        choices[OTHER] = msg("summary.other")
    limits = None
    if question.type == "rating":
        limits = (1, 5)
    elif question.lowest is not None and question.highest is not None:
        limits = (question.lowest, question.highest)
    return Asked(
        question.key,
        TYPES[question.type],
        Translated(question.text),
        choices,
        ranked=question.type == "ranking",
        limits=limits,
        sensitive=question.sensitive,
        personal=question.type == "text",
        spoken=question.spoken,
    )


def given(questions: Mapping[str, Asked], poll: Poll, response: Response) -> Iterator[Given]:
    """What one person answered."""
    stored = response.body.get("answers", {})
    for question in poll.questions:
        known = questions.get(question.key)
        value = stored.get(question.key)
        if question.type != "text":
            value = chosen(value)
        if known is not None and value is not None and not is_erased(value):
            yield _given(question, known, value)


def _given(question: Question, known: Asked, value: Any) -> Given:
    match question.type:
        case "text":
            return said(known.id, value)
        case "number" | "rating":
            exact = Decimal(str(value))
            whole = exact == exact.to_integral_value()
            return Given(known.id, int(exact) if whole else float(exact))
        case "multiple" | "ranking":
            return Given(known.id, [known.offered(str(one)) for one in value])
        case "date":
            return Given(known.id, str(value))
        case _:
            return Given(known.id, known.offered(next(iter(as_ids(value)), "")))


def own_words(poll: Poll) -> Sequence[OwnWords]:
    """The open questions."""
    return tuple(
        OwnWords(
            question.key,
            Translated(question.text),
            ("answers", question.key),
            table=f"q.{question.key}",
        )
        for question in poll.questions
        if question.type == "text"
    )


def spoken(poll: Poll) -> Sequence[OwnWords]:
    """The questions with choices that may be answered by a voice note."""
    return tuple(
        OwnWords(
            question.key,
            Translated(question.text),
            ("answers", question.key),
            table=f"q.{question.key}",
            choices=Choices(
                labels_of(question), question.type == "multiple", partial(kept, question), as_ids
            ),
        )
        for question in poll.questions
        if question.spoken
    )


def weighed(poll: Poll) -> Sequence[Weighed]:
    """The questions with choices."""
    return tuple(
        Weighed(
            f"q.{question.key}",
            Translated(question.text),
            labels_of(question),
            question.type != "multiple",
            _ticks(question.key),
            leads=question.when is None and not question.sensitive,
        )
        for question in poll.questions
        if question.type in ("single", "multiple", "yes_no", "rating")
    )


def _ticks(key: str) -> Callable[[Response], Collection[str]]:
    def ticks(response: Response) -> Collection[str]:
        value = response.body.get("answers", {}).get(key)
        return as_ids(value) if value is not None else ()

    return ticks
