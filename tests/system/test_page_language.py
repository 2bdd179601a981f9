"""The chat page and the conversation in it speak one language, whoever chose it."""

import pytest
from playwright.async_api import expect

from bot.core.config import Config
from tests.system.browser import phone
from tests.system.conftest import served
from tests.system.test_pages import LAST, tap, write
from tests.visitor import visitor

SENTENCE = "les routes sont cassées chez nous depuis lundi"


@pytest.mark.browser
async def test_a_link_in_a_language_begins_the_conversation_in_it_without_asking(
    config: Config,
) -> None:
    async with served(config) as (_, address), phone(locale="fr-MA") as context:
        page = await context.new_page()
        await page.goto(f"{address}/?lang=en")
        await expect(page.locator(LAST)).to_contain_text("Your answers go to")
        assert await page.get_attribute("html", "lang") == "en"
        await tap(page, "I agree")
        await expect(page.locator(LAST)).to_contain_text("What would you like to do")


@pytest.mark.browser
async def test_the_header_changes_what_the_conversation_speaks_and_the_question_comes_again(
    config: Config,
) -> None:
    async with served(config) as (_, address), phone(locale="fr-MA") as context:
        page = await context.new_page()
        await page.goto(f"{address}/?c=OZT-LIGHT&lang=fr")
        await expect(page.locator(LAST)).to_contain_text("Vos réponses vont au conseil")
        await tap(page, "D’accord")
        await page.click("nav a[hreflang=en]")
        await expect(page.locator(LAST)).to_contain_text("How is the lighting in your street")
        assert await page.get_attribute("html", "lang") == "en"
        # A reload asks for nothing again, and a language said in the chat stands.
        await page.reload()
        count = await page.locator(".message.bot").count()
        await write(page, "en français svp")
        await expect(page.locator(LAST)).to_contain_text("Comment est l’éclairage")
        await expect(page.locator("html")).to_have_attribute("lang", "fr")
        await page.reload()
        await expect(page.locator(".message.bot")).to_have_count(count + 1)
        assert await page.get_attribute("html", "lang") == "fr"


@pytest.mark.browser
async def test_the_page_follows_the_language_of_a_first_sentence(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await page.goto(address)
        await expect(page.locator(LAST)).to_contain_text("Which language")
        await write(page, SENTENCE)
        await expect(page.locator(LAST)).to_contain_text("Vos réponses vont au conseil")
        await expect(page.locator("html")).to_have_attribute("lang", "fr")
        await tap(page, "D’accord")
        await write(page, "derb Moulay Ali")
        await expect(page.locator(LAST)).to_contain_text(SENTENCE)


async def test_without_a_script_the_header_works_too(config: Config) -> None:
    async with served(config) as (_, address), visitor(base_url=address) as client:
        await client.get("/")
        await client.post("/chat/send", data={"id": "a" * 24, "text": SENTENCE})
        page = (await client.get("/")).text
        assert '<html lang="fr"' in page
        switched = await client.get("/?lang=en")
        assert switched.status_code == 303
        page = (await client.get("/")).text
        assert '<html lang="en"' in page
        assert "Your answers go to" in page
        # Again changes nothing.
        await client.get("/?lang=en")
        assert (await client.get("/")).text.count("Your answers go to") == 1


async def test_a_language_that_we_lack_chooses_nothing(config: Config) -> None:
    async with served(config) as (_, address), visitor(base_url=address) as client:
        page = await client.get("/?lang=de", headers={"accept-language": "fr"})
        assert '<html lang="fr"' in page.text
        data = {"id": "a" * 24, "start": "", "lang": "de"}
        await client.post("/chat/send", data=data, headers={"accept-language": "fr"})
        assert "Quelle langue préférez-vous" in (await client.get("/")).text
