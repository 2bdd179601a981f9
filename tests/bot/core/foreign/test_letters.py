"""In which letters a text was written: told by its words, or asked about, and lines that make no sense are named."""

import random
import re
from pathlib import Path

import pytest

from bot.core.foreign import letters as letters_of
from bot.kinds.petition import paper
from bot.outreach import lists
from flows import wording
from tests.bot.core.foreign.test_tables import TARMIGT, reasons
from tests.bot.core.foreign.writers import text


def test_a_capital_in_french_letters_is_no_arabic_one() -> None:
    """What an Arabic table makes of ÉMILE is a word of two scripts: ةMILE."""
    content = text([["Nom", "CIN", "Adresse"], ["ÉMILE ZOLA", "KB1", "Agdz"]], "cp1252")
    (signed,) = paper.read_file(content, TARMIGT).signed
    assert signed.name == "ÉMILE ZOLA"


@pytest.mark.parametrize("name", ["Ali L’Écuyer", "OU C’EST LA VÔTRE", "Amina d’Âge"])
@pytest.mark.parametrize("letters", ["cp1252", "mac_roman"])
def test_two_letters_are_not_one_of_another_alphabet_by_chance(name: str, letters: str) -> None:
    """ "’É" of a Macintosh is an Armenian letter in UTF-8, "’" of Windows an Æ of DOS."""
    content = text([["Nom", "CIN", "Adresse"], [name, "KB1", "Agdz"]], letters)
    read = paper.read_file(content, TARMIGT)
    assert name in [one.signed[0].name for one in (read, *read.others)]


def test_where_letters_leave_it_open_every_reading_is_told() -> None:
    """One letter by itself may be an È or a ب: whoever knows the people says which."""
    content = text([["Nom", "CIN", "Adresse"], ["È. Zola", "KB1", "Agdz"]], "cp1252")
    read = paper.read_file(content, TARMIGT)
    found = {one.seen.letters: one.signed[0].name for one in (read, *read.others) if one.seen}
    assert found["cp1252"] == "È. Zola"
    assert found["cp1256"] == "ب. Zola"
    chosen = paper.read_file(content, TARMIGT, "cp1256")
    assert (chosen.signed[0].name, chosen.others) == ("ب. Zola", ())


def test_what_differs_in_columns_that_are_not_used_asks_nobody() -> None:
    content = text([["Téléphone", "Nom"], ["0612345678", "È. Zola"]], "cp1252")
    assert lists.read_content(content).others == ()


@pytest.mark.parametrize("people", [1, 8])
def test_lines_in_other_letters_than_the_rest_are_named(people: int) -> None:
    """A file that was put together from two: whichever reading is taken, none of the other's names is entered."""
    names = ("ÉMILE", "HÉLÈNE", "CHLOÉ", "ZOÉ", "RENÉ", "ANDRÉ", "JOËL", "NOËL")[:people]
    head = text(
        [
            ["Nom", "CIN", "Adresse"],
            *([f"{name} Amrani", f"CD{n}", "Agdz"] for n, name in enumerate(names, 1)),
        ],
        "cp1252",
    )
    content = head + text([["أمينة الإدريسي", "KB1", "أكدز"]], "cp1256")
    read = paper.read_file(content, TARMIGT)
    for one in (read, *read.others):
        assert one.seen is not None
        spoiled = [line for line, reason in reasons(one) if reason == "import.spoiled"]
        assert spoiled == (
            [people + 2] if one.seen.letters == "cp1252" else [*range(2, people + 2)]
        )


@pytest.mark.parametrize(
    "line",
    [
        "ÉMILE ZOLA;KB1;Agdz".encode().decode("cp1252").encode(),
        "أمينة الإدريسي;KB1;Agdz".encode().decode("cp1252", "replace").encode(),
        "أمينة الإدريسي;KB1;أكدز\n".encode() * 8 + b"\xc9MILE;KB1;Agdz",
    ],
)
def test_letters_that_were_spoiled_before_are_named_and_not_entered(line: bytes) -> None:
    read = paper.read_file(b"Nom;CIN;Adresse\n" + line, TARMIGT)
    assert reasons(read)[-1][1] == "import.spoiled"
    assert all("Ã" not in s.name and "\ufffd" not in s.name for s in read.signed)


def test_a_capital_before_a_sign_spoils_nothing() -> None:
    read = paper.read_file("Nom;CIN;Adresse\nALI OÙ\u00a0»;CD1;SÃO 4\n".encode(), TARMIGT)
    assert reasons(read) == []


CATALOGUES = Path(wording.__file__).parent


def words_of(language: str, letters: str) -> list[str]:
    """Pieces of up to four words of our own texts, with a letter that tables read in different ways."""
    texts = re.findall(
        r'msgstr(?:\[\d\])? "(.{8,})"', (CATALOGUES / f"staff.{language}.po").read_text("utf-8")
    )
    found = [one for each in texts for one in re.findall(r"[^\W\d_][\w’]*(?: [\w’]+){0,3}", each)]
    telling = r"[\u0621-\u064a]" if language == "ar" else r"[^\x00-\x7f]"
    # Each once: what our texts repeat is not what people are called.
    once = dict.fromkeys(found)
    return [one for one in once if re.search(telling, one) and one == readable(one, letters)]


def readable(one: str, letters: str) -> str:
    return one.encode(letters, "ignore").decode(letters)


@pytest.mark.parametrize("count", [1, 3, 10])
@pytest.mark.parametrize(
    ("language", "letters"),
    [("fr", "cp1252"), ("fr", "mac_roman"), ("fr", "cp850"), ("ar", "cp1256")],
)
def test_no_list_of_words_is_surely_read_in_wrong_letters(
    language: str, letters: str, count: int
) -> None:
    """Of 400 lists, half of the French ones in capitals: right, or asked about with the right one among the readings."""
    chance = random.Random(7)
    words = words_of(language, letters)
    asked = 0
    for at in range(400):
        names = chance.choices(words, k=count)
        lines = "Nom;CIN\n" + "".join(f"{name};AB1\n" for name in names)
        lines = lines.upper() if at % 2 else lines
        found = [one.text for one in letters_of.read(lines.encode(letters))]
        assert lines in found
        asked += len(found) > 1
    # The words are those of our own texts, and other ones with each change of them: 3% and no more.
    assert asked <= {1: 120, 3: 12, 10: 0}[count]
