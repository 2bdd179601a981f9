"""Polls: questions with choices, ratings, rankings, numbers, dates and open answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from flows.dialog.choices import Choice
from flows.dialog.definition import Head, Problem, attachments, introduce, text_problems
from flows.dialog.dialog import Flow, Option, ask, say
from flows.dialog.effects import Effect, Respond
from flows.dialog.facts import Council, Facts
from flows.dialog.hints import shown as hint
from flows.dialog.review import Review, review_lines
from flows.kinds import definition_of
from flows.kinds.questions import (
    Question,
    answer_of,
    as_ids,
    choice_problems,
    condition_problems,
    shown,
)
from flows.kinds.sensitive import AGREED, left_without, may_ask
from flows.kinds.spoken import is_spoken
from flows.wording.text import Text, Translated, lines, msg


class Poll(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A poll as an organizer writes it."""

    questions: Annotated[tuple[Question, ...], hint(start=1)]


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
        if question.simpler:
            yield from text_problems(f"{where}.simpler", question.simpler, longest=300)
        yield from choice_problems(where, question)
        if question.when is not None:
            yield from condition_problems(f"{where}.when", question.when, earlier)
        earlier[question.key] = question


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
    left_out: frozenset[str] = frozenset()
    agreed: bool | None = None
    for question in poll.questions:
        if not _applies(question, given):
            continue
        if question.sensitive and agreed is None:
            agreed = yield from may_ask()
            if not agreed:
                left_out = left_without(poll.questions)
                said.append((msg("poll.sensitive_label"), msg("review.skipped"), "sensitive"))
        if question.key in left_out:
            continue
        answer = answer_of(question, facts.today)
        key = f"q.{question.key}"
        value = yield from ask(
            key,
            answer,
            _prompt(question),
            step=_step(poll, question),
            attachments=attachments(question.voice, question.picture),
            simpler=Translated(question.simpler) if question.simpler else None,
        )
        given[question.key] = answer.store(value)
        said.append((Translated(question.text), shown(question, given[question.key]), key))
    if not given and facts.own.previous is None:
        yield from say(msg("poll.nothing"))
        return []
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
    # What was said counts once it was heard: nobody is told that it counts already.
    spoken = any(
        question.spoken and is_spoken(given.get(question.key)) for question in poll.questions
    )
    return [
        *([AGREED] if agreed else []),
        Respond(
            {"answers": given},
            msg("poll.thanks_spoken") if spoken else msg("poll.thanks"),
            single=True,
            changed=msg("poll.changed_spoken") if spoken else msg("poll.changed"),
        ),
    ]


def _prompt(question: Question) -> Text:
    """What is asked; before it, that it may be answered by a voice note, and who hears that."""
    asked = Translated(question.text)
    return lines(msg("poll.spoken"), asked) if question.spoken else asked


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


def _step(poll: Poll, question: Question) -> tuple[int, int] | None:
    """This is question n of m, m being all there are: what is ruled out is jumped over, and m stays what it was."""
    count = len(poll.questions)
    return (poll.questions.index(question) + 1, count) if count > 1 else None


def _applies(question: Question, given: Mapping[str, Any]) -> bool:
    if question.when is None:
        return True
    return bool(as_ids(given.get(question.when.question)) & set(question.when.any_of))


def describe(poll: Poll, body: Mapping[str, Any]) -> Text:
    """One line about a response."""
    return Translated(poll.title)


def stripped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The counted answers, those that staff heard too, without words and voices."""
    answers = {
        key: value.get("heard", {"text": "", "media": []}) if isinstance(value, dict) else value
        for key, value in body.get("answers", {}).items()
    }
    return {**body, "answers": answers}
