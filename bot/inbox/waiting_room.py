"""Messages that are taken in and cannot be handled yet wait in their chat, in its order.

    add -> a row of the inbox in the state 'waiting', COMMIT (the provider is told 200)
    the chat's own task -> the first of them is whole -> hand_in -> the next

A file that its provider does not have yet is asked for again for a minute. The messages of an album arrive
one by one, in any order, and wait for each other: they are one message. What comes in a chat of which
something waits stands behind it; other chats go on. The rows say all that is needed: whoever starts, or
looks around later, takes up what another process left behind, and a row is handled by who claims it first.
What a chat sends over its limit (`pace`) waits too, and is handled at the pace of the limit.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from bot.channels.port import Arrival
from bot.core.localtime import now_ms
from bot.inbox.parcel import Parcel
from bot.outbox.media_files import NOTHING, Fetched, MediaFiles
from flows.dialog.dialog import Media
from storage.database import Storage, batch
from storage.ids import new_id
from storage.rows.inbox import ChatsWaiting, WaitingIn

log = logging.getLogger("tachawor.inbox")

#: Seconds between the tries to fetch a file that is not there yet: a minute in all.
FETCH_AGAIN: Final = (1, 2, 4, 8, 15, 30)

#: Seconds for which a message is held back for its files: then its provider is told that it has arrived. A
#: provider waits for seconds only (Twilio 15), and in polling everybody waits.
PATIENCE: Final = 5

#: An album is whole when so many seconds have brought nothing more of it.
ALBUM_PAUSE: Final = 2

#: Seconds until something that failed for reasons of ours (the database is away) is tried again.
PAUSE: Final = 5

#: Channel, account, address.
Chat = tuple[str, str, str]

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Arrival).decode
_files = msgspec.json.Decoder(tuple[Media, ...])


@dataclass(slots=True)
class _Line:
    """What waits in one chat."""

    #: How many are being written down just now.
    coming: int = 0
    task: asyncio.Task[None] | None = None
    #: Before when nothing of it is handled; ms since 1970 UTC.
    not_before: int = 0
    #: Files that are here already, by the message's id at its provider.
    fetched: dict[str, Fetched] = field(default_factory=dict)


class WaitingRoom:
    """The messages that wait. `hand_in` handles one, and returns once that is committed.

    `sleep` waits for so many seconds.
    """

    def __init__(
        self,
        storage: Storage,
        media: MediaFiles,
        hand_in: Callable[[Parcel], Awaitable[None]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._storage = storage
        self._media = media
        self._hand_in = hand_in
        self.sleep = sleep
        self._lines: dict[Chat, _Line] = {}
        #: Rows to be written down together, and who waits for that.
        self._rows_coming: list[tuple[dict[str, object], asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    def holds(self, chat: Chat) -> bool:
        """Whether something of this chat waits: then what comes after it has to wait too."""
        return chat in self._lines

    async def fetched(self, arrival: Arrival) -> Fetched | None:
        """The files of a message that can be handled now; None if it has to wait, and does so here."""
        if arrival.album is not None or self.holds(chat_of(arrival)):
            await self.add(arrival)
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                fetched = await self._media.take(arrival)
        except TimeoutError:
            fetched = Fetched(missing=True)
        if not fetched.missing:
            return fetched
        await self.add(arrival, fetched)
        return None

    async def add(self, arrival: Arrival, fetched: Fetched = NOTHING) -> None:
        """Have a message wait for its turn, with what is here of its files; returns once it is committed."""
        chat = chat_of(arrival)
        line = self._lines.setdefault(chat, _Line())
        line.coming += 1
        if fetched.results:
            line.fetched[arrival.external_id] = fetched
        row = {
            "id": new_id(),
            "channel": arrival.channel,
            "account": arrival.account,
            "external_id": arrival.external_id,
            "payload": waiting_payload(arrival),
            "waits_in": arrival.address,
            "at": arrival.at,
        }
        try:
            await self._keep(row)
        finally:
            line.coming -= 1
            self._attend(chat, line)

    def hold(self, arrival: Arrival, until: int, fetched: Fetched = NOTHING) -> None:
        """See to a message that is written down as waiting already, and to its pace."""
        chat = chat_of(arrival)
        line = self._lines.setdefault(chat, _Line())
        line.not_before = max(line.not_before, until) if line.task is None else line.not_before
        if fetched.results:
            line.fetched[arrival.external_id] = fetched
        self._attend(chat, line)

    async def _keep(self, row: dict[str, object]) -> None:
        """Write a row down, with all that come meanwhile; returns once it is committed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rows_coming.append((row, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        try:
            while self._rows_coming:
                together, self._rows_coming = self._rows_coming, []
                try:
                    async with self._storage.transaction() as tx:
                        await tx.run("keep_waiting", rows=batch([row for row, _ in together]))
                except Exception as error:
                    for _, done in together:
                        if not done.done():
                            done.set_exception(error)
                    continue
                for _, done in together:
                    if not done.done():
                        done.set_result(None)
        finally:
            self._writer = None

    async def take_up(self) -> None:
        """Attend to every chat of which something waits, whoever left it."""
        async with self._storage.reading() as tx:
            chats = await tx.rows(ChatsWaiting)
        for row in chats:
            chat = (row.channel, row.account, row.waits_in)
            self._attend(chat, self._lines.setdefault(chat, _Line()))

    async def idle(self) -> None:
        """Wait until nothing waits here."""
        while self._lines:
            tasks = [line.task for line in self._lines.values() if line.task]
            await (asyncio.wait(tasks) if tasks else asyncio.sleep(0))

    async def close(self) -> None:
        """Leave what waits for the next start."""
        if self._writer is not None:
            await asyncio.wait({self._writer})
        tasks = [line.task for line in self._lines.values() if line.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _attend(self, chat: Chat, line: _Line) -> None:
        if line.task is None:
            line.task = asyncio.create_task(self._see_to(chat, line))

    async def _see_to(self, chat: Chat, line: _Line) -> None:
        """Hand in what waits in a chat, one after the other, until nothing does."""
        while True:
            try:
                rows = await self._rows(chat)
                if rows:
                    if (ahead := line.not_before - now_ms()) > 0:
                        await self.sleep(ahead / 1000)
                    await self._first(chat, rows, line)
                else:
                    line.task = None
                    if not line.coming:
                        # (Nothing was awaited since the look: nobody stands there who was not seen.)
                        del self._lines[chat]
                    return
            except Exception:
                log.exception("what waits in a chat could not be handled; again in %d s", PAUSE)
                await self.sleep(PAUSE)

    async def _rows(self, chat: Chat) -> Sequence[WaitingIn]:
        channel, account, address = chat
        async with self._storage.reading() as tx:
            return await tx.rows(WaitingIn, channel=channel, account=account, waits_in=address)

    async def _first(self, chat: Chat, rows: Sequence[WaitingIn], line: _Line) -> None:
        """Hand in what came first, once it is whole."""
        together = _together(rows)
        while together[0][1].album is not None:
            await self.sleep(ALBUM_PAUSE)
            before, together = together, _together(await self._rows(chat))
            if not together:
                return
            if len(together) == len(before):
                break
        first, arrival = together[0][0], as_one([arrival for _, arrival in together])
        here = line.fetched.get(arrival.external_id, NOTHING)
        if not here.results and first.files is not None:
            here = await self._media.kept(_files.decode(first.files))
        fetched = await self._files(arrival, here)
        parts = tuple(row.id for row, _ in together[1:])
        parcel = Parcel(arrival, first.id, fetched.media, fetched.trouble, waited=True, parts=parts)
        await self._hand_in(parcel)
        line.not_before = parcel.next_at
        line.fetched.pop(arrival.external_id, None)

    async def _files(self, arrival: Arrival, fetched: Fetched) -> Fetched:
        """The files of a message; what its provider does not have yet is asked for again."""
        if not arrival.media:
            return fetched
        if not fetched.results:
            fetched = await self._media.take(arrival, fetched)
        for seconds in FETCH_AGAIN:
            if not fetched.missing:
                break
            await self.sleep(seconds)
            fetched = await self._media.take(arrival, fetched)
        return fetched


def waiting_payload(arrival: Arrival) -> str:
    """A message as it waits: with its network, which goes once it is handled."""
    return _encode(arrival).decode()


def files_of(fetched: Fetched | None) -> str | None:
    """The files of a message that waits, where they are here: a process that starts finds them."""
    if fetched is None or not fetched.media:
        return None
    return msgspec.json.encode(fetched.media).decode()


def chat_of(arrival: Arrival) -> Chat:
    """The chat that a message stands in."""
    return arrival.channel, arrival.account, arrival.address


def _together(rows: Sequence[WaitingIn]) -> list[tuple[WaitingIn, Arrival]]:
    """The message that came first, with the others of its album."""
    waiting = [(row, _decode(row.payload)) for row in rows]
    if not waiting or waiting[0][1].album is None:
        return waiting[:1]
    return [one for one in waiting if one[1].album == waiting[0][1].album]


def as_one(arrivals: Sequence[Arrival]) -> Arrival:
    """The messages of an album as one, in the order in which they were sent."""
    # Telegram counts its updates upwards; the words stand under one of the pictures.
    in_order = sorted(arrivals, key=lambda one: (len(one.external_id), one.external_id))
    return msgspec.structs.replace(
        arrivals[0],
        text="\n".join(one.text for one in in_order if one.text),
        media=tuple(ref for one in in_order for ref in one.media),
        replied_to=next((one.replied_to for one in in_order if one.replied_to), None),
    )
