"""All words of some lines: of nothing else may a message consist that is to mean what they say.

A line says that its words stand in a message; what else stands there may turn it: "très" begins a yes,
"très cher" is none.
"""

from dataclasses import dataclass

from flows.understanding import scripts
from flows.understanding.lines.files import SIGNS, Heard, spelled_out, words_of
from flows.understanding.lines.sounds import sound, sounds


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that stand in some lines, whole, by their beginning or by their sound."""

    whole: frozenset[str]
    begins: tuple[str, ...]
    sounds: frozenset[str]

    def covers(self, message: Heard) -> bool:
        """Whether every word of the message is one of them: nothing else was said."""
        return not self.others(message)

    def others(self, message: Heard) -> int:
        """How many words of the message are none of them."""
        return sum(
            word not in self.whole
            and not word.startswith(self.begins)
            and sound(word) not in self.sounds
            for word in message.folded
        )


def vocabulary(name: str, *tables: str) -> Vocabulary:
    """All words of some tables of the data file `name`. Raises KeyError."""
    data = words_of(name)
    lists = data.get("words", {})
    whole: set[str] = set()
    begins: set[str] = set()
    heard_only: set[str] = set()
    for line in (line for table in tables for line in data[table]["lines"]):
        by_sound = line.startswith("~")
        for part in line.lstrip("~&").split():
            if part in ("^", "$", "...") or part.startswith("!"):
                continue
            for word in spelled_out(part.strip("[]"), lists):
                bare = word.lstrip(SIGNS).removesuffix("*").replace("_", " ")
                if by_sound or word[0] in SIGNS:
                    heard_only.update(sounds(bare))
                elif word.endswith("*"):
                    begins.add(scripts.fold(bare))
                else:
                    whole.update(scripts.fold(bare).split())
    return Vocabulary(frozenset(whole), tuple(begins), frozenset(heard_only - {""}))
