"""DOCX: what is written stands there as text, whatever it is."""

import io
import zipfile
from datetime import UTC, datetime

from docx import Document

from bot.reports.docx import FONT, Chapter, write_docx

MADE = datetime(2027, 5, 4, 15, tzinfo=UTC)


def written(title: str, *chapters: Chapter, language: str = "fr") -> io.BytesIO:
    out = io.BytesIO()
    write_docx(title, ["Commune"], chapters, language, "Commune", MADE, out)
    out.seek(0)
    return out


def test_signs_that_a_file_cannot_hold_are_left_out() -> None:
    made = written("A\x00B\x0b", Chapter("C\x1b", 1, ["<b>&"], [("x\x08", "\ud800y")]))
    document = Document(made)
    assert [p.text for p in document.paragraphs] == ["AB", "Commune", "C", "<b>&"]
    (row,) = document.tables[0].rows
    assert [cell.text for cell in row.cells] == ["x", "y"]


def test_it_says_who_made_it_and_when_and_names_no_program() -> None:
    document = Document(written("Titre"))
    properties = document.core_properties
    assert (properties.author, properties.title) == ("Commune", "Titre")
    assert properties.comments == ""
    assert properties.created.replace(tzinfo=UTC) == MADE


def test_arabic_letters_have_a_font_of_their_own_and_the_order_of_the_schema() -> None:
    made = written("عنوان", Chapter("فصل", 1, (), [("ا", "ب")]), language="ar")
    with zipfile.ZipFile(made) as parts:
        text = parts.read("word/document.xml").decode()
        styles = parts.read("word/styles.xml").decode()
    assert f'w:cs="{FONT}"' in styles
    # The style comes first, as the schema has it: Word refuses what is in another order.
    assert '<w:pStyle w:val="Title"/><w:bidi/>' in text
    assert '<w:tblStyle w:val="TableGrid"/><w:bidiVisual/>' in text
    assert "<w:b/><w:bCs/><w:rtl/>" in text
