"""What citizens wrote or said in their own words, as staff read, hear, search, group and moderate it.

An answer to a poll stands alone: nothing here joins it to its author's other answers, not even the
number by which it is hidden, nor the address of its voice note. Hiding is noted, never deletion, and can be
taken back.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

import msgspec

from bot.core.councils import head_of
from bot.core.localtime import now_ms
from bot.core.refusals import refused
from bot.core.vault import Vault
from bot.staff.open_answers import heard
from flows.kinds import kinds
from flows.statistics.asked import OwnWords
from flows.statistics.summary import SMALLEST
from flows.understanding import moderation, scripts
from flows.understanding.themes import grouping
from flows.wording.text import Text
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.downloads import ResponsesPage
from storage.rows.responses import ConversationsQuoting, HidingsOf, NotesHeard

#: Why words may be hidden.
REASONS = ("personal", "insult", "other")

#: Answers read at a time; most that are grouped.
PAGE = 2000
MOST_GROUPED = 20_000


@dataclass(frozen=True, slots=True)
class Hidden:
    """That an answer is not shown: why, and who says so."""

    reason: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """A voice note of an answer. `token` stands for it in an address; what was heard in it is `entry`, whose name of
    the file no page tells.
    """

    token: str
    type: str
    entry: NotesHeard

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.entry.media

    @property
    def is_entered(self) -> bool:
        """Whether staff have entered something of it."""
        return self.entry.outcome in heard.ENTERED

    @property
    def written(self) -> str:
        """What staff wrote down of it, "" for nothing."""
        found = heard.answer_in(self.entry)
        return found if isinstance(found, str) else ""

    def chosen(self, question: OwnWords) -> Collection[str]:
        """The ids of the choices that staff heard, none for nothing."""
        found = heard.answer_in(self.entry)
        return question.choices.ids(found) if question.choices and found is not None else ()

    @property
    def masked(self) -> str:
        """The same without numbers and addresses that could say whose it is."""
        return moderation.masked(self.written)


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """One answer. `token` stands for it in a form, and says nothing of its author.

    `own` are its author's words, `text` is that and what staff wrote down of its voice notes.
    """

    token: str
    response_id: int
    own: str
    text: str
    media: int
    voices: tuple[VoiceNote, ...] = ()
    suspects: tuple[str, ...] = ()
    hidden: Hidden | None = None

    @property
    def masked(self) -> str:
        """The words without numbers and addresses that could say whose they are."""
        return moderation.masked(self.text) if self.suspects else self.text

    @property
    def own_masked(self) -> str:
        """Its author's words, likewise."""
        return moderation.masked(self.own) if self.suspects else self.own


@dataclass(slots=True)
class OpenQuestion:
    """An open question. `held` says that too few have been asked for anything to be shown."""

    of: OwnWords
    asked: int = 0
    answers: list[OpenAnswer] = default(default_factory=list)

    @property
    def held(self) -> bool:
        """Whether so few were asked that a reader could tell who wrote."""
        return self.of.secret and self.asked < SMALLEST

    @property
    def waiting(self) -> int:
        """How many voice notes stand in the place of a choice, and nobody has entered anything of them."""
        if self.of.choices is None:
            return 0
        notes = [note for answer in self.answers for note in answer.voices]
        return sum(1 for note in notes if not note.is_entered)

    @property
    def field(self) -> str:
        """Its permanent name."""
        return self.of.field

    @property
    def title(self) -> Text:
        """What was asked."""
        return self.of.title


@dataclass(frozen=True, slots=True)
class Alike:
    """Answers that say about the same; the first is the one that is most like the others."""

    answers: tuple[OpenAnswer, ...]


async def questions_of(
    tx: Transaction, vault: Vault, row: StoredConsultation
) -> list[OpenQuestion]:
    """The open questions of a consultation with every answer, in no order that would tell when; of a question
    with choices, the answers that are voice notes.
    """
    found = {one.field: OpenQuestion(one) for one in kinds()[row.kind].heard(head_of(row))}
    if not found:
        return []
    hidden = {
        (h.response_id, h.field): Hidden(h.reason, h.made_by, h.at)
        for h in await tx.rows(HidingsOf, consultation_id=row.id)
    }
    entered = await heard.entries(tx, row.id)
    after = 0
    while True:
        page = await tx.rows(ResponsesPage, consultation_id=row.id, after=after, most=PAGE)
        for stored in page:
            if stored.state != "withdrawn":
                _collect(found, stored, vault, hidden, entered.get(stored.id, {}))
        if len(page) < PAGE:
            break
        after = page[-1].id
    for question in found.values():
        question.answers.sort(
            key=lambda a: (
                question.of.choices is not None and all(note.is_entered for note in a.voices),
                not a.text,
                scripts.fold(a.text),
                a.token,
            )
        )
        if question.held:
            question.answers.clear()
    return list(found.values())


def _collect(
    found: Mapping[str, OpenQuestion],
    stored: ResponsesPage,
    vault: Vault,
    hidden: Mapping[tuple[int, str], Hidden],
    about: Mapping[str, NotesHeard],
) -> None:
    body = msgspec.json.decode(stored.body)
    told = heard.over(body, [question.of for question in found.values()], about)
    for key, question in found.items():
        if not question.of.asked_in(body):
            continue
        question.asked += 1
        value = question.of.within(body)
        if not isinstance(value, dict) or not (value.get("text") or value.get("media")):
            continue
        text = str(question.of.within(told).get("text") or "")
        question.answers.append(
            OpenAnswer(
                vault.digest(f"{stored.id}:{key}", "open answer")[:20],
                stored.id,
                str(value.get("text") or ""),
                text,
                len(value.get("media") or ()),
                _voices(vault, stored.id, key, value, about),
                tuple(dict.fromkeys(s.kind for s in moderation.suspects(text))),
                hidden.get((stored.id, key)),
            )
        )


def _voices(
    vault: Vault,
    response_id: int,
    key: str,
    said: Mapping[str, Any],
    about: Mapping[str, NotesHeard],
) -> tuple[VoiceNote, ...]:
    return tuple(
        VoiceNote(
            vault.digest(f"{response_id}:{key}:{item['name']}", "voice note")[:20],
            item["type"],
            about.get(item["name"])
            or NotesHeard(response_id, item["name"], key, "none", "", 0, "", 0),
        )
        for item in said.get("media") or ()
        if item["kind"] == "voice"
    )


def voice_note(questions: Sequence[OpenQuestion], token: str) -> VoiceNote | None:
    """The voice note that a token stands for; None if no answer that may be shown has it."""
    every = (note for q in questions for answer in q.answers for note in answer.voices)
    return next((note for note in every if note.token == token), None)


def searched(question: OpenQuestion, wanted: str, *, whole: bool) -> list[OpenAnswer]:
    """The answers in which every wanted word stands, in any script of it that folds alike.

    Without `whole` only what is shown to everyone is looked into: a search tells what stands there.
    """
    words = scripts.fold(wanted).split()

    def told(answer: OpenAnswer) -> str:
        if whole:
            return scripts.fold(answer.text)
        return "" if answer.hidden is not None else scripts.fold(answer.masked)

    return [a for a in question.answers if all(word in told(a) for word in words)]


def grouped(question: OpenQuestion) -> list[Alike]:
    """Answers that say about the same, the largest group first; only of what is shown."""
    shown = {a.token: a for a in question.answers if a.text and a.hidden is None}
    texts = [(token, answer.text) for token, answer in list(shown.items())[:MOST_GROUPED]]
    made = []
    for group in grouping.groups(texts):
        if group.size > 1:
            others = [m for m in group.members if m != group.representative]
            made.append(Alike(tuple(shown[t] for t in (group.representative, *others))))
    return sorted(made, key=lambda alike: -len(alike.answers))


async def hide(
    tx: Transaction, questions: Sequence[OpenQuestion], token: str, reason: str, made_by: str
) -> None:
    """Show these words no more. Raises NotAllowed."""
    if reason not in REASONS:
        raise refused("outcome.no.reason")
    question, answer = _found(questions, token)
    if answer.hidden is not None:
        raise refused("outcome.no.hidden")
    await tx.run(
        "add_hiding",
        id=new_id(),
        response_id=answer.response_id,
        field=question.field,
        reason=reason,
        made_by=made_by,
        at=now_ms(),
    )
    await _unquote(tx, answer.response_id)


async def _unquote(tx: Transaction, response_id: int) -> None:
    """Take the words out of conversations in which they were offered as something alike."""
    for row in await tx.rows(ConversationsQuoting, response_id=response_id):
        answers = msgspec.json.decode(row.answers)
        for found in _quotes(answers, row.reference):
            found.update(excerpt="", hidden=True)
        said = msgspec.json.encode(answers).decode()
        await tx.run("set_quoting", id=row.id, before=row.answers, answers=said)


def _quotes(kept: Any, reference: str) -> Iterator[dict[str, Any]]:
    """What stands about a need in the answers of a conversation."""
    if isinstance(kept, dict):
        if kept.get("reference") == reference and "excerpt" in kept:
            yield kept
        for inner in kept.values():
            yield from _quotes(inner, reference)
    elif isinstance(kept, list):
        for inner in kept:
            yield from _quotes(inner, reference)


async def show(
    tx: Transaction, questions: Sequence[OpenQuestion], token: str, made_by: str
) -> None:
    """Show them again. Raises NotAllowed."""
    question, answer = _found(questions, token)
    await tx.run(
        "lift_hiding",
        response_id=answer.response_id,
        field=question.field,
        made_by=made_by,
        at=now_ms(),
    )


def _found(questions: Sequence[OpenQuestion], token: str) -> tuple[OpenQuestion, OpenAnswer]:
    for question in questions:
        # A choice that was spoken is shown nowhere, so that there is nothing to hide.
        for answer in question.answers if question.of.choices is None else ():
            if answer.token == token:
                return question, answer
    raise refused("outcome.no.answer")
