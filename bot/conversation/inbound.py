"""One incoming message -> one transaction; messages that arrive together share one COMMIT.

    receive(arrivals) -> waits for the batch -> inbox, people, replay, effects, outbox -> COMMIT

`receive` returns after the COMMIT, so the provider is told 200 only then. A message that cannot
be handled is tried again alone, then put aside with its trace; one whose handling takes too long is
put aside at once. The chat goes on.
"""

import asyncio
import logging
import traceback
from collections.abc import Callable, Coroutine, Mapping, Sequence

import msgspec

from bot.channels import counts
from bot.channels.port import PULLED, Arrival, BadWebhook, Channel, Status
from bot.conversation import steps, turn
from bot.conversation.context import Context, Parts
from bot.conversation.effects import HANDLERS
from bot.conversation.joining import providers
from bot.conversation.lookups import LOOKUPS
from bot.conversation.work import Work, committed, lock_chats, take
from bot.core.contact import Contact, Key, covered, read_contacts
from bot.core.councils import Register
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from bot.inbox import pace
from bot.inbox.deadline import Deadline, TooLong
from bot.inbox.outlasting import PATIENCE, outlast
from bot.inbox.parcel import LOST, Parcel
from bot.inbox.reception import Reception
from bot.inbox.unreadable import Unreadable, is_raw
from bot.outbox.composing import Composer
from bot.outbox.delivery import Delivery
from bot.outbox.media_files import NOTHING, MediaFiles
from flows.dialog.facts import Shared
from flows.wording.text import msg
from storage.database import Storage, Transaction, Unavailable, batch
from storage.ids import new_id
from storage.rows.arrivals import FactsOf, QuarantinedOf, ReleaseArrival, StatesOf

log = logging.getLogger("tachawor.conversations")

#: Most shared facts held in memory.
FACTS_KEPT = 500

#: Tries of a message before it is put aside.
TRIES = 3
_decode = msgspec.json.Decoder(Arrival).decode
_shared = msgspec.json.Decoder(Shared)


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
        #: Whether messages were refused because the database did not work.
        self._untaken = False
        self._facts: dict[str, Shared] = {}
        self._later_on: set[asyncio.Task[None]] = set()
        self._unreadable = Unreadable(storage, vault, media.channels)
        self._reception = Reception(storage, media, self._batch)
        #: Where messages are until they can be handled.
        self.waiting = self._reception.waiting
        #: Called with (channel, address) when there is something new to read.
        self.listeners: list[Callable[[str, str], None]] = []

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Take in what arrived; returns once it is committed."""
        for arrival in arrivals:
            counts.RECEIVED.labels(arrival.channel).inc()
        await self._reception.receive([covered(self._vault, arrival) for arrival in arrivals])

    async def _batch(self, parcels: list[Parcel]) -> None:
        try:
            work = await self._transact_or_wait(parcels)
        except Unavailable as error:
            log.warning("%d messages are not taken in: %s", len(parcels), error)
            self._untaken = True
            for parcel in parcels:
                parcel.settle(error)
            return
        except TooLong as error:
            await self._aside(error.parcel, error)
            if others := [parcel for parcel in parcels if parcel is not error.parcel]:
                await self._batch(others)
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
            parcel.settle()
        if self._untaken:
            self._untaken = False
            self._later(self._take_up())

    async def _take_up(self) -> None:
        """Send what was committed without our hearing of it, once what is committed now is known."""
        before = now_ms()
        await asyncio.sleep(PATIENCE)
        await self._delivery.take_up(before)

    async def _transact_or_wait(self, parcels: Sequence[Parcel]) -> Work:
        """One transaction; where the database does not work, again for a while. Raises Unavailable."""

        async def there() -> bool:
            async with self._storage.reading() as tx:
                return await committed(tx, parcels)

        return await outlast(
            Work,
            lambda work: self._transact(parcels, work),
            lambda work: bool(work.marks or work.held),
            there,
        )

    async def _alone(self, parcel: Parcel, error: Exception) -> None:
        """Try a failing message again; then put it aside, and tell the citizen."""
        for _ in range(TRIES - 1):
            try:
                work = await self._transact_or_wait([parcel])
            except Unavailable as unavailable:
                parcel.settle(unavailable)
                return
            except Exception as again:
                error = again
                if isinstance(error, TooLong):
                    break
            else:
                self._after(work)
                parcel.settle()
                return
        await self._aside(parcel, error)

    async def _aside(self, parcel: Parcel, error: Exception) -> None:
        """Put a message aside, and tell the citizen."""
        log.error("a message could not be handled and was put aside (%s)", type(error).__name__)
        try:
            work = await self._quarantine(parcel, error)
        except Exception as worse:
            log.exception("a message could not even be put aside")
            parcel.settle(worse)
            return
        self._after(work)
        parcel.settle()

    # ------------------------------------------------------------------ one transaction

    async def _transact(self, parcels: Sequence[Parcel], work: Work) -> None:
        async with self._settlement.along() as write, self._storage.transaction() as tx:
            await lock_chats(tx, parcels)
            await write(tx)
            taken = await take(tx, parcels)
            ours = {parcel.id for parcel in taken}
            # What came twice has brought its files twice.
            twice = [parcel for parcel in parcels if parcel.id not in ours]
            work.files_to_remove += [file.name for parcel in twice for file in parcel.media]
            if not taken:
                return
            contacts = await self._contacts(tx, [parcel.arrival for parcel in taken])
            handled, held = await pace.admit(
                tx, taken, contacts, self._register, self.waiting.holds
            )
            if held:
                await work.hold(tx, held)
            async with Deadline(tx) as deadline:
                for parcel in handled:
                    deadline.begin(parcel)
                    await self._handle(tx, parcel, contacts, work)
            known = pace.standing(contacts, handled) if held else contacts.values()
            await work.save(tx, known, self._vault, self._delivery.owners)

    async def _contacts(self, tx: Transaction, arrivals: Sequence[Arrival]) -> dict[Key, Contact]:
        keys = dict.fromkeys(key for one in arrivals for key in providers.addresses(one))
        wanted = batch([{"channel": c, "account": a, "address": x} for c, a, x in keys])
        rows = await tx.rows(StatesOf, rows=wanted)
        taken: Mapping[int, list[StatesOf]] = {}
        if any(arrival.aliases for arrival in arrivals):
            taken = await providers.unite(tx, self.parts.own_data, arrivals, rows)
            rows = await tx.rows(StatesOf, rows=wanted) if taken else rows
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
        for arrival in arrivals:
            await providers.at_home(tx, contacts, arrival, taken)
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
            Composer(contact, self._vault, council.language, self._register.recorded),
            self._media.publish,
        )
        if contact.missed:
            context.texts.tell(msg("chat.missed", count=contact.missed))
            contact.missed = 0
            contact.address_dirty = True
        trouble = parcel.trouble or LOST.get(arrival.lost)
        if trouble is not None and not (parcel.media or arrival.text or arrival.location):
            context.texts.tell(trouble)
            steps.ask_again(context, context.contact.top)
        else:
            await turn.handle(context)
            if trouble is not None:
                context.texts.tell(trouble)
        await self._media.note(tx, contact.person.id, parcel.media, arrival.at)
        for digest in context.new_facts.keys() - self._facts.keys():
            self._facts[digest] = _shared.decode(context.new_facts[digest])
        work.add(parcel.id, context)

    async def _quarantine(self, parcel: Parcel, error: Exception) -> Work:
        """Keep the message with its trace, and apologise."""
        work = Work()
        arrival = parcel.arrival
        async with self._storage.transaction() as tx:
            await lock_chats(tx, [parcel])
            taken = await take(tx, [parcel])
            if not taken:
                return work
            # What failed may have been the joining of two people.
            alone = msgspec.structs.replace(arrival, aliases=())
            contacts = await self._contacts(tx, [alone])
            contact = next(iter(contacts.values()))
            await work.save(tx, contacts.values(), self._vault, self._delivery.owners)
            await self._media.note(tx, contact.person.id, parcel.media, arrival.at)
            trace = "".join(traceback.format_exception(error))[-8000:]
            await tx.run(
                "quarantine_arrival",
                id=parcel.id,
                person_id=contact.person.id,
                tries=1 if isinstance(error, TooLong) else TRIES,
                trace=self._vault.seal(trace, f"inbox/{parcel.id}/trace"),
            )
            council = self._register.home(contact.person.council_id)
            out = Composer(contact, self._vault, council.language, self._register.recorded)
            out.tell(msg("chat.apology"))
            out.offers_menu = True
            work.queue(contact, out, arrival, self._vault)
            await self._delivery.owners.queue(tx, work.messages)
        return work

    async def set_aside(self, arrival: Arrival) -> None:
        """Put a message aside without trying it: its handling never came to an end."""
        parcel = Parcel(arrival, new_id())
        await self._aside(parcel, TooLong(parcel))
        await parcel.done

    async def replay(self, row: QuarantinedOf) -> bool:
        """Handle a message that was put aside once more. False if it fails again; it stays aside.

        Its answer goes out now; a message that somebody else released meanwhile is left alone.
        """
        if is_raw(row):
            return await self._read_again(row)
        arrival = _decode(row.payload)
        fetched = await self._media.take(arrival)
        parcel = Parcel(arrival, row.id, fetched.media, fetched.trouble)
        work = Work()
        try:
            async with self._settlement.along() as write, self._storage.transaction() as tx:
                await lock_chats(tx, [parcel])
                await write(tx)
                if await tx.row(ReleaseArrival, id=row.id) is None:
                    return True
                contacts = await self._contacts(tx, [arrival])
                async with Deadline(tx) as deadline:
                    deadline.begin(parcel)
                    await self._handle(tx, parcel, contacts, work)
                await work.save(tx, contacts.values(), self._vault, self._delivery.owners)
        except Exception as error:
            log.exception("a message put aside failed again (%s)", type(error).__name__)
            return False
        self._after(work)
        return True

    async def put_aside(self, channel: Channel, body: bytes, problem: str) -> None:
        """Keep what a provider brought and cannot be read; returns once it is committed."""
        await self._unreadable.keep(channel, body, problem)

    async def _read_again(self, row: QuarantinedOf) -> bool:
        """Take in what could not be read, now that it may be. The index knows what was taken in."""
        try:
            read = self._unreadable.read(row)
        except BadWebhook:
            return False
        statuses = [item for item in read if isinstance(item, Status)]
        if statuses:
            await self._delivery.report(statuses)
        await self.receive([item for item in read if isinstance(item, Arrival)])
        async with self._storage.transaction() as tx:
            await tx.row(ReleaseArrival, id=row.id)
        return True

    def _after(self, work: Work) -> None:
        """What follows a COMMIT: sending, waking readers, removing erased files, seeing to who waits."""
        for one in work.held:
            one.parcel.held = True
            self.waiting.hold(one.parcel.arrival, one.until, one.parcel.fetched or NOTHING)
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
        self._later_on.add(task)
        task.add_done_callback(self._later_on.discard)

    async def close(self) -> None:
        """Finish the batch under way; what waits is left for the next start."""
        await self._reception.close()
        if self._later_on:
            await asyncio.wait(set(self._later_on))
