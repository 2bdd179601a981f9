"""What a consultation asks, question by question, as packages and code books tell it.

The types of questions, and what an answer to each looks like, are those of the FLOIP Flow Results
specification 1.1.0 (https://github.com/FLOIP/flow-results/blob/master/specification.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from flows.dialog.answers import Said, Spot
from flows.dialog.communes import place_name
from flows.dialog.definition import Head
from flows.dialog.facts import Council
from flows.kinds.need import STATES, Needs, themes_of
from flows.kinds.petition import Petition
from flows.kinds.poll import Poll
from flows.kinds.questions import Question, as_ids, labels_of
from flows.morocco import places
from flows.statistics.disclosure import OTHER
from flows.statistics.summary import Response
from flows.wording.text import Text, Translated, msg

#: Our types of questions under the names of the specification.
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

#: Decimals of a pin's degrees: about a hundred metres, so that no house is told.
PIN_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its permanent id, its type, its text, and its choices by id.

    `ranked` says that the order of several choices is the answer. `limits` are the least and the most
    of a number. `sensitive` answers are protected by law, `personal` ones may tell who somebody is.
    """

    id: str
    type: str
    text: Text
    choices: Mapping[str, Text] = field(default_factory=dict)
    ranked: bool = False
    limits: tuple[int, int] | None = None
    sensitive: bool = False
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: the id of its question, its value as JSON has it, and what else is known of it."""

    question: str
    value: Any
    more: Mapping[str, Any] = field(default_factory=dict)


def asked(definition: Head, council: Council) -> tuple[Asked, ...]:
    """The questions of a consultation. Raises ValueError for a kind that is not known here."""
    match definition:
        case Poll():
            return tuple(_of_poll(question) for question in definition.questions)
        case Needs():
            return tuple(_of_needs(definition, council))
        case Petition():
            yes = {"yes": msg("button.yes")}
            return (Asked("pledge", "select_one", Translated(definition.demand), yes),)
        case _:
            raise ValueError(f"{definition.kind!r} is a kind whose questions nobody has named yet")


def _of_poll(question: Question) -> Asked:
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
    )


def _of_needs(needs: Needs, council: Council) -> Iterator[Asked]:
    themes: dict[str, Text] = {t.id: Translated(t.text) for t in themes_of(needs, council)}
    themes[OTHER] = msg("summary.other")
    yield Asked("theme", "select_one", msg("need.label.theme"), themes)
    if places.place(council.place).level != "commune":
        communes = {p.code: place_name(p.code) for p in places.communes_of(council.place)}
        communes[OTHER] = msg("summary.other")
        yield Asked("commune", "select_one", msg("need.label.commune"), communes)
    yield Asked("place", "text", msg("need.label.place"), personal=True)
    yield Asked("pin", "geo_point", msg("codebook.pin"), personal=True)
    yield Asked("words", "open", msg("need.label.words"), personal=True)
    yield Asked("voices", "numeric", msg("summary.voices"))
    states = {state: msg(f"state.{state}") for state in STATES}
    yield Asked("state", "select_one", msg("summary.state"), states)


def given(questions: Mapping[str, Asked], definition: Head, response: Response) -> Iterator[Given]:
    """The answers of one response to `questions`; what was skipped is left out."""
    match definition:
        case Poll():
            stored = response.body.get("answers", {})
            for question in definition.questions:
                known = questions.get(question.key)
                value = stored.get(question.key)
                if known is not None and value is not None and not _is_erased(value):
                    yield _poll_answer(question, known, value)
        case Needs():
            yield from _need_answers(questions, response)
        case _:
            if response.body.get("pledge"):
                yield Given("pledge", "yes")


def _poll_answer(question: Question, known: Asked, value: Any) -> Given:
    match question.type:
        case "text":
            return _said(known.id, value)
        case "number" | "rating":
            return Given(known.id, _number(value))
        case "multiple" | "ranking":
            return Given(known.id, [_offered(known, str(one)) for one in value])
        case "date":
            return Given(known.id, str(value))
        case _:
            return Given(known.id, _offered(known, next(iter(as_ids(value)), "")))


def _need_answers(questions: Mapping[str, Asked], response: Response) -> Iterator[Given]:
    body = response.body
    for id in ("theme", "commune"):
        if id in questions and body.get(id):
            yield Given(id, _offered(questions[id], str(body[id])))
    if body.get("place"):
        spot = msgspec.convert(body["place"], Spot)
        if spot.text:
            yield Given("place", spot.text)
        if spot.latitude is not None and spot.longitude is not None:
            pin = [round(spot.latitude, PIN_DECIMALS), round(spot.longitude, PIN_DECIMALS)]
            yield Given("pin", pin)
    if body.get("words") and not _is_erased(body["words"]):
        yield _said("words", body["words"])
    yield Given("voices", response.voices + 1)
    yield Given("state", response.state)


def _is_erased(value: Any) -> bool:
    """Whether these are words whose author had them forgotten."""
    return isinstance(value, dict) and not value.get("text") and not value.get("media")


def _said(id: str, stored: Mapping[str, Any]) -> Given:
    """Words. Recordings are no part of a package; how many there were is."""
    said = msgspec.convert(stored, Said)
    more: dict[str, Any] = {"type": "text", "type_options": {}}
    if said.media:
        more["media"] = len(said.media)
    return Given(id, said.text, more)


def _offered(question: Asked, choice: str) -> str:
    return choice if choice in question.choices else OTHER


def _number(value: Any) -> int | float:
    exact = Decimal(str(value))
    return int(exact) if exact == exact.to_integral_value() else float(exact)
