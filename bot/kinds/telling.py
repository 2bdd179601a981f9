"""What a kind tells single people of its own accord, in the chat in which they wrote last: no broadcast.

people with their texts -> rows of the outbox, in the transaction that notes that they were told -> on their way
"""

from collections.abc import Sequence

import msgspec

from bot.channels.port import PULLED, Envelope
from bot.outbox.outgoing import row_of
from bot.outreach.message_texts import MessageTexts, Recipient, Said
from bot.services import Services
from flows.wording import render
from flows.wording.text import LANGUAGES, Text
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.people import ChatOf

#: What was written into the outbox, by channel.
Going = Sequence[tuple[str, Envelope]]

#: A person and what they are told.
Told = tuple[int, Text]


async def queued(
    services: Services,
    tx: Transaction,
    row: StoredConsultation,
    people: Sequence[Told],
    reason: str,
    at: int,
) -> Going:
    """The messages, written into the outbox; who cannot be written to is left out."""
    going: list[tuple[str, Envelope]] = []
    rows = []
    council = services.register.council(row.council_id)
    for person_id, text in people:
        chat = await tx.row(ChatOf, person_id=person_id)
        if chat is None or chat.channel not in services.channels:
            continue
        texts = {language: render(text, language, council.language) for language in LANGUAGES}
        body = msgspec.json.encode({"texts": texts}).decode()
        words = MessageTexts(
            services.register, services.vault, Said("notice", body, row.council_id), row, at
        )
        id = new_id()
        to = Recipient(id, person_id, chat.language, chat.channel, chat.account, chat.address)
        envelope = Envelope(
            id=id,
            account=chat.account,
            address=chat.address,
            message=words.message(to),
            last_in_at=chat.last_in_at,
        )
        rows.append(
            row_of(
                chat.channel, envelope, services.vault, person_id=person_id, reason=reason, at=at
            )
        )
        going.append((chat.channel, envelope))
    if rows:
        await services.delivery.owners.queue(tx, rows)
    return going


def go(services: Services, going: Going) -> None:
    """Send what was written, once its transaction is over."""
    for channel, envelope in going:
        if channel in PULLED:
            for listener in services.conversations.listeners:
                listener(channel, envelope.address)
        else:
            services.delivery.send(channel, envelope)
