"""The public page of an openness programme on a phone: nothing runs out of it, and axe finds nothing."""

from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from msgspec.structs import replace

from bot.kinds.openness import editing, keeping
from tests.system.browser import phone
from tests.system.staffed import busy_town, config_of
from tests.system.test_accessible import RULES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
async def test_it_fits_a_phone_and_can_be_read_by_everybody(tmp_path: Path, language: str) -> None:
    async with busy_town(config_of(tmp_path)) as full, phone() as context:
        async with full.app.storage.transaction() as tx:
            kept = await keeping.programme(tx, full.council(), full.programme)
            assert kept is not None
            (card,) = kept.programme.projects
            long = {"fr": "Publication-des-budgets-" * 4}
            await keeping.change(
                tx,
                kept,
                str(kept.version),
                "amal",
                lambda was: replace(
                    editing.shown(was, public=True), projects=(replace(card, title=long),)
                ),
            )
        page = await context.new_page()
        await page.goto(f"{full.address}/c/tarmigt/programmes/{full.programme}?lang={language}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        found = await Axe().run(page, options=RULES)
        assert found.response["violations"] == []
        await page.goto(f"{full.address}/c/tarmigt?lang={language}")
        await page.locator(f'a[href*="/programmes/{full.programme}"]').click()
        assert await page.locator("h1").count() == 1
