"""What every emulator has: an address on the loopback, a latency, and failures on demand.

    async with TelegramApi() as api:
        api.fail_next(status=429, ...)   the next call is refused
        api.hang_next()                  the next call is never answered
        api.reset_next(after=True)       the next call is done, then the line breaks
    api.trouble = "502"              every call, until it is "" again (see TROUBLES)
    await api.leave()                nobody is there, until `come_back`

A failure may be kept for the next call of one `method` only. In a process of its own an emulator is
driven over its `/control/...` addresses instead.
"""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web


@dataclass
class Failure:
    """What is to go wrong, and for which method (None: for any)."""

    kind: str
    method: str | None = None
    after: bool = False
    skip: int = 0
    status: int = 500
    body: str = ""


#: What may be wrong with every call: a gateway that answers in the provider's place, garbage, a broken
#: line before or after the work is done, no answer at all.
TROUBLES = {
    "502": Failure("answer", status=502, body="<html>Bad Gateway</html>"),
    "503": Failure("answer", status=503, body="<html>Service Unavailable</html>"),
    "garbage": Failure("answer", status=200, body="<html>Maintenance</html>"),
    "reset": Failure("reset"),
    "lost": Failure("reset", after=True),
    "hang": Failure("hang"),
}


class Loopback:
    """A server on the loopback address. `latency_ms` is waited before every answer."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, latency_ms: float = 0) -> None:
        self.host = host
        self.port = port
        self.latency_ms = latency_ms
        #: How many connections have been opened to it.
        self.connections = 0
        #: A key of TROUBLES while nothing works, else "".
        self.trouble = ""
        #: Calls that came while something was wrong.
        self.refused = 0
        self._failures: list[Failure] = []
        self._ending = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._transports: set[object] = set()

    def routes(self) -> list[web.RouteDef]:
        """The addresses of the provider."""
        raise NotImplementedError

    @property
    def address(self) -> str:
        """http://host:port, known once it runs."""
        return f"http://{self.host}:{self.port}"

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=64 * 2**20)
        application.add_routes(self.routes())
        self._runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=0.1, handle_signals=False
        )
        await self._runner.setup()
        await self.come_back()
        return self

    async def come_back(self) -> None:
        """Listen at the address, as before `leave`."""
        assert self._runner is not None
        self._site = web.TCPSite(self._runner, self.host, self.port)
        await self._site.start()
        self.port = self._runner.addresses[-1][1]

    async def leave(self) -> None:
        """Listen no more, and break every line: as if the name led nowhere."""
        if self._site is not None:
            await self._site.stop()
        for transport in list(self._transports):
            transport.abort()  # type: ignore[attr-defined]
        self._transports.clear()

    async def __aexit__(self, *_: object) -> None:
        self._ending.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def hang_next(self, method: str | None = None, *, after: bool = False) -> None:
        """Never answer the next call; with `after`, do first what it asks."""
        self._failures.append(Failure("hang", method, after))

    def reset_next(self, method: str | None = None, *, after: bool = False) -> None:
        """Break the line at the next call; with `after`, do first what it asks."""
        self._failures.append(Failure("reset", method, after))

    def answer_next(
        self, status: int, body: str, method: str | None = None, *, skip: int = 0
    ) -> None:
        """Answer the next call with just this, after `skip` calls that go well."""
        self._failures.append(Failure("answer", method, False, skip, status, body))

    async def serve(
        self, request: web.Request, method: str, work: Callable[[], Awaitable[web.Response]]
    ) -> web.Response:
        """Answer a call by `work`, unless a failure is due."""
        self._count(request)
        if self.latency_ms:
            await asyncio.sleep(self.latency_ms / 1000)
        failure = self._due(method) or TROUBLES.get(self.trouble)
        if failure is None:
            return await work()
        self.refused += 1
        if failure.kind == "answer":
            return web.Response(status=failure.status, text=failure.body)
        if failure.after:
            await work()
        if failure.kind == "hang":
            await self._ending.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    def _due(self, method: str) -> Failure | None:
        for failure in self._failures:
            if failure.method not in (None, method):
                continue
            if failure.skip:
                failure.skip -= 1
                continue
            self._failures.remove(failure)
            return failure
        return None

    def _count(self, request: web.Request) -> None:
        if request.transport not in self._transports:
            self._transports.add(request.transport)
            self.connections += 1


def answer(status: int, content: Any) -> web.Response:
    """A JSON answer; whatever is not ASCII is spelled out, half a character too."""
    return web.Response(status=status, text=json.dumps(content), content_type="application/json")


def run(description: str, make: Callable[[int, float], Loopback]) -> None:
    """Run an emulator in this process until it is interrupted; its address is printed first."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--latency", type=float, default=0, help="milliseconds before every answer")
    given = parser.parse_args()

    async def forever() -> None:
        async with make(given.port, given.latency) as emulator:
            print(emulator.address, flush=True)
            await asyncio.Event().wait()

    try:
        asyncio.run(forever())
    except KeyboardInterrupt:
        return
