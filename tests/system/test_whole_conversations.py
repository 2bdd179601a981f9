"""Whole conversations on the chat page, to their end, in every language: on narrow screens, without script, slow, cut off."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from bot.core.config import Config
from storage.rows.consultations import ConsultationByCode
from tests.checks import AllResponses
from tests.citizen import config_in
from tests.system.browser import phone
from tests.system.conftest import served
from tests.system.test_pages import LAST, write

pytestmark = pytest.mark.browser

#: A consultation, and how it is answered from the consent to the reference, whatever the language.
CONVERSATIONS = {
    "OZT-NEEDS": ("1", "1", "Tabounte", "xyz 123 vwq", "1"),
    "OZT-LIGHT": ("1", "1", "1", "LED", "1"),
    "OZT-PARK": ("1", "1"),
    "OZT-BUDGET": ("1", "1", "1, 3", "1"),
}

#: 50 kbit/s both ways, and 300 ms to a packet.
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 6250, "uploadThroughput": 6250}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_in(tmp_path)


async def to_its_end(page: Page, address: str, code: str, language: str, pause: Any = None) -> None:
    """Hold a conversation by its numbers; a reload or a loss of network in the middle changes nothing."""
    await page.goto(f"{address}/?c={code}&lang={language}")
    await expect(page.locator(".message.bot")).to_have_count(1)
    said = CONVERSATIONS[code]
    for number, text in enumerate(said):
        if pause is not None and number == len(said) // 2:
            await pause(page)
        await write(page, text)
    await expect(page.locator(LAST)).to_contain_text("OZT-2026-")
    for width, height in ((240, 400), (360, 640)):
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


async def on_a_slow_network(context: BrowserContext, page: Page) -> None:
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", SLOW)


@pytest.mark.parametrize("language", ["ary", "ar", "fr", "zgh"])
async def test_every_conversation_comes_to_its_end_on_a_small_screen(
    config: Config, language: str
) -> None:
    smallest: Any = {"width": 240, "height": 400}

    async def cut_off(page: Page) -> None:
        await page.context.set_offline(True)
        await page.wait_for_timeout(100)
        await page.context.set_offline(False)

    async with served(config) as (app, address):
        for code in CONVERSATIONS:
            async with phone(locale="fr-FR", viewport=smallest) as context:
                page = await context.new_page()
                await to_its_end(page, address, code, language, cut_off)
        async with app.storage.reading() as tx:
            for code in CONVERSATIONS:
                row = await tx.row(ConsultationByCode, code=code)
                assert row is not None
                assert len(await tx.rows(AllResponses, consultation_id=row.id)) == 1


@pytest.mark.parametrize("language", ["ary", "fr"])
async def test_a_conversation_at_fifty_kilobits_a_second(config: Config, language: str) -> None:
    async with served(config) as (_, address), phone(locale="fr-FR") as context:
        page = await context.new_page()
        await on_a_slow_network(context, page)
        await to_its_end(page, address, "OZT-NEEDS", language)


@pytest.mark.parametrize("language", ["ary", "ar", "fr", "zgh"])
async def test_a_conversation_without_script(config: Config, language: str) -> None:
    async with (
        served(config) as (_, address),
        phone(locale="fr-FR", java_script_enabled=False) as context,
    ):
        page = await context.new_page()
        await page.goto(f"{address}/?c=OZT-NEEDS&lang={language}")
        await page.locator(".begin").click()
        for text in CONVERSATIONS["OZT-NEEDS"]:
            await page.fill("#text", text)
            await page.click("#send")
        await expect(page.locator(LAST)).to_contain_text("OZT-2026-000001")
        await expect(page.locator(".message.mine").last).to_be_visible()
