"""Words to the organizer's own chat: a broadcast has ended, and how."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.channels.port import PULLED, Envelope, OutgoingMessage, OutMedia
from bot.core.councils import Register
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from bot.outbox.delivery import Delivery
from bot.outbox.outgoing import row_of
from bot.outreach import broadcasts
from flows.wording import render
from flows.wording.text import Code, Text, lines, msg
from storage.database import Storage, Transaction
from storage.ids import new_id
from storage.rows.broadcasts import EndBroadcasts
from storage.rows.staff import StaffChat

#: What was written into the outbox, and on which channel.
Written = tuple[str, Envelope]


@dataclass(frozen=True, slots=True)
class StaffChats:
    """Writes to the own chats of members of staff."""

    storage: Storage
    register: Register
    vault: Vault
    delivery: Delivery
    #: Called with (channel, address) where a chat is pulled, so that whoever waits looks again.
    listeners: Sequence[Callable[[str, str], None]]

    async def tell_end(self, broadcast: EndBroadcasts) -> None:
        """Tell whoever began a broadcast how it ended; nothing if they have no chat with the bot."""
        async with self.storage.reading() as tx:
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
        await self.tell(broadcast.council_id, broadcast.made_by, text)

    async def tell(
        self,
        council_id: int,
        name: str,
        text: Text,
        *,
        private: bool = False,
        file: OutMedia | None = None,
    ) -> None:
        """Write to a member of staff's own chat, if they have one. What is `private` is kept sealed."""
        async with self.delivery.settlement.along() as write, self.storage.transaction() as tx:
            await write(tx)
            written = await self.write(tx, council_id, name, text, private=private, file=file)
        if written is not None:
            self.go(written)

    async def write(
        self,
        tx: Transaction,
        council_id: int,
        name: str,
        text: Text,
        *,
        private: bool = False,
        file: OutMedia | None = None,
    ) -> Written | None:
        """Write it into the outbox; `go` has it leave after the COMMIT. None if they have no chat with the bot."""
        chat = await tx.row(StaffChat, council_id=council_id, name=name)
        if chat is None:
            return None
        await self.register.learn(tx, council_id)
        language = chat.language or self.register.council(council_id).language
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
        row = row_of(
            chat.channel,
            envelope,
            self.vault,
            person_id=chat.person_id,
            reason="staff",
            at=now_ms(),
            private=private,
        )
        await self.delivery.owners.queue(tx, [row])
        return chat.channel, envelope

    def go(self, written: Written) -> None:
        """What was written leaves, or whoever reads there looks again."""
        channel, envelope = written
        if channel in PULLED:
            for listener in self.listeners:
                listener(channel, envelope.address)
        else:
            self.delivery.send(channel, envelope)


def broadcast_name(progress: broadcasts.Progress) -> Text:
    """What a broadcast is called among staff."""
    what = msg(f"broadcast.{progress.what}")
    if not progress.code:
        return what
    return msg("organizer.broadcast", code=Code(progress.code), what=what)
