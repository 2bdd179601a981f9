"""A council's public page in a browser: on a phone, for a screen reader, in a frame of another site."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bot.app.build import example_folder
from bot.core.config import Config
from flows.wording.text import LANGUAGES
from tests.citizen import config_in
from tests.system.browser import phone
from tests.system.conftest import free_port, served, until
from tests.system.town import (
    close,
    decide,
    need,
    support,
    vote,
)

COUNCIL = (example_folder() / "council.toml").read_text("utf-8")


@asynccontextmanager
async def host(frame: str, port: int) -> AsyncIterator[str]:
    """Another site, with `frame` in a frame of its own page."""

    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(
            f'<!doctype html><iframe id="f" width="320" height="600" src="{frame}">'
        )

    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=[Route("/", page)]), port=port, log_level="error")
    )
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    try:
        yield f"http://localhost:{port}/"
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await task


def embedding(folder: Path, *origins: str) -> Config:
    """A deployment of the example council that these origins may frame."""
    councils = folder / "councils"
    councils.mkdir()
    listed = ", ".join(f'"{origin}"' for origin in origins)
    text = COUNCIL.replace("[name]", f"embed_on = [{listed}]\n\n[name]", 1)
    (councils / "example.toml").write_text(text, "utf-8")
    return config_in(folder, councils=str(councils))


@pytest.mark.browser
async def test_a_listed_site_may_frame_it_and_no_other(tmp_path: Path) -> None:
    listed, other = free_port(), free_port()
    config = embedding(tmp_path, f"http://localhost:{listed}")
    async with served(config) as (_, address):
        frame = f"{address}/c/example/embed?lang=fr"
        async with host(frame, listed) as good, host(frame, other) as bad, phone() as context:
            page = await context.new_page()
            await page.goto(good)
            inside = page.frame_locator("#f")
            await expect(inside.locator("h1")).to_contain_text("Ouarzazate")
            links = await inside.locator("main a:not([hreflang])").evaluate_all(
                "all => all.filter(a => a.target !== '_blank' || a.rel !== 'noopener').length"
            )
            assert links == 0
            assert await context.cookies() == []
            await inside.get_by_role("link", name="العربية").click()
            await expect(inside.locator("html")).to_have_attribute("dir", "rtl")
            # Once more from what the browser kept: its policy still stands.
            await page.reload()
            await expect(inside.locator("h1")).to_contain_text("Ouarzazate")
            refused: list[str] = []
            page.on("console", lambda line: refused.append(line.text))
            await page.goto(bad)
            await expect(page.locator("#f")).to_be_attached()
            for _ in range(300):
                if refused:
                    break
                await page.wait_for_timeout(100)
            assert any("frame-ancestors" in text for text in refused), refused
            # The browser shows a page of its own there.
            assert await inside.get_by_text("Ouarzazate").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 1280])
async def test_it_fits_the_screen_and_a_screen_reader_finds_its_way(
    tmp_path: Path, language: str, width: int
) -> None:
    async with served(config_in(tmp_path)) as (app, address), phone() as context:
        await need(app, "a")
        await vote(app, [f"v{n}" for n in range(6)])
        await support(app, [f"p{n}" for n in range(6)])
        await close(app, "OZT-LIGHT")
        await decide(app, "OZT-LIGHT", fr="Quarante lampes.", ar="أربعون مصباحا.")
        page = await context.new_page()
        problems: list[str] = []
        page.on(
            "console", lambda line: problems.append(line.text) if line.type == "error" else None
        )
        for path in ("/c/example", "/c/example/embed"):
            await page.set_viewport_size({"width": width, "height": 900})
            await page.goto(f"{address}{path}?lang={language}")
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            levels = await page.eval_on_selector_all(
                "h1, h2, h3, h4", "all => all.map(h => Number(h.tagName[1]))"
            )
            assert levels[0] == 1
            steps = itertools.pairwise(levels)
            assert all(after <= before + 1 for before, after in steps), levels
            assert levels.count(1) == 1
            nameless = await page.eval_on_selector_all(
                "a, progress",
                """all => all.filter(e => !(e.innerText || e.getAttribute('aria-label')))
                    .map(e => e.outerHTML)""",
            )
            assert nameless == []
            twice = await page.evaluate(
                "[...document.querySelectorAll('[id]')].map(e => e.id)"
                ".filter((id, n, all) => all.indexOf(id) !== n)"
            )
            assert twice == []
            broken = await page.eval_on_selector_all(
                "[aria-labelledby]",
                """all => all.flatMap(e => e.getAttribute('aria-labelledby').split(' '))
                    .filter(id => !document.getElementById(id))""",
            )
            assert broken == []
            found = await Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
        assert problems == []


@pytest.mark.browser
async def test_the_chat_leads_to_it_and_it_leads_into_the_chat(tmp_path: Path) -> None:
    async with (
        served(config_in(tmp_path)) as (_, address),
        phone(locale="fr-MA", java_script_enabled=False) as context,
    ):
        page = await context.new_page()
        await page.goto(address)
        await page.get_by_role("link", name="Toutes les consultations").click()
        assert page.url == f"{address}/c/example?lang=fr"
        await page.locator(".ways a").first.click()
        assert page.url.startswith(f"{address}/?c=OZT-")
