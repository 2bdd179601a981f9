"""Which language is this message in? A proposal; the citizen decides, and is not asked twice.

The script decides most. Within Arabic and Latin letters, small weighted lexicons of the words that
tell neighbours apart (Darija from standard Arabic, Arabizi from French, Tamazight from both) do the
rest. `langdetect` only breaks ties between French, English and Spanish, from five words on: on shorter
or other text it is sure and wrong.
"""

import math
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from flows.understanding.scripts import clean, fold, script

#: Below this confidence a guess is not proposed against what the citizen's app says.
SURE = 0.8


@dataclass(frozen=True, slots=True)
class Guess:
    """A language, and how far to trust it."""

    #: "ar", "ary", "fr", "zgh", "en"; None if it is none of them (Spanish, say) or cannot be told.
    language: str | None
    #: 0 to 1; from 0.8 on, practically always right.
    confidence: float


UNKNOWN = Guess(None, 0.0)

# Words by weight: 2 is hardly ever said in a neighbour language, 1 usually not, 0.5 is a hint.
_Lexicon = dict[float, str]

_ARABIC_SCRIPT: dict[str, _Lexicon] = {
    "ary": {
        2: "ديال ديالي ديالنا ديالكم ديالهم ديالو ديالها ديالك هاد هادي هادو هادشي هداك هاداك هاديك شنو شنوا أشنو شكون فين "
        "منين علاش كيفاش وقتاش فوقاش شحال واش بزاف دابا دبا حيت حيث_لي باش مزيان مزيانة ماشي ماكاينش مكاينش ماعندناش معندناش "
        "معندوش ماعندوش بغيت بغينا باغي باغيين باغية بغا نبغي نبغيو غادي غاديين كاين كاينة كاينين واخا شوية شويا حنا نتا نتي "
        "نتوما هوما ديما عافاك عفاك عافاكم الدراري الزنقة زنقة الحومة حومة الدوار لحومة زوين زوينة خايبة خايب خاصنا خاصني خصنا "
        "خصني خاص كيفما حتا والو تاواحد تا_واحد حتى_واحد ماكاين مكاين الضو ضو الطوبيس طوبيس الكار صيفط صيفطت لقيت دير ديرو "
        "نديرو ندير داير دايرة دارو درت جاي جايين بلاصة البلاصة صافي راه راها راهم رانا راني عيينا عييت كيدير كيديرو كنعيشو كنتسناو "
        "تسنينا الدرب الوليدات ولادنا وليداتنا السبيطار سبيطار لبلاد الناموس الطرطوار خدام خدامة خدامين خدامش مخدامش مزير عاونونا "
        "عاوني الصهد الزبل زبل كايجي حفرة الحفاري بلاصت نهار بكري دغيا فاش ملي بحال بحالي شي_حاجة شيحاجة تشكي مقطوع_لينا خويا ختي "
        "تبارك لالة الله_يعاونكم مرة_وحدة ولات ولا_كيفاش بقينا بقا باقي باقين طاح طايح كلشي قدام لور مكيجيش ماكيجيش مكيخدمش "
        "تصلحو تصاوبو صاوبو صاوب قاد قادو حبس وقف هضرنا هضرت هضر دوك هدوك گاع ڭاع كاع زعما علاه لاش جوج عندكم_شي خصوصا_ملي سير "
        "بلا ماتش وشكرا_بزاف لينا ليا ليكم ليهم بيها فيها_والو معانا كانديرو",
        1: "لي اللي شي هنا عندنا عندي ناس الناس لما الما مشكيل مشكل كتر نهضر هضرة فلوس خدمة الخدمة نتمنى_تديرو مرا راجل غير غي "
        "هادا واحد لواحد الوقت حدا جنب قبل مول السوق لبنات البنات كيف لابأس لاباس سلام شكرا_بزاف لالا ايه آه نعطيو شوف شوفو "
        "مني منك بيه تعطل كبير عيشة لحد كامل كاملين كلها جماعة_ديالنا قرايا القراية بعيدة بعيد الليل بالليل الصباح لعشية العشية "
        "ديرولنا عطيونا جيبو جيب تجي يجي يجيو نمشيو نمشي كيمشي",
        0.5: "ف ل ب مع الله ال",
    },
    "ar": {
        2: "التي الذي الذين اللواتي هذه ذلك تلك هؤلاء أولئك سوف لم لن ليس ليست لماذا متى ماذا أين حيث_إن لأن لكن_لا إلى أيضا جدا نحن أنتم "
        "نريد أريد نرجو أرجو يجب ينبغي يمكن يمكننا يمكنني هناك أود نود نطلب أطلب نقترح أقترح أعتقد أرى تعاني نعاني يعاني "
        "بسبب_عدم عدم توجد يوجد توفير يتم تم_إصلاح إصلاح كذلك منذ خلال حول لدينا لدي لديهم سيتم ستكون أليس إننا إنني إنه إنها بأن "
        "كانت_هناك لقد قد إذا كي لكي حتى_الآن الآن أمام بجانب سيادتكم حضرتكم تحسين إنشاء بناء_مدرسة نشكركم أشكركم شكركم نتمنى نأمل "
        "كما وقد فقط دون بدون ثم هل عندما بينما سكان_حينا حينا بلدتنا مدينتنا شارعنا إنارة إذ مما الرجاء يرجى أهل نحتاج أحتاج تحتاج "
        "نقص غياب انقطاع المتكرر مساعدتكم هم هي ليلا نهارا مساء صباحا يوميا لذا لذلك سوى ألا ليتكم",
        1: "هذا في على أن إن عن كل بعض غير_أن الأطفال المدرسة الطريق الشارع الحي القرية المستشفى الماء الصالح للشرب الإنارة العمومية "
        "مشكلة المشكلة النفايات تكون يكون كان كانت سنوات أيام أكثر مساعدة المواطنين المواطنون السكان الشباب النساء طرف بخصوص بسبب أجل "
        "مرحبا السادة السيد تحية طيبة وبعد جزيلا بعد عدة كبيرة صعوبة نظافة حديقة ملعب مياه شوارع طرق أطفال الجماعة المجلس لا",
        0.5: "من و أو ما",
    },
    "zgh": {
        2: "أزول ازول تانميرت تنميرت تانمرت تنمرت ماني ماتا مامنك ماخ ماغ ريغ نرا تمازيرت تامازيرت أغاراس اغاراس أغراس تيكمي "
        "تيگمي أيت_درنغ درنغ دارنغ داري نكني نكنين نتني كيي نتات نتا_غ أمان اومان وامان غيد غاد غاسا غاساد ازكا اضكام إلان ئلا ئلان إلا_غ "
        "ايلا اور أورا اورا تفوكت تيفاوت تافاوت تيفاوين أفوس تيمزكيدا تينمل تنمل تاغاراست تاسوكت ميدن مدن تروا تاروا إرحان "
        "إحنجيفن تيفرخين ايفرخان إفرخان دوار_نغ الدوار_نغ تاكات أكال اكال وكال اركاز أركاز تمغارت تامغارت تيمغارين اوال اوالن بهرا "
        "إغ ايغ نغ نون نسن ادور ادود كولو كولشي_غ اسكاس أسكاس ايضان اض واض اس اسان امزوار ياض ياضن تاغوري تيغري أدرار ادرار ودرار "
        "إيغرم ايغرم توادا تاوادا ايموريك يان يات سين كراض تامازيغت تمازيغت أمازيغ تودرت تامونت ئس ئغ ئرا ؤر ؤرا إرا ايرا راد رايد "
        "ارتيلي ارا نسوال نسول داغ دغ غيلاد غيلا كرا كراي كرايكان يلا يلان تلا تلان غيكاد غايان غايليغ حتا_غيد أساراك تاسرت لحال_نغ "
        "أسيف اسيف واسيف أنزار انزار ونزار أتاي_نغ أضو يوفن فولكين ايفولكي يفولكي إفولكي",
        1: "ن س غ غر زغ سغ تاك ايلي اكر ايس اغ اد ار مش مغار",
        0.5: "د ا",
    },
}

_LATIN_SCRIPT: dict[str, _Lexicon] = {
    "ary": {
        2: "dyal dial dyali diali dyalna dialna dyalkom dialkom dyalo dyalha had hadi hado hadchi hadshi chno chnou chnowa chkoun fin mnin "
        "3lach 3lash kifach wa9tach wqtach fo9ach ch7al chhal wach wash bzaf bezaf bzzaf daba hit 7it bach bash mzyan mezyan mzyana "
        "machi makaynch makayench makaynsh ma3ndnach ma3andnach bghit bghina baghi baghyin baghya ghadi ghadyin kayn kayna kaynin kayen "
        "wakha chwiya chwia shwiya 7na hna ntouma homa houma dima 3afak afak 3afakom drari zn9a zen9a zanqa 7ouma 7oma douar zwin zwina "
        "khayba khasna khassna khasni khassni khas kima walo walou daw dow toubis tobis sifet sift l9it dir diro dirou ndiro ndir dayr dayra "
        "ja jay blassa blasa safi rah raha rahom rana rani 3yina 3yit kaydir kaydiro wlad wladna sbitar lblad blad khdam khdama mkhdamch "
        "khdamch 3awnona 3awnouna zbel hofra 7ofra bekri daghya fach mli b7al bhal 7aja khoya khti kolchi koulchi goddam tsl7o saybo 9ado "
        "hderna hdart ga3 gaa3 z3ma za3ma jouj lina lya likom lihom m3ana ma3ana salam slm chokran choukran shokran lma lmaa elma dlma trig tri9 "
        "tri9na nas nnas l7al mochkil moshkil mouchkil mchakil msta 3ndna 3andna 3ndi 3andi 3ndkom 3endna lah ykhalikom lli wlla wla gha ghir "
        "rja rja3 ta7 bla 7ta hta walakin walakine mn ila tan tanchofo tanmchiw kanchofo kantsnaw kantsna kaytsna mab9ach mazal "
        "mazel baqi ba9i b9ina wlit wellat sem3o kif blama nchofo nchoufo nmchiw yji tji tjiw jibo 3tiwna lwe9t lwa9t lil bellil blil sba7 "
        "3chiya l3chiya nhar lyoum ghedda lbare7 chi wahd wahed 7da wla_la bhad f had tahowa n9dro ne9dro t9dro ymken momkin labas fhad",
        1: "li w f dak nta nti ana ntina hna b m3a kan nad sir zid aji chof chouf hdra flous khedma lkhedma souk lbnat bnat ljama3a jama3a "
        "lmadrasa madrasa lmedrassa triq s7a lah allah ykhlikom inchallah nchallah hamdollah lhamdulillah la ah wah",
        0.5: "l d",
    },
    "zgh": {
        2: "azul tanmmirt tanemmirt tanmirt mani manza mamnk mamenk mamenka mamek max makh righ nra tamazirt tmazirt agharas aɣaras ugharas uɣaras "
        "aghras tigmmi tigemmi darngh darnɣ darnegh dari nkni nekni nukni nttni kiyi nttat aman waman ghid ɣid ghassa ghassad ɣassa azekka azkka "
        "llan illa tlla tella ilan ur urd urta ula tafukt tifawt tafawt tifawin afus tinml tinmel tasukt midn mddn medden tarwa arraw "
        "ifrxan ifrkhan ifrukh tarbat tirbatin akal wakal argaz irgazn tamghart tamɣart timgharin timɣarin awal awaln bahra igh iɣ ngh nnegh nngh nɣ "
        "nnɣ nsn nnsn nnun asggas asgg asggʷas iḍ iḍan wass ass ussan amzwaru yadn yaḍn yaḍni taghuri taɣuri adrar udrar ighrm iɣrm tawada yan yat "
        "tamazight tamaziɣt amazigh tudrt tudert tamunt rad ra ad ar nsawl dagh daɣ ghila ghilad kra kraygan gan iga tga ghikad ghayan ghaylligh "
        "asif wasif anzar unzar ifulki yufn igan ikka tssn tessen issn nssn nttat ntta nttni assa asd awid awi fki fkiyagh fk iyi ak akn awn "
        "amdakkl aytma istma aghrum aɣrum tiwisi laḥ mrad mac yili tili ili iqqan ixṣṣa ixssa ixessa nxssa ixsa ixess wala dda illi gar "
        "isgguran amssugr tigira deg di_ɣ zeg zgh sgh sɣ gh ɣ gr ljmaɛt tagrawt agraw timdint tamdint tamdinit anmuggar aseklu isekla "
        "amkan umkan tkka ittyawskar nuhlal nuhl yuhl tuggugt iggugn yaggugn",
        1: "n s d is as nd i",
    },
    "fr": {
        2: "je nous vous il elle ils elles est sont les des dans pas une pour que qui avec sur ce cette ces mon ma mes notre nos votre vos leur "
        "etre avoir ete fait faire faut il_y_a plus tres aussi mais ou_est parce quand comment pourquoi combien depuis toujours jamais "
        "bonjour bonsoir merci beaucoup svp quartier rue eau ecole route eclairage lampadaire dechets poubelles ordures trottoir "
        "transport enfants habitants commune mairie ville besoin besoins probleme problemes manque proposer propose veux voudrais souhaite "
        "aimerais sans sous chez entre apres avant encore rien tout tous toute toutes jeunes femmes jardin hopital medecin panne nuit soir "
        "matin jour jours semaine mois annee c_est n_est d_eau l_eau du au aux en et ou si lumiere centre village pres peut peux "
        "pouvez avons ont suis sommes etes salut oui non d_accord j ai qu chien chiens dangereux dangereuse cassee casse sale",
        1: "le la de un a y l se ne son sa ses deux grand petit bien fois temps travail place terrain sport espace projet question reponse sante "
        "votes vote idee voir avis ca me te on the_le",
    },
    "en": {
        2: "the is are was were we you they he she it my our your their this that these those there here have has had do does did not "
        "dont don_t can could should would will want need needs please thank thanks hello hi water street road school lights light "
        "neighborhood neighbourhood garbage trash what when where why how who which with without from for and but because about very "
        "more many much every any some all of to in at by been be get got make more people children kids town city village problem "
        "problems broken good bad morning evening night day week month year since ago i im i_m me us no_one nobody yes think like "
        "would help council buses bus_stop hospital doctor dark dangerous too also only just",
        1: "on or so if a an as no up out new work time place park area",
    },
    "es": {
        2: "el los las por para gracias hola calle agua hay esta muy con una del pero donde cuando como porque nosotros ustedes queremos quiero "
        "necesitamos necesito buenos buenas dias tardes noches barrio escuela luz basura mi nuestro nuestra nuestros son mas tambien "
        "falta hace todo todos todas ninos que_tal puede ayuda favor usted pueblo carretera",
        1: "en y no es de la que si se un al lo su",
    },
}

# What words are built of, where no list could hold them all. Patterns are for single words.
_SHAPES: list[tuple[str, float, re.Pattern[str]]] = [
    # Arabic script, before folding
    ("ary", 2.0, re.compile("^(?:[وف])?(?:م|ما)[ء-ي]{2,}ش$")),  # ما...ش: negation round the verb
    ("ary", 1.5, re.compile("^(?:ك[نتي]|كا[نتي]|تن|غا?[نتي])[ء-ي]{3,}(?:و|ني|ك|ها|هم|نا|وا)?$")),
    ("ary", 1.5, re.compile("^[فد]ال[ء-ي]{2,}$")),  # "in the", "of the" written onto the noun
    ("ary", 1.5, re.compile("^عال[ء-ي]{3,}$")),
    ("ary", 0.8, re.compile("^ن[ء-ي]{2,}و$")),
    ("ary", 1.0, re.compile(".*[گڭݣڤ]")),
    ("ar", 1.5, re.compile(".*[ءا]?ً")),
    ("ar", 1.2, re.compile("^(?:سن|سي|ست|سأ)[ء-ي]{3,}$")),
    ("ar", 1.0, re.compile("^(?:[ولب])?[أإ][ء-ي]{2,}$")),
    ("ar", 0.8, re.compile("^(?:است|انت|وال|بال|لل)[ء-ي]{3,}$")),
    ("zgh", 1.8, re.compile("^[ئؤ]")),
    ("zgh", 1.2, re.compile("^ت[اي]?[ء-ي]{3,}ت$")),
    ("zgh", 1.0, re.compile("^[إأا]ي?[ء-ي]{2,}ن$")),
]
_LATIN_SHAPES: list[tuple[str, float, re.Pattern[str]]] = [
    ("ary", 2.0, re.compile("^(?=.*[379])[a-z]*[379][a-z379]*[a-z][a-z0-9]*$|^[a-z]+[379]$")),
    ("ary", 2.0, re.compile("^ma[a-z0-9]{2,}(?:ch|sh)$")),
    ("ary", 1.5, re.compile("^(?:kan|kat|kay|ghan|ghat|ghay|tan|tay)[a-z0-9]{2,}$")),
    # The article or a preposition run into a noun; not "dr", "fr", "br", which open European words.
    ("ary", 1.0, re.compile("^(?:l[bdfghjkmnqrstwxz379]|[dfb][bdfghjkmnqstwxz379])[a-z0-9]{2,}$")),
    ("zgh", 1.8, re.compile(".*[ɣɛḍṭẓḥṛṣʷ]")),
    ("zgh", 1.2, re.compile("^t[aiu]?[a-z]{3,}t$")),
    ("zgh", 0.7, re.compile("^[aiu][a-z]{2,}(?:n|en|an|in)$")),
    ("fr", 1.5, re.compile(".*[éèêëàâçùûîïôœ]")),
    ("es", 2.0, re.compile(".*[ñ¿¡]|.*(?:ción|ciones)$")),
    ("es", 1.0, re.compile(".*[áíóú]")),
    ("en", 1.0, re.compile("^[a-z]{3,}(?:ing|tion_s|ness|ful|ght)$")),
    ("fr", 1.0, re.compile("^[a-z]{3,}(?:tion|ment|eux|euse|ique|aire|ons|ez)$")),
]

_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#/]\w+|\+?\d[\d\s.\-/:]{3,}")
_WORD = re.compile(r"[^\W_]+(?:[\u064b-\u065f][^\W_]*)*|[¿¡]")
_LATIN_LANGUAGES = ("fr", "en", "es")
_ENOUGH_WORDS = 5
_LONGEST = 2000

_Table = dict[str, dict[str, float]]


def _table(lexicons: dict[str, _Lexicon]) -> _Table:
    """Folded word, or two words, -> language -> weight."""
    table: _Table = {}
    for language, lexicon in lexicons.items():
        for weight, words in sorted(lexicon.items()):
            for word in words.split():
                table.setdefault(fold(word), {})[language] = weight
    return table


_ARABIC_WORDS, _LATIN_WORDS = _table(_ARABIC_SCRIPT), _table(_LATIN_SCRIPT)


def _scores(
    words: list[str], table: _Table, shapes: list[tuple[str, float, re.Pattern[str]]]
) -> dict[str, float]:
    """Evidence for each language: what its words and word shapes weigh together."""
    scores: dict[str, float] = {}
    keys = [fold(word) for word in words]
    for at, key in enumerate(keys):
        known = table.get(f"{key} {keys[at + 1]}") if at + 1 < len(keys) else None
        known = known or table.get(key)
        if known is None:
            known = {}
            for language, weight, shape in shapes:
                if shape.match(words[at]) and known.get(language, 0) < weight:
                    known[language] = weight
        for language, weight in known.items():
            scores[language] = scores.get(language, 0.0) + weight
    return scores


def _guess(scores: dict[str, float], words: int, fallback: Guess) -> Guess:
    """The language with most evidence; the confidence grows with its lead over the second."""
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked:
        return fallback
    language, best = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    if best == second:
        return fallback
    # Evidence on both sides is doubt, however long the message.
    lead = (best - second) * (best / (best + second))
    confidence = round(1 - 0.5 * math.exp(-lead / 1.8), 3)
    # One word ("merci", "salam", "ok") is on loan in every language here: never sure.
    most = 0.99 if words > 1 else SURE - 0.05
    return Guess(None if language == "es" else language, min(confidence, most))


@cache
def _factory() -> Any:
    """langdetect with three languages only: it is quicker, and never says Somali."""
    from langdetect.detector_factory import DetectorFactory

    profiles = files("langdetect") / "profiles"
    texts = [(profiles / name).read_text(encoding="utf-8") for name in _LATIN_LANGUAGES]
    factory = DetectorFactory()
    factory.load_json_profile(texts)
    factory.seed = 0  # the same message has the same language every time
    return factory


def _detected(text: str) -> Guess:
    """What langdetect says of Latin text, French being likeliest here."""
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory().create()
    detector.set_prior_map({"fr": 0.6, "en": 0.25, "es": 0.15})
    detector.append(text)
    try:
        best = detector.get_probabilities()[0]
    except (LangDetectException, IndexError):
        return UNKNOWN
    language, probability = str(best.lang), float(best.prob)
    # Alone it is no proof: Arabizi and Tamazight come out as something here too.
    return Guess(None if language == "es" else language, round(min(probability, SURE - 0.05), 3))


def identify(text: str) -> Guess:
    """The language of one message. Deterministic; never raises; offline.

    Spanish, other scripts, numbers and bare names give `language` None. Do not ask it about a name, an
    identity number, a place or a number that the bot is waiting for.
    """
    text = _NOT_WORDS.sub(" ", clean(text[:_LONGEST]))
    writing = script(text)
    words = _WORD.findall(text.casefold())
    if writing == "tifinagh":
        return Guess("zgh", 0.99 if sum(map(len, words)) > 2 else 0.8)
    if writing == "arabic":
        return _guess(_scores(words, _ARABIC_WORDS, _SHAPES), len(words), Guess("ar", 0.5))
    if writing != "latin":
        return UNKNOWN
    scores = _scores(words, _LATIN_WORDS, _LATIN_SHAPES)
    guess = _guess(scores, len(words), UNKNOWN)
    if guess.confidence >= 0.7 or len(words) < _ENOUGH_WORDS:
        return guess
    if guess.language in {"ary", "zgh"}:
        return guess
    return _detected(text)


#: What a Telegram app's language says of its owner. Kabyle and the others write Tamazight's neighbours.
_APP_LANGUAGES = {
    "ar": "ar",
    "ary": "ary",
    "fr": "fr",
    "en": "en",
    "zgh": "zgh",
    "tzm": "zgh",
    "shi": "zgh",
    "rif": "zgh",
    "ber": "zgh",
    "kab": "zgh",
}


def propose(text: str, app_language: str | None) -> str:
    """The language to speak at first contact: "ar", "ary", "fr", "zgh" or "en".

    A message that is surely in one of them decides; else the language of the app (`app_language` is an
    IETF tag such as "fr" or "ar-MA", None on channels that do not tell), which settles doubt between
    its own language and another; else the best guess; else Darija, which most people here speak.
    """
    guess = identify(text)
    if guess.language and guess.confidence >= SURE:
        return guess.language
    app = _APP_LANGUAGES.get((app_language or "").casefold().replace("_", "-").split("-")[0])
    if app == "ar" and guess.language == "ary":
        return "ary"  # no app speaks Darija: Arabic is what its speakers choose there
    return app or guess.language or "ary"


#: From so many words on a sure guess needs no asking.
CERTAIN_WORDS = 3


def is_certain(text: str, language: str) -> bool:
    """Whether a first message is so surely in this language that nobody need be asked which they speak."""
    guess = identify(text)
    return (
        guess.language == language
        and guess.confidence >= SURE
        and len(_WORD.findall(text)) >= CERTAIN_WORDS
    )
