"""What a text consists of, whatever file it came in: headings, paragraphs, and what we do not read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from flows.understanding import scripts
from flows.wording import render
from flows.wording.text import Text, msg

#: Most bytes of a file.
MOST_BYTES: Final = 5_000_000

#: Most characters and paragraphs of a text: sixty articles of the longest kind are twice as many.
MOST_CHARACTERS: Final = 200_000
MOST_BLOCKS: Final = 5_000

#: What is left out of a text, by the name under which it is counted and told.
LEFT_OUT: Final = ("table", "picture", "box", "note", "remark", "deleted", "html", "code")


class BadText(Exception):
    """A file that is no text of ours; `text` says what is wrong and what would be right."""

    def __init__(self, text: Text) -> None:
        super().__init__(render(text, "en"))
        self.text = text


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1 is the highest) or a paragraph (`level` 0)."""

    text: str
    level: int = 0


@dataclass(slots=True)
class Found:
    """The blocks of a file in their order; how much of what was left out, and was inserted as a change."""

    blocks: list[Block] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    inserted: int = 0

    def add(self, text: str, level: int = 0) -> None:
        """One more block, if there is anything to read in it. Raises BadText if it is too much."""
        plain = "\n".join(line.strip() for line in scripts.clean(text).splitlines()).strip()
        if not any(character.isalnum() for character in plain):
            return
        self.blocks.append(Block(plain, level))
        if len(self.blocks) > MOST_BLOCKS:
            raise too_long(block.text for block in self.blocks)


def too_long(texts: Iterable[str]) -> BadText:
    """The refusal of a text that is more than a draft."""
    length = sum(len(text) for text in texts)
    return BadText(msg("draft_file.too_long", length=length, longest=MOST_CHARACTERS))


def checked(found: Found) -> Found:
    """The same, if there is something to read and not too much of it. Raises BadText."""
    if not found.blocks:
        raise BadText(msg("draft_file.empty"))
    if sum(len(block.text) for block in found.blocks) > MOST_CHARACTERS:
        raise too_long(block.text for block in found.blocks)
    return found
