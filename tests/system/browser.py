"""A real browser for the page tests: the Chromium of this machine, driven by Playwright."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import BrowserContext, async_playwright, expect

from tests.conftest import skip_or_fail

NAMES = ("chromium", "chromium-browser", "google-chrome")

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


@asynccontextmanager
async def phone(**options: Any) -> AsyncIterator[BrowserContext]:
    """A small old phone: 360 pixels wide."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        skip_or_fail("no Chromium on this machine")
    options.setdefault("viewport", {"width": 360, "height": 640})
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        context = await browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        yield context
        await browser.close()
