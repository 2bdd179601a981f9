"""What becomes of a citizen's need: its status, told to its author each time it changes."""

import msgspec

from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed
from bot.kinds.need import cases
from bot.kinds.need.cases import EXPLAINED
from bot.outreach import broadcasts
from flows.dialog.outreach import Audience
from flows.kinds.need import STATES
from flows.understanding import moderation
from storage.database import Transaction


async def set_status(
    tx: Transaction, council_id: int, reference: str, state: str, note: str, made_by: str
) -> bool:
    """Change a need's status; its author is told. False if the council has no such need.

    Raises NotAllowed for a status that is none, that it has already, or that lacks its reason.
    """
    row = await tx.row("response_by_reference", reference=reference.strip().upper())
    if row is None or row["council_id"] != council_id or row["kind"] != "need":
        return False
    if state not in STATES:
        raise NotAllowed(f"{state!r} is no status; it is one of: {', '.join(STATES)}")
    if row["state"] == "withdrawn":
        raise NotAllowed(f"{row['reference']} was taken back by its author")
    if state in EXPLAINED and not note.strip():
        raise NotAllowed(f"{state} needs a word: who is in charge now, or why not")
    if row["state"] == state and state not in EXPLAINED:
        raise NotAllowed(f"{row['reference']} is {state} already")
    await tx.run("set_response_state", id=row["id"], state=state, at=now_ms())
    await tx.run("case_answered", response_id=row["id"], at=now_ms())
    detail = f"{row['state']}>{state}|"
    if row["person_id"] is None:
        await cases.note_entry(tx, row["id"], "status", note, made_by=made_by, detail=detail)
        return True
    words = (msgspec.json.decode(row["body"]).get("words") or {}).get("text") or ""
    told = await broadcasts.begin(
        tx,
        council_id,
        "status",
        Audience(person=row["person_id"]),
        made_by=made_by,
        consultation_id=row["consultation_id"],
        body={
            "reference": row["reference"],
            "excerpt": moderation.excerpt(words),
            "status": state,
            "note": note.strip(),
        },
    )
    await cases.note_entry(
        tx, row["id"], "status", note, made_by=made_by, detail=detail, broadcast_id=told
    )
    return True
