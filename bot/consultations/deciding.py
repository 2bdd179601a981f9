"""What a council did with a consultation: noted, with a message to who took part."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date

import msgspec

from bot.core import ledger
from bot.core.localtime import local_day
from bot.core.refusals import NotAllowed
from bot.outreach import broadcasts
from flows.dialog.definition import text_problems
from flows.dialog.outreach import Audience
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation


def check_decision(texts: Mapping[str, str], day: str | None, today: date) -> None:
    """Whether a decision can be noted: its texts by language, and its day (ISO) if one is known.

    Raises NotAllowed with what is missing, too long, no day, or still to come.
    """
    problems = list(text_problems("decision", dict(texts)))
    if problems:
        raise NotAllowed("; ".join(str(problem) for problem in problems))
    try:
        decided = date.fromisoformat(day) if day else None
    except ValueError:
        raise NotAllowed(f"{day!r} is no day") from None
    if decided is not None and decided > today:
        raise NotAllowed(f"{day} has not come yet")


def digest_of(texts: Mapping[str, str], day: str | None) -> str:
    """What the ledger says of a decision: the SHA-256 of its words and day, as the public data have them."""
    said = json.dumps(
        {"day": day, "texts": dict(texts)},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(said.encode()).hexdigest()


async def decide(
    tx: Transaction,
    row: StoredConsultation,
    texts: Mapping[str, str],
    day: str | None,
    made_by: str,
    at: int,
) -> int:
    """Note what the council decided, and prepare the message that tells who took part.

    Returns the id of the broadcast: a draft, nothing is sent. Raises NotAllowed.
    """
    check_decision(texts, day, local_day(at))
    return await note_decision(tx, row, texts, day, Audience(), made_by, at)


async def note_decision(
    tx: Transaction,
    row: StoredConsultation,
    texts: Mapping[str, str],
    day: str | None,
    audience: Audience,
    made_by: str,
    at: int,
) -> int:
    """The same with texts and a day that were checked, told to an audience."""
    await tx.run(
        "add_decision",
        id=new_id(),
        consultation_id=row.id,
        texts=msgspec.json.encode(texts).decode(),
        day=day,
        made_by=made_by,
        at=at,
    )
    entry = {"what": "decision", "code": row.code, "sha256": digest_of(texts, day)}
    await ledger.append(tx, row.council_id, entry, at)
    return await broadcasts.draft(
        tx,
        row.council_id,
        "decision",
        audience,
        made_by=made_by,
        consultation_id=row.id,
        body={"texts": texts, "day": day},
    )
