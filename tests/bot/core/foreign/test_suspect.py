"""What somebody who had never seen the reader of files got past it: each is named now, and nothing is entered under another's heading."""

import datetime

import pytest

from bot.core.foreign.columns import telephone
from bot.core.foreign.shown import first, sentences
from bot.core.foreign.tables import BadFile
from bot.kinds.petition import paper
from bot.outreach import lists
from bot.staff import rolls
from flows.wording import render
from tests.bot.core.foreign import writers
from tests.bot.core.foreign.test_tables import TARMIGT, counted

HEADINGS = ["Nom et prénom", "CIN", "Adresse"]


def read(content: bytes | str) -> paper.Read:
    return paper.read_file(content.encode() if isinstance(content, str) else content, TARMIGT)


def names(found: paper.Read) -> list[str]:
    return [one.name for one in found.signed]


def said(found: paper.Read | lists.Read) -> dict[int, str]:
    return {one.line: render(one.text, "en") for one in found.problems}


# --------------------------------------------------------------------------- half a name


def test_a_family_name_of_two_words_is_no_first_and_family_name():
    found = read("Nom;Prénom;CIN;Adresse\nEL FASSI;;AB123456;Rue 3\nEL FASSI;Omar;AB123457;Rue 3\n")
    assert names(found) == ["Omar EL FASSI"]
    assert said(found) == {2: "Either the first name or the family name is missing."}


# --------------------------------------------------------------------------- a second table of a web page


def test_another_table_of_a_page_is_named_with_its_lines():
    page = (
        "<html><body><table><tr><td>GSM</td></tr><tr><td>0612345678</td></tr>"
        "<tr><td>0612345679</td></tr></table>"
        "<table><tr><td>GSM</td></tr><tr><td>0612345747</td></tr></table></body></html>"
    )
    found = lists.read_content(page.encode())
    assert len(found.people) == 2
    shown = [render(text, "en") for text in sentences(found.seen)]
    assert any("<table> 2" in line and "2 lines of another sheet" in line for line in shown)


# --------------------------------------------------------------------------- a second table below


@pytest.mark.parametrize(
    "below",
    [
        "Adresse;CIN;Nom\nRue Atlas, douar;AB123457;Sara Idrissi\n",
        "Nom;Prénom;CIN;Adresse\nIdrissi;Fatima;AB123457;Rue Atlas\n",
        "CIN;Nom;Adresse\nAB123457;Sara Idrissi;Rue Atlas\n",
        "الاسم العائلي;الاسم الشخصي;ب.ت.و;العنوان\nالإدريسي;سارة;AB123457;زنقة الأطلس\n",
    ],
)
def test_what_stands_below_other_headings_is_not_read_by_the_first(below: str):
    found = read(f"Nom;CIN;Adresse\nAli Bennani;AB123456;Hay Salam\n\n{below}")
    assert names(found) == ["Ali Bennani"]
    assert said(found)[4] == "These are headings, not a person."
    assert "other headings" in said(found)[5]
    assert "line 4" in said(found)[5]
    assert counted(found) == (3, 1, 2)


def test_the_same_headings_on_the_next_page_change_nothing():
    found = read(
        "Nom;CIN;Adresse\nAli Bennani;AB123456;Hay Salam\nNOM;C.I.N.;ADRESSE\nSara Idrissi;AB123457;Rue Atlas\n"
    )
    assert names(found) == ["Ali Bennani", "Sara Idrissi"]
    assert list(said(found)) == [3]


def test_a_person_whose_address_is_a_heading_is_a_person():
    found = read("Nom;CIN;Adresse\nAli Bennani;AB123456;Domicile\n")
    assert names(found) == ["Ali Bennani"]


def test_two_tables_side_by_side_are_refused():
    with pytest.raises(BadFile, match="side by side"):
        lists.read_content(
            b"Nom;T\xc3\xa9l;;Nom;T\xc3\xa9l\nAli;0612345601;;Sara;0612345602\nOmar;0612345603;;Hind;0612345604\n"
        )


def test_two_telephones_and_two_mobiles_of_one_person_are_not_two_tables():
    found = lists.read_content("Nom;Tél 1;Tél 2\nAli;0612345601;\nSara;;0612345602\n".encode())
    assert [one.phone for one in found.people] == ["+212612345601", "+212612345602"]


# --------------------------------------------------------------------------- names


def test_a_whole_name_beside_a_half_of_it_is_the_name():
    found = read("Nom et prénom;Prénom;CIN;Adresse\nAli Bennani;Ali;AB123456;Rue Atlas\n")
    assert names(found) == ["Ali Bennani"]


@pytest.mark.parametrize("half", ["Nom", "NOM :", "Nom / الاسم", "الاسم", "Name"])
def test_a_name_beside_a_first_name_is_the_family_name(half: str):
    found = read(f"{half};Prénom;CIN;Adresse\nBennani;Ali;AB123456;Rue Atlas\n")
    assert sorted(names(found)[0].split()) == ["Ali", "Bennani"]


@pytest.mark.parametrize(
    "name",
    [
        "Rue Atlas 4",
        "AB123457",
        "0612345678",
        "زنقة ٤",
        ".....",
        "XXXXX",
        "néant",
        "Ali Amrani AB123457",
    ],
)
def test_a_name_is_two_words_without_digits(name: str):
    found = read(f"Nom;CIN;Adresse\n{name};AB123456;Rue Atlas\n")
    assert counted(found) == (1, 0, 1)
    assert "First and family name" in said(found)[2]
    assert "123457" not in said(found)[2]


@pytest.mark.parametrize(
    "address", ["AB123457", "ab 123457", "AB.123456", "Rue B AB123457", "0612345678", "-----"]
)
def test_a_card_is_no_address_and_is_shown_to_nobody(address: str):
    found = read(f"Nom;CIN;Adresse\nAli Bennani;AB123456;{address}\n")
    assert counted(found) == (1, 0, 1)
    assert "no address" in said(found)[2]
    assert found.seen is not None
    shown = str(first(found.seen))
    assert "AB123456" not in shown
    assert not ("AB" in address and "123457" in shown)


def test_an_address_with_a_number_is_one():
    found = read("Nom;CIN;Adresse\nAli Bennani;AB123456;Bloc B 12, n° 345\n")
    assert len(found.signed) == 1


# --------------------------------------------------------------------------- spoiled letters


@pytest.mark.parametrize(
    "line",
    [
        "???? ??????;AB123456;Rue Atlas",
        "?mile Zola;AB123456;Rue Atlas",
        "Hél?ne Amrani;AB123456;Rue Atlas",
        "Ali Amrani;AB123456;R?sidence ?t?",
        "Ali Amrani;AB123456;?? ?????? 5",
    ],
)
def test_letters_that_became_question_marks_are_named(line: str):
    found = read(f"Nom;CIN;Adresse\n{line}\n")
    assert counted(found) == (1, 0, 1)
    assert said(found)[2].startswith("Some letters cannot be read")


@pytest.mark.parametrize("address", ["Hay Salam ?", "Hay Salam (bloc ?)", "(?)  Hay Salam"])
def test_a_question_mark_of_who_was_not_sure_spoils_nothing(address: str):
    found = read(f"Nom;CIN;Adresse\nAli Amrani;AB123456;{address}\n")
    assert len(found.signed) == 1


def test_the_end_of_a_file_of_dos_is_no_part_of_it():
    found = read(b"Nom;CIN;Adresse\r\nAli Amrani;AB123456;Rue Atlas\r\n\x1a")
    assert counted(found) == (1, 1, 0)


# --------------------------------------------------------------------------- columns without a heading


def test_a_heading_over_two_columns_is_refused_and_the_column_is_named():
    rows = [["Nom et prénom", "", "CIN", "Adresse"], ["Bennani", "Rachid", "AB123456", "Rue A"]]
    for content in (writers.xlsx(rows), writers.text(rows, "utf-8")):
        with pytest.raises(BadFile, match="column B"):
            read(content)


def test_a_column_without_heading_that_holds_something_is_told():
    rows = [[*HEADINGS, "", "Remarque"], ["Ali Bennani", "AB123456", "Rue A", "x", "vu"]]
    with pytest.raises(BadFile, match="column D"):
        read(writers.xlsx(rows))
    rows = [["Nom et prénom", "CIN", "", "Adresse"], ["Ali Bennani", "AB123456", "x", "Rue A"]]
    found = read(writers.xlsx(rows))
    assert found.seen is not None
    told = " ".join(render(text, "en") for text in sentences(found.seen))
    assert "column C (no heading)" in told


def test_an_empty_column_needs_no_heading():
    rows = [[*HEADINGS, "", "Remarque"], ["Ali Bennani", "AB123456", "Rue A", "", "vu"]]
    assert len(read(writers.xlsx(rows)).signed) == 1


def test_a_cell_over_two_lines_of_a_web_page_moves_nobody():
    found = read(
        "<table><tr><th>Nom</th><th>CIN</th><th>Quartier</th><th>Adresse</th><th>Note</th></tr>"
        "<tr><td>Ali Bennani</td><td>AB123456</td><td rowspan=2>Hay</td><td>Rue A</td><td>x</td></tr>"
        "<tr><td>Sara Idrissi</td><td>AB123457</td><td>Rue B</td><td>bien lu</td></tr>"
        "<tr><td>Omar Naciri</td><td>AB123458</td><td>Hay</td><td>Rue C</td><td>y</td></tr></table>"
    )
    assert [one.address for one in found.signed] == ["Rue A", "Rue B", "Rue C"]


def test_a_roll_needs_a_heading_for_its_numbers_where_there_are_others():
    with pytest.raises(BadFile, match="number"):
        rolls.read_file(b"Nom;CIN\nSara;AB123456\n", digests=False)
    found = rolls.read_file(b"Code\n1.23E+05\n123456\n", digests=False)
    assert (len(found.digests), list(found.bad)) == (1, [2])


# --------------------------------------------------------------------------- separators and quotes


def test_a_comma_in_an_address_before_a_column_that_is_not_used_is_seen_by_its_space():
    found = read("Nom,CIN,Adresse,Remarque\nAli Bennani,AB123456,rue 5, n 12\n")
    assert counted(found) == (1, 0, 1)
    assert "separator" in said(found)[2]


def test_nor_does_it_become_a_place_on_the_paper():
    found = read("Nom,CIN,Adresse,Page et ligne\nAli Bennani,AB123456,rue 5, n 12\n")
    assert counted(found) == (1, 0, 1)


def test_where_every_comma_has_a_space_it_says_nothing():
    found = read("Nom, CIN, Adresse, Remarque\nAli Bennani, AB123456, rue 5, vu\n")
    assert len(found.signed) == 1


def test_a_cell_over_two_lines_is_good_although_another_line_is_not_closed():
    found = read(
        'Nom;CIN;Adresse\nAli Bennani;AB123456;"Rue; B\nBloc 4"\nSara Idrissi;AB123457;"Rue C\nOmar Naciri;AB123458;Rue D\n'
    )
    assert names(found) == ["Ali Bennani", "Omar Naciri"]
    assert list(said(found)) == [3]
    assert [one.number for one in found.signed] == [2, 4]


@pytest.mark.parametrize(("lines", "good"), [(6, ["Ali Bennani"]), (7, [])])
def test_a_cell_goes_on_over_six_lines_at_the_most_beside_one_that_is_not_closed(
    lines: int, good: list[str]
):
    cell = "\n".join(["Bloc"] * lines)
    found = read(f'Nom;CIN;Adresse\nAli Bennani;AB123456;"{cell}"\nSara;AB123457;"Rue C\n')
    assert names(found) == good


# --------------------------------------------------------------------------- what a spreadsheet made of it


def test_an_address_that_became_a_day_is_named():
    day = datetime.date(2026, 3, 12)
    rows = [HEADINGS, ["Ali Bennani", "AB123456", day], ["Sara Idrissi", "AB123457", True]]
    found = read(writers.xlsx(rows))
    assert counted(found) == (2, 0, 2)
    assert "12/3" in said(found)[2]


@pytest.mark.parametrize("cell", ["0.612345605", "-612345606", "0,612345605"])
def test_a_fraction_or_a_negative_number_is_no_telephone(cell: str):
    assert telephone(cell)[0] == ""


@pytest.mark.parametrize("cell", ["06.12.34.56.05", "06-12-34-56-05", "0612345605.0"])
def test_dots_and_dashes_of_a_telephone_are(cell: str):
    assert telephone(cell)[0] == "+212612345605"
