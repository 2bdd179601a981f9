"""The pages of a participatory budget on a phone: from the form to a project of the ballot, in French and Arabic."""

from pathlib import Path

import pytest

from tests.staff_links import link_for
from tests.system.browser import expect, phone
from tests.system.staffed import busy_town, config_of

pytestmark = pytest.mark.browser


async def test_an_organizer_makes_a_project_of_what_somebody_told_on_a_phone(
    tmp_path: Path,
) -> None:
    async with busy_town(config_of(tmp_path)) as full, phone() as context:
        page = await context.new_page()

        async def fits(name: str) -> None:
            for language in ("ar", "fr"):
                await page.goto(f"{page.url.partition('?')[0]}?lang={language}")
                width = await page.evaluate("document.documentElement.scrollWidth")
                assert width <= 360, f"{name} in {language} is {width} wide"

        await page.goto(await link_for(full.app, "tarmigt", "salma", "admin"))
        await page.locator("main button").first.click()
        await page.goto(f"{full.address}/staff/consultations?lang=fr")
        await page.locator('a[href="/staff/budgets/new"]').first.click()
        await fits("the form")
        await page.get_by_label("Français").fill("Un million pour nos quartiers")
        await page.get_by_label("Code du vote").fill("trm-million")
        await page.get_by_label("Somme à partager").fill("1 000 000")
        await page.get_by_role("button", name="Garder les deux").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Un million")
        await page.get_by_label("Référence d’un besoin").fill(full.reference)
        await page.get_by_role("button", name="La prendre").click()
        await fits("the budget")
        await page.get_by_role("link", name="En faire un projet").click()
        await page.get_by_label("Français").first.fill("Une fontaine")
        await page.get_by_label("Coût en DH").fill("60 000")
        await page.get_by_label("Un mot pour qui l’a proposé").fill("Merci")
        await page.get_by_role("button", name="Garder").click()
        await expect(page.get_by_role("heading", name="Une fontaine")).to_be_visible()
        await fits("the budget with a project")
        await page.goto(f"{full.address}/staff/budgets/{full.budget}/papers")
        await fits("the papers")
