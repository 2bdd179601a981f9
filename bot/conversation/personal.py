"""What a citizen settles about themselves: language, places, consent, profile, copy, erasure, chats."""

from bot.conversation.context import Context
from bot.conversation.erasure import erase, export
from bot.conversation.joining import join
from bot.core.contact import Conversation
from bot.core.links import chat_payload
from flows.dialog import effects as fx
from flows.wording.text import Code, Verbatim, lines, msg
from storage.ids import new_id

#: How long a link to one's own data, or to another channel, is good.
LINK_MS = 15 * 60 * 1000


async def set_language(
    context: Context, conversation: Conversation, effect: fx.SetLanguage
) -> None:
    """Speak this language from now on."""
    context.person.change(language=effect.language)


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


async def forget(context: Context, conversation: Conversation, effect: fx.Forget) -> None:
    """Erase the person; the files go once the transaction is committed."""
    context.files_to_remove.extend(
        await erase(context.tx, context.parts.own_data, context.person.id)
    )
    context.person.erased = True
    context.texts.tell(effect.done)


async def join_chats(context: Context, conversation: Conversation, effect: fx.JoinChats) -> None:
    """Make this chat and the one that asked one person's."""
    await context.save_newcomer()
    joined = await join(context, effect.payload)
    context.texts.tell(effect.done if joined else effect.expired)


async def link_channel(
    context: Context, conversation: Conversation, effect: fx.LinkChannel
) -> None:
    """Give the link by which another chat becomes this person's too."""
    payload = chat_payload(context.vault, context.person.id, context.at + LINK_MS)
    context.texts.tell(msg(effect.told.id, reference=Code(payload)))
    for link in context.register.links(payload):
        context.texts.tell(Verbatim(link))


async def give_copy(context: Context, conversation: Conversation, effect: fx.Export) -> None:
    name = await export(
        context.tx, context.vault, context.parts.own_data, context.person.id, context.at
    )
    ticket = context.vault.stamp(f"export:{name}", context.at + LINK_MS)
    link = f"{context.public_url}/my-data/{name}/{ticket}"
    context.texts.tell(lines(msg("my_data.copy_link", link=Code(link))))
