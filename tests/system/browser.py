"""A real browser for the page tests: the Chromium of this machine, driven by Playwright."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Playwright, async_playwright, expect

from tests.conftest import skip_or_fail

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]


#: Milliseconds after which something will not happen any more, also where others keep the machine busy.
PATIENCE = 30_000

expect.set_options(timeout=PATIENCE)


#: The loop that tests marked `browser` share (tests/system/conftest.py).
shared: asyncio.AbstractEventLoop | None = None

_driver: Playwright | None = None
_browser: Browser | None = None
_starting = asyncio.Lock()


async def _running() -> Browser:
    """The one browser of this process: to begin one costs more than most tests do in it."""
    global _driver, _browser
    assert asyncio.get_running_loop() is shared, "what needs a browser is marked `browser`"
    async with _starting:
        if _browser is None or not _browser.is_connected():
            path = next((found for name in NAMES if (found := shutil.which(name))), None)
            if path is None:
                skip_or_fail("no Chromium on this machine")
            if _driver is None:
                _driver = await async_playwright().start()
            _browser = await _driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        return _browser


async def ended() -> None:
    """No browser is left."""
    global _driver, _browser
    if _browser is not None:
        await _browser.close()
    if _driver is not None:
        await _driver.stop()
    _driver = _browser = None


@asynccontextmanager
async def phone(**options: Any) -> AsyncIterator[BrowserContext]:
    """A small old phone, 360 pixels wide, that was never used before: it shares nothing with others."""
    options.setdefault("viewport", {"width": 360, "height": 640})
    context = await (await _running()).new_context(**options)
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        await context.close()
