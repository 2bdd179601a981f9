"""The engine: runs a flow from its first line on the answers stored so far.

    journal + reply -> run(flow) -> Turn (what to say, what to ask, the new journal)

The reply goes under the *awaited* key, the question that the citizen saw, and then the flow is
run. If a release has inserted a question before it, the reply waits unread until the flow
reaches its question; if the question is gone, the reply stays in the journal and reaches
nothing. Every stored answer is validated again on its way through.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from flows.dialog.asked_back import AskedBack, NoneOfThese
from flows.dialog.dialog import (
    Answer,
    Ask,
    Correct,
    Do,
    Flow,
    Json,
    LookUp,
    NotUnderstood,
    Refused,
    Reply,
    Request,
    Say,
    Stale,
    Unfinished,
    Unsure,
    json_of,
)
from flows.wording.text import Text, msg

T = TypeVar("T")

#: Marks a stored reply that its question has not read yet.
UNREAD = "~unread"
#: Marks an answer that the citizen has begun and not finished.
DRAFT = "~draft"
#: Marks a reply that may mean several things, while "did you mean ...?" waits for its answer.
UNSURE = "~unsure"
#: Marks what a look-up found.
FOUND = "~found"


class DuplicateKey(Exception):
    """A flow asked two questions under one key in one run: a bug in the flow."""


@dataclass(frozen=True, slots=True)
class Journal:
    """All the state of a conversation: the answers by key, and the key now awaited."""

    answers: Mapping[str, Json] = field(default_factory=dict)
    awaited: str | None = None


@dataclass(frozen=True, slots=True)
class Turn(Generic[T]):
    """Where the flow stands after a run.

    Exactly one of `asked`, `wanted` and `finished` holds: a question waits for the citizen, a
    look-up waits for storage, or the flow has ended with `result`.
    """

    journal: Journal
    #: What was said since the last consumed answer.
    said: tuple[Say, ...] = ()
    #: Effects to carry out now, of the same stretch.
    doing: tuple[Any, ...] = ()
    asked: Ask[Any] | None = None
    wanted: LookUp | None = None
    finished: bool = False
    result: T | None = None
    #: Keys of the answers that carried the flow, in the flow's order.
    consumed: tuple[str, ...] = ()
    #: The questions of those answers, for taps on old buttons.
    questions: tuple[Ask[Any], ...] = ()
    #: Why the reply was not taken, if it was not.
    trouble: Text | None = None
    #: Whether it was understood all the same, and only cannot be taken.
    refused: bool = False
    #: Whether the citizen's reply was consumed in this run.
    taken: bool = False


def run(
    flow: Callable[[], Flow[T]],
    journal: Journal = Journal(),
    reply: Reply | None = None,
) -> Turn[T]:
    """Run the flow on the journal and, if there is one, the reply to the awaited question."""
    answers = dict(journal.answers)
    fresh: str | None = None
    if reply is not None and journal.awaited is not None:
        fresh = journal.awaited
        answers[fresh] = {**_begun(answers.get(fresh)), **unread(reply)}
    return _drive(flow, answers, fresh)


def unread(reply: Reply) -> Json:
    """A reply as the answer to a question that has not been asked yet: it reads it when it is reached."""
    return {UNREAD: _plain(reply)}


def back(flow: Callable[[], Flow[T]], journal: Journal) -> Turn[T]:
    """Drop what is half answered, else the last consumed answer; at the first, ask it again."""
    turn = _drive(flow, dict(journal.answers), None)
    if turn.asked is not None and _begun(turn.journal.answers.get(turn.asked.key)):
        # What is half answered is left first: the ticks, the list of what to correct.
        return correct(flow, turn.journal, turn.asked.key)
    if not turn.consumed:
        return turn
    return correct(flow, turn.journal, turn.consumed[-1])


def correct(flow: Callable[[], Flow[T]], journal: Journal, key: str) -> Turn[T]:
    """Drop the answer under `key`, keep the others, and run again."""
    answers = {k: v for k, v in journal.answers.items() if k != key}
    return _drive(flow, answers, None)


def replace(flow: Callable[[], Flow[T]], journal: Journal, key: str, reply: Reply) -> Turn[T]:
    """Give the question `key`, answered before, another answer (a tap on an old button)."""
    answers = dict(journal.answers)
    before = answers.get(key)
    ticked = {DRAFT: before} if isinstance(before, list) else {}
    answers[key] = {**ticked, **unread(reply)}
    return _drive(flow, answers, key)


def found(flow: Callable[[], Flow[T]], journal: Journal, wanted: LookUp, finding: Json) -> Turn[T]:
    """Give the flow what storage found, and run on."""
    answers = dict(journal.answers)
    answers[wanted.key] = {FOUND: finding, "for": _plain(wanted.request)}
    return _drive(flow, answers, None)


def _drive(flow: Callable[[], Flow[T]], answers: dict[str, Json], fresh: str | None) -> Turn[T]:
    while True:
        questions: dict[str, Answer[Any]] = {}
        turn = _run_once(flow, answers, fresh, questions)
        if not isinstance(turn, Correct):
            return turn
        # "Correct the second answer" was said at a review: neither the request nor the answer stay, but
        # for what the question keeps of it.
        before = answers.pop(turn.key, None)
        kept = corrected(questions[turn.key], before) if before is not None else None
        if kept is not None:
            answers[turn.key] = {DRAFT: kept}
        if fresh is not None:
            answers.pop(fresh, None)
        fresh = None


def corrected(answer: Answer[Any], stored: Json) -> Json | None:
    """What a question keeps of an answer that is to be corrected, as the draft of the next; None: nothing."""
    keeps = getattr(answer, "corrected", None)
    return keeps(stored) if keeps is not None else None


def _run_once(
    flow: Callable[[], Flow[T]],
    answers: dict[str, Json],
    fresh: str | None,
    known: dict[str, Answer[Any]],
) -> Turn[T] | Correct:
    said: list[Say] = []
    doing: list[Any] = []
    questions: list[Ask[Any]] = []
    seen: set[str] = set()
    trouble: Text | None = None
    refused = taken = False
    generator = flow()
    value: object = None

    def turn(**ending: Any) -> Turn[T]:
        asked: Ask[Any] | None = ending.get("asked")
        wanted: LookUp | None = ending.get("wanted")
        waiting = asked or wanted
        return Turn(
            Journal(answers, waiting.key if waiting else None),
            tuple(said),
            tuple(doing),
            consumed=tuple(question.key for question in questions),
            questions=tuple(questions),
            trouble=trouble,
            refused=refused,
            taken=taken,
            **ending,
        )

    try:
        while True:
            try:
                step = generator.send(value)
            except StopIteration as stop:
                return turn(finished=True, result=stop.value)
            value = None
            if isinstance(step, Say):
                said.append(step)
                continue
            if isinstance(step, Do):
                doing.append(step.effect)
                continue
            if step.key in seen:
                raise DuplicateKey(f"the key {step.key!r} was asked twice in one run")
            seen.add(step.key)
            if not isinstance(step, LookUp):
                known[step.key] = step.answer
            stored = answers.get(step.key, _NOTHING)
            if isinstance(step, LookUp):
                if (
                    not isinstance(stored, dict)
                    or FOUND not in stored
                    or stored.get("for") != _plain(step.request)
                ):
                    return turn(wanted=step)
                value = stored[FOUND]
                continue
            if stored is _NOTHING:
                return turn(asked=step)
            begun = _begun(stored)
            draft = {DRAFT: begun[DRAFT]} if DRAFT in begun else {}
            answer: Answer[Any] = step.answer.resumed(draft[DRAFT]) if draft else step.answer
            doubt = _doubt(answer, begun)
            reading = answer if doubt is None else doubt
            try:
                if isinstance(stored, dict) and UNREAD in stored:
                    value = reading.read(msgspec.convert(stored[UNREAD], Reply))
                    if isinstance(value, Correct):
                        return value
                    if isinstance(value, Unfinished):
                        answers[step.key] = {DRAFT: value.draft}
                        taken = taken or step.key == fresh
                        return turn(asked=_with(step, step.answer.resumed(value.draft)))
                    if isinstance(value, NoneOfThese):
                        answers.pop(step.key)
                        answers.update({step.key: draft} if draft else {})
                        return turn(asked=_with(step, answer))
                    if isinstance(value, Unsure):
                        answers[step.key] = {**draft, UNSURE: stored[UNREAD]}
                        return turn(asked=_doubted(step, AskedBack(answer, value.candidates[:3])))
                    answers[step.key] = answer.store(value)
                elif doubt is not None:
                    return turn(asked=_doubted(step, doubt))
                elif begun:
                    return turn(asked=_with(step, answer))
                else:
                    value = answer.restore(stored)
            except NotUnderstood as refusal:
                answers.pop(step.key)
                answers.update({step.key: draft} if draft else {})
                trouble = refusal.text
                refused = isinstance(refusal, Refused)
                return turn(asked=_with(step, answer))
            except Stale:
                del answers[step.key]
                return turn(asked=step)
            taken = taken or step.key == fresh
            questions.append(step)
            said.clear()
            doing.clear()
    finally:
        generator.close()


class _Nothing:
    pass


_NOTHING = _Nothing()


def _begun(stored: Json) -> dict[str, Json]:
    """What an answer consists of before it is complete: its draft, a reply that is in doubt."""
    if not isinstance(stored, dict):
        return {}
    return {part: stored[part] for part in (DRAFT, UNSURE) if part in stored}


def _doubt(answer: Answer[Any], begun: Mapping[str, Json]) -> AskedBack[Any] | None:
    """The doubt about the reply that waits, if there is one and it is in doubt still."""
    if UNSURE not in begun:
        return None
    try:
        value = answer.read(msgspec.convert(begun[UNSURE], Reply))
    except NotUnderstood:
        return None
    return AskedBack(answer, value.candidates[:3]) if isinstance(value, Unsure) else None


def _doubted(question: Ask[Any], answer: AskedBack[Any]) -> Ask[Any]:
    prompt = msg("chat.did_you_mean")
    return dataclasses.replace(question, answer=answer, prompt=prompt, attachments=())


def _with(question: Ask[Any], answer: Answer[Any]) -> Ask[Any]:
    return dataclasses.replace(question, answer=answer)


def _plain(value: Reply | Request) -> Json:
    """The JSON form of a reply or request, without what is at its default."""
    builtin: dict[str, Json] = json_of(value)
    return {name: part for name, part in builtin.items() if part not in ("", None, [], {}, False)}
