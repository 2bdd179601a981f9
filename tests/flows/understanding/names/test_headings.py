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
        ("N° TÉL.", "phone"),
        ("No. de tel", "phone"),
        ("Numéro de la C.I.N.", "cin"),
        ("ب . ت . و", "cin"),
        ("C.I.N. *", "cin"),
        ("1. Nom et prénom", "name"),
        ("Q2) Votre adresse ?", "address"),
        ("groupe/_3_Telephone", "phone"),
        ("Téléphone 2", "phone"),
        ("Prénom / Nom", "name"),
        ("Prénom", "given"),
        ("الاسم العائلي", "family"),
        ("CIN / Téléphone", None),
        ("Adresse e-mail", None),
        ("Nom du père", None),
        ("Tél : 0524 88 22 11", None),
        ("x" * 91, None),
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
