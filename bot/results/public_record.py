"""What a council shows to everyone: what is open, what came of what has closed, petitions, needs.

    consultations + counts (bot.results.publishing) -> Record -> page, feed; `plain` -> JSON

Here is no name and no word of a citizen. A count stands here only if the summary of its kind shows it;
any other is `Suppressed`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from bot.core.localtime import local
from flows.dialog.facts import Texts
from flows.statistics.summary import SMALLEST, Cell, Suppressed
from flows.wording import render
from flows.wording.text import LANGUAGES, Message, Text, msg

#: How many persons, or that it is not told.
Count = int | Suppressed


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


@dataclass(frozen=True, slots=True)
class Law:
    """How many signatures a petition needs, where that is written, and how sure that is (A to C).

    `each_province` is the least number from each province, None where nothing of the kind is asked.
    """

    signatures: int
    each_province: int | None
    article: Mapping[str, str]
    certainty: str
    citation: Text


@dataclass(frozen=True, slots=True)
class Deposit:
    """A petition was brought to the council. `outcome` is "agenda" or "refused", None while it waits."""

    day: date
    signatures: Count
    at: int
    outcome: str | None
    outcome_day: date | None


@dataclass(frozen=True, slots=True)
class Petition:
    """How far a petition has come. `law` is None where no rule is known."""

    code: str
    title: Texts
    demand: Texts
    state: str
    pledges: Count
    signatures: Count
    law: Law | None
    deposit: Deposit | None


@dataclass(frozen=True, slots=True)
class Part:
    """The needs of one theme or status: how many, which share of all (0 to 1), how many people say so."""

    id: str
    name: Text
    count: Count
    share: Cell
    voices: Count | None


@dataclass(frozen=True, slots=True)
class Needs:
    """The needs that one call brought: never what somebody wrote."""

    code: str
    title: Texts
    state: str
    told: int
    answered: int
    themes: tuple[Part, ...]
    states: tuple[Part, ...]


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
    petitions: tuple[Petition, ...]
    needs: tuple[Needs, ...]
    closed: tuple[Closed, ...]


def changed_kinds(what: str) -> tuple[str, ...]:
    """What a row of `changes` names, in kinds that can be told: the end, the languages, what is sent."""
    return tuple(sorted({_changed_kind(key) for key in what.split(", ")}))


def _changed_kind(key: str) -> str:
    if key == "closes":
        return "end"
    return "sending" if key.startswith(("outreach", "theme")) else "languages"


def counted(count: Count, shown: str, few: str) -> Message:
    """A count in a sentence: the entry `shown`, or `few` where it is not told."""
    if isinstance(count, Suppressed):
        return msg(few, smallest=SMALLEST)
    return msg(shown, count=count)


def supported(petition: Petition) -> tuple[Text, Text]:
    """How many support a petition, and how many have signed it."""
    return (
        counted(petition.pledges, "petition.pledges", "public.few_pledges"),
        counted(petition.signatures, "petition.signatures", "public.few_signatures"),
    )


# --------------------------------------------------------------------------- for programs

#: The version of the form in which `plain` writes; docs/public-data.md describes it.
FORM = 1

#: Signs that keep directions apart on a screen; a program gets the words alone.
_ISOLATES = dict.fromkeys([0x2066, 0x2067, 0x2068, 0x2069])


def plain(record: Record, public_url: str) -> dict[str, Any]:
    """The record as JSON has it. Every text is a map of languages."""

    def said(text: Text) -> dict[str, str]:
        return {
            code: render(text, code, record.language).translate(_ISOLATES) for code in LANGUAGES
        }

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
        "petitions": [_petition(one, said) for one in record.petitions],
        "needs": [_needs(one, said) for one in record.needs],
        "closed": [_closed(one, said, public_url) for one in record.closed],
    }


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
    }


def _petition(one: Petition, said: Said) -> dict[str, Any]:
    law, held = one.law, one.deposit
    return {
        "code": one.code,
        "title": one.title,
        "demand": one.demand,
        "state": one.state,
        "pledges": _count(one.pledges),
        "signatures": _count(one.signatures),
        "law": {
            "signatures": law.signatures,
            "each_province": law.each_province,
            "article": {code: text.translate(_ISOLATES) for code, text in law.article.items()},
            "certainty": law.certainty,
            "citation": said(law.citation),
        }
        if law
        else None,
        "deposit": {
            "day": held.day.isoformat(),
            "signatures": _count(held.signatures),
            "outcome": held.outcome,
            "outcome_day": held.outcome_day.isoformat() if held.outcome_day else None,
        }
        if held
        else None,
    }


def _needs(one: Needs, said: Said) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "state": one.state,
        "told": _count(one.told),
        "answered": _count(one.answered),
        "themes": [_part(part, said) for part in one.themes],
        "states": [_part(part, said) for part in one.states],
    }


def _part(part: Part, said: Said) -> dict[str, Any]:
    share = float(part.share) if isinstance(part.share, Decimal) else None
    made = {"id": part.id, "name": said(part.name), "count": _count(part.count), "share": share}
    if part.voices is not None:
        made["voices"] = _count(part.voices)
    return made


def _closed(one: Closed, said: Said, public_url: str) -> dict[str, Any]:
    return {
        "code": one.code,
        "kind": one.kind,
        "title": one.title,
        "closed_at": moment_text(one.closed_at),
        "responses": _count(one.responses),
        "headline": said(one.headline),
        "results": f"{public_url}/results/{one.code}",
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


def _count(count: Count) -> dict[str, Any]:
    hidden = isinstance(count, Suppressed)
    return {"value": None if hidden else count, "suppressed": hidden}


def moment_text(at: int | None) -> str | None:
    """A moment in milliseconds as RFC 3339 has it, with the offset of the council's local time."""
    return local(at).isoformat(timespec="seconds") if at is not None else None
