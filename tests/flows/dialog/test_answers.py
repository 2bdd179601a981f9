"""What is read as an answer, what is not, and what of it is still an answer after the question changed."""

from decimal import Decimal
from typing import Any

import pytest

from flows.dialog.answers import Number, Words
from flows.dialog.choices import Choice, meant
from flows.dialog.communes import CommuneName
from flows.dialog.dialog import NotUnderstood, Option, Reply, Stale, Unfinished
from flows.dialog.ratings import Ranking
from flows.dialog.several import Several
from flows.wording.text import Translated, Verbatim


def options(*labels: str) -> tuple[Option, ...]:
    """Options that are called so."""
    return tuple(Option(label.lower(), Verbatim(label)) for label in labels)


@pytest.mark.parametrize(
    ("number", "text", "good"),
    [
        (Number(2, 5), "2", True), (Number(2, 5), "1", False), (Number(2, 5), "5", True),
        (Number(2, 5), "6", False), (Number(0, 5), "0", True), (Number(-3, 0), "0", True),
        (Number(lowest=2), "999", True), (Number(lowest=2), "1", False),
        (Number(highest=5), "5", True), (Number(highest=5), "6", False),
        (Number(2, 5), "2.5", False), (Number(2, 5, decimals=True), "2.5", True),
        (Number(2, 5, decimals=True), "5.1", False), (Number(), "none at all", False),
    ],
)  # fmt: skip
def test_a_number_within_its_limits_is_one_now_and_later(
    number: Number, text: str, good: bool
) -> None:
    """Both ends belong to it; what was within and is not any more is asked again."""
    if good:
        assert number.restore(number.store(number.read(Reply(text=text)))) == Decimal(text)
        return
    with pytest.raises(NotUnderstood):
        number.read(Reply(text=text))
    if text.replace(".", "").isdigit() and "." not in text:
        with pytest.raises(Stale):
            number.restore(text)


@pytest.mark.parametrize("stored", [None, 3, ["3"], {"text": "3"}])
def test_what_is_no_stored_number_is_asked_again(stored: Any) -> None:
    """Nor are stored words what a number is."""
    with pytest.raises(Stale):
        Number().restore(stored)
    if not isinstance(stored, dict):
        with pytest.raises(Stale):
            Words().restore(stored)


RANKED = Ranking(options("Alpha", "Beta", "Gamma"))


def placed(ranking: Ranking, *replies: Reply) -> Any:
    """What one reply after the other comes to."""
    found: Any = None
    for reply in replies:
        found = ranking.read(reply)
        if isinstance(found, Unfinished):
            ranking = ranking.resumed(found.draft)
    return found


@pytest.mark.parametrize(
    ("replies", "order"),
    [
        (["3 1 2"], ("gamma", "alpha", "beta")),
        (["1", "3"], ("alpha", "gamma", "beta")),
        (["3", "1"], ("gamma", "alpha", "beta")),
        (["Beta", "1"], ("beta", "alpha", "gamma")),
        (["2", "Gamma"], ("beta", "gamma", "alpha")),
    ],
)
def test_a_ranking_is_told_at_once_or_one_by_one(
    replies: list[str], order: tuple[str, ...]
) -> None:
    """By numbers or names; the last places itself."""
    assert placed(RANKED, *[Reply(text=text) for text in replies]) == order
    assert placed(RANKED, *[Reply(tap=id) for id in order[:2]]) == order
    assert RANKED.restore(RANKED.store(order)) == order


@pytest.mark.parametrize("text", ["0", "4", "1 1 2", "1 2 3 4", "delta", ""])
def test_what_ranks_nothing_is_not_understood(text: str) -> None:
    """Nor is what has its place already."""
    with pytest.raises(NotUnderstood):
        RANKED.read(Reply(text=text))
    for again in ("1", "Alpha"):
        with pytest.raises(NotUnderstood):
            placed(RANKED, Reply(text="1"), Reply(text=again))


@pytest.mark.parametrize("draft", [None, "alpha", 7, {"alpha": 1}, ["gone", 3]])
@pytest.mark.parametrize("question", [RANKED, Several(options("Alpha", "Beta"))])
def test_a_draft_that_is_none_begins_anew(question: Any, draft: Any) -> None:
    """Whatever an earlier release left there; what still has a name stays."""
    again = question.resumed(draft)
    assert not getattr(again, "placed", ())
    assert not getattr(again, "ticked", ())
    kept = question.resumed([*(draft if isinstance(draft, list) else []), "beta"])
    assert (getattr(kept, "placed", ()) or getattr(kept, "ticked", ())) == ("beta",)


CHOICES = options("Water", "Road", "Bus", "Street lighting")


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Water", "water"),
        ("water please", "water"),
        ("the road here", "road"),
        ("the bus here", "bus"),
        ("wat", None),
        ("lighting", "street lighting"),
        ("watter", "water"),
        ("street lightting", "street lighting"),
        ("the road is long", None),
        ("nothing of that", None),
    ],
)
def test_a_choice_is_named_where_every_other_word_says_nothing(text: str, id: str | None) -> None:
    """What else is said may be something else."""
    found = meant(text, CHOICES)
    assert (found.id if found is not None else None) == id
    if id is not None:
        assert Choice(CHOICES).read(Reply(text=text)) == id


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Tarmigt", ("08.401.07.09",)),
        ("Tarmist", ("08.401.07.09", "")),
    ],
)
def test_a_commune_that_is_only_near_is_asked_about(text: str, codes: tuple[str, ...]) -> None:
    """A certain one is taken at once; of one candidate it is asked as of several."""
    found = CommuneName(("08.401",)).read(Reply(text=text))
    assert found == codes
    assert CommuneName().restore(list(found)) == found
    with pytest.raises(Stale):
        CommuneName().restore(["99.999"])


@pytest.mark.parametrize(
    ("offered", "text", "chosen"),
    [
        (("Matin", "Après-midi", "Soir"), "sba7", "Matin"),
        (("Matin", "Après-midi", "Soir"), "midi", None),
        (("Matin", "Après-midi", "Soir"), "صباح الخير", None),
        (("Toujours", "Souvent", "Parfois", "Jamais"), "dima", "Toujours"),
        (("Toujours", "Souvent", "Parfois", "Jamais"), "pas toujours", None),
        (("Toujours", "Souvent", "Parfois", "Jamais"), "rarement", None),
        (("Satisfait", "Peu satisfait", "Pas satisfait"), "ماشي راضي", "Pas satisfait"),
        (("Satisfait", "Peu satisfait", "Pas satisfait"), "not satisfied", "Pas satisfait"),
        (("Bus", "Taxi", "Voiture", "À pied"), "3la rjli", "À pied"),
        (("Bus", "Taxi", "Voiture", "À pied"), "car", None),
        (("Bus", "Taxi", "Voiture", "À pied"), "taxe", None),
        (("Plus souvent", "Moins souvent", "Pareil"), "souvent", None),
        (("Centre-ville", "Hay Salam", "Tabounte"), "السلام عليكم", None),
    ],
)
def test_a_question_asked_in_french_alone_is_answered_in_every_language(
    offered: tuple[str, ...], text: str, chosen: str | None
) -> None:
    """Synonyms decide where they mean the same; what is only near does not."""
    question = Choice(tuple(Option(name, Translated({"fr": name})) for name in offered))
    try:
        read = question.read(Reply(text=text))
    except NotUnderstood:
        read = None
    assert (read if isinstance(read, str) else None) == chosen
