"""DOCX: headings, and under each a table of two columns, in the direction of its language.

No database here. A text is written as text: Word takes none of it for a field or a link.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from bot.reports.rendered import printable
from flows.wording.text import RIGHT_TO_LEFT

#: A font that every office has, with Latin and Arabic letters.
FONT = "Arial"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading (`level` 1 or 2), lines below it, and pairs of a label and what stands beside it."""

    heading: str
    level: int = 1
    lines: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()


def write_docx(
    title: str,
    about: Sequence[str],
    chapters: Sequence[Chapter],
    language: str,
    author: str,
    made: datetime,
    out: BinaryIO,
) -> None:
    """Write a document; `about` are lines under its title, `made` says when it was written."""
    # Slow to load, and only such a file needs it.
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.author, properties.title = printable(author)[:255], printable(title)[:255]
    properties.created = properties.modified = made.replace(tzinfo=None)
    properties.last_modified_by, properties.comments, properties.language = "", "", language
    backwards = language in RIGHT_TO_LEFT
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        _font(document.styles[name], backwards)
    document.add_heading(printable(title), 0)
    for line in about:
        document.add_paragraph(printable(line))
    for chapter in chapters:
        document.add_heading(printable(chapter.heading), chapter.level)
        for line in chapter.lines:
            document.add_paragraph(printable(line))
        if chapter.pairs:
            table = document.add_table(rows=0, cols=2, style="Table Grid")
            for label, value in chapter.pairs:
                cells = table.add_row().cells
                name = cells[0].paragraphs[0].add_run(printable(label))
                # Letters of Arabic are bold by a word of their own.
                name.bold = name.font.cs_bold = True
                cells[1].text = printable(value)
            if backwards:
                _first(table._tbl.tblPr, "w:bidiVisual")
    if backwards:
        for paragraph in _paragraphs(document):
            _first(paragraph._p.get_or_add_pPr(), "w:bidi")
            for run in paragraph.runs:
                run.font.rtl = True
    document.save(out)


def _paragraphs(document: Any) -> list[Any]:
    inside = (p for t in document.tables for row in t.rows for c in row.cells for p in c.paragraphs)
    return [*document.paragraphs, *inside]


def _font(style: Any, backwards: bool) -> None:
    """The same font for letters of every script."""
    from docx.oxml.ns import qn

    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:cs"), FONT)
    fonts.set(qn("w:hAnsi"), FONT)
    if backwards:
        style.font.rtl = True


#: What may stand before `bidi` in the properties of a paragraph, and before `bidiVisual` in those of a table.
_BEFORE = ("w:pStyle", "w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:numPr", "w:tblStyle")


def _first(properties: Any, name: str) -> None:
    """Put an element where the schema wants it: behind the style."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    before = [one for one in properties if one.tag in {qn(name) for name in _BEFORE}]
    properties.insert(len(before), OxmlElement(name))
