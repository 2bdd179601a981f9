"""How the process is, for machines that watch over it.

/healthz   it is alive                                   always 200 while it can answer at all
/readyz    it can work: database and disk                503 takes it out of a balancer; channels are told, and do not
/metrics   figures for Prometheus                        for who comes without a proxy only
"""

import asyncio
import ipaddress
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.app.build import App
from bot.core.localtime import now_ms
from storage.database import Storage, Unavailable
from storage.rows.outbox import AnyCouncil, OutboxStanding, OutboxTroubled, QuarantinedCount

#: Seconds within which the database has to answer.
DATABASE_SECONDS: Final = 1.0

#: Bytes that have to be free where database and files lie.
DISK_FLOOR: Final = 200_000_000

#: Seconds between two measurements of the loop, and of the database.
LOOP_SECONDS: Final = 1.0
DATABASE_EVERY: Final = 15.0

#: How far back what failed is counted, ms.
TROUBLED_MS: Final = 24 * 60 * 60 * 1000

LAG: Final = Histogram(
    "tachawor_loop_lag_seconds",
    "How much later than it should the loop came to its next turn.",
    buckets=(0.005, 0.02, 0.1, 0.5, 1, 5),
)
DATABASE: Final = Gauge(
    "tachawor_database_seconds", "How long the database took to answer a small question, last time."
)
UP: Final = Gauge("tachawor_database_up", "Whether it answered then.")


async def asked(storage: Storage) -> float:
    """How long the database takes for a small question, in seconds. Raises Unavailable."""

    async def ask() -> None:
        async with storage.reading() as tx:
            await tx.row(AnyCouncil)

    began = time.monotonic()
    # What is given up takes its time to end, and nobody waits for that.
    asking = asyncio.create_task(ask())
    await asyncio.wait([asking], timeout=DATABASE_SECONDS)
    if not asking.done():
        asking.cancel()
        asking.add_done_callback(lambda over: over.cancelled() or over.exception())
        raise Unavailable(f"no answer within {DATABASE_SECONDS:.0f} s")
    asking.result()
    return time.monotonic() - began


async def measure(storage: Storage) -> None:
    """Measure the loop and the database, for ever."""
    loop = asyncio.get_running_loop()
    ask_at = 0.0
    while True:
        due = loop.time() + LOOP_SECONDS
        await asyncio.sleep(LOOP_SECONDS)
        LAG.observe(max(loop.time() - due, 0))
        if loop.time() >= ask_at:
            ask_at = loop.time() + DATABASE_EVERY
            try:
                DATABASE.set(await asked(storage))
                UP.set(1)
            except Unavailable:
                UP.set(0)


class Health:
    """The three pages."""

    def __init__(self, app: App) -> None:
        self._app = app

    def routes(self) -> Sequence[Route]:
        """Every route; none of them needs a session."""
        return [
            Route("/healthz", self.alive),
            Route("/readyz", self.ready),
            Route("/metrics", self.metrics),
        ]

    async def alive(self, request: Request) -> Response:
        """The process answers."""
        return PlainTextResponse("ok")

    async def ready(self, request: Request) -> Response:
        """Whether it can work; how channels stand is told, and decides nothing."""
        app = self._app
        told: dict[str, Any] = {"database": "ok", "disk": "ok", "channels": self._channels()}
        try:
            await asked(app.storage)
        except Unavailable as error:
            told["database"] = str(error)
        free = min(shutil.disk_usage(folder).free for folder in self._folders())
        if free < DISK_FLOOR:
            told["disk"] = f"{free // 1_000_000} MB are free; {DISK_FLOOR // 1_000_000} are needed"
        good = told["database"] == told["disk"] == "ok"
        return JSONResponse(told, 200 if good else 503, headers={"cache-control": "no-store"})

    async def metrics(self, request: Request) -> Response:
        """Figures, for who is on this machine or in its network."""
        if not _near(request):
            return PlainTextResponse("not here", 404)
        families = await self._standing()
        content = generate_latest(REGISTRY) + generate_latest(_Collected(families))
        return Response(content, headers={"content-type": CONTENT_TYPE_LATEST})

    def _channels(self) -> dict[str, str]:
        app = self._app
        return {
            name: "paused by its provider"
            if app.delivery.paused(name)
            else app.states.get(name, "on")
            for name in app.channels
            if name != "terminal"
        }

    def _folders(self) -> list[Path]:
        own = self._app.config.storage
        database = own.url.removeprefix("sqlite:///") if own.url.startswith("sqlite") else ""
        return [self._app.media.folder, *([Path(database).parent] if database else [])]

    async def _standing(self) -> list[Metric]:
        """How the outbox stands, and what was put aside; nothing where the database does not answer."""
        outbox = GaugeMetricFamily(
            "tachawor_outbox",
            "Messages by state (failed and uncertain: of a day).",
            labels=["state"],
        )
        age = GaugeMetricFamily(
            "tachawor_outbox_oldest_seconds", "Age of the oldest of them.", labels=["state"]
        )
        aside = GaugeMetricFamily("tachawor_quarantined", "Messages that were put aside.")
        at = now_ms()
        try:
            async with asyncio.timeout(5 * DATABASE_SECONDS), self._app.storage.reading() as tx:
                rows: list[OutboxStanding | OutboxTroubled] = [
                    *await tx.rows(OutboxStanding),
                    *await tx.rows(OutboxTroubled, since=at - TROUBLED_MS),
                ]
                count = await tx.row(QuarantinedCount)
        except (Unavailable, TimeoutError):
            return []
        for row in rows:
            outbox.add_metric([row.state], row.n)
            age.add_metric([row.state], max(at - row.oldest, 0) / 1000)
        aside.add_metric([], count.n if count is not None else 0)
        return [outbox, age, aside]


class _Collected:
    """Figures that were read just now."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """All of them."""
        return self._families


def _near(request: Request) -> bool:
    """Whether a request comes straight from this machine or its own network, and not through a proxy."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_private
    except ValueError:
        return False
