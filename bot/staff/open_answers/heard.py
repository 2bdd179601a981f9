"""What staff heard in a voice note: entered beside the answer, laid over it wherever answers are read.

The answer itself stays as its author gave it: what was heard is corrected and taken back, and goes with the voice
note. Who enters something says which version they saw, so that nobody overwrites a colleague's word unseen.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from bot.core.localtime import now_ms
from bot.core.refusals import refused
from flows.statistics.asked import Choices, OwnWords
from flows.statistics.summary import SMALLEST
from storage.database import Transaction
from storage.rows.downloads import ResponsesPage
from storage.rows.responses import (
    CountWaitingHeard,
    EnterHeard,
    HeardOfPerson,
    NotesHeard,
    WaitingHeardIn,
)

#: Longest that is written down of a voice note, in characters.
LONGEST: Final = 2000

#: What is entered about a voice note: an answer, or that nobody can understand it.
ENTERED: Final = frozenset({"heard", "unclear"})

#: Response -> name of a voice note's file -> what was entered about it.
Entries = Mapping[int, Mapping[str, NotesHeard]]

S = TypeVar("S", bound=ResponsesPage)


async def entries(tx: Transaction, consultation_id: int, until: int | None = None) -> Entries:
    """What was entered about the voice notes of a consultation, or what of it was entered before a moment (ms)."""
    rows = await tx.rows(NotesHeard, consultation_id=consultation_id)
    return _by_response(row for row in rows if until is None or row.at < until)


async def entries_of_person(tx: Transaction, person_id: int) -> Entries:
    """What was entered about somebody's voice notes."""
    return _by_response(await tx.rows(HeardOfPerson, person_id=person_id))


def _by_response(rows: Iterable[NotesHeard]) -> Entries:
    found: dict[int, dict[str, NotesHeard]] = {}
    for row in rows:
        found.setdefault(row.response_id, {})[row.media] = row
    return found


def laid(stored: S, questions: Sequence[OwnWords], entered: Entries) -> S:
    """A stored response with what was heard in its voice notes."""
    about = entered.get(stored.id)
    if not about:
        return stored
    body = over(msgspec.json.decode(stored.body), questions, about)
    return msgspec.structs.replace(stored, body=msgspec.json.encode(body).decode())


def over(
    body: Mapping[str, Any], questions: Sequence[OwnWords], about: Mapping[str, NotesHeard]
) -> Mapping[str, Any]:
    """A body with what was heard.

    Of own words, what staff wrote down stands behind them, and is marked as theirs (`written`). In the place of a
    choice stands what it chose (`heard`), or that nobody could understand it (`unclear`).
    """
    for question in questions:
        said = question.within(body)
        if not isinstance(said, dict):
            continue
        known = [entry for note in voices_in(said) if (entry := about.get(note)) is not None]
        more = _more(said, known, question.choices is not None)
        if more:
            body = question.put(body, {**said, **more})
    return body


def _more(said: Mapping[str, Any], known: Sequence[NotesHeard], chooses: bool) -> Mapping[str, Any]:
    """What is laid over an answer of which so much is known."""
    heard = [msgspec.json.decode(entry.answer) for entry in known if entry.outcome == "heard"]
    if heard and chooses:
        return {"heard": heard[-1]}
    if heard:
        parts = (said.get("text"), *heard)
        return {"text": "\n".join(part for part in parts if part), "written": True}
    return {"unclear": True} if any(entry.outcome == "unclear" for entry in known) else {}


def voices_in(said: Mapping[str, Any]) -> list[str]:
    """The names of the voice notes of an answer."""
    return [item["name"] for item in said.get("media") or () if item["kind"] == "voice"]


def answer_in(entry: NotesHeard) -> Any:
    """What staff heard in a voice note: what they wrote down, or an answer as it is stored; None for nothing."""
    return msgspec.json.decode(entry.answer) if entry.outcome == "heard" else None


def written(text: str) -> str:
    """What is to be written down, as it is kept. Raises NotAllowed."""
    text = text.strip()
    if not 0 < len(text) <= LONGEST:
        raise refused("desk.no.length", longest=LONGEST, length=len(text))
    return msgspec.json.encode(text).decode()


def chosen(choices: Choices, ids: Collection[str]) -> str:
    """What was chosen, as it is kept. Raises NotAllowed where it is no answer to the question."""
    try:
        return msgspec.json.encode(choices.stored(ids)).decode()
    except ValueError:
        raise refused("heard.no.choice") from None


async def awaited(
    tx: Transaction,
    consultation_id: int,
    response_id: int,
    questions: Sequence[OwnWords],
    body: Mapping[str, Any],
    at: int,
) -> None:
    """Note the voice notes of a response that have to be heard to be counted."""
    for question in questions:
        said = question.within(body)
        for media in voices_in(said) if isinstance(said, dict) else ():
            await tx.run(
                "await_hearing",
                response_id=response_id,
                media=media,
                consultation_id=consultation_id,
                field=question.field,
                at=at,
            )


async def waiting_in(tx: Transaction, council_id: int) -> list[WaitingHeardIn]:
    """The consultations of a council in which voice notes have to be heard to be counted, and may be: where fewer
    than five have answered they tell who speaks.
    """
    return await tx.rows(WaitingHeardIn, council_id=council_id, fewest=SMALLEST)


async def waiting(tx: Transaction, consultation_id: int) -> int:
    """How many voice notes of a consultation have to be heard to be counted."""
    found = await tx.row(CountWaitingHeard, consultation_id=consultation_id)
    return found.n if found is not None else 0


async def enter(
    tx: Transaction,
    consultation_id: int,
    seen: NotesHeard,
    outcome: str,
    answer: str,
    made_by: str,
) -> None:
    """Enter what was heard in place of what was `seen`. Raises NotAllowed if a colleague was faster."""
    entered = await tx.row(
        EnterHeard,
        response_id=seen.response_id,
        media=seen.media,
        consultation_id=consultation_id,
        field=seen.field,
        outcome=outcome,
        answer=answer,
        before=seen.version,
        made_by=made_by,
        at=now_ms(),
    )
    if entered is None:
        raise refused("heard.no.changed")
