"""Every question refuses what is not of its sort: a greeting is no place, a card's number no commune, thanks no need."""

from datetime import date
from typing import Any

import pytest

from flows.dialog.answers import Address, Day, FullName, NationalId, Number, Where, Words
from flows.dialog.choices import Choice, YesNo
from flows.dialog.communes import CommuneName
from flows.dialog.dialog import Answer, NotUnderstood, Option, Reply, Unsure
from flows.dialog.languages import LanguageChoice
from flows.dialog.ratings import Ranking, Rating
from flows.dialog.several import Several
from flows.morocco import places
from flows.wording.text import Translated, msg

GREETINGS = ("bonjour", "السلام عليكم", "salam", "ⴰⵣⵓⵍ")
THANKS = ("merci", "شكرا بزاف", "chokran", "مرسي", "tanmirt")
YES_AND_NO = ("oui", "لا", "wakha", "نعم", "صافي")
QUESTIONS = (
    "?",
    "؟؟",
    "c'est gratuit ?",
    "شكون نتوما؟",
    "qui lit ça",
    "pourquoi vous demandez ça ?",
)
CARDS = ("AB123456", "ab 123456")
NUMBERS = ("42", "١٢", "0612345678")
SIGNS = ("", "...", "🤷")
LIFE = ("combien de temps ça prend", "bghit nhder m3a chi wa7d", "je me suis trompé", "006")

ANYTHING_ELSE = (*GREETINGS, *THANKS, *QUESTIONS, *CARDS, *SIGNS, *LIFE)

_OPTIONS = tuple(
    Option(id, Translated({"fr": fr, "ar": ar}))
    for id, fr, ar in (
        ("water", "Eau potable", "الماء الصالح للشرب"),
        ("roads", "Routes", "الطرق"),
        ("bus", "Autobus", "الحافلات"),
    )
)

_STARS = tuple(Option(str(n), Translated({"fr": f"Note {n}"})) for n in range(1, 6))

#: Each sort of question, and what it must not take.
TABLE: dict[str, tuple[Answer[Any], tuple[str, ...]]] = {
    "need": (
        Words(needed=msg("trouble.need")),
        (*GREETINGS, *THANKS, *YES_AND_NO, *CARDS, *SIGNS, "?"),
    ),
    "words": (Words(), (*SIGNS, "?", "؟؟", "!!", "?!", "👍👍", "-", "…", "،", "«»", "x")),
    "place": (Where(), (*ANYTHING_ELSE, *YES_AND_NO, *NUMBERS)),
    "commune": (CommuneName(), (*ANYTHING_ELSE, *YES_AND_NO, *NUMBERS)),
    "name": (FullName(), (*QUESTIONS, *CARDS, *SIGNS, *NUMBERS, "006")),
    "address": (
        Address(),
        (*CARDS, "KB204971", "ma cin est KB 204971", *SIGNS, *NUMBERS, "12 34", "+212 612 345 678"),
    ),
    "number": (Number(0, 100), (*GREETINGS, *THANKS, *YES_AND_NO, *QUESTIONS, *SIGNS, "AB123456")),
    "day": (
        Day(date(2026, 11, 21)),
        (*GREETINGS, *THANKS, *YES_AND_NO, *QUESTIONS, *CARDS, *SIGNS),
    ),
    "card": (NationalId(), (*GREETINGS, *THANKS, *YES_AND_NO, *QUESTIONS, *SIGNS, *NUMBERS)),
    "choice": (Choice(_OPTIONS), (*ANYTHING_ELSE, *YES_AND_NO, "42", "AB123456")),
    "several": (Several(_OPTIONS), (*GREETINGS, *THANKS, *QUESTIONS, *CARDS, *SIGNS, "42")),
    "yes or no": (YesNo(), (*GREETINGS, *QUESTIONS, *CARDS, *SIGNS, "42", "shukran")),
    "rating": (Rating(_STARS), (*GREETINGS, *THANKS, *QUESTIONS, *CARDS, *SIGNS, "42")),
    "ranking": (Ranking(_OPTIONS), (*GREETINGS, *THANKS, *QUESTIONS, *CARDS, *SIGNS, "42")),
    "language": (LanguageChoice(_OPTIONS), (*GREETINGS[:3], *QUESTIONS, *CARDS, *SIGNS, "42")),
}


@pytest.mark.parametrize("sort", list(TABLE))
def test_a_question_refuses_what_is_not_of_its_sort(sort: str) -> None:
    """Ten and more of other sorts each; being asked back is no answer either."""
    answer, others = TABLE[sort]
    assert len(set(others)) >= 10
    taken = []
    for text in others:
        try:
            value = answer.read(Reply(text=text))
        except NotUnderstood:
            continue
        # The choice among candidates, and the list, are offered: nothing is decided.
        if not isinstance(value, Unsure) and not (sort == "commune" and len(value) != 1):
            taken.append(text)
    assert taken == []


@pytest.mark.parametrize(
    "text", ["Safi", "آسفي", "Mesti", "Dar El Hamra", "El Koudia El Beida", "المرسى"]
)
def test_a_commune_whose_name_is_also_a_word_is_one_still(text: str) -> None:
    """Asked for its name, it is the name."""
    codes = CommuneName().read(Reply(text=text))
    assert places.place(codes[0]).level == "commune"


def test_every_official_name_is_taken_for_a_commune() -> None:
    """No name of the gazetteer is refused as a question, a greeting or a yes."""
    refused = []
    for one in places.of_level("commune"):
        for name in one.names.values():
            try:
                CommuneName().read(Reply(text=name))
            except NotUnderstood:
                refused.append(name)
    assert refused == []


@pytest.mark.parametrize(
    "text",
    [
        "hay salam",
        "حي السلام",
        "7ay salam",
        "cité Salam",
        "douar Tabounte",
        "rue 12",
        "قدام المسجد",
        "la commune",
        "près du souk",
        "derb 006 bis",
    ],
)
def test_a_place_is_still_a_place(text: str) -> None:
    """Though it has a greeting, a number or an office in it."""
    assert Where().read(Reply(text=text)).text == text


@pytest.mark.parametrize(
    "text",
    [
        "merci de réparer la route",
        "l'eau",
        "oui mais l'eau est coupée",
        "الما",
        "no water",
        "No water since Monday",
        "non rien ne marche ici",
    ],
)
def test_a_need_of_a_few_words_is_a_need(text: str) -> None:
    """One thing named is enough."""
    assert Words(needed=msg("trouble.need")).read(Reply(text=text)).text == text


@pytest.mark.parametrize("place", ["حي السلام", "7ay salam", "derb merci", "cité salama"])
def test_a_quarter_that_is_called_like_a_greeting_is_a_place(place: str) -> None:
    assert Where().read(Reply(text=place)).text == place


@pytest.mark.parametrize(
    "text",
    ["12 rue B", "زنقة 4، تابونت", "Bloc K 12 n° 204971", "B.P. 1234", "Lot Al Amal 2", "ⵜⵓⵎⵍⵉⵍⵜ"],
)
def test_an_address_may_be_full_of_numbers(text: str) -> None:
    assert Address().read(Reply(text=text)).text == text


def test_a_sentence_about_what_is_broken_is_no_name() -> None:
    with pytest.raises(NotUnderstood):
        FullName().read(Reply(text="l'eau est coupée rue Hassan"))
