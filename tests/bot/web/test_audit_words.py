"""What staff did has a word in every language of the desk: the page of the log shows each action by it."""

import pytest

from bot.web.staff.members import ACTIONS
from flows.wording import catalogue


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_action_that_the_log_knows_is_called_something(language: str) -> None:
    known = catalogue(language).entries
    assert [a for a in sorted(ACTIONS) if f"audit.{a.replace(' ', '_')}" not in known] == []
