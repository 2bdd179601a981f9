"""Questions and answers as rows: what files, packages and code books know of a consultation.

The types of questions, and what an answer to each looks like, are those of the FLOIP Flow Results
specification 1.1.0 (https://github.com/FLOIP/flow-results/blob/master/specification.md).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from flows.dialog.answers import Said
from flows.statistics.disclosure import OTHER
from flows.statistics.summary import Response
from flows.wording.text import Text


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its permanent id, its type, its text, and its choices by id.

    `ranked` says that the order of several choices is the answer. `limits` are the least and the most
    of a number. `sensitive` answers are protected by law, `personal` ones may tell who somebody is, those to
    a `where` tell the place of whom or what it is about. `spoken` ones may be voice notes that staff have heard.
    """

    id: str
    type: str
    text: Text
    choices: Mapping[str, Text] = field(default_factory=dict)
    ranked: bool = False
    limits: tuple[int, int] | None = None
    sensitive: bool = False
    personal: bool = False
    where: bool = False
    spoken: bool = False

    def offered(self, choice: str) -> str:
        """The choice under its id, or `OTHER` for one that an organizer took out meanwhile."""
        return choice if choice in self.choices else OTHER


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: the id of its question, its value as JSON has it, and what else is known of it."""

    question: str
    value: Any
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody may have meant who answered a question with choices by a voice note.

    `labels` are the choices by id; where `several` may be chosen, more than one. `stored` is how an answer with
    these ids is kept; it raises ValueError where that is no answer to the question. `ids` are those of what is kept.
    """

    labels: Mapping[str, Text]
    several: bool
    stored: Callable[[Collection[str]], Any]
    ids: Callable[[Any], Collection[str]]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A question that people answer in their own words: what staff read, search, group and hide.

    `field` is its permanent name, `path` leads to it in the body of a response. `secret` words belong to
    nobody in sight: where fewer than five were asked, none is shown. What stands at the paths in `also`
    (a place in their author's words) is hidden with them. `table` is the id of the table of the summary that lists
    them, "" if none does: where that is held back, they are shown nowhere else.

    Whoever was asked and skipped has None there; who was not asked has nothing. `choices` are those of a
    question that is answered by a choice, or by a voice note in its place.
    """

    field: str
    title: Text
    path: tuple[str, ...]
    secret: bool = True
    also: tuple[tuple[str, ...], ...] = ()
    table: str = ""
    choices: Choices | None = None

    def within(self, body: Mapping[str, Any]) -> Any:
        """What a body holds there: a `Said` as it is stored; None if the question was not asked."""
        found: Any = body
        for key in self.path:
            if not isinstance(found, Mapping) or key not in found:
                return None
            found = found[key]
        return found

    def asked_in(self, body: Mapping[str, Any]) -> bool:
        """Whether the question was put to the author of a body, be it that they skipped it."""
        found: Any = body
        for key in self.path:
            if not isinstance(found, Mapping) or key not in found:
                return False
            found = found[key]
        return True

    def put(self, body: Mapping[str, Any], said: Any) -> Mapping[str, Any]:
        """The body with something else in their place."""
        return _put(body, self.path, said)


def _put(body: Mapping[str, Any], path: tuple[str, ...], said: Any) -> Mapping[str, Any]:
    first, *rest = path
    return {**body, first: _put(body[first], tuple(rest), said) if rest else said}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question whose results can be shown as if women, men and ages had answered as they live there.

    `table` is the id of its table in the summary; `ticks` gives what a response chose, none if nothing.
    `exclusive`: one choice each. `leads`: everybody was asked, and of nothing that the law protects, so that its
    answers may stand on a first page.
    """

    table: str
    title: Text
    labels: Mapping[str, Text]
    exclusive: bool
    ticks: Callable[[Response], Collection[str]]
    leads: bool = True


def is_erased(value: Any) -> bool:
    """Whether these are words whose author had them forgotten."""
    return isinstance(value, dict) and not value.get("text") and not value.get("media")


def said(id: str, stored: Mapping[str, Any]) -> Given:
    """Words as an answer. Recordings are no part of a package; how many there were is, and whether staff wrote
    down what they say.
    """
    words = msgspec.convert(stored, Said)
    more: dict[str, Any] = {"type": "text", "type_options": {}}
    if words.media:
        more["media"] = len(words.media)
    if stored.get("written"):
        more["written_by"] = "staff"
    return Given(id, words.text, more)
