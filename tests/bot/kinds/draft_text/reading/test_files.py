"""A file of the organizer's: what is read of it, what is counted and left out, what is refused."""

import io
import zipfile

import pytest

from bot.kinds.draft_text.reading import blocks, files, word
from bot.kinds.draft_text.reading.blocks import BadText, Found
from flows.wording import render
from tests.bot.kinds.draft_text.reading.documents import (
    change,
    content_of,
    document,
    numbered,
    put_into,
    remark,
)


def shown(found: Found) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in found.blocks]


def refusal(content: bytes) -> str:
    """Why a file is not read; said in the staff's languages too."""
    with pytest.raises(BadText) as error:
        files.read(content)
    for language in ("ar", "fr"):
        assert render(error.value.text, language)
    return str(error.value)


# --------------------------------------------------------------------------- Markdown


def test_markdown_has_headings_paragraphs_and_lists() -> None:
    """Marks of emphasis go, line ends in a paragraph are spaces, items keep their numbers."""
    text = "# Charter\n\n## Article 1\n\nThe *council*\nanswers.\n\n- one\n- two\n\n3. three\n4. four\n"
    assert shown(files.read(text.encode())) == [
        (1, "Charter"), (2, "Article 1"), (0, "The council answers."),
        (0, "– one"), (0, "– two"), (0, "3. three"), (0, "4. four"),
    ]  # fmt: skip


def test_what_markdown_has_besides_is_counted_and_left_out() -> None:
    text = "Before ![x](y.png) <b>it</b>\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n```\ncode\n```\n"
    found = files.read(text.encode())
    assert shown(found) == [(0, "Before  it")]
    assert found.left_out == {"picture": 1, "html": 2, "table": 1, "code": 1}


def test_arabic_with_the_mark_of_its_encoding_is_read() -> None:
    text = "## المادة 1\n\nيعلن المجلس.\n"
    for content in (text.encode("utf-8-sig"), text.encode("utf-16")):
        assert shown(files.read(content)) == [(2, "المادة 1"), (0, "يعلن المجلس.")]


# --------------------------------------------------------------------------- DOCX


def test_a_word_document_has_levels_by_its_styles() -> None:
    """Title and headings, in whatever language the program names them: the outline counts."""
    made = document()
    made.add_heading("Charter", 0)
    made.add_heading("Chapter one", 1)
    made.add_heading("Article 1", 2)
    made.add_paragraph("The council answers.\nAlways.")
    assert shown(files.read(content_of(made))) == [
        (1, "Charter"), (1, "Chapter one"), (2, "Article 1"), (0, "The council answers.\nAlways."),
    ]  # fmt: skip


def test_tracked_changes_are_read_as_accepted_and_counted() -> None:
    made = document()
    change(made.add_paragraph("Within "), "three months", "two months")
    found = files.read(content_of(made))
    assert shown(found) == [(0, "Within two months")]
    assert (found.left_out["deleted"], found.inserted) == (1, 1)


def test_tables_notes_and_remarks_are_counted_and_left_out() -> None:
    made = document()
    one = made.add_paragraph("Text")
    remark(one, "footnoteReference")
    remark(one, "commentReference")
    made.add_table(2, 2).cell(0, 0).text = "cell"
    found = files.read(content_of(made))
    assert shown(found) == [(0, "Text")]
    assert found.left_out == {"note": 1, "remark": 1, "table": 1}


@pytest.mark.parametrize(
    ("pattern", "format", "written"),
    [
        ("Article %1", "decimal", ["Article 1 Aims", "Article 2 Means"]),
        ("%1.", "upperRoman", ["I. Aims", "II. Means"]),
        ("%1)", "lowerLetter", ["a) Aims", "b) Means"]),
        ("•", "bullet", ["– Aims", "– Means"]),
        ("%1", "none", ["Aims", "Means"]),
    ],
)
def test_numbers_that_the_program_writes_by_itself_are_read(
    pattern: str, format: str, written: list[str]
) -> None:
    """They stand in no paragraph's text, and a lawyer's text is full of them."""
    made = document()
    id = numbered(made, pattern, format)
    for text in ("Aims", "Means"):
        put_into(made.add_paragraph(text), id)
    assert [text for _, text in shown(files.read(content_of(made)))] == written


# --------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no word"),
        (b" \n\n---\n", "no word"),
        (b"\xd0\xcf\x11\xe0 an older file", "older file"),
        (b"%PDF-1.7", "PDF is not read"),
        (b"PK\x03\x04 and no more", "damaged"),
        ("الميثاق".encode("cp1256"), "letters"),
        (b"a\0b", "no text"),
    ],
)
def test_what_cannot_be_read_gets_a_clear_word(content: bytes, said: str) -> None:
    assert said in refusal(content)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_a_workbook_and_a_broken_document_are_no_texts() -> None:
    assert "no text" in refusal(zipped(xl__workbook=b"<x/>"))
    assert "damaged" in refusal(zipped(**{"word/document.xml": b"<w:document"}))


def test_a_file_has_at_most_five_megabytes() -> None:
    """One byte more is refused before it is looked into."""
    files.read(b"word " * 10 + b" " * (blocks.MOST_BYTES - 50))
    assert "5 MB" in refusal(b"word " * 10 + b" " * (blocks.MOST_BYTES - 49))


def test_what_unpacks_to_more_than_a_text_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    made = document()
    made.add_paragraph("Text")
    content = content_of(made)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    size = sum(part.file_size for part in parts)
    monkeypatch.setattr(word, "MOST_UNPACKED", size)
    monkeypatch.setattr(word, "MOST_PARTS", len(parts))
    assert files.read(content).blocks
    monkeypatch.setattr(word, "MOST_UNPACKED", size - 1)
    assert "too large" in refusal(content)
    monkeypatch.setattr(word, "MOST_UNPACKED", size)
    monkeypatch.setattr(word, "MOST_PARTS", len(parts) - 1)
    assert "too large" in refusal(content)


@pytest.mark.parametrize(("more", "read"), [(0, True), (1, False)])
def test_a_text_has_at_most_two_hundred_thousand_characters(more: int, read: bool) -> None:
    content = ("x" * (blocks.MOST_CHARACTERS + more)).encode()
    if read:
        assert files.read(content).blocks
    else:
        assert "too long" in refusal(content)


@pytest.mark.parametrize(("more", "read"), [(0, True), (1, False)])
def test_a_text_has_at_most_five_thousand_paragraphs(more: int, read: bool) -> None:
    content = b"x\n\n" * (blocks.MOST_BLOCKS + more)
    if read:
        assert len(files.read(content).blocks) == blocks.MOST_BLOCKS
    else:
        assert "too long" in refusal(content)


def test_an_entity_of_another_file_is_not_followed() -> None:
    """A document from outside reads nothing of this machine."""
    made = document()
    made.add_paragraph("Text")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content_of(made))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "word/document.xml":
                head = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
                content = content.replace(b"?>", b"?>" + head, 1).replace(b">Text<", b">A &e; B<")
            new.writestr(part.filename, content)
    assert shown(files.read(out.getvalue())) == [(0, "A")]
