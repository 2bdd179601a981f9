"""`tachawor run` as a process of its own, as an operator has it.

async with tachawor(folder) as server:
    await server.get("/healthz")
"""

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx

from tests.processes import started
from tests.system.conftest import free_port
from tests.visitor import visitor


@dataclass(frozen=True, slots=True)
class Running:
    """A process, where it is reached, and what it said."""

    process: ForkServerProcess
    port: int
    says: Path
    errors: Path

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def heard(self) -> str:
        """What it has said so far."""
        return self.says.read_text("utf-8") if self.says.exists() else ""

    async def get(self, path: str, **more: object) -> httpx.Response:
        """One request over a connection of its own."""
        async with visitor(base_url=self.address, timeout=20) as client:
            return await client.get(path, **more)  # type: ignore[arg-type]

    async def ready(self, seconds: float = 60) -> None:
        """Wait until its pages are there."""
        async with asyncio.timeout(seconds):
            while True:
                assert self.process.is_alive(), self.errors.read_text("utf-8")
                try:
                    if (await self.get("/health")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)

    async def ended(self, seconds: float) -> int | None:
        """The exit code, None if it is still there after so many seconds."""
        await asyncio.to_thread(self.process.join, seconds)
        return self.process.exitcode

    def tell(self, number: int = signal.SIGTERM) -> None:
        """Send it a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)


def environment(folder: Path, **more: str) -> Mapping[str, str]:
    """Settings of a deployment in a folder, as variables; `more` wins."""
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("TACHAWOR_")},
        "TACHAWOR_STORAGE_SECRET": "a secret for tests that nobody guesses",
        "TACHAWOR_STORAGE_URL": f"sqlite:///{folder}/data/test.sqlite",
        "TACHAWOR_STORAGE_MEDIA": f"{folder}/data/media",
        **more,
    }


@asynccontextmanager
async def tachawor(
    folder: Path,
    *words: str,
    files: int | None = None,
    ready: bool = True,
    verbose: bool = False,
    **more: str,
) -> AsyncIterator[Running]:
    """The process, once its pages are there (`ready`); killed at the end if it has not ended.

    `files` is how many it may have open.
    """
    port = free_port()
    given = (*(("--verbose",) if verbose else ()), "run", "--port", str(port), *words)
    process = started(
        "bot.__main__",
        given,
        folder,
        environment(folder, **more),
        says=folder / "says",
        errors=folder / "errors",
    )
    running = Running(process, port, folder / "says", folder / "errors")
    try:
        if files is not None:
            assert process.pid is not None
            resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (files, files))
        if ready:
            await running.ready()
        yield running
    finally:
        if process.is_alive():
            process.kill()
        await asyncio.to_thread(process.join)
