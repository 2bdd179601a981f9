"""The words that always work: commands, yes and no, and the names of the languages.

A message is a command only when the whole of it is one. "stop" stops; "il faut stopper les camions" is
somebody's idea for the town. The phrases stand in `words/commands.toml`, `yes_no.toml` and
`languages.toml`; they are keyed by `fold`, so case, accents, tashkeel, punctuation and emoji never matter.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from typing import TypeVar

from flows.understanding.lines.files import heard, words_of
from flows.understanding.lines.patterns import Shapes, shapes
from flows.understanding.lines.vocabulary import Vocabulary, vocabulary
from flows.understanding.scripts import fold


class Command(StrEnum):
    """What a citizen can ask for at any question."""

    BACK = "back"
    CANCEL = "cancel"
    SKIP = "skip"
    HELP = "help"
    LANGUAGE = "language"
    MENU = "menu"
    STOP = "stop"
    START = "start"
    MY_DATA = "my_data"
    CONTRIBUTIONS = "contributions"
    MORE = "more"
    RESUME = "resume"
    NOTICES = "notices"
    NEW_POLL = "new_poll"
    SUMMARY = "staff_summary"


_YES_SIGNS = "👍👌✅✔☑🆗💯🙋🤝👏⭕"
_NO_SIGNS = "👎❌✖🚫⛔🙅❎"

#: Signs that are a whole answer by themselves.
_SIGNS: dict[Command, str] = {
    Command.BACK: "⬅🔙↩◀",
    Command.SKIP: "⏭⏩",
    Command.HELP: "❓❔🆘ℹ",
    Command.MENU: "🏠📋",
    Command.STOP: "🛑⏹🔕",
    Command.LANGUAGE: "🌐🌍",
    Command.MORE: "➕",
    Command.RESUME: "▶⏯",
    Command.NOTICES: "⚙",
}

_LONGEST = 80

#: A yes or no in more words than this may be about something else. Words.
LONGEST_ANSWER = 7
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\\s!.]")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_SLASH = re.compile(r"\s*/([a-z_]+)(?:@\w+)?\s*", re.IGNORECASE)
_START_WITH_PAYLOAD = re.compile(r"\s*/start(?:@\w+)?\s+\S+\s*", re.IGNORECASE)

# "Begin!" and "never" fold alike: only the last hamza tells them apart.
_BEGIN = re.compile(r"[اإ]بد[أئ]\W*")

_Meaning = TypeVar("_Meaning")


def _table(phrases: Mapping[_Meaning, str]) -> dict[str, _Meaning]:
    """Folded phrase -> meaning, also with the spaces left out ("nonmerci", "ⵉⵙⴼⴽⴰⵉⵏⵓ")."""
    table: dict[str, _Meaning] = {}
    for meaning, joined in phrases.items():
        for phrase in joined.split("/"):
            key = fold(phrase)
            if not key:
                raise ValueError(f"empty phrase among {joined!r}")
            table.setdefault(key, meaning)
            if len(key) > 6:
                table.setdefault(key.replace(" ", ""), meaning)
    return table


_COMMANDS = words_of("commands")
_WORDS = words_of("yes_no")
_COMMAND_OF = _table({command: _COMMANDS[command] for command in Command})
_ANSWER_OF = _table({True: _WORDS["yes"], False: _WORDS["no"]})
_DONE_WORDS = _table({True: _WORDS["done"]})
_LANGUAGE_OF = _table(words_of("languages"))
_ORDINARY = frozenset(_table({True: _COMMANDS["also_ordinary"]}))
_PLACES = _ORDINARY | _table({True: _COMMANDS["also_a_place"]}).keys()
_UNKNOWN = frozenset(_table({True: _COMMANDS["unknown"]}))
_OUR_HELP = frozenset(_table({True: _COMMANDS["our_help"]}))
_COMMAND_SIGN = {sign: meaning for meaning, signs in _SIGNS.items() for sign in signs}
_ANSWER_SIGN = dict.fromkeys(_YES_SIGNS, True) | dict.fromkeys(_NO_SIGNS, False)

_COURTESY = "|".join(
    re.escape(key)
    for key in sorted(map(fold, _WORDS["courtesies"].split("/")), key=len, reverse=True)
)
_COURTEOUS = re.compile(rf"^(?:(?:{_COURTESY}) )+|(?: (?:{_COURTESY}))+$")


def _meaning(text: str, table: dict[str, _Meaning]) -> _Meaning | None:
    """What the whole of `text` means, allowing for courtesies, repetition and drawn-out letters."""
    if len(text) > _LONGEST:
        return None
    key = fold(text)
    if key in table:
        return table[key]
    if not key:
        return None
    spellings = [key]
    if _DRAWN_OUT.search(key):
        spellings += [_DRAWN_OUT.sub(r"\1", key), _DRAWN_OUT.sub(r"\1\1", key)]
    for written in spellings:
        words = written.split()
        if words.count(words[0]) == len(words):
            written = words[0]
        for candidate in (written, _COURTEOUS.sub("", written)):
            if candidate in table:
                return table[candidate]
    return None


def _sign(text: str, table: dict[str, _Meaning]) -> _Meaning | None:
    """What a message of nothing but one sign, repeated or not, means."""
    if len(text) > _LONGEST or text.isascii():
        return None
    signs = set(_SKIN.sub("", text))
    return table.get(signs.pop()) if len(signs) == 1 else None


def command(text: str) -> Command | None:
    """The command that the whole of `text` is, in any of our languages and scripts, or None.

    "/stop", "/stop@SomeBot" and "STOP svp!!" are commands; a sentence that contains "stop" is not. What
    follows "/start" is a link's payload, which the caller reads.
    """
    if slash := _SLASH.fullmatch(text):
        return _COMMAND_OF.get(fold(slash[1]))
    if _START_WITH_PAYLOAD.fullmatch(text):
        return Command.START
    if _BEGIN.fullmatch(text.strip()):
        return Command.START
    return _meaning(text, _COMMAND_OF) or _sign(text, _COMMAND_SIGN)


#: A command in more words than this may be a sentence about something else. Words.
LONGEST_COMMAND = 10

_SHAPED = (
    Command.CONTRIBUTIONS,
    Command.MY_DATA,
    Command.BACK,
    Command.SKIP,
    Command.HELP,
    Command.MENU,
    Command.LANGUAGE,
)


#: Where both stand in a few words, it is the first: "back to the menu", "change the answer that I sent".
_STRONGER = {
    Command.CONTRIBUTIONS: Command.BACK,
    Command.MY_DATA: Command.HELP,
    Command.MENU: Command.BACK,
}

#: What somebody sent may be about the town; who needs "help with the roads" asks for no help of ours.
_ABOUT_WHAT_WAS_SENT = frozenset({Command.CONTRIBUTIONS, Command.MY_DATA})


@cache
def _commands() -> Shapes:
    return shapes("command_shapes", *_SHAPED, "speak", "town")


@lru_cache(maxsize=64)
def _shaped(text: str) -> frozenset[str]:
    """The commands and wishes that stand in a few words; the last ones are kept, because two ask."""
    message = heard(text) if 2 < len(text) <= _LONGEST and " " in text.strip() else None
    if message is None or not 1 < len(message.folded) <= LONGEST_COMMAND:
        return frozenset()
    return frozenset(_commands().found(message))


def command_in(text: str) -> Command | None:
    """The command that a few words ask for ("revenir à la question d'avant"), None if none or several."""
    shaped = _shaped(text)
    found = [command for command in _SHAPED if command in shaped]
    if "town" in shaped:
        found = [command for command in found if command in _ABOUT_WHAT_WAS_SENT]
    for stronger, weaker in _STRONGER.items():
        if stronger in found and weaker in found:
            found.remove(weaker)
    return found[0] if len(found) == 1 else None


@cache
def _erasing() -> Shapes:
    return shapes("command_shapes", "erase")


def wants_erasing(text: str) -> bool:
    """Whether a few words ask to have erased what is kept about somebody. Ask where that is a choice."""
    return len(text) <= _LONGEST and "erase" in _erasing().found(heard(text))


def language_wish(text: str) -> str | None:
    """The language that is asked for by its name ("parle français", "English please"), None if none is."""
    shaped = _shaped(text)
    if "speak" not in shaped or "town" in shaped:
        return None
    words = [word for word in fold(text).split() if len(word) > 2]
    named = {language_named(word) for word in words} - {None}
    named |= {language_named(word[1:]) for word in words if word[0] in "بbl"} - {None}
    return named.pop() if len(named) == 1 else None


def also_ordinary(text: str, *, place: bool = False) -> bool:
    """Whether a word that works is an ordinary word as well, or (`place`) may name a place.

    "Baraka", "arrêt", "home" may be what somebody wants to say where their own words are asked for. With
    a slash or a courtesy ("stop svp") it is no such word.
    """
    return not text.startswith("/") and fold(text) in (_PLACES if place else _ORDINARY)


def asks_for_our_help(text: str) -> bool:
    """Whether the whole of `text` is a word by which the bot itself offers help: no cry for help."""
    return fold(text.lstrip("/")) in _OUR_HELP


def unknown(text: str) -> bool:
    """Whether the whole of `text` says "I do not know", or "nowhere"."""
    return fold(text) in _UNKNOWN


def yes_no(text: str) -> bool | None:
    """True for yes, False for no, None for anything else, in any of our languages and scripts.

    Use it only where the question is a yes-or-no one: "la" and "ah" are ordinary words elsewhere.
    """
    if _BEGIN.fullmatch(text.strip()):
        return None
    answer = _meaning(text, _ANSWER_OF)
    if answer is not None:
        return answer
    said = _sign(text, _ANSWER_SIGN)
    return _in_a_sentence(text) if said is None else said


@cache
def _answers() -> Shapes:
    return shapes("yes_no_shapes", "neither", "surely_yes", "surely_no", "no", "yes", "denied")


@cache
def _agreeing() -> Vocabulary:
    """Words of which a yes may consist: "très" begins one, "très cher" is none."""
    return vocabulary("yes_no_shapes", "yes", "beside_a_yes")


#: In Darija a verb is denied by what stands before it and behind it: "mabghitch".
_DENIED_VERB = re.compile(r"(?:ma?|ما?)\S{2,}(?:ch|sh|x|ش)")


def _in_a_sentence(text: str) -> bool | None:
    """Yes or no where a few words say it: "pas de problème" is a yes, "je ne suis pas sûr" neither."""
    if len(text) > _LONGEST:
        return None
    message = heard(text)
    if not 1 < len(message.folded) <= LONGEST_ANSWER:
        # A single word is one of the list, or none.
        message = heard(_DRAWN_OUT.sub(r"\1", text)) if len(message.folded) == 1 else message
        if len(message.folded) != 1:
            return None
    found = _answers().found(message)
    if not found or "neither" in found:
        return None
    if "surely_yes" in found:
        return None if "surely_no" in found else True
    if "surely_no" in found:
        return False
    if "no" in found:
        return None if "yes" in found else False
    denied = "denied" in found or any(map(_DENIED_VERB.fullmatch, message.folded))
    return True if "yes" in found and not denied and _agreeing().covers(message) else None


def done(text: str) -> bool:
    """Whether the whole of `text` says "that is all", where several things may be chosen or sent.

    Some of these words ("baraka") are also a `command`; where the answer is expected, it comes first.
    """
    return _meaning(text, _DONE_WORDS) is True or _sign(text, _ANSWER_SIGN) is True


def language_named(text: str) -> str | None:
    """The language asked for by name: "ar", "ary", "fr", "zgh" or "en"; None if none is named.

    The names of Tachelhit, Tarifit and "berbère" all mean the one Tamazight that we write, "zgh".
    """
    return _meaning(text, _LANGUAGE_OF)
