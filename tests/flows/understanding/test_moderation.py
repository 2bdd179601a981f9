"""What in open answers should not be shown to everyone, and what must not be mistaken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.typeset import characters
from flows.understanding.moderation import MARK, PERSONAL, masked, suspects
from tests.flows.understanding import language_samples

#: What to find is between ⟦ and ⟧, with its kind. Numbers and accounts are made up.
FOUND = [
    # phones
    ("phone", "Appelez-moi au ⟦06 12 34 56 78⟧ pour le lampadaire"),
    ("phone", "Tel: ⟦06.12.34.56.78⟧."),
    ("phone", "contact ⟦06-12-34-56-78⟧ merci"),
    ("phone", "⟦0612345678⟧"),
    ("phone", "⟦07 12345678⟧ après 18h"),
    ("phone", "le fixe est ⟦05 24 88 12 34⟧"),
    ("phone", "⟦+212612345678⟧ whatsapp"),
    ("phone", "⟦+212 6 12 34 56 78⟧"),
    ("phone", "⟦00212 6 12 34 56 78⟧"),
    ("phone", "⟦+212 (0)6 12 34 56 78⟧ svp"),
    ("phone", "⟦212612345678⟧ nmra dyali"),
    ("phone", "nmrti ⟦0 6 1 2 3 4 5 6 7 8⟧"),
    ("phone", "⟦06_12_34_56_78⟧"),
    ("phone", "⟦06,12,34,56,78⟧"),
    ("phone", "⟦O6 12 34 56 78⟧ 3ayto liya"),
    ("phone", "mon numéro : ⟦612345678⟧"),
    ("phone", "هاتفي ⟦٠٦١٢٣٤٥٦٧٨⟧"),
    ("phone", "اتصلوا بي على ⟦٠٦ ١٢ ٣٤ ٥٦ ٧٨⟧ بعد الظهر"),
    ("phone", "رقمي ⟦0612.345.678⟧ عيطو ليا"),
    ("phone", "النمرة ديالي ⟦06/12/34/56/78⟧"),
    ("phone", "واتساب ⟦+٢١٢٦١٢٣٤٥٦٧٨⟧"),
    ("phone", "je vis en France ⟦+33 6 12 34 56 78⟧"),
    ("phone", "desde España ⟦0034 612 345 678⟧"),
    ("phone", "depuis le 05/06/2026, appelez le ⟦0661020304⟧"),
    ("phone", "ⵓⵟⵟⵓⵏ ⵉⵏⵓ ⟦06 61 02 03 04⟧"),
    ("phone", "⟦(+212) 661 02 03 04⟧"),
    ("phone", "⟦+34612345678⟧"),
    ("phone", "Ali⟦06 12 34 56 78⟧ ou"),
    # identity
    ("national_id", "CIN ⟦AB123456⟧"),
    ("national_id", "ma carte nationale est ⟦P 12345⟧"),
    ("national_id", "Je suis ⟦PA123456⟧, habitant du douar"),
    ("national_id", "⟦ab123456⟧ tani"),
    ("national_id", "⟦AB 123456⟧"),
    ("national_id", "CNIE n° ⟦JB-45678⟧"),
    ("national_id", "رقم البطاقة الوطنية ⟦D123456⟧"),
    ("national_id", "بطاقتي الوطنية هي ⟦EE٣٤٥٦٧٨⟧"),
    ("national_id", "lakart dyali ⟦p345678⟧"),
    ("national_id", "passeport ⟦AB1234567⟧"),
    ("national_id", "⟦ab 123456⟧ tani"),
    ("national_id", "je suis ⟦AB.123456⟧, voisin"),
    ("national_id", "CIN ⟦RC 12345⟧"),
    ("phone", "compteur cassé, appelez ⟦612345678⟧"),
    ("rib", "⟦FR14 2004 1010 0505 0001 3M02 606⟧ merci beaucoup"),
    # addresses and accounts
    ("email", "écrivez à ⟦fatima.z+eau@exemple.ma⟧ merci"),
    ("email", "بريدي ⟦ali_2026@example.com⟧."),
    ("email", "⟦ali (at) example.org⟧"),
    ("link", "voir ⟦https://example.org/photo?id=3⟧."),
    ("link", "شوفو ⟦www.example.com/aaa⟧"),
    ("link", "mon groupe ⟦t.me/monquartier⟧"),
    ("link", "⟦wa.me/212612345678⟧"),
    ("link", "la page ⟦facebook.com/amal.exemple⟧, tout y est"),
    ("link", "suivez ⟦@amal_exemple⟧ !"),
    ("link", "le site ⟦commune-exemple.gov.ma⟧"),
    # bank
    ("card", "carte ⟦4111 1111 1111 1111⟧"),
    ("card", "⟦5555555555554444⟧ c'est ma carte"),
    ("card", "⟦4111-1111-1111-1111⟧"),
    ("rib", "RIB ⟦011 519 0000012050005349 21⟧"),
    ("rib", "حسابي البنكي ⟦011519000001205000534921⟧"),
    ("rib", "IBAN ⟦MA64 0115 1900 0001 2050 0053 4921⟧"),
    ("rib", "⟦FR14 2004 1010 0505 0001 3M02 606⟧"),
    # plates
    ("plate", "la voiture ⟦12345-A-6⟧ bloque la rue"),
    ("plate", "الطوموبيل ⟦12345 | أ | 72⟧ ديما واقفة"),
    ("plate", "الشاحنة رقم ⟦٥٤٣٢١-ب-٦⟧"),
    # insults
    ("insult", "⟦يا كلاب⟧ اصلحوا الطريق"),
    ("insult", "⟦نتوما كلاب⟧"),
    ("insult", "⟦نتا حمار⟧ ما كتفهمش"),
    ("insult", "⟦أنتم لصوص⟧"),
    ("insult", "⟦ولاد الكلب⟧ فين مشاو الفلوس"),
    ("insult", "⟦ولد القحبة⟧"),
    ("insult", "⟦القحاب⟧"),
    ("insult", "⟦الرئيس حمار⟧ ما دار والو"),
    ("insult", "⟦المسؤولين كلهم شفارة⟧"),
    ("insult", "هاد ⟦المجلس ديال الشفارة⟧"),
    ("insult", "⟦الله ينعل بوكم⟧"),
    ("insult", "⟦تفو⟧ عليكم"),
    ("insult", "⟦كلااااكم مكلخين⟧".replace("⟦كلااااكم ", "كلااااكم ⟦")),
    ("insult", "⟦wlad l97ba⟧ fin lflous"),
    ("insult", "⟦nta 7mar⟧"),
    ("insult", "⟦ya klab⟧ sawbo triq"),
    ("insult", "⟦ntouma chffara⟧"),
    ("insult", "⟦zaml⟧"),
    ("insult", "⟦nik mok⟧"),
    ("insult", "espèce d'abruti".replace("abruti", "⟦abruti⟧")),
    ("insult", "⟦Bande de voleurs⟧ !"),
    ("insult", "⟦Vous êtes tous des ânes⟧"),
    ("insult", "⟦t'es un con⟧"),
    ("insult", "⟦CONNAAAARD⟧"),
    ("insult", "⟦fils de pute⟧"),
    ("insult", "⟦Le maire est un voleur⟧".replace("⟦Le maire", "Le ⟦maire")),
    ("insult", "va te faire foutre".join("⟦⟧")),
    ("insult", "⟦you are dogs⟧"),
    ("insult", "you ⟦bastards⟧"),
    ("insult", "The ⟦mayor is a thief⟧"),
    ("insult", "⟦الله يعطيكم الذل⟧"),
    ("insult", "⟦الله يعطيك شي مصيبة⟧ نتا والمجلس"),
    ("insult", "⟦الله يمسخك⟧"),
    ("insult", "⟦الله ينعل⟧ هاد الجماعة"),
    ("insult", "⟦لعنة الله عليكم⟧"),
    ("insult", "⟦الله ياخد فيكم⟧ الحق"),
    ("insult", "⟦لي ما كيحشمش⟧ كيدير ما بغا".replace("ما كيحشمش", "ما يحشم")),
    ("insult", "⟦شوهتونا⟧ قدام العالم"),
    ("insult", "⟦قليلين الحيا⟧".replace("قليلين", "قلال")),
    ("insult", "⟦وجهك قاصح⟧"),
    ("insult", "⟦أبناء الكلاب⟧"),
    ("insult", "⟦اتفووووو⟧ على جماعة"),
    ("insult", "⟦هاد الخرا⟧ ديال البرنامج".replace("⟦هاد الخرا⟧", "هاد ⟦الخرا⟧")),
    ("insult", "⟦lah yn3al⟧ had ljama3a"),
    ("insult", "⟦كلاب المجلس⟧ ما كيديرو والو"),
    ("insult", "⟦حمير ديال المجلس⟧"),
    ("insult", "⟦din mok⟧"),
    ("insult", "⟦شفارة كلكم⟧"),
    ("insult", "⟦que Dieu vous maudisse⟧"),
    ("insult", "⟦khra 3likom⟧"),
    ("insult", "⟦idiot de président⟧"),
    ("insult", "⟦sale noir⟧, retourne chez toi"),
    ("insult", "⟦a aghyul⟧, maxx?"),
    ("insult", "⟦ⴰ ⴰⵖⵢⵓⵍ⟧"),
]

#: Ordinary words of citizens, with the numbers and the beasts that belong there.
HARMLESS = [
    # quantities, prices, years, times
    "5000 litres d'eau par semaine pour 120 familles",
    # blessings, and what sounds like a curse
    "الله يعطيك الصحة",
    "الله يعطيكم العز والبركة",
    "الله ينعل الشيطان، سمحو ليا",
    "لعنة الله على الظالمين",
    "الله يلعن هاد الحالة اللي حنا فيها",
    "كلاب ضالة حدا المجلس",
    "لهلا يوريك باس",
    "الله يدلنا على الخير",
    "الله يرحم الوالدين صاوبو الطريق",
    "ما تحشموش قولو لينا الحقيقة",
    "بغيت نسولكم مرة خرى على الحاجة الخرى",
    # beasts, dirt and stench where they belong
    "الحمار مات فالطريق والريحة خانزة",
    "الحلوف كيخسر لينا الفلاحة كل ليلة",
    "هاد الزبل خاصو يتجمع",
    "الواد موسخ والما معفون",
    "كاينين ميكروبات فالما ديال الشرب",
    "الحيوانات الضالة فالحومة",
    "العفن فالحيوط ديال المدرسة",
    "خاصنا 20000 لتر ديال الما فالنهار",
    "un réservoir de 600000000 dirhams, c'est trop",
    "الميزانية 650000000 درهم على ثلاث سنوات",
    "650 000 000 DH de budget 2026",
    "b20000 dh n9ado nqiyo zn9a",
    "le loyer est passé de 1500 à 2500 dh",
    "entre 2019 et 2026, rien",
    "من 2019 إلى 2026 ما دارو والو",
    "depuis le 05/06/2026 08h30 il n'y a pas d'eau",
    "05-06-2026 07:15 coupure, 05-06-2026 09:40 retour",
    "le 2026-11-02 à 14:00",
    "ouvert de 08:00 à 12:30 et de 14:30 à 18:00",
    "من الساعة 8 حتى 12 ومن 14 حتى 18",
    "5 écoles, 6 douars, 700 élèves",
    "12 و 6 و 72 متر",
    "بين 5 و 10 كيلومتر",
    "x = 31.7917, y = -7.0926",
    "6,5 km de piste et 0,75 ha",
    "0.5 litre par personne",
    "100 000 000 000 centimes",
    "90% من الدوار بلا ما",
    "1er étage, porte 12, appartement 345",
    "3 x 4 m, 12 m2",
    "code postal 45000",
    "BP 12345 Ouarzazate",
    "CP 45000, TF 12345/05",
    # references, roads, names of places and schools
    "ma demande OZT-2026-000012 n'a pas de réponse",
    "الطلب \u2066OZT-2026-000012\u2069 مازال بلا جواب",
    "la N9 entre Ouarzazate et Agdz",
    "la R307 est coupée, la P1511 aussi",
    "الطريق الوطنية رقم 9 والجهوية 307",
    "RN10 au point kilométrique 345",
    "l'école 20 Août et le lycée 11 janvier",
    "مدرسة 6 نونبر وإعدادية 20 غشت",
    "hay 2 Mars, rue 14, n° 27",
    "porte 12-A-6",
    "ICE 001234567000089",
    "ابن رشد وأولاد برحيل",
    "الله يرحم والديكم",
    "une bande de jeunes, un tas de gravats",
    "Lotissement A, lot 2024-A-3",
    "bus 12A, ligne 7",
    "A4 et A3, papier",
    "décret 2-16-403, loi 113-14",
    "القانون 31-13 والمرسوم 2-16-403",
    "Douar Aït Ben Haddou, 45 foyers",
    "le compteur 123456789 ne marche pas",
    "facture n 12345 et n° 678910",
    "compteur 612345678",
    "le compteur numéro 712345678 ne marche pas",
    "عداد الماء 612345678",
    "l3addad 612345678 khasser",
    "dossier n° 612345678",
    "ma39altch chno bghaw mn had chi kaml",
    "de 20000 habitants à 25000",
    "le 123456 ne répond pas",
    "RC 12345 société",
    "le 19 et le 177 ne répondent pas",
    "mardi ou jeudi, 2 fois par mois",
    "5G et wifi pour la maison des jeunes",
    "walo.ma kaynch",
    "ma3ndna la ma.la daw",
    "daba.ma bqa walo",
    "bonjour.merci de réparer la route",
    # beasts, waste and complaints that belong to a need
    "كلب ضال عض طفلا قرب المدرسة",
    "الكلاب الضالة تهدد سلامة التلاميذ",
    "كاينين كلاب بزاف فالحومة",
    "الزبل والكلاب فكل بلاصة",
    "نقلب على حمار ديالي ضاع فالسوق",
    "الحمير والبغال كيدوزو من قدام السبيطار",
    "الحلوف كيخرب الغرس ديال الفلاحة",
    "السوق ديال البقر والحيوانات",
    "صحة الحيوان ومكتب البيطري",
    "lklab dyal zen9a kay3ddo drari",
    "l7mir w lbghal f souk",
    "hallouf kaykhsser lfila7a",
    "Les chiens errants mordent les enfants",
    "il y a des chiens dangereux derrière l'école",
    "y'a des rats dans le marché",
    "ya des chiens partout",
    "une voiture des responsables des ordures ménagères",
    "les ordures s'entassent devant l'hôpital",
    "Le responsable des chiens errants à la commune ne répond pas",
    "un chien bâtard sans maître",
    "stray dogs near the school",
    "can you remove the dogs and the garbage",
    "the council garbage truck never comes",
    "donkeys and pigs in the market",
    "الشفارة كيسرقو الكابل ديال الضو فالليل",
    "اللصوص يسرقون أغطية البالوعات",
    "chffara kaysr9o lcable",
    "des voleurs ont pris les câbles",
    "thieves steal the cables at night",
    "الشماكرية فالجردة فالليل",
    "شخص مختل عقليا يتجول في الحي",
    "réduire la corruption, des élus plus proches",
    "بعض الموظفين مرتشين ونطلب التحقيق",
    "سافلة الوادي مهددة بالفيضان",
    "حي حقير بلا إنارة",
    "القواد والأعوان ما كيجاوبوش",
    "نطلب من السيد الرئيس إصلاح الطريق",
    "vous êtes invités à venir voir l'état de la rue",
    "tu es notre seul espoir",
    "أنتم المسؤولون عن هذا الحي",
    "يا أهل الخير ساعدونا",
    "yak 7na mwatnin",
    "ⵓⵔ ⵍⵍⵉⵏ ⵡⴰⵎⴰⵏ ⴳ ⵓⴷⵓⵡⵡⴰⵔ",
    "aman ur llin gh udwar",
    "ma dart walo ljama3a, safi",
    "projet pour les cônes de signalisation et le conseil communal",
    "Cap 2030 : 12 projets, 3 axes",
    "",
    "🙏🙏🙏",
]


@pytest.mark.parametrize(("kind", "sample"), FOUND, ids=lambda value: str(value)[:40])
def test_what_should_not_be_shown_is_found_where_it_stands(kind: str, sample: str) -> None:
    before, rest = sample.split("⟦")
    inside, after = rest.split("⟧")
    found = suspects(before + inside + after)
    assert [(s.kind, s.start, s.end) for s in found] == [
        (kind, len(before), len(before) + len(inside))
    ]


@pytest.mark.parametrize("text", HARMLESS, ids=lambda text: text[:40])
def test_ordinary_needs_are_left_alone(text: str) -> None:
    assert suspects(text) == ()
    assert masked(text) == text


def test_messages_that_were_written_for_something_else_raise_no_alarm() -> None:
    """Two hundred short messages in every language; one of them is an identity number."""
    texts = [text for _, text in (*language_samples.KNOWN, *language_samples.HELD_OUT)]
    assert len(texts) > 200
    assert [text for text in texts if suspects(text)] == ["AB123456"]


def test_there_are_samples_enough_of_both() -> None:
    assert len(FOUND) >= 60
    assert len(HARMLESS) >= 60


def test_several_are_found_in_their_order() -> None:
    """A phone, a card of identity and an insult in one message."""
    text = "Ali, 06 12 34 56 78, CIN AB123456, ya klab"
    assert [s.kind for s in suspects(text)] == ["phone", "national_id", "insult"]


def test_personal_data_is_masked_and_the_rest_is_kept() -> None:
    """Words stay, an insult too: staff decide about that."""
    text = "عيطو ليا ٠٦١٢٣٤٥٦٧٨ ولا a@b.ma، يا كلاب"
    assert masked(text) == f"عيطو ليا {MARK} ولا {MARK}، يا كلاب"


def test_two_numbers_side_by_side_are_two() -> None:
    """Whoever gives two phones gets two marks."""
    assert masked("0612345678 / 0661020304") == f"{MARK} / {MARK}"
    assert masked("0612345678 0661020304") == f"{MARK} {MARK}"


def test_a_sentence_that_ends_ends_what_somebody_is_called() -> None:
    """ "We thank you. Dogs ..." calls nobody a dog."""
    assert suspects("شكرا لكم أنتم. كلاب كثيرة في الحي") == ()
    assert suspects("merci à toi, tu es. Des chiens partout") == ()


def test_the_mark_has_a_glyph_in_our_fonts() -> None:
    """It is printed in every document."""
    assert {ord(character) for character in MARK} <= characters()


PIECES = st.sampled_from(
    (" ", "\n", ". ", "0612345678", "+212 6 12 34 56 78", "AB123456", "a@b.com", "www.x.com/y",
     "4111111111111111", "12345-A-6", "ya klab", "يا كلاب", "كلب", "eau", "ماء", "٠٦١٢٣٤٥٦٧٨")
)  # fmt: skip


@given(st.text() | st.lists(PIECES, max_size=12).map("".join))
def test_finds_lie_apart_and_in_order(text: str) -> None:
    """Whatever comes in: spans are within the text, not empty, and none overlaps the next."""
    end = 0
    for found in suspects(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@given(st.lists(PIECES, max_size=8).map(" ".join))
def test_nothing_personal_is_left_behind_a_mask(text: str) -> None:
    """Masking what is masked changes nothing more."""
    once = masked(text)
    assert masked(once) == once
    assert not [found for found in suspects(once) if found.kind in PERSONAL]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Je m'appelle Zineb Lamrani, lampadaire cassé", "Je m'appelle •••, lampadaire cassé"),
        ("salam smiti Hassan, lma m9to3", "salam smiti •••, lma m9to3"),
        ("اسمي فاطمة الزهراء والماء مقطوع", "اسمي ••• والماء مقطوع"),
        ("je suis malade depuis lundi", "je suis malade depuis lundi"),
    ],
)
def test_the_name_that_somebody_gives_of_themselves_is_not_shown_to_others(
    text: str, shown: str
) -> None:
    assert masked(text) == shown
