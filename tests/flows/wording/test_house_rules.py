"""The rules of the house for what citizens and staff read, as far as a machine can hold them (docs/translations.md)."""

import ast
import re
from collections.abc import Iterator

import pytest

from flows.wording.text import LANGUAGES
from tests.flows.wording.test_wording import FILES, ROOT, entries

ARABIC = ["ar", "ary", "staff.ar"]

#: What a button may hold, in characters; a number that is filled in has two.
BUTTON = 24

#: Characters of a message before its choices, and what is longer for a reason: it is read when it is asked for.
MESSAGE = 330
LONG = {"consent.long", "help.text", "danger.numbers", "consent.short"}


def every(name: str) -> Iterator[tuple[str, str]]:
    """Each form of each entry, with its id."""
    for id, forms in entries(name).items():
        for form in forms:
            yield id, form


@pytest.mark.parametrize("name", ["fr", "staff.fr"])
def test_french_has_its_no_break_spaces_and_its_apostrophe(name: str) -> None:
    """A sign at the beginning of a line is read as somebody's slip, and ' is no French letter."""
    wrong = [
        (id, form)
        for id, form in every(name)
        if re.search(r" [:;?!%»]|«[^\u00a0]|[^\W\d_][;?!»%]|[^\W\d_]:(?=\s|$)|'", form)
    ]
    assert not wrong


@pytest.mark.parametrize("name", ARABIC)
def test_arabic_is_written_in_its_own_letters(name: str) -> None:
    """The Persian ی and ک look alike and are found by nobody who searches."""
    own = "ء-غ\u0640ف-ي\u064b-\u0652ݣڤپگ"
    wrong = [
        (id, found)
        for id, form in every(name)
        if (found := re.findall(f"[^{own}\\W\\dA-Za-z_]", re.sub(r"\{\w+\}", "", form)))
    ]
    assert not wrong


def test_tamazight_is_written_in_the_letters_of_ircam() -> None:
    """33 letters and the mark of a rounded one; nobody is addressed as a man; no three equal letters."""
    ircam = "ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵕⵖⵙⵚⵛⵜⵟⵡⵢⵣⵥ"
    wrong = []
    for id, form in every("zgh"):
        letters = set(re.findall("[\u2d30-\u2d7f]", form)) - set(ircam) - {"ⵯ"}
        man = re.search(r"(?<![\u2d30-\u2d7f])(?:\S*ⵏⵏⴽ|ⴰⴽ|ⴽⵢⵢⵉⵏ|ⵡⴰⵍⵓ)(?![\u2d30-\u2d7f])", form)
        if letters or man or re.search(r"([\u2d30-\u2d7f])\1\1", form):
            wrong.append((id, form))
    assert not wrong


def options() -> set[str]:
    """Every entry that stands on a button: the label of an `Option`."""
    found = set()
    for path in (ROOT / "flows").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Option"):
                continue
            for part in ast.walk(node.args[1]) if len(node.args) > 1 else ():
                if isinstance(part, ast.Call) and getattr(part.func, "id", "") == "msg":
                    first = part.args[0]
                    if isinstance(first, ast.Constant):
                        found.add(str(first.value))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_is_short(language: str) -> None:
    known = options()
    assert len(known) > 60
    long = [
        (id, form)
        for id in sorted(known)
        for form in entries(language)[id]
        if len(re.sub(r"\{\w+\}", "12", form)) > BUTTON
    ]
    assert not long


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_read_in_one_go(language: str) -> None:
    long = [
        (id, len(form))
        for id, form in every(language)
        if len(form) > MESSAGE and id not in LONG and not id.startswith("authoring.")
    ]
    assert not long


#: Words that are another word in this house, or say something else than is meant -> where they may stand.
NOT_SAID = {
    "fr": {
        r"\bbot\b|\brobot\b": (), r"Pas de souci": (), r"\bdiscussions?\b": (), r"\bmessagerie\b": (),
        r"(?<!note )(?<!notes )\bvocal\b": (), r"\bpersonnes handicapées\b": (),
        r"[Pp]lus d’invitation": (), r"\bcanal\b|\bcanaux\b": ("authoring.",),
    },
    "en": {r"\bthe bot\b|\bthis bot\b": ()},
    "ary": {
        "البوت": (), "المرجع": (), "أوديو": (), "فوقاش": (), "أخرين": (), r"(?<![ء-ي])قل من(?![ء-ي])": (),
        r"(?<![ء-ي])(?:ال)?دعم(?![ء-ي])": (), "محفوظ عليك": (),
    },
    "ar": {
        "البوت": (), "يكفي كتابة": (), r"(?<![ء-ي])(?:ال)?دعم(?:ك|ي)?(?![ء-ي])": (), "يصلك مع": (),
        "يُحفظ عنك": (),
    },
    "zgh": {"ⵎⴰⵞⵞⵉ": ()},
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_thing_has_one_word(language: str) -> None:
    wrong = [
        (word, id, form)
        for word, free in NOT_SAID[language].items()
        for id, form in every(language)
        if re.search(word, form) and not (free and id.startswith(free))
    ]
    assert not wrong


def test_no_french_sentence_has_a_name_that_is_filled_in_as_its_subject() -> None:
    """ "Commune d’Ouarzazate vous invite" is no French: such a name has no article."""
    wrong = [
        (id, form)
        for id, form in every("fr")
        if re.search(r"(?:^|\n)\{(?:council|title)\}[ \u00a0][^\W\d_]", form)
    ]
    assert not wrong


@pytest.mark.parametrize("name", ["ar", "ary"])
def test_a_number_that_varies_has_plural_forms_or_stands_behind_a_colon(name: str) -> None:
    """ "3 شخصا" is wrong, whatever the number before it was meant to be."""
    wrong = [
        (id, forms[0])
        for id, forms in entries(name).items()
        if len(forms) == 1 and re.search(r"\{(?:count|length)\} [ء-ي]", forms[0])
    ]
    assert not wrong


@pytest.mark.parametrize("name", ["ar", "ary"])
def test_none_is_said_in_words(name: str) -> None:
    """ "0 شخص" is no sentence: of people and things the form for none says that there is none."""
    wrong = [
        (id, entries(name)[id][0])
        for id in ("headline.people", "headline.needs", "petition.pledges", "petition.signatures")
        if "{count}" in entries(name)[id][0]
    ]
    assert not wrong


@pytest.mark.parametrize("name", ARABIC)
def test_a_line_begins_with_an_arabic_word(name: str) -> None:
    """In files a line that begins with a Latin one is laid out from the left."""
    wrong = [(id, form) for id, form in every(name) if re.match(r"(?!CIN)[A-Za-z]", form)]
    assert not wrong


def test_there_is_a_rule_for_every_catalogue_of_citizens() -> None:
    assert set(NOT_SAID) == set(LANGUAGES)
    assert set(ARABIC) < set(FILES)
