"""A clerk at the petition desk in a real browser: paper entered, a workbook brought, deposit, answer."""

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.async_api import Page, expect

from bot.app.build import App
from bot.consultations import definitions
from bot.core.config import Config
from bot.core.localtime import local_day, now_ms
from bot.kinds.petition import paper
from bot.kinds.petition.rows import CountSignatures, SignaturesInFull
from bot.staff import accounts, approvals
from storage.rows.consultations import ConsultationByCode
from tests.bot.core.foreign import writers
from tests.bot.core.foreign.test_tables import SHEET
from tests.citizen import Citizen, audit_of, config_in
from tests.staff_links import link_for
from tests.system.browser import phone
from tests.system.conftest import served
from tests.visitor import visitor

COUNCIL = """
code = "{code}"
prefix = "{prefix}"
second_factor = []
place = "{place}"
language = "fr"
name = {{ ar = "مجلس {code}", fr = "Conseil de {code}" }}
themes = [{{ id = "water", text = {{ fr = "Eau", ar = "الماء" }} }}]
sending = {{ quiet_from = "00:00", quiet_to = "00:00" }}
"""

PETITION = """
kind = "petition"
code = "{prefix}-PARK"
council = "{code}"
representative = "Le comité du quartier"
minutes = 2
title = {{ fr = "Un jardin public pour les enfants", ar = "حديقة عمومية للأطفال" }}
demand = {{ fr = "Nous demandons un jardin public.", ar = "نطلب حديقة عمومية." }}
text = {{ fr = "Un jardin pour tous.", ar = "حديقة للجميع." }}
"""

PLACES = (("tarmigt", "TRM", "08.401.07.09"), ("draa", "DRA", "08"))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    folder = tmp_path / "councils"
    folder.mkdir()
    for code, prefix, place in PLACES:
        values = {"code": code, "prefix": prefix, "place": place}
        (folder / f"{code}.toml").write_text(COUNCIL.format(**values))
        (tmp_path / f"{prefix}.toml").write_text(PETITION.format(**values))
    return config_in(tmp_path, councils=str(folder))


async def opened(app: App, folder: Path) -> None:
    """The petitions of both councils, open."""
    councils = {council.code: council for council in app.register.all().values()}
    for _, prefix, _ in PLACES:
        raw, head = definitions.read_definition(folder / f"{prefix}.toml", councils)
        async with app.storage.transaction() as tx:
            await definitions.add(tx, app.register, raw, head)
            row = await tx.row(ConsultationByCode, code=head.code)
            assert row is not None
            await definitions.open_consultation(tx, row)


@asynccontextmanager
async def desk(
    app: App, council: str = "tarmigt", role: str = "clerk", width: int = 1280, **options: Any
) -> AsyncIterator[Page]:
    """A browser of a member of staff."""
    options.setdefault("locale", "fr-FR")
    async with phone(viewport={"width": width, "height": 900}, **options) as context:
        page = await context.new_page()
        await page.goto(await link_for(app, council, f"nadia {role}", role))
        await page.get_by_role("button").first.click()
        yield page


async def signed_in_chat(app: App, name: str = "amina") -> Citizen:
    """Amina pledges and signs in the chat."""
    citizen = Citizen(app, name, "telegram", at=now_ms())
    await citizen.arrives("Français", "TRM-PARK")
    await citizen.taps("Je soutiens")
    await citizen.taps("Donner ma signature")
    for said in ("Amina El Idrissi", "KB204971", "Agdz", "oui"):
        await citizen.says(said)
    return citizen


def workbook(*rows: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(content: bytes) -> Any:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "liste.xlsx", "mimeType": kind, "buffer": content}


LIST = workbook(
    ("N°", "الاسم الكامل / Nom et prénom", "N° de la CIN", "Adresse", "Signature"),
    ("1", "أمينة الإدريسي", "KB 204971", "Agdz", ""),
    ("2", "Brahim Naciri", "EF11111", "Tarmigt centre", ""),
    ("3", "Ali", "EF22222", "Tarmigt centre", ""),
    ("4", "سعيد بن علي", "", "تارميكت", ""),
)


@pytest.mark.browser
async def test_paper_is_entered_brought_deposited_and_answered(
    config: Config, tmp_path: Path
) -> None:
    async with served(config) as (app, address), desk(app) as page:
        await opened(app, tmp_path)
        amina = await signed_in_chat(app)
        await amina.hears()
        await page.goto(f"{address}/staff/petitions")
        await page.get_by_role("link", name="Un jardin public").click()
        # A wrong card is named by its field, and what was typed stays.
        await page.fill("#name", "Ali Amrani")
        await page.fill("#cin", "123")
        await page.fill("#address", "Rue 4")
        await page.fill("#line", "page 1, ligne 1")
        await page.get_by_role("button", name="Enregistrer la signature").click()
        await expect(page.locator("#cin-said")).to_contain_text("123")
        assert await page.input_value("#name") == "Ali Amrani"
        await page.fill("#cin", "CD98765")
        await page.get_by_role("button", name="Enregistrer la signature").click()
        await expect(page.locator(".note").first).to_contain_text("La signature est enregistrée")
        # The card of somebody who signed in the chat under another name is asked about.
        await page.fill("#name", "Brahim Naciri")
        await page.fill("#cin", "KB204971")
        await page.fill("#address", "Rue 5")
        await page.get_by_role("button", name="Enregistrer la signature").click()
        await expect(page.locator("form[action$='#enter']")).to_contain_text("Amina El Idrissi")
        # A file is shown before anything is entered.
        await page.set_input_files("#file", upload(LIST))
        await page.get_by_role("button", name="Lire le fichier").click()
        await expect(page.locator("section dl")).to_contain_text("Nouvelles signatures2")
        await expect(page.locator("ul.plain:not([data-understood])")).to_contain_text("Ligne 4")
        await expect(page.locator("ul.plain:not([data-understood])")).to_contain_text("Ligne 5")
        await expect(page.locator("table").last).to_contain_text("Amina El Idrissi")
        await page.get_by_role("button", name="Enregistrer 2 signatures").click()
        await expect(page.locator(".note").first).to_contain_text("2 signatures enregistrées")
        await expect(page.locator(".tiles")).to_contain_text("3 Signatures")
        # One is declared invalid, and taken back.
        await page.get_by_role("link", name="Voir les signatures").click()
        await page.fill("#search", "naciri")
        await page.get_by_role("button", name="Chercher").click()
        await expect(page.locator("article")).to_have_count(1)
        await expect(page.locator("article")).to_contain_text("•••••11")
        await page.get_by_role("button", name="Écarter").click()
        await expect(page.locator("article .error")).to_be_visible()
        await page.locator("article input[name=reason]").fill("Hors des listes électorales")
        await page.get_by_role("button", name="Écarter").click()
        await expect(page.locator("article.invalid")).to_contain_text("Hors des listes")
        await page.get_by_role("button", name="Compter à nouveau").click()
        await expect(page.locator("article.invalid")).to_have_count(0)
        # Deposit and answer.
        await page.goto(f"{address}/staff/petitions/TRM-PARK")
        await page.get_by_role("button", name="Enregistrer le dépôt").click()
        await expect(page.locator("main")).to_contain_text("TRM-DEP-")
        await page.get_by_label("Refusée").check()
        await page.fill("#outcome_day", local_day(now_ms()).isoformat())
        await page.fill("#reasons", "Le terrain n’est pas à la commune.")
        await page.get_by_role("button", name="Enregistrer la réponse").click()
        await expect(page.locator("#told-said")).to_contain_text("au moins une langue")
        assert await page.input_value("#reasons") == "Le terrain n’est pas à la commune."
        await page.fill('[id="told.fr"]', "Le conseil refuse : le terrain n’est pas à lui.")
        await page.get_by_role("button", name="Enregistrer la réponse").click()
        assert "/staff/broadcasts/" in page.url
        await expect(page.locator("main")).to_contain_text("le terrain n’est pas à lui")
        assert await amina.hears() == ""
        await page.goto(f"{address}/staff/petitions/TRM-PARK")
        await expect(page.locator("main")).to_contain_text("Le terrain n’est pas à la commune.")
        for name in ("deposit.pdf", "list.pdf?rows=all&blank=3"):
            got = await page.request.get(f"{address}/staff/petitions/TRM-PARK/{name}")
            assert got.headers["content-type"] == "application/pdf"
            assert (await got.body()).startswith(b"%PDF")


async def test_whole_card_numbers_need_a_second_persons_word_each_time(
    config: Config, tmp_path: Path
) -> None:
    async with (
        served(config) as (app, address),
        visitor() as clerk,
        visitor() as data,
    ):
        await opened(app, tmp_path)
        await signed_in_chat(app)
        await clerk.post(await link_for(app, "tarmigt", "omar", "clerk"))
        await data.post(await link_for(app, "tarmigt", "salma", "data"))
        where = f"{address}/staff/petitions/TRM-PARK/list.pdf"
        whole = {"full": "1"}
        assert (await clerk.post(where, data=whole)).status_code == 403
        asked = await data.post(where, data=whole)
        assert asked.status_code == 303
        assert (
            "seconde personne"
            in (
                await data.get(
                    f"{address}{asked.headers['location']}", headers={"accept-language": "fr"}
                )
            ).text
        )
        async with app.storage.transaction() as tx:
            council = next(id for id, c in app.register.all().items() if c.code == "tarmigt")
            second = await accounts.known(tx, council, "second")
            (request,) = await approvals.listed(tx, council)
            other = accounts.Member(second.id, "second", "data", council, "tarmigt")
            assert await approvals.decide(tx, other, request.id, yes=True)
        # A link prints what is masked, and uses nobody's word up.
        assert (await data.get(f"{where}?full=1")).status_code == 200
        first = await data.post(where, data=whole)
        assert first.headers["content-type"] == "application/pdf"
        assert (await data.post(where, data=whole)).status_code == 303
        async with app.storage.reading() as tx:
            noted = [(r.action, r.object) for r in await audit_of(tx, council)]
        assert ("download", "list TRM-PARK.pdf") in noted
        assert ("ask approval", "list TRM-PARK") in noted
        # Names with masked numbers are names too; empty lines are nobody's.
        names = {"rows": "all"}
        assert (await clerk.post(where, data={"rows": "none"})).status_code == 200
        assert (await clerk.post(where, data=names)).status_code == 303
        async with app.storage.transaction() as tx:
            request = (await approvals.listed(tx, council))[0]
            assert await approvals.decide(tx, other, request.id, yes=True)
        assert (await clerk.post(where, data=names)).status_code == 200
        assert (await clerk.post(where, data=names)).status_code == 303


async def test_another_councils_petition_is_not_there_and_a_reader_sees_no_names(
    config: Config, tmp_path: Path
) -> None:
    async with (
        served(config) as (app, address),
        visitor() as other,
        visitor() as reader,
    ):
        await opened(app, tmp_path)
        await signed_in_chat(app)
        await other.post(await link_for(app, "draa", "said", "clerk"))
        where = f"{address}/staff/petitions/TRM-PARK"
        for path in ("", "/signatures", "/list.pdf", "/deposit.pdf"):
            assert (await other.get(where + path)).status_code == 404, path
        for path, values in (
            ("/do", {"action": "enter", "name": "Ali Amrani"}),
            ("/import", {"kept": "x"}),
        ):
            assert (await other.post(where + path, data=values)).status_code == 404, path
        async with app.storage.reading() as tx:
            council = next(id for id, c in app.register.all().items() if c.code == "draa")
            tried = [row.object for row in await audit_of(tx, council)]
        assert "/staff/petitions/TRM-PARK/do" in tried
        await reader.post(await link_for(app, "tarmigt", "rim", "reader"))
        shown = await reader.get(where)
        assert shown.status_code == 200
        assert "Amina" not in shown.text
        assert (await reader.get(f"{where}/signatures")).status_code == 403
        assert (await reader.post(f"{where}/do", data={"action": "deposit"})).status_code == 403


async def test_what_was_shown_of_a_file_is_what_is_imported_and_only_by_who_saw_it(
    config: Config, tmp_path: Path
) -> None:
    async with (
        served(config) as (app, address),
        visitor() as clerk,
        visitor() as data,
    ):
        await opened(app, tmp_path)
        await clerk.post(await link_for(app, "tarmigt", "omar", "clerk"))
        await data.post(await link_for(app, "tarmigt", "salma", "data"))
        where = f"{address}/staff/petitions/TRM-PARK/import"
        shown = await clerk.post(where, files={"file": ("liste.xlsx", LIST)})
        kept = shown.text.split('name="kept" value="')[1].split('"')[0]
        assert "EF11111" not in shown.text
        changed = ("x" if kept[0] != "x" else "y") + kept[1:]
        for client, value in ((data, kept), (clerk, changed), (clerk, "é")):
            assert (await client.post(where, data={"kept": value})).status_code == 422
        assert (await clerk.post(where, data={"kept": kept})).status_code == 303
        wrong = await clerk.post(
            where, files={"file": ("liste.csv", b"nom,cin\nx,y")}, headers={"accept-language": "fr"}
        )
        assert wrong.status_code == 422
        assert "colonne manquante" in wrong.text
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-PARK")
            assert row is not None
            counted = await tx.row(CountSignatures, consultation_id=row.id)
        assert counted is not None
        assert counted.n == 2


TWO_WAYS = "Nom;Prénom;C.I.N.;Adresse;Observations\nÈ.;Zola;KB1;Agdz;à voir\n".encode("cp1252")


@pytest.mark.browser
async def test_a_file_is_shown_as_it_was_understood_before_anything_is_entered(
    config: Config, tmp_path: Path
) -> None:
    """How it was read, which column became what, what is not used; a file in doubt with each reading of it."""
    async with served(config) as (app, address), desk(app, width=360) as page:
        await opened(app, tmp_path)
        await page.goto(f"{address}/staff/petitions/TRM-PARK")
        await page.set_input_files(
            "#file", {"name": "liste.xls", "mimeType": "text/csv", "buffer": TWO_WAYS}
        )
        await page.get_by_role("button", name="Lire le fichier").click()
        await expect(page.get_by_role("heading", name="Windows, français")).to_be_visible()
        second = page.locator("section.consultation", has_text="Windows, arabe")
        await expect(second).to_contain_text("ب")
        first = page.locator("section.consultation", has_text="Windows, français")
        for said in ("point-virgule", "Prénom", "C.I.N.", "Observations", "1 ligne à lire"):
            await expect(first.locator("[data-understood]")).to_contain_text(said)
        await expect(first.locator("tbody")).to_contain_text("Zola È.")
        await expect(first.locator("tbody")).not_to_contain_text("KB1")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        await first.get_by_role("button", name="Enregistrer 1 signature").click()
        await expect(page.locator(".note").first).to_contain_text("1")
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-PARK")
            assert row is not None
            (one,) = await tx.rows(SignaturesInFull, consultation_id=row.id)
        assert paper.opened(app.vault, one)["name"] == "Zola È."


async def test_a_file_of_any_program_is_entered_from_the_page(
    config: Config, tmp_path: Path
) -> None:
    """Each in the process for foreign files; the same people in another file are known already, and the rest is named."""
    files = {name: write(SHEET) for name, write in writers.WORKBOOKS.items()}
    files |= {how: writers.text(SHEET, how, "\t") for how in ("utf-8", "utf-16", "utf-16-be")}
    async with served(config) as (app, address), visitor() as clerk:
        await opened(app, tmp_path)
        await clerk.post(await link_for(app, "tarmigt", "omar", "clerk"))
        where = f"{address}/staff/petitions/TRM-PARK/import"
        for at, (name, content) in enumerate(files.items()):
            answer = await clerk.post(
                where, files={"file": ("x.bin", content)}, headers={"accept-language": "en"}
            )
            said = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", answer.text)
            counts = dict(said)
            assert counts["Good lines"] == "3", name
            assert counts["New signatures"] == ("0" if at else "3"), name
            assert counts["Entered before"] == ("3" if at else "0"), name
            assert [n for what, n in said if what.startswith("Bad lines")] == ["2"], name
            if not at:
                kept = answer.text.split('name="kept" value="')[1].split('"')[0]
                assert (await clerk.post(where, data={"kept": kept})).status_code == 303
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-PARK")
            assert row is not None
            counted = await tx.row(CountSignatures, consultation_id=row.id)
        assert counted is not None
        assert counted.n == 3


async def test_a_file_that_is_bad_as_a_whole_is_not_entered_already(
    config: Config, tmp_path: Path
) -> None:
    async with served(config) as (app, address), visitor() as clerk:
        await opened(app, tmp_path)
        await clerk.post(await link_for(app, "tarmigt", "omar", "clerk"))
        where = f"{address}/staff/petitions/TRM-PARK/import"
        bad = workbook(("Nom", "CIN", "Adresse"), ("Ali Amrani", "x", "Agdz"))
        french = {"accept-language": "fr"}
        said = (await clerk.post(where, files={"file": ("a.xlsx", bad)}, headers=french)).text
        assert "Aucune ligne ne convient" in said
        assert "Tout est déjà enregistré" not in said
        assert 'name="kept"' not in said
        shown = (await clerk.post(where, files={"file": ("a.xlsx", LIST)})).text
        await clerk.post(where, data={"kept": shown.split('name="kept" value="')[1].split('"')[0]})
        said = (await clerk.post(where, files={"file": ("a.xlsx", LIST)}, headers=french)).text
        assert "Les autres sont à corriger" in said


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["ar-MA", "fr-FR"])
async def test_the_pages_fit_a_phone_without_a_script_and_every_field_has_a_name(
    config: Config, tmp_path: Path, locale: str
) -> None:
    async with served(config) as (app, address):
        await opened(app, tmp_path)
        await signed_in_chat(app)
        for council, code in (("tarmigt", "TRM-PARK"), ("draa", "DRA-PARK")):
            async with desk(
                app, council, "admin", 360, locale=locale, java_script_enabled=False
            ) as page:
                for path in ("", f"/{code}", f"/{code}/signatures"):
                    await page.goto(f"{address}/staff/petitions{path}")
                    rtl = await page.locator("html[dir=rtl]").count()
                    assert rtl == (locale == "ar-MA")
                    shown = page.locator("input:visible, select:visible, textarea:visible")
                    for field in await shown.all():
                        id = await field.get_attribute("id")
                        labels = page.locator(f'label[for="{id}"]')
                        around = field.locator("xpath=ancestor::label")
                        assert await labels.count() + await around.count() == 1, id
                    wide = await page.evaluate("document.documentElement.scrollWidth")
                    assert wide <= 360, path


@pytest.mark.browser
async def test_a_card_that_is_claimed_twice_is_decided_by_a_clerk(
    config: Config, tmp_path: Path
) -> None:
    """Both are shown; one is let stand, and the other again; a card is noted at the counter."""
    async with served(config) as (app, address), desk(app) as page:
        await opened(app, tmp_path)
        for name in ("amina", "brahim"):
            await signed_in_chat(app, name)
        await page.goto(f"{address}/staff/petitions/TRM-PARK/signatures")
        await page.get_by_role("link", name="Cartes à vérifier 1").click()
        await expect(page.locator("article h2")).to_contain_text("Deux personnes disent")
        await page.get_by_role("button", name="C’est celle-ci qui est juste").click()
        await expect(page.locator("article h2")).to_contain_text("Gardée à part")
        await page.get_by_role("button", name="C’est celle-ci qui est juste").click()
        await page.fill("#misused", "12")
        await page.get_by_role("button", name="Le noter").click()
        await expect(page.locator("#misused-why")).to_contain_text("12")
        await page.fill("#misused", "kb 20 49 71")
        await page.get_by_role("button", name="Le noter").click()
        await expect(page.locator("article h2").first).to_contain_text("sa carte a été utilisée")
        await page.screenshot(path=tmp_path / "cards.png", full_page=True)
        await page.get_by_role("button", name="Vérifié").first.click()
        await expect(page.locator("article")).to_have_count(1)
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-PARK")
            assert row is not None
            counted = await tx.row(CountSignatures, consultation_id=row.id)
            said = {one.action for one in await audit_of(tx, row.council_id)}
        assert counted is not None
        assert counted.n == 1
        assert said >= {"claim_stands", "claim_done", "report card"}
