"""When a request for information must be answered, and by which rule."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.morocco import workdays
from flows.morocco.information_law import ANSWER, REFUSAL, RULES, URGENT, due
from flows.morocco.petition_law import NoRule

MONDAY = date(2026, 11, 2)


def test_an_answer_is_due_after_twenty_working_days():
    """Two holidays and four weekends later."""
    found = due(MONDAY)
    assert (found.days, found.working, found.rule) == (20, True, ANSWER)
    assert found.last_day == date(2026, 12, 2)
    assert workdays.left(MONDAY, found.last_day) == 20


def test_the_one_extension_is_as_long_again():
    """Forty working days in all."""
    found = due(MONDAY, extended=True)
    assert found.days == 40
    assert workdays.left(due(MONDAY).last_day, found.last_day) == 20


def test_an_urgent_request_has_three_days_of_the_calendar():
    """The earlier reading is taken, and the doubt is told."""
    found = due(date(2026, 11, 5), urgent=True)
    assert (found.days, found.working, found.last_day) == (3, False, date(2026, 11, 8))
    assert due(MONDAY, urgent=True, extended=True).last_day == date(2026, 11, 8)
    assert any("calendar" in doubt for doubt in found.rule.to_verify)


def test_a_councils_own_days_off_are_respected():
    """A further day off puts the end off; an estimated holiday that was worked brings it nearer."""
    assert due(MONDAY, closed=[date(2026, 12, 2)]).last_day == date(2026, 12, 3)
    assert due(MONDAY, opened=[date(2026, 11, 18)]).last_day == date(2026, 12, 1)


def test_before_the_law_there_is_no_rule():
    """A day before 12 March 2019 gets no answer, and the reason."""
    with pytest.raises(NoRule, match="2019-03-11"):
        due(date(2019, 3, 11))
    assert due(date(2019, 3, 12)).rule is ANSWER


@given(st.dates(date(2020, 1, 1), date(2032, 12, 31)))
def test_the_urgent_reading_is_never_the_later_one(received: date):
    """Three days of the calendar end no later than three working days would."""
    assert due(received, urgent=True).last_day <= workdays.add(received, 3)
    assert due(received, urgent=True).last_day < due(received).last_day


def test_a_citation_names_law_source_certainty_and_who_decides():
    """In each language, without English words in the others."""
    found = due(MONDAY)
    assert found.cite("fr").startswith(
        "loi 31-13 relative au droit d'accès à l'information ; source"
    )
    assert "cdai.ma" in found.cite("fr")
    assert found.cite("ary") == found.cite("ar")
    assert "القانون \u206831-13\u2069" in found.cite("ar")
    assert found.cite("ar").endswith("القرار للمستشار القانوني للمجلس.")
    assert "certainty A" in found.cite("en")
    assert "in part to be verified" in found.cite("en")


def test_every_rule_is_dated_sourced_and_readable_in_three_languages():
    """As the rules on petitions are; and a refusal is in writing, with reasons."""
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in (ANSWER, URGENT, REFUSAL):
        assert rule in RULES
        assert rule.in_force(MONDAY)
        assert rule.to_verify
        assert set(rule.note) == set(rule.article) == set(rule.source) == {"fr", "ar", "en"}
    assert "in writing" in REFUSAL.note["en"]
