"""Typing what stands on a button is that button, at every question and in every language."""

import re
import secrets
from collections.abc import Sequence

import pytest

from bot.app.build import App
from flows.dialog.languages import IN_LATIN
from flows.wording import render
from flows.wording.text import LANGUAGES, RIGHT_TO_LEFT, msg
from tests.citizen import Citizen, plain

#: The ways to questions: a link, then words that work everywhere or (a number) a button.
WAYS: Sequence[tuple[str, Sequence[str | int]]] = (
    ("", ()),  # the consent
    ("", (0,)),  # the menu
    ("", (0, "my data")),
    ("", (0, "settings")),
    ("", (0, "settings", 0)),
    ("", (0, "settings", 1)),
    ("OZT-NEEDS", (0,)),
    ("OZT-NEEDS", (0, 0, "Tabounte", "Something here")),
    ("OZT-LIGHT", (0,)),
    ("OZT-LIGHT", (0, 0)),
    ("OZT-PARK", (0,)),
    ("OZT-PARK", (0, 0)),
    ("OZT-PARK", (0, 0, 1)),
    ("OZT-CHARTER", (0,)),
    ("OZT-CHARTER", (0, 0)),
    ("OZT-BUDGET", (0,)),
)


async def at(app: App, name: str, language: int, way: tuple[str, Sequence[str | int]]) -> Citizen:
    """Somebody who reads the question that a way leads to."""
    citizen = Citizen(app, name)
    await citizen.starts(way[0])
    # Darija and Tamazight in Latin letters stand beside themselves.
    chosen = language + sum(language > LANGUAGES.index(code) for code in IN_LATIN)
    for step in (chosen, *way[1]):
        if isinstance(step, int):
            token = citizen.heard[-1].buttons[step].token
            await citizen.does(token=token, event="tap")
        else:
            # Nobody says what somebody else has said: it would be offered to them.
            await citizen.says(f"{step} {name}" if step == "Something here" else step)
    return citizen


def without_what_is_new(text: str, name: str) -> str:
    """Without numbers, links and the words of who says it."""
    return re.sub(r"\d+", "0", re.sub(r"http\S+", "", text.replace(name, "")))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way[0]}{'-'.join(map(str, way[1]))}")
async def test_the_words_of_a_button_do_what_its_tap_does(
    app: App, way: tuple[str, Sequence[str | int]]
) -> None:
    differ = []
    for number, language in enumerate(LANGUAGES):
        first = await at(app, f"{language} {way}", number, way)
        for index, button in enumerate(first.heard[-1].buttons):
            names = [secrets.token_hex(8) for _ in range(2)]
            typed, tapped = [await at(app, name, number, way) for name in names]
            token = tapped.heard[-1].buttons[index].token
            label = re.sub(r"^[\d☰➕⬅️\s]+", "", plain(button.full))
            label = re.sub(r"^[^\w“«\"]+", "", label)
            said = await typed.says(label)
            wanted = await tapped.does(token=token, event="tap")
            if without_what_is_new(said, names[0]) != without_what_is_new(wanted, names[1]):
                differ.append(f"{language}: {label!r}: {said[:200]!r}, not {wanted[:200]!r}")
    assert not differ, "\n".join(differ)


#: What stands on the button that begins, but for its first word.
BEGINS = {
    "ary": "نبداو",
    "ar": "لنبدأ",
    "fr": "commençons",
    "zgh": "ⴰⴷ ⵏⴱⴷⵓ",
    "en": "let’s start",
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_half_of_what_begins_is_no_word_that_begins_anew(app: App, language: str) -> None:
    """ "Let’s start" is a word that works, too: it began the welcome again."""
    citizen = await at(app, language, LANGUAGES.index(language), ("", ()))
    assert BEGINS[language] in plain(render(msg("consent.yes"), language))
    said = await citizen.says(BEGINS[language])
    menu = render(msg("menu.ask", council=msg("button.yes")), language)
    assert said[:8] == menu[:8] or citizen.heard[-1].buttons[0].full.startswith("1 📣"), said
    assert (language in RIGHT_TO_LEFT) is citizen.heard[-1].right_to_left
