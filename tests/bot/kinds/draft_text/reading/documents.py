"""Documents of a word processor for tests, with what is hard to read in them."""

import io
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

Document = Any


def document() -> Document:
    """An empty one."""
    return docx.Document()


def content_of(made: Document) -> bytes:
    """The file."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def change(paragraph: Any, deleted: str, inserted: str) -> None:
    """A tracked change at the end of a paragraph."""
    by = 'w:id="1" w:author="A" w:date="2026-11-01T00:00:00Z"'
    for tag, inner, text in (("del", "delText", deleted), ("ins", "t", inserted)):
        paragraph._p.append(
            parse_xml(
                f"<w:{tag} {nsdecls('w')} {by}><w:r><w:{inner} xml:space='preserve'>{text}"
                f"</w:{inner}></w:r></w:{tag}>"
            )
        )


def numbered(made: Document, pattern: str, format: str = "decimal") -> str:
    """A list whose numbers the word processor writes by itself. Returns its id."""
    part = made.part.numbering_part.element
    ids = [int(one.get(qn("w:abstractNumId"))) for one in part.iter(qn("w:abstractNum"))]
    id = str(max(ids, default=0) + 1)
    abstract = parse_xml(
        f"<w:abstractNum {nsdecls('w')} w:abstractNumId='{id}'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
        f"<w:numFmt w:val='{format}'/><w:lvlText w:val='{pattern}'/></w:lvl></w:abstractNum>"
    )
    part.insert(0, abstract)
    number = str(900 + int(id))
    part.append(
        parse_xml(
            f"<w:num {nsdecls('w')} w:numId='{number}'><w:abstractNumId w:val='{id}'/></w:num>"
        )
    )
    return number


def put_into(paragraph: Any, number: str) -> None:
    """Make a paragraph an item of such a list."""
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(
            f"<w:numPr {nsdecls('w')}><w:ilvl w:val='0'/><w:numId w:val='{number}'/></w:numPr>"
        )
    )


def remark(paragraph: Any, tag: str) -> None:
    """A footnote or a comment in a paragraph, as a sign."""
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:{tag} w:id='1'/></w:r>"))
