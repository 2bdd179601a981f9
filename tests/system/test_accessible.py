"""The staff pages with real content: checked by axe, on a phone, by keyboard alone, and on paper."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.cases import handling, replies
from bot.core.config import Config
from bot.results import requests
from bot.staff import accounts, approvals
from bot.web.staff import results
from storage.rows.cases import CaseByReference
from tests.staff_links import link_for
from tests.system.browser import phone
from tests.system.staffed import Town, busy_town, config_of, made, tell, vote

pytestmark = pytest.mark.browser

#: What axe checks.
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_of(tmp_path, second_person_from=2)


@asynccontextmanager
async def worked_town(config: Config) -> AsyncIterator[tuple[Town, dict[str, str]]]:
    """A town in which staff have been at work too, and every page of theirs: name -> path."""
    async with busy_town(config) as full:
        app, council = full.app, full.council()
        alike = await tell(app, "zineb", "Pas d’eau depuis lundi au douar")
        other = await tell(app, "yto", "Toujours pas d’eau au douar")
        async with app.storage.transaction() as tx:
            nadia = await accounts.known(tx, council, "nadia")
            me = accounts.Member(nadia.id, "nadia", "admin", council, "tarmigt")
            row, one, two = [
                await tx.row(CaseByReference, reference=reference)
                for reference in (full.reference, alike, other)
            ]
            assert row is not None
            assert one is not None
            await replies.answer(
                tx, app.register.council(council), row, "nadia", text="C’est noté.", state="planned"
            )
            await handling.note(tx, row, "nadia", "Appeler l’ONEE")
            await handling.merge(tx, one, row, "nadia")
            await handling.transcribe(tx, row, full.voice, "Il manque de l’eau", "nadia")
            await handling.set_nature(
                tx, app.register.council(council), two or row, "nadia", "information"
            )
            download = await requests.ask(
                tx, council, me.id, "consultation", full.poll, "pdf", "ar",
                filters={}, identities=False,
            )  # fmt: skip
            await approvals.ask(tx, me, "identities", "needs csv", "needs csv")
        await made(app, download)
        poll, park = f"/staff/c/{full.poll}", f"/staff/petitions/{full.petition}"
        yield (
            full,
            {
                "today": "/staff",
                "second factor": "/staff/second-factor",
                "needs": "/staff/needs?state=all&search=eau",
                "no needs": "/staff/needs?search=nothing",
                "need": f"/staff/needs/{full.reference}",
                "merged need": f"/staff/needs/{alike}",
                "information": f"/staff/needs/{other}",
                "consultations": "/staff/consultations",
                "consultation": poll,
                "standing call": f"/staff/c/{full.needs}",
                "results": f"{poll}/results",
                "weighted results": f"{poll}/results?weighted=1",
                "results of needs": f"/staff/c/{full.needs}/results",
                "answers": f"{poll}/answers",
                "suspect answers": f"{poll}/answers?view=suspect",
                "groups of answers": f"{poll}/answers?view=groups",
                "edit": f"{poll}/edit",
                "kinds": "/staff/new",
                "form": "/staff/new?kind=poll",
                "form of a petition": "/staff/new?kind=petition",
                "form of a draft text": "/staff/new?kind=draft_text",
                "text from a file": "/staff/drafts/file",
                "comments of an article": "/staff/drafts/TRM-CHARTER/groups/notice",
                "form of a meeting": "/staff/new?kind=meeting",
                "meetings": "/staff/meetings",
                "meeting": f"/staff/meetings/{full.meeting}",
                "groups of a meeting": f"/staff/meetings/{full.meeting}/groups",
                "outcome of a meeting": f"/staff/meetings/{full.meeting}/outcome",
                "sheet of a meeting": f"/staff/meetings/{full.meeting}/sheet",
                "telephones of a meeting": f"/staff/meetings/{full.meeting}/phones",
                "door of a meeting": "/door",
                "commitments": "/staff/commitments",
                "commitment": f"/staff/commitments/{full.commitment}",
                "budgets": "/staff/budgets",
                "new budget": "/staff/budgets/new",
                "budget": f"/staff/budgets/{full.budget}",
                "ballots on paper": f"/staff/budgets/{full.budget}/papers",
                "project of a budget": f"/staff/budgets/{full.budget}/project?id=lamps",
                "openness programmes": "/staff/openness",
                "new openness programme": "/staff/openness/new",
                "openness programme": f"/staff/openness/{full.programme}",
                "axes": f"/staff/openness/{full.programme}/axes",
                "projects": f"/staff/openness/{full.programme}/projects",
                "card of a project": f"/staff/openness/{full.programme}/projects/card?key=j3",
                "petitions": "/staff/petitions",
                "petition": park,
                "signatures": f"{park}/signatures",
                "downloads": "/staff/downloads",
                "downloads of needs": "/staff/downloads?what=needs&search=eau",
                "download": f"/staff/downloads/{download}",
                "indicators": "/staff/indicators",
                "broadcasts": "/staff/broadcasts",
                "broadcast": f"/staff/broadcasts/{full.broadcast}",
                "notice": "/staff/notice",
                "lists": "/staff/lists",
                "members": "/staff/members",
                "approvals": "/staff/approvals",
                "audit": "/staff/audit",
                "not there": "/staff/needs/TRM-2026-999999",
                "sign-in": "/staff/sign-in",
                "link": "/staff/sign-in/a-link-that-nobody-made",
            },
        )


@asynccontextmanager
async def desk(
    town: Town, width: int = 1280, role: str = "admin", **options: Any
) -> AsyncIterator[Page]:
    """A browser of a member of staff."""
    options.setdefault("locale", "fr-FR")
    async with phone(viewport={"width": width, "height": 800}, **options) as context:
        page = await context.new_page()
        name = "nadia" if role == "admin" else f"omar {role}"
        await page.goto(await link_for(town.app, "tarmigt", name, role))
        await page.get_by_role("button").first.click()
        await expect(page.locator("form.who")).to_be_visible()
        yield page


#: What depends on how a page is laid out; all else is the same whatever its width, for no script changes it.
LAID_OUT = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "rule",
        "values": [
            "color-contrast",
            "css-orientation-lock",
            "label-title-only",
            "link-in-text-block",
            "scrollable-region-focusable",
            "skip-link",
            "target-size",
        ],
    },
}

#: The widths of a phone and of a desk, in pixels.
PHONE, DESK = 360, 1280


async def found_by_axe(page: Page, rules: Any = RULES) -> list[str]:
    """What axe finds wrong, a line each: rule, element."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(Axe().axe_script)
    # All that it looked at is much more than what is wrong, and stays in the browser.
    violations = await page.evaluate("rules => axe.run(rules).then(all => all.violations)", rules)
    return [
        f"{wrong['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
        for wrong in violations
        for node in wrong["nodes"]
    ]


async def unfold(page: Page) -> None:
    """Open all that is folded away."""
    await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


@pytest.mark.parametrize("locale", ["ar-MA", "fr-FR"])
async def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_the_screen(
    config: Config, locale: str
) -> None:
    async with worked_town(config) as (full, pages), desk(full, PHONE, locale=locale) as page:
        wrong: list[str] = []
        for name, path in pages.items():
            await page.goto(full.address + path)
            assert await page.get_attribute("html", "lang") == locale[:2], name
            assert await page.locator("h1").count() == 1, name
            await unfold(page)
            for width, rules in ((PHONE, RULES), (DESK, LAID_OUT)):
                await page.set_viewport_size({"width": width, "height": 800})
                found = await found_by_axe(page, rules)
                wrong += [f"{name}, {width} pixels: {one}" for one in found]
                wide = await page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    wrong.append(f"{name}: is {wide} pixels wide of {width}")
            await page.set_viewport_size({"width": PHONE, "height": 800})
        assert not wrong, "\n".join(wrong)


# --------------------------------------------------------------------------- what renews itself


async def test_figures_renew_in_place_and_leave_the_reader_where_they_are(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "REFRESH", 0.2)
    async with busy_town(config) as full, desk(full) as page:
        await page.goto(f"{full.address}/staff/c/{full.poll}/results")
        figures = page.locator("dl.figures dd").first
        # In fives, while people answer.
        await expect(figures).to_have_text("5")
        await page.evaluate("document.body.dataset.mark = 'not loaded again'")
        await vote(full.app, "one more")
        await vote(full.app, "two more")
        await expect(figures).to_have_text("10")
        assert await page.get_attribute("body", "data-mark") == "not loaded again"
        # Who is in a table is not disturbed.
        table = page.get_by_role("region").first
        await table.focus()
        for number in range(5):
            await vote(full.app, f"yet another {number}")
        async with page.expect_response("**/static/icon.svg") as loaded:
            await page.evaluate("fetch('/static/icon.svg')")
        assert (await loaded.value).ok
        await expect(table).to_be_focused()
        await page.evaluate("document.activeElement.blur()")
        await expect(figures).to_have_text("15")


# --------------------------------------------------------------------------- by keyboard alone

#: What is known of the focused element: who it is, whether it is seen, and how far down it stands.
FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const all = [...document.querySelectorAll("*")];
  return {
    name: one.getAttribute("href") || one.value || one.id || one.tagName,
    text: one.innerText || "",
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0
      && box.left < innerWidth,
    place: all.indexOf(one),
  };
}"""


async def tab_to(page: Page, wanted: str) -> list[str]:
    """Press Tab until the focus is on what is wanted; what was passed on the way."""
    passed: list[str] = []
    last = -1
    while True:
        await page.keyboard.press("Tab")
        now = await page.evaluate(FOCUS)
        # Within a day the browser itself shows which part of it is meant.
        within = now["name"] == "until" and passed[-1:] == ["until"]
        assert within or now["outlined"], f"nobody sees that the focus is on {now}"
        assert now["inside"], f"the focus is out of sight: {now}"
        # The parts of a player, and those of a day, are stops of one element.
        ahead = now["place"] > last or now["name"] == "AUDIO" or within
        assert ahead, f"{wanted} cannot be reached: after {passed} comes {now}"
        last = now["place"]
        passed.append(now["name"])
        if wanted in now["name"]:
            return passed


@pytest.mark.parametrize("locale", ["ar-MA", "fr-FR"])
async def test_a_clerk_answers_the_first_need_without_a_mouse(config: Config, locale: str) -> None:
    async with busy_town(config) as full, desk(full, role="clerk", locale=locale) as page:
        await page.goto(f"{full.address}/staff")
        passed = await tab_to(page, "/staff/needs/TRM-")
        assert passed[0] == "#main"
        assert passed.index("/staff") < passed.index("/staff/needs") < len(passed) - 1
        # The skip link leads past the navigation.
        await page.reload()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        passed = await tab_to(page, "/staff/needs/TRM-")
        assert "/staff/downloads" not in passed
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/staff/needs/{full.reference}")
        await tab_to(page, "text")
        await page.keyboard.type("L’équipe passe demain.")
        await tab_to(page, "preview")
        await page.keyboard.press("Enter")
        await expect(page.locator(".answer .bubble")).to_contain_text("L’équipe passe demain.")
        # After the look, the next stop is the button that sends.
        assert await tab_to(page, "answer") == ["answer"]
        await page.keyboard.press("Enter")
        await expect(page.locator(".entry.is-reply")).to_contain_text("L’équipe passe demain.")
        await expect(page.locator(".entry")).to_have_count(1)


# --------------------------------------------------------------------------- on paper


async def test_paper_has_the_figures_and_no_navigation(config: Config) -> None:
    async with worked_town(config) as (full, pages), desk(full) as page:
        for name, kept in (
            ("results", ("dl.figures dd", "table caption", "td.number", "td.chart rect")),
            ("results of needs", ("dl.figures dd", "table caption", "td.number")),
            ("indicators", ("h1", "table", "td")),
            ("need", ("h1", "dl dd", "blockquote.typed", ".entry.is-status", ".entry.is-note")),
        ):
            await page.goto(full.address + pages[name])
            await page.emulate_media(media="print")
            for one in kept:
                await expect(page.locator(one).first, name).to_be_visible()
            for one in ("nav", ".bar", ".skip", "form", "button", "a.button", "audio"):
                for shown in await page.locator(one).all():
                    assert not await shown.is_visible(), f"{name}: {await shown.inner_text()}"
            wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, name
            paper = await page.pdf(format="A4")
            assert paper.startswith(b"%PDF-"), name
            assert paper.count(b"/Type /Page\n") <= 6, name
            await page.emulate_media(media="screen")
