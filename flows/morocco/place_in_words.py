"""Which place does a sentence name? "l'eau est coupée au douar Tabounte", «كنسكن فورزازات», "7da jame3".

What stands behind a word for a kind of place ("douar", "حي"), beside a landmark ("devant l'école"), or behind "in" and
a word for living there is a place; so is what the council's quarters and the gazetteer know by name. A thing is never
taken for one ("fi lma"), and a kind without a name ("فالدوار") says too little. The lists are in `words/places.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from flows.morocco import places
from flows.morocco.quarters import Quarter, known, words
from flows.understanding.lines.vocabulary import Vocabulary, vocabulary
from flows.understanding.scripts import clean, fold, script, skeleton

#: A longer text is read up to here: who has come to the place by then has named it. Characters.
LONGEST: Final = 600

#: Words of a name behind a kind, at most.
_LONGEST_NAME: Final = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A place as it stands in a sentence, and what it surely is."""

    text: str  #: the citizen's own words for it, as they wrote them
    quarter: str | None = None  #: the id of one of the council's quarters
    commune: str | None = None  #: the census code of a commune


class _Token(NamedTuple):
    """One word: where it stands, and what it is compared as."""

    start: int
    end: int
    folded: str
    written: str
    #: Whether something ends behind it: a comma, a full stop, a line.
    ends: bool
    #: How much of it is "in" written onto the word: "فدوار", "fdouar".
    glued: int = 0


_WORD: Final = re.compile(r"[^\W_]+(?:[^\W_]|[\u064b-\u0652])*", re.UNICODE)
_END: Final = re.compile(r"[,،;؛.!?؟:\n()«»\"]")
_GLUED_ARABIC: Final = re.compile(r"^(?:[وف]?[فبل]|[وف])(?=[ء-ي]{2})")
_GLUED_LATIN: Final = re.compile(r"^(?:f|b|l)(?=[a-z0-9]{3})")


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    matches = list(_WORD.finditer(text))
    for at, met in enumerate(matches):
        after = matches[at + 1].start() if at + 1 < len(matches) else len(text)
        ends = bool(_END.search(text[met.end() : after]))
        found.append(_Token(met.start(), met.end(), fold(met[0]), met[0], ends))
    return [_unglued(token) for token in found if token.folded]


@cache
def _all_kinds() -> frozenset[str]:
    return words("kinds") | words("communes") | words("landmarks")


def _unglued(token: _Token) -> _Token:
    """A kind of place without "in" written onto it."""
    if token.folded in _all_kinds():
        return token
    pattern = _GLUED_ARABIC if "ء" <= token.folded[0] <= "ي" else _GLUED_LATIN
    met = pattern.match(token.folded)
    if met is None:
        return token
    rest = token.folded[met.end() :]
    for one in (rest, f"ال{rest}"):
        if one in _all_kinds():
            return token._replace(folded=one, glued=met.end())
    return token


@cache
def _things() -> Vocabulary:
    """Words for what a need is about: they are no names."""
    return vocabulary("intents", "thing", "fault")


@cache
def _no_names() -> frozenset[str]:
    return words("no_name") | words("in") | words("lives") | words("near")


@cache
def _phrases(name: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """A list by the first words of its entries, longest first."""
    starts: dict[str, list[tuple[str, ...]]] = {}
    for entry in words(name):
        parts = tuple(entry.split())
        starts.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(them, key=len, reverse=True)) for first, them in starts.items()}


def _phrase(tokens: Sequence[_Token], at: int, name: str) -> int:
    """How many words from `at` on are an entry of a list; 0 for none."""
    for parts in _phrases(name).get(tokens[at].folded, ()):
        if tuple(token.folded for token in tokens[at : at + len(parts)]) == parts:
            return len(parts)
    return 0


def _is_name(token: _Token) -> bool:
    """Whether a word may be a name, or a part of one."""
    folded = token.folded
    if folded in _no_names() or folded in words("kinds"):
        return False
    return folded.isdecimal() or (len(folded) > 1 and not _is_thing(folded))


def _is_thing(folded: str) -> bool:
    things = _things()
    return folded in things.whole or folded.startswith(things.begins)


def read(text: str, quarters: Sequence[Quarter] = (), within: Sequence[str] = ()) -> Found | None:
    """The place that a sentence names, None where it names none. Never raises for what people write.

    `quarters` are those of the council that is written to; `within` are codes of places: a commune counts
    only in one of them. What a quarter's name means comes before a commune's, and that before a landmark.
    """
    text = clean(text[:LONGEST])
    tokens = _tokens(text)
    if not tokens:
        return None
    quarter = _quarter(tokens, quarters)
    commune = _commune(tokens, within)
    named = _named(tokens)
    if quarter is not None:
        start, end, id = quarter
        if commune is not None and commune[0] < end and start < commune[1]:
            commune = None
        return Found(_cut(text, tokens, start, end), id, commune[2] if commune else None)
    if named is not None:
        start, end = named
        return Found(_cut(text, tokens, start, end), None, commune[2] if commune else None)
    if commune is not None:
        return Found(_cut(text, tokens, commune[0], commune[1]), None, commune[2])
    return None


def _cut(text: str, tokens: Sequence[_Token], start: int, end: int) -> str:
    """The words as they stand there, without what is written onto the first."""
    first = tokens[start]
    glued = first.glued
    if (
        not glued
        and start
        and tokens[start - 1].folded in words("lives")
        and first.folded[0] == "ف"
    ):
        glued = 1 if len(first.folded) > _LONGEST_NAME else 0
    return text[first.start + glued : tokens[end - 1].end]


# --------------------------------------------------------------------------- what is known by name


def _quarter(tokens: Sequence[_Token], quarters: Sequence[Quarter]) -> tuple[int, int, str] | None:
    """A quarter of the council: where its words begin and end, and its id."""
    if not quarters:
        return None
    listed = known(quarters)
    bones = [_bones(token.folded) for token in tokens]
    for at, token in enumerate(tokens):
        kind = token.folded in words("kinds") and at + 1 < len(tokens) and not token.ends
        first = at + 1 if kind else at
        if kind and tokens[first].folded in _of():
            first += 1
        rest = "" if kind else _unwritten(token.folded)
        if not kind and bones[at] not in listed.starts and _bones(rest) not in listed.starts:
            continue
        for size in range(min(listed.longest + 1, len(tokens) - first), 0, -1):
            part = tokens[first : first + size]
            if any(one.ends for one in part[:-1]):
                continue
            folded = tuple(one.folded for one in part)
            if kind or listed.may_be("".join(bones[first : first + size])):
                id = listed.named(folded, behind_a_kind=kind)
                if id is not None and (size > 1 or kind or _is_name(part[0])):
                    return at, first + size, id
            if rest and listed.may_be("".join((_bones(rest), *bones[first + 1 : first + size]))):
                id = listed.named((rest, *folded[1:]), behind_a_kind=False)
                if id is not None:
                    return at, first + size, id
    return None


@lru_cache(maxsize=4096)
def _bones(word: str) -> str:
    return skeleton(word)


def _unwritten(folded: str) -> str:
    """A word without "in" written onto it; "" where nothing is."""
    pattern = _GLUED_ARABIC if "ء" <= folded[0] <= "ي" else _GLUED_LATIN
    met = pattern.match(folded)
    return folded[met.end() :] if met is not None and len(folded) - met.end() > 3 else ""


@cache
def _of() -> frozenset[str]:
    return frozenset({"de", "d", "du", "of", "ديال", "د", "n", "ⵏ", "dyal"})


def _commune(tokens: list[_Token], within: Sequence[str]) -> tuple[int, int, str] | None:
    """A commune that is named just so behind "in", "from", a word for living there or for a commune."""
    for at, token in enumerate(tokens):
        follows, sure = _before_a_place(tokens, at)
        rest = _unwritten(token.folded) if "ء" <= token.folded[0] <= "ي" else ""
        if not follows and not rest:
            continue
        for size in range(min(3, len(tokens) - at), 0, -1):
            part = tokens[at : at + size]
            if any(one.ends for one in part[:-1]):
                continue
            after = tuple(one.folded for one in part[1:])
            for first in (token.folded, rest):
                if not first or (not follows and first != rest):
                    continue
                folded = (first, *after)
                if not sure and (len("".join(folded)) < 4 or " ".join(folded) in words("ordinary")):
                    continue
                found = places.named_exactly(folded, within)
                if found is not None:
                    if first != token.folded:
                        tokens[at] = token._replace(glued=len(token.folded) - len(first))
                    return at, at + size, found.code
    return None


def _before_a_place(tokens: Sequence[_Token], at: int) -> tuple[bool, bool]:
    """Whether what stands before a word says that a place follows, and whether it can say nothing else."""
    if at == 0:
        return False, False
    before = tokens[at - 1]
    if before.ends:
        return False, False
    if before.folded in words("communes"):
        return True, True
    if before.folded in words("lives"):
        return True, True
    further = tokens[at - 2].folded if at > 1 else ""
    if before.folded in _of():
        town = further in words("communes")
        return town or further in words("landmarks"), town
    if before.folded in words("in"):
        return True, further in words("lives")
    return False, False


# --------------------------------------------------------------------------- what only stands there


def _named(tokens: Sequence[_Token]) -> tuple[int, int] | None:
    """A place by its kind and name, else by what is near it, else by where one says to live."""
    for at, token in enumerate(tokens):
        kind = token.folded in words("kinds")
        if token.ends or not (
            kind or (token.folded in words("communes") and _says_which(tokens, at))
        ):
            continue
        end = _end_of_name(tokens, at + 1)
        if end:
            # "rue 12, quartier ...": the wider place belongs to it.
            more = end < len(tokens) and tokens[end].folded in words("kinds")
            return at, (_end_of_name(tokens, end + 1) if more else 0) or end
    for at in range(len(tokens) - 1):
        size = _phrase(tokens, at, "near")
        if size and not tokens[at + size - 1].ends:
            end = _end_of_landmark(tokens, at + size)
            if end:
                return at, end
    for at in range(1, len(tokens)):
        end = _end_of_home(tokens, at)
        if end:
            return at, end
    return None


def _says_which(tokens: Sequence[_Token], at: int) -> bool:
    """Whether a name follows a word for a commune: "commune de Skoura", not "commune fermée"."""
    if at + 1 >= len(tokens):
        return False
    after = tokens[at + 1]
    if after.folded in _of():
        return at + 2 < len(tokens) and (
            script(after.written) != "latin" or tokens[at + 2].written[0].isupper()
        )
    return script(after.written) == "latin" and after.written[0].isupper()


@cache
def _before_a_name() -> frozenset[str]:
    return words("within") | words("kinds")


def _end_of_name(tokens: Sequence[_Token], at: int) -> int:
    """Where a name that begins at `at` ends; 0 where there is none."""
    first = at
    while at < len(tokens) and tokens[at].folded in _before_a_name() and not tokens[at].ends:
        at += 1
    if at >= len(tokens) or not _is_name(tokens[at]):
        return 0
    end = at + 1
    while end < len(tokens) and end - first < _LONGEST_NAME and not tokens[end - 1].ends:
        token, before = tokens[end], tokens[end - 1]
        goes_on = (
            before.folded in words("begins_a_name")
            or before.folded in words("within")
            or token.folded.isdecimal()
            or token.written[0].isupper()
            or (token.folded.startswith("ال") and len(token.folded) > 4)
            or token.folded in words("within")
        )
        fits = token.folded in words("within") or _is_name(token)
        # "علي" is a name behind "Moulay", and else "on".
        fits = fits or (before.folded in words("begins_a_name") and not _is_thing(token.folded))
        if not goes_on or not fits:
            break
        end += 1
    while end > at + 1 and tokens[end - 1].folded in words("within"):
        end -= 1
    return end


def _end_of_landmark(tokens: Sequence[_Token], at: int) -> int:
    """Where a landmark that begins at `at` ends ("l'école de Tarmigt"); 0 where there is none."""
    while at < len(tokens) and tokens[at].folded in words("within") and not tokens[at].ends:
        at += 1
    if at >= len(tokens):
        return 0
    token = tokens[at]
    if token.folded not in words("landmarks"):
        # Beside a name: "7da Tabounte".
        latin = script(token.written) == "latin"
        named = token.written[0].isupper() if latin else False
        return at + 1 if named and _is_name(token) else 0
    end = at + 1
    if end < len(tokens) and not token.ends:
        more = end
        while (
            more < len(tokens) and tokens[more].folded in words("within") and not tokens[more].ends
        ):
            more += 1
        joined = (
            more > end
            or tokens[end].written[0].isupper()
            or tokens[end].folded in words("begins_a_name")
        )
        if more < len(tokens) and joined and _is_name(tokens[more]):
            return _end_of_name(tokens, end) or end
    return end


def _end_of_home(tokens: Sequence[_Token], at: int) -> int:
    """Where a place ends that somebody says to live in, or that a capital letter makes a name; 0 for none."""
    before = tokens[at - 1]
    if before.ends or not _is_name(tokens[at]):
        return 0
    lives = before.folded in words("lives") or (
        at > 1 and before.folded in words("in") and tokens[at - 2].folded in words("lives")
    )
    latin = script(tokens[at].written) == "latin"
    capital = latin and tokens[at].written[0].isupper() and not tokens[at].written.isupper()
    return _end_of_name(tokens, at) if lives or (capital and before.folded in words("in")) else 0
