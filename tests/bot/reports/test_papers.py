"""Receipts and lists to sign: what they say, and what a pen needs."""

from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image

from bot.kinds.petition.papers import (
    DepositReceipt,
    Signatory,
    SignatureList,
    deposit_receipt,
    signature_list,
)
from bot.reports import papers
from bot.reports.papers import NeedReceipt, need_receipt
from flows.wording.text import LANGUAGES, Translated, Verbatim
from tests.bot.reports.conftest import HOSTILE, overflows, pages_of
from tests.bot.reports.test_picture import NASTY

COUNCIL = {"ar": "مجلس جماعة ورزازات", "fr": "Conseil communal de Ouarzazate"}
TITLE = {"ar": "من أجل الماء", "fr": "Pour l’eau potable"}

NEED = NeedReceipt(
    COUNCIL,
    "OZT-2026-000123",
    datetime(2026, 11, 21, 14, 30),  # noqa: DTZ001 (a wall time)
    "whatsapp",
    "studied",
    "https://t.me/example_bot?start=OZT-2026-000123",
    "لا ماء منذ أسبوع",
    theme=Translated({"ar": "الماء", "fr": "Eau"}),
    place=Verbatim("حي تابونت"),
)
DEPOSIT = DepositReceipt(
    COUNCIL, TITLE, "OZT-E1", "فاطمة الإدريسي", date(2026, 11, 21), "12/2026", 132, 1240,
    date(2027, 2, 21), Verbatim("loi organique 113-14, art. 121-125"),
)  # fmt: skip
HEAD = SignatureList(
    COUNCIL, TITLE, "OZT-E1", {"fr": "Nous demandons de l’eau."}, "Fatima El Idrissi",
    Verbatim("loi organique 113-14, art. 121-125"),
)  # fmt: skip
SIGNED = (
    Signatory("محمد أيت بن علي", "A****56", "حي تابونت", "+212 600-000000"),
    Signatory("Fatima-Zahra El Moutawakil", "AB123456", "12, rue Hassan II"),
)


class Made:
    """What was given to Typst in the place of a PDF."""

    template: str
    document: dict[str, Any]

    def take(self, template: str, document: dict[str, Any], format: str) -> bytes:
        assert format == "pdf"
        self.template, self.document = template, document
        return b""

    def pages(self) -> list[Image.Image]:
        return pages_of(self.template, self.document)

    def lines(self) -> dict[str, str]:
        """Labels with what stands beside them."""
        return {
            " ".join(line["label"]["lines"]): line["number"] or " ".join(line["words"]["lines"])
            for line in self.document["lines"]
        }


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    taken = Made()
    monkeypatch.setattr(papers, "typeset", taken.take)
    return taken


def drawn(page: Image.Image, *, across: bool) -> list[int]:
    """Where long thin lines run over a page: from above if `across`, else from the left."""
    turned = page if across else page.transpose(Image.Transpose.TRANSPOSE)
    shades = [turned.crop((0, y, turned.width, y + 1)).tobytes() for y in range(turned.height)]
    dark = [y for y, row in enumerate(shades) if sum(s < 230 for s in row) > turned.width * 0.6]
    return [y for y in dark if y - 1 not in dark]


def test_the_receipt_of_a_need_says_what_was_received(made: Made):
    """Reference, day and hour, channel, theme, place, words, status."""
    need_receipt(NEED, "fr")
    assert made.lines() == {
        "Référence": "OZT-2026-000123",
        "Reçu le (heure locale)": "21/11/2026\u00a014:30",
        "Canal": "WhatsApp",
        "Thème": "Eau",
        "Lieu": "حي تابونت",
        "État": "à l’étude",
    }
    assert made.document["said"]["words"] == {"lines": ["لا ماء منذ أسبوع"], "rtl": True}
    assert "OZT-2026-000123" in made.document["follow"]["lines"][0]["lines"][0]
    assert made.document["follow"]["qr"].startswith("<svg")


def test_a_time_limit_stands_on_the_receipt_only_if_there_is_one(made: Made):
    """No council is bound to what it did not promise."""
    need_receipt(replace(NEED, deadline=Verbatim("20 jours")), "fr")
    assert made.lines()["Délai"] == "20 jours"


def test_voice_notes_and_photos_are_told_where_there_are_no_words(made: Made):
    """Their number, since they cannot be printed."""
    need_receipt(replace(NEED, words="", voices=1, photos=2), "en")
    said = made.document["said"]
    assert said["words"] is None
    assert [part["lines"] for part in said["came"]] == [
        ["Voice notes received: 1"],
        ["Photos received: 2"],
    ]
    assert len(made.pages()) == 1


def test_the_receipt_of_a_petition_says_what_starts_the_time(made: Made):
    """Day, number, who, how many signatures as declared, the last day and the rule."""
    deposit_receipt(DEPOSIT, "en")
    assert made.lines() == {
        "Receipt number": "12/2026",
        "Petition": "Pour l’eau potable",
        "Code": "OZT-E1",
        "Representative of the petition": "فاطمة الإدريسي",
        "Deposited on": "21/11/2026",
        "Signatures made in the chat (as declared)": "132",
        "Signatures on paper (as declared)": "1\u00a0240",
        "Signatures in all": "1\u00a0372",
        "Last day for a refusal with reasons": "21/02/2027",
        "Rule of law": "loi organique 113-14, art. 121-125",
    }
    assert len(made.document["boxes"]) == 2
    assert len(made.pages()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_is_a_pdf_that_says_its_language(language: str):
    """And its title with the number it is filed under."""
    known = b"ar" if language in ("ar", "ary") else language.encode()
    for content, number in (
        (need_receipt(NEED, language), b"OZT-2026-000123"),
        (deposit_receipt(DEPOSIT, language), b"12/2026"),
        (signature_list(HEAD, SIGNED, 20, language), b"OZT-E1"),
    ):
        assert content.startswith(b"%PDF-")
        assert b"/Lang(" + known + b")" in content
        assert number in content


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_no_words_break_a_receipt(made: Made, language: str):
    """As words, place, title, representative and citation: margins stay white."""
    for nasty in (*NASTY, *HOSTILE):
        text = Verbatim(nasty[:400])
        need_receipt(replace(NEED, words=nasty, place=text, theme=text, deadline=text), language)
        assert not any(overflows(page, 55) for page in made.pages())
        deposit_receipt(
            replace(DEPOSIT, title={"fr": nasty[:400]}, representative=nasty[:100], citation=text),
            language,
        )
        assert not any(overflows(page, 55) for page in made.pages())


def test_a_list_has_the_rows_given_and_blank_ones_high_enough_to_sign(made: Made):
    """All numbered; every row at least 11 mm high; pages lie on their side."""
    signature_list(HEAD, SIGNED, 30, "fr")
    pages = made.pages()
    rows = 0
    for page in pages:
        assert page.width > page.height
        # The first lines frame the head and the column headings.
        edges = drawn(page, across=True)
        heights = [below - above for above, below in pairwise(edges)]
        signed = [height for height in heights if height >= 11 / 25.4 * 72]
        rows += len(signed)
    first = drawn(pages[0], across=True)
    assert first[-1] - first[-2] == pytest.approx(12 / 25.4 * 72, abs=1)
    assert rows >= 32
    assert len(pages) == 3


def test_headings_are_in_arabic_and_french_the_readers_own_first(made: Made):
    """Whatever language the rest is in; a telephone only where it is asked for."""
    signature_list(HEAD, SIGNED, 1, "ar")
    columns = made.document["columns"]
    assert [column["id"] for column in columns] == ["number", "name", "cin", "address", "signature"]
    assert [title["lines"][0] for title in columns[1]["titles"]] == [
        "الاسم الكامل",
        "Nom et prénom",
    ]
    signature_list(HEAD, SIGNED, 1, "en", phones=True)
    columns = made.document["columns"]
    assert [title["lines"][0] for title in columns[4]["titles"]] == ["Téléphone", "الهاتف"]
    assert made.document["rows"][0][3] == {"number": "+212 600-000000"}


def test_an_identity_number_is_printed_as_it_was_given(made: Made):
    """Masked or not is decided by who asks for the list."""
    signature_list(HEAD, SIGNED, 0, "ar")
    assert [row[1]["number"] for row in made.document["rows"]] == ["A****56", "AB123456"]


def test_the_table_runs_the_way_the_language_does(made: Made):
    """The narrow column of numbers is on the right in Arabic."""
    edges = {}
    for language in ("ar", "fr"):
        signature_list(HEAD, (), 30, language)
        columns = drawn(made.pages()[1], across=False)
        edges[language] = [right - left for left, right in pairwise(columns)]
    assert edges["ar"][-1] == min(edges["ar"])
    assert edges["fr"][0] == min(edges["fr"])


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_no_name_or_address_breaks_a_list(made: Made, language: str):
    """Margins stay white on every page."""
    rows = [Signatory(nasty, nasty[:20], nasty, nasty[:16]) for nasty in (*NASTY, *HOSTILE)]
    head = replace(HEAD, title={"fr": NASTY[5]}, demand={"fr": NASTY[7]})
    signature_list(head, rows, 5, language, phones=True)
    assert not any(overflows(page, 38) for page in made.pages())


def test_the_same_receipt_makes_the_same_file():
    """A copy that is printed later is the same paper."""
    assert need_receipt(NEED, "ar") == need_receipt(NEED, "ar")
    assert signature_list(HEAD, SIGNED, 3, "fr") == signature_list(HEAD, SIGNED, 3, "fr")


def test_a_receipt_speaks_of_no_voice_note_and_no_photo_that_did_not_come(made: Made):
    """Nor of a place, a theme or a time limit that nobody told."""
    bare = NeedReceipt(
        NEED.council, NEED.reference, NEED.received, NEED.channel, NEED.state, NEED.link, "Water"
    )
    need_receipt(bare, "en")
    assert made.document["said"]["came"] == []
    full = {**made.lines()}
    need_receipt(NEED, "en")
    assert full.keys() < made.lines().keys()
