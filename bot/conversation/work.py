"""What a batch of messages has to write, gathered while they are handled, written in a few statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import msgspec

from bot.channels.port import Arrival, Envelope, OutgoingMessage
from bot.conversation.context import Alert, Context
from bot.conversation.joining.providers import addresses
from bot.conversation.listening.unagreed import UNAGREED
from bot.core.contact import Contact, Conversation
from bot.core.vault import Vault
from bot.inbox.pace import Held
from bot.inbox.parcel import Parcel
from bot.inbox.waiting_room import files_of, waiting_payload
from bot.outbox.composing import Composer
from bot.outbox.outgoing import row_of
from bot.outbox.owners import Owners
from storage.database import Transaction, batch
from storage.ids import new_id
from storage.rows import query_of
from storage.rows.arrivals import LockChats, LockWriters, TakeArrivals, TakenArrivals
from storage.rows.inbox import ClaimWaiting

_encode = msgspec.json.Encoder().encode


def written(arrival: Arrival) -> str:
    """An arrival as the inbox keeps it."""
    if arrival.network is not None:
        arrival = msgspec.structs.replace(arrival, network=None)
    return _encode(arrival).decode()


async def lock_chats(tx: Transaction, parcels: Sequence[Parcel]) -> None:
    """Have these chats, and the people in them, alone until the end of the transaction."""
    keys = {key for parcel in parcels for key in addresses(parcel.arrival)}
    rows = batch([{"channel": c, "account": a, "address": x} for c, a, x in sorted(keys)])
    # Run, not read: on SQLite there is nothing to wait for.
    await tx.run(query_of(LockChats), rows=rows)
    await tx.run(query_of(LockWriters), rows=rows)


async def take(tx: Transaction, parcels: Sequence[Parcel]) -> list[Parcel]:
    """Note what came in, and what has waited long enough. Returns what was not known yet."""
    rows = [
        {
            "id": p.id,
            "channel": p.arrival.channel,
            "account": p.arrival.account,
            "external_id": p.arrival.external_id,
            "payload": written(p.arrival),
            "at": p.arrival.at,
        }
        for p in parcels
        if not p.waited
    ]
    fresh = {row.id for row in await tx.rows(TakeArrivals, rows=batch(rows))}
    waited = [{"id": p.id, "payload": written(p.arrival)} for p in parcels if p.waited]
    if waited:
        claimed = {row.id for row in await tx.rows(ClaimWaiting, rows=batch(waited))}
        fresh |= claimed
        parts = [{"id": id} for p in parcels if p.id in claimed for id in p.parts]
        if parts:
            await tx.run("settle_parts", rows=batch(parts))
    # Two who see to one chat may both have brought what waited there.
    once = {parcel.id: parcel for parcel in parcels if parcel.id in fresh}
    return list(once.values())


async def committed(tx: Transaction, parcels: Sequence[Parcel]) -> bool:
    """Whether the transaction that took these is there: all of it is, or nothing."""
    rows = batch([{"id": parcel.id, "fresh": int(not parcel.waited)} for parcel in parcels])
    return bool(await tx.rows(TakenArrivals, rows=rows))


@dataclass(slots=True)
class Work:
    """What a batch has to write, and what follows the COMMIT."""

    facts: dict[str, str] = field(default_factory=dict)
    marks: list[dict[str, object]] = field(default_factory=list)
    messages: list[dict[str, object]] = field(default_factory=list)
    #: Answers to who wrote, and what others are told because of it.
    answers: list[tuple[str, Envelope]] = field(default_factory=list)
    notices: list[tuple[str, Envelope]] = field(default_factory=list)
    #: Names of media files.
    files_to_remove: list[str] = field(default_factory=list)
    #: Chats whose person said stop.
    hushed: list[tuple[str, str]] = field(default_factory=list)
    #: People who agreed to be consulted, perhaps with a later message of the batch.
    agreed: set[int] = field(default_factory=set)
    #: Whether somebody was erased.
    traces: bool = False
    #: What has to wait in its chat.
    held: list[Held] = field(default_factory=list)

    async def hold(self, tx: Transaction, held: list[Held]) -> None:
        """Have messages wait that were taken in."""
        rows = [
            {
                "id": one.parcel.id,
                "waits_in": one.parcel.arrival.address,
                "payload": waiting_payload(one.parcel.arrival),
                "files": files_of(one.parcel.fetched),
            }
            for one in held
        ]
        await tx.run("hold_arrivals", rows=batch(rows))
        self.held = held

    def add(self, id: int, context: Context) -> None:
        """What the handling of the inbox row `id` came to."""
        contact = context.contact
        self.facts.update(context.new_facts)
        self.files_to_remove += context.files_to_remove
        self._mark(id, context)
        if contact.person.stopped_at is not None:
            every = (contact.address, *context.arrival.aliases)
            self.hushed += [(contact.channel, address) for address in every]
        if not context.texts.empty:
            self.queue(contact, context.texts, context.arrival, context.vault)
        for alert in context.alerts:
            self._alert(alert, context)

    def _mark(self, id: int, context: Context) -> None:
        person = context.person
        if person.erased:
            self.traces = True
            self.marks.append({"id": id, "person_id": None, "payload": ""})
            return
        mark: dict[str, object] = {"id": id, "person_id": person.id}
        if context.was_refused:
            mark["payload"] = ""
        elif context.was_private:
            mark["payload"] = context.vault.seal(written(context.arrival), f"inbox/{id}")
        if context.contact.agreed:
            self.agreed.add(person.id)
        elif not context.was_refused:
            mark["state"] = UNAGREED
        self.marks.append(mark)

    def queue(self, contact: Contact, out: Composer, arrival: Arrival, vault: Vault) -> None:
        """Put an answer to `arrival` into the outbox."""
        message = out.message()
        if arrival.receipt is not None:
            message = msgspec.structs.replace(message, acknowledges=arrival.receipt)
        if arrival.thread is not None:
            # Elsewhere in the chat the answer would be looked for in vain.
            message = msgspec.structs.replace(message, thread=arrival.thread)
        envelope = Envelope(
            id=new_id(),
            account=contact.account,
            address=contact.address,
            message=message,
            last_in_at=contact.last_in_at,
        )
        erased = contact.person.erased
        row = row_of(
            contact.channel,
            envelope,
            vault,
            person_id=None if erased else contact.person.id,
            reason="farewell" if erased else "reply",
            at=arrival.at,
            private=out.private,
        )
        if out.asks is not None and not erased:
            row["asked_in"], row["asked_key"] = out.asks
        self.messages.append(row)
        self.answers.append((contact.channel, envelope))

    def _alert(self, alert: Alert, context: Context) -> None:
        chat = alert.chat
        envelope = Envelope(
            id=new_id(),
            account=chat.account,
            address=chat.address,
            message=OutgoingMessage(text=alert.text, language=alert.language),
            last_in_at=chat.last_in_at,
        )
        self.messages.append(
            row_of(
                chat.channel,
                envelope,
                context.vault,
                person_id=chat.person_id,
                reason=alert.reason,
                at=context.at,
            )
        )
        self.notices.append((chat.channel, envelope))

    async def save(
        self, tx: Transaction, contacts: Collection[Contact], vault: Vault, owners: Owners
    ) -> None:
        """Write it: a statement a table, not a message."""
        standing = [c for c in contacts if not c.person.erased]
        people = {c.person.id: c.person for c in standing if c.person.dirty or c.new}
        if people:
            rows = [person.row() for person in people.values()]
            await tx.run("save_people", rows=batch(rows))
        given = {c.person.id: c.person.consents for c in standing if c.person.consents}
        if given:
            await tx.run(
                "add_consents", rows=batch([row for rows in given.values() for row in rows])
            )
        addresses = [c.address_row() for c in standing if c.address_dirty]
        if addresses:
            await tx.run("save_addresses", rows=batch(addresses))
        for digest, body in self.facts.items():
            await tx.run("save_facts", hash=digest, body=body)
        changed: dict[int, Conversation] = {
            conversation.id: conversation
            for c in standing
            for conversation in c.conversations
            if conversation.dirty
        }
        if changed:
            rows = [conversation.row(vault) for conversation in changed.values()]
            await tx.run("save_conversations", rows=batch(rows))
        for mark in self.marks:
            if mark.get("person_id") in self.agreed:
                mark.pop("state", None)
        if self.marks:
            await tx.run("mark_arrivals", rows=batch(self.marks))
        if self.messages:
            await owners.queue(tx, self.messages)
