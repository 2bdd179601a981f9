"""The desk: what staff do about what a citizen told, and what is written down of it.

    response -> case (found by topic, place, words; due) -> entries: reply, answer, note, status, ...

How a kind's responses become cases, `flows.kinds.kind.Case` says.

Whatever is done leaves an entry with who did it. What is said to the citizen is in
`bot.cases.replies`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from bot.core.councils import Register
from bot.core.localtime import local, local_day, now_ms
from bot.core.numbers import next_number
from bot.core.refusals import refused
from bot.core.roles import ANSWERING
from bot.outreach.answers import DOCUMENT
from bot.staff.accounts import active_members_of
from flows.dialog.communes import place_name
from flows.dialog.dialog import json_of
from flows.dialog.facts import Council
from flows.kinds import kinds
from flows.kinds.cases.similar import ALIKE, similarity
from flows.kinds.kind import DANGER, Case, Told
from flows.morocco import information_law
from flows.understanding import danger, scripts
from flows.wording import in_every_language
from flows.wording.text import Code
from storage.database import Storage, Transaction, batch
from storage.ids import new_id
from storage.rows.cases import (
    CaseByReference,
    CasesPage,
    EntriesOf,
    LikeCases,
    LockCases,
    MergeCase,
    MergedCases,
    TranscriptsOf,
    UnmergeCase,
    WithoutCase,
)
from storage.rows.today import WaitingLongest

#: What a case is in the eyes of the law.
NATURES = ("ordinary", "information")

#: How many cases are compared for those that say the same, and how many are told.
COMPARED = 400
SUGGESTED = 5

#: Longest text that staff may write at once, in characters.
LONGEST = 2000

#: How many responses without a case are seen to in one transaction.
PAGE = 500

#: Rows about a case, with its kind and its body.
CaseRow = CaseByReference | CasesPage | LikeCases | MergedCases | WaitingLongest

# --------------------------------------------------------------------------- the case itself


async def open_case(
    tx: Transaction,
    council: Council,
    rule: Case[Any],
    council_id: int,
    response_id: int,
    body: Mapping[str, Any],
    at: int,
    split_from: int | None = None,
) -> str:
    """Begin the case of a response that has just come. Returns the danger that it tells of, or ""."""
    due = rule.due(council, local_day(at))
    told = rule.told(body)
    told_of = _danger_in(told)
    await tx.run(
        "add_case",
        response_id=response_id,
        council_id=council_id,
        theme=told.topic,
        place=_place(told),
        sought=_sought(told),
        danger=told_of,
        due_day=due.isoformat() if due is not None else None,
        split_from=split_from,
        at=at,
    )
    return told_of


def _danger_in(told: Told) -> str:
    """The danger that a citizen tells of, "" for none: what they added ("as last year") takes nothing back."""
    first = told.words.splitlines()[:1] if told.topic == DANGER else []
    return next((found for one in (told.words, *first) if (found := danger.danger(one))), "")


async def refresh(
    tx: Transaction, rule: Case[Any], response_id: int, body: Mapping[str, Any]
) -> None:
    """Its words have changed, or a voice note was written down: find it by them."""
    written = [row.text for row in await tx.rows(TranscriptsOf, response_id=response_id)]
    told = rule.told(body)
    await tx.run(
        "set_sought",
        response_id=response_id,
        theme=told.topic,
        place=_place(told),
        sought=_sought(told, written),
        danger=_danger_in(told),
    )


async def backfill(storage: Storage, register: Register) -> int:
    """Begin the cases of responses that came before there was a desk for them. Returns how many."""
    rules = {kind.name: kind.case for kind in kinds().values() if kind.case is not None}
    wanted = batch([{"x": name} for name in rules])
    count = 0
    while True:
        async with storage.transaction() as tx:
            rows = await tx.rows(WithoutCase, kinds=wanted, most=PAGE)
            for row in rows:
                council, rule = register.council(row.council_id), rules[row.kind]
                body = msgspec.json.decode(row.body)
                await open_case(tx, council, rule, row.council_id, row.id, body, row.created_at)
                await set_waiting(tx, rule, row.id, row.state)
        count += len(rows)
        if len(rows) < PAGE:
            return count


def _place(told: Told) -> str:
    """Every name of the place, folded, so that one spelling finds the other script's."""
    parts = [told.spot.text if told.spot is not None else ""]
    if told.commune:
        parts.extend(in_every_language(place_name(told.commune)))
    return scripts.fold(" ".join(part for part in parts if part))


def _sought(told: Told, written: Sequence[str] = ()) -> str:
    return " ".join((scripts.fold(" ".join([told.words, *written])), _place(told))).strip()


def rule_of(kind: str) -> Case[Any]:
    """How the desk sees to a kind's responses. Raises LookupError for a kind that has no cases."""
    rule = kinds()[kind].case
    if rule is None:
        raise LookupError(f"a response of the kind {kind!r} is no case")
    return rule


def states() -> tuple[str, ...]:
    """Every state that a case may have, whatever its kind, each once."""
    rules = (kind.case for kind in kinds().values())
    return tuple(dict.fromkeys(s for rule in rules if rule is not None for s in rule.states))


def told_in(row: CaseRow) -> Told:
    """What the author of a case told."""
    return rule_of(row.kind).told(msgspec.json.decode(row.body))


async def set_waiting(tx: Transaction, rule: Case[Any], response_id: int, state: str) -> None:
    """Note beside a new state whether the council still owes something."""
    waiting = int(state in rule.waiting)
    await tx.run("case_waiting", response_id=response_id, waiting=waiting)


def sought_in(text: str) -> str:
    """What somebody types into the search, as the desk keeps words."""
    return scripts.fold(text)


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
    await tx.run("put_to_unread", response_id=response_id)


async def judged(tx: Transaction, reference: str, *, done: bool) -> None:
    """Its author says whether what staff call done is so; what is not begins anew, also where it was put to another."""
    row = await tx.row(CaseByReference, reference=reference)
    if row is None:
        return
    await heard(tx, row.id, "confirmed" if done else "reopened", {})
    parent = row.merged_reference
    into = await tx.row(CaseByReference, reference=parent) if parent is not None else None
    for one in (row, into):
        if done or one is None or one.state != row.state:
            continue
        rule = rule_of(one.kind)
        await tx.run("set_response_state", id=one.id, state=rule.states[0], at=now_ms())
        await set_waiting(tx, rule, one.id, rule.states[0])


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
    """Say who of the council's staff sees to it, or nobody. Raises NotAllowed.

    Whoever may not answer citizens cannot see to it.
    """
    name = ""
    if assignee_id is not None:
        active = {one.id: one for one in await active_members_of(tx, row.council_id)}
        if assignee_id not in active:
            raise refused("desk.no.colleague")
        if active[assignee_id].role not in ANSWERING:
            raise refused("desk.no.answering")
        name = active[assignee_id].name
    await tx.run("assign_case", response_id=row.id, assignee_id=assignee_id)
    await note_entry(tx, row.id, "assign", name, made_by=made_by)


async def suggestions(tx: Transaction, row: CaseByReference) -> list[LikeCases]:
    """Cases of the same kind that may say the same, the most alike first."""
    mine = told_in(row)
    rows = await tx.rows(
        LikeCases,
        council_id=row.council_id,
        kind=row.kind,
        theme=row.theme,
        not_id=row.id,
        most=COMPARED,
    )
    scored = [(similarity(mine, told_in(r)), r) for r in rows]
    scored = [(score, r) for score, r in scored if score >= ALIKE]
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    return [r for _, r in scored[:SUGGESTED]]


async def merge(
    tx: Transaction, row: CaseByReference, into: CaseByReference | None, made_by: str
) -> None:
    """Put a need to another that says the same: one answer for both. Raises NotAllowed."""
    if into is None or into.council_id != row.council_id or into.kind != row.kind:
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
    rule = rule_of(row.kind)
    body = rule.retold(msgspec.json.decode(row.body), theme, text)
    id = new_id()
    await tx.run(
        "copy_response",
        id=id,
        from_id=row.id,
        reference=reference,
        body=msgspec.json.encode(body).decode(),
        at=at,
    )
    await open_case(tx, council, rule, row.council_id, id, body, at, split_from=row.id)
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
    await refresh(tx, rule_of(row.kind), row.id, msgspec.json.decode(row.body))


async def files_of(tx: Transaction, row: CaseByReference) -> list[dict[str, Any]]:
    """Every file that the author sent: those told with the need, and those of later answers."""
    found = [json_of(one) for one in told_in(row).files]
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
    due = due_of(
        council,
        rule_of(row.kind),
        local_day(row.created_at),
        nature,
        urgent=urgent,
        extended=extended,
    )
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
    council: Council,
    rule: Case[Any],
    received: date,
    nature: str,
    *,
    urgent: bool = False,
    extended: bool = False,
) -> date | None:
    """The last day on which an answer is in time; None where nothing was promised."""
    if nature == "information":
        closed = council.closed_days
        return information_law.due(
            received, urgent=urgent, extended=extended, closed=closed
        ).last_day
    return rule.due(council, received)
