"""What a conversation about a petition decides beside a pledge: the official signature, and its end."""

from bot.conversation.context import Context, Values
from bot.conversation.contributions import home_of
from bot.conversation.joining import codes
from bot.core.contact import Conversation
from bot.core.councils import is_open, refusal
from bot.kinds.petition import claims, entries
from bot.kinds.petition.paper import digest_of
from bot.kinds.petition.rows import CountSignatures, DigestsOf
from bot.staff import confirmed
from flows.dialog.dialog import Json
from flows.dialog.effects import Begin
from flows.kinds.petition import ReportCard, Sign
from flows.wording.text import Code, Text, msg
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.responses import CountStanding, ResponseByReference, SingleResponse


async def sign(context: Context, conversation: Conversation, effect: Sign) -> None:
    """Complete one's support of a petition with the official signature."""
    consultation = await context.register.by_id(context.tx, conversation.consultation_id)
    if not is_open(consultation, context.at):
        context.texts.tell(refusal(consultation, context.at))
        return
    held = codes.held_until(context.contact, context.at)
    if held:
        context.texts.tell(msg("join.no_signing", until=Code(held)))
        return
    pledge = await context.tx.row(
        SingleResponse, consultation_id=consultation.id, person_id=context.person.id, phase=""
    )
    if pledge is None or pledge.state == "withdrawn":
        context.texts.tell(msg("petition.support_needed"))
        return
    petition = _petition(consultation)
    council = context.register.council(consultation.council_id)
    signed = claims.Signed(
        effect.name,
        effect.cin,
        effect.address,
        effect.commune or home_of(council.place),
        digest_of(context.vault, consultation.id, effect.cin),
    )
    confirmed = await claims.sign(context, petition, signed) >= "A2"
    if confirmed:
        await _assure(context, consultation.id, "A2")
    context.texts.tell(effect.thanks if confirmed else effect.unconfirmed)
    context.begin.append(Begin(flow="petition.another"))


async def report_card(context: Context, conversation: Conversation, effect: ReportCard) -> None:
    """Somebody thinks that their card was used by another."""
    consultation = await context.register.by_id(context.tx, conversation.consultation_id)
    digest = digest_of(context.vault, consultation.id, effect.cin)
    await claims.report(context, _petition(consultation), effect.cin, digest)
    context.texts.tell(effect.thanks)


def _petition(row: StoredConsultation) -> claims.Petition:
    return claims.Petition(row.id, row.council_id, row.code)


async def _assure(context: Context, consultation_id: int, level: str) -> None:
    await context.tx.run(
        "raise_assurance",
        consultation_id=consultation_id,
        person_id=context.person.id,
        assurance=level,
    )
    await confirmed.settle(context.tx, context.at, person_id=context.person.id)


async def withdrawn(tx: Transaction, found: ResponseByReference, at: int) -> Text | None:
    """Who takes a pledge back takes back the signature of the chat too."""
    whose = {"consultation_id": found.consultation_id, "person_id": found.person_id}
    signed = await tx.rows(DigestsOf, **whose)
    # Who signs a paper by hand takes that back where they signed it: the paper stays, as nobody's
    # of the chat, and the citizen is told.
    kept = [row for row in signed if row.on_paper]
    for row in signed:
        await entries.left(tx, found, "withdrawn", row, row.on_paper, at)
    for query in ("drop_signatures", "keep_papers", "drop_claims"):
        await tx.run(query, **whose)
    petition = claims.Petition(found.consultation_id, found.council_id, found.code)
    await claims.fill(tx, petition, at)
    return msg("petition.paper_stays") if kept else None


async def progress(context: Context, conversation: Conversation, values: Values) -> Json:
    """How many support the petition of this conversation, and how many have signed it."""
    consultation_id = conversation.consultation_id
    pledges = await context.tx.row(CountStanding, consultation_id=consultation_id)
    signatures = await context.tx.row(CountSignatures, consultation_id=consultation_id)
    return {
        "pledges": pledges.n if pledges else 0,
        "signatures": signatures.n if signatures else 0,
    }
