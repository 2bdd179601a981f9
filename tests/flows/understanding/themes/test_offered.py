"""The themes of a council, and the usual ones that they stand for."""

from bot.app.build import example_folder
from bot.core.config import read_council
from flows.understanding.themes import Offered, Reading, read
from flows.understanding.themes.offered import tied


def test_the_example_council_is_tied_by_what_its_themes_are_called() -> None:
    """Whatever its ids are; "something else" is none."""
    themes = read_council(example_folder() / "council.toml").themes
    offered = [Offered(theme.id, theme.text, theme.also) for theme in themes]
    assert tied(offered).usual == {
        "water": {"water"},
        "light": {"lighting"},
        "roads": {"roads"},
        "waste": {"waste"},
        "transport": {"transport"},
        "youth": {"sport"},
        "access": {"accessibility"},
    }
    assert read("lbola tafya f zn9a", offered) == Reading("light")
    assert read("un autre lampadaire cassé", offered) == Reading("light")


def test_a_theme_may_stand_for_two_usual_ones() -> None:
    """Water and electricity are one thing to this council."""
    offered = (Offered("services", {"ar": "الماء والكهرباء"}), Offered("roads", {"fr": "Voirie"}))
    assert tied(offered).usual == {"services": {"water", "lighting"}, "roads": {"roads"}}
    assert read("no water and no light", offered) == Reading("services")


def test_what_another_theme_is_by_its_id_no_label_takes_away() -> None:
    """Drinking water stays with the theme that is "water"."""
    offered = (Offered("water", {"fr": "Eau"}), Offered("drinking", {"fr": "Eau potable"}))
    assert tied(offered).usual == {"water": {"water"}, "drinking": frozenset()}


def test_two_themes_of_one_meaning_are_both_offered() -> None:
    """Which of the two, nobody can tell."""
    offered = (Offered("clean", {"fr": "Propreté"}), Offered("bins", {"fr": "Poubelles"}))
    assert read("ordures partout", offered) == Reading(likely=("clean", "bins"))


def test_a_theme_of_the_councils_own_is_read_by_its_words() -> None:
    """By its labels, what means the same, and its other words; in other letters too."""
    offered = (
        Offered("graves", {"fr": "Cimetières", "ar": "المقابر"}, ("tombes", "قبور")),
        Offered("roads", {}),
    )
    assert tied(offered).usual["graves"] == frozenset()
    for text in ("le cimetière est sale", "lmqbra khasha tsla7", "les tombes", "القبور"):
        assert (read(text, offered).certain or read(text, offered).likely[0]) == "graves", text


def test_a_councils_other_words_for_a_usual_theme_count() -> None:
    """What only this town says."""
    also = ("agadir n tamdint",)
    assert read("agadir n tamdint", (Offered("roads", {}, also),)) == Reading("roads")
    assert read("agadir n tamdint", (Offered("roads", {}),)) == Reading()


def test_other_words_that_belong_to_another_usual_theme_are_not_taken() -> None:
    """A council that has "route" among the words of its bins would send every road there."""
    offered = (Offered("waste", {}, ("route",)), Offered("roads", {}))
    assert read("la route est cassée", offered) == Reading("roads")
