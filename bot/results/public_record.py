"""What a council shows to everyone: what is open, what came of what has closed, petitions, needs.

    consultations + counts (bot.results.publishing) -> Record -> page, feed; `plain` -> JSON

Here is no name and no word of a citizen. A count stands here only if the summary of its kind shows it;
any other is `Suppressed`. A kind may have a section of its own: `Section`.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import quote

from bot.core.councils import Register
from bot.core.ledger import Head
from bot.core.localtime import local
from flows.dialog.facts import Texts
from flows.dialog.fields import fields_of
from flows.kinds import kinds
from flows.statistics.summary import SMALLEST, Suppressed, Table
from flows.wording import render
from flows.wording.text import LANGUAGES, Message, Text, msg
from storage.database import Transaction
from storage.rows.public import PublicConsultations, PublicCounts

#: How many persons, or that it is not told.
Count = int | Suppressed


#: What is said where not everything counts, by the least assurance that does.
COUNTED: Mapping[str, Message] = {
    "A1": msg("public.counted.A1"),
    "A2": msg("public.counted.A2"),
}


@dataclass(frozen=True, slots=True)
class Open:
    """What can be answered now. `links` lead into it, by channel; moments are in milliseconds.

    `closes_local` is the first moment that no longer counts, in local words.
    """

    code: str
    kind: str
    emoji: str
    title: Texts
    minutes: int
    opened_at: int
    closes_at: int | None
    closes_local: str | None
    links: Mapping[str, str]
    #: The least assurance that counts: "A0" where everything does.
    least: str = "A0"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the council did with a result."""

    id: int
    texts: Texts
    day: date | None
    at: int


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed after the opening: "end", "languages", "sending"."""

    at: int
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of a consultation. `closed_at` is None where nobody wrote it down."""

    code: str
    kind: str
    emoji: str
    title: Texts
    closed_at: int | None
    responses: Count
    headline: Text
    decisions: tuple[Decision, ...]
    changes: tuple[Change, ...]
    least: str = "A0"
    #: SHA-256 of the file of the final result, None until that is made.
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """All that a council shows to everyone."""

    council_id: int
    code: str
    name: Texts
    language: str
    example: bool
    contact: Texts
    open: tuple[Open, ...]
    #: The sections of kinds that have one, each with what its consultations show.
    sections: tuple[tuple["Section", tuple[Any, ...]], ...]
    closed: tuple[Closed, ...]
    #: Commits the council to its ledger; None where that has no entry of an earlier day.
    ledger: Head | None = None

    @property
    def results(self) -> list[Closed]:
        """What has closed and stands in no section of its own."""
        whole = {section.kind for section, _ in self.sections if section.whole}
        return [one for one in self.closed if one.kind not in whole]


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened, for a feed. `id` stays for ever; `results` says where it leads."""

    id: str
    at: int
    code: str
    results: bool
    title: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn from all the responses of one consultation: the headline, and its tables."""

    headline: Text
    tables: Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Seen:
    """One consultation as a section sees it.

    `drawn` is None where nothing was drawn from its responses; `answered` counts cases with an answer,
    `closed_at` is None where it is open or nobody wrote it down; `read` is what the section read besides.
    """

    register: Register
    row: PublicConsultations
    counts: PublicCounts
    answered: int
    drawn: Drawn | None
    closed_at: int | None
    at: int
    read: Any


def _no_consultation(seen: Seen) -> Any:
    raise TypeError(f"{seen.row.code} is a consultation; this section has `items` that are none")


@dataclass(frozen=True, slots=True)
class Section:
    """What a kind shows of its consultations in a section of its own.

    `key` names it in the data and on the page, `title` is the entry of its heading, `template` shows its
    items, one after the other; `index` stands above them and shows how else one finds them (`items`), "" for nothing. `read` reads what it needs beside the counts, once for all of a council; `item` is made of each
    consultation, `plain` is it as JSON has it. `headline` stands in the place of one that is drawn from
    all responses. `whole`: what has closed stands here, not among the results. `order` sorts the items, where
    they do not stand as the consultations do: what is open first, the newest first. `items` makes them of what was
    read at a moment (ms), where they are no consultations: then `kind` is "".
    """

    kind: str
    key: str
    title: str
    template: str
    read: Callable[[Transaction, int], Awaitable[Any]]
    plain: Callable[[Any, "Said"], dict[str, Any]]
    item: Callable[[Seen], Any] = _no_consultation
    #: Sections stand in this order.
    place: int = 0
    headline: Callable[[Any], Text] | None = None
    whole: bool = False
    order: Callable[[Any], Any] | None = None
    news: Callable[[Any], Iterator[News]] = lambda item: iter(())
    items: Callable[[Any, int], Iterable[Any]] | None = None
    index: str = ""


def changed_kinds(what: str) -> tuple[str, ...]:
    """What a row of `changes` names, in kinds that can be told: the end, languages, what is sent, details."""
    return tuple(sorted({_changed_kind(key) for key in what.split(", ")}))


def _changed_kind(key: str) -> str:
    if key == "closes":
        return "end"
    if key.startswith(("outreach", "theme")):
        return "sending"
    return "details" if re.split(r"[.\[]", key)[0] in _free() else "languages"


@cache
def _free() -> frozenset[str]:
    """The fields that an organizer may change once a consultation is open: when and where a meeting is."""
    every = (field for kind in kinds().values() for field in fields_of(kind.definition))
    return frozenset(field.name for field in every if field.hint.opened == "free")


def counted(count: Count, shown: str, few: str) -> Message:
    """A count in a sentence: the entry `shown`, or `few` where it is not told."""
    if isinstance(count, Suppressed):
        return msg(few, smallest=SMALLEST)
    return msg(shown, count=count)


# --------------------------------------------------------------------------- for programs

#: The version of the form in which `plain` writes; docs/public-data.md describes it.
FORM = 1

#: Signs that keep directions apart on a screen; a program gets the words alone.
ISOLATES = dict.fromkeys([0x2066, 0x2067, 0x2068, 0x2069])


def plain(record: Record, public_url: str) -> dict[str, Any]:
    """The record as JSON has it. Every text is a map of languages."""

    def said(text: Text) -> dict[str, str]:
        return {code: render(text, code, record.language).translate(ISOLATES) for code in LANGUAGES}

    return {
        "form": FORM,
        "council": {
            "code": record.code,
            "name": record.name,
            "contact": record.contact,
            "example": record.example,
            "page": f"{public_url}/c/{quote(record.code.lower())}",
        },
        "open": [_open(one) for one in record.open],
        **{
            section.key: [section.plain(item, said) for item in items]
            for section, items in record.sections
        },
        "closed": [_closed(one, said, public_url) for one in record.closed],
        "ledger": None if record.ledger is None else plain_head(record.ledger),
    }


def plain_head(head: Head) -> dict[str, str]:
    """As the verifier reads it."""
    names = ("head", "day", "signature", "key")
    return {name: getattr(head, name) for name in names}


Said = Callable[[Text], dict[str, str]]


def _open(one: Open) -> dict[str, Any]:
    return {
        "code": one.code,
        "kind": one.kind,
        "title": one.title,
        "minutes": one.minutes,
        "opened_at": moment_text(one.opened_at),
        "closes_at": moment_text(one.closes_at),
        "links": one.links,
        "counted": one.least,
    }


def _closed(one: Closed, said: Said, public_url: str) -> dict[str, Any]:
    return {
        "code": one.code,
        "kind": one.kind,
        "title": one.title,
        "closed_at": moment_text(one.closed_at),
        "responses": plain_count(one.responses),
        "headline": said(one.headline),
        "counted": one.least,
        "results": f"{public_url}/results/{one.code}",
        "file": f"{public_url}/results/{one.code}.json" if one.digest else None,
        "sha256": one.digest,
        "decisions": [
            {
                "texts": decision.texts,
                "day": decision.day.isoformat() if decision.day else None,
                "noted_at": moment_text(decision.at),
            }
            for decision in one.decisions
        ],
        "changes": [
            {"at": moment_text(change.at), "what": list(change.what)} for change in one.changes
        ],
    }


def plain_count(count: Count) -> dict[str, Any]:
    hidden = isinstance(count, Suppressed)
    return {"value": None if hidden else count, "suppressed": hidden}


def moment_text(at: int | None) -> str | None:
    """A moment in milliseconds as RFC 3339 has it, with the offset of the council's local time."""
    return local(at).isoformat(timespec="seconds") if at is not None else None
