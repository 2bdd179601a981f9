"""Every intent has a line in every language, made of what the council has told."""

import pytest
from msgspec.structs import replace

from bot.app.build import example_folder
from bot.core.config import read_council
from flows.conversations.besides.small_talk import said
from flows.understanding.beside.intents import Intent
from flows.wording import render
from flows.wording.text import LANGUAGES
from tests.citizen import plain

COUNCIL = read_council(example_folder() / "council.toml")


@pytest.mark.parametrize("intent", list(Intent))
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_answered_in_each_language_and_briefly(intent: Intent, language: str) -> None:
    """Three hundred characters at most, and nothing left unfilled."""
    text = render(said(intent, COUNCIL), language)
    assert 0 < len(text) <= 300
    assert "{" not in text


def test_hours_telephone_and_address_are_the_councils_own() -> None:
    """What the council has not told is not made up."""
    assert "not known here" in render(said(Intent.HOURS, COUNCIL), "en")
    told = replace(
        COUNCIL,
        hours={"en": "8:30 to 16:30"},
        telephone="05 24 00 00 00",
        address={"en": "Main street"},
    )
    lines = plain(render(said(Intent.HOURS, told), "en")).split("\n")
    assert lines == ["Open: 8:30 to 16:30", "Telephone: 05 24 00 00 00", "Address: Main street"]
    only = replace(COUNCIL, telephone="05 24 00 00 00")
    assert plain(render(said(Intent.HOURS, only), "en")) == "Telephone: 05 24 00 00 00"


def test_a_council_that_takes_no_messages_for_a_person_says_so() -> None:
    """And how its office is reached."""
    off = replace(COUNCIL, person=False, telephone="05 24 00 00 00")
    text = plain(render(said(Intent.PERSON, off), "en"))
    assert "nobody takes messages" in text
    assert "05 24 00 00 00" in text


def test_days_are_promised_only_where_the_council_has_promised_them() -> None:
    """How long an answer takes is the council's word."""
    assert "day" not in render(said(Intent.HOW_LONG, replace(COUNCIL, answer_days=None)), "en")
    assert "30 days" in plain(render(said(Intent.HOW_LONG, replace(COUNCIL, answer_days=30)), "en"))


def test_another_language_is_answered_in_french_and_arabic_whatever_the_chat_is_in() -> None:
    """One of the two may be read."""
    text = render(said(Intent.OTHER_LANGUAGE, COUNCIL), "en")
    assert "français" in text
    assert "الفرنسية" in text
