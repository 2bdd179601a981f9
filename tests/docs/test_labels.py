"""What the pages tell to press or write stands in the catalogues as it stands in the pages."""

import re

import pytest
from babel.messages.pofile import read_po

from tests.docs.page import ROOT, Page, page

#: A name in quotation marks: it begins with a capital.
_LABEL = re.compile(r'(?<![\w`"])"([A-Z][^"]*)"')

_SPAN = re.compile(r"`[^`]*`")


def labels(page: Page) -> list[str]:
    """Names of buttons, links and pages between quotation marks, outside of code."""
    return _LABEL.findall(_SPAN.sub("", " ".join(page.prose)))


def known() -> set[str]:
    """Every text of the English catalogues."""
    found: set[str] = set()
    for name in ("en", "staff.en"):
        with (ROOT / "flows" / "wording" / f"{name}.po").open("rb") as file:
            for entry in read_po(file):
                found |= (
                    {entry.string} if isinstance(entry.string, str) else set(entry.string or ())
                )
    return found


@pytest.mark.parametrize("name", ["docs/organizers.md", "docs/staff.md"])
def test_what_a_page_tells_to_press_is_called_so(name: str) -> None:
    told = labels(page(name))
    assert told
    assert [label for label in told if label not in known()] == []


def test_names_are_found_between_quotation_marks_outside_of_code() -> None:
    text = 'Press "Send", then "Later or\nregularly"; write "stop", or `code = "OZT-1"`.'
    assert labels(Page("made-up.md", text)) == ["Send", "Later or regularly"]
    assert "Send nothing at all" not in known()
