"""Pages that do not repeat themselves, are not too long, and name only what there is."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.app.site import policies
from tests.docs.page import ROOT, Page, pages

#: A line longer than this, in characters, says something; most often it may stand in a page.
LONG, MOST_TIMES = 60, 2

#: Most lines of a page.
MOST_LINES = 600

#: Names of files that only a repository has; other names may be a reader's own files.
OURS = ("py", "sql", "md", "po", "html", "css", "js", "typ", "lock")

_PLACEHOLDER = re.compile(r"<\w+>|\{\w+\}|\b[A-Z]{3,}\b")
_PATH = re.compile(r"[\w.<>*{}-]+(?:/[\w.<>*{}-]+)*/?", re.ASCII)
_MODULE = re.compile(r"(\w+)(\.\w+)+", re.ASCII)


def repeated(page: Page) -> list[str]:
    """Long lines that stand in the page too often."""
    counted = Counter(line.strip() for line in page.lines)
    return [line for line, n in counted.items() if len(line) > LONG and n > MOST_TIMES]


@cache
def packages() -> tuple[str, ...]:
    """The folders of the repository that hold code."""
    return tuple(sorted(found.parent.name for found in ROOT.glob("*/__init__.py")))


@cache
def files() -> frozenset[str]:
    """Every file and folder that a page may name, from the root of the repository."""
    found = {path.name for path in ROOT.iterdir()}
    for top in (*packages(), "docs"):
        found |= {path.relative_to(ROOT).as_posix() for path in (ROOT / top).rglob("*")}
    return frozenset(found)


def lost_paths(page: Page) -> list[str]:
    """Paths that the page names in backticks or in a block of code, and that are not there.

    A word is a path of ours if it begins with a folder of ours or ends as our files do; it may leave
    folders out at its beginning. NAME, <name>, {name} and * stand for anything.
    """
    words = [*page.spans, *(word for block in page.blocks for word in block.text.split())]
    named = dict.fromkeys(word.strip(".,:;()") for word in words)
    return [word for word in named if _is_path(word) and not _is_there(word)]


def _is_path(word: str) -> bool:
    if not _PATH.fullmatch(word):
        return False
    first, _, rest = word.partition("/")
    stem, _, ending = word.rpartition(".")
    ours = bool(stem) and ending in OURS
    return ours or bool(rest and first in (*packages(), "docs"))


def _is_there(word: str) -> bool:
    pieces = _PLACEHOLDER.sub("*", word.rstrip("/")).split("*")
    wanted = re.compile(r"(.*/)?" + r"[^/]*".join(map(re.escape, pieces)))
    return any(wanted.fullmatch(file) for file in files())


def lost_modules(page: Page) -> list[str]:
    """Dotted names of our modules ("bot.core.localtime"), with or without something in them, that are not."""
    named = (span for span in page.spans if _MODULE.fullmatch(span))
    return [name for name in named if name.split(".")[0] in packages() and not _is_module(name)]


def _is_module(name: str) -> bool:
    if name.rpartition(".")[2] in OURS:
        return True  # A file, not a module.
    parts = name.split(".")
    for count in range(len(parts), 1, -1):
        path = ROOT.joinpath(*parts[:count])
        inner = parts[count : count + 1]
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                return (
                    not inner or re.search(rf"\b{inner[0]}\b", file.read_text("utf-8")) is not None
                )
    return False


def lost_links(page: Page, root: Path = ROOT) -> list[str]:
    """Links within the repository that lead nowhere."""
    return [link for link in page.links if "://" not in link and not _leads(page, link, root)]


def _leads(page: Page, link: str, root: Path) -> bool:
    path, _, anchor = link.partition("#")
    if not path:
        return anchor in page.anchors
    target = (root / page.name).parent / path
    if not anchor or not target.is_file():
        return target.exists() and not anchor
    return anchor in Page(path, target.read_text("utf-8")).anchors


def lost_addresses(page: Page) -> Iterator[str]:
    """Addresses of the web server ("/c/{council}") that it does not serve."""
    served = [_PLACEHOLDER.sub("*", route) for route in policies()]
    for span in page.spans:
        if re.fullmatch(r"/[a-z]+[\w/<>{}.-]*", span) and _PLACEHOLDER.sub("*", span) not in served:
            yield span


# --------------------------------------------------------------------------- the pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
class TestEveryPage:
    """What holds for each page."""

    def test_says_no_long_line_three_times(self, page: Page) -> None:
        assert repeated(page) == []

    def test_is_short_enough_to_be_read(self, page: Page) -> None:
        assert len(page.lines) <= MOST_LINES

    def test_names_only_files_and_modules_that_there_are(self, page: Page) -> None:
        assert lost_paths(page) == []
        assert lost_modules(page) == []

    def test_links_lead_somewhere(self, page: Page) -> None:
        assert lost_links(page) == []

    def test_names_only_addresses_that_are_served(self, page: Page) -> None:
        assert list(lost_addresses(page)) == []


def test_the_pages_are_found() -> None:
    assert {"README.md", "CHANGELOG.md", "docs/organizers.md"} <= {page.name for page in pages()}


# --------------------------------------------------------------------------- the checks themselves


def made_up(text: str) -> Page:
    return Page("docs/made-up.md", text)


def test_a_long_line_that_stands_three_times_is_found() -> None:
    line = "Of several missed times of one rule only the newest runs; the rest is skipped."
    assert repeated(made_up(f"{line}\n\n{line}\n")) == []
    assert repeated(made_up(f"{line}\n\n{line}\n  {line}\n")) == [line]
    assert repeated(made_up("short\n" * 3)) == []


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("`bot/nowhere.py` and `bot/app/command_line.py`", ["bot/nowhere.py"]),
        ("`flows/kinds/` and `flows/sorts/`", ["flows/sorts/"]),
        ("`nowhere.sql`, `pages/nowhere.md`, `conftest.py`", ["nowhere.sql", "pages/nowhere.md"]),
        ("`flows/wording/<language>.po`, `flows/kinds/NAME.py`, `bot/NAME.sql`", ["bot/NAME.sql"]),
        ("`storage/sql/*.sql`, `storage/mysql/*.sql`", ["storage/mysql/*.sql"]),
        ("    bot/nowhere.py    what it holds", ["bot/nowhere.py"]),
        ("`data/media`, `mine.toml`, `text/plain`, `09:00`, `and/or`, `-o FILE`", []),
    ],
)
def test_a_path_that_is_not_there_is_found(text: str, lost: list[str]) -> None:
    assert lost_paths(made_up(text)) == lost


def test_a_module_that_is_not_there_is_found() -> None:
    text = "`bot.core.config`, `bot.core.config.load`, `bot.nowhere`, `bot.core.config.nothing`, `wat.config`"
    assert lost_modules(made_up(text)) == ["bot.nowhere", "bot.core.config.nothing"]


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("operators.md", True),
        ("nowhere.md", False),
        ("#a-heading-of-its-own", True),
        ("#another", False),
        ("operators.md#the-secret", True),
        ("operators.md#no-secret", False),
        ("https://example.ma/nowhere", True),
    ],
)
def test_a_link_that_leads_nowhere_is_found(link: str, leads: bool) -> None:
    page = made_up(f"## A heading, of its own\n\nRead [on]({link}).\n")
    assert lost_links(page) == ([] if leads else [link])


def test_a_picture_that_is_not_there_is_found() -> None:
    assert lost_links(made_up('<img src="images/nothing.png">')) == ["images/nothing.png"]


def test_an_address_that_is_not_served_is_found() -> None:
    text = (
        "`/c/{council}`, `/c/<council>`, `/results/CODE`, `/health`, `/nothing`, `/c/{council}/x`"
    )
    assert list(lost_addresses(made_up(text))) == ["/nothing", "/c/{council}/x"]
