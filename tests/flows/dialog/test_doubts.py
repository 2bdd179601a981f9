"""Numbers and days that are asked back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.dialog import replay
from flows.dialog.answers import Day, NationalId, Number
from flows.dialog.asked_back import day_in_words, days_in_doubt, numbers_in_doubt
from flows.dialog.dialog import Answer, Flow, NotUnderstood, Reply, Unsure, ask
from flows.dialog.replay import Turn
from flows.kinds.questions import Question, answer_of
from flows.wording import render
from flows.wording.text import LANGUAGES, msg

TODAY = date(2026, 11, 21)


def asking(answer: Answer[Any]) -> Callable[[], Flow[object]]:
    """A flow of this one question."""
    return lambda: ask("it", answer, msg("need.words"))


def after(flow: Callable[[], Flow[object]], *replies: Reply) -> Turn[object]:
    """Where the question stands after these replies."""
    turn: Turn[object] = replay.run(flow)
    for reply in replies:
        turn = replay.run(flow, turn.journal, reply)
    return turn


def shown(turn: Turn[object], language: str = "fr") -> list[str]:
    """What stands on the buttons."""
    assert turn.asked is not None
    return [render(option.label, language) for option in turn.asked.answer.options]


def test_five_comma_nought_is_asked_back_and_one_tap_settles_it() -> None:
    flow = asking(Number())
    doubted = after(flow, Reply(text="5,000"))
    assert shown(doubted) == ["5\u00a0000", "5", "Autre chose"]
    assert after(flow, Reply(text="5,000"), Reply(tap="~maybe:5000")).result == Decimal(5000)
    assert after(flow, Reply(text="5,000"), Reply(text="5")).result == Decimal(5)
    assert after(flow, Reply(text="5,000"), Reply(text="1")).result == Decimal(5000)


def test_a_number_that_would_be_mistaken_for_its_place_in_the_list_is_asked_anew() -> None:
    """Under "1) 2  2) 3" a typed 2 has two meanings."""
    with pytest.raises(NotUnderstood):
        Number().read(Reply(text="2 ou 3"))
    assert isinstance(Number().read(Reply(text="20 ou 30")), Unsure)


def test_only_what_the_question_takes_is_offered() -> None:
    assert shown(after(asking(Number(highest=100)), Reply(text="50 ou 500")))[:-1] == ["50"]
    with pytest.raises(NotUnderstood):
        Number(highest=100).read(Reply(text="plus de 500"))


def test_a_day_is_asked_back_in_words() -> None:
    flow = asking(Day(TODAY))
    doubted = after(flow, Reply(text="du 3 au 5 mars"))
    assert shown(doubted) == ["mer. 3 mars 2027", "ven. 5 mars 2027", "Autre chose"]
    assert after(flow, Reply(text="du 3 au 5 mars"), Reply(text="2")).result == date(2027, 3, 5)


def test_a_day_outside_the_limits_is_told_so_and_not_offered() -> None:
    future = Day(TODAY, earliest=TODAY)
    with pytest.raises(NotUnderstood) as refused:
        future.read(Reply(text="hier"))
    assert refused.value.text == msg("trouble.date_range")
    assert shown(after(asking(future), Reply(text="hier ou demain")))[:-1] == [
        "dim. 22 novembre 2026"
    ]


def test_the_number_of_a_card_stands_on_no_button() -> None:
    """What is in doubt is refused with an example."""
    with pytest.raises(NotUnderstood):
        NationalId().read(Reply(text="RC 12345"))
    assert NationalId().read(Reply(text="ma cin est AB123456")) == "AB123456"


def test_a_rating_is_asked_back_with_its_own_buttons() -> None:
    flow = asking(answer_of(Question("stars", "rating", {"fr": "?"}), TODAY))
    doubted = after(flow, Reply(text="pas mal"))
    assert shown(doubted) == ["Bien", "Moyen", "Autre chose"]
    assert after(flow, Reply(text="pas mal"), Reply(tap="~maybe:4")).result == "4"
    for said, rated in [("⭐⭐⭐⭐", "4"), ("Très mauvais", "1"), ("😍", "5"), ("zwin", "4")]:
        assert after(flow, Reply(text=said)).result == rated
    for said in ("mauvais ou bon", "bien et mauvais", "pas bon"):
        assert after(flow, Reply(text=said)).trouble is not None
    assert after(flow, Reply(tap="9")).trouble == msg("trouble.gone")


@given(st.one_of(st.integers(5, 10**15), st.decimals(5, 10**6, places=3)))
def test_what_a_button_writes_is_certain(value: int | Decimal) -> None:
    """Three decimals could be thousands; asked back they are not in doubt again."""
    doubt = numbers_in_doubt([value])
    assert doubt is not None
    assert Number(decimals=True).read(doubt.candidates[0].reply) == value


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_day_on_a_button_is_certain_and_fits_there(day: date) -> None:
    """In every language; WhatsApp shows 24 characters."""
    (candidate,) = days_in_doubt([day]).candidates
    assert Day(TODAY).read(candidate.reply) == day
    for language in LANGUAGES:
        assert len(render(candidate.label, language)) <= 24


def test_the_first_of_a_month_is_written_as_the_french_do() -> None:
    first = day_in_words(date(2026, 7, 1))
    assert render(first, "fr") == "mer. 1er juillet 2026"
    assert render(day_in_words(date(2026, 7, 11)), "fr") == "sam. 11 juillet 2026"
    assert Day(TODAY).read(Reply(text=render(first, "fr"))) == date(2026, 7, 1)
