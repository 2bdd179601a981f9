"""Quarters by name and by sound, and what may be wrong with a list of them."""

import pytest

from flows.morocco.quarters import Quarter, problems, quarter_of

AMEZROU = Quarter("amezrou", {"fr": "Amezrou", "ar": "أمزرو"})
SALAM = Quarter("salam", {"fr": "Hay Salam"}, ("cité de la paix",))
TABOUNTE = Quarter("tabounte", {"fr": "Tabounte"})


@pytest.mark.parametrize(
    ("text", "quarter"),
    [
        ("amzrou", "amezrou"),
        ("AMEZROU", "amezrou"),
        ("ⴰⵎⵥⵔⵓ", "amezrou"),
        ("دوار أمزرو", "amezrou"),
        ("douar amezro", "amezrou"),
        ("hay salam", "salam"),
        ("حي السلام", "salam"),
        ("cite de la paix", "salam"),
        ("tabonte", "tabounte"),
        ("douar tabounet", "tabounte"),
        ("salam", None),
        ("tabant", None),
        ("azrou", None),
        ("", None),
        ("douar", None),
        ("x" * 500, None),
    ],
)
def test_a_spelling_means_a_quarter_if_it_sounds_like_it(text: str, quarter: str | None) -> None:
    """One consonant less is another place, and a name behind "hay" alone is a greeting."""
    assert quarter_of(text, (AMEZROU, SALAM, TABOUNTE)) == quarter


def test_a_name_that_two_quarters_bear_is_neither() -> None:
    """It is asked about, elsewhere."""
    two = (Quarter("a", {"fr": "Hay Massira"}), Quarter("b", {"fr": "Douar Massira"}))
    assert quarter_of("quartier massira", two) is None
    assert quarter_of("massira", ()) is None


def test_two_quarters_with_one_id_or_one_spelling_are_told() -> None:
    """With the key, and what it is about."""
    again = Quarter("amezrou", {"fr": "Autre"})
    assert list(problems((AMEZROU, SALAM))) == []
    assert list(problems((AMEZROU, again))) == [
        ("quarters[1].id", "'amezrou' is used twice; ids are unique")
    ]
    same = Quarter("other", {"fr": "AMEZROU"})
    assert list(problems((AMEZROU, same))) == [
        (
            "quarters[1]",
            "'AMEZROU' is also a spelling of 'amezrou' ('Amezrou'); it can mean only one of them",
        )
    ]
    assert [key for key, _ in problems((Quarter("x", {"fr": "?"}),))] == ["quarters[0].also"]
