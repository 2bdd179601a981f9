"""One incoming message -> one transaction; messages that arrive together share one COMMIT.

    receive(arrivals) -> waits for the batch -> inbox, people, replay, effects, outbox -> COMMIT

`receive` returns after the COMMIT, so the provider is told 200 only then. A message that cannot
be handled is tried again alone, then put aside with its trace; the chat goes on.
"""

import asyncio
import logging
import traceback
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from bot.channels.port import PULLED, Arrival, Outgoing
from bot.conversation.turn import Talk
from bot.core.contact import Conversation, Party, new_party, read_parties
from bot.core.councils import Register
from bot.core.vault import Vault
from bot.outbox import outgoing as intents
from bot.outbox.composing import Composer
from bot.outbox.delivery import Delivery
from bot.outbox.media_files import MediaFiles
from flows.dialog.dialog import Media
from flows.dialog.facts import Shared
from flows.wording.text import Text, msg
from storage.database import Row, Storage, Transaction, batch
from storage.ids import new_id

log = logging.getLogger("tachawor.conversations")

#: Most messages in one transaction.
BATCH = 256

#: Most shared facts held in memory.
FACTS_KEPT = 500

#: Tries of a message before it is put aside.
TRIES = 3


_decode = msgspec.json.Decoder(Arrival).decode
_encode = msgspec.json.Encoder().encode
_shared = msgspec.json.Decoder(Shared)

Key = tuple[str, str, str]


@dataclass(slots=True)
class Parcel:
    """An arrival that waits for its batch."""

    arrival: Arrival
    id: int
    media: tuple[Media, ...]
    trouble: Text | None
    done: asyncio.Future[None]


@dataclass(slots=True)
class Work:
    """What a batch has to write."""

    facts: dict[str, str] = field(default_factory=dict)
    marks: list[Mapping[str, object]] = field(default_factory=list)
    messages: list[dict[str, object]] = field(default_factory=list)
    outgoing: list[tuple[str, Outgoing]] = field(default_factory=list)
    doomed: list[str] = field(default_factory=list)
    #: Chats whose person said stop.
    hushed: list[tuple[str, str]] = field(default_factory=list)
    traces: bool = False


class Conversations:
    """Receives what citizens send, and answers through the outbox."""

    def __init__(
        self,
        storage: Storage,
        register: Register,
        vault: Vault,
        media: MediaFiles,
        delivery: Delivery,
        public_url: str,
    ) -> None:
        self._storage = storage
        self._register = register
        self._vault = vault
        self._media = media
        self._delivery = delivery
        self._public_url = public_url
        self._queue: list[Parcel] = []
        self._writer: asyncio.Task[None] | None = None
        self._fetching: dict[Key, asyncio.Lock] = {}
        self._facts: dict[str, Shared] = {}
        self._forgetting: set[asyncio.Task[None]] = set()
        #: Called with (channel, address) when there is something new to read.
        self.listeners: list[Callable[[str, str], None]] = []

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Take in what arrived; returns once it is committed."""
        if len(arrivals) == 1:
            await self._receive_one(arrivals[0])
        elif arrivals:
            await asyncio.gather(*(self._receive_one(arrival) for arrival in arrivals))

    async def _receive_one(self, arrival: Arrival) -> None:
        key = (arrival.channel, arrival.account, arrival.address)
        lock = self._fetching.get(key)
        if arrival.media or lock is not None:
            # A file takes time to fetch; later messages of the same chat wait for it.
            lock = self._fetching.setdefault(key, asyncio.Lock())
            async with lock:
                media, trouble = await self._media.take(arrival)
                await self._enqueue(arrival, media, trouble)
            if media:
                self._later(self._media.forget(arrival, media))
            if not lock.locked():
                self._fetching.pop(key, None)
            return
        await self._enqueue(arrival, (), None)

    async def _enqueue(
        self, arrival: Arrival, media: tuple[Media, ...], trouble: Text | None
    ) -> None:
        done = asyncio.get_running_loop().create_future()
        self._queue.append(Parcel(arrival, new_id(), media, trouble, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        """Write batches until nothing waits; what arrives meanwhile forms the next batch."""
        try:
            while self._queue:
                parcels, self._queue = self._queue[:BATCH], self._queue[BATCH:]
                await self._batch(parcels)
        finally:
            self._writer = None

    async def _batch(self, parcels: list[Parcel]) -> None:
        try:
            work = await self._transact(parcels)
        except Exception as error:
            if len(parcels) > 1:
                # One of them failed; each alone shows which, and the others are not held up.
                for parcel in parcels:
                    await self._batch([parcel])
                return
            await self._alone(parcels[0], error)
            return
        self._after(work)
        for parcel in parcels:
            if not parcel.done.done():
                parcel.done.set_result(None)

    async def _alone(self, parcel: Parcel, error: Exception) -> None:
        """Try a failing message again; then put it aside, and tell the citizen."""
        for _ in range(TRIES - 1):
            try:
                work = await self._transact([parcel])
            except Exception as again:
                error = again
            else:
                self._after(work)
                parcel.done.set_result(None)
                return
        log.error("a message could not be handled and was put aside (%s)", type(error).__name__)
        try:
            work = await self._quarantine(parcel, error)
        except Exception as worse:
            log.exception("a message could not even be put aside")
            if not parcel.done.done():
                parcel.done.set_exception(worse)
            return
        self._after(work)
        parcel.done.set_result(None)

    # ------------------------------------------------------------------ one transaction

    async def _transact(self, parcels: Sequence[Parcel]) -> Work:
        work = Work()
        async with self._delivery.transaction() as tx:
            taken = await self._take(tx, parcels)
            if not taken:
                return work
            parties = await self._parties(tx, taken)
            for parcel in taken:
                await self._handle(tx, parcel, parties, work)
            await self._save(tx, parties, work)
        return work

    async def _take(self, tx: Transaction, parcels: Sequence[Parcel]) -> list[Parcel]:
        rows = [
            {
                "id": p.id,
                "channel": p.arrival.channel,
                "account": p.arrival.account,
                "external_id": p.arrival.external_id,
                "payload": _encode(p.arrival).decode(),
                "at": p.arrival.at,
            }
            for p in parcels
        ]
        fresh = {row["id"] for row in await tx.rows("take_arrivals", rows=batch(rows))}
        return [parcel for parcel in parcels if parcel.id in fresh]

    async def _parties(self, tx: Transaction, taken: Sequence[Parcel]) -> dict[Key, Party]:
        keys = {(p.arrival.channel, p.arrival.account, p.arrival.address): p.arrival for p in taken}
        wanted = [{"channel": c, "account": a, "address": x} for c, a, x in keys]
        rows = await tx.rows("states_of", rows=batch(wanted))
        for digest in {row["facts"] for row in rows} - self._facts.keys() - {None}:
            found = await tx.row("facts_of", hash=digest)
            if found is not None:
                self._facts[digest] = _shared.decode(found["body"])
        parties = read_parties(rows, self._facts, self._vault)
        if len(self._facts) > FACTS_KEPT:
            # Every day has facts of its own; those still needed are read again.
            self._facts.clear()
        for key, arrival in keys.items():
            if key not in parties:
                parties[key] = new_party(*key, arrival.at)
        return parties

    async def _handle(
        self, tx: Transaction, parcel: Parcel, parties: dict[Key, Party], work: Work
    ) -> None:
        arrival = parcel.arrival
        party = parties[(arrival.channel, arrival.account, arrival.address)]
        if arrival.event in ("blocked", "unblocked"):
            party.address_state = "closed" if arrival.event == "blocked" else "open"
            party.address_dirty = not party.new
            work.marks.append({"id": parcel.id, "person_id": party.person.id})
            return
        if arrival.at > party.last_in_at or party.address_state != "open":
            party.last_in_at = max(arrival.at, party.last_in_at)
            party.address_state = "open"
            party.address_dirty = True
        talk = Talk(
            tx,
            self._register,
            self._vault,
            party,
            arrival,
            parcel.media,
            self._public_url,
            work.doomed,
        )
        if parcel.trouble is not None and not parcel.media and not arrival.text:
            talk.out.tell(parcel.trouble)
            talk.ask_again()
        else:
            await talk.hear()
            if parcel.trouble is not None:
                talk.out.tell(parcel.trouble)
        await self._media.note(tx, party.person.id, parcel.media, arrival.at)
        work.facts.update(talk.new_facts)
        for digest in talk.new_facts.keys() - self._facts.keys():
            self._facts[digest] = _shared.decode(talk.new_facts[digest])
        self._mark(parcel, party, talk, work)
        if party.person.stopped_at is not None:
            work.hushed.append((party.channel, party.address))
        if not talk.out.empty:
            self._queue_message(party, talk.out, arrival, work)

    def _mark(self, parcel: Parcel, party: Party, talk: Talk, work: Work) -> None:
        if party.person.erased:
            work.traces = True
            work.marks.append({"id": parcel.id, "person_id": None, "payload": ""})
            return
        mark: dict[str, object] = {"id": parcel.id, "person_id": party.person.id}
        if talk.was_private:
            payload = _encode(parcel.arrival).decode()
            mark["payload"] = self._vault.seal(payload, f"inbox/{parcel.id}")
        work.marks.append(mark)

    def _queue_message(self, party: Party, out: Composer, arrival: Arrival, work: Work) -> None:
        intent = out.intent()
        if arrival.receipt is not None:
            intent = msgspec.structs.replace(intent, acknowledges=arrival.receipt)
        pulled = party.channel in PULLED
        outgoing = Outgoing(
            id=new_id(),
            account=party.account,
            address=party.address,
            intent=intent,
            last_in_at=party.last_in_at,
        )
        work.messages.append(
            {
                "id": outgoing.id,
                "person_id": None if party.person.erased else party.person.id,
                "channel": party.channel,
                "account": party.account,
                "address": party.address,
                "reason": "farewell" if party.person.erased else "reply",
                "intent": intents.written(intent, self._vault, outgoing.id, private=out.private),
                "state": "sent" if pulled else "sending",
                "created_at": arrival.at,
            }
        )
        work.outgoing.append((party.channel, outgoing))

    async def _save(self, tx: Transaction, parties: Mapping[Key, Party], work: Work) -> None:
        standing = [p for p in parties.values() if not p.person.erased]
        people = {p.person.id: p.person for p in standing if p.person.dirty or p.new}
        if people:
            rows = [person.row() for person in people.values()]
            await tx.run("save_people", rows=batch(rows))
        addresses = [
            {
                "id": p.address_id,
                "person_id": p.person.id,
                "channel": p.channel,
                "account": p.account,
                "address": p.address,
                "state": p.address_state,
                "last_in_at": p.last_in_at,
            }
            for p in standing
            if p.address_dirty
        ]
        if addresses:
            await tx.run("save_addresses", rows=batch(addresses))
        for digest, body in work.facts.items():
            await tx.run("save_facts", hash=digest, body=body)
        talks: dict[int, Conversation] = {
            c.id: c for p in standing for c in p.conversations if c.dirty
        }
        if talks:
            rows = [conversation.row(self._vault) for conversation in talks.values()]
            await tx.run("save_conversations", rows=batch(rows))
        if work.marks:
            await tx.run("mark_arrivals", rows=batch(work.marks))
        if work.messages:
            await tx.run("queue_messages", rows=batch(work.messages))

    async def _quarantine(self, parcel: Parcel, error: Exception) -> Work:
        """Keep the message with its trace, and apologise."""
        work = Work()
        arrival = parcel.arrival
        async with self._storage.transaction() as tx:
            taken = await self._take(tx, [parcel])
            if not taken:
                return work
            parties = await self._parties(tx, taken)
            party = next(iter(parties.values()))
            await self._save(tx, parties, work)
            await self._media.note(tx, party.person.id, parcel.media, arrival.at)
            trace = "".join(traceback.format_exception(error))[-8000:]
            await tx.run(
                "quarantine_arrival",
                id=parcel.id,
                person_id=party.person.id,
                tries=TRIES,
                trace=self._vault.seal(trace, f"inbox/{parcel.id}/trace"),
            )
            council = self._register.home(party.person.council_id)
            out = Composer(party, self._vault, council.language)
            out.tell(msg("chat.apology"))
            out.offers_menu = True
            self._queue_message(party, out, arrival, work)
            await tx.run("queue_messages", rows=batch(work.messages))
        return work

    async def replay(self, row: Row) -> bool:
        """Handle a message that was put aside once more. False if it fails again; it stays aside.

        Its answer goes out now; a message that somebody else released meanwhile is left alone.
        """
        arrival = _decode(row["payload"])
        media, trouble = await self._media.take(arrival)
        done = asyncio.get_running_loop().create_future()
        parcel = Parcel(arrival, row["id"], media, trouble, done)
        work = Work()
        try:
            async with self._delivery.transaction() as tx:
                if await tx.row("release_arrival", id=row["id"]) is None:
                    return True
                parties = await self._parties(tx, [parcel])
                await self._handle(tx, parcel, parties, work)
                await self._save(tx, parties, work)
        except Exception as error:
            log.exception("a message put aside failed again (%s)", type(error).__name__)
            return False
        self._after(work)
        return True

    def _after(self, work: Work) -> None:
        """What follows a COMMIT: sending, waking readers, removing erased files."""
        for channel, address in work.hushed:
            self._delivery.hush(channel, address)
        for channel, outgoing in work.outgoing:
            if channel in PULLED:
                for listener in self.listeners:
                    listener(channel, outgoing.address)
            else:
                self._delivery.send(channel, outgoing)
        if work.doomed:
            self._media.remove(work.doomed)
        if work.traces:
            self._later(self._storage.forget_traces())

    def _later(self, job: Coroutine[None, None, None]) -> None:
        """Have something done that nobody waits for."""
        task = asyncio.create_task(job)
        self._forgetting.add(task)
        task.add_done_callback(self._forgetting.discard)

    async def close(self) -> None:
        """Finish the batch under way."""
        if self._writer is not None:
            await asyncio.wait({self._writer})
        if self._forgetting:
            await asyncio.wait(set(self._forgetting))
