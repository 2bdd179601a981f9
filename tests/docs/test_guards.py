"""docs/guards.md has a row for every rule that stands in code, and each row's test is there.

A new limit, refusal, action, ownership check or route without a row fails; so does a row whose rule or
test is gone.
"""

from collections.abc import Iterator, Set
from fnmatch import fnmatchcase

import pytest

from tests.docs.page import Page, page, spans_in
from tests.docs.rules import is_limit, names_of_tests, rules, rules_in

#: The heading of the table of what looks like a limit and is none.
NO_GUARDS = "What is no guard"

LONGEST = 600


def rows(guards: Page) -> Iterator[tuple[str, list[str]]]:
    """Each rule that has a row, with its tests."""
    for table in guards.tables:
        if table.under != NO_GUARDS:
            for _, where, tested in table.rows:
                for rule in where.split("<br>"):
                    yield " ".join(spans_in(rule)), spans_in(tested)


def explained(guards: Page) -> set[str]:
    """The patterns of constants that are no guards; each row says why."""
    found: set[str] = set()
    for table in guards.tables:
        if table.under == NO_GUARDS:
            for names, why in table.rows:
                assert len(why) > 20, f"{names}: say why"
                found.update(spans_in(names))
    return found


def problems(guards: Page, known: Set[str], tested: Set[str]) -> list[str]:
    """Rules without a row, rows without a rule, rows whose test is not there, idle explanations."""
    told = dict(rows(guards))
    free = explained(guards)

    def is_free(rule: str) -> bool:
        return is_limit(rule) and any(fnmatchcase(rule, pattern) for pattern in free)

    found = [f"no row for {rule}" for rule in sorted(known - told.keys()) if not is_free(rule)]
    found += [f"there is no rule {rule}" for rule in sorted(told.keys() - known)]
    found += [f"{rule} names no test" for rule, names in sorted(told.items()) if not names]
    found += [
        f"{rule}: there is no test {name}"
        for rule, names in sorted(told.items())
        for name in names
        if name not in tested
    ]
    found += [
        f"no constant is {pattern}"
        for pattern in sorted(free)
        if not any(fnmatchcase(rule, pattern) for rule in known if is_limit(rule))
    ]
    return found


def test_every_rule_in_code_has_a_row_and_a_test_that_is_there() -> None:
    """And no row is about something that is gone."""
    assert problems(page("docs/guards.md"), rules(), names_of_tests()) == []


def test_the_page_can_be_read_in_one_go() -> None:
    """A list that nobody reads guards nothing."""
    assert len(page("docs/guards.md").lines) <= LONGEST


def without(line: str, taken: str) -> str:
    """A line of a table without one of its rules; nothing if it has no other."""
    if taken not in line:
        return line or " "
    others = line.replace(f"{taken}<br>", "").replace(f"<br>{taken}", "")
    return "" if taken in others else others


@pytest.mark.parametrize(
    "sort", ["limit", "refusal", "role", "ownership", "route"], ids=lambda sort: sort
)
def test_a_row_that_is_taken_out_is_missed(sort: str) -> None:
    """One of each sort."""
    guards = page("docs/guards.md")
    taken = {
        "limit": "`bot/outbox/pushes.py` `TRIES`",
        "refusal": "`bot/cases/handling.py` `merge` `desk.no.together`",
        "role": "`bot/web/frame/roles.py` `triage`",
        "ownership": "`bot/web/staff/downloads.py` `own_download`",
        "route": "`bot/app/site.py` `/staff/audit.csv`",
    }[sort]
    assert taken in guards.text
    kept = [without(line, taken) for line in guards.lines]
    less = Page(guards.name, "\n".join(line for line in kept if line))
    assert problems(less, rules(), names_of_tests()) == [f"no row for {' '.join(spans_in(taken))}"]


def test_a_new_rule_is_asked_about() -> None:
    """A limit, a refusal and a gate that somebody writes into a module."""
    source = (
        "MOST_SEATS = 40\nNAME = 'x'\n_ALLOWED = frozenset({'a'})\n"
        "def book(n):\n    if n > MOST_SEATS:\n        raise refused('hall.no.seat', most=MOST_SEATS)\n"
        "    raise NotAllowed(f'{n} is too late')\n"
        "async def page(tx, member):\n    await gate.own_consultation(tx, member, 'X')\n"
    )
    written = rules_in(source, "bot/web/staff/hall.py")
    assert written == {
        "bot/web/staff/hall.py MOST_SEATS",
        "bot/web/staff/hall.py _ALLOWED",
        "bot/web/staff/hall.py book hall.no.seat",
        "bot/web/staff/hall.py book … is too late",
        "bot/web/staff/hall.py own_consultation",
    }
    found = problems(page("docs/guards.md"), rules() | written, names_of_tests())
    assert found == [f"no row for {rule}" for rule in sorted(written)]


def test_a_row_of_a_test_that_was_renamed_is_found() -> None:
    """So a guard does not lose its test in silence."""
    guards = page("docs/guards.md")
    gone = next(iter(dict(rows(guards)).values()))[0]
    assert f"there is no test {gone}" in " ".join(
        problems(guards, rules(), names_of_tests() - {gone})
    )
