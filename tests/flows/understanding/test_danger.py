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


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # Whatever order, whoever, whenever.
        ("chez le voisin il y a un incendie", "fire"),
        ("فالحومة ديالنا شي دار شاعلة", "fire"),
        ("tgmmi n jari ar tjdr", "fire"),
        ("ⵜⴰⴽⴰⵜ ⴳ ⵜⵉⵏⵎⵍ", "fire"),
        ("وضربني راجلي", "home"),
        ("kaydrebha rajlha", "home"),
        ("سيارة دهست طفلا", "accident"),
        ("un homme s'est fait renverser", "accident"),
        ("kids locked in a hot car", "child"),
        ("buried under the rubble", "collapse"),
        ("ch9af tah 3la siyed", "collapse"),
        # Falls are accidents, also those of a child.
        ("a child fell into a well", "accident"),
        ("un enfant est tombé dans un puits", "accident"),
        # What goes on for long is danger where somebody is hit, a child is lost, or somebody wants to die.
        ("mon mari me frappe depuis des années", "home"),
        ("خويا كيضربني كل نهار", "home"),
        ("mon fils a disparu depuis trois jours", "child"),
        ("j'ai envie de mourir depuis des mois", "self_harm"),
        # Who asks for help there is asks for no fire station.
        ("accident devant l'école il faut une ambulance vite", "accident"),
        ("نحتاج إلى الشرطة الآن", "help"),
        # A message of many words.
        (
            "bonjour je vous écris parce que depuis ce matin il pleut beaucoup chez nous et là "
            "l'oued a débordé et l'eau entre dans les maisons",
            "flood",
        ),
    ],
)
def test_danger_is_found_however_it_is_told(text: str, kind: str) -> None:
    assert danger(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "sos",
        "emergency please",
        "3te9oni",
        "3ti9o ro7",
        "عتقونا",
        "aidez moi vite",
        "3awnouni 3afak daba",
        "au secours quelqu'un",
        "النجدة",
        "ⴰⵡⵙⴰⵜⴰⵖ",
    ],
)
def test_a_cry_for_help_is_heard_however_it_is_written(text: str) -> None:
    assert danger(text) == "help"


@pytest.mark.parametrize(
    "text", ["help", "aide", "عاونوني", "aidez moi à comprendre", "help, the website does not work"]
)
def test_who_asks_how_the_bot_works_is_in_no_danger(text: str) -> None:
    assert danger(text) is None


@pytest.mark.parametrize(
    "text",
    [
        # Words that sound like others in another language.
        "la ville est grande, on veut une promenade",
        "je voudrais tout le bus pour les élèves",
        "حيت الدار بعيدة على المدرسة",
        "f had ssif khassna piscine",
        "المدينة العتيقة فيها الناس بزاف",
        # Asked for, and prevented.
        "il faudrait un trottoir pour que personne ne soit renversé",
        "خاص دودان قبل ما يموت شي حد",
        "a lifeguard at the pool, last summer a boy drowned",
        # Counted, and over.
        "le nombre de blessés augmente sur cette route",
        "شحال من كسيدة وقعات فهاد الدورة",
        "the 2014 flood took our bridge",
        "merci aux gendarmes qui ont retrouvé l'enfant perdu",
        # What only sounds like it.
        "notre équipe s'est fait écraser 5-0",
        "our kids are lost in their phones",
        "الدراري كيضاربو على البالون",
        "marre de cette vie sans internet",
        "قتلنا البرد فالقسم",
    ],
)
def test_more_that_is_no_danger(text: str) -> None:
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


@pytest.mark.parametrize(
    "text",
    [
        "les jeunes brûlent vers l'Espagne en patera",
        "lghaba te7er9at f 2022 bghina nghersso chjer jdid",
        "الحريق وقع عامين هادي",
        "ssuq iɣla, lxḍrt zun d takat",
        "les câbles de la fibre pendent sur les façades",
        "formation pour éteindre un feu de cuisine",
        "قلبي كيتحرق على هاد البلاد",
        "we need someone to take kids to school, it is far",
        "je ne veux plus vivre ici, trop de bruit",
    ],
)
def test_what_is_over_taught_or_compared_is_no_danger(text: str) -> None:
    assert danger(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("jdda ma katnfesch mzyan, 3ayto l ambilance", "accident"),
        ("ⵜⵇⵇⵙ ⵜⵉⵖⵉⵔⴷⵎⵜ ⵎⵎⵉ", "accident"),
        ("a stranger keeps trying to get girls into his car", "child"),
        ("lkhddama m9bourin te7t trab f chantier", "collapse"),
        ("mon mari me frappe tous les soirs, j'ai besoin de protection", "home"),
        ("أنا فوق السطح سامحوني", "self_harm"),
    ],
)
def test_a_danger_in_other_words_is_heard_though_something_is_asked_for(
    text: str, kind: str
) -> None:
    assert danger(text) == kind
