"""Darija in Latin letters: the messages of the main paths, alike to those in Arabic letters."""

import re

import pytest

from flows.dialog import choices
from flows.dialog.languages import IN_LATIN
from flows.understanding import phrases
from flows.wording import IN_LATIN_LETTERS, Renderer, catalogue, in_every_language, in_latin_letters
from flows.wording.text import LANGUAGES, Translated, msg
from tests.flows.wording.catalogues import placeholders
from tests.flows.wording.test_house_rules import BUTTON, MESSAGE, options
from tests.flows.wording.test_wording import QUOTED

LATIN = in_latin_letters("ary").entries
ARABIC = catalogue("ary").entries
EMOJI = re.compile("[\u2190-\u2bff\U0001f300-\U0001faff]")


def read(id: str, count: int | None = None) -> str:
    return Renderer("ary", letters="latin").render(msg(id, count=count))


def test_it_has_the_main_paths() -> None:
    """Thirty at the least: a first message, a need, a poll, a petition, a stop, danger, one's data."""
    families = {id.split(".")[0] for id in LATIN}
    assert len(LATIN) > 300
    assert families >= {
        "welcome",
        "consent",
        "menu",
        "need",
        "poll",
        "petition",
        "stop",
        "danger",
        "my_data",
    }


def filled(forms: tuple[str, ...]) -> set[str]:
    """The names of the values that are filled in, in any form."""
    return {name for form in forms for name in placeholders(form)}


def unlike(form: str, other: str) -> list[str]:
    """What is not the same in a message and in the one that it is in Latin letters."""
    said = {
        "signs": sorted(EMOJI.findall(form)) == sorted(EMOJI.findall(other)),
        "lines": form.count("\n") == other.count("\n"),
        "letters": not re.search("[\u0600-\u06ff\u2d30-\u2d7f]", form),
        "length": len(form) <= max(MESSAGE, 1.4 * len(other)),
        "empty": bool(form),
    }
    return [what for what, alike in said.items() if not alike]


def test_an_entry_is_the_same_message_in_other_letters() -> None:
    """The same values, signs and lines."""
    wrong = {
        id: found
        for id, forms in LATIN.items()
        if (found := [what for form in forms for what in unlike(form, ARABIC[id][-1])])
        or filled(forms) != filled(ARABIC[id])
        or (len(forms) > 1) != (len(ARABIC[id]) > 1)
    }
    assert not wrong


def test_a_button_is_short() -> None:
    labels = [(id, form) for id in options() & set(LATIN) for form in LATIN[id]]
    assert len(labels) > 60
    assert not [one for one in labels if len(re.sub(r"\{\w+\}", "12", one[1])) > BUTTON]


@pytest.mark.parametrize("id", sorted(set(QUOTED) & set(LATIN)))
def test_the_words_that_a_text_tells_to_write_are_understood(id: str) -> None:
    quoted = re.findall("«([^«»]+)»", LATIN[id][0])
    assert [phrases.command(word) for word in quoted] == QUOTED[id], quoted


def test_what_stands_on_a_button_can_be_typed_instead() -> None:
    assert phrases.yes_no(read("button.yes")) is True
    assert phrases.yes_no(read("button.no")) is False
    for id in ("button.skip", "button.done", "petition.complete", "need.join"):
        assert choices.says(read(id, count=3), msg(id, count=3))
    assert "Nwe99e3 rasmiyan" in in_every_language(msg("petition.complete"))


def test_how_many_is_said_as_in_darija() -> None:
    said = [read("contributions.ask", count=count) for count in (1, 2, 3, 11)]
    assert [text.split(". ")[0] for text in said] == [
        "3ndek mocharaka we7da", "3ndek jouj mocharakat", "3ndek 3 mocharakat", "3ndek 11 mocharaka",
    ]  # fmt: skip
    assert read("petition.pledges", count=0) == "Ba9i ma sanedha 7ta wa7ed hna."


def test_what_is_not_in_it_is_read_in_arabic_letters() -> None:
    missing = next(
        id
        for id, forms in ARABIC.items()
        if id.startswith("budget.") and len(forms) == 1 and "{" not in forms[0]
    )
    assert missing not in LATIN
    assert read(missing) == ARABIC[missing][0]


def test_a_name_that_has_latin_letters_of_its_own_is_read_in_them() -> None:
    name = Translated({"ary": "ورزازات", "ary-latn": "Ouarzazate"})
    assert Renderer("ary", letters="latin").render(name) == "Ouarzazate"
    assert Renderer("ary").render(name) == "ورزازات"
    only = Renderer("ary", letters="latin")
    assert only.render(Translated({"ary": "ورزازات"})) == "ورزازات"
    assert only.stood_in is None


#: Spellings that are another's in this catalogue: one word is written one way.
OTHERWISE = (
    "dial", "diyal", "chnou", "chnowa", "oula", "awla", "sifet", "mazyan", "zouj", "juj", "bzaf",
    "kolshi", "wash", "shno", "bash", "kayen", "wa7d", "lmajlis", "mejlis", "raqm", "waqt",
)  # fmt: skip


def test_a_word_is_written_one_way() -> None:
    words = {
        word
        for forms in LATIN.values()
        for form in forms
        for word in re.findall(r"[\w]+", form.casefold())
    }
    assert not words & set(OTHERWISE)


def test_every_language_that_is_read_in_latin_letters_is_one_of_ours() -> None:
    assert {*IN_LATIN_LETTERS, "zgh"} == set(IN_LATIN) <= set(LANGUAGES)
