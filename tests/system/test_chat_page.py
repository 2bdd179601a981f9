"""The chat page on the phones that people have: small, old, enlarged, without script, without network."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from bot.core.config import Config
from storage.rows.consultations import ConsultationByCode
from tests.checks import AllResponses
from tests.pictures import JPEG
from tests.system.browser import phone
from tests.system.conftest import served
from tests.system.test_accessible import found_by_axe
from tests.system.test_pages import LAST, arrive, tap, write
from tests.visitor import visitor

PICTURE: Any = {
    "name": "leak.jpg",
    "mimeType": "image/jpeg",
    "buffer": JPEG,
}

#: Bytes of the page, its style and its script before anything was said, uncompressed: seven seconds at 50 kbit/s.
HEAVIEST = 42_000


async def at_the_words(page: Page, address: str) -> None:
    """The question of a need for its words."""
    await arrive(page, address, "OZT-NEEDS")
    await write(page, "1")
    await write(page, "skip")


async def inside(page: Page, locator: str) -> dict[str, float]:
    """Where the first and the last of something stand on the screen."""
    box = await page.locator(locator).bounding_box()
    assert box is not None
    return dict(box)


# --------------------------------------------------------------------------- without script


async def on_paper(context: BrowserContext, address: str, code: str = "OZT-LIGHT") -> Page:
    """First contact as forms."""
    page = await context.new_page()
    await page.goto(f"{address}/?c={code}")
    for label in ("Start", "English", "I agree"):
        await page.get_by_role("button", name=label).click()
    return page


@pytest.mark.browser
async def test_without_javascript_the_newest_message_is_in_sight_and_ones_own_are_shown(
    config: Config,
) -> None:
    async with (
        served(config) as (_, address),
        phone(locale="en-GB", java_script_enabled=False) as context,
    ):
        page = await on_paper(context, address)
        await page.fill("#text", "weak, I think")
        await page.get_by_role("button", name="Send", exact=True).click()
        box = await inside(page, f"{LAST} >> p")
        log = await inside(page, "#log")
        assert log["y"] - 1 <= box["y"] < log["y"] + log["height"] - 40
        own = await page.locator(".message.mine p").all_inner_texts()
        assert "English" in own[0]
        assert own[-1] == "weak, I think"
        # In their order: each before the answer to it.
        order = await page.eval_on_selector_all(
            ".message", "all => all.map(m => m.classList.contains('mine') ? 'me' : 'bot')"
        )
        assert order == ["bot", "me", "bot", "me", "bot", "me", "bot"]


async def test_a_card_that_was_written_is_not_shown_again(config: Config) -> None:
    async with served(config) as (_, address), visitor(base_url=address) as client:
        await client.get("/?lang=en")
        said = ("start", "1", "OZT-PARK", "1", "1", "Said Amrani", "KB204971")
        for number, text in enumerate(said):
            data = {"id": f"message-{number}", "lang": "en"}
            data |= {"start": ""} if text == "start" else {"text": text}
            await client.post("/chat/send", data=data)
        page = (await client.get("/")).text
        assert "I support it" in page
        assert "KB204971" not in page
        assert "Said Amrani" not in page
        assert page.count("sent, not shown here") >= 2


# --------------------------------------------------------------------------- a file with its words


@pytest.mark.browser
async def test_a_file_waits_with_its_words_until_it_is_sent(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await at_the_words(page, address)
        count = await page.locator(".message").count()
        await page.set_input_files("#file", PICTURE)
        await expect(page.locator("#chosen")).to_contain_text("leak.jpg")
        await page.fill("#text", "This pipe leaks since Monday")
        assert await page.locator(".message").count() == count
        await page.click("#send")
        await expect(page.locator(LAST)).to_contain_text("📷 photo or file")
        await expect(page.locator(LAST)).to_contain_text("This pipe leaks since Monday")
        await expect(page.locator("#chosen")).to_be_hidden()
        assert await page.locator("#text").input_value() == ""
        # Correcting the words leaves the photo.
        await tap(page, "Correct")
        await tap(page, "Message")
        await write(page, "The pipe leaks since Sunday")
        await expect(page.locator(LAST)).to_contain_text("📷 photo or file")
        await expect(page.locator(LAST)).to_contain_text("since Sunday")


@pytest.mark.browser
async def test_a_file_that_was_chosen_by_mistake_is_put_back(config: Config) -> None:
    async with served(config) as (app, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await at_the_words(page, address)
        await page.set_input_files("#file", PICTURE)
        await page.get_by_role("button", name="Remove the file").click()
        await expect(page.locator("#chosen")).to_be_hidden()
        await write(page, "No photo after all")
        await expect(page.locator(LAST)).not_to_contain_text("📷")
        assert not [path for path in app.media.folder.iterdir() if path.is_file()]


@pytest.mark.browser
@pytest.mark.parametrize("length", [2_001, 7_999])
async def test_a_long_text_is_kept_whole(config: Config, length: int) -> None:
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await arrive(page, address)
        for said in ("1", "1"):
            await write(page, said)
        text = ("A lamp at the school. " * 400)[: length - 1] + "!"
        await write(page, text)
        assert "!" in (await page.locator(LAST).inner_text())
        await expect(page.locator(LAST)).to_contain_text("before they are sent")


@pytest.mark.browser
async def test_what_was_begun_is_there_after_a_reload(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await at_the_words(page, address)
        await page.locator("#text").press_sequentially("Half a sent")
        await page.reload()
        assert await page.locator("#text").input_value() == "Half a sent"


# --------------------------------------------------------------------------- small screens


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["ar-MA", "fr-FR"])
@pytest.mark.parametrize("width", [240, 320, 360])
async def test_the_field_has_room_and_nothing_is_cut_off(
    config: Config, width: int, locale: str
) -> None:
    size: Any = {"width": width, "height": 400}
    async with served(config) as (_, address), phone(locale=locale, viewport=size) as context:
        page = await context.new_page()
        await page.goto(address)
        await expect(page.locator(".message.bot")).to_have_count(1)
        assert (await inside(page, "#text"))["width"] >= 100
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        for one in ("#text", "#send", "label.tool"):
            box = await inside(page, one)
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= 400


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["ar-MA", "fr-FR"])
async def test_with_the_keyboard_open_four_lines_of_the_question_are_seen(
    config: Config, locale: str
) -> None:
    """A screen of 640 pixels has some 330 left."""
    async with served(config) as (_, address), phone(locale=locale) as context:
        page = await context.new_page()
        await page.goto(f"{address}/?c=OZT-LIGHT")
        await expect(page.locator(".message.bot")).to_have_count(1)
        await page.set_viewport_size({"width": 360, "height": 330})
        await page.focus("#text")
        line = await page.evaluate("parseFloat(getComputedStyle(log).lineHeight)")
        assert (await inside(page, "#log"))["height"] >= 4 * line
        box = await inside(page, "#send")
        assert box["y"] + box["height"] <= 330


@pytest.mark.browser
async def test_at_four_times_the_size_everything_can_be_scrolled_to(config: Config) -> None:
    """A screen of 1,280 by 900 pixels, enlarged so, is one of 320 by 225."""
    size: Any = {"width": 320, "height": 225}
    async with served(config) as (_, address), phone(locale="fr-FR", viewport=size) as context:
        page = await context.new_page()
        await page.goto(address)
        await expect(page.locator(".message.bot")).to_have_count(1)
        for one in ("h1", "nav a >> nth=0", f"{LAST} >> button >> nth=-1", "#text", "footer a"):
            shown = page.locator(one).first
            await shown.scroll_into_view_if_needed()
            await expect(shown).to_be_in_viewport()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
async def test_no_sign_of_the_page_needs_a_font_for_it(config: Config) -> None:
    """On many computers of offices an emoji is an empty box."""
    async with served(config) as (_, address), phone(locale="fr-FR") as context:
        page = await context.new_page()
        await page.goto(address)
        bars = await page.eval_on_selector_all(
            "#composer, header .name", "all => all.map(one => one.textContent)"
        )
        assert not re.search("[\u2190-\u2bff\U0001f000-\U0001faff]", "".join(bars))
        for one in ("label.tool", "#voice", "#location", "#send", ".look"):
            assert await page.locator(f"{one} svg").count() >= 1


async def test_the_page_is_light(config: Config) -> None:
    async with served(config) as (_, address), visitor(base_url=address) as client:
        parts = [await client.get(path) for path in ("/", "/static/chat.css", "/static/chat.js")]
    assert sum(len(part.content) for part in parts) <= HEAVIEST


# --------------------------------------------------------------------------- without network


async def kept(page: Page, text: str) -> None:
    """Wait until the page as this browser keeps it holds a text."""
    holds = """async text => {
        const found = await (await caches.open("tachawor-chat")).match("/");
        return found !== undefined && (await found.text()).includes(text);
    }"""
    async with asyncio.timeout(30):
        while not await page.evaluate(holds, text):
            await page.wait_for_timeout(100)


@pytest.mark.browser
async def test_a_reload_without_network_shows_the_chat_and_sends_later(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await page.goto(f"{address}/?c=OZT-LIGHT")
        await page.evaluate("navigator.serviceWorker.ready")
        await tap(page, "English")
        await page.reload()
        await kept(page, "Your answers go to")
        await tap(page, "I agree")
        await tap(page, "Good")
        await kept(page, "How is safety")
        await context.set_offline(True)
        await page.reload()
        await expect(page.locator(LAST)).to_contain_text("How is safety")
        await expect(page.locator(".message.mine")).to_have_count(3)
        await page.fill("#text", "2")
        await page.click("#send")
        await expect(page.locator("#status")).to_contain_text("No network")
        await kept(page, "<p>2</p>")
        await page.reload()
        await expect(page.locator(".message.mine")).to_have_count(4)
        await context.set_offline(False)
        await expect(page.locator(LAST)).to_contain_text("Question 4 of 4")
        await page.reload()
        await expect(page.locator(".message.mine")).to_have_count(4)
        await expect(page.locator(LAST)).to_contain_text("Question 4 of 4")


@pytest.mark.browser
async def test_a_second_tap_on_a_slow_network_is_seen_and_sent_once(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await arrive(page, address)
        await context.set_offline(True)
        button = page.locator(LAST).get_by_role("button", name="Good")
        await button.click()
        await button.click()
        await expect(page.locator("#status")).to_contain_text("Sending")
        await expect(page.locator(".message.mine")).to_have_count(3)
        await context.set_offline(False)
        await expect(page.locator(LAST)).to_contain_text("Question 3 of 4")


# --------------------------------------------------------------------------- read aloud, enlarged, by keyboard


@pytest.mark.browser
@pytest.mark.parametrize("look", ["", "letters", "contrast"])
@pytest.mark.parametrize("language", ["ary", "fr"])
async def test_axe_finds_nothing_in_a_chat(config: Config, language: str, look: str) -> None:
    async with served(config) as (_, address), phone(locale="fr-FR") as context:
        page = await context.new_page()
        await page.goto(f"{address}/?c=OZT-LIGHT&lang={language}")
        await expect(page.locator(".message.bot")).to_have_count(1)
        if look:
            await page.goto(f"{address}/?look={look}")
            assert look in str(await page.get_attribute("html", "class"))
        await write(page, "1")
        await write(page, "1")
        assert await found_by_axe(page) == []
        await page.reload()
        assert await found_by_axe(page) == []


@pytest.mark.browser
async def test_each_message_says_who_speaks_and_in_which_language(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await arrive(page, address)
        for _ in range(2):
            said = await page.eval_on_selector_all(
                ".message",
                "all => all.map(m => [m.textContent.trim().split(':')[0], m.lang || m.dir])",
            )
            assert said == [
                ["Council", "en"], ["You", "auto"], ["Council", "en"], ["You", "auto"], ["Council", "en"],
            ]  # fmt: skip
            await page.reload()


@pytest.mark.browser
async def test_spent_choices_are_no_stops_on_the_way_by_keyboard(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await arrive(page, address)
        for _ in range(2):
            stops = await page.eval_on_selector_all(
                ".choices button", "all => all.map(b => [b.closest('.old') === null, b.tabIndex])"
            )
            assert {(now, index) for now, index in stops} == {(True, 0), (False, -1)}
            await page.reload()
        # An old one can be tapped all the same.
        await page.locator(".message.bot >> nth=0").get_by_role("button", name="English").click()
        await expect(page.locator(LAST)).to_contain_text("earlier conversation")


@pytest.mark.browser
async def test_larger_letters_are_offered_and_stay(config: Config) -> None:
    async with (
        served(config) as (_, address),
        phone(locale="en-GB", java_script_enabled=False) as context,
    ):
        page = await on_paper(context, address)
        size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
        async with phone(locale="en-GB") as other:
            plain = await other.new_page()
            await plain.goto(address)
            before = await plain.evaluate(size)
            await plain.get_by_role("link", name="Larger letters").click()
            await plain.wait_for_url("**/#end")
            assert await plain.evaluate(size) >= 1.25 * before
            await plain.get_by_role("link", name="Strong contrast").click()
            await expect(plain.locator("html")).to_have_class("letters contrast")
            await plain.get_by_role("link", name="Larger letters").click()
            await expect(plain.locator("html")).to_have_class("contrast")
        await page.get_by_role("link", name="Strong contrast").click()
        await expect(page.locator("html")).to_have_class("contrast")
        await expect(page.locator(LAST)).to_contain_text("How is the lighting")


# --------------------------------------------------------------------------- one browser, a home


async def other(page: Page, name: str) -> None:
    """Somebody else sits down at the same page."""
    await page.click("#home summary")
    known = page.locator("#home").get_by_role("button", name=name, exact=True)
    if await known.count():
        await known.click()
    else:
        await page.fill("#who", name)
        await page.locator("#home p button").click()
    await page.wait_for_url("**/#end")


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
async def test_a_family_of_four_answers_one_after_the_other_in_one_browser(
    config: Config, script: bool
) -> None:
    async with (
        served(config) as (app, address),
        phone(locale="en-GB", java_script_enabled=script) as context,
    ):
        page = await context.new_page()
        for name in ("", "Zineb", "Omar", "جدة"):
            if name:
                await page.wait_for_timeout(100)
                await other(page, name)
            await page.goto(f"{address}/?c=OZT-LIGHT")
            if not script:
                await page.locator(".begin").click()
            await expect(page.locator(LAST)).to_contain_text("Which language")
            await expect(page.locator(LAST)).to_contain_text("Street lighting")
            for said in ("English", "1", "1", "1", "skip", "1"):
                await page.fill("#text", said)
                before = await page.locator(".message.bot").count()
                await page.click("#send")
                await expect(page.locator(".message.bot")).to_have_count(before + 1)
            await expect(page.locator(LAST)).to_contain_text("has been counted")
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
            assert row is not None
            assert len(await tx.rows(AllResponses, consultation_id=row.id)) == 4
        # Each finds their own again, under the name that they chose.
        await other(page, "Zineb")
        await expect(page.locator("#home summary")).to_contain_text("Zineb")
        await expect(page.locator(".message.bot", has_text="OZT-2026-000002")).to_have_count(1)
        await other(page, "First person")
        await expect(page.locator(".message.bot", has_text="OZT-2026-000001")).to_have_count(1)


async def test_who_comes_new_into_a_home_speaks_in_a_chat_of_their_own(config: Config) -> None:
    """Nothing of what the first one said stands before them; and the first finds it again."""
    async with served(config) as (_, address), visitor(base_url=address) as client:
        await client.get("/?lang=en")
        mine = client.cookies["tachawor_chat"]
        await client.post("/chat/who", data={"name": "Zineb"})
        assert client.cookies["tachawor_chat"] != mine
        await client.post("/chat/who", data={"who": "0"})
        assert client.cookies["tachawor_chat"] == mine


async def test_a_home_has_six_people_at_most(config: Config) -> None:
    async with served(config) as (_, address), visitor(base_url=address) as client:
        await client.get("/?lang=en")
        for number in range(2, 9):
            await client.post("/chat/who", data={"name": f"Person {number}" + "x" * 30})
        page = (await client.get("/?lang=en")).text
        assert page.count('name="who"') == 6
        assert "Person 6" in page
        assert "Person 7" not in page
        assert 'id="who"' not in page
        assert "x" * 13 not in page
        # What is none of ours is nobody.
        client.cookies.set("tachawor_home", "bm9ib2R5")
        assert (await client.get("/?lang=en")).status_code == 200
        assert (await client.post("/chat/who", data={"who": "7"})).status_code == 303
