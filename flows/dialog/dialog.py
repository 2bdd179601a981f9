"""The words of a flow: Say, Ask, LookUp, ask(), look_up(), scoped().

A flow is a plain generator function. It says things, asks questions and, at its end, returns
what should happen (its effects, as data). It is run again from its first line for every
message; the answers stored so far carry it forward to the first question that has none
(`flows.dialog.replay`).
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast

import msgspec

from flows.wording.text import Text

#: What a stored answer is made of: anything JSON can hold.
Json: TypeAlias = Any

T = TypeVar("T")


def json_of(value: Any) -> Json:
    """A value as plain JSON data: what storage will give back."""
    return msgspec.json.decode(msgspec.json.encode(value))


@dataclass(frozen=True, slots=True)
class Media:
    """A photo, voice note or document that a citizen sent, already stored.

    `name` is the unguessable name under which the bytes are kept, `seconds` the length of a
    voice note.
    """

    kind: str
    name: str
    type: str
    size: int
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a citizen did in one message, the same for every channel.

    `tap` is the id of an option of the question under `tap_key` (a button), `location` is
    (latitude, longitude) in degrees, `phone` a number shared through the channel's own button.
    """

    text: str = ""
    tap: str | None = None
    media: tuple[Media, ...] = ()
    location: tuple[float, float] | None = None
    #: What the sender's map calls that location.
    place: str = ""
    phone: str | None = None
    skip: bool = False
    unsupported: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question: a stable id, what is shown, and an emoji for who does not read.

    `also` are other words for it, in any language, that may be typed.
    """

    id: str
    label: Text
    emoji: str = ""
    description: Text | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correct:
    """The citizen wants to answer the question `key` again."""

    key: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The citizen is still answering (ticked one of several, asked for more choices).

    `draft` is kept under the question's key and given to `Answer.resumed` next time.
    """

    draft: "Json"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that a reply may mean: how it is shown, and the plain reply that surely means it."""

    label: Text
    reply: Reply
    emoji: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A reply with more than one reading, or one that is not certain: "did you mean ...?".

    The engine keeps the reply and asks back, the likeliest first (`flows.dialog.asked_back`). At most
    three are shown.
    """

    candidates: tuple[Candidate, ...]


class NotUnderstood(Exception):
    """A reply that does not answer the question; `text` says kindly what would."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


class Refused(NotUnderstood):
    """A reply that was understood, and cannot be taken: too many choices, a choice that is gone.

    It is an answer all the same, and nothing that somebody tells besides.
    """


class Stale(Exception):
    """A stored answer that no longer fits its question: it is asked again."""


class Answer(Protocol[T]):
    """How a reply becomes a value, and a value becomes JSON and comes back."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The choices to show, none for an open question."""

    @property
    def wants(self) -> frozenset[str]:
        """What else fits: text, voice, photo, document, location, phone; a channel may offer it."""

    @property
    def optional(self) -> bool:
        """Whether the question may be skipped."""

    @property
    def private(self) -> bool:
        """Whether what is typed is personal (a name, a CIN): no language guess, no log, no echo."""

    def read(self, reply: Reply) -> T | Correct | Unfinished | Unsure:
        """The value that `reply` means. Raises NotUnderstood."""

    def resumed(self, draft: Json) -> "Answer[T]":
        """The same answer with the citizen's unfinished draft."""

    def store(self, value: T) -> Json:
        """The value as JSON."""

    def restore(self, stored: Json) -> T:
        """The value again. Raises Stale if it no longer fits."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A recorded voice prompt or a picture of the organizer, by language (key "" = any)."""

    kind: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the citizen something; no answer is expected."""

    text: Text
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Do:
    """Have an effect happen now, not at the end. It may happen again, so it must bear that."""

    effect: Any


@dataclass(frozen=True, slots=True)
class Ask(Generic[T]):
    """Wait for the citizen's answer to one question.

    `key` is permanent and unique in a run: a new meaning gets a new key. `step` is (n, of m)
    where there is more than one question. `simpler` is the question in other words, for who did not
    understand it.
    """

    key: str
    answer: Answer[T]
    prompt: Text
    step: tuple[int, int] | None = None
    attachments: tuple[Attachment, ...] = ()
    simpler: Text | None = None


@dataclass(frozen=True, slots=True)
class LookUp:
    """Wait for something that only storage knows; the finding is kept like an answer.

    If `request` differs from the one whose finding is stored (an earlier answer was
    corrected), it is looked up again.
    """

    key: str
    request: "Request"


@dataclass(frozen=True, slots=True)
class Request:
    """A question to storage: its name and its values."""

    name: str
    values: Mapping[str, Json] = field(default_factory=dict)


Step: TypeAlias = Say | Do | Ask[Any] | LookUp
Flow: TypeAlias = Generator[Step, object, T]


def say(text: Text, attachment: Attachment | None = None) -> Flow[None]:
    """Tell the citizen something."""
    yield Say(text, attachment)


def do(effect: Any) -> Flow[None]:
    """Have an effect that bears repetition (a language, say) happen now."""
    yield Do(effect)


def ask(
    key: str,
    answer: Answer[T],
    prompt: Text,
    *,
    step: tuple[int, int] | None = None,
    attachments: tuple[Attachment, ...] = (),
    simpler: Text | None = None,
) -> Flow[T]:
    """The citizen's answer to a question. Always `yield from` it."""
    value = yield Ask(key, answer, prompt, step, attachments, simpler)
    return cast(T, value)


def look_up(key: str, name: str, **values: Json) -> Flow[Json]:
    """What storage finds for the request `name`. Always `yield from` it."""
    found = yield LookUp(key, Request(name, values))
    return found


def scoped(scope: str, flow: Flow[T]) -> Flow[T]:
    """Run a part of a conversation with `scope.` before each of its keys."""
    value: object = None
    try:
        while True:
            try:
                step = flow.send(value)
            except StopIteration as stop:
                return cast(T, stop.value)
            if not isinstance(step, Say | Do):
                step = replace(step, key=f"{scope}.{step.key}")
            value = yield step
    finally:
        flow.close()
