"""Tamazight and Darija in their own or in Latin letters, chosen once, and read so everywhere."""

import re
from pathlib import Path

import pytest

import bot
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


@pytest.mark.parametrize("typed", ["", "Tamaziɣt (abc)", "6"])
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


async def test_who_writes_so_first_is_answered_so(app: App) -> None:
    """Also where the language is so certain that it is not asked for."""
    citizen = Citizen(app)
    await citizen.says("azul, ur illi waman g udwwar nnɣ, ar nttirar ad t tskrm")
    assert not TIFINAGH.search(citizen.heard[-1].text)
    assert "Tamaziɣt (abc)" in citizen.labels[0] or citizen.heard[-1].tag == "zgh-Latn"


# ------------------------------------------------------------------------------------ Darija

ARABIC = re.compile("[\u0621-\u064a]")

#: What stands in an isolate is a name or the council's own words.
OWN_WORDS = re.compile("\u2068[^\u2069]*\u2069")

#: The main paths, typed: a need, a poll, a petition with its official signature, a stop and a way back.
PATHS: tuple[tuple[str, ...], ...] = (
    ("OZT-NEEDS", "1", "1", "3and sou9", "lma m9tou3", "1", "1", "1", "1", "3", "3", "l9a2ima"),
    ("OZT-LIGHT", "1", "1", "4", "douz", "1", "2", "wa9ef", "nbdaw", "lmosa3ada"),
    (
        "OZT-PARK",
        "1",
        "1",
        "1",
        "1",
        "Amina Alaoui",
        "K1234567",
        "12, zan9a 3, Ouarzazate",
        "1",
        "2",
    ),
    ("", "1", "ma3loumati", "rje3", "mocharakati", "dsqd", "dsqd", "dsqd", "chokran"),
    ("", "2", "3"),
)


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
async def test_who_reads_darija_in_latin_letters_reads_the_main_paths_so(
    app: App, path: tuple[str, ...]
) -> None:
    """None of our words is in letters that they did not choose, and each line is laid out from the left."""
    citizen = Citizen(app)
    await citizen.starts(path[0])
    await citizen.taps("Darija (abc)")
    heard = len(citizen.heard) - 1
    for said in path[1:]:
        await citizen.says(said)
    council = _words_of_the_council()
    for message in citizen.heard[heard:]:
        labels = "\n".join(button.label for button in message.buttons)
        ours = OWN_WORDS.sub("", f"{message.text}\n{labels}")
        foreign = [line for line in ours.splitlines() if ARABIC.search(line)]
        assert not [line for line in foreign if not any(own in line for own in council)], (
            message.text
        )
        assert not message.right_to_left
        assert message.tag == "ary-Latn"


def _words_of_the_council() -> set[str]:
    """What the organizer of the example wrote in Arabic letters."""
    folder = Path(bot.__file__).parent / "example"
    quoted = (re.findall('"([^"]+)"', file.read_text("utf-8")) for file in folder.glob("*.toml"))
    return {text for texts in quoted for text in texts if ARABIC.search(text)}
