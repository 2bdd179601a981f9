"""The gazetteer: what citizens type, and the place it means."""

import pytest

from flows.morocco import census, places
from flows.morocco.pins import near
from flows.morocco.places import find, place, resolve

# Spellings as people type them: Arabic with and without hamza and ta marbuta, the letters of Darija,
# French with and without accents, Arabizi, Tifinagh, nicknames, typing errors, whole sentences.
SPELLINGS = """
08.401.01.07 = ورزازات | warzazat | wrzazat | warzazate | ouarzazt | Ouarzazat | ⵡⴰⵔⵣⴰⵣⴰⵜ
06.141.01.0 = casa | dar bida | الدار البيضا | ddar lbayda | casablnca | كازا
03.231.01.0 = fez | fes | فاس | Fés
01.151.01.01 = chaouen | chawen | chefchaoun | شفشاون | الشاون
07.351.01.0 = kech | mrakch | marakech | مراكش | ⵎⵕⵕⴰⴽⵛ
09.001.01.01 = agadir | اكادير | أڭادير | ⴰⴳⴰⴷⵉⵔ | agadire | ville d'agadir | مدينة أكادير
01.511.01.0 = tanja | طنجه | tangier | ⵟⴰⵏⵊⴰ
01.571.01.11 = tetouan | titwan | تطوان
08.577.01.05 = 9al3at mgouna | kelaat mgouna | kalaa mgouna | قلعة مگونة | قلعة امكونة
07.191.01.03 = 9al3at sraghna | kelaa des sraghna | قلعة السراغنة
05.091.01.01 = beni mellal | bni mlal | bni mellal | benimellal | بنى ملال
06.461.01.15 = settat | stat | سطات | j'habite à Settat
05.301.01.01 = khenifra | 5nifra | خنيفره
05.311.01.07 = khribga | خريبگة | 5ribga
04.281.01.01 = 9nitra | l9nitra | kenitra | القنيطره | قنيطرة
04.441.01.0 = sale | sla | سلا
04.421.01.0 = rabat | rbat | الرباط
02.411.01.23 = wjda | oujda | وجده | ⵓⵊⴷⴰ
02.381.01.05 = nadour | الناظور | nador
01.051.01.01 = l7oceima | hoceima | al hoceïma | الحسيمه
07.211.01.05 = essaouira | swira | souira | الصويره
07.431.01.03 = safi | asfi | اسفي
06.181.01.03 = jadida | eljadida | ljdida | الجديدة
08.201.01.05 = errachidia | rachidia | الراشيدية
08.587.01.13 = zagoura | زاڭورة | zagora | ana mn zagora
08.577.01.11 = tinghir | tineghir | تنغير | tinrir | أنا من تنغير | ⵜⵉⵏⵖⵉⵔ
08.577.01.03 = boumalne | boumaln dades | بومالن
08.363.01.03 = midelt | ميدلت
09.581.01.07 = tiznit | tznit | تزنيت | ⵜⵉⵣⵏⵉⵜ
09.541.01.13 = taroudant | tarodant | تارودنت | commune de taroudant
09.541.01.09 = oulad teima | ouled teima | wlad tayma | اولاد تايمة
09.273.01.15 = inezgane | inzgan | انزكان
09.273.01.05 = ait melloul | ayt mloul | ايت ملول
09.273.01.13 = dcheira | الدشيرة الجهادية
10.261.01.03 = guelmim | gulmim | گلميم | كلميم | ⴳⵍⵎⵉⵎ
11.321.01.03 = laayoune | l3youn | العيون
12.391.01.01 = dakhla | da5la | الداخله
11.121.01.01 = boujdour
11.221.01.01 = smara | السماره
10.521.01.01 = tan tan | tantan | طان طان
10.473.01.03 = sidi ifni | سيدي افني
10.473.01.07 = mirleft | ميرلفت
03.561.03.01 = ajdir taza
01.051.01.09 = أجدير إقليم الحسيمة
02.275.09.15 = sidi boubker, jerada
02.533.01.33 = جماعة تاوريرت | tawrirt
08.401.07.09 = الجماعة الترابية لترميكت | tarmigte | ترميگت
08.401.07.07 = skoura
01.051.01.05 = imzouren
01.051.01.03 = bni bouayach | بني بوعياش
01.573.01.05 = m'diq | mdi9
01.573.01.01 = fnide9 | الفنيدق
01.331.01.01 = ksar lkbir | 9sar kbir | القصر الكبير
05.255.01.05 = fkih ben saleh | fkih bnsaleh | الفقيه بنصالح
04.481.01.11 = sidi 9asem | sidi kacem | سيدى قاسم
07.427.01.01 = ben guerir | bengrir | بنجرير
04.501.01.07 = temara | tmara
04.501.01.05 = skhirat
04.291.01.01 = khemisset | lkhmisat | الخميسات
06.371.01.01 = mohammedia | lmo7ammadia
06.117.01.03 = berchid | برشيد
04.481.01.07 = mechra bel ksiri
04.281.01.11 = souk larb3a | سوق الاربعاء
06.141.01.51 = sidi bernoussi
06.141.01.31 = hay hassani
07.351.01.05 = gueliz | جليز
08.587 = province de zagora
09.541 = إقليم تارودانت
03.061 = عمالة مكناس
09 = region souss massa
08 = جهة درعة تافيلالت | draa tafilalet
05.081.01.01 = ازيلال | azilal
05.081.01.03 = demnat | دمنات
08.587.09.23 = m'hamid | محاميد الغزلان | lm7amid
09.551.01.07 = tata | طاطا
09.551.01.01 = akka
09.551.01.05 = foum zgid | فم زگيد
08.587.01.01 = agdz | أڭدز
08.587.11.25 = nkob | النقوب
08.587.11.41 = tazarin zagora
08.577.02.05 = alnif | النيف
08.201.11.03 = rissani | الريصاني
08.201.01.01 = erfoud | arfoud
08.201.01.09 = goulmima | كلميمة
08.201.01.15 = tinjdad
08.363.01.07 = rich | الريش
08.363.15.07 = imilchil | املشيل
03.271.01.03 = ifran | ⵉⴼⵔⴰⵏ
03.271.01.01 = azrou | azro | ازرو
05.301.01.05 = mrirt | مريرت
01.405.01.09 = wazzan | ouazzane | ouezane | وزان
01.331.01.03 = la3rayech | larache | العرائش
01.511.01.01 = asila | asilah | اصيلة
02.113.01.09 = brkan | بركان
02.113.01.25 = sa3idia | saïdia
02.265.01.03 = guersif | جرسيف | گرسيف
03.561.01.11 = taza | تازة
03.451.01.09 = sefrou | صفرو
03.451.01.05 = imouzzer kandar
02.251.01.01 = bou3arfa
02.251.01.03 = figig | فگيگ
02.275.01.17 = jrada
05.311.01.09 = oued zem | wad zam | واد زم
05.311.01.01 = boujad | bejaad
05.091.01.07 = kasbat tadla | قصبة تادلة
06.111.01.03 = bouznika | بوزنيقة
06.385.01.01 = bouskora
06.117.01.05 = deroua
06.181.01.01 = azemmour | azmour | ازمور
06.467.01.07 = sidi bennor | سيدي بنور
07.585.01.13 = youssoufia | اليوسفية
07.161.01.01 = chichaoua | شيشاوة
07.161.01.03 = imintanout
07.041.01.01 = ait ourir | أيت أورير
07.041.01.09 = tahanaout
07.041.01.03 = amizmiz
09.163.01.11 = biougra | بيوگرى
09.163.01.03 = ait baha
09.163.01.01 = ayt 3mira
09.273.01.17 = lqli3a | القليعة
09.273.05.27 = temsia
09.001.07.23 = taghazout | تغازوت
09.581.01.05 = tafrawt | تافراوت | ⵜⴰⴼⵔⴰⵡⵜ
10.261.01.01 = bouizakarn | بويزكارن
11.537.01.05 = tarfaya
10.071.01.01 = assa
10.071.01.03 = زاك
09.541.01.11 = taliouin | talwin
09.541.01.02 = aoulouz | أولوز
09.541.01.05 = igherm
09.541.01.01 = ayt iaaza
01.405.11.07 = kelaat bouqorra
01.051.09.15 = ketama | كتامة
01.051.01.07 = targist
02.533.01.15 = l3youn sidi mellouk
02.381.01.07 = zayo
02.381.01.19 = selwan
02.167.01.13 = midar
02.167.01.09 = driouch | ⴷⵔⵉⵡⵛ
03.061.01.01 = meknas | مكناس
"""


def spellings() -> list[tuple[str, str]]:
    rows = [row.split(" = ") for row in SPELLINGS.strip().splitlines()]
    return [(spelling, code) for code, them in rows for spelling in them.split(" | ")]


def first(text: str, **options: object) -> str:
    return find(text, **options)[0].place.label("fr")  # type: ignore[arg-type]


def test_nearly_every_spelling_is_understood_at_once():
    """Of 325 spellings, 98% come out first and 99% among the three that are offered."""
    found = [([m.place.code for m in find(spelling)], code) for spelling, code in spellings()]
    assert len(found) >= 325
    assert sum(codes[:1] == [code] for codes, code in found) / len(found) >= 0.98
    assert sum(code in codes for codes, code in found) / len(found) >= 0.99


def test_certainty_is_never_wrong_on_the_known_spellings():
    """Nobody is filed under a place they did not mean, and nine in ten are not asked again."""
    resolved = [(spelling, resolve(spelling).certain, code) for spelling, code in spellings()]
    assert [(s, p.code, code) for s, p, code in resolved if p and p.code != code] == []
    assert sum(p is not None for _, p, _ in resolved) / len(resolved) >= 0.9


def test_every_official_name_finds_its_place():
    """Each place is offered under its French and its Arabic name."""
    for level in places.LEVELS:
        for one in places.of_level(level):
            for name in one.names.values():
                offered = find(name, levels=[level], limit=7)
                assert one in [match.place for match in offered], name


@pytest.mark.parametrize(
    ("spelling", "labels"),
    [
        (
            "أولاد عيسى",
            {"Oulad Aissa (El Jadida)", "Oulad Aissa (Taroudannt)", "Oulad Aissa (Khouribga)"},
        ),
        ("أجدير", {"Ajdir (Taza)", "Ajdir (Al Hoceima)"}),
        ("اليوسفية", {"Youssoufia", "El Youssoufia"}),
        ("lmssid", {"Msied", "Lamssid"}),
    ],
)
def test_namesakes_are_all_offered(spelling, labels):
    """A name that several places bear is not decided; every one of them is a choice."""
    resolution = resolve(spelling)
    assert resolution.certain is None
    assert labels <= {candidate.label("fr") for candidate in resolution.candidates}
    assert len(resolution.candidates) <= 7


def test_the_province_named_after_it_decides_between_namesakes():
    """Ajdir alone is asked about; Ajdir followed by its province is understood."""
    assert resolve("Ajdir, Taza").certain == place("03.561.03.01")
    assert resolve("أجدير إقليم الحسيمة").certain == place("01.051.01.09")
    assert resolve("Ajdir (province de Taza)").certain == place("03.561.03.01")


def test_within_decides_between_namesakes():
    """A council that consults its own region is not offered places elsewhere."""
    assert resolve("أولاد عيسى", within=["09"]).certain == place("09.541.04.33")
    assert find("Tanger", within=["09"]) == []


def test_a_word_for_the_kind_of_place_decides_the_level():
    """The commune comes first, unless the citizen says province or region."""
    assert first("زاكورة") == "Zagora"
    assert first("إقليم زاكورة") == "Zagora (province)"
    assert first("préfecture de Fès") == "Fès (préfecture)"
    assert first("jiha souss massa") == "Souss-Massa"
    assert first("zagora", levels=["province"]) == "Zagora (province)"


def test_a_short_name_of_a_large_town_is_asked_about():
    """Dcheira is a village; those who write it mostly live in Dcheira El Jihadia."""
    offered = resolve("Dcheira")
    assert offered.certain is None
    assert "Dcheira El Jihadia" in [p.label("fr") for p in offered.candidates]


@pytest.mark.parametrize(
    "text", ["", "   ", "?!", "12", "😀", "bonjour tout le monde", "merzouga", "oulad"]
)
def test_what_is_no_commune_is_never_certain(text):
    """Greetings, numbers and villages that are not communes do not become an address."""
    assert resolve(text).certain is None


def test_hostile_text_is_only_a_name_that_nobody_knows():
    """Very long and odd text gives no error."""
    for text in ["a" * 5000, "ال " * 500, "\u202e\u0000ء", "3 7 9 2 5", "ⵣ", "-" * 40]:
        assert resolve(text).certain is None


def test_labels_tell_namesakes_apart_in_both_languages():
    """The province is shown where the name repeats, and only there."""
    assert place("03.561.03.01").label("fr") == "Ajdir (Taza)"
    assert place("03.561.03.01").label("ary") == "أجدير (تازة)"
    assert place("08.401.01.07").label("fr") == "Ouarzazate"
    assert place("08.401").label("ar") == "إقليم ورزازات"
    assert place("08.401.01.07").name("zgh") == "Ouarzazate"
    for level in ("commune", "arrondissement"):
        labels = [p.label("fr") for p in places.of_level(level)]
        assert len(labels) == len(set(labels))


def test_the_tree_of_places_is_whole():
    """Twelve regions hold 75 provinces, 1,503 communes and 41 arrondissements."""
    sizes = [len(places.of_level(level)) for level in places.LEVELS]
    assert sizes == [12, 75, 1503, 41]
    regions = places.of_level("region")
    assert sum(len(places.communes_of(r.code)) for r in regions) == 1503
    assert [p.label("fr") for p in places.ancestors("08.401.01.07")] == [
        "Ouarzazate (province)",
        "Drâa-Tafilalet",
    ]
    assert places.ancestors("06.141.01.11")[0].name("fr") == "Casablanca"
    assert place("06.141.01.11") in places.children("06.141.01.0")
    assert places.communes_of("06.141.01.11") == (place("06.141.01.0"),)
    divided = {p.name("fr") for p in places.of_level("commune") if p.has_arrondissements}
    assert divided == {"Tanger", "Fès", "Rabat", "Salé", "Casablanca", "Marrakech"}
    assert {p.region for p in places.of_level("commune")} == {r.code for r in regions}


def test_an_unknown_code_is_named_in_the_error():
    """An operator who mistypes a code sees which one and what codes look like."""
    for question in (place, places.children, places.ancestors, places.communes_of, census.profile):
        with pytest.raises(KeyError, match=r"99\.999.*codes look like"):
            question("99.999")
    with pytest.raises(KeyError, match="no place has the HCP code"):
        find("agadir", within=["agadir"])


@pytest.mark.parametrize(
    ("latitude", "longitude", "commune"),
    [
        (30.92, -6.91, "Ouarzazate"),
        (30.42, -9.6, "Agadir"),
        (33.57, -7.6, "Casablanca"),
        (27.15, -13.2, "Laâyoune"),
        (23.69, -15.95, "Dakhla"),
        (26.13, -14.48, "Boujdour"),
        (26.74, -11.67, "Es-Semara"),
        (35.17, -5.27, "Chefchaouen"),
    ],
)
def test_a_pin_in_a_town_offers_its_commune(latitude, longitude, commune):
    """The commune of a town, the southern provinces included, is one of three distinct choices."""
    offered = [p.name("fr") for p in near(latitude, longitude)]
    assert commune in offered
    assert len(set(offered)) == 3


def test_a_pin_abroad_offers_nothing():
    """Madrid, Dakar and the ocean are no commune; impossible degrees are an error."""
    assert near(40.4, -3.7) == near(14.7, -17.4) == near(0, -30) == []
    with pytest.raises(ValueError, match="latitude 95"):
        near(95, 0)
