"""What citizens contribute: responses, voices, additions, signatures; and taking them back."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.cases import handling
from bot.conversation import beginnings
from bot.conversation.context import Context, TakenBack
from bot.conversation.doing.confirming import assurance_of, keep_back, keep_voice_back
from bot.conversation.doing.danger_alerts import tell_staff
from bot.core.contact import Conversation
from bot.core.councils import head_of, is_open, phase_of, refusal
from bot.core.localtime import local, local_day
from bot.core.numbers import next_number
from bot.staff import answered, crowds, limits, rolls
from bot.staff.open_answers import heard
from flows.conversations.reply import DONE
from flows.dialog import effects as fx
from flows.kinds import kinds
from flows.morocco import places
from flows.statistics.crowds import Mark
from flows.wording.text import Code, Text, Translated, msg
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.responses import (
    AddVoice,
    ClaimSingle,
    ResponseByReference,
    SingleResponse,
)


async def respond(context: Context, conversation: Conversation, effect: fx.Respond) -> None:
    """Keep a response, or change the one that this person gave before."""
    consultation = await context.register.by_id(context.tx, conversation.consultation_id)
    phase = phase_of(consultation, context.at)
    # What was begun in one phase is not an answer to the next: it would be filed under what was
    # never asked.
    begun = conversation.facts.consultation.phase
    if phase != begun and is_open(consultation, context.at):
        context.texts.tell(msg("chat.phase_over", title=Translated(head_of(consultation).title)))
        context.begin.append(fx.Begin(code=consultation.code))
        return
    refused = await beginnings.refused(context, consultation, conversation.facts.own)
    if refused is None and not await rolls.may(
        context.tx, consultation, context.person.id, context.at
    ):
        refused = msg("roll.needed")
    if refused is not None:
        context.texts.tell(refused)
        if conversation.facts.own.previous is not None:
            context.texts.tell(msg("contributions.kept"))
        return
    kind = kinds()[consultation.kind]
    person = context.person
    assurance = await assurance_of(context)
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
            SingleResponse, consultation_id=consultation.id, person_id=person.id, phase=phase
        )
        if known is not None:
            await context.tx.run(
                "change_response", id=known.id, body=body, state="received", **where
            )
            await context.tx.run("drop_heard", response_id=known.id)
            await _await_hearing(context, consultation, known.id, effect.body)
            if kind.case is not None:
                await handling.refresh(context.tx, kind.case, known.id, effect.body)
            told = effect.changed or effect.thanks
            context.texts.tell(msg(told.id, reference=Code(known.reference)))
            words = crowds.longest_words(effect.body)
            await _mark(context, conversation, consultation, known.id, assurance, words, new=False)
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
        commune=effect.body.get("commune") or person.commune or home_of(council.place),
        age_band=person.age_band,
        gender=person.gender,
        disability=person.disability,
        assurance=assurance,
        phase=phase,
        **where,
    )
    if effect.single:
        await context.tx.row(
            ClaimSingle,
            consultation_id=consultation.id,
            person_id=person.id,
            phase=phase,
            response_id=response_id,
        )
        contact, every = context.contact, (context.contact.address, *context.arrival.aliases)
        await answered.count_once(
            context.tx, context.vault, contact.channel, every, consultation.id, phase, context.at
        )
    await _await_hearing(context, consultation, response_id, effect.body)
    context.contributed = True
    context.texts.tell(msg(effect.thanks.id, reference=Code(reference)))
    danger = ""
    if kind.case is not None:
        danger = await handling.open_case(
            context.tx,
            council,
            kind.case,
            consultation.council_id,
            response_id,
            effect.body,
            context.at,
        )
    if danger:
        context.danger = True
        await tell_staff(
            context,
            consultation.council_id,
            council,
            reference,
            danger,
            open_page=assurance == "A0",
        )
    else:
        # Danger is never set aside.
        await keep_back(context, consultation, response_id, assurance)
        words = crowds.longest_words(effect.body)
        await _mark(context, conversation, consultation, response_id, assurance, words)
    if kind.case is None:
        return
    if kind.case.due(council, local_day(context.at)) is not None and council.answer_days:
        context.texts.tell(msg("thanks.days", count=council.answer_days))


async def _await_hearing(
    context: Context, row: StoredConsultation, response_id: int, body: Mapping[str, Any]
) -> None:
    """Note the voice notes in the place of choices: staff have to hear them."""
    spoken = kinds()[row.kind].spoken(head_of(row))
    await heard.awaited(context.tx, row.id, response_id, spoken, body, context.at)


async def _mark(
    context: Context,
    conversation: Conversation,
    row: StoredConsultation,
    id: int,
    assurance: str,
    words: str = "",
    voice_of: int | None = None,
    *,
    new: bool = True,
) -> None:
    """Keep how a contribution came about, and count it for the limits. `new`: it is none that was changed."""
    arrival, contact, who = context.arrival, context.contact, context.person.id
    open_page = assurance == "A0" and arrival.opened is not None
    invited = False
    if open_page and arrival.opened is not None:
        mark = Mark(
            id,
            arrival.network,
            arrival.opened,
            len(conversation.journal.answers),
            conversation.opened_at,
            context.at,
            quick=arrival.quick,
        )
        invited = await crowds.note(context.tx, context.vault, row.id, mark, words, voice_of, who)
    if not new:
        return
    came = limits.Came(
        id,
        row.council_id,
        row.id,
        who,
        limits.chat_of(context.vault, contact.channel, contact.address, row.id),
        context.at,
        open_page,
        arrival.network,
        voice_of is not None or kinds()[row.kind].single,
    )
    council = context.register.council(row.council_id)
    await limits.contributed(context.tx, council.limits, came, invited=invited)


def home_of(place: str) -> str | None:
    """The commune of whoever is not known better: the council's own, None if it has several."""
    return place if places.place(place).level == "commune" else None


async def _reference(context: Context, prefix: str) -> str:
    year = local(context.at).year
    return f"{prefix}-{year}-{await next_number(context.tx, f'{prefix}-{year}'):06d}"


async def add_voice(context: Context, conversation: Conversation, effect: fx.AddVoice) -> None:
    """Add the person's voice to somebody's response, where its kind takes voices."""
    found = await context.tx.row(ResponseByReference, reference=effect.reference)
    told = effect.already
    if found is None or found.state == "withdrawn" or not kinds()[found.kind].voiced:
        context.texts.tell(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    if found.person_id != context.person.id:
        added = await context.tx.row(
            AddVoice, response_id=found.id, person_id=context.person.id, at=context.at
        )
        if added is not None:
            told = effect.thanks
            context.contributed = True
            row = await context.register.by_id(context.tx, found.consultation_id)
            assurance = await assurance_of(context)
            await _mark(context, conversation, row, new_id(), assurance, voice_of=found.id)
            await keep_voice_back(context, row, found.id)
    context.texts.tell(msg(told.id, reference=Code(effect.reference)))


async def _own_response(context: Context, reference: str) -> ResponseByReference | None:
    found = await context.tx.row(ResponseByReference, reference=reference)
    if found is None or found.person_id != context.person.id:
        return None
    return found


def _still_open(row: StoredConsultation, found: ResponseByReference, at: int) -> bool:
    """Whether a response may still be taken back: its consultation, and its phase, are open."""
    return is_open(row, at) and phase_of(row, at) == found.phase


async def withdraw(context: Context, conversation: Conversation, effect: fx.Withdraw) -> None:
    """Take a contribution back, and what belongs to it."""
    found = await _own_response(context, effect.reference)
    if found is None:
        context.texts.tell(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    consultation = await context.register.by_id(context.tx, found.consultation_id)
    if not _still_open(consultation, found, context.at):
        context.texts.tell(refusal(consultation, context.at))
        return
    told = await take_back(context.tx, context.parts.withdrawn, found, context.at)
    context.texts.tell(msg(effect.done.id, reference=Code(effect.reference)))
    if told is not None:
        context.texts.tell(told)


async def take_back(
    tx: Transaction, withdrawn: Mapping[str, TakenBack], found: ResponseByReference, at: int
) -> Text | None:
    """Take a response back, and what belongs to it; `withdrawn` by kind. Returns what its author is told of that."""
    await tx.run("set_response_state", id=found.id, state="withdrawn", at=at)
    # Needs that were put to this one stand by themselves again: nobody would find them else.
    await tx.run("free_merged", id=found.id)
    also = withdrawn.get(found.kind)
    return None if also is None else await also(tx, found, at)


async def add_to(context: Context, conversation: Conversation, effect: fx.AddTo) -> None:
    """Add words and files to one's own contribution."""
    found = await _own_response(context, effect.reference)
    if found is None:
        context.texts.tell(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    kind = kinds()[found.kind]
    if kind.case is None:
        raise LookupError(f"nothing can be added to a response of the kind {found.kind!r}")
    body = kind.case.added(msgspec.json.decode(found.body), effect.said)
    await context.tx.run(
        "change_response",
        id=found.id,
        body=msgspec.json.encode(body).decode(),
        state=found.state,
        channel=context.contact.channel,
        language=context.person.language or "ar",
        at=context.at,
    )
    await handling.heard(context.tx, found.id, "added", effect.said)
    await handling.refresh(context.tx, kind.case, found.id, body)
    context.texts.tell(msg(effect.done.id, reference=Code(effect.reference)))


async def answer_back(context: Context, conversation: Conversation, effect: fx.AnswerBack) -> None:
    """Answer staff about one's own need."""
    found = await _own_response(context, effect.reference)
    if found is None:
        context.texts.tell(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    await handling.heard(context.tx, found.id, "answer", effect.said)
    context.texts.tell(effect.done)


async def is_done(context: Context, conversation: Conversation, effect: fx.IsDone) -> None:
    """Keep whether something is done; what is not, the council owes an answer to again."""
    found = await _own_response(context, effect.reference)
    if found is None or found.state != DONE:
        # Staff have said something else meanwhile, or it was said already.
        context.texts.tell(effect.done if effect.yes else msg("reply.not_done_any_more"))
        return
    await handling.judged(context.tx, found.reference, done=effect.yes)
    context.texts.tell(effect.done)
