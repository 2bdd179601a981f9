"""The needs desk: what staff do with a citizen's need, and what is written down of it.

    need -> case (found by theme, place, words; due) -> entries: reply, answer, note, status, ...

Whatever is done leaves an entry with who did it. What is said to the citizen is in
`bot.kinds.need.replies`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from bot.core.councils import Register
from bot.core.localtime import local, local_day, now_ms
from bot.core.numbers import next_number
from bot.core.refusals import refused
from bot.outreach.answers import DOCUMENT
from bot.staff.accounts import active_members_of
from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.kinds.need import similarity
from flows.morocco import information_law
from flows.understanding import scripts
from flows.wording import in_every_language
from flows.wording.text import Code
from storage.database import Storage, Transaction
from storage.ids import new_id
from storage.rows.cases import (
    CaseByReference,
    EntriesOf,
    LikeCases,
    LockCases,
    MergeCase,
    NeedsWithoutCase,
    TranscriptsOf,
    UnmergeCase,
)

#: What a need is in the eyes of the law.
NATURES = ("need", "information")

#: How alike two needs must be for the desk to suggest that they say the same; how many are read.
ALIKE = 0.62
COMPARED = 400
SUGGESTED = 5

#: Longest text that staff may write at once, in characters.
LONGEST = 2000

#: How many needs without a case are seen to in one transaction.
PAGE = 500


# --------------------------------------------------------------------------- the case itself


async def open_case(
    tx: Transaction,
    council: Council,
    council_id: int,
    response_id: int,
    body: Mapping[str, Any],
    at: int,
    split_from: int | None = None,
) -> None:
    """Begin the case of a need that was just told."""
    due = None
    if council.answer_days:
        due = (local_day(at) + timedelta(days=council.answer_days)).isoformat()
    await tx.run(
        "add_case",
        response_id=response_id,
        council_id=council_id,
        theme=str(body.get("theme") or ""),
        place=_place(body),
        sought=_sought(body),
        due_day=due,
        split_from=split_from,
        at=at,
    )


async def refresh(tx: Transaction, response_id: int, body: Mapping[str, Any]) -> None:
    """Its words have changed, or a voice note was written down: find it by them."""
    written = [row.text for row in await tx.rows(TranscriptsOf, response_id=response_id)]
    await tx.run(
        "set_sought",
        response_id=response_id,
        theme=str(body.get("theme") or ""),
        place=_place(body),
        sought=_sought(body, written),
    )


async def backfill(storage: Storage, register: Register) -> int:
    """Begin the cases of needs that were told before there was a desk. Returns how many."""
    count = 0
    while True:
        async with storage.transaction() as tx:
            rows = await tx.rows(NeedsWithoutCase, most=PAGE)
            for row in rows:
                council = register.council(row.council_id)
                body = msgspec.json.decode(row.body)
                await open_case(tx, council, row.council_id, row.id, body, row.created_at)
        count += len(rows)
        if len(rows) < PAGE:
            return count


def sought_in(text: str) -> str:
    """What somebody types into the search, as the desk keeps words."""
    return scripts.fold(text)


def _place(body: Mapping[str, Any]) -> str:
    """Every name of the place, folded, so that one spelling finds the other script's."""
    spot = body.get("place") or {}
    parts = [str(spot.get("text") or "")]
    if body.get("commune"):
        parts.extend(in_every_language(place_name(str(body["commune"]))))
    return scripts.fold(" ".join(part for part in parts if part))


def _sought(body: Mapping[str, Any], written: Sequence[str] = ()) -> str:
    words = (body.get("words") or {}).get("text") or ""
    return " ".join((scripts.fold(" ".join([words, *written])), _place(body))).strip()


# --------------------------------------------------------------------------- entries


async def note_entry(
    tx: Transaction,
    response_id: int,
    what: str,
    text: str = "",
    *,
    made_by: str = "",
    media: Sequence[Mapping[str, Any]] = (),
    detail: str = "",
) -> int:
    """Write down what was said or done; its id. Without `made_by` it was the citizen."""
    id = new_id()
    await tx.run(
        "add_entry",
        id=id,
        response_id=response_id,
        what=what,
        text=text,
        media=msgspec.json.encode(media).decode(),
        detail=detail,
        made_by=made_by,
        at=now_ms(),
    )
    return id


async def heard(tx: Transaction, response_id: int, what: str, said: Mapping[str, Any]) -> None:
    """The citizen answered, or added something: the desk sees that it was not read yet."""
    await note_entry(
        tx, response_id, what, str(said.get("text") or ""), media=said.get("media") or ()
    )
    await tx.run("case_unread", response_id=response_id, unread=1)


async def mark_read(tx: Transaction, response_id: int) -> None:
    """Somebody of the desk has read what the citizen said."""
    await tx.run("case_unread", response_id=response_id, unread=0)


# --------------------------------------------------------------------------- what staff do


async def note(tx: Transaction, row: CaseByReference, made_by: str, text: str) -> None:
    """A note that only staff see. Raises NotAllowed."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise refused("desk.no.length", longest=LONGEST, length=len(text))
    await note_entry(tx, row.id, "note", text, made_by=made_by)


async def assign(
    tx: Transaction, row: CaseByReference, made_by: str, assignee_id: int | None
) -> None:
    """Say who of the council's staff sees to it, or nobody. Raises NotAllowed."""
    name = ""
    if assignee_id is not None:
        active = {one.id: one.name for one in await active_members_of(tx, row.council_id)}
        if assignee_id not in active:
            raise refused("desk.no.colleague")
        name = active[assignee_id]
    await tx.run("assign_case", response_id=row.id, assignee_id=assignee_id)
    await note_entry(tx, row.id, "assign", name, made_by=made_by)


async def suggestions(tx: Transaction, row: CaseByReference) -> list[LikeCases]:
    """Needs that may say the same, the most alike first."""
    mine = _alike(msgspec.json.decode(row.body))
    rows = await tx.rows(
        LikeCases,
        council_id=row.council_id,
        theme=row.theme,
        not_id=row.id,
        most=COMPARED,
    )
    scored = [(similarity(mine, _alike(msgspec.json.decode(r.body))), r) for r in rows]
    scored = [(score, r) for score, r in scored if score >= ALIKE]
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    return [r for _, r in scored[:SUGGESTED]]


def _alike(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A need as `similarity` compares it."""
    spot = body.get("place") or {}
    pinned = spot.get("latitude") is not None
    return {
        "text": (body.get("words") or {}).get("text") or "",
        "place": scripts.fold(spot.get("text") or ""),
        "pin": [spot["latitude"], spot["longitude"]] if pinned else None,
    }


async def merge(
    tx: Transaction, row: CaseByReference, into: CaseByReference | None, made_by: str
) -> None:
    """Put a need to another that says the same: one answer for both. Raises NotAllowed."""
    if into is None or into.council_id != row.council_id:
        raise refused("desk.no.need")
    # Somebody may be putting the other to this one at the same moment.
    await tx.rows(LockCases, one=row.id, other=into.id)
    merged = into.id != row.id and await tx.row(MergeCase, id=row.id, into=into.id)
    if not merged:
        raise refused("desk.no.together", one=Code(row.reference), other=Code(into.reference))
    await note_entry(tx, row.id, "merge", into.reference, made_by=made_by)
    await note_entry(tx, into.id, "merged", row.reference, made_by=made_by)


async def unmerge(tx: Transaction, row: CaseByReference, made_by: str) -> None:
    """Let it stand by itself again. Raises NotAllowed."""
    if await tx.row(UnmergeCase, id=row.id) is None:
        raise refused("desk.no.alone", reference=Code(row.reference))
    await note_entry(tx, row.id, "unmerge", row.merged_reference or "", made_by=made_by)


async def split(
    tx: Transaction, council: Council, row: CaseByReference, theme: str, text: str, made_by: str
) -> str:
    """Make a second need of a part of the words: same author, own reference and status.

    Nothing is taken from the first. Returns the new reference. Raises NotAllowed.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise refused("desk.no.length", longest=LONGEST, length=len(text))
    if row.state == "withdrawn":
        raise refused("desk.no.taken_back", reference=Code(row.reference))
    at = now_ms()
    number = await next_number(tx, f"{council.prefix}-{local(at).year}")
    reference = f"{council.prefix}-{local(at).year}-{number:06d}"
    body = {
        **msgspec.json.decode(row.body),
        "theme": theme,
        "words": {"text": text, "media": []},
    }
    id = new_id()
    await tx.run(
        "copy_response",
        id=id,
        from_id=row.id,
        reference=reference,
        body=msgspec.json.encode(body).decode(),
        at=at,
    )
    await open_case(tx, council, row.council_id, id, body, at, split_from=row.id)
    await note_entry(tx, row.id, "split", reference, made_by=made_by)
    await note_entry(tx, id, "split_from", row.reference, made_by=made_by)
    return reference


async def transcribe(
    tx: Transaction, row: CaseByReference, media: str, text: str, made_by: str
) -> None:
    """Write down what a voice note says; the desk finds the need by it. Raises NotAllowed."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise refused("desk.no.length", longest=LONGEST, length=len(text))
    if media not in await voices_of(tx, row):
        raise refused("desk.no.voice")
    await tx.run(
        "save_transcript",
        media=media,
        response_id=row.id,
        text=text,
        made_by=made_by,
        at=now_ms(),
    )
    await note_entry(tx, row.id, "transcript", text, made_by=made_by)
    await refresh(tx, row.id, msgspec.json.decode(row.body))


async def files_of(tx: Transaction, row: CaseByReference) -> list[dict[str, Any]]:
    """Every file that the author sent: those told with the need, and those of later answers."""
    found = list((msgspec.json.decode(row.body).get("words") or {}).get("media") or ())
    for entry in await tx.rows(EntriesOf, response_id=row.id):
        found.extend(i for i in msgspec.json.decode(entry.media) if i["kind"] != DOCUMENT)
    # What was added to a need stands in both.
    return list({item["name"]: item for item in found}.values())


async def voices_of(tx: Transaction, row: CaseByReference) -> frozenset[str]:
    """The names of a need's voice notes."""
    return frozenset(i["name"] for i in await files_of(tx, row) if i["kind"] == "voice")


async def set_nature(
    tx: Transaction,
    council: Council,
    row: CaseByReference,
    made_by: str,
    nature: str,
    *,
    urgent: bool = False,
    extended: bool = False,
) -> None:
    """What the law calls it: a need, or a request for information with the law's time to answer.

    Raises NotAllowed.
    """
    if nature not in NATURES:
        raise refused("desk.no.nature")
    due = due_of(council, local_day(row.created_at), nature, urgent=urgent, extended=extended)
    await tx.run(
        "set_case_due",
        response_id=row.id,
        nature=nature,
        urgent=int(urgent and nature == "information"),
        extended=int(extended and nature == "information"),
        due_day=due.isoformat() if due is not None else None,
    )
    marks = [nature, *(["urgent"] if urgent else []), *(["extended"] if extended else [])]
    await note_entry(tx, row.id, "nature", " ".join(marks), made_by=made_by)


def due_of(
    council: Council, received: date, nature: str, *, urgent: bool = False, extended: bool = False
) -> date | None:
    """The last day on which an answer is in time; None where nothing was promised."""
    if nature == "information":
        closed = council.closed_days
        return information_law.due(
            received, urgent=urgent, extended=extended, closed=closed
        ).last_day
    return received + timedelta(days=council.answer_days) if council.answer_days else None
