"""Rolls: lists of numbers that a council gave out, with which somebody may take part, once for each number.

    file of numbers, or of their SHA-256 -> keyed digests; the file is not kept
    number typed -> on the roll, not used yet -> marked used, and (elsewhere) this person may take part

Nothing says whose number it was: see the migration. A number is compared by its letters and digits alone.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.core.councils import head_of, phase_of
from bot.core.foreign import columns, tables
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from flows.understanding import scripts
from flows.understanding.names.headings import column
from flows.wording.text import Verbatim, msg
from storage.database import Transaction, batch
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.lists import Admitted, MarkOf, NumberOnRoll, RollByCode, UseMark

#: Fewest and most letters and digits of a number.
SHORTEST, LONGEST = 4, 40

#: Most numbers of one roll.
MOST_NUMBERS = 200_000

#: What a roll is called in a definition.
CODE: Final = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")

#: What a spreadsheet left of a long number.
_SHORTENED: Final = re.compile(r"\d[.,]\d+E\+?\d{1,2}", re.IGNORECASE)

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")

Fate = Literal["in", "unknown", "used"]


@dataclass(frozen=True, slots=True)
class Read:
    """The numbers of a file as SHA-256 (hexadecimal), the lines that hold none, and those that repeat one.

    Each line below the heading is among the three, and each above it that holds a number is `bad`. `heading` is
    that of their column, "" if there is none; `unread` as in `tables.Table`.
    """

    digests: Sequence[str]
    bad: Sequence[int]
    again: Sequence[int]
    heading: str
    unread: tuple[tuple[str, int], ...] = ()


def plain(number: str) -> str:
    """A number as it is compared: letters and digits, capitals, "" if it can be none."""
    kept = "".join(sign for sign in scripts.digits(number).upper() if sign.isalnum())
    return kept if SHORTEST <= len(kept) <= LONGEST else ""


def read_file(content: bytes, *, digests: bool) -> Read:
    """The numbers of a file, or (`digests`) their SHA-256, whatever program wrote it. Raises BadFile.

    They stand under a heading for them, else in the first column; there a heading without a digit is passed over.
    """
    # A number has no letter that one table reads otherwise than another.
    table, *_ = tables.read(content)
    at, place = _heading(table.rows)
    found: dict[str, None] = {}
    bad = [row.number for row in table.rows[: max(at, 0)] if _holds_one(row, place, digests)]
    again: list[int] = []
    for row in table.rows[at + 1 :]:
        one = _one(row, place, digests)
        if not one:
            bad.append(row.number)
        elif one in found:
            again.append(row.number)
        else:
            found[one] = None
    heading = table.rows[at].cells[place] if at >= 0 else ""
    return Read(tuple(found), tuple(bad), tuple(again), heading, table.unread)


def _one(row: tables.Row, place: int, digests: bool) -> str:
    """The SHA-256 of the number in a line, "" if there is none: nor is a day, or true or false."""
    cell = row.cells[place] if place < len(row.cells) else ""
    if place in row.turned:
        return ""
    if digests:
        return cell.lower() if _DIGEST.fullmatch(cell.lower()) else ""
    return _sha(plain(cell)) if plain(cell) and not _SHORTENED.fullmatch(cell) else ""


def _holds_one(row: tables.Row, place: int, digests: bool) -> bool:
    """Whether a line above the heading is no title: it has a number, alone or with digits where numbers stand."""
    cell = row.cells[place] if place < len(row.cells) else ""
    return bool(_one(row, place, digests)) and " " not in cell and any(map(str.isdecimal, cell))


def _heading(rows: Sequence[tables.Row]) -> tuple[int, int]:
    """Which of the rows has headings (-1 for none), and the place of the numbers."""
    for at, row in enumerate(rows[: columns.HEADED]):
        meant = [column(cell) for cell in row.cells]
        if "voter" in meant:
            return at, meant.index("voter")
        if "number" in meant:
            return at, meant.index("number")
        if sum(1 for one in meant if one) > 1:
            # Else people's names would be numbers with which one may vote.
            found = ", ".join(filter(None, row.cells))[:200]
            raise tables.BadFile(msg("import.no_number_column", found=Verbatim(found)))
    headed = not any(sign.isdecimal() for sign in rows[0].cells[0])
    return (0 if headed else -1), 0


def _sha(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()


async def fill(
    tx: Transaction, vault: Vault, council_id: int, code: str, name: str, digests: Sequence[str]
) -> int:
    """Put numbers (as `read` has them) on a council's roll; begins it where there is none. Returns its id."""
    await tx.run("keep_roll", id=new_id(), council_id=council_id, code=code, name=name, at=now_ms())
    roll = await tx.row(RollByCode, council_id=council_id, code=code)
    if roll is None:
        raise LookupError(code)
    kept = [{"x": _kept(vault, council_id, one)} for one in digests]
    await tx.run("add_roll_numbers", roll_id=roll.id, rows=batch(kept))
    return int(roll.id)


def _kept(vault: Vault, council_id: int, sha: str) -> str:
    return vault.digest(sha, f"roll/{council_id}")


async def may(tx: Transaction, row: StoredConsultation, person_id: int, at: int) -> bool:
    """Whether somebody may take part as far as rolls go: there is none, or they showed a number."""
    if not head_of(row).roll:
        return True
    found = await tx.row(
        Admitted, consultation_id=row.id, phase=phase_of(row, at), person_id=person_id
    )
    return found is not None


async def show(
    tx: Transaction, vault: Vault, row: StoredConsultation, number: str, person_id: int, at: int
) -> Fate:
    """Let somebody in by a number that nobody has used in this consultation and phase."""
    fate = await use(tx, vault, row, number, at)
    if fate == "in":
        phase = phase_of(row, at)
        await tx.run("admit", consultation_id=row.id, phase=phase, person_id=person_id)
    return fate


async def use(tx: Transaction, vault: Vault, row: StoredConsultation, number: str, at: int) -> Fate:
    """Mark a number that nobody has used in this consultation and phase, for somebody who takes part elsewhere."""
    phase = phase_of(row, at)
    roll = await tx.row(RollByCode, council_id=row.council_id, code=head_of(row).roll)
    bare = plain(number)
    if roll is None or not bare:
        return "unknown"
    digest = _kept(vault, row.council_id, _sha(bare))
    if await tx.row(NumberOnRoll, roll_id=roll.id, digest=digest) is None:
        return "unknown"
    where = {"consultation_id": row.id, "phase": phase}
    if await tx.row(MarkOf, digest=digest, **where) is None:
        await tx.run("mark_all", roll_id=roll.id, **where)
    if await tx.row(UseMark, digest=digest, **where) is None:
        return "used"
    return "in"
