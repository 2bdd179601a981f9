"""A clerk at work in a real browser: finds a need, answers, hears back; hides, prints, takes away."""

import asyncio
import hashlib
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.async_api import Page, expect

from bot.core.config import Config
from bot.core.links import staff_payload
from bot.core.localtime import now_ms
from storage.rows.cases import EntriesOf
from storage.rows.staff import StaffMember
from tests.citizen import Citizen
from tests.staff_links import link_for
from tests.system.browser import phone
from tests.system.staffed import SECRET, Town, busy_town, config_of

pytestmark = pytest.mark.browser


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_of(tmp_path)


@asynccontextmanager
async def desk(
    town: Town, role: str = "clerk", width: int = 1280, **options: Any
) -> AsyncIterator[Page]:
    """A browser of a member of staff."""
    options.setdefault("locale", "fr-FR")
    async with phone(viewport={"width": width, "height": 800}, **options) as context:
        page = await context.new_page()
        await page.goto(await link_for(town.app, "tarmigt", f"omar {role}", role))
        await page.get_by_role("button").first.click()
        await expect(page.locator("form.who")).to_be_visible()
        yield page


def author(town: Town) -> Citizen:
    """Who told the need."""
    return Citizen(town.app, "amina", at=now_ms())


async def hears(citizen: Citizen, words: str) -> str:
    """Wait until a citizen hears something; all that they heard."""
    said = ""
    for _ in range(400):
        said += await citizen.hears()
        if words in said:
            return said
        await asyncio.sleep(0.05)
    raise AssertionError(f"never {words!r} in {said!r}")


async def entries(town: Town) -> list[tuple[str, str]]:
    """The thread of the need."""
    row = await town.need()
    async with town.app.storage.reading() as tx:
        found = await tx.rows(EntriesOf, response_id=row.id)
    return [(entry.what, entry.text) for entry in found]


async def leaves(town: Town, name: str = "omar clerk") -> None:
    """The member's sessions end."""
    async with town.app.storage.transaction() as tx:
        member = await tx.row(StaffMember, council_id=town.council(), name=name)
        assert member is not None
        await tx.run("end_sessions", staff_id=member.id)


async def chat_of(town: Town, name: str = "omar clerk") -> Citizen:
    """The member's own chat."""
    chat = Citizen(town.app, "chat of omar", at=now_ms())
    await chat.arrives("Français")
    async with town.app.storage.reading() as tx:
        member = await tx.row(StaffMember, council_id=town.council(), name=name)
    assert member is not None
    await chat.starts(staff_payload(town.app.vault, member.id, now_ms() + 60_000))
    await chat.hears()
    return chat


# --------------------------------------------------------------------------- the thread


async def test_a_clerk_finds_a_need_answers_it_and_hears_back(config: Config) -> None:
    async with busy_town(config) as full, desk(full) as page:
        amina = author(full)
        await amina.hears()
        await page.goto(f"{full.address}/staff/needs")
        await page.get_by_text("Chercher et filtrer").click()
        # Another spelling finds it too.
        await page.fill("#search", "PAS D'EAU")
        await page.get_by_role("button", name="Afficher").click()
        await expect(page.locator("article.need")).to_have_count(1)
        await page.get_by_role("link", name=full.reference).click()
        await expect(page.locator("blockquote.typed")).to_contain_text(SECRET)
        photo = page.locator("img.photo").first
        await expect(photo).to_be_visible()
        assert await photo.evaluate("one => one.decode().then(() => one.naturalWidth)") == 64
        await page.fill("#text", "Une équipe passe demain.")
        await page.locator("#state").select_option("planned")
        await page.get_by_role("button", name="Voir avant d’envoyer").click()
        await expect(page.locator(".answer .bubble")).to_contain_text("Une équipe passe demain.")
        await expect(page.locator(".answer .bubble")).to_contain_text(full.reference)
        assert await entries(full) == []
        assert await amina.hears() == ""
        await page.locator(".answer button[value=answer]").click()
        await expect(page.locator(".entry.is-status")).to_contain_text("Une équipe passe demain.")
        assert full.reference in await hears(amina, "Une équipe passe demain.")
        amina.at = now_ms()
        await amina.says("Merci, c’est près de la mosquée")
        await amina.taps("Envoyer")
        await page.goto(f"{full.address}/staff/needs?unread=1&state=all")
        await expect(page.locator("article.need.unread")).to_contain_text(full.reference)
        await page.get_by_role("link", name=full.reference).click()
        await expect(page.locator(".entry.is-answer")).to_contain_text("près de la mosquée")
        await page.goto(f"{full.address}/staff/needs?unread=1&state=all")
        await expect(page.locator("article.need")).to_have_count(0)


async def test_what_cannot_be_sent_is_said_where_it_was_typed_and_stays(config: Config) -> None:
    async with busy_town(config) as full, desk(full, width=360) as page:
        await page.goto(f"{full.address}/staff/needs/{full.reference}")
        await page.locator("#state").select_option("refused")
        await page.select_option("#phrase", "seen")
        await page.get_by_role("button", name="Voir avant d’envoyer").click()
        error = page.get_by_role("alert")
        await expect(error).to_have_count(1)
        await expect(error).to_be_in_viewport()
        assert await page.input_value("#state") == "refused"
        assert await page.input_value("#phrase") == "seen"
        await page.fill("#text", "Ce terrain n’est pas à la commune.")
        await page.get_by_role("button", name="Voir avant d’envoyer").click()
        await expect(page.locator(".answer .bubble")).to_contain_text("pas à la commune")
        await expect(error).to_have_count(0)
        assert await entries(full) == []


# --------------------------------------------------------------------------- a session that ended


async def test_a_session_that_ended_keeps_the_words_and_they_are_sent_once(config: Config) -> None:
    async with busy_town(config) as full, desk(full) as page:
        amina, chat = author(full), await chat_of(full)
        await amina.hears()
        await page.goto(f"{full.address}/staff/needs/{full.reference}")
        await page.fill("#text", "Une équipe passe demain.\nMerci.")
        await page.get_by_role("button", name="Voir avant d’envoyer").click()
        await leaves(full)
        await page.locator(".answer button[value=answer]").click()
        await expect(page.locator("h1")).to_have_text("Connexion")
        await expect(page.locator("blockquote.typed")).to_contain_text("Une équipe passe demain.")
        assert await entries(full) == []
        # Signed in again in another tab, the first one still has everything.
        await page.select_option("#council", "tarmigt")
        await page.fill("#name", "omar clerk")
        async with page.expect_popup() as opened:
            await page.get_by_role("button", name="Envoyer le lien").click()
        tab = await opened.value
        code = re.search(r"\b(\d{4} \d{4})\b", await hears(chat, "/staff/sign-in/"))
        assert code is not None
        await tab.fill("#typed-code", code[1])
        await tab.get_by_role("button", name="Se connecter").click()
        await expect(tab.locator("form.who")).to_be_visible()
        again = page.locator("form", has=page.get_by_role("button", name="Envoyer à nouveau"))
        fields = await again.evaluate("form => Object.fromEntries(new FormData(form))")
        await again.get_by_role("button").click()
        await expect(page.locator(".entry.is-reply")).to_contain_text("Une équipe passe demain.")
        await hears(amina, "Une équipe passe demain.\nMerci.")
        # Pressed twice, nothing goes twice.
        do = f"{full.address}/staff/needs/{full.reference}/do"
        pressed = await page.request.post(do, form=fields)
        assert pressed.ok
        await page.reload()
        await expect(page.locator(".entry")).to_have_count(1)
        assert await entries(full) == [("reply", "Une équipe passe demain.\nMerci.")]
        assert "Une équipe" not in await amina.hears()


# --------------------------------------------------------------------------- files


async def taken(page: Page) -> tuple[bytes, str]:
    """Follow the page of a file until it is there, and save it; its content and its name."""
    await expect(page.locator("main code")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    told = await page.locator("main code").inner_text()
    async with page.expect_download() as started:
        await page.locator("a.button.main").click()
    download = await started.value
    content = Path(await download.path()).read_bytes()
    assert hashlib.sha256(content).hexdigest() == told
    return content, download.suggested_filename


@pytest.mark.parametrize("script", [True, False])
async def test_the_needs_are_taken_away_as_a_workbook_that_reads_from_the_right(
    config: Config, script: bool
) -> None:
    async with busy_town(config) as full, desk(full, java_script_enabled=script) as page:
        await page.goto(f"{full.address}/staff/needs?search=eau")
        await page.get_by_role("link", name="Télécharger cette liste").click()
        form = page.locator("form", has=page.locator("input[value=needs]"))
        await expect(form).to_contain_text("eau")
        await form.locator("#n-format").select_option("xlsx")
        await form.locator("#n-language").select_option("ar")
        await form.get_by_role("button").click()
        content, name = await taken(page)
        assert name.endswith(".xlsx")
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = {
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        }
        assert full.reference in cells
        assert any(SECRET in cell for cell in cells)
        assert all(sheet.sheet_view.rightToLeft for sheet in book)
        assert not any(author(full).address in cell for cell in cells)
        await page.goto(f"{full.address}/staff/downloads")
        await expect(page.locator("main li")).to_contain_text([name])


async def test_the_results_of_a_poll_are_taken_away_as_pdf(config: Config) -> None:
    async with busy_town(config) as full, desk(full) as page:
        await page.goto(f"{full.address}/staff/downloads")
        form = page.locator("form", has=page.locator("input[value=consultation]"))
        await form.locator("#object").select_option(full.poll)
        await form.locator("#c-format").select_option("pdf")
        await form.get_by_role("button").click()
        content, name = await taken(page)
        assert name.startswith(full.poll)
        assert content.startswith(b"%PDF-")
        # The progress page shows nothing to take before it is there, and says what is wrong.
        gone = await page.goto(f"{full.address}/staff/downloads/1")
        assert gone is not None
        assert gone.status == 404


async def test_the_receipt_is_printed_and_sent(config: Config) -> None:
    async with busy_town(config) as full, desk(full) as page:
        amina = author(full)
        await amina.hears()
        where = f"{full.address}/staff/needs/{full.reference}"
        got = await page.request.get(f"{where}/receipt.pdf")
        assert got.headers["content-type"] == "application/pdf"
        assert (await got.body()).startswith(b"%PDF-")
        await page.goto(where)
        await page.get_by_role("button", name="Envoyer le récépissé au citoyen").click()
        await expect(page.locator(".entry.is-receipt")).to_have_count(1)
        await hears(amina, full.reference)
        (file,) = [media for message in amina.heard for media in message.media]
        assert (file.kind, file.type) == ("document", "application/pdf")
        sent = await page.request.get(f"{full.address}/chat/media/{file.path}")
        assert (await sent.body()).startswith(b"%PDF-")


# --------------------------------------------------------------------------- open answers


async def test_an_answer_is_hidden_and_shown_again(config: Config) -> None:
    async with busy_town(config) as full, desk(full) as page, desk(full, "reader") as reader:
        where = f"{full.address}/staff/c/{full.poll}/answers"
        await page.goto(where)
        answer = page.locator("article", has_text="06 12 34 56 73")
        await answer.locator("summary").click()
        await answer.get_by_label("Motif").select_option("personal")
        await answer.get_by_role("button", name="Masquer").click()
        await expect(page.locator("article summary", has_text="omar clerk")).to_have_count(1)
        await page.goto(f"{where}?view=hidden")
        await expect(page.locator("article")).to_have_count(1)
        await expect(page.locator("article")).to_contain_text("omar clerk")
        # Who only reads sees neither what is hidden nor anybody's number.
        await reader.goto(where)
        await expect(reader.locator("article")).to_have_count(6)
        content = await reader.content()
        assert f"{SECRET} 3" not in content
        assert "34 56 7" not in content
        assert await reader.get_by_role("button", name="Masquer").count() == 0
        await page.get_by_role("button", name="Montrer à nouveau").click()
        await page.goto(f"{where}?view=hidden")
        await expect(page.locator("article")).to_have_count(0)
        await reader.goto(where)
        assert f"{SECRET} 3" in await reader.content()


# --------------------------------------------------------------------------- without a script


async def test_everything_is_read_without_a_script(config: Config) -> None:
    async with (
        busy_town(config) as full,
        desk(full, "admin", 360, java_script_enabled=False) as page,
    ):
        for path, words in (
            ("", full.reference),
            ("/needs", full.reference),
            (f"/needs/{full.reference}", SECRET),
            ("/consultations", full.poll),
            (f"/c/{full.poll}", SECRET),
            (f"/c/{full.poll}/results", "6"),
            (f"/c/{full.poll}/answers", SECRET),
            ("/petitions", SECRET),
            (f"/petitions/{full.petition}", "TRM-DEP-"),
            (f"/petitions/{full.petition}/signatures", f"Brahim {SECRET}"),
            ("/broadcasts", "Message"),
            (f"/broadcasts/{full.broadcast}", SECRET),
            ("/downloads", full.poll),
            ("/indicators", "2026"),
            ("/members", f"Amal {SECRET}"),
            ("/approvals", SECRET),
            ("/audit", "omar admin"),
        ):
            shown = await page.goto(f"{full.address}/staff{path}")
            assert shown is not None
            assert shown.status == 200, path
            await expect(page.locator("h1")).to_have_count(1)
            await expect(page.locator("main"), path).to_contain_text(words)
