"""The chat page and the staff page in a real browser on a 360-pixel screen, and by plain requests."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.app import site
from bot.app.build import App
from bot.core.config import Config
from tests.checks import Quarantined
from tests.citizen import audit_of
from tests.pictures import JPEG
from tests.staff_links import link_for
from tests.system.browser import phone
from tests.system.conftest import served
from tests.visitor import visitor

LAST = ".message.bot >> nth=-1"


async def tap(page: Page, label: str) -> None:
    """Tap a choice of the last message, and wait for the answer."""
    count = await page.locator(".message.bot").count()
    await page.locator(LAST).get_by_role("button", name=label).click()
    await expect(page.locator(".message.bot")).to_have_count(count + 1)


async def write(page: Page, text: str) -> None:
    """Type and send with the Enter key, and wait for the answer."""
    count = await page.locator(".message.bot").count()
    await page.fill("#text", text)
    await page.press("#text", "Enter")
    await expect(page.locator(".message.bot")).to_have_count(count + 1)


async def arrive(page: Page, address: str, code: str = "OZT-LIGHT") -> None:
    """First contact in English."""
    await page.goto(f"{address}/?c={code}")
    await expect(page.locator(".message.bot")).to_have_count(1)
    await tap(page, "English")
    await tap(page, "I agree")


@pytest.mark.browser
async def test_the_page_is_right_to_left_in_arabic_and_fits_a_small_screen(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="ar-MA") as context:
        page = await context.new_page()
        problems: list[Any] = []
        page.on("pageerror", lambda error: problems.append(error))
        page.on(
            "console", lambda line: problems.append(line.text) if line.type == "error" else None
        )
        await page.goto(address)
        await expect(page.locator(".message.bot")).to_have_count(1)
        assert await page.get_attribute("html", "dir") == "rtl"
        assert await page.get_attribute("html", "lang") == "ar"
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        sizes = await page.eval_on_selector_all(
            ".choices button", "all => all.map(b => b.getBoundingClientRect().height)"
        )
        assert min(sizes) >= 44
        assert problems == []


@pytest.mark.browser
async def test_a_poll_is_answered_by_taps_and_a_reload_keeps_the_conversation(
    config: Config,
) -> None:
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await arrive(page, address)
        await tap(page, "Good")
        before = await page.locator(".message").all_inner_texts()
        await page.reload()
        await expect(page.locator(".message.bot")).to_have_count(4)
        assert await page.locator(".message").all_inner_texts() == before
        await tap(page, "Fair")
        await write(page, "skip")
        await tap(page, "Send")
        await expect(page.locator(LAST)).to_contain_text("OZT-2026-000001")


@pytest.mark.browser
async def test_what_is_written_without_network_is_kept_and_sent_once_afterwards(
    config: Config,
) -> None:
    async with served(config) as (app, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await arrive(page, address)
        await context.set_offline(True)
        await page.fill("#text", "weak")
        await page.press("#text", "Enter")
        await expect(page.locator("#status")).to_contain_text("No network")
        await context.set_offline(False)
        await expect(page.locator(LAST)).to_contain_text("Where is it missing most?")
        assert await page.locator(".mine").count() == 3
        async with app.storage.reading() as tx:
            assert await tx.rows(Quarantined) == []


@pytest.mark.browser
async def test_the_keyboard_alone_is_enough(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await page.goto(f"{address}/?c=OZT-LIGHT")
        await expect(page.locator(".message.bot")).to_have_count(1)
        button = page.locator(LAST).get_by_role("button", name="English")
        for _ in range(40):
            await page.keyboard.press("Tab")
            if await button.evaluate("b => b === document.activeElement"):
                break
        await page.keyboard.press("Enter")
        await expect(page.locator(".message.bot")).to_have_count(2)
        await page.focus("#text")
        await page.keyboard.type("1")
        await page.keyboard.press("Enter")
        await expect(page.locator(LAST)).to_contain_text("How is the lighting")


@pytest.mark.browser
async def test_a_screen_reader_finds_names_for_everything(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="fr-MA") as context:
        page = await context.new_page()
        await page.goto(address)
        await expect(page.locator(".message.bot")).to_have_count(1)
        assert await page.get_attribute("#log", "role") == "log"
        assert await page.get_attribute("#log", "aria-live") == "polite"
        # What is folded away has its names, too.
        await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        nameless = await page.eval_on_selector_all(
            "button, a, input:not([type=hidden]), textarea",
            """all => all.filter(e => !(e.innerText || e.getAttribute('aria-label')
                || (e.labels && e.labels.length && e.labels[0].innerText))).map(e => e.outerHTML)""",
        )
        assert nameless == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ar", "ary"])
async def test_the_last_look_reads_from_the_right_in_arabic(config: Config, language: str) -> None:
    """Each line begins at the right edge, and what was answered stands to the left of its question."""
    async with served(config) as (_, address), phone(locale="ar-MA") as context:
        page = await context.new_page()
        await page.goto(f"{address}/?c=OZT-LIGHT&lang={language}")
        await expect(page.locator(".message.bot")).to_have_count(1)
        for said in ("1", "1", "1", "LED قدام school"):
            await write(page, said)
        sides = await page.locator(f"{LAST} >> p").evaluate(
            """p => {
                const text = p.firstChild, whole = text.data, box = p.getBoundingClientRect();
                const at = index => {
                    const range = document.createRange();
                    range.setStart(text, index); range.setEnd(text, index + 1);
                    return range.getBoundingClientRect();
                };
                return [...whole].flatMap((sign, index) => sign === "•" ? [box.right - at(index).right] : []);
            }"""
        )
        assert len(sides) == 3
        assert max(sides) < 40


@pytest.mark.browser
async def test_a_photo_is_sent_from_the_page(config: Config) -> None:
    async with served(config) as (app, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await arrive(page, address, "OZT-NEEDS")
        await write(page, "1")
        await write(page, "skip")
        picture = {
            "name": "leak.jpg",
            "mimeType": "image/jpeg",
            "buffer": JPEG,
        }
        await page.set_input_files("#file", picture)  # type: ignore[arg-type]
        await page.click("#send")
        await expect(page.locator(LAST)).to_contain_text("📷 photo or file")
        assert [path for path in app.media.folder.iterdir() if path.is_file()]


@pytest.mark.browser
async def test_a_pin_is_sent_from_the_page(config: Config) -> None:
    options: dict[str, Any] = {
        "geolocation": {"latitude": 30.92, "longitude": -6.91},
        "permissions": ["geolocation"],
    }
    async with served(config) as (_, address), phone(locale="en-GB", **options) as context:
        page = await context.new_page()
        await arrive(page, address, "OZT-NEEDS")
        await write(page, "1")
        await page.click("#location")
        await expect(page.locator(LAST)).to_contain_text("your own words")


@pytest.mark.browser
async def test_without_javascript_the_chat_works_as_forms(config: Config) -> None:
    async with (
        served(config) as (_, address),
        phone(locale="en-GB", java_script_enabled=False) as context,
    ):
        page = await context.new_page()
        await page.goto(f"{address}/?c=OZT-LIGHT")
        await page.get_by_role("button", name="Start").click()
        await page.get_by_role("button", name="English").click()
        await page.get_by_role("button", name="I agree").click()
        await expect(page.locator(LAST)).to_contain_text("How is the lighting")
        await page.fill("#text", "weak")
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.locator(LAST)).to_contain_text("Where is it missing most?")


@pytest.mark.browser
async def test_markup_that_a_citizen_writes_stays_text(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await arrive(page, address, "OZT-NEEDS")
        await write(page, "1")
        await write(page, "skip")
        await write(page, "<img src=x onerror=document.title='owned'> no water")
        assert "<img" in await page.locator(LAST).inner_text()
        await page.reload()
        assert await page.title() != "owned"
        assert await page.locator(".message img").count() == 0


async def sign_in(page: Page, app: App) -> None:
    link = await link_for(app, "example", "Amina")
    await page.goto(link)
    await page.get_by_role("button", name="Se connecter").click()


@pytest.mark.browser
async def test_staff_sign_in_once_and_download_what_was_said(config: Config) -> None:
    async with served(config) as (app, _), phone(locale="fr-MA") as context:
        page = await context.new_page()
        await sign_in(page, app)
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Ouarzazate")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        await page.get_by_role("link", name="Consultations").click()
        kept = {}
        for name in ("XLSX", "CSV", "JSON"):
            async with page.expect_download() as waiting:
                await page.get_by_role("link", name=name).nth(1).click()
            download = await waiting.value
            kept[name] = (await download.path()).read_bytes()
            assert download.suggested_filename == f"OZT-LIGHT.{name.lower()}"
        assert zipfile.ZipFile(io.BytesIO(kept["XLSX"])).testzip() is None
        assert kept["CSV"].startswith(b"\xef\xbb\xbf")
        assert json.loads(kept["JSON"])
        async with app.storage.reading() as tx:
            seen = await audit_of(tx, app.register.default_id)
        assert {row.object for row in seen} - {"Amina", "link"} == {
            "OZT-LIGHT.xlsx", "OZT-LIGHT.csv", "OZT-LIGHT.json",
        }  # fmt: skip


@pytest.mark.browser
async def test_a_link_used_twice_says_so_and_how_to_get_a_new_one(config: Config) -> None:
    async with served(config) as (app, _), phone(locale="fr-MA") as context:
        page = await context.new_page()
        link = await link_for(app, "example", "Amina")
        for _ in range(2):
            await page.goto(link)
            await page.get_by_role("button", name="Se connecter").click()
        await expect(page.get_by_role("alert")).to_contain_text("a déjà servi")
        # A new one is offered at once: to the own chat, or from whoever runs the bot.
        await expect(page.get_by_role("button", name="Envoyer le lien")).to_be_visible()
        await expect(page.locator("code")).to_have_text("tachawor staff link")


@pytest.mark.browser
async def test_nobody_else_sees_the_staff_page(config: Config) -> None:
    async with served(config) as (_, address), phone(locale="fr-MA") as context:
        page = await context.new_page()
        for path in ("/staff", "/staff/summary/OZT-LIGHT.csv", "/staff/poster/OZT-LIGHT.svg"):
            answer = await page.goto(address + path)
            assert answer is not None
            assert answer.status == 401


async def test_every_route_has_a_declared_policy(config: Config) -> None:
    async with served(config) as (app, _):
        paths = {route.path for route in site.build(app).routes}  # type: ignore[attr-defined]
    assert paths == set(site.policies())
    assert all(re.fullmatch(r"/.*", path) for path in paths)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/chat/messages?after=%C2%B2", 400),
        ("GET", "/chat/messages?after=99999999999999999999", 400),
        ("GET", "/my-data/x/1-%C3%A9", 410),
        ("GET", "/chat/media/..%2f..%2ftest.sqlite", 404),
        ("GET", "/static/../site.py", 404),
        ("GET", "/nowhere", 404),
        ("DELETE", "/chat/send", 405),
        ("POST", "/webhooks/telegram", 404),
        ("HEAD", "/staff/sign-in/x", 200),
    ],
)
async def test_an_odd_request_gets_a_clear_no_and_never_a_traceback(
    config: Config, method: str, path: str, status: int
) -> None:
    async with served(config) as (_, address), visitor() as client:
        await client.get(address)
        answer = await client.request(method, address + path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


async def test_a_file_in_the_place_of_a_word_is_no_word(config: Config) -> None:
    async with served(config) as (app, address), visitor() as client:
        await client.get(address)
        for name in ("start", "token", "text"):
            sent = await client.post(
                f"{address}/chat/send", data={"id": name}, files={name: ("a.txt", b"x")}
            )
            assert sent.status_code in (200, 303)
        async with app.storage.reading() as tx:
            assert await tx.rows(Quarantined) == []


async def test_a_look_at_the_link_by_a_messenger_does_not_use_it_up(config: Config) -> None:
    async with served(config) as (app, _), visitor() as client:
        link = await link_for(app, "example", "Amina")
        for method in ("HEAD", "GET", "HEAD"):
            assert (await client.request(method, link)).status_code == 200
        assert (await client.post(link)).status_code == 303


async def test_a_chat_cookie_that_is_none_of_ours_is_replaced(config: Config) -> None:
    async with served(config) as (_, address), visitor() as client:
        answer = await client.get(address, headers={"cookie": "tachawor_chat=x"})
        assert len(answer.cookies["tachawor_chat"]) > 30
