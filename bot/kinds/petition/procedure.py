"""A petition at the council: who stands behind it, which signatures count, deposit and answer.

    pledges and signatures -> standing against the rule -> deposit, receipt -> answer in time

Signatures on paper are read and matched in `bot.kinds.petition.paper`. Nothing here decides what the law asks for:
figures and days come from `flows.morocco.petition_law`, with article and certainty.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.consultations.deciding import note_decision
from bot.core import ledger
from bot.core.councils import ConsultationRow, Register, head_of
from bot.core.localtime import local, local_day
from bot.core.numbers import next_number
from bot.kinds.petition import entries
from bot.kinds.petition.rows import (
    AddDeposit,
    CountLonePledges,
    Deposit,
    DropDeposit,
    InvalidateSignature,
    RestoreSignature,
    SetOutcome,
    SignaturesByCommune,
    SignaturesBySource,
    TakeOffPaper,
)
from bot.staff import confirmed
from flows.dialog.definition import text_problems
from flows.dialog.outreach import Audience
from flows.kinds.petition import Petition, addressed
from flows.morocco import petition_law, places
from flows.understanding import scripts
from flows.wording.text import LANGUAGES, Code, Text, msg
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.responses import CountStanding

#: What may become of a petition.
OUTCOMES = ("agenda", "refused")

#: The longest reason, in characters.
LONGEST_REASON = 2000


class Refused(Exception):
    """What cannot be done: field of the form -> why; "" is the whole."""

    def __init__(self, **fields: Text) -> None:
        super().__init__(", ".join(fields))
        self.fields: Mapping[str, Text] = fields


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands behind a petition; signatures are those that count.

    `chat` and `paper` both count the `both` that are in the chat and on paper. `people` are distinct:
    a card is one person, and so is a pledge whose author has no signature. `by_province` has the
    code of the province, "" where no commune is known. `needed` is None where no rule is known.
    """

    pledges: int
    chat: int
    paper: int
    both: int
    invalid: int
    people: int
    by_province: Mapping[str, int]
    needed: petition_law.Requirement | None
    #: Of the open page: kept, and counted once somebody is known by a provider or a paper.
    unconfirmed: int = 0

    @property
    def signatures(self) -> int:
        """Signatures in all: one card counts once."""
        return self.chat + self.paper - self.both

    @property
    def enough(self) -> bool:
        """Whether number and spread reach what the rule asks for."""
        return self.needed is not None and self.needed.met_by(self.by_province)


def petition_of(row: ConsultationRow) -> Petition:
    """The definition of a petition's row."""
    head = head_of(row)
    if not isinstance(head, Petition):
        raise TypeError(f"{row.code} is no petition")
    return head


def place_of(register: Register, row: ConsultationRow) -> str:
    """The census code of the council that a petition is addressed to."""
    return addressed(petition_of(row), register.council(row.council_id))


def requirement(place: str, day: date) -> petition_law.Requirement | None:
    """What the rule asks for on a day, None where none is known."""
    try:
        return petition_law.requirement(place, day)
    except petition_law.NoRule:
        return None


async def standing(
    tx: Transaction, register: Register, row: StoredConsultation, day: date
) -> Standing:
    """Who stands behind a petition now, against the rule of a day."""
    id = row.id
    pledges = await tx.row(CountStanding, consultation_id=id)
    lone = await tx.row(CountLonePledges, consultation_id=id)
    counted = await tx.row(SignaturesBySource, consultation_id=id)
    by_province: Counter[str] = Counter()
    for part in await tx.rows(SignaturesByCommune, consultation_id=id):
        commune = part.commune
        province = places.place(commune).province if commune else ""
        by_province[province or ""] += part.n
    if pledges is None or lone is None or counted is None:
        raise LookupError(row.code)
    signatures = counted.chat + counted.paper - counted.both_ways
    return Standing(
        pledges.n,
        counted.chat,
        counted.paper,
        counted.both_ways,
        counted.invalid,
        signatures + lone.n,
        by_province,
        requirement(place_of(register, row), day),
        counted.unconfirmed,
    )


# --------------------------------------------------------------------------- validity


async def invalidate(
    tx: Transaction, row: StoredConsultation, id: int, reason: str, made_by: str, at: int
) -> None:
    """A signature does not count any more, and why. Raises Refused."""
    reason = " ".join(scripts.clean(reason).split())
    if not 3 <= len(reason) <= 300:
        raise Refused(reason=msg("pdesk.no_reason"))
    changed = await tx.row(
        InvalidateSignature,
        id=id,
        consultation_id=row.id,
        reason=reason,
        made_by=made_by,
        at=at,
    )
    await _validity(tx, row, changed, "invalid", at)


async def restore(tx: Transaction, row: StoredConsultation, id: int, at: int) -> None:
    """A signature that was declared invalid counts again. Raises Refused."""
    changed = await tx.row(RestoreSignature, id=id, consultation_id=row.id)
    await _validity(tx, row, changed, "valid again", at)


async def off_paper(tx: Transaction, row: StoredConsultation, id: int, at: int) -> None:
    """A signature of the chat stands on no paper after all: a wrong card was entered. Raises Refused."""
    changed = await tx.row(TakeOffPaper, id=id, consultation_id=row.id)
    await _validity(tx, row, changed, "not on paper", at)
    if changed is not None and changed.person_id is not None:
        values = {"consultation_id": row.id, "person_id": changed.person_id}
        await tx.run("uncheck_pledge", **values)
        await confirmed.settle(tx, at, consultation_id=row.id)


async def _validity(
    tx: Transaction,
    row: StoredConsultation,
    changed: InvalidateSignature | RestoreSignature | TakeOffPaper | None,
    what: str,
    at: int,
) -> None:
    if changed is None:
        raise Refused(reason=msg("pdesk.changed_before"))
    # The reason may name the person: it stays out of what is published.
    await entries.enter(tx, row, what, entries.named(changed.mark, changed.cin_digest), at)


# --------------------------------------------------------------------------- deposit and answer


async def deposit(
    register: Register, tx: Transaction, row: StoredConsultation, day: str, made_by: str, at: int
) -> str:
    """Note that the petition was brought to the council. Returns the receipt's number.

    The number of signatures is that of now; it stays on the receipt whatever is entered later.
    Raises Refused.
    """
    deposited = _day("deposit_day", day)
    if deposited > local_day(at):
        raise Refused(deposit_day=msg("pdesk.day_ahead"))
    place = place_of(register, row)
    counted = await standing(tx, register, row, deposited)
    if counted.needed is None and requirement(place, local_day(at)) is not None:
        # A slip of the hand: before the laws nothing was deposited.
        raise Refused(deposit_day=msg("pdesk.day_early"))
    if not counted.signatures:
        raise Refused(deposit_day=msg("pdesk.nothing_signed"))
    council = register.council(row.council_id)
    year = local(at).year
    number = await next_number(tx, f"{council.prefix}-DEP-{year}")
    receipt = f"{council.prefix}-DEP-{year}-{number:04d}"
    due = answer_due(place, deposited)
    added = await tx.row(
        AddDeposit,
        consultation_id=row.id,
        receipt=receipt,
        day=deposited.isoformat(),
        signatures=counted.signatures,
        due_day=due.last_day.isoformat() if due else None,
        received_by=made_by,
        at=at,
    )
    if added is None:
        raise Refused(deposit_day=msg("pdesk.deposited_before"))
    entry = {
        "what": "deposit",
        "petition": row.code,
        "receipt": receipt,
        "day": deposited.isoformat(),
        "chat": counted.chat - counted.both,
        "paper": counted.paper,
    }
    await ledger.append(tx, row.council_id, entry, at)
    return receipt


def answer_due(place: str, deposited: date) -> petition_law.AnswerDue | None:
    """By when a council must have answered, None where no rule is known."""
    try:
        return petition_law.answer_due(place, deposited)
    except petition_law.NoRule:
        return None


async def undo_deposit(tx: Transaction, row: StoredConsultation, at: int) -> str:
    """Take back a deposit that was entered by mistake. Returns its number. Raises Refused.

    The number is not given again: a receipt with it may have been printed.
    """
    dropped = await tx.row(DropDeposit, consultation_id=row.id)
    if dropped is None:
        raise Refused(undo=msg("pdesk.no_deposit"))
    receipt: str = dropped.receipt
    entry = {"what": "deposit undone", "petition": row.code, "receipt": receipt}
    await ledger.append(tx, row.council_id, entry, at)
    return receipt


async def answer(
    tx: Transaction, row: StoredConsultation, form: Mapping[str, str], made_by: str, at: int
) -> int:
    """Note the council's answer, and prepare the message to who supported the petition.

    `form` has `outcome`, `outcome_day` (of an agenda the session's, which may be to come), `reasons`
    (of an agenda the item) and `told.LANGUAGE`. Returns the id of the broadcast: a draft, nothing is
    sent. Raises Refused with everything that is wrong.
    """
    held = await tx.row(Deposit, consultation_id=row.id)
    if held is None:
        raise Refused(outcome=msg("pdesk.no_deposit"))
    wrong: dict[str, Text] = {}
    outcome = form.get("outcome", "")
    reasons = scripts.clean(form.get("reasons", ""))
    if outcome not in OUTCOMES:
        wrong["outcome"] = msg("pdesk.no_outcome")
    if not reasons:
        wrong["reasons"] = msg("pdesk.no_item" if outcome == "agenda" else "pdesk.no_reasons")
    elif len(reasons) > LONGEST_REASON:
        wrong["reasons"] = msg("pdesk.long", longest=LONGEST_REASON)
    day = None
    try:
        day = _day("outcome_day", form.get("outcome_day", ""))
    except Refused as error:
        wrong |= error.fields
    if day is not None and day < date.fromisoformat(held.day):
        wrong["outcome_day"] = msg("pdesk.before_deposit")
    elif day is not None and outcome == "refused" and day > local_day(at):
        wrong["outcome_day"] = msg("pdesk.day_ahead")
    texts = {c: form.get(f"told.{c}", "").strip() for c in LANGUAGES}
    texts = {code: text for code, text in texts.items() if text}
    for problem in text_problems("told", texts):
        wrong[problem.key] = msg("pdesk.bad_told" if texts else "pdesk.no_told")
    if wrong or day is None:
        raise Refused(**wrong)
    changed = await tx.row(
        SetOutcome,
        consultation_id=row.id,
        outcome=outcome,
        outcome_day=day.isoformat(),
        reasons=reasons,
        decided_by=made_by,
        at=at,
    )
    if changed is None:
        raise Refused(outcome=msg("pdesk.answered_before"))
    entry = {
        "what": "answer",
        "petition": row.code,
        "receipt": held.receipt,
        "outcome": outcome,
        "day": day.isoformat(),
    }
    await ledger.append(tx, row.council_id, entry, at)
    # The day of a session to come is no day of a decision; the texts name it.
    told_day = day.isoformat() if outcome == "refused" else None
    audience = Audience(answered=row.code)
    return await note_decision(tx, row, texts, told_day, audience, made_by, at)


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(**{field: msg("pdesk.no_day", example=Code("2026-11-21"))}) from None
