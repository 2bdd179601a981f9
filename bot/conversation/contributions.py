"""What citizens contribute: responses, voices, additions, signatures; and taking them back."""

import msgspec

from bot.conversation.context import Context
from bot.core import ledger
from bot.core.contact import Conversation
from bot.core.councils import is_open, refusal
from bot.core.localtime import local
from bot.core.numbers import next_number
from bot.kinds.need import cases
from flows.dialog import effects as fx
from flows.morocco import places
from flows.wording.text import Code, msg
from storage.ids import new_id
from storage.rows.petitions import LinkPaper
from storage.rows.responses import (
    AddSignature,
    AddVoice,
    ClaimSingle,
    DigestsOf,
    ResponseByReference,
    SingleResponse,
)


async def respond(context: Context, conversation: Conversation, effect: fx.Respond) -> None:
    """Keep a response, or change the one that this person gave before."""
    consultation = await context.register.by_id(context.tx, conversation.consultation_id)
    if not is_open(consultation, context.at):
        context.texts.tell(refusal(consultation, context.at))
        return
    person = context.person
    body = msgspec.json.encode(effect.body).decode()
    where = {
        "channel": context.contact.channel,
        "language": person.language or "ar",
        "at": context.at,
    }
    response_id = new_id()
    council = context.register.council(consultation.council_id)
    if effect.single:
        known = await context.tx.row(
            SingleResponse, consultation_id=consultation.id, person_id=person.id
        )
        if known is not None:
            await context.tx.run(
                "change_response", id=known.id, body=body, state="received", **where
            )
            told = effect.changed or effect.thanks
            context.texts.tell(msg(told.id, reference=Code(known.reference)))
            return
    reference = await _reference(context, council.prefix)
    await context.tx.run(
        "add_response",
        id=response_id,
        consultation_id=consultation.id,
        person_id=person.id,
        reference=reference,
        body=body,
        state="received",
        commune=effect.body.get("commune") or person.commune or _home(council.place),
        age_band=person.age_band,
        gender=person.gender,
        disability=person.disability,
        assurance="A1" if context.contact.channel == "whatsapp" else "A0",
        **where,
    )
    if effect.single:
        await context.tx.row(
            ClaimSingle,
            consultation_id=consultation.id,
            person_id=person.id,
            response_id=response_id,
        )
    context.contributed = True
    context.texts.tell(msg(effect.thanks.id, reference=Code(reference)))
    if consultation.kind != "need":
        return
    await cases.open_case(
        context.tx, council, consultation.council_id, response_id, effect.body, context.at
    )
    if council.answer_days:
        context.texts.tell(msg("thanks.days", count=council.answer_days))


def _home(place: str) -> str | None:
    return place if places.place(place).level == "commune" else None


async def _reference(context: Context, prefix: str) -> str:
    year = local(context.at).year
    return f"{prefix}-{year}-{await next_number(context.tx, f'{prefix}-{year}'):06d}"


async def add_voice(context: Context, conversation: Conversation, effect: fx.AddVoice) -> None:
    """Add the person's voice to somebody's need."""
    found = await context.tx.row(ResponseByReference, reference=effect.reference)
    told = effect.already
    if found is None or found.state == "withdrawn":
        context.texts.tell(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    if found.person_id != context.person.id:
        added = await context.tx.row(
            AddVoice, response_id=found.id, person_id=context.person.id, at=context.at
        )
        if added is not None:
            told = effect.thanks
            context.contributed = True
    context.texts.tell(msg(told.id, reference=Code(effect.reference)))


async def _own_response(context: Context, reference: str) -> ResponseByReference | None:
    found = await context.tx.row(ResponseByReference, reference=reference)
    if found is None or found.person_id != context.person.id:
        return None
    return found


async def withdraw(context: Context, conversation: Conversation, effect: fx.Withdraw) -> None:
    """Take a contribution back, and with it the signature in the chat."""
    found = await _own_response(context, effect.reference)
    if found is None:
        context.texts.tell(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    consultation = await context.register.by_id(context.tx, found.consultation_id)
    if not is_open(consultation, context.at):
        context.texts.tell(refusal(consultation, context.at))
        return
    await context.tx.run("set_response_state", id=found.id, state="withdrawn", at=context.at)
    # Needs that were put to this one stand by themselves again: nobody would find them else.
    await context.tx.run("free_merged", id=found.id)
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
    context.texts.tell(msg(effect.done.id, reference=Code(effect.reference)))
    if kept:
        context.texts.tell(msg("petition.paper_stays"))


async def add_to(context: Context, conversation: Conversation, effect: fx.AddTo) -> None:
    """Add words and files to one's own contribution."""
    found = await _own_response(context, effect.reference)
    if found is None:
        context.texts.tell(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    body = msgspec.json.decode(found.body)
    words = body.get("words") or {"text": "", "media": []}
    texts = [text for text in (words.get("text"), effect.said.get("text")) if text]
    body["words"] = {
        "text": "\n".join(texts),
        "media": [*words.get("media", []), *effect.said.get("media", [])],
    }
    await context.tx.run(
        "change_response",
        id=found.id,
        body=msgspec.json.encode(body).decode(),
        state=found.state,
        channel=context.contact.channel,
        language=context.person.language or "ar",
        at=context.at,
    )
    await cases.heard(context.tx, found.id, "added", effect.said)
    await cases.refresh(context.tx, found.id, body)
    context.texts.tell(msg(effect.done.id, reference=Code(effect.reference)))


async def answer_back(context: Context, conversation: Conversation, effect: fx.AnswerBack) -> None:
    """Answer staff about one's own need."""
    found = await _own_response(context, effect.reference)
    if found is None:
        context.texts.tell(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    await cases.heard(context.tx, found.id, "answer", effect.said)
    context.texts.tell(effect.done)


async def sign(context: Context, conversation: Conversation, effect: fx.Sign) -> None:
    """Complete one's support of a petition with the official signature."""
    consultation = await context.register.by_id(context.tx, conversation.consultation_id)
    if not is_open(consultation, context.at):
        context.texts.tell(refusal(consultation, context.at))
        return
    pledge = await context.tx.row(
        SingleResponse, consultation_id=consultation.id, person_id=context.person.id
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
        commune=effect.commune or _home(council.place),
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
