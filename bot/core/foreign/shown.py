"""How a file was understood, in sentences: shown before anything is entered."""

import argparse
from collections.abc import Iterator, Sequence
from typing import Final

from bot.core.console import Refusal, say
from bot.core.foreign.columns import Seen, telephone
from bot.core.foreign.letters import OLD
from flows.understanding import identity, moderation
from flows.wording import render
from flows.wording.text import Code, Message, Text, Verbatim, msg

_SEPARATORS: Final = {"": "none", ";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}


def table_name(letters: str) -> Message:
    """What the table is called with which a text was read ("cp1252": Windows, French)."""
    return msg(f"import.table.{letters.replace('-', '_')}")


def field_name(field: str) -> Message:
    """What a column is called in which `field` stands."""
    return msg(f"pdesk.field.{field}")


def sentences(seen: Seen) -> Iterator[Text]:
    """What was read and how; what each column is; what is not used."""
    if seen.letters:
        sign = _SEPARATORS.get(seen.separator)
        named = Code(seen.separator) if sign is None else msg(f"import.separator.{sign}")
        yield msg("import.seen_text", letters=table_name(seen.letters), sign=named)
    else:
        yield msg("import.seen_sheet", sheet=Verbatim(seen.sheet))
    for sheet, count in seen.unread:
        yield msg("import.seen_unread", count, sheet=Verbatim(sheet))
    for line, text in seen.title:
        yield msg("import.seen_title", line=line, text=Verbatim(text))
    if seen.heading_line:
        yield msg("import.seen_headings", line=seen.heading_line)
    else:
        yield msg("import.seen_no_headings")
    for one in seen.columns:
        if one.meant and one.heading:
            id = "import.seen_spare" if one.spare else "import.seen_column"
            yield msg(id, field=field_name(one.meant), heading=Verbatim(one.heading[:60]))
    if seen.unused:
        unused = " · ".join(heading[:60] for heading in seen.unused)
        yield msg("import.seen_unused", found=Verbatim(unused[:600]))
    for letter in seen.headless:
        yield msg("import.seen_headless", column=Code(letter))
    yield msg("import.seen_lines", seen.count)


def first(seen: Seen) -> list[tuple[int, list[str]]]:
    """The first lines below the headings: number, and what was understood in the columns that are used."""
    return [
        (line, [_cell(field, cell) for field, cell in zip(seen.shown, cells, strict=True)])
        for line, cells in seen.first
    ]


def _cell(field: str, cell: str) -> str:
    """A card is masked, wherever it stands; a telephone as it was mended."""
    if field == "cin":
        return identity.mask(cell)
    if field == "phone":
        return telephone(cell)[0] or cell[:80]
    return moderation.masked(cell[:80])


# --------------------------------------------------------------------------- at the terminal


def add_letters(parser: argparse.ArgumentParser) -> None:
    """The option that says how the letters of a text are read."""
    help = "how the letters of a text are read, where they may be read in several ways"
    parser.add_argument("--letters", choices=OLD, default="", help=help)


def show_readings(readings: Sequence[Seen]) -> None:
    """Say how a file was understood. Raises Refusal where it can be read in several ways."""
    for seen in readings:
        for text in sentences(seen):
            say(render(text, "en"))
        for line, cells in first(seen):
            say(f"  {line}: {' | '.join(cells)}")
    if len(readings) > 1:
        names = ", ".join(seen.letters for seen in readings)
        raise Refusal(f"the letters can be read in several ways: add --letters with one of {names}")
