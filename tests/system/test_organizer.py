"""An organizer at work in a real browser: writes a poll, previews it, sends it, follows it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Page, expect

from bot.app.build import App
from bot.core.config import Config, WhatsAppSettings
from bot.core.councils import head_of
from bot.core.localtime import now_ms
from flows.dialog.definition import Head
from flows.kinds import kinds
from storage.rows import StoredConsultation
from storage.rows.broadcasts import DecisionsOf
from storage.rows.consultations import ConsultationByCode
from storage.rows.lists import ListsOf
from tests.citizen import Citizen, audit_of, config_in
from tests.filled import fields_in
from tests.staff_links import link_for
from tests.system.browser import phone
from tests.system.conftest import served, until
from tests.system.staffed import busy_town, config_of
from tests.visitor import visitor

#: A council that may write at any hour, because these tests run at any hour.
COUNCIL = """
code = "tarmigt"
prefix = "TRM"
second_factor = []
place = "08.401.07.09"
language = "ary"
name = { ar = "جماعة تارميكت", fr = "Commune de Tarmigt", ary = "جماعة تارميكت" }
themes = [{ id = "water", emoji = "💧", text = { fr = "Eau", ar = "الماء" } }]
sending = { quiet_from = "00:00", quiet_to = "00:00" }
"""


#: A petition as the form posts it.
PARK = {
    "kind": "petition",
    "code": "TRM-PARK",
    "title.fr": "Un parc",
    "minutes": "2",
    "demand.fr": "Un parc.",
    "text.fr": "Un parc pour tous.",
    "representative": "Le comité",
    "outreach.result": "on",
}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    folder = tmp_path / "councils"
    folder.mkdir()
    (folder / "tarmigt.toml").write_text(COUNCIL)
    (folder / "zagora.toml").write_text(
        COUNCIL.replace("tarmigt", "zagora").replace("TRM", "ZAG").replace("Tarmigt", "Zagora")
    )
    config = config_in(tmp_path, councils=str(folder))
    return msgspec.structs.replace(config, whatsapp=WhatsAppSettings(sender="+212500000000"))


@asynccontextmanager
async def desk(app: App, locale: str = "fr-FR", width: int = 1280) -> AsyncIterator[Page]:
    """A browser of somebody signed in as an admin of Tarmigt."""
    async with phone(locale=locale) as context:
        page = await context.new_page()
        await page.set_viewport_size({"width": width, "height": 900})
        await page.goto(await link_for(app, "tarmigt", "amal"))
        await page.get_by_role("button").first.click()
        await page.goto(page.url.removesuffix("/staff") + "/staff/consultations")
        yield page


async def fill_choice(page: Page, number: int, emoji: str = "", **texts: str) -> None:
    """Write a choice of the first question."""
    row = f"questions.0.choices.{number}"
    if emoji:
        await page.fill(f'[id="{row}.emoji"]', emoji)
    for language, text in texts.items():
        await page.fill(f'[id="{row}.text.{language}"]', text)


async def fill_poll(page: Page, code: str = "TRM-SOUK") -> None:
    """Write a poll of one question in French and Arabic."""
    await page.fill("#code", code)
    await page.fill('[id="title.fr"]', "Le souk du samedi")
    await page.fill('[id="title.ary"]', "السوق ديال السبت")
    await page.fill('[id="questions.0.text.fr"]', "Quelle heure préférez-vous ?")
    await page.fill('[id="questions.0.text.ary"]', "شحال من ساعة بغيتي؟")
    for number, (emoji, french, darija) in enumerate(
        (("🌅", "Le matin", "الصباح"), ("🌇", "Le soir", "العشية"))
    ):
        await fill_choice(page, number, emoji=emoji, fr=french, ary=darija)


@pytest.mark.browser
async def test_a_poll_is_written_previewed_opened_sent_and_answered(config: Config) -> None:
    async with served(config) as (app, address), desk(app) as page:
        amina = Citizen(app, "amina", at=now_ms())
        await amina.arrives("Français")
        await amina.says("Tarmigt")
        await amina.says("annuler")
        problems: list[Any] = []
        page.on("pageerror", lambda error: problems.append(error))
        await page.get_by_role("link", name="Nouveau sondage").click()
        await fill_poll(page)
        # The preview follows what is typed, in each language, on each channel.
        await expect(page.locator("#shown .bubble", has_text="شحال من ساعة بغيتي؟")).to_be_visible()
        await expect(page.locator("#shown .keys li", has_text="Le matin")).to_have_count(1)
        await page.get_by_role("button", name="Enregistrer").click()
        await expect(page.locator("h1")).to_have_text("Le souk du samedi")
        await page.get_by_role("button", name="Ouvrir").click()
        await page.get_by_role("button", name="Oui, ouvrir").click()
        await page.get_by_role("button", name="Préparer").click()
        await expect(page.locator(".note")).to_contain_text("Rien n’a été envoyé")
        await expect(page.locator(".reach")).to_contain_text("1 personne")
        assert await amina.hears() == ""
        await page.get_by_role("button", name="Envoyer à 1 personne").click()
        assert page.url.startswith(f"{address}/staff/broadcasts/")
        heard = ""

        async def invited() -> bool:
            nonlocal heard
            heard += await amina.hears()
            return "souk" in heard

        for _ in range(300):
            if await invited():
                break
            await page.wait_for_timeout(100)
        assert "Le souk du samedi" in heard
        assert "Quelle heure" in await amina.taps("maintenant")
        await amina.taps("Le matin")
        await page.reload()
        await expect(page.locator("dl.progress")).to_contain_text("Envoyés")
        await expect(page.locator("dl.progress")).to_contain_text("Ont répondu1")
        assert problems == []


@pytest.mark.browser
async def test_errors_stand_by_their_fields_and_nothing_typed_is_lost(config: Config) -> None:
    async with served(config) as (app, _), desk(app) as page:
        await page.get_by_role("link", name="Nouveau sondage").click()
        await page.fill("#code", "souk")
        await page.fill('[id="title.fr"]', "Le souk")
        await fill_choice(page, 0, fr="Le matin")
        await page.get_by_role("button", name="Enregistrer").click()
        await expect(page.locator("p.field", has=page.locator("#code"))).to_contain_text(
            "majuscules"
        )
        await expect(page.locator('[id="questions.0.choices-error"]')).to_contain_text(
            "au moins deux choix"
        )
        await expect(page.locator('[id="questions.0.text-error"]')).to_contain_text("question")
        # The list above leads to each of them, by the name that it has on the page.
        link = page.get_by_role("link", name="Question 1 · Choix", exact=True)
        assert await link.get_attribute("href") == "#questions.0.choices"
        assert await page.input_value('[id="title.fr"]') == "Le souk"
        assert await page.input_value('[id="questions.0.choices.0.text.fr"]') == "Le matin"


@pytest.mark.browser
async def test_a_second_question_is_added_without_a_script(config: Config) -> None:
    async with (
        served(config) as (app, _),
        phone(locale="fr-FR", java_script_enabled=False) as context,
    ):
        page = await context.new_page()
        await page.goto(await link_for(app, "tarmigt", "amal"))
        await page.get_by_role("button").first.click()
        await page.goto(page.url.replace("/staff", "/staff/new?kind=poll"))
        await fill_poll(page)
        await page.locator('button[value="add:questions"]').click()
        assert await page.input_value('[id="questions.0.text.ary"]') == "شحال من ساعة بغيتي؟"
        await expect(page.locator('[id="questions.1.type"]')).to_be_visible()
        await page.locator('button[name="look"]').last.click()
        # The empty second question is left out, and the first is shown.
        await expect(page.locator("#shown .bubble").first).to_be_visible()
        await page.locator('button[name="save"]').click()
        await expect(page.locator("h1")).to_have_text("Le souk du samedi")


@pytest.mark.browser
async def test_the_middle_choice_goes_and_no_other_is_shifted(config: Config) -> None:
    async with served(config) as (app, address), desk(app) as page:
        await page.get_by_role("link", name="Nouveau sondage").click()
        await fill_poll(page)
        await fill_choice(page, 0, fr="Oui", ary="إيه")
        await fill_choice(page, 1, fr="Non", ary="لا")
        await page.get_by_role("button", name="Ajouter un choix").click()
        # Who adds a row goes on writing in it.
        await expect(page.locator('[id="questions.0.choices.2.text.ary"]')).to_be_focused()
        await fill_choice(page, 2, fr="Peut-être", ary="يمكن")
        # The last row goes to the top by keyboard: the focus stays on the button of the same row.
        await page.get_by_role("button", name="Monter (Choix 3)").press("Enter")
        await expect(page.get_by_role("button", name="Monter (Choix 2)")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Descendre (Choix 1)")).to_be_focused()
        assert await page.input_value('[id="questions.0.choices.0.text.ary"]') == "يمكن"
        await page.get_by_role("button", name="Retirer (Choix 2)").click()
        await expect(page.locator('[id="questions.0.choices.2"]')).to_have_count(0)
        await page.get_by_role("button", name="Enregistrer").click()
        await expect(page.locator("h1")).to_have_text("Le souk du samedi")
        await page.goto(f"{address}/staff/c/TRM-SOUK/edit")
        shown = [
            await page.input_value(f'[id="questions.0.choices.{number}.text.{language}"]')
            for number in (0, 1)
            for language in ("fr", "ary")
        ]
        assert shown == ["Peut-être", "يمكن", "Non", "لا"]
        await page.get_by_role("button", name="Enregistrer").click()
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-SOUK")
        assert row is not None
        (question,) = json.loads(row.definition)["questions"]
        assert [(choice["id"], choice["text"]) for choice in question["choices"]] == [
            ("c3", {"fr": "Peut-être", "ary": "يمكن"}),
            ("c2", {"fr": "Non", "ary": "لا"}),
        ]


@pytest.mark.browser
async def test_a_condition_is_chosen_from_the_answers_of_an_earlier_question(
    config: Config,
) -> None:
    async with served(config) as (app, address), desk(app) as page:
        await page.goto(f"{address}/staff/new?kind=poll")
        await fill_poll(page)
        await page.get_by_role("button", name="Ajouter une question").click()
        await page.fill('[id="questions.1.text.fr"]', "Pourquoi ?")
        await page.fill('[id="questions.1.text.ary"]', "علاش؟")
        await page.select_option('[id="questions.1.type"]', "text")
        # What is of no use for this kind of answer is out of the way.
        await expect(page.locator('[id="questions.1.choices"]')).to_be_hidden()
        second = page.locator('[id="questions.1"]')
        await second.locator("summary").last.click()
        await expect(second.locator('[id="questions.1.most"]')).to_be_hidden()
        await page.check('[id="questions.1.when"]')
        earlier = page.locator('[id="questions.1.when.question"]')
        await expect(earlier.locator("option").nth(1)).to_contain_text("Quelle heure préférez-vous")
        await earlier.select_option(index=1)
        await second.get_by_label("Le soir").check()
        await page.get_by_role("button", name="Enregistrer").click()
        await expect(page.locator("h1")).to_have_text("Le souk du samedi")
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-SOUK")
        assert row is not None
        first, then = json.loads(row.definition)["questions"]
        assert then["when"] == {"question": first["key"], "any_of": [first["choices"][1]["id"]]}


@pytest.mark.browser
async def test_a_choice_that_lacks_a_language_is_said_beside_it_and_does_not_open(
    config: Config,
) -> None:
    async with served(config) as (app, address), desk(app) as page:
        await page.goto(f"{address}/staff/new?kind=poll")
        await fill_poll(page)
        await page.fill('[id="questions.0.choices.1.text.fr"]', "")
        await page.get_by_role("button", name="Aperçu").last.click()
        gap = page.locator('[id="questions.0.choices.1"] .missing')
        await expect(gap).to_contain_text("Français")
        await expect(page.locator('[id="questions.0.choices.0"] .missing')).to_have_count(0)
        await page.get_by_role("button", name="Enregistrer").click()
        await expect(page.locator(".findings .is-stop")).to_contain_text("العشية")
        await page.get_by_role("button", name="Ouvrir").click()
        await page.get_by_role("button", name="Oui, ouvrir").click()
        await expect(page.locator("p.error")).to_be_visible()
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-SOUK")
        assert row is not None
        assert row.state == "draft"
        # Only if the organizer says so.
        await page.get_by_role("button", name="Ouvrir").click()
        await page.get_by_label("Ouvrir bien que").check()
        await page.get_by_role("button", name="Oui, ouvrir").click()
        await expect(page.get_by_role("button", name="Clôturer")).to_be_visible()


async def test_a_page_from_before_the_upgrade_is_shown_again_with_all_that_was_typed(
    config: Config,
) -> None:
    async with served(config) as (app, address), visitor() as client:
        await client.post(await link_for(app, "tarmigt", "amal"))
        sent = {
            "kind": "poll", "count": "1", "code": "TRM-SOUK", "title.fr": "Le souk", "minutes": "2",
            "questions.0.key": "q1", "questions.0.type": "single", "questions.0.text.fr": "Quand ?",
            "questions.0.ids": "", "questions.0.choices.fr": "Oui\r\n\r\nPeut-être",
            "questions.0.choices.ary": "نعم\r\nلا\r\nربما", "save": "1",
        }  # fmt: skip
        answer = await client.post(f"{address}/staff/new?lang=fr", data=sent)
        assert answer.status_code == 409
        assert "renouvelé" in answer.text
        shown = fields_in(answer.text)
        pairs = [
            (shown[f"questions.0.choices.{n}.text.fr"], shown[f"questions.0.choices.{n}.text.ary"])
            for n in range(5)
        ]
        assert pairs == [("", "نعم"), ("", "لا"), ("", "ربما"), ("Oui", ""), ("Peut-être", "")]
        async with app.storage.reading() as tx:
            assert await tx.row(ConsultationByCode, code="TRM-SOUK") is None


async def test_a_recording_that_is_not_there_is_refused_beside_its_field(config: Config) -> None:
    async with served(config) as (app, address), visitor() as client:
        await client.post(await link_for(app, "tarmigt", "amal"))
        answer = await client.post(f"{address}/staff/new", data={**PARK, "voice.fr": "a.ogg"})
        assert answer.status_code == 422
        assert 'id="voice.fr-error"' in answer.text
        app.media.publish("a.ogg", b"OggS" + bytes(60))
        answer = await client.post(f"{address}/staff/new", data={**PARK, "voice.fr": "a.ogg"})
        assert answer.status_code == 303


async def test_every_kind_can_be_begun_and_nothing_else(config: Config) -> None:
    async with served(config) as (app, address), visitor() as client:
        await client.post(await link_for(app, "tarmigt", "amal"))
        begun = (await client.get(f"{address}/staff/new?kind=essay&lang=en")).text
        listed = (await client.get(f"{address}/staff/consultations?lang=en")).text
        for kind in kinds().values():
            for page in (begun, listed):
                assert f'href="/staff/new?kind={kind.name}"' in page
                assert kind.emoji in page
            form = await client.get(f"{address}/staff/new?kind={kind.name}&lang=en")
            assert fields_in(form.text)["kind"] == kind.name
        refused = await client.post(f"{address}/staff/new", data={"kind": "essay"})
        assert refused.status_code == 422
        many = {f"x{number}": "" for number in range(20_001)}
        assert (await client.post(f"{address}/staff/preview", data=many)).status_code == 400


async def test_an_opened_poll_is_saved_from_its_form_and_nothing_of_it_has_changed(
    config: Config,
) -> None:
    async with served(config) as (app, address), visitor() as client:
        await client.post(await link_for(app, "tarmigt", "amal"))
        form = fields_in((await client.get(f"{address}/staff/new?kind=poll")).text)
        form |= {
            "code": "TRM-SOUK", "title.fr": "  Le souk ", "questions.0.text.fr": "Quand ?",
            "questions.0.choices.0.text.fr": "Oui", "questions.0.choices.1.text.fr": "Non",
            "outreach.audience.places": "Zagora", "closes": "2999-12-01T10:00",
        }  # fmt: skip
        assert (await client.post(f"{address}/staff/new", data=form)).status_code == 303
        where = f"{address}/staff/c/TRM-SOUK"
        await client.post(f"{where}/do", data={"action": "open", "sure": "on"})
        same = fields_in((await client.get(f"{where}/edit")).text)
        assert (await client.post(f"{where}/edit", data=same)).status_code == 303
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-SOUK")
        assert row is not None
        assert (row.state, row.version) == ("open", 1)
        later = {**same, "closes": "2999-12-02T10:00", "outreach.reminders.0.before_closing": "2"}
        assert (await client.post(f"{where}/edit", data=later)).status_code == 303
        for name, value in (
            ("questions.0.choices.0.text.fr", "Jamais"),
            ("questions.0.choices.0.id", "c9"),
            ("questions.0.choices.0.emoji", "👍"),
            ("questions.0.type", "multiple"),
            ("questions.0.optional", "on"),
            ("~rows", "down:questions.0.choices.0"),
        ):
            sent = {**later, "version": "2", name: value}
            if name == "~rows":
                moved = await client.post(f"{where}/edit", data=sent)
                sent = fields_in(moved.text)
            answer = await client.post(f"{where}/edit", data=sent)
            assert answer.status_code == 409, name


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
async def test_every_state_has_a_page_in_every_language(config: Config, language: str) -> None:
    async with served(config) as (app, address), visitor() as client:
        await client.post(await link_for(app, "tarmigt", "amal"))
        assert (await client.post(f"{address}/staff/new", data=PARK)).status_code == 303
        where = f"{address}/staff/c/TRM-PARK"
        for action in ("", "open", "close", "archive"):
            if action:
                done = await client.post(f"{where}/do", data={"action": action, "sure": "on"})
                assert done.status_code == 303, action
            for page in (where, f"{where}/edit", f"{address}/staff", f"{address}/staff/broadcasts"):
                shown = await client.get(f"{page}?lang={language}")
                assert shown.status_code == 200, (action, page)


async def test_an_opened_petition_gets_a_language_and_keeps_its_demand(config: Config) -> None:
    async with served(config) as (app, address), visitor() as client:
        await client.post(await link_for(app, "tarmigt", "amal"))
        await client.post(f"{address}/staff/new", data=PARK)
        await client.post(f"{address}/staff/c/TRM-PARK/do", data={"action": "open", "sure": "on"})
        edit = f"{address}/staff/c/TRM-PARK/edit"
        more = {"title.en": "A park", "demand.en": "A park.", "text.en": "A park for all."}
        assert (await client.post(edit, data={**PARK, **more})).status_code == 303
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-PARK")
        assert row is not None
        definition = json.loads(row.definition)
        assert definition["demand"] == {"fr": "Un parc.", "en": "A park."}
        for name, value in (("demand.fr", "Un stade."), ("minutes", "9"), ("intro.fr", "Signez !")):
            answer = await client.post(edit, data={**PARK, **more, name: value})
            assert answer.status_code == 409, name
            # Beside the field itself, in the reader's language.
            assert f'id="{name}-error"' in answer.text
            assert "سبق للسكان" in answer.text


async def test_of_two_who_change_a_draft_the_second_is_told(config: Config) -> None:
    async with served(config) as (app, address), visitor() as client:
        await client.post(await link_for(app, "tarmigt", "amal"))
        await client.post(f"{address}/staff/new", data=PARK)
        edit = f"{address}/staff/c/TRM-PARK/edit"
        first = {**PARK, "version": "1", "title.fr": "Un grand parc"}
        assert (await client.post(edit, data=first)).status_code == 303
        second = {**PARK, "version": "1", "intro.fr": "Bonjour."}
        answer = await client.post(edit, data=second)
        assert answer.status_code == 409
        assert "Bonjour." in answer.text


@pytest.mark.browser
async def test_enter_in_a_field_adds_no_question(config: Config) -> None:
    async with served(config) as (app, address), desk(app) as page:
        await page.goto(f"{address}/staff/new?kind=poll")
        await page.fill('[id="title.fr"]', "Le souk")
        await page.press('[id="title.fr"]', "Enter")
        await expect(page.locator(".problems").first).to_be_visible()
        await expect(page.locator('[id="questions.0"]')).to_have_count(1)
        await expect(page.locator('[id="questions.1"]')).to_have_count(0)
        await expect(page.locator('[id="questions.0.choices.2"]')).to_have_count(0)


async def test_a_decision_pressed_twice_is_one(config: Config) -> None:
    async with served(config) as (app, address), visitor() as client:
        await client.post(await link_for(app, "tarmigt", "amal"))
        await client.post(f"{address}/staff/new", data=PARK)
        where = f"{address}/staff/c/TRM-PARK/do"
        for action in ("open", "close"):
            await client.post(where, data={"action": action, "sure": "on"})
        for _ in range(2):
            values = {"action": "decide", "decision.fr": "Adopté.", "once": "77"}
            assert (await client.post(where, data=values)).status_code == 303
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-PARK")
            assert row is not None
            assert len(await tx.rows(DecisionsOf, consultation_id=row.id)) == 1


@pytest.mark.browser
async def test_another_councils_things_are_not_there_and_reaching_for_them_is_recorded(
    config: Config,
) -> None:
    async with served(config) as (app, address), visitor() as client:
        link = await link_for(app, "zagora", "said")
        await client.post(link)
        async with desk(app) as page:
            await page.get_by_role("link", name="Nouveau sondage").click()
            await fill_poll(page)
            await page.get_by_role("button", name="Enregistrer").click()
            await page.get_by_role("button", name="Ouvrir").click()
            await page.get_by_role("button", name="Oui, ouvrir").click()
            await page.get_by_role("button", name="Préparer").click()
            broadcast = page.url
        assert (await client.get(f"{address}/staff/c/TRM-SOUK")).status_code == 404
        assert (await client.get(broadcast)).status_code == 404
        for path, values in (
            ("/staff/c/TRM-SOUK/send", {"what": "invitation"}),
            ("/staff/c/TRM-SOUK/do", {"action": "close"}),
            (f"{broadcast.removeprefix(address)}/do", {"action": "start"}),
        ):
            assert (await client.post(f"{address}{path}", data=values)).status_code == 404
        async with app.storage.reading() as tx:
            council = next(id for id, c in app.register.all().items() if c.code == "zagora")
            tried = [row.object for row in await audit_of(tx, council)]
        assert "/staff/c/TRM-SOUK/send" in tried
        assert f"{broadcast.removeprefix(address)}/do" in tried


async def test_a_form_of_another_site_changes_nothing(config: Config) -> None:
    async with served(config) as (app, address), visitor() as client:
        await client.post(await link_for(app, "tarmigt", "amal"))
        foreign = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
        answer = await client.post(f"{address}/staff/lists", headers=foreign)
        assert answer.status_code == 403


@pytest.mark.browser
async def test_numbers_are_shown_before_they_are_imported(config: Config, tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text("Téléphone;Langue\n0612345678;fr\n0612;fr\n0612345678;ar\n")
    async with served(config) as (app, address), desk(app) as page:
        await page.goto(f"{address}/staff/lists")
        await page.fill("#name", "Instance de l’équité")
        await page.fill("#proof", "Formulaires du 10/11/2026")
        await page.set_input_files("#file", file)
        await page.get_by_role("button", name="Lire le fichier").click()
        await expect(page.locator("main")).to_contain_text("Ligne 3")
        await expect(page.locator("main")).to_contain_text("Ligne 4")
        async with app.storage.reading() as tx:
            council = next(id for id, c in app.register.all().items() if c.code == "tarmigt")
            assert await tx.rows(ListsOf, council_id=council) == []
        await page.get_by_role("button", name="Importer 1 numéro").click()
        await expect(page.locator("[role=status]")).to_contain_text("instance-de-l")
        async with app.storage.reading() as tx:
            (kept,) = await tx.rows(ListsOf, council_id=council)
        assert kept.members == 1


@pytest.mark.browser
async def test_a_list_of_a_body_needs_no_whatsapp(config: Config) -> None:
    """Its members put themselves on it by a link, on the channels that there are."""
    plain = msgspec.structs.replace(config, whatsapp=WhatsAppSettings())
    async with served(plain) as (app, address), desk(app) as page:
        await page.goto(f"{address}/staff/lists")
        await page.fill("#body-name", "Instance de l’équité")
        await page.get_by_role("button", name="Créer le lien").click()
        link = page.locator("[role=status] a").first
        await expect(link).to_be_visible()
        payload = (await link.inner_text()).split("?c=")[1]
        citizen = Citizen(app, "amina")
        await citizen.starts("")
        for said in ("Français", "1", "Tarmigt"):
            await citizen.says(said)
        assert "Instance de l’équité" in await citizen.starts(payload)
        await citizen.says("oui")
        async with app.storage.reading() as tx:
            council = next(id for id, c in app.register.all().items() if c.code == "tarmigt")
            (kept,) = await tx.rows(ListsOf, council_id=council)
        assert (kept.kind, kept.members) == ("body", 1)


@pytest.mark.browser
async def test_the_result_of_a_closed_poll_is_public_and_told(config: Config) -> None:
    async with served(config) as (app, address), desk(app) as page:
        await page.get_by_role("link", name="Nouveau sondage").click()
        await fill_poll(page)
        await page.get_by_role("button", name="Enregistrer").click()
        await page.get_by_role("button", name="Ouvrir").click()
        await page.get_by_role("button", name="Oui, ouvrir").click()
        people = [Citizen(app, f"citizen {number}") for number in range(6)]
        for citizen in people:
            await citizen.arrives("Français", "TRM-SOUK")
            await citizen.taps("Le matin")
            await citizen.says("annuler")
        async with visitor() as stranger:
            assert (await stranger.get(f"{address}/results/TRM-SOUK")).status_code == 404
            await page.get_by_role("button", name="Clôturer", exact=True).click()
            await page.get_by_role("button", name="Oui, clôturer").click()
            shown = await stranger.get(f"{address}/results/TRM-SOUK?lang=fr")
        assert shown.status_code == 200
        assert "Le matin" in shown.text
        told = ""
        for _ in range(300):
            told += await people[0].hears()
            if "/results/TRM-SOUK" in told:
                break
            await page.wait_for_timeout(100)
        assert "/results/TRM-SOUK" in told
        assert "6" in told
        picture = next(i.media[0].path for i in people[0].heard if i.media)
        async with visitor() as client:
            content = (await client.get(f"{address}/chat/media/{picture}")).content
        assert content.startswith(b"\x89PNG")
        await page.fill('[id="decision.fr"]', "Le souk ouvrira à 7 heures.")
        await page.get_by_role("button", name="Enregistrer et préparer").click()
        await expect(page.locator(".bubble").first).to_contain_text("7 heures")
        await page.get_by_role("button", name="Envoyer à 6 personnes").click()
        heard: list[str] = []

        async def decided() -> bool:
            heard.append(await people[1].hears())
            return any("7 heures" in text for text in heard)

        for _ in range(300):
            if await decided():
                break
            await page.wait_for_timeout(100)
        assert any("7 heures" in text for text in heard)
        await until(lambda: True)


def said_in(head: Head) -> Any:
    """All that a definition says; what a form sends along is what holds without it."""
    said = msgspec.to_builtins(head)
    assert said.pop("outreach") in ({}, {"audience": {}, "late": "run"})
    return said


@pytest.mark.parametrize("code", ["TRM-NEEDS", "TRM-LIGHT", "TRM-PARK"])
async def test_a_consultation_of_each_kind_comes_out_of_its_form_as_it_went_in(
    tmp_path: Path, code: str
) -> None:
    """As a draft, where everything may change; looked at, it says nothing wrong, and shows its messages."""
    async with (
        busy_town(config_of(tmp_path)) as full,
        visitor(base_url=full.address) as amal,
    ):
        await full.sign_in(amal, "amal", "admin")
        await amal.get("/staff?lang=fr")

        async def row() -> StoredConsultation:
            async with full.app.storage.transaction() as tx:
                found = await tx.row(ConsultationByCode, code=code)
                assert found is not None
                await tx.run("set_consultation_state", id=found.id, state="draft")
            return found

        before = await row()
        where = f"/staff/c/{code}/edit"
        form = fields_in((await amal.get(where)).text)
        looked = await amal.post(where, data={**form, "look": "1"})
        assert looked.status_code == 200
        assert 'role="alert"' not in looked.text
        assert looked.text.count('class="phone"') >= 3
        assert fields_in(looked.text) == form
        assert (await amal.post(where, data={**form, "save": "1"})).status_code == 303
        after = await row()
        assert said_in(head_of(after)) == said_in(head_of(before))
        changed = {**form, "title.fr": "Autre titre", "version": str(after.version), "save": "1"}
        assert (await amal.post(where, data=changed)).status_code == 303
        assert msgspec.json.decode((await row()).definition)["title"]["fr"] == "Autre titre"
