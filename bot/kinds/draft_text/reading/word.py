"""A text of a word processor (DOCX): its paragraphs with their levels and numbers, read as accepted.

Of tracked changes what was inserted is read and what was deleted is not; both are counted. Tables,
pictures, boxes, notes and remarks in the margin are counted and left out.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from bot.kinds.draft_text.reading.blocks import BadText, Found
from bot.kinds.draft_text.reading.numbering import Numbering
from flows.wording.text import msg

#: Most bytes of such a file once it is unpacked, and most parts: more is no text.
MOST_UNPACKED: Final = 60_000_000
MOST_PARTS: Final = 2_000

#: The name space of the format, as lxml writes it.
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

#: What is counted and left out, by its element.
_COUNTED = {
    f"{W}drawing": "picture",
    f"{W}pict": "picture",
    f"{W}object": "picture",
    f"{W}footnoteReference": "note",
    f"{W}endnoteReference": "note",
    f"{W}commentReference": "remark",
}

#: What is read as a sign of its own.
_SIGNS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}

#: Parts that are not of the text: they were taken out, or stand in a box of their own.
_GONE = frozenset({f"{W}del", f"{W}moveFrom"})
_BOX = f"{W}txbxContent"


def read(content: bytes) -> Found:
    """The blocks of a DOCX file. Raises BadText."""
    # Slow to load, and only such a file needs them.
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml import etree  # type: ignore[import-untyped]  # it ships no types

    _check(content)
    try:
        document = docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise BadText(msg("draft_file.broken")) from error
    found = Found()
    numbering = Numbering(document)
    levels = _Levels(document)
    for paragraph in _paragraphs(document.element.body, found):
        text = _text(paragraph, found)
        number = numbering.of(paragraph, levels.style_of(paragraph)) if text.strip() else ""
        found.add(f"{number} {text}" if number else text, levels.of(paragraph))
    return found


def _check(content: bytes) -> None:
    """Whether it can be unpacked without harm, and is a text."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise BadText(msg("draft_file.broken")) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadText(msg("draft_file.unpacked", limit=MOST_UNPACKED // 1_000_000))
    if "word/document.xml" not in {part.filename for part in parts}:
        raise BadText(msg("draft_file.no_text"))


def _paragraphs(body: Any, found: Found) -> Iterator[Any]:
    """The paragraphs of the text itself, those in frames of fields (`w:sdt`) among them."""
    for child in body:
        if child.tag == f"{W}p":
            yield child
        elif child.tag == f"{W}tbl":
            found.left_out["table"] += 1
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}smartTag"):
            yield from _paragraphs(child, found)


def _text(paragraph: Any, found: Found) -> str:
    return "".join(_runs(paragraph, found))


def _runs(element: Any, found: Found) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag in _GONE:
            found.left_out["deleted"] += 1
        elif tag == _BOX:
            found.left_out["box"] += 1
        elif tag == f"{W}t":
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        else:
            if tag in (f"{W}ins", f"{W}moveTo"):
                found.inserted += 1
            if tag in _COUNTED and not _holds_box(child):
                found.left_out[_COUNTED[tag]] += 1
            # Properties hold no text, but tab stops, which are no tabs.
            if tag != f"{W}pPr":
                yield from _runs(child, found)


def _holds_box(element: Any) -> bool:
    """Whether a drawing is a box with words, which is counted as one."""
    return next(element.iter(_BOX), None) is not None


class _Levels:
    """Which level of heading a paragraph is, by its own outline or by its style's."""

    def __init__(self, document: Any) -> None:
        self._styles: dict[str, Any] = {}
        for style in document.styles.element.iter(f"{W}style"):
            self._styles[style.get(f"{W}styleId")] = style

    def of(self, paragraph: Any) -> int:
        """1 to 9 for a heading, 0 for plain text."""
        own = paragraph.find(f"{W}pPr/{W}outlineLvl")
        if own is not None:
            return _level(own)
        for style in self.style_of(paragraph):
            outline = style.find(f"{W}pPr/{W}outlineLvl")
            if outline is not None:
                return _level(outline)
            name = style.find(f"{W}name")
            if name is not None and str(name.get(f"{W}val")).lower() == "title":
                return 1
        return 0

    def style_of(self, paragraph: Any) -> list[Any]:
        """The style of a paragraph and those that it is based on, its own first."""
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        id = named.get(f"{W}val") if named is not None else None
        chain: list[Any] = []
        while id in self._styles and self._styles[id] not in chain:
            chain.append(self._styles[id])
            based = chain[-1].find(f"{W}basedOn")
            id = based.get(f"{W}val") if based is not None else None
        return chain


def _level(outline: Any) -> int:
    """An outline level counts from nought, and nine means none."""
    value = str(outline.get(f"{W}val", ""))
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else 0
