"""A candidate: the least that does the job.

A bare ASGI application: each update is one row, committed durably together with those that wait
beside it, then the webhook is answered and a reply posted over a raw connection.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec

from bench.candidate import PATH, Place, server, take_place
from bench.provider import TOKEN
from bench.wire import Caller


class _Chat(msgspec.Struct):
    id: int


class _Message(msgspec.Struct):
    chat: _Chat


class _Update(msgspec.Struct):
    update_id: int
    message: _Message


_decode = msgspec.json.Decoder(_Update).decode


class Floor:
    """The application: `await floor(scope, receive, send)`."""

    def __init__(self, place: Place) -> None:
        self._database = sqlite3.connect(
            place.folder / "bench.sqlite", isolation_level=None, check_same_thread=False
        )
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("CREATE TABLE IF NOT EXISTS inbox (id INTEGER PRIMARY KEY, body)")
        address = urlsplit(place.provider)
        self._caller = Caller(address.hostname or "", address.port or 0)
        self._waiting: list[tuple[tuple[int, bytes], asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._replies: set[asyncio.Task[Any]] = set()

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """One update."""
        assert scope["path"] == PATH
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        update = _decode(body)
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(((update.update_id, body), done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await done
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})
        text = b'{"chat_id":%d,"text":"ok"}' % update.message.chat.id
        reply = asyncio.create_task(self._caller.post(f"/bot{TOKEN}/sendMessage", text))
        self._replies.add(reply)
        reply.add_done_callback(self._replies.discard)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await asyncio.to_thread(self._commit, [row for row, _ in batch])
            for _, done in batch:
                done.set_result(None)
        self._writer = None

    def _commit(self, rows: list[tuple[int, bytes]]) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany("INSERT INTO inbox VALUES (?, ?)", rows)
        self._database.execute("COMMIT")


def main() -> None:
    """Serve until SIGTERM."""
    place = take_place(__doc__ or "")
    server(Floor(place), place).run()


if __name__ == "__main__":
    main()
