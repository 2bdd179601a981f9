"""What a citizen settles about themselves: language, places, consent, profile, copy, erasure, chats."""

from bot.conversation.context import Context
from bot.conversation.erasure import erase, export
from bot.conversation.joining import codes, handover
from bot.conversation.listening import unagreed
from bot.core.contact import Conversation
from flows.dialog import effects as fx
from flows.wording.text import Code, Lines, Text, Verbatim, lines, msg
from storage.ids import new_id

#: How long a link to one's own data is good.
LINK_MS = 15 * 60 * 1000


async def set_language(
    context: Context, conversation: Conversation, effect: fx.SetLanguage
) -> None:
    """Speak this language from now on."""
    context.person.change(language=effect.language, letters=effect.letters)


async def set_home(context: Context, conversation: Conversation, effect: fx.SetHome) -> None:
    """Note where the citizen lives; the council there is theirs."""
    person, commune = context.person, effect.commune
    person.change(commune=commune, abroad=int(effect.abroad))
    if commune is not None:
        person.change(council_id=context.register.covering(commune) or person.council_id)


async def follow(context: Context, conversation: Conversation, effect: fx.Follow) -> None:
    """Follow a place, or no more."""
    await context.save_newcomer()
    query = "follow" if effect.on else "unfollow"
    values = {"since": context.at} if effect.on else {}
    await context.tx.run(query, person_id=context.person.id, place=effect.place, **values)


async def set_profile(context: Context, conversation: Conversation, effect: fx.SetProfile) -> None:
    """Note what the citizen said of themselves, also for what they contributed before."""
    profile = {
        "age_band": effect.age_band,
        "gender": effect.gender,
        "disability": effect.disability,
    }
    context.person.change(**profile)
    await context.tx.run("profile_to_responses", person_id=context.person.id, **profile)


async def consent(context: Context, conversation: Conversation, effect: fx.Consent) -> None:
    """Note what the citizen agreed to or refused; it is written with all else of the batch."""
    context.person.consents.append(
        {
            "id": new_id(),
            "person_id": context.person.id,
            "purpose": effect.purpose,
            "given": int(effect.given),
            "version": effect.version,
            "shown": effect.shown,
            "language": context.person.language or "ar",
            "channel": context.contact.channel,
            "at": context.at,
        }
    )
    if effect.purpose == "consultation" and not effect.given:
        await refuse(context)
    elif effect.purpose == "consultation":
        context.contact.agreed = True
        await context.tx.run("agree_arrivals", person_id=context.person.id)


async def refuse(context: Context) -> None:
    """What was written by who does not agree is forgotten, but for the rows that say that something came."""
    context.files_to_remove.extend(await unagreed.empty(context.tx, context.person.id))
    for conversation in context.contact.conversations:
        conversation.state, conversation.dirty = "done", True
    context.was_refused = True


async def forget(context: Context, conversation: Conversation, effect: fx.Forget) -> None:
    """Erase the person; the files go once the transaction is committed.

    Chats that were joined within a day are taken apart first: nobody erases another's data by a join.
    """
    apart = await handover.live_join(context.tx, context.person.id, context.at) is not None
    if apart:
        await codes.undo(context)
    stays: list[Text] = []
    context.files_to_remove.extend(
        await erase(context.tx, context.vault, context.parts.own_data, context.person.id, stays)
    )
    context.person.erased = True
    context.texts.tell(effect.done)
    for text in stays:
        context.texts.tell(text)
    if apart:
        context.texts.tell(msg("join.forgot_one"))


async def join_chats(context: Context, conversation: Conversation, effect: fx.JoinChats) -> None:
    """Make this chat and the one that shows the code one person's."""
    context.texts.tell(await codes.join(context, effect.code))


async def part_chats(context: Context, conversation: Conversation, effect: fx.PartChats) -> None:
    """Take chats apart that were joined within a day."""
    context.texts.tell(await codes.undo(context))


async def link_channel(
    context: Context, conversation: Conversation, effect: fx.LinkChannel
) -> None:
    """Show the code by which another chat becomes this person's too, and the ways there."""
    shown = await codes.show(context)
    context.texts.tell(shown)
    if isinstance(shown, Lines):
        for link in context.register.links(codes.JOINS):
            context.texts.tell(Verbatim(link))


async def give_copy(context: Context, conversation: Conversation, effect: fx.Export) -> None:
    """Give the link to a copy; in chats that were joined within a day, say from when on there is one."""
    held = await codes.copy_held_until(context)
    if held:
        context.texts.tell(msg("join.no_copy", until=Code(held)))
        return
    name = await export(
        context.tx, context.vault, context.parts.own_data, context.person.id, context.at
    )
    ticket = context.vault.stamp(f"export:{name}", context.at + LINK_MS)
    link = f"{context.public_url}/my-data/{name}/{ticket}"
    context.texts.tell(lines(msg("my_data.copy_link", link=Code(link))))
