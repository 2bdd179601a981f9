"""What staff write to one person about their need: one message of the outbox, and no broadcast.

    entry of the thread -> queue: a row that names it, with the first moment at which it may go
                        -> a round: whether, where and in which language is decided when it goes

The words are composed when the message goes, because it may be held over a night in which the
citizen takes another language or chat, says stop, or is erased; until then they stand once, in the
thread. An answer does not count towards the cap a week: it is asked for by who told the need.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import msgspec

from bot.channels.port import Envelope
from bot.core.councils import Register
from bot.core.vault import Vault
from bot.outbox.delivery import Delivery
from bot.outbox.outgoing import in_form
from bot.outreach import quiet_hours
from bot.outreach.claims import BUSY_MS, CLAIM, Claim, Fate
from bot.outreach.message_texts import MessageTexts, Recipient, Said
from flows.conversations.reply import RECEIPT
from flows.dialog.facts import Council
from flows.understanding import moderation
from storage.database import Storage, Transaction, batch
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.answers import AnswerSent, AnswersWait, DueAnswers
from storage.rows.broadcasts import PreferencesOf
from storage.rows.consultations import ConsultationById

log = logging.getLogger("tachawor.answers")

#: The kind of file that an entry of the thread sends along.
DOCUMENT = "document"


async def queue(tx: Transaction, council: Council, entry_id: int, person_id: int, at: int) -> None:
    """Have what an entry says go to a person, outside of the quiet hours."""
    wishes = await tx.row(PreferencesOf, person_id=person_id)
    part_of_day = wishes.part_of_day if wishes is not None else "any"
    allowed = quiet_hours.allowed_from(at, council.sending, part_of_day)
    await tx.run(
        "queue_answer",
        id=new_id(),
        person_id=person_id,
        entry_id=entry_id,
        not_before=allowed,
        error="quiet hours" if allowed > at else None,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Detail:
    """A new status (`before`, `after`), a ready sentence, who speaks, and by when.

    `speaker` is the role of a member of the council. `until` is the day (ISO) by which something is to be
    done. `same` says that it was an answer to somebody who told the same.
    """

    before: str = ""
    after: str = ""
    phrase: str = ""
    speaker: str = ""
    until: str = ""
    same: str = ""

    def kept(self) -> str:
        """As it stands in the database."""
        change = f"{self.before}>{self.after}" if self.after else ""
        return "|".join((change, self.phrase, self.speaker, self.until, self.same)).rstrip("|")


def detail_of(kept: str) -> Detail:
    """What was kept; older entries have fewer parts."""
    change, *rest = kept.split("|")
    before, _, after = change.partition(">")
    return Detail(before, after, *rest[: len(fields(Detail)) - 2])


class Sent(NamedTuple):
    """What a person was sent by staff, as `Push` says it of a broadcast."""

    what: str
    reason: str
    council_id: int
    consultation_id: int
    body: str


async def sent(tx: Transaction, id: int, person_id: int) -> Sent | None:
    """What a person was sent by staff in one message.

    None if there is no such message.
    """
    row = await tx.row(AnswerSent, id=id, person_id=person_id)
    if row is None:
        return None
    body = msgspec.json.encode(body_of(row)).decode()
    return Sent("reply", "answer", row.council_id, row.consultation_id, body)


def body_of(row: AnswerSent | DueAnswers) -> dict[str, Any]:
    """What a message says, from its entry in the thread and the need: as `message_texts` reads it."""
    detail = detail_of(row.detail)
    words = (msgspec.json.decode(row.body).get("words") or {}).get("text") or ""
    files = [item for item in msgspec.json.decode(row.media) if item["kind"] == DOCUMENT]
    return {
        "reference": row.reference,
        "excerpt": moderation.excerpt(words) if detail.phrase != RECEIPT else "",
        "text": row.text,
        "phrase": detail.phrase,
        "status": detail.after,
        "speaker": detail.speaker,
        "until": detail.until,
        "same": detail.same,
        "document": files[0]["name"] if files else "",
    }


class Answers:
    """Sends what staff wrote, as it becomes due. Several processes may work on one database."""

    def __init__(
        self,
        storage: Storage,
        register: Register,
        vault: Vault,
        delivery: Delivery,
        channels: Sequence[str],
        pulled: frozenset[str],
        clock: Callable[[], int],
    ) -> None:
        self._storage = storage
        self._register = register
        self._vault = vault
        self._delivery = delivery
        self._channels = channels
        self._pulled = pulled
        self._clock = clock
        self._connected = batch([{"x": name} for name in channels])

    async def round(self, show: Callable[[str, str], None]) -> bool:
        """Send what is due. Returns whether there is more to do at once.

        `show` is called with (channel, address) where there is something new to read.
        """
        at = self._clock()
        async with self._storage.reading() as tx:
            if await tx.row(AnswersWait, at=at) is None:
                return False
        async with self._storage.transaction() as tx:
            await tx.run("drop_unreachable", at=at, channels=self._connected)
        more = False
        for channel in self._channels:
            room = self._delivery.room(channel, CLAIM)
            if room <= 0:
                # Slow is a matter of moments, a pause is not.
                more = more or not self._delivery.paused(channel)
                continue
            try:
                claim = await self._claim(channel, room, at)
            except BaseException:
                self._delivery.give_back(channel, room)
                raise
            self._delivery.give_back(channel, room - claim.used)
            for envelope, tries in claim.going:
                self._delivery.push(channel, envelope, tries=tries)
            for address in claim.shown:
                show(channel, address)
            more = more or claim.moved >= room
        return more

    async def _claim(self, channel: str, most: int, at: int) -> Claim:
        claim = Claim(self._vault, channel, channel in self._pulled, at, self._delivery.owners.mine)
        async with self._delivery.settlement.along() as write, self._storage.transaction() as tx:
            await write(tx)
            due = await tx.rows(
                DueAnswers,
                channel=channel,
                channels=self._connected,
                at=at,
                busy_since=at - BUSY_MS,
                most=most,
            )
            consultations: dict[int, StoredConsultation | None] = {}
            await self._register.learn(tx, *(one.council_id for one in due))
            for one in due:
                id = one.consultation_id
                if id not in consultations:
                    consultations[id] = await tx.row(ConsultationById, id=id)
                try:
                    fate = self._fate(one, at)
                    if fate.what != "go":
                        claim.hold(one, fate)
                        continue
                    envelope = self._envelope(channel, one, consultations[id], at)
                except Exception:
                    log.exception("an answer to %s cannot be put into words", one.reference)
                    claim.give_up(one, "internal error")
                    continue
                claim.go(one, envelope, asks=True)
            claim.moved = len(due)
            await claim.write(tx)
        return claim

    def _fate(self, one: DueAnswers, at: int) -> Fate:
        """Whether an answer goes now. What the citizen said comes first, then the hours."""
        why = _unwanted(one)
        if why:
            return Fate("drop", why, at)
        sending = self._register.council(one.council_id).sending
        allowed = quiet_hours.allowed_from(at, sending, one.part_of_day)
        if allowed > at:
            return Fate("wait", "quiet hours", allowed)
        if one.busy:
            return Fate("wait", "in a conversation", at + BUSY_MS // 5)
        return Fate("go")

    def _envelope(
        self, channel: str, one: DueAnswers, consultation: StoredConsultation | None, at: int
    ) -> Envelope:
        id = new_id()
        said = Said("reply", msgspec.json.encode(body_of(one)).decode(), one.council_id)
        texts = MessageTexts(self._register, self._vault, said, consultation, at)
        to = Recipient(
            id, one.person_id, one.language, channel, one.account, one.address, letters=one.letters
        )
        envelope = Envelope(
            id=id,
            account=one.account,
            address=one.address,
            message=texts.message(to),
            last_in_at=one.last_in_at,
        )
        return in_form(envelope, one.form)


def _unwanted(one: DueAnswers) -> str:
    """What the citizen has said against it."""
    if one.stopped_at is not None and not one.keeps_answers:
        return "stopped"
    if one.muted:
        return "muted"
    return "" if one.agreed else "no consent"
