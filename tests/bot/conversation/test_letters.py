"""Tamazight in Tifinagh or in Latin letters, chosen once, and read so everywhere."""

import re

import pytest

from bot.app.build import App
from flows.understanding import scripts
from flows.wording import catalogue
from tests.citizen import Citizen, plain

TIFINAGH = re.compile("[\u2d30-\u2d7f]")


async def reader(app: App, tap: str = "Tamaziɣt") -> Citizen:
    citizen = Citizen(app)
    await citizen.starts("OZT-LIGHT")
    await citizen.taps(tap)
    return citizen


@pytest.mark.parametrize("typed", ["", "Tamaziɣt (abc)", "5"])
async def test_who_reads_latin_letters_reads_all_of_it_so(app: App, typed: str) -> None:
    """Text and buttons, from the consent to the thanks; what is typed is understood as before."""
    citizen = await reader(app) if not typed else Citizen(app)
    if typed:
        await citizen.starts("OZT-LIGHT")
        await citizen.says(typed)
    before = len(citizen.heard) - 1
    for said in ("1", "1", "1", "skip", "1"):
        await citizen.says(said)
    for message in citizen.heard[before:]:
        shown = message.text + "".join(button.full for button in message.buttons)
        assert not TIFINAGH.search(shown), shown
    assert "Tanmmirt" in "".join(message.text for message in citizen.heard)


async def test_tifinagh_stays_for_who_chose_it(app: App) -> None:
    citizen = await reader(app, "ⵜⴰⵎⴰⵣⵉⵖⵜ")
    assert TIFINAGH.search(citizen.heard[-1].text)


async def test_the_letters_are_changed_like_a_language_and_stay_with_it(app: App) -> None:
    citizen = await reader(app)
    await citizen.says("1")
    await citizen.says("language")
    await citizen.taps("ⵜⴰⵎⴰⵣⵉⵖⵜ")
    assert TIFINAGH.search(citizen.heard[-1].text)
    await citizen.says("language")
    await citizen.taps("Tamaziɣt")
    assert not TIFINAGH.search(citizen.heard[-1].text)
    await citizen.says("language")
    await citizen.taps("Français")
    assert "Comment" in plain(citizen.heard[-1].text)


async def test_who_reads_neither_knows_the_button_by_its_sign(app: App) -> None:
    citizen = Citizen(app)
    await citizen.starts("")
    assert [one.emoji for one in citizen.heard[-1].buttons if "Tamaziɣt" in one.label] == ["🔤"]


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("ⴰⵣⵓⵍ 👋 ⵎⴰⵏ ⵜⵓⵜⵍⴰⵢⵜ?", "Azul 👋 man tutlayt?"),
        ("«ⴰⵖⵓⵍ» – ⴰⵙⵇⵙⵉ", "«Aɣul» – asqsi"),
        ("1 ✅ ⵢⴰⵀ", "1 ✅ Yah"),
        ("Ouarzazate, ⵡⴰⵔⵣⴰⵣⴰⵜ", "Ouarzazate, warzazat"),
        ("ⴰⴽⴽⵯ", "Akkʷ"),
        ("Tamaziɣt", "Tamaziɣt"),
    ],
)
def test_letter_for_letter(text: str, latin: str) -> None:
    assert scripts.in_latin(text) == latin


def test_no_letter_of_the_catalogue_is_left() -> None:
    for forms in catalogue("zgh").entries.values():
        for form in forms:
            assert not TIFINAGH.search(scripts.in_latin(form))
