"""What somebody told in their own words answers of the questions about a need."""

import pytest

from flows.dialog.dialog import NotUnderstood, Reply, Unsure
from flows.dialog.facts import Council, Theme
from flows.kinds.need.telling import answered, theme_choice

THEMES = (
    Theme("water", {"fr": "Eau", "en": "Water"}),
    Theme("roads", {"fr": "Routes", "en": "Roads"}),
    Theme("waste", {"fr": "Propreté", "en": "Waste"}),
)
COUNCIL = Council("OZT", "OZT", "08.401.01.07", {"fr": "Ouarzazate"}, THEMES)


@pytest.mark.parametrize(
    ("said", "theme"),
    [
        ("fuite d'eau dans la rue", Reply(tap="water")),
        # Water or roads? It is asked back, with the words at hand.
        ("la route est pleine d'eau", Reply(text="la route est pleine d'eau")),
        ("bonjour", None),
    ],
)
def test_a_theme_that_was_told_is_not_asked_and_one_in_doubt_is_asked_back(
    said: str, theme: Reply | None
) -> None:
    assert answered(THEMES, COUNCIL, Reply(text=said)).get("theme") == theme


def test_at_the_question_itself_what_names_no_theme_is_asked_anew_and_what_names_two_back() -> None:
    """Nobody is asked "did you mean" with nothing to choose from."""
    choice = theme_choice(THEMES)
    doubt = choice.read(Reply(text="la route est pleine d'eau"))
    assert isinstance(doubt, Unsure)
    assert [one.reply.tap for one in doubt.candidates] == ["water", "roads"]
    with pytest.raises(NotUnderstood):
        choice.read(Reply(text="bonjour"))
