"""The headings of files that people bring, in whatever language they wrote them."""

import pytest

from flows.understanding.names.headings import column


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("Téléphone", "phone"),
        ("N° de téléphone", "phone"),
        ("الهاتف / Téléphone", "phone"),
        ("Nom et prénom\nالاسم الكامل", "name"),
        ("رقم البطاقة الوطنية للتعريف", "cin"),
        ("Langue", "language"),
        ("N°", "number"),
        ("Signature | التوقيع", "ignored"),
        ("#", "number"),
        ("", None),
        ("Couleur", None),
    ],
)
def test_a_heading_is_known_in_every_language_and_in_two_at_once(
    heading: str, meant: str | None
) -> None:
    assert column(heading) == meant
