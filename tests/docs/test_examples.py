"""The examples in the pages are read by what reads them in earnest: definitions, councils, settings.

A block of TOML may be whole, or show a few keys; then the rest is taken from the example council.
"""

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.app.build import councils_of, example_folder
from bot.consultations.definitions import BrokenDefinition, read_definition
from bot.core.config import Config, ConfigError, load, read_council
from bot.core.foreign.tables import BadFile
from bot.outreach.lists import texts_of
from flows.dialog.definition import Head
from flows.dialog.facts import Council
from flows.wording.text import LANGUAGES
from tests.docs.page import Page, pages


def toml_in(page: Page) -> list[str]:
    """Blocks that say they are TOML, and those that can be read as such."""
    return [
        block.text
        for block in page.blocks
        if block.language == "toml" or (not block.language and _raw(block.text))
    ]


def _raw(text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def trouble(text: str, folder: Path) -> str:
    """What the program says against an example; "" if it takes it."""
    file = folder / "example.toml"
    file.write_text(text, "utf-8")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return str(error)
    try:
        if set(raw) <= set(LANGUAGES):
            texts_of(file)
        elif set(raw) <= {field.encode_name for field in msgspec.structs.fields(Config)}:
            load(file, {})
        elif set(raw) <= _names(Council) and "title" not in raw:
            read_council(_whole(file, raw, "council"))
        else:
            _read(file if "kind" in raw else _whole(file, raw, "poll"))
    except (BrokenDefinition, ConfigError, BadFile) as error:
        return str(error)
    return ""


def _names(struct: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(struct)}


def _whole(file: Path, raw: Mapping[str, Any], name: str) -> Path:
    """The same, with all that it does not say taken from an example of ours."""
    example = tomllib.loads((example_folder() / f"{name}.toml").read_text("utf-8"))
    keys = (f"{key} = {_written(value)}\n" for key, value in {**example, **raw}.items())
    file.write_text("".join(keys), "utf-8")
    return file


def _written(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_written(inner)}' for key, inner in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def _read(file: Path) -> Head:
    councils = {council.code: council for council in councils_of(Config())}
    return read_definition(file, councils)[1]


# --------------------------------------------------------------------------- the pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_example_is_taken_by_the_program(page: Page, tmp_path: Path) -> None:
    assert [said for text in toml_in(page) if (said := trouble(text, tmp_path))] == []


def test_a_whole_poll_and_parts_of_a_councils_file_are_among_the_examples() -> None:
    shown = [tomllib.loads(text) for page in pages() for text in toml_in(page)]
    assert any(raw.get("kind") == "poll" for raw in shown)
    assert {key for raw in shown for key in raw} >= {"sending", "embed_on"}


# --------------------------------------------------------------------------- the checks themselves

POLL = """
kind = "poll"
code = "OZT-SOUK"
council = "example"
[title]
fr = "Le souk"
[[questions]]
key = "good"
type = "yes_no"
text = { fr = "Est-il bon ?" }
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (POLL, ""),
        (POLL.replace("yes_no", "yes"), "questions[0].type"),
        (POLL.replace("OZT-SOUK", "souk"), "code: is 'souk'"),
        ("[outreach]\ninvite = true", ""),
        ("[outreach]\ninvites = true", "unknown field `invites`"),
        ("[[outreach.reminders]]\nbefore_closing = 1", "the consultation has no end"),
        ("answer_days = 30\n[sending]\nper_week = 2", ""),
        ("[sending]\nper_week = 200", "sending.per_week"),
        ('embed_on = ["www.example.ma"]', "embed_on"),
        ("[web]\nport = 8000", ""),
        ("[web]\nprot = 8000", "[web] prot is not a setting"),
        ('fr = "Bonjour"\nar = "سلام"', ""),
        ('fr = ""', "fr"),
        ("[web", "Expected"),
    ],
)
def test_an_example_that_the_program_refuses_is_found(tmp_path: Path, text: str, said: str) -> None:
    found = trouble(text, tmp_path)
    assert said in found
    assert bool(found) is bool(said)


def test_code_is_read_as_toml_where_it_says_so_or_is_so() -> None:
    text = "```toml\n[web\n```\n\n    a = 1\n\n    make test\n\n```html\nb = 1\n```\n"
    assert toml_in(Page("made-up.md", text)) == ["[web", "a = 1"]
