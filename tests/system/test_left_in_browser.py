"""What stays in a browser that others use, too: nothing of a private step, and nothing after an erasure."""

import pytest
from playwright.async_api import Page, expect

from bot.core.config import Config
from tests.bot.cases.test_handling import answers
from tests.system.browser import phone
from tests.system.conftest import served
from tests.system.test_pages import LAST, arrive, tap, write
from tests.visitor import visitor

pytestmark = pytest.mark.browser

#: The three lines of a signature.
NAME, CARD, ADDRESS = "Saïd Amrani 🌴", "KB204971", "زنقة 4، تابونت"
SECRETS = (NAME, CARD, ADDRESS)

#: All that a browser keeps of a site and a script can read.
KEPT = """async () => {
    const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const answer = await cache.match(request);
            found.push(request.url + " " + await answer.text());
        }
    }
    return found.join("\\n");
}"""


async def kept(page: Page) -> str:
    """What the browser keeps, once the page has kept itself as it stands."""
    await page.wait_for_timeout(800)
    found: str = await page.evaluate(KEPT)
    assert "<html" in found
    return found


async def signing(page: Page, address: str) -> None:
    """A petition, as far as the question for the name."""
    await page.goto(f"{address}/?c=OZT-PARK&lang=en")
    await page.evaluate("navigator.serviceWorker.ready")
    await page.reload()
    await expect(page.locator(LAST)).to_contain_text("Your answers go to")
    await tap(page, "I agree")
    await tap(page, "I support it")
    await tap(page, "Sign officially")


async def test_a_private_step_is_kept_nowhere_and_leaves_the_page_when_it_ends(
    config: Config,
) -> None:
    """Neither in the storage nor in the page for when there is no network; others see dots of it at most."""
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await signing(page, address)
        for line in SECRETS:
            await page.fill("#text", line)
            assert line not in await kept(page)
            await write(page, line)
            assert line not in await kept(page)
        await expect(page.locator(LAST)).to_contain_text(NAME)
        assert not [line for line in SECRETS if line in await kept(page)]
        await page.reload()
        await expect(page.locator(LAST)).to_contain_text(NAME)
        await tap(page, "Sign")
        await expect(page.locator(LAST)).to_contain_text("the signature is kept")
        for _ in range(2):
            whole = await page.content()
            assert not [line for line in (*SECRETS, "••••71") if line in whole]
            assert "sent, not shown here" in whole
            assert "I support it" in whole
            await page.reload()
            await expect(page.locator(LAST)).to_contain_text("the signature is kept")


async def test_a_private_line_that_waits_for_the_network_is_kept_nowhere(config: Config) -> None:
    """It is sent when the network is there again; a reload before that loses it, and says so."""
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await signing(page, address)
        await context.set_offline(True)
        await page.fill("#text", NAME)
        await page.press("#text", "Enter")
        await expect(page.locator("#status")).to_contain_text("No network")
        assert NAME not in await kept(page)
        await context.set_offline(False)
        await expect(page.locator(LAST)).to_contain_text("number of the national card")
        await context.set_offline(True)
        await page.fill("#text", CARD)
        await page.press("#text", "Enter")
        await expect(page.locator("#status")).to_contain_text("No network")
        await kept(page)
        await page.reload()
        await expect(page.locator(".message.mine.failed")).to_contain_text("not shown here")
        assert CARD not in await page.content()
        await page.fill("#text", CARD)
        await page.press("#text", "Enter")
        await expect(page.locator(".message.mine").last).to_contain_text(CARD)
        assert CARD not in await kept(page)
        await context.set_offline(False)
        # Where the first one did get through while the page was opened anew, it is no address.
        await expect(page.locator(LAST)).to_contain_text("The address?")


async def test_a_councils_answer_in_the_middle_of_a_private_step_does_not_end_it(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its question is still there to be read, and what is typed below is kept nowhere."""
    # It comes once a person has been silent for a while; here, at once.
    monkeypatch.setattr("bot.outreach.answers.BUSY_MS", 0)
    # By day only: the test runs at any hour.
    monkeypatch.setattr("bot.outreach.quiet_hours.allowed_from", lambda at, *_: at)
    async with served(config) as (app, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await arrive(page, address, "OZT-NEEDS")
        for text in ("1", "skip", "No water", "1", "2"):
            await write(page, text)
        await page.evaluate("navigator.serviceWorker.ready")
        await page.reload()
        for text in ("OZT-PARK", "1", "1", NAME):
            await write(page, text)
        await answers(app, "OZT-2026-000001", text="The tank comes on Monday")
        await expect(page.locator(LAST)).to_contain_text("The tank comes on Monday", timeout=60_000)
        await page.reload()
        question = page.locator(".message.bot", has_text="number of the national card")
        await expect(question).to_be_visible()
        await page.fill("#text", CARD)
        assert CARD not in await kept(page)


async def test_after_an_erasure_the_browser_holds_nothing_that_was_said(config: Config) -> None:
    """The page keeps the last word alone; what was begun and not sent is gone, too."""
    said = "عين الماء ناشفة 🚱 فالدوار"
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await arrive(page, address, "OZT-NEEDS")
        await page.evaluate("navigator.serviceWorker.ready")
        await page.reload()
        await write(page, "1")
        await write(page, "skip")
        await write(page, said)
        assert said in await kept(page)
        await write(page, "my data")
        await tap(page, "Erase my data")
        count = await page.locator(".message.bot").count()
        await page.locator(LAST).get_by_role("button", name="Erase my data").click()
        await expect(page.locator(LAST)).to_contain_text("has been erased")
        assert count > 5
        assert await page.locator(".message").count() == 1
        found = await kept(page)
        assert said not in found
        assert "has been erased" in found
        await page.reload()
        await expect(page.locator(LAST)).to_contain_text("has been erased")
        assert said not in await page.content()
        await context.set_offline(True)
        await page.fill("#text", "hello")
        await page.press("#text", "Enter")
        await expect(page.locator("#status")).to_contain_text("No network")
        await kept(page)
        await context.set_offline(False)
        await page.reload()
        await expect(page.locator(LAST)).to_contain_text("Which language")


async def test_what_was_begun_in_a_chat_that_was_erased_elsewhere_is_not_offered_again(
    config: Config,
) -> None:
    """The next who opens the page finds an empty field."""
    async with served(config) as (_, address), phone(locale="en-GB") as context:
        page = await context.new_page()
        await arrive(page, address, "OZT-NEEDS")
        await page.fill("#text", "what I wanted to say")
        assert "what I wanted to say" in await page.evaluate(KEPT)
        await page.goto("about:blank")
        known = {one["name"]: one["value"] for one in await context.cookies()}
        async with visitor(base_url=address, cookies=known) as elsewhere:
            await elsewhere.post("/chat/send", data={"id": "elsewhere-1", "text": "my data"})
            for number in (2, 3):
                last = (await elsewhere.get("/chat/messages?after=0")).json()["messages"][-1]
                (token,) = (b["token"] for b in last["buttons"] if "Erase" in b["label"])
                form = {"id": f"elsewhere-{number}", "token": token}
                await elsewhere.post("/chat/send", data=form)
        await page.goto(address)
        await expect(page.locator(LAST)).to_contain_text("has been erased")
        assert await page.input_value("#text") == ""
        assert "what I wanted to say" not in await page.evaluate(KEPT)


async def test_without_script_a_private_step_that_is_over_is_not_shown(config: Config) -> None:
    """What the bot repeated of it, neither."""
    async with served(config) as (_, address), visitor(base_url=address) as client:
        await client.get("/?lang=en")
        for number, text in enumerate(("start", "1", "OZT-PARK", "1", "1", *SECRETS, "1")):
            data = {"id": f"message-{number}", "lang": "en"}
            data |= {"start": ""} if text == "start" else {"text": text}
            await client.post("/chat/send", data=data)
            page = (await client.get("/")).text
            assert (ADDRESS in page) == (text == ADDRESS)
        assert "the signature is kept" in page
        assert "••••71" not in page
