"""The telephone at a meeting's door: it works without a network, loses nobody, and counts each once."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import msgspec
import pytest
from playwright.async_api import Page, Route, expect

from bot.app.build import App
from bot.consultations import amending
from bot.core.config import Config
from bot.core.localtime import local, now_ms
from bot.kinds.meeting import seats
from bot.kinds.meeting.door import arrivals, phones
from flows.kinds.meeting.results import Seats
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from tests.citizen import Citizen
from tests.system.browser import phone
from tests.system.conftest import free_port, served
from tests.system.wire import Wire

pytestmark = pytest.mark.browser

CODE = "OZT-WORKSHOP"
NAMES = tuple(f"guest {n}" for n in range(10))


async def row_of(app: App, code: str = CODE) -> StoredConsultation:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
    assert row is not None
    return row


async def today(app: App) -> None:
    """The workshop is today."""
    begins = local(now_ms()).replace(tzinfo=None, microsecond=0) + timedelta(hours=1)
    times = {"starts": begins.isoformat(), "ends": (begins + timedelta(hours=4)).isoformat()}
    async with app.storage.transaction() as tx:
        row = await row_of(app)
        raw = {**msgspec.json.decode(row.definition), **times, "items": []}
        await amending.amend(tx, app.register, row, raw, "amal")


async def ticket(app: App, name: str) -> str:
    """Somebody signs up; the number at the door."""
    citizen = Citizen(app, name, at=now_ms())
    await citizen.arrives()
    await citizen.says("cancel")
    await citizen.starts(CODE)
    await citizen.says("[I will come]")
    await citizen.says("[No, nothing]")
    return re.findall(r"\d{5}", await citizen.says("[Send]"))[-1]


async def link(app: App, name: str = "Hassan") -> str:
    """The link of a telephone, from the path on."""
    async with app.storage.transaction() as tx:
        secret = await phones.let_in(tx, app.vault, await row_of(app), name, "amal", now_ms())
    return f"/door?lang=en#{secret}"


async def counted(app: App) -> Seats:
    async with app.storage.reading() as tx:
        return await seats.counted(tx, (await row_of(app)).id)


#: Has the network come.
Comes = Callable[[], Awaitable[None]]


@asynccontextmanager
async def at_the_door(app: App, address: str, **more: str) -> AsyncIterator[tuple[Page, Comes]]:
    """A telephone whose page was opened before the day, and has lost the network since."""
    async with Wire(address) as wire, phone(locale="en-GB") as context:
        page = await context.new_page()
        await page.goto(wire.address + await link(app, **more))
        await expect(page.locator("#meeting")).to_contain_text(CODE)
        await page.evaluate("navigator.serviceWorker.ready")
        await wire.goes(context)
        yield page, partial(wire.comes, context)


async def note(page: Page, code: str) -> None:
    await page.fill("#code", code)
    await page.press("#code", "Enter")


async def walks_in(page: Page, name: str) -> None:
    if not await page.locator("#name").is_visible():
        await page.click("#walk-in summary")
    await page.fill("#name", name)
    await page.check("#agrees")
    await page.click("#other button.main")


async def test_ten_come_without_a_network_and_are_there_each_once(config: Config) -> None:
    """Also where the page was closed in between, and two telephones noted the same person."""
    async with served(config) as (app, address):
        await today(app)
        codes = [await ticket(app, name) for name in NAMES]
        async with (
            at_the_door(app, address) as (one, first_comes),
            at_the_door(app, address, name="Zineb") as (two, second_comes),
        ):
            for n, code in enumerate(codes[:8], 1):
                await note(one, code)
                await expect(one.locator("#waits")).to_have_text(str(n))
            await note(one, codes[0])
            await expect(one.locator("#said")).to_contain_text("Noted already")
            await walks_in(one, "Lahcen Aït Ali")
            await expect(one.locator("#waits")).to_have_text("9")
            # The page is opened again, still without a network.
            await one.reload()
            await expect(one.locator("#waits")).to_have_text("9")
            await expect(one.locator("#there")).to_have_text("9")
            for code in codes[6:]:
                await note(two, code)
            await expect(two.locator("#waits")).to_have_text("4")
            assert await counted(app) == Seats(had=10)
            await first_comes()
            await expect(one.locator("#waits")).to_have_text("0")
            await second_comes()
            await expect(two.locator("#waits")).to_have_text("0")
            await expect(two.locator("#there")).to_have_text("11")
            assert await counted(app) == Seats(had=10, present=10, noted=1)
            # Names wait for the network, and no longer.
            kept = await one.evaluate("JSON.stringify(localStorage)")
            assert "Lahcen" not in kept
            assert not [code for code in codes if code in kept]
        async with app.storage.reading() as tx:
            ((_, name),) = await arrivals.walk_ins(tx, app.vault, (await row_of(app)).id)
        assert name == "Lahcen Aït Ali"


async def test_a_server_that_ends_in_the_middle_loses_and_doubles_nobody(config: Config) -> None:
    """What it had noted before its answer was lost is sent again, and counts once."""
    port = free_port()
    async with phone(locale="en-GB") as context:
        page = await context.new_page()
        async with served(config, port) as (app, address):
            await today(app)
            codes = [await ticket(app, name) for name in NAMES[:4]]
            await page.goto(address + await link(app))
            await expect(page.locator("#meeting")).to_contain_text(CODE)
            await page.evaluate("navigator.serviceWorker.ready")

            async def lost(route: Route) -> None:
                await route.fetch()
                await route.abort()

            await page.route("**/door/sync", lost)
            await note(page, codes[0])
            await walks_in(page, "Lahcen")
            await expect(page.locator("#network")).to_contain_text("No network")
            await expect(page.locator("#waits")).to_have_text("2")
        await page.unroute("**/door/sync")
        await note(page, codes[1])
        await expect(page.locator("#network")).to_contain_text("No network")
        await page.reload()
        await note(page, codes[2])
        await expect(page.locator("#waits")).to_have_text("4")
        async with served(config, port) as (app, _):
            await page.click("#send")
            await expect(page.locator("#waits")).to_have_text("0")
            await expect(page.locator("#network")).to_contain_text("Everything is sent")
            assert await counted(app) == Seats(had=4, present=3, noted=1)


async def test_what_is_no_ticket_of_this_meeting_is_said_in_words(config: Config) -> None:
    async with served(config) as (app, address):
        await today(app)
        code = await ticket(app, "amina")
        async with at_the_door(app, address) as (page, network_comes):
            wrong = page.locator("#wrong")
            await note(page, "https://x.ma/ticket/OZT-OTHER/12345-abcdef")
            await expect(wrong).to_contain_text("This ticket is for another meeting: OZT-OTHER")
            await note(page, "https://x.ma/somewhere/12345")
            await expect(wrong).to_contain_text("This is no ticket of a meeting")
            await note(page, "123")
            await expect(wrong).to_contain_text("Type the five digits")
            # Who signed up since is not on the telephone's list: the server decides.
            late = await ticket(app, "brahim")
            for typed in (late, "10000" if "10000" not in (code, late) else "10001"):
                await note(page, typed)
                await expect(wrong).to_contain_text("not on the list")
                await page.click("#keep-it")
                await expect(page.locator("#said")).to_contain_text("to be checked")
            await note(page, code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))
            await expect(page.locator("#waits")).to_have_text("3")
            await network_comes()
            await expect(wrong).to_contain_text("belong to nobody at this meeting")
            await expect(page.locator("#strays")).to_contain_text("1000")
            assert await counted(app) == Seats(had=2, present=2)


async def test_nobody_is_named_who_does_not_agree(config: Config) -> None:
    async with served(config) as (app, address):
        await today(app)
        async with at_the_door(app, address) as (page, network_comes):
            await page.click("#walk-in summary")
            await page.fill("#name", "Lahcen")
            await page.click("#other button.main")
            await expect(page.locator("#wrong")).to_contain_text("Read the text out")
            await page.click("#unnamed")
            await expect(page.locator("#waits")).to_have_text("1")
            await network_comes()
            await expect(page.locator("#waits")).to_have_text("0")
        async with app.storage.reading() as tx:
            ((_, name),) = await arrivals.walk_ins(tx, app.vault, (await row_of(app)).id)
        assert name == ""


async def test_a_link_that_was_taken_back_notes_nobody_and_leaves_what_was_not_sent_to_be_read(
    config: Config,
) -> None:
    async with served(config) as (app, address):
        await today(app)
        code = await ticket(app, "amina")
        async with at_the_door(app, address) as (page, network_comes):
            await note(page, code)
            await expect(page.locator("#waits")).to_have_text("1")
            async with app.storage.transaction() as tx:
                row = await row_of(app)
                (one,) = await phones.phones_of(tx, row.id)
                await phones.take_back(tx, row.id, one.id, now_ms())
            await network_comes()
            await expect(page.locator("#wrong")).to_contain_text("no longer good")
            await expect(page.locator("#strays")).to_have_text(code)
            assert await counted(app) == Seats(had=1)
            page.on("dialog", lambda dialog: dialog.accept())
            await page.click("#empty")
            await expect(page.locator("#none")).to_contain_text("emptied")
            assert json.loads(await page.evaluate("JSON.stringify(localStorage)")) == {}


async def test_after_the_meeting_the_telephone_forgets_it_once_all_is_sent(config: Config) -> None:
    async with served(config) as (app, address):
        await today(app)
        code = await ticket(app, "amina")
        async with at_the_door(app, address) as (page, network_comes):
            await note(page, code)
            later = now_ms() + 18 * 3_600_000
            await page.clock.set_fixed_time(later)
            await page.reload()
            # Not before it has sent what it noted.
            await expect(page.locator("#waits")).to_have_text("1")
            await network_comes()
            await expect(page.locator("#none")).to_contain_text("is over")
            assert await page.evaluate("localStorage.length") == 0
            assert await counted(app) == Seats(had=1, present=1)


async def test_a_network_that_comes_while_a_try_still_fails_is_used_at_once(config: Config) -> None:
    """It was forgotten, and the telephone waited half a minute: in a crowd at a door that is long."""
    async with served(config) as (app, address):
        await today(app)
        code = await ticket(app, "amina")
        async with at_the_door(app, address) as (page, network_comes):
            await network_comes()
            tried, over = asyncio.Event(), asyncio.Event()

            async def fails_late(route: Route) -> None:
                if tried.is_set():
                    await route.continue_()
                    return
                tried.set()
                await over.wait()
                await route.abort()

            await page.route("**/door/sync", fails_late)
            await note(page, code)
            await asyncio.wait_for(tried.wait(), 60)
            await page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
            over.set()
            await expect(page.locator("#waits")).to_have_text("0", timeout=15_000)
            assert await counted(app) == Seats(had=1, present=1)


async def test_a_ticket_is_scanned_where_the_telephone_reads_codes(config: Config) -> None:
    """Chromium on a desk has no reader of codes: this stands for the telephone's."""
    async with served(config) as (app, address):
        await today(app)
        code = await ticket(app, "amina")
        async with phone(locale="en-GB", permissions=["camera"]) as context:
            page = await context.new_page()
            reads = f"{address}/ticket/{CODE}/{code}-0123456789ab"
            await page.add_init_script(
                f"""window.BarcodeDetector = class {{
                    static async getSupportedFormats() {{ return ["qr_code"]; }}
                    async detect(video) {{ return video.videoWidth ? [{{ rawValue: "{reads}" }}] : []; }}
                }};"""
            )
            await page.goto(address + await link(app))
            await page.click("#scan")
            await expect(page.locator("#there")).to_have_text("1")
            await page.click("#scanned")
            assert await counted(app) == Seats(had=1, present=1)
