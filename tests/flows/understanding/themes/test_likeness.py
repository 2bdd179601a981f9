"""How alike two needs are, across languages and scripts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.kinds.cases.similar import ALIKE, similarity
from flows.kinds.kind import Told
from flows.understanding.themes.likeness import likeness

#: Same or other, and the two needs.
PAIRS = [
    line.split("\t")
    for line in (Path(__file__).parent / "pairs.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("meant", "one", "other"), PAIRS)
def test_the_same_need_is_alike_in_any_language_and_another_is_not(
    meant: str, one: str, other: str
) -> None:
    """Without a place, on both sides of the threshold; in either order."""
    score = similarity(Told("t", None, None, one), Told("t", None, None, other))
    assert (score >= ALIKE) is (meant == "same"), score
    assert likeness(one, other) == likeness(other, one)


def test_there_are_pairs_of_both_sorts() -> None:
    """In all scripts, none twice."""
    assert len({(one, other) for _, one, other in PAIRS}) == len(PAIRS) >= 60
    assert sum(meant == "same" for meant, _, _ in PAIRS) >= 30
    assert sum(meant == "other" for meant, _, _ in PAIRS) >= 30


def test_when_it_is_and_where_everybody_is_weighs_nothing() -> None:
    """A week in our village is nothing that two needs have in common."""
    assert likeness("chez nous depuis lundi", "chez nous depuis lundi soir") == 0
    assert likeness("pas de bus dans notre quartier", "pas de bus au douar depuis un mois") == 1


def test_a_name_that_only_these_two_share_counts() -> None:
    """In other letters too."""
    with_it = likeness("القنطرة ديال تابونت", "le pont de Tabount")
    assert with_it > likeness("القنطرة ديال تابونت", "le pont de Zaouia")


def test_of_what_says_nothing_only_the_same_is_alike() -> None:
    """ "Nothing", twice."""
    assert likeness("والو", "والو!") == 1
    assert likeness("والو", "merci") == likeness("", "") == likeness("?", "!") == 0


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_it(one: str, other: str) -> None:
    """It is a share."""
    assert 0 <= likeness(one, other) <= 1
