"""What a code or a link that carries a right leads to, where it is typed or opened."""

from bot.conversation import beginnings, steps
from bot.conversation.context import Alert, Context
from bot.conversation.joining import codes
from bot.core import audit, links
from flows.dialog.facts import Own
from flows.wording import render
from flows.wording.text import Verbatim, msg
from storage.database import batch
from storage.rows.people import AddressesOf
from storage.rows.staff import ChatsToldOfDanger, StaffById, StaffChat


def joins(context: Context) -> None:
    """Say that the code is typed here: opening a link joins nothing."""
    context.texts.tell(msg("join.type_code"))
    steps.ask_again(context, context.contact.top)


async def code(context: Context, typed: str) -> bool:
    """Ask whether this chat shall join the one that shows a code. False if it is rather an answer."""
    top = context.contact.top
    is_answer = top is not None and top.flow not in beginnings.FLEETING and top.flow != "welcome"
    if await codes.tired(context):
        if not is_answer:
            context.texts.tell(msg("join.tired"))
            steps.ask_again(context, top)
        return not is_answer
    shown = await codes.find(context, typed)
    if shown is None:
        if not is_answer:
            context.texts.tell(msg("join.code_old"))
            steps.ask_again(context, top)
        return not is_answer
    refused = await codes.refusal(context, shown)
    if refused is not None:
        context.texts.tell(refused)
        steps.ask_again(context, top)
        return True
    proposed = context.person.language or shown.language or "ar"
    own = Own(
        link=codes.digest(context.vault, typed),
        proposed=proposed,
        told={"channel": shown.channel},
    )
    await steps.begin(context, "link", own=own)
    return True


async def staff_chat(context: Context, payload: str) -> None:
    """Make this chat a member of staff's own, and tell the admins. A chat that joined another is none."""
    tx, top = context.tx, context.contact.top
    if not context.contact.new and any(
        row.joined_at is not None for row in await tx.rows(AddressesOf, person_id=context.person.id)
    ):
        context.texts.tell(msg("join.staff_alone"))
        steps.ask_again(context, top)
        return
    staff_id = await links.staff_of(tx, context.vault, payload, context.at)
    member = await tx.row(StaffById, id=staff_id) if staff_id is not None else None
    if member is None:
        context.texts.tell(msg("chat.link_expired"))
        steps.ask_again(context, top)
        return
    await context.register.learn(tx, member.council_id)
    council = context.register.council(member.council_id)
    await context.save_newcomer()
    before = await tx.row(StaffChat, council_id=member.council_id, name=member.name)
    await tx.run("set_staff_chat", id=member.id, person_id=context.person.id)
    await audit.note(
        tx, member.council_id, member.name, "link chat", context.contact.channel, at=context.at
    )
    admins = await tx.rows(
        ChatsToldOfDanger,
        council_id=member.council_id,
        roles=batch([{"x": "admin"}]),
        names=batch([]),
    )
    text = msg("organizer.chat_linked", name=Verbatim(member.name))
    told = {one.person_id: one for one in admins if one.id != member.id}
    every: list[ChatsToldOfDanger | StaffChat] = [*told.values()]
    if before is not None and before.person_id not in told:
        # Who had the account in another chat hears that it is there no more.
        every.append(before)
    for chat in every:
        if chat.person_id != context.person.id:
            language = chat.language or council.language
            context.alerts.append(Alert(chat, render(text, language), language))
    context.texts.tell(msg("organizer.linked"))
    context.texts.offers_menu = True
    steps.ask_again(context, top)


async def onto_list(context: Context, payload: str) -> None:
    """Ask whether this person wants onto the council's list."""
    person = context.person
    found = await links.list_of(context.tx, context.vault, payload, context.at)
    if found is None:
        context.texts.tell(msg("chat.link_expired"))
        steps.ask_again(context, context.contact.top)
        return
    if person.council_id is None:
        person.change(council_id=found.council_id)
    if person.language is None or not await context.agreed():
        # Agreed once, the link is opened again.
        await steps.welcome(context)
        return
    await steps.begin(context, "body", own=Own(link=payload, proposed=person.language))
