"""From what a person typed to a number: digits of any script, number words, ordinals.

The whole message must be the number, give or take what people put around one ("n° 2", "the second
one", "2️⃣"). A sentence that merely contains a number is not an answer to "how many?".
"""

import re
import unicodedata
from decimal import Decimal

from flows.understanding.scripts import digits, fold

#: Longer messages are not numbers, and int() refuses thousands of digits with an error.
_LONGEST = 60
_MOST_DIGITS = 18

# --------------------------------------------------------------------------- words

_CARDINALS: dict[int, str] = {
    0: "صفر zero sifr sfer amya ⴰⵎⵢⴰ",
    1: "واحد واحدة وحدة وحده un une one wahed wahid wa7ed wa7id wahd wa7d wahda wa7da wehda we7da "
    "yan yat yun yut yiwen ⵢⴰⵏ ⵢⴰⵜ ⵢⵓⵏ ⵢⵓⵜ ⵉⵊⵊ يان يات",
    2: "اثنان اثنين اثنتان اثنتين تنين جوج زوج جوز deux two jouj juj joj jooj zouj zoj zuj joje jouje tnin "
    "sin snat ⵙⵉⵏ ⵙⵏⴰⵜ سين سنات",
    3: "ثلاثة ثلاث تلاتة تلاتا تلات ثلاتة تلت trois three tlata tlatta tleta tlat thlata talata telata "
    "krad kratt krat karad kradt krard ⴽⵕⴰⴹ ⴽⵕⴰⴹⵜ ⴽⵕⴰⵟⵟ كراض كراط كراد",
    4: "أربعة أربع ربعة ربع quatre katr four rb3a reb3a arb3a arba3a rab3a rba3a rbaa arbaa raba "
    "kkuz kkuzt kuz koz kouz okkoz akkuz kkoz ⴽⴽⵓⵥ ⴽⴽⵓⵥⵜ كوز",
    5: "خمسة خمس cinq five khmsa khamsa khemsa 5msa 5amsa xmsa khmssa smmus smmust semmus smus ⵙⵎⵎⵓⵙ "
    "ⵙⵎⵎⵓⵙⵜ سموس",
    6: "ستة ست ستا six sta stta setta sitta sdis sddis sedis sdist ⵚⴹⵉⵚ ⵚⴹⵉⵚⵜ سضيس سديس",
    7: "سبعة سبع sept seven sb3a seb3a sab3a sb3 sebaa sbaa sa sat ⵙⴰ ⵙⴰⵜ سا",
    8: "ثمانية ثماني ثمان تمنية تمنيا تمانية تمن huit eight tmnya tmenya tmania tmanya tmnia temnya tam tamt ⵜⴰⵎ "
    "ⵜⴰⵎⵜ تام",
    9: "تسعة تسع تسعود neuf nine ts3ud ts3oud tes3oud tes3ud ts3od tsoud tes3a ts3a tis3a tza tzat ⵜⵥⴰ ⵜⵥⴰⵜ "
    "تزا تضا",
    10: "عشرة عشر dix ten 3chra 3achra 3ashra 3shra 3echra achra mraw mrawt ⵎⵔⴰⵡ ⵎⵔⴰⵡⵜ مراو",
    11: "حداش حضاش onze eleven 7dach hdach 7edach 7dash",
    12: "طناش تناش douze twelve tnach tnash tenach",
    13: "تلطاش تلتاش treize thirteen tltach teltach tlettach",
    14: "ربعطاش ربعتاش quatorze fourteen rb3tach reb3tach arba3tach",
    15: "خمسطاش خمستاش quinze fifteen khmstach khmestach 5mstach khamstach",
    16: "سطاش ستاش سطعش seize sixteen stach sttach settach",
    17: "سبعطاش سبعتاش seventeen sb3tach seb3tach",
    18: "تمنطاش تمنتاش eighteen tmntach tmentach",
    19: "تسعطاش تسعتاش nineteen ts3tach tse3tach",
    20: "عشرون عشرين vingt twenty 3chrin 3echrin 3achrin 3ishrin 3chrine simraw ⵙⵉⵎⵔⴰⵡ",
    30: "ثلاثون ثلاثين تلاتين trente thirty tlatin tlatine",
    40: "أربعون أربعين ربعين quarante forty fourty rb3in reb3in arb3in",
    50: "خمسون خمسين cinquante fifty khmsin khamsin 5msin",
    60: "ستون ستين soixante sixty stin settin",
    70: "سبعون سبعين septante seventy sb3in seb3in",
    80: "ثمانون ثمانين تمانين huitante eighty tmanin tmanine",
    90: "تسعون تسعين nonante ninety ts3in tes3in",
    100: "مئة مائة مية cent hundred mya timidi ⵜⵉⵎⵉⴹⵉ",
}
_ORDINALS: dict[int, str] = {
    1: "أول أولى الأول الأولى اللول لول اللولة لولة اللولى لولى premier premiere first lwl lewel lowel lowl loul lwel "
    "louwel lawal luwla lwla lowla loula louwla awal amzwaru tamzwarut ⴰⵎⵣⵡⴰⵔⵓ ⵜⴰⵎⵣⵡⴰⵔⵓⵜ",
    2: "ثاني ثانية تاني تانية deuxieme deuxiem second seconde tani tania tanya ttani ttanya tanya",
    3: "ثالث ثالثة تالت تالتة troisieme third talet talt talta talit ttalt taleta",
    4: "رابع رابعة quatrieme fourth rabe3 rabi3 rab3 raba3",
    5: "خامس خامسة cinquieme fifth khames khams khamis 5ames",
    6: "سادس سادسة سات ساتة sixieme sixth sades sadis sadsa",
    7: "سابع سابعة septieme seventh sabe3 sabi3 sab3",
    8: "ثامن ثامنة تامن تامنة huitieme eighth tamen tamna tamin",
    9: "تاسع تاسعة neuvieme ninth tase3 tasi3 tas3a",
    10: "عاشر عاشرة dixieme tenth 3acher 3achir 3achra",
    11: "onzieme eleventh",
    12: "douzieme twelfth",
    13: "treizieme thirteenth",
    14: "quatorzieme fourteenth",
    15: "quinzieme fifteenth",
    16: "seizieme sixteenth",
    17: "seventeenth",
    18: "eighteenth",
    19: "nineteenth",
    20: "vingtieme twentieth",
}
_FRENCH = [
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
_ENGLISH = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_ARABIC_UNITS = {
    1: "واحد واحدة",
    2: "اثنان اثنين اثنتان اثنتين تنين جوج",
    3: "ثلاثة ثلاث تلاتة",
    4: "أربعة أربع ربعة",
    5: "خمسة خمس",
    6: "ستة ست",
    7: "سبعة سبع",
    8: "ثمانية ثمان تمنية",
    9: "تسعة تسع تسعود",
}


def _word_table() -> dict[str, int]:
    """Folded words -> value, for 0 to 100 and the ordinals to 20."""
    table = {fold(word): n for n, words in _CARDINALS.items() for word in words.split()}

    def add(words: str, n: int) -> None:
        table.setdefault(fold(words), n)

    tens = {
        20: "vingt",
        30: "trente",
        40: "quarante",
        50: "cinquante",
        60: "soixante",
        80: "quatre vingt",
    }
    add("quatre vingts", 80)
    for ten, french in tens.items():
        add(french, ten)
        for n, unit in enumerate([*_FRENCH, "dix sept", "dix huit", "dix neuf"], 1):
            if n < 10 or ten in {60, 80}:
                joined = f"{french} et {unit}" if n in {1, 11} and ten != 80 else f"{french} {unit}"
                add(joined, ten + n)
                add(f"{french} {unit}", ten + n)
    for n in (7, 8, 9):
        add(f"dix {_FRENCH[n - 1]}", 10 + n)
        add(f"dix {_FRENCH[n - 1]}ieme".replace("neufieme", "neuvieme"), 10 + n)
    for ten in range(20, 100, 10):
        english = _CARDINALS[ten].split()
        word = next(w for w in english if w.endswith("ty"))
        arabic = [w for w in english if "ا" <= w[0] <= "ي" or w[0] == "أ"]
        for n, unit in enumerate(_ENGLISH, 1):
            add(f"{word} {unit}", ten + n)
            for arabic_unit in _ARABIC_UNITS[n].split():
                for arabic_ten in arabic:
                    add(f"{arabic_unit} و{arabic_ten}", ten + n)
                    add(f"{arabic_unit} و {arabic_ten}", ten + n)
    for n in range(3, 10):
        for unit in _ARABIC_UNITS[n].split():
            add(f"{unit} عشر", 10 + n)
            add(f"{unit} عشرة", 10 + n)
    for words in ("أحد عشر", "إحدى عشرة", "الحادي عشر", "الحادية عشرة"):
        add(words, 11)
    for words in ("اثنا عشر", "اثني عشر", "اثنتا عشرة", "اثنتي عشرة", "الثاني عشر"):
        add(words, 12)
    for n in range(1, 10):  # Tamazight: "yan d mraw" is 11, "wis sin" the second
        for unit in _CARDINALS[n].split():
            if "ⴰ" <= unit[0] <= "ⵥ":
                add(f"{unit} ⴷ ⵎⵔⴰⵡ", 10 + n)
                for wis in ("ⵡⵉⵙ", "ⵡⵉⵙⵙ", "ⵜⵉⵙ", "ⵜⵉⵙⵙ"):
                    add(f"{wis} {unit}", n)
                    add(f"{wis}{unit}", n)
            elif unit in _AMAZIGH_LATIN:
                add(f"{unit} d mraw", 10 + n)
                for wis in ("wis", "wiss", "tis", "tiss"):
                    add(f"{wis} {unit}", n)
                    add(f"{wis}{unit}", n)
    for n, words in _ORDINALS.items():
        for word in words.split():
            add(word, n)
            if "ا" <= word[0] <= "ي":
                add(f"ال{word}", n)
            for tail in ("one", "option", "choix", "choice", "reponse"):
                add(f"{word} {tail}", n)
    return table


_AMAZIGH_LATIN = frozenset(
    [
        "yan",
        "yat",
        "yun",
        "yut",
        "sin",
        "snat",
        "krad",
        "kratt",
        "krat",
        "karad",
        "kradt",
        "kkuz",
        "kkuzt",
        "kuz",
        "koz",
        "smmus",
        "smmust",
        "semmus",
        "sdis",
        "sddis",
        "sdist",
        "sa",
        "sat",
        "tam",
        "tamt",
        "tza",
        "tzat",
    ]
)
_WORDS = _word_table()

#: What may stand before a number ("le numéro 2", "الاختيار رقم 2"), folded.
_BEFORE = frozenset(
    fold(word)
    for word in [
        "the",
        "le",
        "la",
        "les",
        "l",
        "el",
        "n",
        "no",
        "nr",
        "num",
        "numero",
        "numeros",
        "number",
        "numbers",
        "option",
        "options",
        "choix",
        "choice",
        "choices",
        "reponse",
        "reponses",
        "answer",
        "رقم",
        "الرقم",
        "رقمي",
        "نمرة",
        "النمرة",
        "الأرقام",
        "ارقام",
        "جواب",
        "الجواب",
        "خيار",
        "الخيار",
        "اختيار",
        "الاختيار",
        "ra9m",
        "raqm",
        "ra9em",
        "r9em",
        "nmra",
        "nemra",
        "jawab",
        "ljawab",
        "uttun",
        "ⵓⵟⵟⵓⵏ",
        "ⵜⴰⵎⵔⴰⵔⵓⵜ",
    ]
)
_ARTICLES = frozenset({"the", "le", "la", "les", "el"})
_AND = frozenset(
    fold(word)
    for word in ["و", "ؤ", "et", "and", "w", "u", "wa", "o", "d", "ⴷ", "puis", "aussi", "plus"]
)

# --------------------------------------------------------------------------- digits

_KEYCAP = re.compile("(?<=[0-9*#])\ufe0f?\u20e3")
_PLAIN = r"[0-9]+(?:[.,٫][0-9]+)?"
_GROUPED = (
    r"[1-9][0-9]{0,2}(?:(?: [0-9]{3})+(?:[.,٫][0-9]+)?|(?:\.[0-9]{3})+(?:[,٫][0-9]+)?"
    r"|(?:[٬'’][0-9]{3})+(?:[.,٫][0-9]+)?|(?:,[0-9]{3}){2,}(?:[.٫][0-9]+)?|(?:,[0-9]{3})+\.[0-9]+)"
)
_NUMERIC = re.compile(
    rf"(?:- )?(?P<sign>[+\-−]?)(?P<number>{_GROUPED}|{_PLAIN})"
    r"(?:\s?(?:er|ere|ère|re|e|eme|ème|ieme|ième|st|nd|nde|rd|th))?\W*"
)
_GROUPS = re.compile(_GROUPED)
_EDGE = re.compile(r"[^\w+\-−]+")
_WORDS_BEFORE = re.compile(r"(?:[^\W\d_]+[^\w+\-−]*){1,3}(?=[+\-−]?[0-9])")
_TOKEN = re.compile(r"و?([0-9]{1,9})(?:er|ere|re|e|eme|ieme|st|nd|nde|rd|th)?")


def _plain(text: str) -> str:
    """Casefolded, one kind of digit and space; a keycap emoji becomes its digit and a space."""
    text = text.casefold()
    if not text.isascii():
        text = _KEYCAP.sub(" ", text).replace("🔟", "10 ").replace("٬", "'")
        text = digits(unicodedata.normalize("NFKC", text)).replace("\ufe0f", "")
    return text.strip()


def _value(written: str) -> int | Decimal | None:
    """What "1 234,5" is worth; `written` matches one of the two patterns of digits."""
    if sum(map(str.isdecimal, written)) > _MOST_DIGITS:
        return None
    if _GROUPS.fullmatch(written):
        separator = next(character for character in written if not character.isdecimal())
        written = written.replace(separator, "").replace("’", "").replace("'", "")
    written = written.replace(",", ".").replace("٫", ".")
    return Decimal(written) if "." in written else int(written)


def number(text: str) -> int | Decimal | None:
    """The number that the whole of `text` is, or None. Never raises.

    Digits of any script, with a sign, a decimal comma or point, and thousands grouped by spaces, dots,
    "٬" or apostrophes; words and ordinals from 0 to 100 in Arabic, Darija, French, Tamazight and
    English. Whole numbers are `int`; what was written with decimals is `Decimal`.

    "1.500" is fifteen hundred and "1,500" one and a half, as Moroccans and the French write. Numbers of
    more than 18 digits are None.
    """
    if len(text) > _LONGEST:
        return None
    plain = _plain(text)
    edge = _EDGE.match(plain)
    start = plain[edge.end() :] if edge else plain
    before = _WORDS_BEFORE.match(start)
    # "la2" is a Darija no, not the second.
    if before and before[0] not in _ARTICLES and _BEFORE.issuperset(fold(before[0]).split()):
        start = start[before.end() :]
    met = _NUMERIC.fullmatch(start)
    if met:
        value = _value(met["number"])
        return -value if value is not None and met["sign"] in {"-", "−"} else value
    return _worded(fold(plain))


def _worded(folded: str) -> int | None:
    if not folded:
        return None
    value = _WORDS.get(folded)
    if value is not None:
        return value
    words = folded.split()
    while words and words[0] in _BEFORE:
        words.pop(0)
    return _word(" ".join(words))


def _word(words: str) -> int | None:
    """A number word, with or without its article or the "and" that Arabic writes with it."""
    value = _WORDS.get(words)
    for prefix in ("ال", "وال", "و"):
        if value is None and words.startswith(prefix):
            value = _WORDS.get(words.removeprefix(prefix))
    return value


def numbers(text: str) -> list[int] | None:
    """The whole numbers of which alone `text` is made, in order, each once; else None.

    For "choose several": "1, 3 و 5", "1 et 4", "un et trois", "1er et 3e", "١-٣". Whatever stands between
    digits separates: "1-3" is 1 and 3, never a range, "1.3" and "1 300" are two numbers each. (The bot
    says back what it understood before it counts.) Hesitation ("1 ou 3") is None.
    """
    if len(text) > 4 * _LONGEST:
        return None
    tokens = fold(_plain(text)).split()
    found: list[int] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if met := _TOKEN.fullmatch(token):
            found.append(int(met[1]))
            at += 1
            continue
        for size in range(min(4, len(tokens) - at), 0, -1):
            value = _word(" ".join(tokens[at : at + size]))
            if value is not None:
                found.append(value)
                at += size
                break
        else:
            if token not in _AND and token not in _BEFORE:
                return None
            at += 1
    return list(dict.fromkeys(found)) or None
