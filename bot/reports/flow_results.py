"""A consultation's answers as a FLOIP Flow Results data package, for other programs to read.

The package is a ZIP: `datapackage.json`, which describes it, a file of rows under `data/`, and
`codebook.csv`. It follows version 1.1.0 of the specification
(https://github.com/FLOIP/flow-results/blob/master/specification.md). Beyond what that has, questions
carry `labels` and `choice_labels` by language, and several choices whose order counts are `ranked`.

A package is about answers, not persons: it holds no profile, channel or reference. Ids of contacts,
sessions and rows are made from a key that is thrown away, so that they join within one package and
with nothing else. A time is the beginning of the day. Rows are shuffled, so that their order does not
tell who came when. Words are as they were written, and are marked as personal.
"""

import json
import re
import secrets
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from hashlib import blake2b
from io import BytesIO
from itertools import chain, islice
from typing import Any, BinaryIO

from bot.reports.codebook import codebook, write_codebook
from bot.reports.rendered import Heading
from flows.dialog.definition import Head
from flows.dialog.facts import Council
from flows.kinds import kinds
from flows.statistics.asked import Asked
from flows.statistics.summary import SMALLEST, Response
from flows.wording import render
from flows.wording.text import LANGUAGES, Text, Translated

#: The version of the specification that packages follow.
VERSION = "1.1.0"

#: Our languages as ISO 639-3 has them.
ISO = {"ary": "ary", "ar": "arb", "fr": "fra", "zgh": "zgh", "en": "eng"}

#: So many responses are shuffled together.
BATCH = 5_000

#: The columns of a row, in their order.
FIELDS = (
    ("timestamp", "Timestamp", "datetime"),
    ("row_id", "Row ID", "string"),
    ("contact_id", "Contact ID", "string"),
    ("session_id", "Session ID", "string"),
    ("question_id", "Question ID", "string"),
    ("response", "Response", "any"),
    ("response_metadata", "Response Metadata", "object"),
)

Row = list[Any]


class TooFew(Exception):
    """There are not enough responses for a package in which nobody can be recognised."""


def descriptor(
    definition: Head,
    council: Council,
    language: str,
    made_at: datetime,
    *,
    id: uuid.UUID,
    sensitive: bool = False,
) -> dict[str, Any]:
    """What `datapackage.json` holds; `made_at` has a zone, `id` is a random UUID (version 4).

    Labels are in `language`, one of `flows.wording.text.LANGUAGES`, and in every other that there is. Answers
    that the law protects are asked for with `sensitive`; else their questions are left out.
    """
    if made_at.tzinfo is None:
        raise ValueError(f"made_at = {made_at} has no zone; the specification asks for its offset")
    name = _name(definition, made_at)
    made = made_at.isoformat(timespec="seconds")
    return {
        "profile": "flow-results-package",
        "name": name,
        "flow_results_specification_version": VERSION,
        "created": made,
        "modified": made,
        "id": str(id),
        "title": render(Translated(definition.title), language),
        "resources": [
            {
                "profile": "data-resource",
                "name": f"{name}-data",
                "path": f"data/{name}-data.json",
                "access_method": "file",
                "mediatype": "application/json",
                "encoding": "utf-8",
                "schema": {
                    "language": ISO[language],
                    "fields": [
                        {"name": name, "title": title, "type": type} for name, title, type in FIELDS
                    ],
                    "questions": {
                        question.id: _question(question, language)
                        for question in _open_to(definition, council, sensitive)
                    },
                },
            }
        ],
    }


def rows(
    definition: Head,
    council: Council,
    responses: Iterable[Response],
    key: bytes,
    contact: Callable[[Response], str],
    *,
    sensitive: bool = False,
) -> Iterator[Row]:
    """A row for each answer. `key` is 32 random bytes that nobody keeps.

    `contact` gives the same text for all responses of one person; the package does not show it.
    """
    questions = {q.id: q for q in _open_to(definition, council, sensitive)}
    waiting = iter(responses)
    while batch := list(islice(waiting, BATCH)):
        made = [
            row
            for response in batch
            for row in _rows_of(questions, definition, response, key, contact(response))
        ]
        secrets.SystemRandom().shuffle(made)
        yield from made


def write_package(
    definition: Head,
    council: Council,
    responses: Iterable[Response],
    language: str,
    made_at: datetime,
    out: BinaryIO,
    *,
    contact: Callable[[Response], str] = lambda response: response.reference,
    sensitive: bool = False,
) -> int:
    """Write a package to `out`, and return the number of its responses.

    Holds only a batch of responses in memory. Raises TooFew, before anything is written, where there
    are fewer than five. Without `contact` each response is a contact of its own.
    """
    waiting = iter(responses)
    first = list(islice(waiting, SMALLEST))
    if len(first) < SMALLEST:
        raise TooFew(
            f"{definition.code} has {len(first)} responses; a package needs {SMALLEST} or more,"
            " so that nobody can be recognised"
        )
    key = secrets.token_bytes(32)
    described = descriptor(
        definition, council, language, made_at, id=uuid.uuid4(), sensitive=sensitive
    )
    counted = _Counted(chain(first, waiting))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("datapackage.json", made_at), _json(described, indent=1))
        book = _codebook(definition, council, language, sensitive)
        archive.writestr(_entry("codebook.csv", made_at), book)
        path = described["resources"][0]["path"]
        with archive.open(_entry(path, made_at), "w", force_zip64=True) as data:
            separator = b"[\n"
            for row in rows(definition, council, counted, key, contact, sensitive=sensitive):
                data.write(separator + _json(row))
                separator = b",\n"
            data.write(b"\n]\n" if separator == b",\n" else b"[]\n")
    return counted.count


class _Counted:
    """Responses that are counted as they go by."""

    def __init__(self, responses: Iterable[Response]) -> None:
        self._responses = responses
        self.count = 0

    def __iter__(self) -> Iterator[Response]:
        for response in self._responses:
            self.count += 1
            yield response


def _open_to(definition: Head, council: Council, sensitive: bool) -> Sequence[Asked]:
    return [
        q
        for q in kinds()[definition.kind].asked(definition, council)
        if sensitive or not q.sensitive
    ]


def _question(question: Asked, language: str) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if question.choices:
        # A rating has names for its numbers, but they are numbers.
        if question.type.startswith("select_"):
            options["choices"] = list(question.choices)
        options["choice_labels"] = {id: _labels(text) for id, text in question.choices.items()}
    if question.ranked:
        options["ranked"] = True
    if question.limits is not None:
        options["range"] = list(question.limits)
    described: dict[str, Any] = {
        "type": question.type,
        "label": render(question.text, language),
        "labels": _labels(question.text),
        "type_options": options,
    }
    if question.personal or question.sensitive:
        described["is_personal_information"] = True
    return described


def _labels(text: Text) -> dict[str, str]:
    """A text in every language that there is: an organizer's in theirs, our own in all."""
    if isinstance(text, Translated):
        return {language: words for language, words in text.texts.items() if words}
    return {language: render(text, language) for language in LANGUAGES}


def _rows_of(
    questions: dict[str, Asked], definition: Head, response: Response, key: bytes, contact: str
) -> Iterator[Row]:
    person = _id(key, "contact", contact)
    session = _id(key, "session", response.reference)
    for answer in kinds()[definition.kind].given(questions, definition, response):
        row = _id(key, "row", response.reference, answer.question)
        more = dict(answer.more) or None
        yield [_day(response.day), row, person, session, answer.question, answer.value, more]


def _id(key: bytes, *parts: str) -> str:
    """What stands for something within one package, and says nothing about it."""
    return blake2b("\0".join(parts).encode(), key=key, digest_size=12).hexdigest()


def _day(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+00:00"


def _name(definition: Head, made_at: datetime) -> str:
    """What the specification allows in a name: small letters, digits and `.`, `_`, `-`."""
    code = re.sub(r"[^a-z0-9._-]+", "-", definition.code.lower())
    return f"{code}-{made_at:%Y%m%d}"


def _codebook(definition: Head, council: Council, language: str, sensitive: bool) -> bytes:
    asked = kinds()[definition.kind].asked(definition, council)
    columns = [
        Heading(question.id, render(question.text, language), question.type)
        for question in _open_to(definition, council, sensitive)
    ]
    out = BytesIO()
    write_codebook(codebook(columns, asked, language), language, out)
    return out.getvalue()


def _json(value: Any, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent).encode()


def _entry(name: str, made_at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, made_at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
