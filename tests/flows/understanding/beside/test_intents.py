"""What people say besides answers and needs; a need comes before all of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.beside.intents import (
    LONGEST,
    LONGEST_ASKED,
    LONGEST_KEPT,
    Intent,
    Reference,
    intent,
    reference,
)
from flows.understanding.beside.strangers import is_of_another_language


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("bonjour", Intent.GREETING),
        ("السلام عليكم ورحمة الله", Intent.GREETING),
        ("ⴰⵣⵓⵍ", Intent.GREETING),
        ("👋", Intent.GREETING),
        ("salam drari", Intent.GREETING),
        ("w3likom salam", Intent.GREETING),
        ("7choma 3likom hadchi", None),
        ("lah yrhem lwalidin", Intent.THANKS),
        ("merci, bonne continuation", Intent.THANKS),
        ("bonjour et merci", Intent.THANKS),
        ("شكون نتوما؟", Intent.WHO_ARE_YOU),
        ("tu es un robot ?", Intent.WHO_ARE_YOU),
        ("wach fabor", Intent.IS_IT_FREE),
        ("qui va lire ça", Intent.WHO_READS),
        ("واش سميتي غادي تبان", Intent.IS_IT_SAFE),
        ("combien de temps ça prend ?", Intent.HOW_LONG),
        ("foqach kat7el ljama3a", Intent.HOURS),
        ("فين وصل الطلب ديالي", Intent.WHERE_IS_MY_REQUEST),
        ("006", Intent.WHERE_IS_MY_REQUEST),
        ("bghit nhder m3a chi wa7d", Intent.PERSON),
        ("je me suis trompé", Intent.MISTAKE),
        ("بدلت النمرة", Intent.NUMBER_CHANGED),
        ("bande d'incapables", Intent.INSULT),
        ("je veux porter plainte contre le moqaddem", Intent.COMPLAINT),
        ("quels papiers faut-il pour un permis de construire", Intent.INFORMATION),
        ("بغينا نديرو عريضة على الما", Intent.PETITION),
        ("بغيت نقدم ملتمس", Intent.MOTION),
        ("quand est la prochaine session du conseil ?", Intent.QUESTION),
        ("no hay agua en mi calle", Intent.OTHER_LANGUAGE),
        ("你好", Intent.OTHER_LANGUAGE),
    ],
)
def test_each_is_heard_in_several_languages_and_scripts(text: str, meant: Intent) -> None:
    """`make listening` has many more."""
    assert intent(text) is meant


@pytest.mark.parametrize(
    "text",
    [
        "bonjour, l'eau est coupée",
        "شكرا، الما مقطوع",
        "salam lma m9to3 f douar",
        "merci de réparer la route",
        "réclamation : lampadaire en panne",
        "chikaya 3la lma li m9tou3",
        "chkoun ghaysle7 lina tri9",
        "appelez-moi, la route est coupée",
        "klab bzaf f zan9a",
        "les horaires du bus ne sont pas respectés",
        "Tarmigt",
        "oui",
        "3",
        "2 et 4",
        "AB123456",
        "",
        "؟",
    ],
)
def test_a_need_and_an_answer_are_none_of_these(text: str) -> None:
    """However courteously they begin."""
    assert intent(text) is None


def test_what_is_long_is_about_something_else() -> None:
    """What the council gets as a message may be longer; a question without a line of its own is short."""
    words = LONGEST - len(["qui", "va", "lire", "ça"])
    assert intent("qui va lire ça " + "bla " * words) is Intent.WHO_READS
    assert intent("qui va lire ça " + "bla " * (words + 1)) is None
    words = LONGEST_KEPT - len(["je", "veux", "porter", "plainte"])
    assert intent("je veux porter plainte " + "bla " * words) is Intent.COMPLAINT
    assert intent("je veux porter plainte " + "bla " * (words + 1)) is None
    words = LONGEST_ASKED - 1
    assert intent("solde " + "bla " * words + "?") is Intent.IS_IT_FREE
    assert intent("solde " + "bla " * (words + 1) + "?") is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ozt 2026 6", Reference(6, 2026, "OZT")),
        ("ma référence est OZT-2026-000006", Reference(6, 2026, "OZT")),
        ("OZT-٢٠٢٦-٠٠٠٠٠٦ عافاك", Reference(6, 2026, "OZT")),
        ("006", Reference(6)),
        ("n° 000045", Reference(45)),
        ("رقم الطلب 12", Reference(12)),
        ("le numéro de ma demande c'est 000009", Reference(9)),
        ("6", None),
        ("123456", None),
        ("0612345678", None),
        ("06 12 34 56 78", None),
        ("AB012345", None),
        ("en 2026 il y a eu 6 coupures", None),
        ("", None),
    ],
)
def test_a_reference_is_read_as_far_as_it_was_written(text: str, read: Reference | None) -> None:
    """A telephone, a card and the number of a choice are none."""
    assert reference(text) == read


def test_a_reference_fits_what_was_written_of_it() -> None:
    """Its end alone, or all of it; another council's does not."""
    assert Reference(6).fits("OZT-2026-000006")
    assert Reference(6, 2026, "OZT").fits("OZT-2026-000006")
    assert not Reference(6, 2025, "OZT").fits("OZT-2026-000006")
    assert not Reference(6, 2026, "TIN").fits("OZT-2026-000006")
    assert not Reference(7).fits("OZT-2026-000006")


@pytest.mark.parametrize(
    "text", ["hola", "ich verstehe nicht", "não entendo", "שלום", "こんにちは"]
)
def test_another_language_is_known_by_its_letters_or_smallest_words(text: str) -> None:
    """One word that only it has is enough."""
    assert is_of_another_language(text)


@pytest.mark.parametrize(
    "text", ["bonjour", "lma m9tou3", "السلام", "ⴰⵣⵓⵍ", "the road", "la route", "12", ""]
)
def test_none_of_ours_is_taken_for_another(text: str) -> None:
    """Nor a number."""
    assert not is_of_another_language(text)


@given(st.text(max_size=300))
def test_no_text_is_an_error(text: str) -> None:
    """Whatever is written."""
    intent(text)
    reference(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("واش هادشي نصب", Intent.IS_IT_SAFE),
        ("khayf ychddouni ila tkelemt", Intent.IS_IT_SAFE),
        ("can anyone see that I complained", Intent.IS_IT_SAFE),
        ("واش نتسنى سيمانة ولا شهر", Intent.HOW_LONG),
        ("واش خاص التعبئة", Intent.IS_IT_FREE),
        ("رقم هاتف مصلحة الحالة المدنية من فضلكم", Intent.HOURS),
        ("does my feedback reach the councillors", Intent.WHO_READS),
        ("هاد الواتساب تابع لمن", Intent.WHO_ARE_YOU),
        ("sift likom chi 7aja 9bel l3id w ma jawbtouch", Intent.WHERE_IS_MY_REQUEST),
        ("qu'est devenue ma demande", Intent.WHERE_IS_MY_REQUEST),
        ("pas de robot, une personne !!", Intent.PERSON),
        ("bghit nbdel li ktebt hit machi s7i7", Intent.MISTAKE),
        ("النمرة الأولى ديال راجلي، دابا هادي ديالي", Intent.NUMBER_CHANGED),
        ("vous êtes tous des voleurs", Intent.INSULT),
        ("الموظفة عاملتني معاملة سيئة", Intent.COMPLAINT),
        ("mnin nakhod listimara dyal sijil ijtima3i", Intent.INFORMATION),
        ("شحال صرفتو على الكرنيش هاد العام", Intent.QUESTION),
        ("hallo, ik heb een vraag", Intent.OTHER_LANGUAGE),
        ("Ik woon hier en de lamp in de straat is kapot", Intent.OTHER_LANGUAGE),
    ],
)
def test_what_is_said_in_other_words_is_heard(text: str, meant: Intent) -> None:
    """Who fears, waits, was treated badly, or names what an office does, in whatever words."""
    assert intent(text) is meant


@pytest.mark.parametrize(
    "text",
    [
        "annexe administrative trop loin, ouvrez-en une à Hay Nahda",
        "السلام، بغيت نسولكم واش ممكن تزيدو ضوايات فزنقتنا",
        "السينما ديال المدينة ولات خربة، علاش مانرجعوهاش دار الثقافة",
        "honte à vous, les égouts débordent",
        "bande de jeunes qui vendent de la drogue",
        "on a peur de sortir le soir",
        "nous attendons la réparation depuis trois semaines",
        "combien de temps allons-nous rester sans électricité",
        "le président a promis un terrain de foot",
    ],
)
def test_a_need_that_sounds_like_something_else_is_a_need(text: str) -> None:
    """Fear, waiting, promises and shame are told of the town as well."""
    assert intent(text) is None


@pytest.mark.parametrize("name", ["البراشوة", "آيت هاني"])
def test_a_place_that_sounds_like_a_grievance_is_a_place(name: str) -> None:
    """A commune called nearly like "bribe" complains of nobody."""
    assert intent(name) is None
