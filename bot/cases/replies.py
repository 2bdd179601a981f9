"""What staff write to the author of a need: words, a ready sentence, a new status, the receipt.

Whoever's need was put to that one is told too. Each message is a row of the outbox
(`bot.outreach.answers`) that waits for its hours; the thread tells how far it has come.
"""

from dataclasses import replace
from datetime import date

from bot.cases import handling, reading
from bot.core.councils import Register
from bot.core.localtime import local_day, now_ms
from bot.core.refusals import refused
from bot.core.roles import ELECTED
from bot.outreach import answers
from bot.outreach.answers import Detail, detail_of
from flows.conversations.reply import PHRASES, RECEIPT
from flows.dialog.facts import Council
from flows.wording.text import Code, msg
from storage.database import Transaction
from storage.rows.cases import CaseByReference, EntriesOf, MergedCases


async def answer(
    tx: Transaction,
    council: Council,
    row: CaseByReference,
    made_by: str,
    *,
    text: str = "",
    phrase: str = "",
    state: str = "",
    until: str = "",
    role: str = "",
) -> None:
    """Write to the author (and to those whose need was found to say the same), with a new status
    or without one.

    `until` is the day (ISO) by which it is to be done, "" for none. `role` is the writer's: of a member of
    the council the citizen reads that it is one.

    Raises NotAllowed where there is nothing to say, a reason is missing, nothing changes, or
    nobody is left to read it. A status changes even where its author was erased.
    """
    text = text.strip()
    until = until.strip()
    check_answer(row, text, phrase, state, until)
    changed = bool(state) and state != row.state
    said = Detail(phrase=phrase, speaker=ELECTED if role == ELECTED else "", until=until)
    people: list[CaseByReference | MergedCases] = [
        row,
        *await tx.rows(MergedCases, response_id=row.id),
    ]
    if not changed and all(one.person_id is None for one in people):
        raise refused("desk.no.author", reference=Code(row.reference))
    reached: set[int] = set()
    for one in people:
        if changed:
            await _set_state(tx, one, state)
        entry = await handling.note_entry(
            tx,
            one.id,
            "status" if changed else "reply",
            text,
            made_by=made_by,
            detail=(replace(said, before=one.state, after=state) if changed else said).kept(),
        )
        # Who told the same twice hears of it once.
        if one.person_id is not None and one.person_id not in reached:
            reached.add(one.person_id)
            await answers.queue(tx, council, entry, one.person_id, now_ms())
        await tx.run("case_answered", response_id=one.id, at=now_ms())
        await handling.mark_read(tx, one.id)


async def set_status(
    tx: Transaction,
    register: Register,
    council_id: int,
    reference: str,
    state: str,
    note: str,
    made_by: str,
) -> None:
    """`answer` to a need by its reference, as it is called outside of the desk.

    Raises NotAllowed also where the council has no such need.
    """
    row = await reading.need(tx, council_id, reference.strip())
    if row is None:
        raise refused("desk.no.need")
    if not state:
        raise refused("desk.no.status")
    await answer(tx, register.council(council_id), row, made_by, text=note, state=state)


async def send_receipt(
    tx: Transaction, council: Council, row: CaseByReference, made_by: str, document: str
) -> None:
    """Send the author the receipt of their need. Raises NotAllowed where there is nobody to get it.

    `document` is the name of the file among the published ones.
    """
    if row.state == "withdrawn":
        raise refused("desk.no.taken_back", reference=Code(row.reference))
    if row.person_id is None:
        raise refused("desk.no.author", reference=Code(row.reference))
    entry = await handling.note_entry(
        tx,
        row.id,
        "receipt",
        made_by=made_by,
        detail=Detail(phrase=RECEIPT).kept(),
        media=[{"kind": answers.DOCUMENT, "name": document}],
    )
    await answers.queue(tx, council, entry, row.person_id, now_ms())


def check_answer(row: CaseByReference, text: str, phrase: str, state: str, until: str = "") -> None:
    """Whether this can be sent. Raises NotAllowed with what is missing."""
    rule = handling.rule_of(row.kind)
    if row.state == "withdrawn":
        raise refused("desk.no.taken_back", reference=Code(row.reference))
    if row.merged_into is not None:
        raise refused("desk.no.merged", reference=Code(row.reference))
    if state and state not in rule.states:
        raise refused("desk.no.status")
    if phrase and phrase not in PHRASES:
        raise refused("desk.no.phrase")
    if len(text) > handling.LONGEST:
        raise refused("desk.no.long", longest=handling.LONGEST, length=len(text))
    if state in rule.explained and not text:
        raise refused("desk.no.reason", status=msg(f"state.{state}"))
    if not text and not phrase and not until and (not state or state == row.state):
        raise refused("desk.no.nothing")
    if until and not _is_to_come(until):
        raise refused("desk.no.until")


def _is_to_come(day: str) -> bool:
    try:
        return date.fromisoformat(day) >= local_day(now_ms())
    except ValueError:
        return False


#: Entries of the thread that say something to the author.
ANSWERS = frozenset({"reply", "status"})


async def put_together(
    tx: Transaction,
    council: Council,
    row: CaseByReference,
    into: CaseByReference | None,
    made_by: str,
) -> None:
    """Put a need to another that says the same, and tell each author what the other was answered last.

    They have one status from then on: that of the one it is put to, unless only this one was answered.
    Raises NotAllowed.
    """
    await handling.merge(tx, row, into, made_by)
    if into is None:
        return
    of_row, of_into = await _last_answer(tx, row), await _last_answer(tx, into)
    state = into.state
    others: list[CaseByReference | MergedCases] = [into]
    if of_row is not None and of_into is None:
        state = row.state
        others += [m for m in await tx.rows(MergedCases, response_id=into.id) if m.id != row.id]
    for one, last in [(row, of_into), *((other, of_row) for other in others)]:
        if one.state == "withdrawn":
            continue
        changed = one.state != state
        if changed:
            await _set_state(tx, one, state)
        if last is None or row.person_id == into.person_id:
            continue
        said = detail_of(last.detail)
        entry = await handling.note_entry(
            tx,
            one.id,
            "status" if changed else "reply",
            last.text,
            made_by=made_by,
            detail=replace(said, before=one.state, after=state if changed else "", same="1").kept(),
        )
        await tx.run("case_answered", response_id=one.id, at=now_ms())
        if one.person_id is not None:
            await answers.queue(tx, council, entry, one.person_id, now_ms())


async def _last_answer(tx: Transaction, row: CaseByReference) -> EntriesOf | None:
    entries = await tx.rows(EntriesOf, response_id=row.id)
    return next((entry for entry in reversed(entries) if entry.what in ANSWERS), None)


async def _set_state(tx: Transaction, one: CaseByReference | MergedCases, state: str) -> None:
    await tx.run("set_response_state", id=one.id, state=state, at=now_ms())
    await handling.set_waiting(tx, handling.rule_of(one.kind), one.id, state)
