"""A setting or variable that a page names in passing (`[web] port`, `TACHAWOR_WEB_PORT`) is one."""

import re

import pytest

from bot.core.config import OTHER_VARIABLES, Config, ConfigError, load
from tests.docs.page import ROOT, Page, pages

_SETTING = re.compile(r"\[([a-z]+)\] ([a-z_]+)")
_VARIABLE = re.compile(r"TACHAWOR_[A-Z_]+")


def lost_settings(page: Page) -> list[str]:
    """Settings and variables that the page names and that the program does not have."""
    code = "\n".join([*page.spans, *(block.text for block in page.blocks)])
    named = {
        match[0]: f"TACHAWOR_{match[1]}_{match[2]}".upper() for match in _SETTING.finditer(code)
    }
    named |= {variable: variable for variable in _VARIABLE.findall(code)}
    return [said for said, variable in named.items() if not _is_variable(variable)]


def _is_variable(name: str) -> bool:
    try:
        # A value that is wrong is refused in other words than a name that is.
        load(None, {name: "1"})
    except ConfigError as error:
        return "names no se" not in str(error)
    return True


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_setting_that_a_page_names_is_one(page: Page) -> None:
    assert lost_settings(page) == []


def test_every_setting_that_the_example_names_is_one() -> None:
    text = (ROOT / "config.example.toml").read_text("utf-8")
    assert lost_settings(Page("config.example.toml", f"```\n{text}\n```\n")) == []


def test_a_setting_that_is_none_is_found() -> None:
    text = "`[web] port`, `[web] prot`, `[wbe] port`, `TACHAWOR_WEB_PORT`, `TACHAWOR_WEB_PROT`"
    found = lost_settings(Page("made-up.md", text))
    assert found == ["[web] prot", "[wbe] port", "TACHAWOR_WEB_PROT"]
    assert _is_variable("TACHAWOR_TELEGRAM_MODE")
    assert all(_is_variable(name) for name in OTHER_VARIABLES)
    assert load(None, {}) == Config()
