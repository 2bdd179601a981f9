"""Files of other people, whatever program wrote them: each line is somebody or is named, never lost and never another's."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.foreign import tables
from bot.core.foreign.columns import telephone
from bot.core.foreign.shown import first, sentences
from bot.core.foreign.tables import BadFile
from bot.kinds.petition import paper
from bot.outreach import lists
from flows.wording import render
from tests.bot.core.foreign import writers
from tests.bot.core.foreign.writers import text

TARMIGT = "08.401.07.09"

#: What the spreadsheet in `files` says: a title, headings in capitals below it, five people.
SHEET: list[list[Any]] = [
    ["Commune de Tarmigt"],
    [],
    ["N°", "NOM ET PRÉNOM", "N° CIN", "ADRESSE", "N° TÉL"],
    [1, "Émile Amrani", "AB123456", "Rue 4, n° 5; Agdz", 612345678],
    [2, "أمينة الإدريسي", "KB204971", "زنقة 4، أكدز", "0661234567"],
    [3, "Ali Amrani", "", "Agdz", ""],
    [4, "HÉLÈNE BENAÏSSA", "CD98765", "Hay Salam, bloc 2", 212612345679.0],
    [5, "Saïd Çelik", "CD98766", "Rue de l'Église", "2.126E+11"],
]

FRENCH = [
    ["Commune de Tarmigt, signatures du 4, 5 et 6 novembre"],
    [],
    ["N°", "NOM ET PRÉNOM", "N° CIN", "ADRESSE", "N° TÉL"],
    ["1", "ÉMILE ZÉROUAL", "AB123456", "Rue 4, n° 5, Hay Salam, Agdz", "0612345678"],
    ["2", "Hélène Benaïssa", "KB204971", "Rue de l'Église, 4; 2e étage", "+212 661 23 45 67"],
    ["3", "Ali Amrani", "", "Agdz", ""],
    ["4", "À. Çelik", "CD98765", "Cité « Nahda », Où est l'école", "06"],
]

ARABIC = [
    ["جماعة تارميكت"],
    [],
    ["ر.ت", "الاسم الكامل", "ب.ت.و", "العنوان", "الهاتف"],
    ["1", "أمينة الإدريسي", "AB123456", "زنقة 4، رقم 5, أكدز", "0612345678"],
    ["2", "سعيد بن علي", "KB204971", "حي السلام; بلوك 2", "0661234567"],
    ["3", "علي العمراني", "", "أكدز", ""],
    ["4", "فاطمة الزهراء", "CD98765", "دوار تابونت", "06"],
]


def counted(read: paper.Read) -> tuple[int, int, int]:
    """Lines below the headings, good ones, bad ones."""
    assert read.seen is not None
    return read.seen.count, len(read.signed), len(read.problems)


def reasons(read: paper.Read | lists.Read) -> list[tuple[int, str]]:
    return [(problem.line, getattr(problem.text, "id", "")) for problem in read.problems]


MATRIX = {
    **{f"french {how}": (FRENCH, content) for how, content in writers.texts(FRENCH)},
    **{f"arabic {how}": (ARABIC, content) for how, content in writers.texts(ARABIC)},
}


@pytest.mark.parametrize("how", MATRIX)
def test_a_list_is_read_in_all_letters_with_each_separator(how: str) -> None:
    """Line by line: the same people, cards, addresses and telephones, and the same lines that are not good."""
    rows, content = MATRIX[how]
    read = paper.read_file(content, TARMIGT)
    assert read.others == ()
    assert counted(read) == (4, 2, 2)
    assert [(s.number, s.name, s.cin, s.address) for s in read.signed] == [
        (4, rows[3][1], rows[3][2], rows[3][3]),
        (5, rows[4][1], rows[4][2], rows[4][3]),
    ]
    assert [s.phone for s in read.signed] == ["+212612345678", "+212661234567"]
    assert [problem.line for problem in read.problems] == [6, 7]


@pytest.mark.parametrize("program", writers.WORKBOOKS)
def test_a_list_is_read_from_the_workbook_of_any_program(program: str) -> None:
    """Whatever it says of its own size; and of sheets the one with headings is taken."""
    read = paper.read_file(writers.WORKBOOKS[program](SHEET), TARMIGT)
    assert counted(read) == (5, 3, 2)
    assert [(s.number, s.name, s.cin, s.phone, s.line) for s in read.signed] == [
        (4, "Émile Amrani", "AB123456", "+212612345678", "1"),
        (5, "أمينة الإدريسي", "KB204971", "+212661234567", "2"),
        (7, "HÉLÈNE BENAÏSSA", "CD98765", "+212612345679", "4"),
    ]
    assert [s.address for s in read.signed] == [
        "Rue 4, n° 5; Agdz", "زنقة 4، أكدز", "Hay Salam, bloc 2",
    ]  # fmt: skip
    assert [problem.line for problem in read.problems] == [6, 8]
    assert "digits are lost" in render(read.problems[1].text, "en")


@pytest.mark.parametrize("program", [name for name in writers.WORKBOOKS if name != "XLS"])
def test_a_workbook_of_many_lines_loses_none(program: str) -> None:
    people = [["Ali Amrani", f"CD{n}", f"Agdz, rue {n}"] for n in range(1, 1_001)]
    read = paper.read_file(
        writers.WORKBOOKS[program]([["Nom", "CIN", "Adresse"], *people]), TARMIGT
    )
    assert counted(read) == (1_000, 1_000, 0)
    assert [s.cin for s in read.signed] == [f"CD{n}" for n in range(1, 1_001)]


def test_sheets_that_are_not_read_are_named_with_their_lines() -> None:
    read = paper.read_file(writers.xlsx_of_another(SHEET), TARMIGT)
    assert read.seen is not None
    said = [render(one, "en") for one in sentences(read.seen)]
    assert any("Liste" in line for line in said)
    assert any("Notes" in line and "1 line of another sheet is not read" in line for line in said)


WEB = """<html><head><meta charset="x"></head><body><table><tr><td>menu</td></tr></table><table border=1>
<tr><th colspan=2>Commune de Tarmigt</th></tr>
<tr><th>NOM<br>COMPLET</th><th>N&deg; CIN</th><th>Adresse</th></tr>
<tr><td>ÉMILE ZÉROUAL</td><td>AB123456<td>Rue 4, n° 5; Agdz</tr>
<tr><td></td><td></td><td></td></tr>
<tr><td>Ali Amrani</td><td></td><td>Agdz</td></tr>
</table></body></html>"""


@pytest.mark.parametrize("letters", ["utf-8", "cp1252", "utf-16"])
def test_a_web_page_that_is_called_a_sheet_is_read_as_one(letters: str) -> None:
    """What old programs export: the largest table of it."""
    read = paper.read_file(WEB.encode(letters), TARMIGT)
    assert counted(read) == (2, 1, 1)
    assert [(s.number, s.name, s.address) for s in read.signed] == [
        (3, "ÉMILE ZÉROUAL", "Rue 4, n° 5; Agdz")
    ]
    assert [problem.line for problem in read.problems] == [5]


# --------------------------------------------------------------------------- separators, quotes


def test_a_separator_amid_a_cell_moves_nobody_under_another_heading() -> None:
    content = b"Nom,CIN,Adresse\nAli Amrani,CD1,Rue 4, Agdz\nSaid Amrani,CD2,Agdz\nIdrissi, Amina,CD3,Agdz\n"
    read = paper.read_file(content, TARMIGT)
    assert counted(read) == (3, 1, 2)
    assert [(s.number, s.cin, s.address) for s in read.signed] == [(3, "CD2", "Agdz")]
    assert reasons(read) == [(2, "import.shifted"), (4, "import.shifted")]


@pytest.mark.parametrize(
    ("body", "good", "bad"),
    [
        ('"Ali Amrani;CD1;Agdz\nSaid Amrani;CD2;Agdz\nOmar Amrani;CD3;Agdz\n', [3, 4], [2]),
        ('"Ali Amrani;CD1;Agdz\nSaid Amrani;CD2;Agdz\n"Omar Amrani;CD3;Agdz\n', [3], [2, 4]),
        ('Ali "Amrani";CD1;Agdz\n"Said ""S"" Amrani";CD2;"Rue 4\nAgdz"\n', [2, 3], []),
    ],
)
def test_a_quote_that_is_not_closed_swallows_nobody(
    body: str, good: list[int], bad: list[int]
) -> None:
    read = paper.read_file(f"Nom;CIN;Adresse\n{body}".encode(), TARMIGT)
    assert [s.number for s in read.signed] == good
    assert [problem.line for problem in read.problems] == bad


def test_a_line_that_a_spreadsheet_wrote_for_itself_counts_for_none() -> None:
    read = lists.read_content(b"sep=|\r\nphone|language\r\n0612345678|fr\r\n12|fr\r\n")
    assert [problem.line for problem in read.problems] == [3]


# --------------------------------------------------------------------------- headings


@pytest.mark.parametrize(
    ("headings", "cells", "name"),
    [
        ("Nom;Prénom;CIN;Adresse", "Amrani;Ali;CD1;Agdz", "Ali Amrani"),
        ("Prénom;Nom;CIN;Adresse", "Ali;Amrani;CD1;Agdz", "Ali Amrani"),
        (
            "الاسم الشخصي;الاسم العائلي;ب.ت.و;العنوان",
            "علي;العمراني;CD1;أكدز",
            "علي العمراني",
        ),
        ("First name;Last name;ID card;Address", "Ali;Amrani;CD1;Agdz", "Ali Amrani"),
        ("Nom;الاسم;CIN;Adresse", ";علي العمراني;CD1;Agdz", "علي العمراني"),
        ("Prénom / Nom;C.I.N.;Adresse;", "Ali Amrani;CD1;Agdz;", "Ali Amrani"),
    ],
)
def test_a_name_may_stand_in_two_columns(headings: str, cells: str, name: str) -> None:
    read = paper.read_file(f"{headings}\n{cells}\n".encode(), TARMIGT)
    assert [s.name for s in read.signed] == [name]


def test_headings_again_and_a_total_below_are_named() -> None:
    content = (
        b"Nom;CIN;Adresse\nAli Amrani;CD1;Agdz\nNOM;CIN;ADRESSE\nSaid Amrani;CD2;Agdz\nTotal;2;\n"
    )
    read = paper.read_file(content, TARMIGT)
    assert counted(read) == (4, 2, 2)
    assert reasons(read)[0] == (3, "import.headings_again")
    assert read.problems[1].line == 5


def test_a_title_that_names_a_telephone_is_no_heading() -> None:
    content = b"Commune de Tarmigt\nT\xc3\xa9l : 0524 88 22 11\nNom;GSM\nAli;0612345678\n"
    read = lists.read_content(content)
    assert (read.seen.heading_line, len(read.people)) == (3, 1)
    assert [line for line, _ in read.seen.title] == [1, 2]


def test_people_above_the_headings_are_no_title() -> None:
    """A sheet that was sorted with its headings among the lines: who stands above them is named, not passed over."""
    content = b"Amal Amrani;CD1;Agdz\nListe;;\nNom;CIN;Adresse\nSaid Amrani;CD2;Agdz\n"
    read = paper.read_file(content, TARMIGT)
    assert read.seen is not None
    assert counted(read) == (2, 1, 1)
    assert reasons(read) == [(1, "import.above")]
    assert [line for line, _ in read.seen.title] == [2]
    numbers = lists.read_content(b"0612345678;x\nphone;y\n0612345679;z\n")
    assert (numbers.seen.count, len(numbers.people)) == (2, 1)
    assert reasons(numbers) == [(1, "import.above")]


def test_what_was_understood_is_said_and_cards_are_masked() -> None:
    seen = paper.read_file(text([*FRENCH, ["5", "", "", "", ""]], "cp1252"), TARMIGT).seen
    assert seen is not None
    said = "\n".join(render(one, "en") for one in sentences(seen))
    for part in (
        "Windows, French", "semicolon", "line 3", "N° CIN", "N° TÉL", "above the headings", "5 lines",
    ):  # fmt: skip
        assert part in said.replace("\u2068", "").replace("\u2069", "")
    assert first(seen)[0][0] == 4
    assert "AB123456" not in str(first(seen))
    assert first(seen)[0][1] == [
        "1", "ÉMILE ZÉROUAL", "••••••56", "Rue 4, n° 5, Hay Salam, Agdz", "+212612345678",
    ]  # fmt: skip


def test_columns_that_are_not_used_are_named() -> None:
    read = paper.read_file(b"Nom;CIN;Adresse;Salaire;Signature\nAli Amrani;CD1;Agdz;4;x\n", TARMIGT)
    assert read.seen is not None
    assert read.seen.unused == ("Salaire", "Signature")
    assert len(read.signed) == 1


# --------------------------------------------------------------------------- telephones


@pytest.mark.parametrize(
    ("cell", "number", "wrong"),
    [
        ("612345678", "+212612345678", ""),
        ("612345678.0", "+212612345678", ""),
        ("612345678,00", "+212612345678", ""),
        ("212612345678.0", "+212612345678", ""),
        ("+33612345678.0", "+33612345678", ""),
        ("2.12612345678E+11", "+212612345678", ""),
        ("2,12612345678E+11", "+212612345678", ""),
        ("٠٦١٢٣٤٥٦٧٨", "+212612345678", ""),
        ("2.126E+11", "", "import.shortened"),
        ("2,1261234567E+11", "", "import.shortened"),
        ("6.12E+08", "", "import.shortened"),
        ("0612345678 / 0661234567", "", "import.two_numbers"),
        ("+33612345678/0661234567", "", "import.two_numbers"),
        ("0612345678 ou 0661234567", "", "import.two_numbers"),
        ("61234567", "", "import.number"),
        ("524882211", "", "import.number"),
        ("", "", "import.number"),
    ],
)
def test_a_number_that_a_spreadsheet_changed_is_mended_or_named(
    cell: str, number: str, wrong: str
) -> None:
    found, text_ = telephone(cell)
    assert (found, getattr(text_, "id", "")) == (number, wrong)


def test_a_number_that_was_kept_as_text_by_a_trick_is_one() -> None:
    read = lists.read_content(b'phone;x\n="0612345678";1\n\'0612345679;2\n')
    assert [s.phone for s in read.people] == ["+212612345678", "+212612345679"]


# --------------------------------------------------------------------------- what is no table


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no line"),
        (b"\n \n;;\n", "no line"),
        (b"%PDF-1.7 x", "no table"),
        (b"<html><p>Nom", "no line"),
        (b"<Workbook><Row>Nom", "no line"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "no table"),
        (b"PK\x03\x04 broken", "no table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "no table"),
        (writers.xlsx([]), "no line"),
    ],
)
def test_what_is_no_table_is_refused_with_what_would_be(content: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        tables.read(content)


def test_a_table_of_more_lines_than_any_list_has_is_refused() -> None:
    with pytest.raises(BadFile, match="more than"):
        tables.read(writers.xlsx([["x"]] * 200_001))


def test_headings_are_looked_for_in_forty_lines() -> None:
    """A title is not longer."""
    title, body = b"Commune\n", b"Nom;CIN;Adresse\nAli Amrani;CD1;Agdz\n"
    assert len(paper.read_file(title * 39 + body, TARMIGT).signed) == 1
    with pytest.raises(BadFile):
        paper.read_file(title * 40 + body, TARMIGT)


def test_five_lines_are_shown() -> None:
    content = b"phone\n" + b"".join(b"061234567%d\n" % n for n in range(7))
    seen = lists.read_content(content).seen
    assert ([line for line, _ in first(seen)], seen.count) == ([2, 3, 4, 5, 6], 7)


# --------------------------------------------------------------------------- whatever comes

CELLS = st.one_of(
    st.sampled_from(
        ["Ali Amrani", "CD1", "KB204971", "Agdz", "0612345678", "2.126E+11", '"', 'Rue "4"', "a;b", "a,b", "", " ",
         "É", "أمينة", "Nom", "CIN", "Adresse", "Téléphone", "sep=;", "'06", "=1", "\n", "x\ty", "Ã©", "\u00a0"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
)  # fmt: skip


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=4), max_size=12),
    st.sampled_from(writers.SEPARATORS),
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_of_whatever_lines_each_is_good_or_named(
    people: list[list[str]], separator: str, letters: str
) -> None:
    """As a spreadsheet writes them, and by the lines of it that hold anything."""
    content = text([["Nom", "CIN", "Adresse"], *people], letters, separator)
    filled = [number for number, row in enumerate(people, 2) if any(map(str.strip, row))]
    read = paper.read_file(content, TARMIGT)
    assert read.seen is not None
    found = sorted([s.number for s in read.signed] + [problem.line for problem in read.problems])
    if read.seen.heading_line == 1:
        assert found == filled
    assert len(found) == read.seen.count


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    for begin in (b"", b"Nom;CIN;Adresse\n", b"phone\n", b"<table>", b"PK\x03\x04", b"\xff\xfe"):
        for reader in (lambda c: paper.read_file(c, TARMIGT), lists.read_content):
            with contextlib.suppress(BadFile):
                read = reader(begin + content)
                good = read.signed if isinstance(read, paper.Read) else read.people
                assert read.seen is not None
                assert len(good) + len(read.problems) == read.seen.count
                for one in sentences(read.seen):
                    assert render(one, "ar")
