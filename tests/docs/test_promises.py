"""docs/promises.md: each promise names tests that are there, and says what it does not promise."""

from collections.abc import Set

from tests.docs.page import Page, page, spans_in
from tests.docs.rules import names_of_tests

#: What a table of promises has, in this order.
COLUMNS = ("promise", "test", "last figure", "not promised")


def problems(promises: Page, tested: Set[str]) -> list[str]:
    """Promises without a test, and tests that are not there."""
    found = [f"{t.under}: columns are {t.columns}" for t in promises.tables if t.columns != COLUMNS]
    for table in promises.tables:
        for promise, tests, *_ in table.rows:
            if not spans_in(tests):
                found.append(f"{promise} names no test")
            found += [f"there is no test {name}" for name in spans_in(tests) if name not in tested]
    return found


def test_every_promise_has_tests_that_are_there() -> None:
    promises = page("docs/promises.md")
    assert promises.tables
    assert problems(promises, names_of_tests()) == []


def test_a_promise_whose_test_is_gone_is_missed() -> None:
    text = "# P\n\n## One\n\n| promise | test | last figure | not promised |\n| --- | --- | --- | --- |\n"
    gone = Page("p.md", text + "| we keep it | `test_that_is_gone` | 1 | much |\n")
    assert problems(gone, names_of_tests()) == ["there is no test test_that_is_gone"]
    bare = Page("p.md", text + "| we keep it | | 1 | much |\n")
    assert problems(bare, names_of_tests()) == ["we keep it names no test"]
