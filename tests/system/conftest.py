"""The whole product on a port of this machine, with the providers' emulators beside it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
import uvicorn

from bot.app import connections, serving, site
from bot.app.build import App, open_app
from bot.core.config import Config
from tests.citizen import config_in
from tests.system import browser


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def served(config: Config, port: int = 0) -> AsyncIterator[tuple[App, str]]:
    """The application and its address, served by uvicorn as `tachawor run` serves it; on this port, if one is given."""
    port = port or free_port()
    if not config.web.public_url.startswith("https"):
        web = msgspec.structs.replace(config.web, port=port, public_url=f"http://127.0.0.1:{port}")
        config = msgspec.structs.replace(config, web=web)
    app = await open_app(config)
    server = uvicorn.Server(
        uvicorn.Config(
            site.build(app),
            port=port,
            log_level="error",
            lifespan="off",
            ws="none",
            http=connections.protocol(),
        )
    )
    try:
        async with serving.background(app):
            task = asyncio.create_task(server.serve())
            await until(lambda: server.started)
            try:
                yield app, f"http://127.0.0.1:{port}"
            finally:
                server.should_exit = True
                await task
    finally:
        # An open database would keep the process of a failed test alive.
        await app.close()


async def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something holds; fail if it never does."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


Say = Callable[..., Awaitable[None]]


@pytest_asyncio.fixture(scope="session", loop_scope="session", autouse=True)
async def browser_ends() -> AsyncIterator[None]:
    """The browser that tests share ends with them; it answers in the loop that began it."""
    browser.shared = asyncio.get_running_loop()
    yield
    await browser.ended()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings of a deployment in a folder of its own."""
    return config_in(tmp_path)
