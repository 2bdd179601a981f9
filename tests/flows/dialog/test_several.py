"""Several of many: a page at a time, and what was ticked on another page stays."""

import pytest

from flows.dialog.choices import DONE, MORE, PAGE, UNTICK, Several
from flows.dialog.dialog import Option, Reply, Unfinished
from flows.wording.text import Verbatim

OPTIONS = tuple(Option(f"p{n}", Verbatim(f"Project {n}")) for n in range(1, 17))


def ids(question: Several) -> list[str]:
    return [option.id for option in question.options]


def after(question: Several, *taps: str) -> Several:
    for tap in taps:
        read = question.read(Reply(tap=tap))
        assert isinstance(read, Unfinished)
        question = question.resumed(read.draft)
    return question


@pytest.mark.parametrize(("many", "paged"), [(9, False), (10, False), (11, True)])
def test_more_than_ten_are_shown_seven_at_a_time(many: int, paged: bool) -> None:
    shown = ids(Several(OPTIONS[:many], 1, 3))
    assert (MORE in shown) is paged
    assert len(shown) == (PAGE + 1 if paged else many)


def test_what_was_ticked_on_another_page_stays() -> None:
    question = after(Several(OPTIONS, 1, 3), "p2", MORE, "p9", MORE)
    assert question.ticked == ("p2", "p9")
    assert ids(question) == ["p15", "p16", MORE, DONE]
    assert question.read(Reply(tap=DONE)) == ("p2", "p9")
    first = after(question, MORE)
    assert ids(first)[:3] == ["p1", f"{UNTICK}p2", "p3"]
    assert first.read(Reply(tap="p1")) == ("p1", "p2", "p9")


def test_numbers_count_over_all_pages() -> None:
    question = after(Several(OPTIONS, 1, 3), MORE)
    assert question.read(Reply(text="1, 16")) == ("p1", "p16")
    assert isinstance(question.read(Reply(text="more")), Unfinished)


def test_a_page_that_is_there_no_more_is_the_first() -> None:
    """The organizer took projects out meanwhile; a draft of before there were pages is read too."""
    for draft in ({"ticked": ["p1"], "page": 2}, {"ticked": ["p1"], "page": -1}, ["p1"]):
        question = Several(OPTIONS[:11], 1, 3).resumed(draft)  # type: ignore[arg-type]
        assert (question.page, question.ticked) == (0, ("p1",))
    assert Several(OPTIONS[:10], 1, 3).resumed({"ticked": ["p8"], "page": 1}).page == 0
