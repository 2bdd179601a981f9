"""Words to the organizer's own chat: a broadcast has ended, and how."""

from bot.channels.port import PULLED, Envelope, OutgoingMessage, OutMedia
from bot.core.localtime import now_ms
from bot.outbox.outgoing import stored
from bot.outreach import broadcasts
from bot.services import Services
from flows.wording import render
from flows.wording.text import Code, Text, lines, msg
from storage.database import batch
from storage.ids import new_id
from storage.rows.broadcasts import EndBroadcasts
from storage.rows.staff import StaffChat


async def tell_end(services: Services, broadcast: EndBroadcasts) -> None:
    """Tell whoever began a broadcast how it ended; nothing if they have no chat with the bot."""
    async with services.storage.reading() as tx:
        progress = await broadcasts.progress(tx, broadcast.id)
    if progress is None:
        return
    text = lines(
        msg("organizer.ended", code=broadcast_name(progress), count=progress.people),
        *(
            msg(f"organizer.count.{state}", count=progress.states[state])
            for state in ("sent", "delivered", "read", "uncertain", "failed", "dropped")
            if progress.states.get(state)
        ),
        msg("organizer.answered", count=progress.answered) if progress.answered else None,
        msg("organizer.opted_out", count=progress.opted_out) if progress.opted_out else None,
    )
    await tell(services, broadcast.council_id, broadcast.made_by, text)


def broadcast_name(progress: broadcasts.Progress) -> Text:
    """What a broadcast is called among staff."""
    what = msg(f"broadcast.{progress.what}")
    if not progress.code:
        return what
    return msg("organizer.broadcast", code=Code(progress.code), what=what)


async def tell(
    services: Services,
    council_id: int,
    name: str,
    text: Text,
    *,
    private: bool = False,
    file: OutMedia | None = None,
) -> None:
    """Write to a member of staff's own chat, if they have one. What is `private` is kept sealed."""
    async with services.delivery.settlement.along() as write, services.storage.transaction() as tx:
        await write(tx)
        chat = await tx.row(StaffChat, council_id=council_id, name=name)
        if chat is None:
            return
        await services.register.learn(tx, council_id)
        language = chat.language or services.register.council(council_id).language
        envelope = Envelope(
            id=new_id(),
            account=chat.account,
            address=chat.address,
            message=OutgoingMessage(
                text=render(text, language),
                language=language,
                media=(file,) if file is not None else (),
            ),
            last_in_at=chat.last_in_at,
        )
        pulled = chat.channel in PULLED
        row = {
            "id": envelope.id,
            "person_id": chat.person_id,
            "channel": chat.channel,
            "account": chat.account,
            "address": chat.address,
            "reason": "staff",
            "intent": stored(envelope.message, services.vault, envelope.id, private=private),
            "state": "sent" if pulled else "sending",
            "created_at": now_ms(),
        }
        await tx.run("queue_messages", rows=batch([row]))
    if pulled:
        for listener in services.conversations.listeners:
            listener(chat.channel, chat.address)
    else:
        services.delivery.send(chat.channel, envelope)
