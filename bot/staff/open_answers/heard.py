"""What staff heard in a voice note: entered beside the answer, laid over it wherever answers are read.

The answer itself stays as its author gave it: what was heard is corrected and taken back, and goes with the voice
note. Who enters something says which version they saw, so that nobody overwrites a colleague's word unseen.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from bot.core.localtime import now_ms
from bot.core.refusals import refused
from flows.statistics.asked import OwnWords
from storage.database import Transaction
from storage.rows.downloads import ResponsesPage
from storage.rows.responses import EnterHeard, HeardOf, HeardOfPerson

#: Longest that is written down of a voice note, in characters.
LONGEST: Final = 2000

#: Response -> name of a voice note's file -> what was entered about it.
Entries = Mapping[int, Mapping[str, HeardOf]]

S = TypeVar("S", bound=ResponsesPage)


async def entries(tx: Transaction, consultation_id: int) -> Entries:
    """What was entered about the voice notes of a consultation."""
    return _by_response(await tx.rows(HeardOf, consultation_id=consultation_id))


async def entries_of_person(tx: Transaction, person_id: int) -> Entries:
    """What was entered about somebody's voice notes."""
    return _by_response(await tx.rows(HeardOfPerson, person_id=person_id))


def _by_response(rows: Iterable[HeardOf]) -> Entries:
    found: dict[int, dict[str, HeardOf]] = {}
    for row in rows:
        found.setdefault(row.response_id, {})[row.media] = row
    return found


def laid(stored: S, own_words: Sequence[OwnWords], entered: Entries) -> S:
    """A stored response with what was heard in its voice notes."""
    about = entered.get(stored.id)
    if not about:
        return stored
    body = over(msgspec.json.decode(stored.body), own_words, about)
    return msgspec.structs.replace(stored, body=msgspec.json.encode(body).decode())


def over(
    body: Mapping[str, Any], own_words: Sequence[OwnWords], about: Mapping[str, HeardOf]
) -> Mapping[str, Any]:
    """A body with what was heard: what staff wrote down stands behind the words, and is marked as theirs."""
    for words in own_words:
        said = words.within(body)
        if isinstance(said, dict):
            heard = [entry for note in voices_in(said) if (entry := about.get(note)) is not None]
            written = [written_in(entry) for entry in heard if entry.outcome == "heard"]
            if written:
                text = "\n".join(part for part in (said.get("text"), *written) if part)
                body = words.put(body, {**said, "text": text, "written": True})
    return body


def voices_in(said: Mapping[str, Any]) -> list[str]:
    """The names of the voice notes of an answer."""
    return [item["name"] for item in said.get("media") or () if item["kind"] == "voice"]


def written_in(entry: HeardOf) -> str:
    """What staff wrote down of a voice note."""
    return str(msgspec.json.decode(entry.answer))


def written(text: str) -> str:
    """What is to be written down, as it is kept. Raises NotAllowed."""
    text = text.strip()
    if not 0 < len(text) <= LONGEST:
        raise refused("desk.no.length", longest=LONGEST, length=len(text))
    return msgspec.json.encode(text).decode()


async def enter(
    tx: Transaction,
    consultation_id: int,
    seen: HeardOf,
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
