"""What people wrote is shown only where five or more could have written it."""

import pytest

from flows.statistics.disclosure import words
from flows.wording.text import Verbatim

SAID = [{"text": "b", "media": []}, {"text": "", "media": [{}]}, {"text": "a", "media": []}]


@pytest.mark.parametrize(("asked", "shown"), [(4, 0), (5, 3), (6, 3)])
def test_words_are_shown_from_five_who_were_asked_on(asked: int, shown: int) -> None:
    assert len(words("q", Verbatim("?"), SAID, asked).rows) == shown


def test_they_stand_in_an_order_that_tells_nothing_and_none_where_they_are_held() -> None:
    assert words("q", Verbatim("?"), SAID, 5).rows == (("a", 0), ("b", 0), ("", 1))
    assert words("q", Verbatim("?"), SAID, 5, held=True).rows == ()
