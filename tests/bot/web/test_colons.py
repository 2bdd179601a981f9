"""In French a colon has a space before it that does not break; templates leave it to `colon`."""

import re
from pathlib import Path

import pytest

import bot

TEMPLATES = sorted(Path(bot.__file__).parent.rglob("templates/*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_page_writes_a_colon_behind_a_word_of_ours(path: Path) -> None:
    # Behind "you" and "council" in the chat it is read aloud only.
    written = re.findall(r"\bt\([^}]*\}\}: ", path.read_text("utf-8"))
    assert written == []
