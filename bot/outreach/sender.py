"""Sending what we begin: answers of staff (`bot.outreach.answers`), then broadcasts: recipients written, claimed a few at a time, handed to delivery.

    running broadcast -> gather: rows of the outbox, a page at a time
                      -> claim:  what is due and allowed now -> 'sending' -> Delivery.push
                      -> done:   when nothing is left; the organizer is told

The database is the truth: a process that ends leaves nothing behind but claims, and those become
'uncertain'. Recipients are gathered in pages, not by one statement: one that writes 100,000 rows
keeps a citizen's answer waiting for seconds.
"""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from bot.channels.port import Envelope
from bot.core.councils import Register, head_of, is_open
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from bot.outbox.delivery import Delivery
from bot.outbox.outgoing import in_form
from bot.outreach import held, quiet_hours
from bot.outreach.answers import Answers
from bot.outreach.audiences import ASKING, CAPPED, WrongAudience, values_of
from bot.outreach.claims import BUSY_MS, CLAIM, Claim, Fate
from bot.outreach.message_texts import MessageTexts, Recipient, Said
from flows.dialog.outreach import Audience, Sending
from storage.database import Storage, Transaction, Unavailable, batch
from storage.ids import new_id
from storage.rows import StoredBroadcast, StoredConsultation
from storage.rows.broadcasts import (
    AudiencePage,
    DuePushes,
    EndBroadcasts,
    ExpireClaims,
    Gather,
    LockPeople,
    MoveBroadcast,
    Pauses,
    RunningBroadcasts,
)
from storage.rows.consultations import ConsultationById

log = logging.getLogger("tachawor.pushing")

#: Recipients written in one transaction.
PAGE = 500
#: Seconds between two looks at what is due: while something goes, and while nothing does.
BUSY_PAUSE, IDLE_PAUSE = 0.2, 5.0
#: A claim older than this belongs to a process that is gone, ms.
LEASE_MS = 3 * 60 * 1000
WEEK_MS = 7 * 24 * 60 * 60 * 1000

#: So long what staff wrote to somebody is not buried under an invitation, ms.
ANSWER_MS = 3 * 60 * 60 * 1000


class Sender:
    """Sends what staff wrote to one person, and the broadcasts that run.

    One in each process; several may work on one database.
    """

    def __init__(
        self,
        storage: Storage,
        register: Register,
        vault: Vault,
        delivery: Delivery,
        channels: Sequence[str],
        pulled: frozenset[str],
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._storage = storage
        self._register = register
        self._vault = vault
        self._delivery = delivery
        self._channels = tuple(channels)
        self._pulled = pulled
        self._clock = clock
        self._nudged = asyncio.Event()
        self._next_check = 0
        self._texts_kept: dict[tuple[int, int], MessageTexts] = {}
        self._answers = Answers(storage, register, vault, delivery, self._channels, pulled, clock)
        #: Called with (channel, address) when there is something new to read.
        self.listeners: list[Callable[[str, str], None]] = []
        #: Awaited with (broadcast row) of each broadcast that has ended.
        self.ended: list[Callable[[EndBroadcasts], Awaitable[None]]] = []

    def nudge(self) -> None:
        """Something was begun: look at once."""
        self._nudged.set()

    async def run(self) -> None:
        """Send until cancelled. A failure is logged, and the next look is taken all the same."""
        recovered, more = False, False
        while True:
            try:
                if not recovered:
                    await self.recover(everything=self._storage.dialect == "sqlite")
                    recovered = True
                more = await self.round()
            except Unavailable as error:
                log.warning("broadcasts: %s; going on", error)
                more = False
            except Exception:
                log.exception("broadcasts: a round failed; going on")
                more = False
            self._nudged.clear()
            wait = self.pause if more else IDLE_PAUSE
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), wait)

    @property
    def pause(self) -> float:
        """Seconds until there is room for half of what one look claims, and not long in any case."""
        return min(BUSY_PAUSE, CLAIM / 2 / self._delivery.fastest)

    async def recover(self, *, everything: bool = False) -> int:
        """Give up claims of processes that are gone. Returns how many messages are uncertain now.

        `everything`: no other process sends from this database, so every claim is an old one.
        """
        before = self._clock() + 1 if everything else self._clock() - LEASE_MS
        async with self._storage.transaction() as tx:
            lost = await tx.rows(ExpireClaims, before=before)
        if lost:
            log.warning("broadcasts: %d messages may or may not have gone out", len(lost))
        return len(lost)

    async def round(self) -> bool:
        """Gather and claim what is due. Returns whether there is more to do at once."""
        async with self._storage.reading() as tx:
            if await held.since(tx):
                return False
            running = await tx.rows(RunningBroadcasts)
            await self._register.learn(tx, *(row.council_id for row in running))
            self._delivery.heed(await tx.rows(Pauses, at=self._clock()))
        # What staff wrote to one person goes before what a council sends to many.
        more = await self._answers.round(self._show)
        for row in running:
            if row.gathered_to != -1:
                try:
                    await self._gather(row)
                except Unavailable:
                    raise
                except Exception:
                    await self._put_aside(row)
                more = True
        for channel in self._channels if running else ():
            more = await self._send(channel, running) or more
        if self._clock() >= self._next_check:
            self._next_check = self._clock() + 2000
            if self._storage.dialect != "sqlite":
                await self.recover()
            if running:
                await self._end()
        return more

    def _show(self, channel: str, address: str) -> None:
        for listener in self.listeners:
            listener(channel, address)

    async def _put_aside(self, row: StoredBroadcast) -> None:
        """Pause a broadcast that cannot be worked on, so that the others go on."""
        log.exception("broadcast %d cannot go on and is paused", row.id)
        async with self._storage.transaction() as tx:
            await tx.row(MoveBroadcast, id=row.id, before="running", after="paused")

    # ------------------------------------------------------------------ gathering

    async def _gather(self, row: RunningBroadcasts) -> None:
        """Write the next page of recipients, and how far that is, in one transaction."""
        done = row.gathered_to or 0
        council = self._register.council(row.council_id)
        people: list[AudiencePage] = []
        # Read beside the writers: only the writing holds up whoever answers meanwhile.
        async with self._storage.reading() as tx:
            consultation = await self._consultation(tx, row)
            try:
                values = await values_of(
                    tx,
                    self._register,
                    row.council_id,
                    row.what,
                    msgspec.json.decode(row.audience, type=Audience),
                    consultation,
                    head_of(consultation).theme if consultation is not None else "",
                )
                people = await tx.rows(AudiencePage, after=done, most=PAGE, **values)
            except WrongAudience as error:
                # A list was dropped after it was chosen: nobody is better than everybody.
                log.warning("broadcast %d reaches nobody: %s", row.id, error)
        last = people[-1].person_id if len(people) == PAGE else -1
        stretches = quiet_hours.spread(row.started_at, row.spread_ms, council.sending)
        rows = batch([self._recipient(row, person, stretches) for person in people])
        async with self._storage.transaction() as tx:
            # The cursor decides: if another process was faster, this page is written already.
            if await tx.row(Gather, id=row.id, from_id=done, to_id=last) and people:
                await tx.run("queue_pushes", rows=rows)

    def _recipient(
        self, row: RunningBroadcasts, person: AudiencePage, stretches: list[tuple[int, int]]
    ) -> Mapping[str, Any]:
        share = int.from_bytes(
            hashlib.blake2b(f"{row.id}:{person.person_id}".encode(), digest_size=4).digest()
        )
        return {
            "id": new_id(),
            "person_id": person.person_id,
            "channel": person.channel,
            "account": person.account,
            "address": person.address,
            "reason": row.what,
            "not_before": quiet_hours.place_in(stretches, share / 2**32, row.started_at),
            "at": self._clock(),
            "broadcast_id": row.id,
        }

    @staticmethod
    async def _consultation(tx: Transaction, row: StoredBroadcast) -> StoredConsultation | None:
        if row.consultation_id is None:
            return None
        return await tx.row(ConsultationById, id=row.consultation_id)

    # ------------------------------------------------------------------ claiming

    async def _send(self, channel: str, running: Sequence[StoredBroadcast]) -> bool:
        """Claim and hand over what may go on a channel now. Returns whether more is waiting."""
        more = False
        for row in running:
            room = self._delivery.room(channel, CLAIM)
            if room <= 0:
                return True
            try:
                claim = await self._claim(channel, row, room)
            except Unavailable:
                self._delivery.give_back(channel, room)
                raise
            except Exception:
                self._delivery.give_back(channel, room)
                await self._put_aside(row)
                continue
            self._delivery.give_back(channel, room - claim.used)
            for envelope, tries in claim.going:
                self._delivery.push(channel, envelope, tries=tries)
            for address in claim.shown:
                self._show(channel, address)
            more = more or claim.moved >= room
        return more

    async def _claim(self, channel: str, row: StoredBroadcast, most: int) -> Claim:
        at = self._clock()
        claim = Claim(self._vault, channel, channel in self._pulled, at, self._delivery.owners.mine)
        async with self._delivery.settlement.along() as write, self._storage.transaction() as tx:
            await write(tx)
            due = await self._due(tx, row, channel, at, most)
            if not due:
                return claim
            consultation = await self._consultation(tx, row)
            texts = self._texts(row, consultation, at)
            for one in due:
                fate = self._fate(row, consultation, one, at)
                if fate.what != "go":
                    claim.hold(one, fate)
                else:
                    claim.go(one, self._envelope(texts, channel, one), asks=texts.asks)
            await claim.write(tx)
        claim.moved = len(due)
        return claim

    async def _due(
        self, tx: Transaction, row: StoredBroadcast, channel: str, at: int, most: int
    ) -> list[DuePushes]:
        """What of a broadcast is due, ours alone until the end of the transaction."""

        async def read() -> list[DuePushes]:
            return await tx.rows(
                DuePushes,
                broadcast_id=row.id,
                channel=channel,
                at=at,
                week_ago=at - WEEK_MS,
                busy_since=at - BUSY_MS,
                answer_since=at - ANSWER_MS,
                most=most,
            )

        due = await read()
        if self._storage.dialect == "sqlite" or not due:
            return due
        # Another process may be writing to the same people about something else: only with the
        # people locked does the count of this week hold, so it is read again.
        people = batch([{"x": one.person_id} for one in due if one.person_id is not None])
        locked = {found.id for found in await tx.rows(LockPeople, rows=people)}
        known = {one.id for one in due}
        return [
            one
            for one in await read()
            if one.id in known and (one.person_id is None or one.person_id in locked)
        ]

    def _envelope(self, texts: MessageTexts, channel: str, one: DuePushes) -> Envelope:
        id = new_id()
        to = Recipient(
            id,
            # Nobody's rows are dropped before.
            one.person_id or 0,
            one.language,
            channel,
            one.account,
            one.address,
            later=one.reason == "later",
            letters=one.letters or "",
        )
        envelope = Envelope(
            id=id,
            account=one.account,
            address=one.address,
            message=texts.message(to),
            last_in_at=one.last_in_at,
        )
        return in_form(envelope, one.form)

    def _texts(
        self, row: StoredBroadcast, consultation: StoredConsultation | None, at: int
    ) -> MessageTexts:
        key = (row.id, consultation.version if consultation is not None else 0)
        if key not in self._texts_kept:
            if len(self._texts_kept) > 50:
                self._texts_kept.clear()
            said = Said(row.what, row.body, row.council_id)
            self._texts_kept[key] = MessageTexts(
                self._register, self._vault, said, consultation, at
            )
        return self._texts_kept[key]

    def _fate(
        self, row: StoredBroadcast, consultation: StoredConsultation | None, one: DuePushes, at: int
    ) -> Fate:
        """Whether a message goes now. What the citizen said comes first, then the hours."""
        why = _unwanted(row, one) or _pointless(row, consultation, one, at)
        if why:
            return Fate("drop", why, at)
        sending: Sending = self._register.council(row.council_id).sending
        # "Later today" names an hour itself; other wishes about the time of day come second.
        wish = "any" if one.reason == "later" else one.part_of_day
        allowed = quiet_hours.allowed_from(at, sending, wish)
        if allowed > at:
            return Fate("wait", "quiet hours", allowed)
        if row.what in CAPPED and one.reason != "later":
            most = sending.per_week if one.per_week is None else one.per_week
            most = min(most, sending.per_week)
            if most == 0:
                return Fate("drop", "wants no invitations", at)
            if one.this_week >= most:
                return Fate("wait", "weekly cap", (one.first_this_week or at) + WEEK_MS + 1)
        if one.busy:
            return Fate("wait", "in a conversation", at + BUSY_MS // 5)
        return Fate("go")

    async def _end(self) -> None:
        async with self._storage.transaction() as tx:
            connected = batch([{"x": name} for name in self._channels])
            await tx.run("drop_unconnected", channels=connected)
            ended = await tx.rows(EndBroadcasts, at=self._clock())
        for row in ended:
            for listener in self.ended:
                await listener(row)


def _unwanted(row: StoredBroadcast, one: DuePushes) -> str:
    """What the citizen has said against it, or why they cannot be reached."""
    if one.person_id is None:
        return "erased"
    if one.stopped_at is not None:
        return "stopped"
    if one.muted:
        return "muted"
    if not one.agreed:
        return "no consent"
    if one.address_state != "open":
        return "opted out" if one.address_state == "opted_out" else "unreachable"
    return "declined" if one.declined and row.what in ASKING else ""


def _pointless(
    row: StoredBroadcast, consultation: StoredConsultation | None, one: DuePushes, at: int
) -> str:
    """Why there is nothing left to ask."""
    if row.what not in ASKING:
        return ""
    if one.answered:
        return "answered"
    return "" if consultation is not None and is_open(consultation, at) else "closed"
