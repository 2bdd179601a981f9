"""Which of somebody's words are insults or curses? Words stand in `words/insults.toml`; here is how they are put together.

A word that is an everyday complaint ("stray dogs", "thieves at night", "ordures") counts only where somebody is
called that: after "you", "O ...", "bande de ...", or said of an office ("the mayor is a ..."). Curses count by
their shape: what God may do to somebody, who is without shame, what their face is.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from flows.understanding import scripts
from flows.understanding.lines.files import words_of

_LISTS: Final = words_of("insults")

_WORD = re.compile(r"[^\W_]+(?:[\u064b-\u065f\u0670\u0640]+[^\W_]*)*")
_SENTENCE_ENDS = re.compile(r"[.!?\u061f\u061b;:\n\x00]")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")


def _key(word: str) -> str:
    """A word as it is compared: folded, and not drawn out ("connaaaard")."""
    return _DRAWN_OUT.sub(r"\1", scripts.fold(word))


def _one_of(*names: str) -> str:
    words = {_key(word) for name in names for word in _LISTS[name].split()}
    return "(?:" + "|".join(map(re.escape, sorted(words))) + ")"


def _either(patterns: Iterable[str]) -> str:
    return "(?:" + "|".join(patterns) + ")"


def _folded(pattern: str) -> str:
    """A pattern whose Arabic words are folded, as the words are that it is compared with."""
    return re.sub("[\u0621-\u064a]+", lambda met: scripts.fold(met[0]), pattern)


#: An article, and what is written in one with a word.
_THE = "(?:[وفبد]?(?:ال|لل|بال|دال|ل|ب))?"
_GOD = "(?:[واف]?(?:الله|ربي|رب|لله|allah|alah|lah|rabbi|rabi|rbi) )"
_HIM = "(?:ك|كم|كوم|ه|ها|هم|هوم|و|نا)"
#: Who is cursed every day without harm to anybody.
_NOBODY = "(?![^|]{0,25}(?:شيطان|شياطين|ابليس|بليس|فقر|زلط|ظالم|حاله|عيشه|وقت|ظروف|كاذبين|chitan|chaytan|iblis|blis))"
_PHRASES = (
    "(?:ولد|ولاد|اولاد|ابن|ابناء|بنت|بنات) (?:ال|ل)?(?:حرام|قحبه|كلب|كلاب|زنا|شرموطه|عاهره|زامل)",
    "(?:weld|wld|wlad|oulad|bent|bnt) (?:(?:l|el) ?)?(?:7ram|hram|97ba|9a7ba|qahba|kelb|klb|klab|7mar|hmar)",
    "(?:الله )?ي?(?:نعل|لعن)(?: دين| طاسيله)? (?:بوك|بوكم|مك|مكم|امك|امكم|يماك|والديك|والديكم|دينك|دينكم)",
    "(?:allah )?(?:i|y)?n3al (?:din )?(?:bok|bouk|bokom|boukom|mok|mokom|yemak|waldik|waldikom|dinek|dinkom)",
    "(?:nik|ni9) (?:mok|mk|mouk|yemak|omok)|طبون (?:مك|امك|يماك)|كس (?:مك|امك|امكم)",
    "(?:ta|vos|votre) (?:sale )?gueule|(?:va te|allez vous) faire (?:foutre|voir|enculer)",
    "(?:din|dine|dyn) (?:mok|mk|bok|bouk|yemak|waldik|waldikom)|sir(?:i|o|ou)? (?:t9awed|t9wed|t9awd|tqawed)|(?:kol|koul|kel) (?:khra|5ra|zbel)|(?:khra|5ra) (?:3lik|3likom|fik|fikom)",
    "va chier|allez? au diable|que dieu (?:te|vous|les) maudisse|(?:الله|ربي) (?:ي|ا)?(?:اخد|اخذ|خد|خذ) الحق في(?:ك|كم|كوم)",
    "trou du cul|(?:putain|saloperie) d[e ]|(?:idiot|imbecile|cretin|con|abruti)s? d(?:e|u) (?:maire|president|caid|pacha|conseil)",
    "debiles? menta(?:l|le|ux)|sales? (?:arabes?|noirs?|negres?|juifs?|berberes?|chleuhs?|sahraouis?|race)|gros(?:se)? porcs?",
    "fils? d(?:e|une?) (?:chiens?|chiennes?|putes?)|sons? of (?:an? )?(?:bitch|bitches|dogs?)",
    # May God ...
    f"{_NOBODY}(?:(?:ال)?لعنه(?: الله)?(?: و?علي{_HIM}?)?|{_GOD}?(?:ي|ا|كي|كن|ك)?(?:نعل|لعن){_HIM}?)",
    f"{_NOBODY}{_GOD}?(?:i|y)?(?:n3al|la3n|l3en|l3an|n3el)(?:ou|o|k|kom|ha|hom)?",
    f"(?:{_GOD}(?:ي|ا)?|ي)عطي?{_HIM}?(?: ل?(?:مك|بوك|مكم|بوكم))?(?: (?:شي|غير|غي|واحد|الا))* {_THE}{_one_of('evils')}",
    f"{_GOD}(?:i|y)?(?:3|a)ti?(?:k|kom|ha|hom|h)?(?: (?:chi|ghir|gha|wa7d))* {_THE}l?{_one_of('evils')}",
    f"(?:العز|l3ez) (?:اما|ا ?ما|ام|وا ?ما|ama|amma) {_THE}(?:ذل|دل|del|dell)",
    f"{_GOD}(?:ي|ا|i|y)?{_one_of('curses')}(?:{_HIM}|k|kom|ha|hom|o|ou)?|(?:ي|ا)مسخ(?:ك|كم|كوم|ها|هم|هوم|و)",
    f"{_GOD}?(?:ي|ا)?غبر ?ل?ي?{_HIM}? ?{_THE}شقف|(?:ي|ا)غبرليك(?:م|وم)?|{_GOD}(?:ي|ا)?غبر",
    f"{_GOD}(?:ي|ا)?(?:اخد|اخذ|خد|خذ) في(?:ك|كم|كوم)",
    f"{_GOD}(?:ي|ا|ين)?نتقم من{_HIM}?|{_GOD}(?:ي|ا)?(?:نزل|سلط) علي{_HIM}",
    f"الله سعي(?:ك|كم|كوم)|(?:سير|سيري|سيرو) (?:قج|تفوسخ|دفن راس{_HIM})",
    f"لهلا (?:ي|ا)?(?:فك|ربح|صلح|كبر|نجح|رحم){_HIM}?",
    f"{_GOD}?(?:ن|ي|ت)?خلي دار (?:بو|م|ام|يما|والدي){_HIM}|(?:دين|رب|ملة|طاسيله) (?:ام|م|بو|ابو|يما|والدي){_HIM}|علي (?:مك|مكم)",
    # Without shame.
    "(?:لي|اللي|الي|لل?ي|ل) ?(?:ما ?|م)(?:ي|كي|كا ?ي|كاي)حشم(?:ش|و|وش)?|لميحشم(?:ش|و)?",
    "(?:ما ?|م)(?:كا ?|ك)ت?حشم(?:ش|و|وش|ي|يش)?|(?:ما ?|م)حشمتي(?:ش|و)?|(?:ما ?|م)حشمتو(?:ش)?",
    "(?:كون|واش|سير|سيري|سيرو) (?:كنت(?:ي|و)? )?(?:ما ?|م)?(?:ك?ت)?حشم(?:ي|و|ش|وش|يش|تي|تو)?|ا?حشم(?:ي|و)|تحشم(?:ي|و)",
    "(?:قليل|قليله|قله|قلت|قلال|عديم|عديمه|عديمي|عديمين|ناقص|ناقصه|ناقصين|معندكش|معندكم|ماعندكم|ماعندكش)"
    f" {_THE}(?:حيا|ادب|ترابي|تربيه|رجله|شرف|كرامه|اخلاق|نفس|ضمير|حشمه|مروءه)",
    f"(?:بدون|بلا) {_THE}(?:حيا|ادب|ترابي|تربيه|رجله|اخلاق|ضمير|حشمه)",
    f"(?:(?:يا|ا|وا|اوا|هاد|داك|ديك|ديال) )?(?:يا|ا|وا)?وجه {_THE}(?:حبس|ويل|زبل|كلب|حمار|حلوف|قرد|نحس|خرا|طز|شر|بومه|لعنه|مصيبه|خنزير|طيز|زك|قحبه|قصدير|سلوكي|منحوس)",
    f"وجه{_HIM} (?:قاصح|قاسح|صحيح|قزدير)|قصوحيه {_THE}وجه",
    # Vulgar, or wishing somebody's death.
    f"عطا?ت? ?زك(?:و|ها)|(?:سير|سيري|سيرو) (?:تقود|تقودي|تقودو|تنيك|تخرا)|سوق كر{_HIM}|غزا في{_HIM}|عبر علي(?:ك|كم)|موخر(?:ه ديال|ت){_HIM}",
    f"(?:ت|ي|ن)?(?:ستحق|ستاهل|ساهل)(?:ي|و)? {_THE}(?:دفن|اعدام|شنق|حرق|رجم|ذبح)|خا?ص{_HIM} (?:ال|ل)?(?:اعدام|رجم|ذبح|حرق|شنق)|تبا ل{_HIM}?(?=[^ ]*(?: |$))",
    f"لا ?زين و?لا ?مجي? ?(?:بكري)?|{_THE}قوم لوط",
    f"(?:صحافه|الصحافه|قناه|اعلام|حكومه|برنامج|شعب|وجه|هضره|جيل|فنانين|مجلس|مستوي|المستوي|ناس) (?:ديال|دي|د) {_THE}(?:زبل|وسخ|عفن|خنز|حمير|كلاب|ويل)",
    f"(?:ديال|دي|د) {_THE}(?:ويل|ذل|دل|زوامل|تقحبين)|(?:هاد|هد|هذا|هاذ|يا) {_THE}(?:ويل|ذل|دل)",
)
_YOU = (
    "(?:يا|ايها|انت|انتي|انتم|انتوما|نتا|نتي|نتوما|نتوم|راك|راكم|راكوم)(?: (?:مجرد|غير|كلكم|كاملين))*",
    "(?:nta|nti|ntouma|ntoma|ntuma|rak|rakom|rakoum)(?: (?:ghir|gha|kolkom|kamlin))*|ya",
    "(?:vous etes|vs etes|tu es|t es)(?: (?:tous|toutes|vraiment|que|qu|une?|des?|d|gros|grosse|sales?))*",
    "(?:bande|tas|especes?) (?:de|d)(?: (?:gros|sales?))?|(?:gros|grosse|sale|pauvre)(?= (?:cons?|idiote?)(?: |$))",
    "(?:you are|you re|u are|youre)(?: (?:all|just|an?|the|such|bunch|of|nothing|but))*|you|bunch of",
    "ⴰ|a(?= (?:aghyul|aɣyul|aydi)(?: |$))",
)
_OFFICE = (
    "(?:ال)?(?:رييس|مسوول|مسوولين|مسوولون|مستشار|مستشارين|منتخب|منتخبين|منتخبون|مقدم|قايد|باشا|عامل|وزير|وزرا|مجلس)(?: (?:ديالنا|ديالكم|هذا|هاد|البلدي|الجماعي))?",
    "l?(?:ra2is|rais|raiss|mas2oul|mas2oulin|masoulin|mosta(?:c|s)harin|monta5abin|mo9addem|mqeddem|9ayd|qayd|bacha|majlis)(?: dyalna)?",
    "(?:maire|presidente?|elue?s?|conseill(?:er|ere|ers)|responsables?|caid|pacha|gouverneur|ministres?|conseil)",
    "(?:mayor|president|councill?ors?|officials?|governor|ministers?)",
)
_ALL_OF_THEM = "(?: (?:كلهم|كاملين|جميعا|kolhom|kamlin|tous|toutes|all))*"
_ARE = "(?: (?:راه|راهم|راهوم|هم|هو|هي|هوما|غير|مجرد|واحد|rah|raho|rahom|homa|ghir|wa7d|est|sont|is|are))(?: (?:tous|qu|que|une?|des|all|an?|the|just))*"
_OF = " (?:ديال|د|dyal|dial|d|de|des)"
_REAL_BEASTS = "(?! (?:ضال|مسعور|errant|stray|mechant|wild))"


_INSULT = re.compile(
    _folded(
        "(?<![^ ])"
        + _either(
            (
                *_PHRASES,
                f"{_either(_YOU)} {_THE}{_one_of('beasts', 'accused', 'addressed')}{_REAL_BEASTS}",
                f"{_either(_OFFICE)}{_ALL_OF_THEM}{_ARE} {_THE}{_one_of('beasts', 'accused')}",
                # In Arabic a person may be called something without "is", in French and English not.
                f"{_either(_OFFICE[:2])}{_ALL_OF_THEM} {_one_of('beasts', 'accused')}{_REAL_BEASTS}",
                f"{_either(_OFFICE[:3])}{_OF} {_THE}{_one_of('accused')}",
                f"{_one_of('accused')} (?:كلكم|كاملين|kolkom|kamlin)",
                f"{_one_of('beasts')}(?:{_OF})? {_either(_OFFICE[:3])}",
                f"(?:شعب|جيل|قوم|chaab|ch3b) {_THE}{_one_of('beasts', 'accused', 'addressed')}",
                f"{_THE}{_one_of('always')}",
            )
        )
        + "(?![^ ])"
    )
)


def insults(text: str) -> Iterator[tuple[int, int]]:
    """Where insults begin and end. Matches on the folded words, each one space apart; "|" stands where a
    sentence ends.
    """
    folded: list[str] = []
    starts: list[int] = []
    spans: list[tuple[int, int]] = []
    length = before = 0
    for met in _WORD.finditer(text):
        if _SENTENCE_ENDS.search(text, before, met.start()):
            folded.append("|")
            length += 2
        before = met.end()
        starts.append(length)
        spans.append(met.span())
        folded.append(_key(met[0]))
        length += len(folded[-1]) + 1
    for met in _INSULT.finditer(" ".join(folded)):
        first, last = (bisect_right(starts, at) - 1 for at in (met.start(), met.end() - 1))
        yield spans[first][0], spans[last][1]
