"""What staff write to the author of a need: words, a ready sentence, a new status, the receipt.

Whoever's need was put to that one is told too. Each message is a row of the outbox
(`bot.outreach.answers`) that waits for its hours; the thread tells how far it has come.
"""

from bot.cases import handling, reading
from bot.core.councils import Register
from bot.core.localtime import now_ms
from bot.core.refusals import refused
from bot.core.roles import ELECTED
from bot.outreach import answers
from flows.conversations.reply import PHRASES, RECEIPT
from flows.dialog.facts import Council
from flows.wording.text import Code, msg
from storage.database import Transaction
from storage.rows.cases import CaseByReference, MergedCases


async def answer(
    tx: Transaction,
    council: Council,
    row: CaseByReference,
    made_by: str,
    *,
    text: str = "",
    phrase: str = "",
    state: str = "",
    role: str = "",
) -> None:
    """Write to the author (and to those whose need was found to say the same), with a new status
    or without one.

    `role` is the writer's: of a member of the council the citizen reads that it is one.

    Raises NotAllowed where there is nothing to say, a reason is missing, nothing changes, or
    nobody is left to read it. A status changes even where its author was erased.
    """
    text = text.strip()
    check_answer(row, text, phrase, state)
    changed = bool(state) and state != row.state
    speaker = f"|{ELECTED}" if role == ELECTED else ""
    people: list[CaseByReference | MergedCases] = [
        row,
        *await tx.rows(MergedCases, response_id=row.id),
    ]
    if not changed and all(one.person_id is None for one in people):
        raise refused("desk.no.author", reference=Code(row.reference))
    reached: set[int] = set()
    for one in people:
        if changed:
            await tx.run("set_response_state", id=one.id, state=state, at=now_ms())
            await handling.set_waiting(tx, handling.rule_of(one.kind), one.id, state)
        entry = await handling.note_entry(
            tx,
            one.id,
            "status" if changed else "reply",
            text,
            made_by=made_by,
            detail=(f"{one.state}>{state}|{phrase}" if changed else f"|{phrase}") + speaker,
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
        detail=f"|{RECEIPT}",
        media=[{"kind": answers.DOCUMENT, "name": document}],
    )
    await answers.queue(tx, council, entry, row.person_id, now_ms())


def check_answer(row: CaseByReference, text: str, phrase: str, state: str) -> None:
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
    if not text and not phrase and (not state or state == row.state):
        raise refused("desk.no.nothing")
