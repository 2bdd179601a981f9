"""The public page of an openness programme on a phone: nothing runs out of it, and axe finds nothing."""

from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from msgspec.structs import replace
from playwright.async_api import expect

from bot.kinds.openness import editing, keeping
from tests.staff_links import link_for
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


async def test_an_organizer_goes_from_the_session_to_a_draft_with_a_mouse(tmp_path: Path) -> None:
    async with busy_town(config_of(tmp_path)) as full, phone() as context:
        page = await context.new_page()
        await page.goto(await link_for(full.app, "tarmigt", "salma", "organizer"))
        await page.locator("main button").first.click()
        await page.goto(f"{full.address}/staff/consultations?lang=fr")
        await page.locator('a[href="/staff/openness/new"]').first.click()
        await page.get_by_label("Français").last.fill("Ouverture 2028")
        await page.get_by_label("Code").fill("trm-open-2028")
        offered = page.get_by_label("Prochaine session ordinaire")
        await offered.select_option(index=4)
        await page.get_by_role("button", name="Montrer les étapes").click()
        assert await page.locator('input[type="date"]').count() == 19
        await page.get_by_role("button", name="Commencer le programme").click()
        await page.get_by_role("link", name="Axes et problématiques").click()
        await page.get_by_label("Français").fill("Routes")
        await page.get_by_role("button", name="Garder").click()
        await page.get_by_text("Ajouter une problématique").click()
        await page.get_by_label("Français").nth(0).fill("Nids-de-poule")
        await page.get_by_role("button", name="Garder").first.click()
        await page.get_by_role("link", name="Écrire un projet").click()
        await page.get_by_label("Français").first.fill("Réparer les rues")
        await page.get_by_role("button", name="Garder").click()
        await expect(page.get_by_role("heading", name="Réparer les rues")).to_be_visible()
        await page.get_by_role("link", name="Les étapes").click()
        await page.get_by_role("button", name="Préparer la consultation sur les solutions").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Ouverture 2028")
        assert page.url.endswith("/staff/c/TRM-OPEN-2028-IDEAS")
