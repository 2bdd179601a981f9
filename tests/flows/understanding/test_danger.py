"""Danger is found where it is there now, and not where it was, comes back or is prevented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.morocco.emergency import NUMBERS, numbers_for
from flows.understanding.danger import DANGERS, danger
from flows.wording import render
from flows.wording.text import LANGUAGES, msg


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("il y a un incendie chez le voisin", "fire"),
        ("العافية شاعلة فالدار", "fire"),
        ("l3afia chda f dar jiran", "fire"),
        ("fuite de gaz dans l'immeuble", "fire"),
        ("un câble électrique est tombé dans la rue", "electricity"),
        ("السلك ديال الضو طايح فالزنقة", "electricity"),
        ("mon fils s'est électrocuté", "electricity"),
        ("l'eau entre dans les maisons", "flood"),
        ("الواد حامل ودا السيارات", "flood"),
        ("un homme se noie dans l'oued", "flood"),
        ("la maison s'est effondrée", "collapse"),
        ("طاح واحد الدري فالبير", "accident"),
        ("accident grave sur la route", "accident"),
        ("kssida khayba hna", "accident"),
        ("mon mari me frappe", "home"),
        ("rajli kaydrebni", "home"),
        ("hier soir mon mari m'a frappée", "home"),
        ("j'ai perdu mon fils", "child"),
        ("tlf lia wldi", "child"),
        ("mon fils a disparu hier", "child"),
        ("je veux mourir", "self_harm"),
        ("بغيت نموت", "self_harm"),
        ("hjmo 3lia bssif", "violence"),
        ("au secours", "help"),
        ("عتقو الروح", "help"),
    ],
)
def test_danger_is_found_in_every_language_and_script(text: str, kind: str) -> None:
    assert danger(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "la ville a besoin d'une caserne de pompiers",
        "الأثمنة شاعلة فيها العافية",
        "incendie l'an dernier",
        "il faut un feu rouge au carrefour",
        "beaucoup d'accidents dans ce carrefour",
        "الحوادث كثيرة في هذا الشارع",
        "khassna lambulance f douar",
        "les rues sont inondées de poubelles",
        "الزنقة غارقة فالزبل",
        "on meurt de chaud dans ce bus",
        "l'oued déborde chaque hiver",
        "الله يعطيكم الصحة والعافية",
        "centre d'écoute pour femmes victimes de violence",
        "les enfants jouent dans la rue",
        "il faut changer les câbles électriques",
        "les prix flambent",
        "",
    ],
)
def test_what_is_no_danger_now_is_none(text: str) -> None:
    assert danger(text) is None


@given(st.text(max_size=300))
def test_it_never_raises(text: str) -> None:
    assert danger(text) in (None, *DANGERS)


@pytest.mark.parametrize("kind", DANGERS)
def test_each_danger_has_a_name_in_every_language_and_a_number_of_its_own_first(kind: str) -> None:
    for language in LANGUAGES:
        assert render(msg(f"danger.{kind}"), language)
    assert kind in numbers_for(kind, NUMBERS)[0].dangers


def test_the_listening_line_for_women_is_named_for_violence_at_home_alone() -> None:
    assert [
        kind for kind in DANGERS if "8350" in {n.number for n in numbers_for(kind, NUMBERS)}
    ] == ["home"]
