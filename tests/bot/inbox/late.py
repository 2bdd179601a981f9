"""A provider that tells of a file before it has it, and an application on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app.build import App, open_app
from bot.channels.port import MediaRef, Transient
from bot.channels.webchat import Pulled
from tests.citizen import Citizen, config_in
from tests.pictures import JPEG as JPEG


class Late(Pulled):
    """The web chat, but for files that are not there for so many tries."""

    def __init__(self) -> None:
        super().__init__("web", "web")
        self.missing: dict[str, int] = {}
        self.asked = 0
        #: Files are given while this is set.
        self.answering = asyncio.Event()
        self.answering.set()
        self.forgotten: list[str] = []

    def late(self, tries: int, content: bytes = JPEG) -> MediaRef:
        """A photo that is there at the try after so many."""
        ref = self.upload(content, "photo")
        self.missing[ref.ref] = tries
        return ref

    async def fetch(self, media: MediaRef, limit: int) -> tuple[bytes, str]:
        """The file, once it is there."""
        self.asked += 1
        await self.answering.wait()
        if self.missing.get(media.ref, 0):
            self.missing[media.ref] -= 1
            raise Transient("404 not there (yet)")
        return await super().fetch(media, limit)

    async def forget(self, media: MediaRef) -> None:
        """Note that it may go."""
        self.forgotten.append(media.ref)


class Clock:
    """Pauses that last as long as a test wants: `held` until it is set, then no time at all."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.open = asyncio.Event()
        self.open.set()

    async def sleep(self, seconds: float) -> None:
        """Note the pause."""
        self.pauses.append(seconds)
        await self.open.wait()

    def step(self) -> None:
        """Let who sleeps now wake, and nobody else."""
        waking, self.open = self.open, asyncio.Event()
        waking.set()


@asynccontextmanager
async def late_app(folder: Path, url: str | None = None) -> AsyncIterator[tuple[App, Late, Clock]]:
    """An application whose files come late, and its clock."""
    late, clock = Late(), Clock()
    app = await open_app(
        config_in(folder, url), {"web": late, "terminal": Pulled("terminal", "terminal")}
    )
    app.conversations.waiting.sleep = clock.sleep
    try:
        yield app, late, clock
    finally:
        await app.close()


async def at_words(app: App, name: str = "amina") -> Citizen:
    """Somebody who is asked for their own words, or a photo."""
    citizen = Citizen(app, name)
    await citizen.arrives(code="OZT-NEEDS")
    await citizen.verify([("1", "Where exactly?"), ("skip", "own words")])
    return citizen
