"""Which theme a sentence tells of, and which themes it may tell of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.lines.files import words_of
from flows.understanding.themes import Offered, Reading, read
from flows.understanding.themes.reading import LIKELY
from flows.understanding.themes.usual import USUAL, WEIGHTS

OFFERED = tuple(Offered(theme, {}) for theme in USUAL)


def certain(text: str) -> str | None:
    return read(text, OFFERED).certain


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("الما مقطوع فالدوار هادي سيمانة", "water"),
        ("lma m9to3 f douar", "water"),
        ("ⵓⵔ ⵍⵍⵉⵏ ⵡⴰⵎⴰⵏ ⴳ ⵜⵎⴰⵣⵉⵔⵜ", "water"),
        ("les routes sont cassées chez nous", "roads"),
        ("l'eclairaje ne marche plus", "lighting"),
        ("there are no bins", "waste"),
        ("poubele pleine", "waste"),
    ],
)
def test_a_sentence_is_read_in_every_language_and_script(text: str, theme: str) -> None:
    """Short or long, with accents or without, with what is written onto a word, and with slips."""
    assert certain(text) == theme


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("zbel 7da lmdrasa", "waste"),
        ("الضو مقطوع حدا السبيطار", "lighting"),
        ("طوبيس للسوق", "transport"),
        ("طريق المدرسة محفرة", "roads"),
        ("the road to the hospital is full of potholes", "roads"),
        ("le lampadaire devant la grande école", "lighting"),
        ("les ordures près du marché", "waste"),
        ("iẓbal tama n tinml", "waste"),
    ],
)
def test_what_names_the_thing_beats_where_it_is(text: str, theme: str) -> None:
    """In front of, near, on the way to: that is the place."""
    assert certain(text) == theme


def test_in_a_place_is_less_than_near_it() -> None:
    """A school without water may be a matter of either."""
    assert read("pas d'eau à l'école", OFFERED) == Reading(likely=("water", "school"))


def test_what_stands_before_somebody_is_no_place_of_what_follows() -> None:
    """ "Devant chez nous les poubelles débordent": the bins are not what something is in front of."""
    assert certain("devant chez nous les poubelles débordent") == "waste"


def test_an_and_ends_the_place() -> None:
    """ "Water and school" is no way to the school."""
    assert read("الطريق والمدرسة", OFFERED).certain is None
    assert read("lma w lmdrasa", OFFERED).likely[:2] == ("water", "school")


@pytest.mark.parametrize("text", ["no water and no light", "الما والضو مقطوعين", "lma w daw"])
def test_of_two_themes_neither_is_decided(text: str) -> None:
    """Both are offered."""
    assert read(text, OFFERED) == Reading(likely=("water", "lighting"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bonjour",
        "ne marche pas",
        "الله يعطيكم الصحة",
        "ما فهمت والو",
        "j'habite près de l'école",
        "7",
    ],
)
def test_what_tells_of_nothing_is_not_decided(text: str) -> None:
    """A greeting, thanks, an address."""
    assert certain(text) is None


def test_water_in_arabic_is_no_denial() -> None:
    """Without its hamza it is spelled as "not"."""
    assert certain("الماء") == "water"
    assert read("ما", OFFERED) == Reading()


def test_the_likely_ones_are_three_at_most_the_best_first() -> None:
    """Who names everything is asked."""
    reading = read("eau, route, école, poubelle, bus, jardin", OFFERED)
    assert reading.certain is None
    assert len(reading.likely) == LIKELY
    assert "roads" not in reading.likely


def test_what_is_told_of_most_but_not_offered_decides_nothing_else() -> None:
    """Of a hospital on a road a council without health learns no certain theme."""
    roads = (Offered("roads", {}),)
    assert read("l'hôpital, la route", OFFERED).certain is None
    assert read("l'hôpital, la route", roads) == Reading(likely=("roads",))
    assert read("l'hôpital", roads) == Reading()


@given(st.text(max_size=1200))
def test_no_text_breaks_the_reading(text: str) -> None:
    """And what is read is offered."""
    reading = read(text, OFFERED)
    assert {reading.certain, *reading.likely} <= {*USUAL, None}
    assert reading.certain is None or not reading.likely


def test_the_lists_of_a_theme_are_those_that_are_weighed() -> None:
    """A list by another name would be read by nobody."""
    lists = words_of("themes")
    assert set(lists) == {*USUAL, "where", "silent"}
    for theme in USUAL:
        assert set(lists[theme]) <= set(WEIGHTS), theme
        assert {"things", "decisive"} & set(lists[theme]), theme


def test_what_is_only_there_is_never_certain() -> None:
    """ "In the school" may begin any sentence."""
    for text in ("dans l'école", "f lmdrasa", "فالسوق", "at the hospital"):
        assert certain(text) is None, text


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("mn ba3d lmghreb makatchof walo", "lighting"),
        ("on patauge dans la boue pour sortir du douar", "roads"),
        ("كنديو المريض على البغلة", "health"),
        ("3 mois que notre rue est dans le noir complet", "lighting"),
        ("ما كاينش كرسي للوالدة فالمكتب", "accessibility"),
        ("خطفو ليا التليفون فنص النهار حدا البريد", "security"),
        ("joutiya t7r9at w 7na lbya3a b9ina bla rez9", "markets"),
        ("الكاريان كينوض الغبرة", "environment"),
        ("سطح العمارة كيقطر والسانديك هرب بالفلوس", "housing"),
        ("ur llin lkiran s tmdint", "transport"),
    ],
)
def test_what_happens_to_people_tells_of_a_theme(text: str, theme: str) -> None:
    """Who walks in the dark or carries the sick on a mule names no lamp and no ambulance."""
    assert read(text, OFFERED).certain == theme


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("حافلة النقل تقلبات حيت الطريق ضيقة", {"transport", "roads"}),
        ("بغينا دودان فهاد الشارع، مات فيه ولد ديال 8 سنين", {"roads", "security"}),
        ("un feu rouge au carrefour Marjane svp encore un accident hier", {"roads", "security"}),
        ("الرصيف عالي على صاحب الكروسة", {"accessibility", "roads"}),
    ],
)
def test_what_may_be_of_two_themes_is_offered(text: str, themes: set[str]) -> None:
    """A deadly road is of two desks: neither is decided."""
    reading = read(text, OFFERED)
    assert reading.certain is None
    assert themes <= set(reading.likely)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("ما بقا أمان فالحومة", "water"),
        ("on vit à huit dans deux pièces", "waste"),
        ("l'air est irrespirable à cause des pneus brûlés", "roads"),
    ],
)
def test_a_word_that_only_looks_like_another_decides_nothing(text: str, never: str) -> None:
    """ "Aman" is water in one language and safety in another."""
    assert read(text, OFFERED).certain != never
