"""Which language is this message in? A proposal; the citizen decides, and is not asked twice.

The script decides most. Within Arabic and Latin letters, words that tell neighbours apart (`words/language.toml`:
Darija from standard Arabic, Arabizi from French, Tamazight from both) and what words are built of do the rest.
`langdetect` only breaks ties between French, English and Spanish, from five words on: on shorter or other text it
is sure and wrong.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from flows.understanding.lines.files import words_of
from flows.understanding.scripts import Script, clean, fold, script

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

#: Arabic letters that say nothing more: most people here speak Darija.
IN_ARABIC_LETTERS = Guess("ary", 0.5)

#: How much a word of each list says.
WEIGHTS = {"surely": 2.0, "mostly": 1.0, "hint": 0.5}

#: What speaks for which language.
_Evidence = Mapping[str, float]

#: How much of a lead makes a guess steady: of 1.8 times 0.9 it is sure.
STEADY = 1.8

# --------------------------------------------------------------------------- what words are built of

# Where no list could hold them all. Patterns are for single words as they are written, in small letters.
_SHAPES: Mapping[Script, Sequence[tuple[str, float, re.Pattern[str]]]] = {
    "arabic": [
        ("ary", 2.0, re.compile("^[وف]?ما?[ء-ي]{2,}ش$")),  # negation round the verb
        ("ary", 1.5, re.compile("^و?(?:كا?[نتي]|ت[ني](?=[^ن])|غا?[نتي])[ء-ي]{3,}(?:و|ني|ك|ها|هم|نا)?$")),
        ("ary", 1.5, re.compile("^[فد]ال[ء-ي]{2,}$")),  # "in the", "of the" written onto the noun
        ("ary", 1.5, re.compile("^عال[ء-ي]{3,}$")),
        ("ary", 1.3, re.compile("^[ء-ي]{3,}و$")),  # a plural without its silent alef
        ("ary", 1.3, re.compile("^[ء-ي]{2,}(?:تونا|توني|تيني|تينا|ولي|ولنا|ينا|هالي)$")),
        ("ary", 1.0, re.compile("^ن[ء-ي]{2,}و$")),
        ("ary", 0.7, re.compile("^ل[بجحخدرزسشصضطعغفقكمنهو](?!ا)[ء-ي]{2,}$")),  # an article without its alef
        ("ar", 1.5, re.compile(".*[ءا]?ً")),
        ("ar", 1.2, re.compile("^(?:سن|سي|ست|سأ)[ء-ي]{3,}$")),
        ("ar", 1.2, re.compile("^[ء-ي]{3,}وا$")),
        ("ar", 1.5, re.compile("^[يت][ء-ي]{3,}ون$")),
        ("ar", 1.2, re.compile("^[يتن]?(?:ست|نت)[ء-ي]{3,}$|^(?:است|انت)[ء-ي]{3,}$")),
        ("ar", 1.0, re.compile("^[ولب]?[أإ][ء-ي]{2,}$")),
        ("ar", 1.0, re.compile("^[ء-ي]*[ئؤء][ء-ي]*$")),
        ("ar", 0.6, re.compile("^[ء-ي]{2,}(?:ية|ات|اء|ى)$")),
        ("ar", 0.4, re.compile("^(?:ال)?[ء-ي]{3,}ة$")),
        ("zgh", 1.8, re.compile("^[ئؤ]")),
        ("zgh", 1.5, re.compile("^ت[اي]?[ء-يگڭ]{3,}ت$")),
        ("zgh", 1.2, re.compile("^تي?[ء-يگڭ]{3,}ين$")),
        ("zgh", 1.2, re.compile("^(?!ال)(?:[إأا]ي?|يي)[ء-يگڭ]{2,}ن$")),
        ("zgh", 1.0, re.compile("^[ء-يگڭ]{2,}غ$")),
        ("zgh", 0.8, re.compile("^(?!ال|ان|اس|اخ|اح|اع|اش)ا[ء-يگڭ]{3,}$")),
        ("ary", 0.4, re.compile(".*[گڭݣڤ]")),
        ("zgh", 0.4, re.compile(".*[گڭݣ]")),
    ],
    "latin": [
        ("ary", 2.0, re.compile("^(?=.*[379])[a-z]*[379][a-z379]*[a-z][a-z0-9]*$|^[a-z]+[379]$")),
        ("ary", 1.5, re.compile("^[a-z]+[258][a-z]+$")),
        ("ary", 2.0, re.compile("^ma[a-z0-9]{2,}(?:ch|sh)$")),
        ("ary", 1.5, re.compile("^(?:ka[nty]|gha[nty]|ta[ny])[a-z0-9]{2,}$")),
        # The article or a preposition run into a noun; not "dr", "fr", "br", which open European words.
        ("ary", 1.0, re.compile("^(?:l[bdfghjkmnqrstwxz379]|[dfb][bdfghjkmnqstwxz379])[a-z0-9]{2,}$")),
        ("ary", 0.7, re.compile("^[a-z]*[bcdfgjklmnpqrstvwxz]{4}[a-z]*$")),
        ("zgh", 0.6, re.compile("^[a-z]*[bcdfgjklmnpqrstvwxz]{4}[a-z]*$")),
        ("zgh", 1.8, re.compile(".*[ɣɛḍṭẓḥṛṣʷ]")),
        ("zgh", 1.3, re.compile("^t[aiu]?[a-z]{3,}t$")),
        ("zgh", 1.2, re.compile("^t[aiu]?[a-z]{3,}in$")),
        ("zgh", 1.0, re.compile("^u[bcdfgjklmnqrstvwxz][a-z]{2,}$")),
        ("zgh", 1.0, re.compile("^[a-z]{2,}gh$")),
        ("zgh", 0.8, re.compile("^[aiu][a-z]{2,}(?:n|en|an|in)$")),
        ("fr", 1.5, re.compile(".*[éèêëàâçùûîïôœ]")),
        ("fr", 1.0, re.compile("^[a-z]{3,}(?:eux|euse|ique|iques|aire|ons|ez|eurs|elle|elles|ette|aient|ees)$")),
        ("fr", 0.4, re.compile("^[a-z]{3,}(?:tion|ment|eur|age|ages|ait|er|ee|es)$")),
        ("en", 1.0, re.compile("^[a-z]{3,}(?:ing|ness|ful|ght|ly|ed|ers|ies|ck|sh|th|ould|wn)$")),
        ("other", 2.0, re.compile(".*[ñ¿¡ãõßäöü]|.*(?:ción|ciones)$")),
        ("other", 1.0, re.compile(".*[áíóú]")),
    ],
}  # fmt: skip


@cache
def _shapeless() -> frozenset[str]:
    """Words that only look as if they were built so, folded."""
    return frozenset(map(fold, words_of("language")["shapeless"]["words"].split()))


# --------------------------------------------------------------------------- the words of a message

_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#/]\w+|\+?\d[\d\s.\-/:]{3,}")
_WORD = re.compile(r"[^\W_]+(?:[\u064b-\u065f][^\W_]*)*|[¿¡]")
#: "l'eau", "qu'il": only French has it before a vowel. "don't", "it's": only English.
_ELIDED = re.compile(
    r"(?<![^\W_])(?:[cdjlmnst]|(?:jus|lors|puis)?qu)['’ʼ´`] ?(?=[aeiouyhàâéèêëîïôœûù])"
)
_SHORTENED = re.compile(r"(?<=[a-z])['’ʼ´`](?:s|m|re|ve|ll|d|t)(?![^\W_])")
#: The same where the apostrophe is a space: "l eau". Such a letter is no word of Tamazight then.
_SPLIT = frozenset({"c", "d", "j", "l", "m", "n", "s", "t", "qu"})
_VOWELS = tuple("aeiouyh")
#: In Darija the other half of a negation is the end of the verb: "ma fhemtch".
_NEGATIONS = frozenset({"ma", "wma", "ما", "وما"})
_LATIN_LANGUAGES = ("fr", "en", "es")
_ENOUGH_WORDS = 5
_LONGEST = 2000


@cache
def _words(writing: Script) -> Mapping[str, _Evidence]:
    """Folded word, or two words, and what each says, for one script."""
    table: dict[str, dict[str, float]] = {}
    for language, lists in words_of("language")[writing].items():
        for name, listed in lists.items():
            for word in listed.split():
                table.setdefault(fold(word.replace("_", " ")), {})[language] = WEIGHTS[name]
    return table


@lru_cache(maxsize=8192)
def _of_word(word: str, writing: Script) -> _Evidence:
    """What one word says: what the lists have of it, else what it is built of."""
    key = fold(word)
    known = _words(writing).get(key)
    if known is None and key.startswith("و"):
        known = _words(writing).get(key[1:])  # "and" is written onto the word
    if known is not None:
        return known
    found: dict[str, float] = {}
    if key not in _shapeless():
        for language, weight, shape in _SHAPES[writing]:
            if found.get(language, 0) < weight and shape.match(word):
                found[language] = weight
    return found


def _scores(words: Sequence[str], writing: Script) -> dict[str, float]:
    """Evidence for each language: what its words and word shapes weigh together."""
    scores: dict[str, float] = {}
    pairs = _words(writing)
    keys = [fold(word) for word in words]
    for at, word in enumerate(words):
        following = keys[at + 1] if at + 1 < len(keys) else ""
        evidence = (pairs.get(f"{keys[at]} {following}") if following else None) or _of_word(
            word, writing
        )
        if following and keys[at] in _SPLIT and following[0] in _VOWELS:
            if "fr" in pairs.get(following, {}):
                evidence = {"fr": 1.0}
        elif keys[at] in _NEGATIONS and following.endswith(("ch", "sh", "ش")):
            evidence = {"ary": 2.0}
        for language, weight in evidence.items():
            scores[language] = scores.get(language, 0.0) + weight
    return scores


def _guess(scores: Mapping[str, float], words: int, fallback: Guess) -> Guess:
    """The language with most evidence; the confidence grows with its lead over the second."""
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked:
        return fallback
    language, best = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    if best == second or best < WEIGHTS["hint"]:
        return fallback
    # Evidence on both sides is doubt, however long the message.
    lead = (best - second) * (best / (best + second))
    confidence = round(1 - 0.5 * math.exp(-lead / STEADY), 3)
    # One word ("merci", "salam", "ok") is on loan in every language here: never sure.
    most = 0.99 if words > 1 else SURE - 0.05
    return Guess(None if language == "other" else language, min(confidence, most))


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
    text = _NOT_WORDS.sub(" ", clean(text[:_LONGEST])).casefold()
    writing = script(text)
    if writing == "latin":
        return _in_latin_letters(text)
    words = _WORD.findall(text)
    if writing == "tifinagh":
        return Guess("zgh", 0.99 if sum(map(len, words)) > 2 else 0.8)
    if writing == "arabic":
        return _guess(_scores(words, writing), len(words), IN_ARABIC_LETTERS)
    return UNKNOWN


def _in_latin_letters(text: str) -> Guess:
    text, elided = _ELIDED.subn(" ", text)
    text, shortened = _SHORTENED.subn(" ", text)
    words = _WORD.findall(text)
    scores = _scores(words, "latin")
    for language, times in (("fr", elided), ("en", shortened)):
        if times:
            scores[language] = scores.get(language, 0.0) + min(times, 2)
    guess = _guess(scores, sum(not word.isdecimal() for word in words), UNKNOWN)
    if guess.confidence >= 0.7 or len(words) < _ENOUGH_WORDS or guess.language in {"ary", "zgh"}:
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

#: Languages of apps that are not written in Arabic letters.
_LATIN_ONLY = frozenset({"fr", "en"})


def propose(text: str, app_language: str | None) -> str:
    """The language to speak at first contact: "ar", "ary", "fr", "zgh" or "en".

    A message that is surely in one of them decides; else the language of the app (`app_language` is an
    IETF tag such as "fr" or "ar-MA", None on channels that do not tell), which settles doubt between
    its own language and another; else the best guess; else Darija, which most people here speak. Doubt
    within Arabic letters is none with French.
    """
    guess = identify(text)
    if guess.language and guess.confidence >= SURE:
        return guess.language
    app = _APP_LANGUAGES.get((app_language or "").casefold().replace("_", "-").split("-")[0])
    if app == "ar" and guess.language == "ary":
        return "ary"  # no app speaks Darija: Arabic is what its speakers choose there
    if app in _LATIN_ONLY and guess.language and script(text) == "arabic":
        return guess.language
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
