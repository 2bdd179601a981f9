"""A page of the documentation as the checks read it: lines, headings, code, spans, links, tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]

_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Table:
    """A table: the headings above it, its columns' names, its rows of cells."""

    under: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Block:
    """A block of code, and the language that stands behind its fence."""

    language: str
    text: str


@dataclass(frozen=True)
class Page:
    """A Markdown page; `name` is its path from the root of the repository."""

    name: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """Its lines as they stand."""
        return self.text.splitlines()

    @cached_property
    def _parts(self) -> tuple[list[str], list[Block]]:
        """Lines of prose (empty where there is code), and blocks of code."""
        prose: list[str] = []
        blocks: list[Block] = []
        code: list[str] = []
        fenced, language, before = False, "", ""
        for line in [*self.lines, ""]:
            fence = line.startswith("```")
            indented = line.startswith("    ") and (bool(code) or not before.strip())
            if not fence and (fenced or indented):
                code.append(line if fenced else line[4:])
            elif code:
                blocks.append(Block(language, "\n".join(code)))
                code = []
            if fence:
                fenced = not fenced
                language = line[3:].strip() if fenced else ""
            prose.append("" if fence or code else line)
            before = line
        return prose, blocks

    @property
    def prose(self) -> list[str]:
        """Its lines, empty where code stands."""
        return self._parts[0]

    @property
    def blocks(self) -> list[Block]:
        """Its blocks of code, indented or fenced."""
        return self._parts[1]

    @cached_property
    def spans(self) -> list[str]:
        """What stands between backticks in a line or over two."""
        return [
            " ".join(span.split()).replace("\\|", "|")
            for paragraph in "\n".join(self.prose).split("\n\n")
            for span in _SPAN.findall(paragraph)
        ]

    @cached_property
    def links(self) -> list[str]:
        """Where its links and pictures lead."""
        return [first or second for first, second in _LINK.findall("\n".join(self.prose))]

    @cached_property
    def headings(self) -> list[str]:
        """Its headings, without the signs before them."""
        return [line.lstrip("#").strip() for line in self.prose if line.startswith("#")]

    @cached_property
    def anchors(self) -> set[str]:
        """What a link may name after "#", as GitHub makes it of a heading."""
        found: set[str] = set()
        for heading in self.headings:
            plain = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            anchor, n = plain, 0
            while anchor in found:
                n += 1
                anchor = f"{plain}-{n}"
            found.add(anchor)
        return found

    @cached_property
    def tables(self) -> list[Table]:
        """Its tables."""
        return list(self._tables())

    def _tables(self) -> Iterator[Table]:
        under = ""
        rows: list[tuple[str, ...]] = []
        for line in [*self.prose, ""]:
            if line.startswith("|"):
                rows.append(tuple(cell.strip() for cell in _CELL.split(line)[1:-1]))
                continue
            if len(rows) > 1:
                yield Table(under, rows[0], tuple(rows[2:]))
            rows = []
            if line.startswith("#"):
                under = line.lstrip("#").strip()


def spans_in(cell: str) -> list[str]:
    """What stands between backticks in a cell of a table."""
    return [span.replace("\\|", "|") for span in _SPAN.findall(cell)]


def pages() -> list[Page]:
    """Every page for readers: those at the root, and the docs."""
    paths = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    return [Page(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths]


def page(name: str) -> Page:
    """One of them, such as "docs/staff.md"."""
    return Page(name, (ROOT / name).read_text("utf-8"))
