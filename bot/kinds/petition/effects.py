"""What a conversation about a petition decides beside a pledge: the official signature, and its end."""

import msgspec

from bot.conversation.context import Context, Values
from bot.conversation.contributions import home_of
from bot.conversation.joining import codes
from bot.core import ledger
from bot.core.contact import Conversation
from bot.core.councils import is_open, refusal
from bot.kinds.petition.rows import AddSignature, CountSignatures, DigestsOf, LinkPaper
from flows.dialog.dialog import Json
from flows.kinds.petition import Sign
from flows.wording.text import Code, msg
from storage.ids import new_id
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
    signature_id = new_id()
    # The digest is keyed per petition, so that two petitions cannot be compared.
    digest = context.vault.digest(effect.cin, f"cin:{consultation.id}")
    sealed = msgspec.json.encode(
        {"name": effect.name, "cin": effect.cin, "address": effect.address}
    ).decode()
    council = context.register.council(consultation.council_id)
    added = await context.tx.row(
        AddSignature,
        id=signature_id,
        consultation_id=consultation.id,
        person_id=context.person.id,
        cin_digest=digest,
        sealed=context.vault.seal(sealed, f"signatures/{signature_id}"),
        commune=effect.commune or home_of(council.place),
        at=context.at,
    )
    if added is None:
        # The card stands on a paper already: pledge and paper are one person's from now on.
        linked = await context.tx.row(
            LinkPaper,
            consultation_id=consultation.id,
            cin_digest=digest,
            person_id=context.person.id,
        )
        if linked is not None:
            await _assure(context, consultation.id, "A3")
        context.texts.tell(effect.already)
        return
    await _assure(context, consultation.id, "A2")
    await ledger.append(
        context.tx,
        consultation.council_id,
        {"what": "signature", "petition": consultation.code, "digest": digest},
        context.at,
    )
    context.texts.tell(effect.thanks)


async def _assure(context: Context, consultation_id: int, level: str) -> None:
    await context.tx.run(
        "raise_assurance",
        consultation_id=consultation_id,
        person_id=context.person.id,
        assurance=level,
    )


async def withdrawn(context: Context, found: ResponseByReference) -> None:
    """Who takes a pledge back takes back the signature of the chat too."""
    signed = await context.tx.rows(
        DigestsOf,
        consultation_id=found.consultation_id,
        person_id=context.person.id,
    )
    # Who signs a paper by hand takes that back where they signed it: the paper stays, as nobody's
    # of the chat, and the citizen is told.
    kept = [row for row in signed if row.on_paper]
    for row in signed:
        entry = {"what": "withdrawn", "petition": found.code, "digest": row.cin_digest}
        more = {"stays": "paper"} if row.on_paper else {}
        await ledger.append(context.tx, found.council_id, {**entry, **more}, context.at)
    for query in ("drop_signatures", "keep_papers"):
        await context.tx.run(
            query,
            consultation_id=found.consultation_id,
            person_id=context.person.id,
        )
    if kept:
        context.texts.tell(msg("petition.paper_stays"))


async def progress(context: Context, conversation: Conversation, values: Values) -> Json:
    """How many support the petition of this conversation, and how many have signed it."""
    consultation_id = conversation.consultation_id
    pledges = await context.tx.row(CountStanding, consultation_id=consultation_id)
    signatures = await context.tx.row(CountSignatures, consultation_id=consultation_id)
    return {
        "pledges": pledges.n if pledges else 0,
        "signatures": signatures.n if signatures else 0,
    }
