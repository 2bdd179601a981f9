"""One incoming message -> one transaction; messages that arrive together share one COMMIT.

    receive(arrivals) -> waits for the batch -> inbox, people, replay, effects, outbox -> COMMIT

`receive` returns after the COMMIT, so the provider is told 200 only then. A message that cannot
be handled is tried again alone, then put aside with its trace; the chat goes on.
"""

import asyncio
import logging
import traceback
from collections.abc import Callable, Coroutine, Sequence

import msgspec

from bot.channels.port import PULLED, Arrival
from bot.conversation import steps, turn
from bot.conversation.context import Context, Parts
from bot.conversation.effects import HANDLERS
from bot.conversation.lookups import LOOKUPS
from bot.conversation.work import Parcel, Work, committed, lock, take
from bot.core.contact import Contact, new_contact, read_contacts
from bot.core.councils import Register
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from bot.outbox.composing import Composer
from bot.outbox.delivery import Delivery
from bot.outbox.media_files import MediaFiles
from flows.dialog.dialog import Media
from flows.dialog.facts import Shared
from flows.wording.text import Text, msg
from storage.database import Storage, Transaction, Unavailable, batch
from storage.ids import new_id
from storage.rows.arrivals import (
    FactsOf,
    QuarantinedOf,
    ReleaseArrival,
    StatesOf,
)

log = logging.getLogger("tachawor.conversations")

#: Most messages in one transaction.
BATCH = 256

#: Most shared facts held in memory.
FACTS_KEPT = 500

#: Tries of a message before it is put aside.
TRIES = 3

#: Seconds that a batch waits for a database that does not work, and between its tries; then whoever
#: brought the messages hears of it. Twilio waits for 15 seconds, Telegram for longer.
PATIENCE = 8.0
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0


_decode = msgspec.json.Decoder(Arrival).decode
_shared = msgspec.json.Decoder(Shared)

Key = tuple[str, str, str]


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
        parts: Parts,
    ) -> None:
        self._storage = storage
        self._register = register
        self._vault = vault
        self._media = media
        self._delivery = delivery
        self._settlement = delivery.settlement
        self._public_url = public_url
        #: What any conversation and the kinds' own can decide and look up.
        self.parts = Parts(
            effects={**HANDLERS, **parts.effects},
            look_ups={**LOOKUPS, **parts.look_ups},
            withdrawn=parts.withdrawn,
            offers=parts.offers,
            own_data=parts.own_data,
        )
        self._queue: list[Parcel] = []
        self._writer: asyncio.Task[None] | None = None
        #: Whether messages were refused because the database did not work.
        self._untaken = False
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
            work = await self._transact_or_wait(parcels)
        except Unavailable as error:
            log.warning("%d messages are not taken in: %s", len(parcels), error)
            self._untaken = True
            for parcel in parcels:
                if not parcel.done.done():
                    parcel.done.set_exception(error)
            return
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
        if self._untaken:
            self._untaken = False
            self._later(self._take_up())

    async def _take_up(self) -> None:
        """Send what was committed without our hearing of it: its answers are in the outbox."""
        before = now_ms()
        # By then, what is being committed now is known to whoever sends it.
        await asyncio.sleep(PATIENCE)
        await self._delivery.take_up(before)

    async def _transact_or_wait(self, parcels: Sequence[Parcel]) -> Work:
        """One transaction; where the database does not work, again and again for a while.

        Raises Unavailable if it does not work by then: nobody is to blame, and whoever brought the
        messages is to bring them again.
        """
        end = asyncio.get_running_loop().time() + PATIENCE
        pause = FIRST_PAUSE
        tried: Work | None = None
        while True:
            try:
                work = Work()
                await self._transact(parcels, work)
                # Nothing was new: is it what was tried before, and the answer to its COMMIT was lost?
                if tried is not None and not work.marks and await self._is_there(parcels):
                    return tried
            except Unavailable:
                if asyncio.get_running_loop().time() + pause > end:
                    raise
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                if work.marks:
                    tried = work
            else:
                return work

    async def _is_there(self, parcels: Sequence[Parcel]) -> bool:
        async with self._storage.reading() as tx:
            return await committed(tx, parcels)

    async def _alone(self, parcel: Parcel, error: Exception) -> None:
        """Try a failing message again; then put it aside, and tell the citizen."""
        for _ in range(TRIES - 1):
            try:
                work = await self._transact_or_wait([parcel])
            except Unavailable as unavailable:
                parcel.done.set_exception(unavailable)
                return
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

    async def _transact(self, parcels: Sequence[Parcel], work: Work) -> None:
        async with self._settlement.along() as write, self._storage.transaction() as tx:
            await lock(tx, parcels)
            await write(tx)
            taken = await take(tx, parcels)
            if not taken:
                return
            contacts = await self._contacts(tx, taken)
            for parcel in taken:
                await self._handle(tx, parcel, contacts, work)
            await work.save(tx, contacts.values(), self._vault, self._delivery.owners)

    async def _contacts(self, tx: Transaction, taken: Sequence[Parcel]) -> dict[Key, Contact]:
        keys = {(p.arrival.channel, p.arrival.account, p.arrival.address): p.arrival for p in taken}
        wanted = [{"channel": c, "account": a, "address": x} for c, a, x in keys]
        rows = await tx.rows(StatesOf, rows=batch(wanted))
        for digest in {row.facts for row in rows if row.facts is not None} - self._facts.keys():
            found = await tx.row(FactsOf, hash=digest)
            if found is not None:
                self._facts[digest] = _shared.decode(found.body)
        contacts = read_contacts(rows, self._facts, self._vault)
        councils = [row.council_id for row in rows if row.council_id is not None]
        await self._register.learn(tx, *councils)
        if len(self._facts) > FACTS_KEPT:
            # Every day has facts of its own; those still needed are read again.
            self._facts.clear()
        for key, arrival in keys.items():
            if key not in contacts:
                contacts[key] = new_contact(*key, arrival.at)
        return contacts

    async def _handle(
        self, tx: Transaction, parcel: Parcel, contacts: dict[Key, Contact], work: Work
    ) -> None:
        arrival = parcel.arrival
        contact = contacts[(arrival.channel, arrival.account, arrival.address)]
        if arrival.event in ("blocked", "unblocked"):
            contact.address_state = "closed" if arrival.event == "blocked" else "open"
            contact.address_dirty = not contact.new
            work.marks.append({"id": parcel.id, "person_id": contact.person.id})
            return
        if arrival.at > contact.last_in_at or contact.address_state != "open":
            contact.last_in_at = max(arrival.at, contact.last_in_at)
            contact.address_state = "open"
            contact.address_dirty = True
        council = self._register.home(contact.person.council_id)
        context = Context(
            tx,
            self._register,
            self._vault,
            contact,
            arrival,
            parcel.media,
            self._public_url,
            self.parts,
            Composer(contact, self._vault, council.language),
        )
        if contact.missed:
            context.texts.tell(msg("chat.missed", count=contact.missed))
            contact.missed = 0
            contact.address_dirty = True
        if parcel.trouble is not None and not parcel.media and not arrival.text:
            context.texts.tell(parcel.trouble)
            steps.ask_again(context, context.contact.top)
        else:
            await turn.handle(context)
            if parcel.trouble is not None:
                context.texts.tell(parcel.trouble)
        await self._media.note(tx, contact.person.id, parcel.media, arrival.at)
        for digest in context.new_facts.keys() - self._facts.keys():
            self._facts[digest] = _shared.decode(context.new_facts[digest])
        work.add(parcel.id, context)

    async def _quarantine(self, parcel: Parcel, error: Exception) -> Work:
        """Keep the message with its trace, and apologise."""
        work = Work()
        arrival = parcel.arrival
        async with self._storage.transaction() as tx:
            await lock(tx, [parcel])
            taken = await take(tx, [parcel])
            if not taken:
                return work
            contacts = await self._contacts(tx, taken)
            contact = next(iter(contacts.values()))
            await work.save(tx, contacts.values(), self._vault, self._delivery.owners)
            await self._media.note(tx, contact.person.id, parcel.media, arrival.at)
            trace = "".join(traceback.format_exception(error))[-8000:]
            await tx.run(
                "quarantine_arrival",
                id=parcel.id,
                person_id=contact.person.id,
                tries=TRIES,
                trace=self._vault.seal(trace, f"inbox/{parcel.id}/trace"),
            )
            council = self._register.home(contact.person.council_id)
            out = Composer(contact, self._vault, council.language)
            out.tell(msg("chat.apology"))
            out.offers_menu = True
            work.queue(contact, out, arrival, self._vault)
            await self._delivery.owners.queue(tx, work.messages)
        return work

    async def replay(self, row: QuarantinedOf) -> bool:
        """Handle a message that was put aside once more. False if it fails again; it stays aside.

        Its answer goes out now; a message that somebody else released meanwhile is left alone.
        """
        arrival = _decode(row.payload)
        media, trouble = await self._media.take(arrival)
        done = asyncio.get_running_loop().create_future()
        parcel = Parcel(arrival, row.id, media, trouble, done)
        work = Work()
        try:
            async with self._settlement.along() as write, self._storage.transaction() as tx:
                await lock(tx, [parcel])
                await write(tx)
                if await tx.row(ReleaseArrival, id=row.id) is None:
                    return True
                contacts = await self._contacts(tx, [parcel])
                await self._handle(tx, parcel, contacts, work)
                await work.save(tx, contacts.values(), self._vault, self._delivery.owners)
        except Exception as error:
            log.exception("a message put aside failed again (%s)", type(error).__name__)
            return False
        self._after(work)
        return True

    def _after(self, work: Work) -> None:
        """What follows a COMMIT: sending, waking readers, removing erased files."""
        for channel, address in work.hushed:
            self._delivery.hush(channel, address)
        for channel, envelope in work.answers + work.notices:
            if channel in PULLED:
                for listener in self.listeners:
                    listener(channel, envelope.address)
        for channel, envelope in work.answers:
            if channel not in PULLED:
                self._delivery.send(channel, envelope, answers=True)
        for channel, envelope in work.notices:
            if channel not in PULLED:
                self._delivery.send(channel, envelope)
        if work.files_to_remove:
            self._media.remove(work.files_to_remove)
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
