"""Which letters is this, and are these two spellings the same word?

Everything here looks at characters only. `clean` comes first on whatever a person sent; `fold` makes
the key under which words of one script are compared; `skeleton` makes a rougher key that also meets
across scripts; `isolate` and `ltr` keep mixed directions from jumbling on screen.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Literal

Script = Literal["arabic", "tifinagh", "latin", "other"]

FSI, LRI, PDI = "\u2068", "\u2066", "\u2069"


class _Memo(dict[int, str]):
    """A `str.translate` table that learns a character the first time it is met.

    It stops learning at 8,192 characters, so that hostile text cannot make it grow without end.
    """

    def __init__(self, rule: Callable[[str], str]) -> None:
        super().__init__((code, rule(chr(code))) for code in _USUAL)
        self._rule = rule

    def __missing__(self, code: int) -> str:
        made = self._rule(chr(code))
        if len(self) < 8192:
            self[code] = made
        return made


#: Latin, Arabic and Tifinagh blocks: what nearly every message is made of.
_USUAL = [*range(0x250), *range(0x600, 0x780), *range(0x2D30, 0x2D80)]

# --------------------------------------------------------------------------- clean

_BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_DROPPED = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0x200B, 0x200E, 0x200F, 0x061C, 0xFEFF, *_BIDI]
) | dict.fromkeys(map(ord, "\t\v\f"), " ")
_DROPPED |= dict.fromkeys((0x0A, 0x0D, 0x85, 0x2028, 0x2029), "\n")
_TO_CLEAN = re.compile(r"[^\n -~\u00a0-\u02ff\u0621-\u064a\u0660-\u0669\u2d30-\u2d67]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# A joiner means something only between two pictures; elsewhere it makes equal words unequal.
_PICTURE = "\u2190-\u2bff\ufe0f\U0001f000-\U0001fbff"
_JOINER = re.compile(f"[\u200c\u200d](?:(?<![{_PICTURE}].)|(?![{_PICTURE}]))")


def clean(text: str) -> str:
    """The text as we keep it: NFC, trimmed, without what is invisible or turns the reading direction.

    Line breaks of every kind become "\\n", tabs become spaces; control characters, bidirectional
    controls, zero-width characters (except joiners inside emoji) and lone surrogates go.
    """
    if not _TO_CLEAN.search(text):
        return unicodedata.normalize("NFC", text).strip()
    if _SURROGATE.search(text):
        # A pair of surrogates is a character that some JSON reader took apart: put it together.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = text.replace("\r\n", "\n").translate(_DROPPED)
    before = None
    while before != text:  # dropping a joiner may bring together what NFC composes
        before = text
        text = _JOINER.sub("", unicodedata.normalize("NFC", text))
    return text.strip()


# --------------------------------------------------------------------------- digits


def _ascii_digit(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdecimal() else character


_DIGITS = _Memo(_ascii_digit)


def digits(text: str) -> str:
    """Every decimal digit of every script as 0-9; nothing else changes."""
    return text if text.isascii() else text.translate(_DIGITS)


# --------------------------------------------------------------------------- fold

_UNIFIED = {
    # Arabic: NFKD already took hamza and madda off their carriers; the rest is how people vary.
    "ٱ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ې": "ي",
    "ة": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ە": "ه",
    "ء": "",
    "ـ": "",
    "ک": "ك",
    "گ": "ك",
    "ڭ": "ك",
    "ݣ": "ك",
    "ڨ": "ك",
    "ڤ": "ف",
    "ڥ": "ف",
    "پ": "ب",
    "چ": "ج",
    "ژ": "ج",
    # Latin letters that no decomposition reaches, and the Greek ones typed for Amazigh ɛ and ɣ.
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ı": "i",
    "ə": "e",
    "ε": "ɛ",
    "γ": "gh",
    "ɣ": "gh",
    # Tifinagh: what ẓ and e do in Latin letters. Spirants are one letter in the standard spelling, and
    # the schwa is mostly not written.
    "ⵯ": "",
    "ⴻ": "",
    **dict(zip("ⴲⴴⴸⴹⴺⴿⵕⵚⵝⵟⵥ", "ⴱⴳⴷⴷⴷⴽⵔⵙⵜⵜⵣ", strict=True)),
}


def _folded(character: str) -> str:
    """One character's key: fixed under itself, so that `fold` is idempotent."""
    made = _UNIFIED.get(character, character)
    for _ in range(4):
        before = made
        parts: list[str] = []
        for part in unicodedata.normalize("NFKD", made.casefold()):
            category = unicodedata.category(part)
            if part in _UNIFIED:
                parts.append(_UNIFIED[part])
            elif category == "Nd":
                parts.append(str(unicodedata.digit(part)))
            elif category in {"Mn", "Me", "Cf", "Cs"}:
                continue
            elif category == "Cc":
                parts.append(" " if part.isspace() else "")
            elif part in "ʿʾʔˤ":
                continue
            elif (category[0] in "LN" and part != "ʼ") or category == "Mc":
                parts.append(part)
            else:
                parts.append(" ")
        made = "".join(parts)
        if made == before:
            break
    return made


_FOLD = _Memo(_folded)


def fold(text: str) -> str:
    """The key under which words of one script are compared and looked up.

    Case, accents, tashkeel and tatweel go; forms of alef, hamza, ya and ta marbuta are one; so are the
    Maghrebi letters and the plain ones people put for them (گ ڭ ݣ as ك, ڤ as ف, پ as ب, چ and ژ as ج);
    emphatic and spirant Tifinagh letters are the plain ones and its schwa goes; digits are ASCII;
    punctuation and emoji become spaces; spaces are single. Idempotent. May be "".
    """
    return " ".join(text.translate(_FOLD).split())


# --------------------------------------------------------------------------- skeleton

#: One letter -> its sound in plain Latin letters. What is absent sounds as its `fold`.
_SOUNDS = {
    letter: sound
    for sound, letters in {
        "a": "اإأآٱعٲٳⴰⵄɛεƐ",
        "b": "بپⴱⴲ",
        "t": "تطثⵜⵝⵟ",
        "j": "جژⴵⵊⵋⵌ",
        "d": "دضذظⴷⴸⴹⴺ",
        "r": "رⵔⵕ",
        "z": "زⵣⵤⵥ",
        "s": "سصⵙⵚçÇ",
        "ch": "شچⵛⵞčČšŠ",
        "kh": "خⵅⵆ",
        "gh": "غⵖⵗ",
        "f": "فڤڥⴼⵠ",
        "k": "قكکگڭݣڨⴳⴴⴽⴾⴿⵇⵈ",
        "l": "لⵍ",
        "m": "مⵎ",
        "n": "نⵏⵐⵑ",
        "h": "هہھحⵀⵁⵂⵃ",
        "w": "وؤⵡⵓ",
        "i": "يىئیېⵉⵢ",
        "e": "ⴻ",
        "": "ءةەـⵯ",
    }.items()
    for letter in letters
}
_SOUND = _Memo(lambda character: _SOUNDS.get(character, _folded(character)))

_ARABIC_ARTICLE = re.compile(r"(?<![^\W\d_])(?:ال|آل)(?=[ء-ي]{2})")
_ARABIC_FINAL_H = re.compile(r"(?<=[ء-ي]{2})ه(?![^\W_])")
_ARABIC = re.compile("[ء-ي]")
_LATIN_ARTICLE = re.compile(
    r"\b(?:[ea]l (?=\w)|l (?=\w)|[ea](ch|[rsztdn]) (?=\1)|[ea]l(?=[bdfghjkmqvwxyz])"
    r"|l(?=[bcdfghjkmnpqrstvwxz3]|aa))"
)
#: Digits that stand for letters in Arabizi: hamza, ain, kha, ta, ha, ha or ghain, qaf.
_CHAT_LETTERS = {
    ord(d): s for d, s in zip("2356789", ["a", "a", "kh", "t", "h", "h", "k"], strict=True)
}
_CHAT_LETTER = re.compile("[235-9]")
_LONG_NUMBER = re.compile(r"\d{3}")
#: Sounds that several spellings share, longest first: c is "ch", x is "kh", g is "gh".
_SPELLINGS = {
    spelling: sound
    for sound, spellings in {
        "c": ("tch", "sch", "ch", "sh"),
        "x": ("kh",),
        "g": ("gh",),
        "j": ("dj",),
        "t": ("th",),
        "d": ("dh",),
        "f": ("ph", "v"),
        "b": ("p",),
        "s": ("ce", "ci", "cy"),
        "k": ("g", "q", "c"),
        "w": ("ou", "u", "o"),
    }.items()
    for spelling in spellings
}
_SPELLING = re.compile("|".join(sorted(_SPELLINGS, key=len, reverse=True)))
_OPENING = re.compile("[aeiwy]+")
_VOWELS = str.maketrans("", "", "aeiwy")
_FINAL_H = re.compile("(?<=[aeiwy])h$")
_DOUBLED = re.compile(r"([^\W\d_])\1+")


def _bones(word: str) -> str:
    """The consonants of one word in Latin letters, each sound written one way."""
    if word.isdecimal():
        return word
    if _CHAT_LETTER.search(word) and not _LONG_NUMBER.search(word):
        word = word.translate(_CHAT_LETTERS)
    sounds = _FINAL_H.sub("", _SPELLING.sub(lambda met: _SPELLINGS[met[0]], word))
    opening = _OPENING.match(sounds)
    start = "w" if opening and "w" in opening[0] else ""
    return _DOUBLED.sub(r"\1", start + sounds.translate(_VOWELS)) or "a"


def skeleton(text: str) -> str:
    """A rough consonant key that is equal, or nearly, for one word in any of our scripts.

    "ورزازات", "warzazat", "Ouarzazate" and "ⵡⴰⵔⵣⴰⵣⴰⵜ" all give "wrzt". Vowels and ain go (an opening w
    or ou stays), so do articles and doubled consonants; q, k and g are one sound, and so are t and ṭ, d
    and ḍ. Words stay apart, so a caller that compares "Beni Mellal" with "benimellal" removes spaces.
    Many words share a skeleton: use it to find candidates, never to decide.
    """
    if _ARABIC.search(text):
        text = fold(text.replace("چ", "ش"))
        text = _ARABIC_FINAL_H.sub("", _ARABIC_ARTICLE.sub("", text))
    plain = " ".join(text.translate(_SOUND).split())
    return " ".join(map(_bones, _LATIN_ARTICLE.sub("", plain).split()))


# --------------------------------------------------------------------------- script

_LETTER_CLASSES = [
    ("a", range(0x600, 0x700)),
    ("a", range(0x750, 0x780)),
    ("a", range(0x8A0, 0x900)),
    ("a", range(0xFB50, 0xFE00)),
    ("a", range(0xFE70, 0xFEFF)),
    ("t", range(0x2D30, 0x2D80)),
    ("l", range(0x41, 0x250)),
    ("l", range(0x250, 0x2B0)),
    ("l", range(0x1E00, 0x1F00)),
    ("l", range(0xFF21, 0xFF5B)),
]


def _letter_class(character: str) -> str:
    if not character.isalpha() or character == "ـ":
        return ""
    if character in "εγ":  # typed for the Amazigh Latin letters ɛ and ɣ
        return "l"
    code = ord(character)
    return next((name for name, block in _LETTER_CLASSES if code in block), "o")


_CLASSES = _Memo(_letter_class)


def script(text: str) -> Script | None:
    """The script that most letters of `text` are in; None when it has no letters."""
    if text.isascii():
        return "latin" if _ASCII_LETTER.search(text) else None
    letters = text.translate(_CLASSES)
    if not letters:
        return None
    best = max("atlo", key=letters.count)
    return _SCRIPT_NAMES[best]


_ASCII_LETTER = re.compile("[A-Za-z]")
_SCRIPT_NAMES: dict[str, Script] = {"a": "arabic", "t": "tifinagh", "l": "latin", "o": "other"}

# --------------------------------------------------------------------------- direction

_EMBEDDINGS = re.compile("[\u202a-\u202e]")
_ISOLATES = re.compile("[\u2066-\u2069]")


def _closing(line: str) -> int | None:
    """Where the isolate that opens `line` closes; -1 if it opens with none, None if ill-formed."""
    depth, first = 0, -1
    for met in _ISOLATES.finditer(line):
        depth += -1 if met[0] == PDI else 1
        if depth < 0:
            return None
        if depth == 0 and first < 0 and line[0] in "\u2066\u2067\u2068":
            first = met.start()
    return None if depth else first


def _wrapped(text: str, opener: str) -> str:
    # An isolate ends with its paragraph, so each line needs its own.
    lines = []
    for line in _EMBEDDINGS.sub("", text).split("\n"):
        if not line.strip():
            lines.append(line)
            continue
        closing = _closing(line)
        if closing is None:
            line, closing = _ISOLATES.sub("", line), -1
        done = line.startswith(opener) and closing == len(line) - 1
        lines.append(line if done else f"{opener}{line}{PDI}")
    return "\n".join(lines)


def isolate(text: str) -> str:
    """A person's words of unknown direction, for use inside a sentence: FSI ... PDI. Idempotent."""
    return _wrapped(text, FSI)


def ltr(text: str) -> str:
    """A phone, reference, date or amount that must never flip: LRI ... PDI. Idempotent."""
    return _wrapped(text, LRI)


#: Tifinagh and the Latin letters of IRCAM for it, sign for sign.
_IN_LATIN = str.maketrans(
    {
        "ⴰ": "a", "ⴱ": "b", "ⴳ": "g", "ⴷ": "d", "ⴹ": "ḍ", "ⴻ": "e", "ⴼ": "f", "ⴽ": "k", "ⵀ": "h",
        "ⵃ": "ḥ", "ⵄ": "ɛ", "ⵅ": "x", "ⵇ": "q", "ⵉ": "i", "ⵊ": "j", "ⵍ": "l", "ⵎ": "m", "ⵏ": "n",
        "ⵓ": "u", "ⵔ": "r", "ⵕ": "ṛ", "ⵖ": "ɣ", "ⵙ": "s", "ⵚ": "ṣ", "ⵛ": "c", "ⵜ": "t", "ⵟ": "ṭ",
        "ⵡ": "w", "ⵢ": "y", "ⵣ": "z", "ⵥ": "ẓ", "ⵯ": "ʷ", "ⵞ": "č",
    }
)  # fmt: skip

#: The first letter of a line: a capital in Latin letters, which Tifinagh has not.
_BEGINS = re.compile(r"^([\W\d_]*)([^\W\d_])")


def in_latin(text: str) -> str:
    """What stands in Tifinagh, in Latin letters; all else as it is."""
    if not _TIFINAGH.search(text):
        return text
    lines = []
    for line in text.split("\n"):
        latin = line.translate(_IN_LATIN)
        if latin != line:
            latin = _BEGINS.sub(lambda met: met[1] + met[2].upper(), latin)
        lines.append(latin)
    return "\n".join(lines)


_TIFINAGH = re.compile("[\u2d30-\u2d7f]")

#: Invisible; makes a line begin on the right, whatever stands first on it.
RLM = "\u200f"


def directed(text: str, *, right_to_left: bool) -> str:
    """A text of ours as it is sent: a client lays each of its lines out from the side of its own language.

    A client goes by the first letter that stands in no isolate; a line that is all isolates, or begins with a
    Latin word, would be laid out from the left in the middle of an Arabic text. Idempotent.
    """
    if not right_to_left:
        return text
    return "\n".join(map(_from_the_right, text.split("\n")))


def _from_the_right(line: str) -> str:
    if not line.strip():
        return line
    depth = 0
    first = ""
    for sign in line:
        kind = unicodedata.bidirectional(sign)
        if kind in _OPENS:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and kind in _STRONG:
            first = kind
            break
    latin = first == "L" and not any(unicodedata.bidirectional(s) in _FROM_RIGHT for s in line)
    return line if latin or first in _FROM_RIGHT else f"{RLM}{line}"


_OPENS = frozenset({"LRI", "RLI", "FSI"})
_FROM_RIGHT = frozenset({"R", "AL"})
_STRONG = _FROM_RIGHT | {"L"}


def utf16_length(text: str) -> int:
    """How many UTF-16 units `text` has: what Telegram and WhatsApp count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
