"""Places as they stand in sentences."""

import pytest

from flows.morocco.place_in_words import LONGEST, Found, read
from flows.morocco.quarters import Quarter

QUARTERS = (
    Quarter("tabounte", {"fr": "Tabounte", "ar": "تابونت"}),
    Quarter("amezrou", {"fr": "Amezrou"}),
    Quarter("salam", {"fr": "Hay Salam", "ar": "حي السلام"}, ("cité Salam",)),
    Quarter("sidi-daoud", {"fr": "Sidi Daoud", "ar": "سيدي داود"}),
)
OUARZAZATE, ZAGORA, TARMIGT = "08.401.01.07", "08.587.01.13", "08.401.07.09"


@pytest.mark.parametrize(
    ("sentence", "words", "quarter"),
    [
        ("au douar Tabounte", "douar Tabounte", "tabounte"),
        ("الما مقطوع فدوار تابونت هادي سيمانة", "دوار تابونت", "tabounte"),
        ("l'eau est coupée à Tabounte depuis lundi", "Tabounte", "tabounte"),
        ("ⵓⵔ ⵍⵍⵉⵏ ⵡⴰⵎⴰⵏ ⴳ ⵓⴷⵡⵡⴰⵔ ⵏ ⵜⴰⴱⵓⵏⵜ", "ⵓⴷⵡⵡⴰⵔ ⵏ ⵜⴰⴱⵓⵏⵜ", "tabounte"),
        ("douar tabonte lma m9to3", "douar tabonte", "tabounte"),
        ("أمزرو ما فيهش الضو", "أمزرو", "amezrou"),
        ("f amzrou makaynch do", "amzrou", "amezrou"),
        ("ⴰⵎⵥⵔⵓ", "ⴰⵎⵥⵔⵓ", "amezrou"),
        ("7ay salam bla do", "7ay salam", "salam"),
        ("الزبل فحي السلام", "حي السلام", "salam"),
        ("quartier Salam", "quartier Salam", "salam"),
        ("la route de Sidi Daoud", "route de Sidi Daoud", "sidi-daoud"),
    ],
)
def test_a_quarter_of_the_council_is_known_in_every_spelling(
    sentence: str, words: str, quarter: str
) -> None:
    """The citizen's own words for it stay as they wrote them."""
    assert read(sentence, QUARTERS) == Found(words, quarter, None)


@pytest.mark.parametrize(
    ("sentence", "words", "commune"),
    [
        ("كنسكن فورزازات", "ورزازات", OUARZAZATE),
        ("ana mn zagora", "zagora", ZAGORA),
        ("je suis à Zagora", "Zagora", ZAGORA),
        ("j'habite la commune de Zagora", "commune de Zagora", ZAGORA),
        ("in front of the school of Tarmigt", "in front of the school of Tarmigt", TARMIGT),
    ],
)
def test_a_commune_is_known_where_it_is_surely_meant(
    sentence: str, words: str, commune: str
) -> None:
    """Behind "in", "from", a word for living there, or a word for a commune."""
    assert read(sentence) == Found(words, None, commune)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("f 7ay mohammadi", "7ay mohammadi"),
        ("شارع محمد الخامس فيه الحفاري", "شارع محمد الخامس"),
        ("درب مولاي علي", "درب مولاي علي"),
        ("rue 12, quartier Hay Mohammadi", "rue 12, quartier Hay Mohammadi"),
        ("rue 12 quartier Hay Mohammadi", "rue 12 quartier Hay Mohammadi"),
        ("le lampadaire devant l'école est cassé", "devant l'école"),
        ("7da jame3 kayn zbel", "7da jame3"),
        ("قدام المسجد كاينة حفرة", "قدام المسجد"),
        ("ساكن فحي النهضة", "حي النهضة"),
        ("3ndna f douar ait zineb lma m9tou3", "douar ait zineb"),
        ("garbage next to the market", "next to the market"),
    ],
)
def test_what_stands_behind_a_kind_or_beside_a_landmark_is_a_place(
    sentence: str, words: str
) -> None:
    """Known to nobody, it is still where the citizen says it is."""
    assert read(sentence, QUARTERS) == Found(words, None, None)


@pytest.mark.parametrize(
    "sentence",
    [
        "الما مقطوع فالدوار",
        "ⴳ ⵓⴷⵡⵡⴰⵔ",
        "dans notre quartier",
        "f lhouma dyalna zbel",
        "la rue est sale",
        "il fait noir dans la rue le soir",
        "près de chez moi",
        "fi lma",
        "bghit nhder 3la lma",
        "salam lma m9to3",
        "السلام عليكم الضو طافي",
        "les routes sont cassées chez nous",
        "في الصباح ما كاينش الما",
        "الضو مقطوع في المنزل",
        "المدرسة فالملعب",
        "on n'a pas d'eau depuis lundi",
        "",
        "؟!",
    ],
)
def test_a_sentence_without_a_name_names_no_place(sentence: str) -> None:
    """A thing, a time, "our quarter", and a commune's name that is an ordinary word are none."""
    assert read(sentence, QUARTERS) is None


def test_a_commune_elsewhere_is_not_meant_within_an_area() -> None:
    """The words stay; no commune is decided."""
    assert read("j'habite à Agadir", within=("08",)) == Found("Agadir", None, None)


def test_a_long_text_is_read_up_to_a_point() -> None:
    """And hostile text is no error."""
    assert read("x " * LONGEST + "douar Tabounte", QUARTERS) is None
    near = "x " * ((LONGEST - len("douar Tabounte")) // 2) + "douar Tabounte"
    assert read(near, QUARTERS) == Found("douar Tabounte", "tabounte", None)
    for text in ("douar " * 300, "ف" * 500, "l'" * 300, "\u202eقدام\u0000"):
        read(text, QUARTERS)
