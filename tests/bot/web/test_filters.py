"""The filters of the desk of needs: what was chosen stays in the address, and what makes no sense is left out."""

from urllib.parse import parse_qsl

import pytest

from bot.web.cases.filters import Wanted

CHOSEN = {
    "state": "all",
    "theme": "water",
    "place": "Tabounte",
    "assignee": "none",
    "search": "fuite",
    "age": "7",
    "said": "2",
    "overdue": "1",
    "unread": "1",
    "sort": "newest",
}


@pytest.mark.parametrize("name", CHOSEN)
def test_each_filter_goes_on_to_the_next_page(name: str) -> None:
    """A page of the list, a file and a saved address show the same needs."""
    wanted = Wanted.of({name: CHOSEN[name]})
    assert wanted != Wanted.of({})
    assert Wanted.of(dict(parse_qsl(wanted.address()))) == wanted


@pytest.mark.parametrize(("name", "value"), [("state", "nonsense"), ("sort", "x"), ("age", "-1")])
def test_what_makes_no_sense_chooses_nothing(name: str, value: str) -> None:
    assert Wanted.of({name: value}) == Wanted.of({})
