"""How a place's name is read: nicknames, words such as "commune", articles, scripts, sounds.

`read` turns what a person typed, and `name_of` an official name, into keys that meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, Literal, NamedTuple

from flows.understanding.lines.files import words_of
from flows.understanding.scripts import clean, fold, script, skeleton

Level = Literal["region", "province", "commune", "arrondissement"]


@cache
def _also_called() -> Mapping[str, tuple[str, ...]]:
    listed: Mapping[str, str] = words_of("places")["also_called"]
    return {code: tuple(map(str.strip, names.split("/"))) for code, names in listed.items()}


def also_called(code: str) -> tuple[str, ...]:
    """Names of a place that the census does not have: short, former, in another language."""
    return _also_called().get(code, ())


#: Words that say what kind of place it is, by the level they point to.
_KIND_WORDS: Final[Mapping[Level, str]] = {
    "commune": "commune ville city town municipalite jamaa jama3a jma3a mdina mdint baladia جماعه بلديه مدينه",
    "province": "province prefecture 3amala amala i9lim iqlim اقليم عماله",
    "region": "region jiha جهه",
    "arrondissement": "arrondissement mo9ata3a muqataa مقاطعه",
}
_KINDS: Final = {word: level for level, words in _KIND_WORDS.items() for word in words.split()}
_ADJECTIVES: Final = re.compile(
    "rurale?|urbaine?|municipale|territoriale|قرويه|حضريه|ترابيه|جماعيه"
)
#: Words people put before a name: "j'habite à", "ana mn", "أنا من".
_FILLER: Final = re.compile(
    "je|j|suis|habite|vis|de|d|du|des|dans|a|au|en|la|le|les|the|of|from|i|am|in|live|ana|men|mn"
    "|min|f|fi|sakn|saken|sakna|sakin|kanskon|kanskoun|kansken|knskn|nskon|hna|ghi|انا|من|في|ف|ساكن|ساكنه|اسكن|كنسكن"
    "|كنسكنو|نسكن|حنا|ب|نواحي|nawahi|nwa7i|ⴳ|ⴷⴳ|ⵙⴳ|zg|dg|g"
)
_LATIN_ARTICLE: Final = re.compile("[ae][lsdntrz]|[ae]ch|l|la|le|les")

_ARABIC: Final = dict(
    zip("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "abttjhxddrzscsdtdaqfkklmnhui", strict=True)
)
_TIFINAGH: Final = dict(
    zip("ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵕⵖⵙⵚⵛⵜⵟⵡⵢⵣⵥ", "abkddifkhhaxkijlmnurrqsscttuizz", strict=True)
)
_TO_LATIN: Final = str.maketrans({**_ARABIC, **_TIFINAGH, "ⵯ": ""})
_ARABIZI: Final = str.maketrans(
    {"2": "", "3": "a", "5": "kh", "6": "t", "7": "h", "8": "gh", "9": "k"}
)
# One letter for each sound that Moroccan spellings mix: c is "ch", x is "kh", q is "gh", and k is
# all of k, q and hard g, since Arabic spells the g of Agadir with kaf.
_SPELLED: Final = {
    **dict.fromkeys(("tch", "sch", "ch", "sh", "x"), "c"),
    **dict.fromkeys(("gue", "gui", "guy", "que", "qui"), "ki"),
    **dict.fromkeys(("c", "g", "q"), "k"),
    **dict.fromkeys(("ou", "oo", "w", "o"), "u"),
    **dict.fromkeys(("e", "y"), "i"),
    **dict.fromkeys(("gh", "rh"), "q"),
    **dict.fromkeys(("ce", "ci"), "si"),
    **dict(zip(("kh", "dj", "th", "dh", "ph", "v", "p", "ɛ"), "xjtdffba", strict=True)),
}
_SPELLING: Final = re.compile("|".join(sorted(_SPELLED, key=len, reverse=True)))
_DOUBLED: Final = re.compile(r"(.)\1+")
_SUN_ARTICLE: Final = re.compile(r"^[ae](?=([rsztdnl])\1|ch.h|ch)(?=.{5})")
_GLUED_ARTICLE: Final = re.compile(r"^l(?=[bcdfhjkmnqrstxz].{2})")
#: First words that many names share, each spelled one way: they say little about which place it is.
COMMON: Final = {
    **dict.fromkeys(("ulad", "uld", "ulid", "aulad", "lad", "ilad"), "ulad"),
    **dict.fromkeys(("bni", "bini", "bani", "bin", "ban", "bn"), "bni"),
    **dict.fromkeys(("ain", "in", "aiin", "ani"), "ain"),
    **dict.fromkeys(("mulai", "mulia", "mi", "mula"), "mulai"),
    **dict.fromkeys(("ait", "it", "at"), "ait"),
    **dict.fromkeys(("sidi", "sid", "si"), "sidi"),
    **dict.fromkeys(("zauiat", "zauia", "zauit", "zauiit", "zauih"), "zauia"),
    **dict.fromkeys(("kalat", "kla", "kila", "kilat", "kala"), "kalat"),
    **dict.fromkeys(("suk", "su"), "suk"),
    **dict.fromkeys(("ksar", "ksr", "kasr"), "ksar"),
}


class Name(NamedTuple):
    """One spelling, in the keys under which spellings meet."""

    exact: str  #: folded, without article and spaces
    sound: str  #: Latin letters, one for each sound, vowels kept
    bones: str  #: consonants only
    words: frozenset[str]  #: sounds of the words that are not common first words
    own: str  #: those words in order, joined


#: Characters of a text that are read: nobody needs more to name a place.
_LONGEST: Final = 200


class Query(NamedTuple):
    tokens: tuple[str, ...]
    sound: str
    levels: frozenset[Level]
    #: The same with the words that people put before a name: "in Bni Mathar" may be Ain Bni Mathar.
    whole: tuple[str, ...] = ()


def read(text: str) -> Query:
    tokens = fold(clean(text[:_LONGEST])[:_LONGEST]).split()[:12]
    kept = [t for t in tokens if not (_bare(t) in _KINDS or _ADJECTIVES.fullmatch(_bare(t)))]
    whole = tuple(kept)
    while len(kept) > 1 and _FILLER.fullmatch(kept[0]):
        kept = kept[1:]
    # A kind tells of the name after it; in "Ajdir, province de Taza" it is not what is asked for.
    # "Médina" alone is an arrondissement, not a word for a town.
    before = tokens[: tokens.index(kept[0])] if kept else []
    hinted = [_KINDS[bare] for t in before if (bare := _bare(t)) in _KINDS]
    middle = [t for t in kept if not _FILLER.fullmatch(t) or len(t) > 2] or kept or tokens
    return Query(tuple(middle), name_of(middle).sound, frozenset(hinted[:1]), whole)


#: Words beside a name that may be part of it, or only say which side of the place.
_BESIDE: Final = re.compile(
    "plage|centre|center|markaz|mrkz|lmarkaz|مركز|المركز|الشاطئ|الشاطي|nord|sud"
)
#: What is written onto a name: "فورزازات", "f9nitra".
_WRITTEN_ON: Final = re.compile(r"[فبلو](?=[ء-ي]{4})|[fbl](?=[a-z0-9]{4})")


def other_readings(asked: Query) -> Iterator[tuple[Query, bool]]:
    """The same without what is written onto the name, and without words that may stand beside it; whether it is sure.

    Who writes "فورزازات" is in Ouarzazate; names begin with the other letters that may be written on.
    """
    bare = _WRITTEN_ON.sub("", asked.tokens[0], count=1) if asked.tokens else ""
    if bare and bare != asked.tokens[0] and _WRITTEN_ON.match(asked.tokens[0]):
        yield _of(asked, (bare, *asked.tokens[1:])), asked.tokens[0][0] in "فf"
    kept = tuple(t for t in asked.tokens if not _BESIDE.fullmatch(t))
    if kept and kept != asked.tokens:
        yield _of(asked, kept), True


def _of(asked: Query, tokens: tuple[str, ...]) -> Query:
    return Query(tokens, name_of(tokens).sound, asked.levels)


def _bare(token: str) -> str:
    return token[2:] if token.startswith("ال") and len(token) > 4 else token


def name_of(tokens: Sequence[str]) -> Name:
    # "M'hamid" is folded to two words, and written in one as often.
    tokens = re.sub(r"\b([b-km-z]) (?=[a-z])", r"\1", " ".join(tokens)).split()
    kept = [_bare(t) for t in tokens if not _LATIN_ARTICLE.fullmatch(t)] or list(tokens)
    sounds = [s for t in kept if (s := _sound(t))]
    spelled = [COMMON.get(s, s) if len(sounds) > 1 else s for s in sounds]
    common = set(COMMON.values())
    own = [s for s in spelled if s not in common] or spelled
    bones = skeleton(" ".join(tokens)).replace(" ", "")
    return Name("".join(kept), "".join(spelled), bones, frozenset(own), "".join(own))


def _sound(token: str) -> str:
    if not any(ch.isalpha() for ch in token):
        return token
    if token[-1] == "ه" and len(token) > 2:
        token = token[:-1] + "ا"  # ta marbuta, which fold writes ه, is heard as a
    if script(token) == "latin":
        token = re.sub(r"(?<=..)(?:e|es|(?<![ckst])h)$", "", token.translate(_ARABIZI))
        token = _SPELLING.sub(lambda met: _SPELLED[met[0]], _SUN_ARTICLE.sub("", token))
    else:
        token = token.translate(_TO_LATIN)
    return _DOUBLED.sub(r"\1", _GLUED_ARTICLE.sub("", token))
