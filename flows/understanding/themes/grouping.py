"""Which open answers say much the same?

Answers come in several languages and Darija in two scripts, so words are compared by their
consonants (`flows.understanding.scripts.skeleton`): "الزنقة", "zen9a" and "zan9a" are one word. Two answers are
alike as far as they share words, a rare word weighing more than a common one; what they share in
meaning but not in words ("lampadaire", "الإنارة") is not seen. It is a help for whoever reads a
thousand answers, and no count of opinions: say so wherever it is shown.

The same answers give the same groups, in whatever order they come. Twenty thousand take seconds:
answers are compared with the first of each group that shares one of their rarer words, never all with
all.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from flows.understanding import scripts
from flows.understanding.lines.files import words_of

#: How alike an answer must be to the first of a group, 0 to 1, to be in it.
THRESHOLD = 0.5

#: Of an answer, so many of the rarest words are looked up, each in so many groups at the most.
_LOOKED_UP, _GROUPS_OF_A_WORD = 5, 400
#: So many groups are compared, those first that share most.
_COMPARED = 30
#: So many members are compared with each other to find the most central.
_CENTRAL = 60


@dataclass(frozen=True, slots=True)
class Group:
    """Answers that are alike: their ids in the order given, and the one most like all the others."""

    members: tuple[str, ...]
    representative: str

    @property
    def size(self) -> int:
        """How many answers."""
        return len(self.members)


def groups(texts: Sequence[tuple[str, str]], threshold: float = THRESHOLD) -> tuple[Group, ...]:
    """The answers (id, text) in groups, the largest first; one that is like no other is alone.

    An answer without words, such as a voice note alone, is in no group. Raises ValueError where an
    id comes twice.
    """
    said: dict[frozenset[str], list[str]] = defaultdict(list)
    place = {id: at for at, (id, _) in enumerate(texts)}
    if len(place) != len(texts):
        twice = next(id for id, count in Counter(id for id, _ in texts).items() if count > 1)
        raise ValueError(f"the id {twice!r} is given twice; ids are unique")
    for (id, text), words in zip(texts, _words_of([text for _, text in texts]), strict=True):
        content = frozenset(words)
        if not content and (whole := scripts.fold(text)):
            content = frozenset({f" {whole}"})  # "ok", "والو": alike only where they are equal
        if content:
            said[content].append(id)
    weights = _weights(said)
    found = []
    for together in _gathered(said, weights, threshold):
        members = sorted((id for words in together for id in said[words]), key=place.__getitem__)
        central = _central(together, said, weights)
        found.append(Group(tuple(members), min(said[central], key=place.__getitem__)))
    return tuple(sorted(found, key=lambda group: (-group.size, place[group.members[0]])))


def frequent(texts: Sequence[str], least: int, most: int) -> list[tuple[int, str]]:
    """The words that at least `least` of the texts say, the most said first, at most `most` of them: how
    many texts say it, and its usual spelling. Words that say nothing alone are left out.
    """
    said: Counter[str] = Counter()
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for words in _righted(texts):
        said.update({_key(word) for word in words})
        for word in words:
            spelled[_key(word)][word] += 1
    ranked = sorted(said, key=lambda key: (-said[key], key))[:most]
    return [
        (said[key], max(spelled[key], key=lambda word: (spelled[key][word], word)))
        for key in ranked
        if said[key] >= least
    ]


# --------------------------------------------------------------------------- words

_WORD = re.compile(r"[^\W_]+(?:[\u064b-\u065f\u0670\u0640]+[^\W_]*)*")
#: Prepositions written onto a word, with the article or in Darija without: "فالزنقة", "fdouar".
_ONTO = re.compile(
    r"^(?!والد)[وفبكدع]?ال(?=[ء-ي]{2})|^لل(?=[ء-ي]{2})|^[dfb](?=[bdfghjkmnqstwxz][a-z0-9]{2})"
    r"|^[df](?=[379][a-z0-9]{2})"
)
#: "Our street" is a street.
_OUR = re.compile(r"(?<=[ء-ي]{3})نا$")


def _content(text: str) -> list[str]:
    """The words that say something, in small letters as they are written."""
    words = (met[0].casefold() for met in _WORD.finditer(text))
    return [word for word in words if _key(word)]


@lru_cache(maxsize=65_536)
def _key(word: str) -> str:
    """What a word is compared by; "" for one that says nothing, and for numbers."""
    folded = scripts.fold(word)
    if folded in _stop_words() or folded.isdecimal() or len(folded) < 2:
        return ""
    return scripts.skeleton(_bare(word)).replace(" ", "")


def _bare(word: str) -> str:
    """A word folded, without what is written onto it."""
    return _OUR.sub("", _ONTO.sub("", scripts.fold(word)))


def _words_of(texts: Sequence[str]) -> list[list[str]]:
    """The keys of the words of each text that say something."""
    return [[_key(word) for word in words] for words in _righted(texts)]


def _righted(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text that say something, those with a slip written rightly."""
    spelled = [_content(text) for text in texts]
    right = _corrected(Counter(word for words in spelled for word in set(words)))
    return [[right.get(word, word) for word in words] for words in spelled]


#: A word of so many answers or fewer may be a slip of one that is in more.
_RARE = 2


def _corrected(count: Mapping[str, int]) -> dict[str, str]:
    """Plurals in -s or -x that have a singular, and rare words with a slip in them.

    A slip is one letter (two in long words) from a frequent word of the same beginning.
    """
    usual: dict[str, list[str]] = defaultdict(list)
    for word in sorted(count, key=lambda word: (-count[word], word)):
        if count[word] > _RARE:
            usual[word[:2]].append(word)
    known = {_key(word) for words in usual.values() for word in words}
    found: dict[str, str] = {}
    for word in count:
        if word[-1] in "sx" and len(word) > 3 and word[:-1] in count:
            found[word] = word[:-1]
        elif count[word] <= _RARE and len(word) >= 5 and _key(word) not in known:
            best = process.extractOne(
                word,
                usual[word[:2]],
                scorer=OSA.distance,
                score_cutoff=1 if len(word) < 9 else 2,
            )
            if best is not None:
                found[word] = best[0]
    return found


# --------------------------------------------------------------------------- likeness


def _weights(said: Mapping[frozenset[str], Sequence[str]]) -> dict[str, float]:
    """The less often a word is said, the more it weighs (inverse document frequency)."""
    count: Counter[str] = Counter()
    for words, ids in said.items():
        for word in words:
            count[word] += len(ids)
    everyone = sum(len(ids) for ids in said.values())
    return {word: math.log(1 + everyone / answers) for word, answers in count.items()}


def _weigh(words: Iterable[str], weights: Mapping[str, float]) -> float:
    # Summed in one order, since the order of a set is not always the same.
    return math.fsum(weights[word] for word in words)


def _alike(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    """The weight of the shared words, of the mean weight of both (Dice), 0 to 1."""
    both = _weigh(one, weights) + _weigh(other, weights)
    return 2 * _weigh(one & other, weights) / both


def _gathered(
    said: Mapping[frozenset[str], Sequence[str]], weights: Mapping[str, float], threshold: float
) -> list[list[frozenset[str]]]:
    """Each set of words with the first before it that is like it enough, else as a first itself.

    What most people said comes first, then what is made of usual words, so that firsts are typical.
    """
    order = sorted(
        said, key=lambda words: (-len(said[words]), _weigh(words, weights), sorted(words))
    )
    firsts: list[frozenset[str]] = []
    totals: list[float] = []
    gathered: list[list[frozenset[str]]] = []
    having: dict[str, list[int]] = defaultdict(list)
    for words in order:
        rarest = sorted(words, key=lambda word: (-weights[word], word))
        shared: dict[int, float] = defaultdict(float)
        for word in [word for word in rarest if word in having][:_LOOKED_UP]:
            for at in having[word][:_GROUPS_OF_A_WORD]:
                shared[at] += weights[word]
        total = _weigh(words, weights)
        near = sorted(shared, key=lambda at: (-shared[at] / (total + totals[at]), at))[:_COMPARED]
        likeness, best = max(
            ((_alike(words, firsts[at], weights), -at) for at in near), default=(0.0, 0)
        )
        if near and likeness >= threshold:
            gathered[-best].append(words)
            continue
        for word in words:
            having[word].append(len(firsts))
        firsts.append(words)
        totals.append(total)
        gathered.append([words])
    return gathered


def _central(
    together: Sequence[frozenset[str]],
    said: Mapping[frozenset[str], Sequence[str]],
    weights: Mapping[str, float],
) -> frozenset[str]:
    """The words most like those of all others; of many, as many as `_CENTRAL` are asked."""
    some = together[:: -(-len(together) // _CENTRAL)]

    def likeness(words: frozenset[str]) -> float:
        return math.fsum(_alike(words, other, weights) * len(said[other]) for other in some)

    return max(some, key=lambda words: (round(likeness(words), 9), sorted(words)))


# --------------------------------------------------------------------------- words that say nothing


@cache
def _stop_words() -> frozenset[str]:
    """Words of Arabic, Darija, French, English and Tamazight that stand in every answer, folded."""
    return frozenset(scripts.fold(word) for word in words_of("likeness")["silent"]["words"].split())
