"""Lists that a council keeps: consultative bodies, and numbers of people who agreed elsewhere.

file -> good numbers and bad lines -> shown -> people, addresses, consents with their proof
"""

import asyncio
import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import Any, TypeVar
from zipfile import ZipFile

import msgspec

from bot.core import audit
from bot.core.foreign.worker import DOCUMENTS, TooHard
from bot.core.links import list_payload
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from flows.dialog.definition import text_problems
from flows.dialog.effects import CONSENT_VERSION
from flows.understanding import identity, phrases
from flows.understanding.names.headings import column
from flows.wording import render
from flows.wording.text import LANGUAGES, Code, Text, Verbatim, msg
from storage.database import Transaction, batch
from storage.ids import new_id
from storage.rows.lists import KnownAddresses, ListNamed, ListsOf

T = TypeVar("T")

#: How long a link onto a list is good, ms.
LINK_MS = 30 * 24 * 3600 * 1000

#: Most lines of a file, and most bytes.
MOST_LINES = 200_000
MOST_BYTES = 20_000_000

#: How many lines tell what a column holds.
LOOKED_AT = 50

#: Most bytes of a workbook once it is unpacked, and most columns: more is no list.
MOST_UNPACKED = 60_000_000
MOST_COLUMNS = 200

#: What is told of a file that takes more time or memory than reading one may.
TOO_HARD = msg("import.too_hard")

#: An import must say onto which list, and how these people agreed.
NAMELESS = msg("import.nameless")
#: Numbers can be written to on WhatsApp only.
UNCONNECTED = msg("import.no_whatsapp", setting=Code("[whatsapp] from"))


class NoNumbers(Exception):
    """A file that is no list; `text` says what is wrong and what would be right."""

    def __init__(self, text: Text) -> None:
        super().__init__(render(text, "en"))
        self.text = text


@dataclass(frozen=True, slots=True)
class Someone:
    """A line that is good: the number (E.164) and the language, "" if it says none."""

    phone: str
    language: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is not, and why."""

    line: int
    text: Text


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds."""

    people: tuple[Someone, ...]
    problems: tuple[BadLine, ...]


def read_numbers(path: Path) -> Read:
    """The numbers in a CSV or XLSX file. Raises NoNumbers."""
    return _apart(read_content, _bytes_of(path), path.name)


def read_table(path: Path) -> list[list[str]]:
    """The rows of a CSV or XLSX file, whatever they hold. Raises NoNumbers."""
    return _apart(_table, _bytes_of(path), path.name)


def _table(content: bytes, name: str) -> list[list[str]]:
    if len(content) > MOST_BYTES:
        raise NoNumbers(msg("import.large", limit=MOST_BYTES // 1_000_000))
    found = sheet_rows(content) if name.lower().endswith(".xlsx") else table_rows(content)
    return [list(row) for row in found]


async def read_foreign(content: bytes, name: str) -> Read:
    """`read_content` in a process of its own, which may die. Raises NoNumbers."""
    return await asyncio.to_thread(_apart, read_content, content, name)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NoNumbers(msg("import.unreadable", reason=error.strerror or "")) from None


def _apart(reader: Callable[[bytes, str], T], content: bytes, name: str) -> T:
    """What a reader finds in a file, in a process of its own."""
    try:
        return DOCUMENTS.done(reader, content, name)
    except TooHard:
        raise NoNumbers(TOO_HARD) from None


def read_content(content: bytes, name: str) -> Read:
    """The numbers in a file's content; its name tells CSV from XLSX. Raises NoNumbers."""
    rows = _table(content, name)
    lines = [(n, row) for n, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not lines:
        raise NoNumbers(msg("import.empty"))
    columns: dict[str, int] = {}
    for index, cell in enumerate(lines[0][1]):
        if (meant := column(cell)) is not None:
            columns.setdefault(meant, index)
    if "phone" not in columns and _counts_phones(lines, columns.get("number")):
        columns["phone"] = columns["number"]
    if "phone" in columns:
        lines = lines[1:]
    elif identity.phone(lines[0][1][0]) is None:
        raise NoNumbers(msg("import.columns", found=Verbatim(", ".join(lines[0][1])[:200])))
    return _read(lines, columns.get("phone", 0), columns.get("language"))


def _counts_phones(lines: Sequence[tuple[int, list[str]]], number: int | None) -> bool:
    """Whether a column that is called "number" holds phones, and no count of the lines."""
    if number is None:
        return False
    cells = [row[number] for _, row in lines[1:LOOKED_AT] if number < len(row)]
    return any(identity.phone(cell) is not None for cell in cells)


def _read(lines: Sequence[tuple[int, list[str]]], phone: int, language: int | None) -> Read:
    people: dict[str, Someone] = {}
    first: dict[str, int] = {}
    problems: list[BadLine] = []
    for line, row in lines:
        value = row[phone].strip() if phone < len(row) else ""
        number = identity.phone(value)
        if number is None:
            problems.append(BadLine(line, _no_number(value)))
        elif number in people:
            problems.append(BadLine(line, msg("import.twice", line=first[number])))
        else:
            said = row[language].strip() if language is not None and language < len(row) else ""
            spoken = said if said in LANGUAGES else phrases.language_named(said) or ""
            if said and not spoken:
                known = Code(", ".join(LANGUAGES))
                text = msg("import.language", value=Verbatim(said[:40]), known=known)
                problems.append(BadLine(line, text))
                continue
            people[number] = Someone(number, spoken)
            first[number] = line
    return Read(tuple(people.values()), tuple(problems))


def _no_number(value: str) -> Text:
    return msg("import.number", value=Verbatim(value[:40]), example=Code("0612345678"))


def table_rows(content: bytes) -> Iterable[list[str]]:
    """The rows of a CSV file, whatever program wrote it. Raises NoNumbers."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What a French or Arabic Excel writes where it was not told otherwise.
        text = content.decode("cp1256", "replace")
    if "\0" in text:
        raise NoNumbers(msg("import.format"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.lower().startswith("sep="):
        # What a spreadsheet writes for itself.
        text = text.partition("\n")[2]
    sample = text[:2000]
    delimiter = max(",;\t", key=sample.count)
    try:
        return list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), MOST_LINES))
    except csv.Error:
        raise NoNumbers(msg("import.format")) from None


def sheet_rows(content: bytes) -> Iterable[list[str]]:
    """The rows of the first sheet of an XLSX file. Raises NoNumbers."""
    try:
        return _unpacked(content)
    except NoNumbers:
        raise
    except Exception:
        # A broken workbook breaks openpyxl in whatever way its XML happens to be broken.
        raise NoNumbers(msg("import.format")) from None


def _unpacked(content: bytes) -> list[list[str]]:
    """The same, of a workbook that is whole."""
    with ZipFile(io.BytesIO(content)) as packed:
        size = sum(part.file_size for part in packed.infolist())
    if size > MOST_UNPACKED:
        raise NoNumbers(msg("import.large", limit=MOST_UNPACKED // 1_000_000))
    # Slow to load, and only a file needs it.
    import openpyxl  # type: ignore[import-untyped]  # it ships no types

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet: Any = book.worksheets[0]
    rows = []
    for row in sheet.iter_rows(values_only=True, max_row=MOST_LINES):
        if len(row) > MOST_COLUMNS:
            raise NoNumbers(msg("import.format"))
        rows.append([_cell(value) for value in row])
    book.close()
    return rows


def _cell(value: object) -> str:
    # A phone number that the sheet took for a number has lost nothing but its sign.
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def texts_of(path: Path) -> dict[str, str]:
    """A message of the council's own from a TOML file: language -> text. Raises NoNumbers."""
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
        texts = msgspec.convert(raw, dict[str, str])
    except OSError as error:
        raise NoNumbers(msg("import.unreadable", reason=error.strerror or "")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise NoNumbers(msg("import.texts", problem=Verbatim(str(error)))) from None
    problems = list(text_problems("text", texts))
    if problems:
        raise NoNumbers(msg("import.texts", problem=Verbatim("; ".join(map(str, problems)))))
    return texts


def code_of(name: str) -> str:
    """What a list is called in options and addresses."""
    plain = re.sub(r"[^\w]+", "-", name.strip().lower()).strip("-")
    return plain[:40] or "list"


async def fill(
    tx: Transaction,
    account: str,
    council_id: int,
    name: str,
    kind: str,
    read: Read,
    proof: str,
    made_by: str,
) -> tuple[str, int]:
    """Put people on a list, made if need be. Returns its code and how many were not known.

    `account` is our own number on WhatsApp, under which they are written to.
    Who is known keeps every wish of theirs: what they said to us counts for more than a file.
    """
    if not account:
        # Under another account their answers, and their stop, would be somebody else's.
        raise NoNumbers(UNCONNECTED)
    list_id, code = await _list(tx, council_id, name, kind, made_by)
    wanted = batch([{"x": someone.phone} for someone in read.people])
    rows = await tx.rows(KnownAddresses, channel="whatsapp", account=account, rows=wanted)
    known: dict[str, int] = {row.address: row.person_id for row in rows}
    at = now_ms()
    people, addresses = [], []
    for someone in read.people:
        if someone.phone in known:
            continue
        id = new_id()
        known[someone.phone] = id
        people.append(_person(id, council_id, someone.language, at))
        addresses.append(_address(id, account, someone.phone))
    if people:
        await tx.run("save_people", rows=batch(people))
        await tx.run("save_addresses", rows=batch(addresses))
    fresh = {person["id"] for person in people}
    # Whoever is on such a list agreed to be written to: the council's proof says where.
    consents = [
        {
            "id": new_id(),
            "person_id": person_id,
            "purpose": purpose,
            "given": 1,
            "version": CONSENT_VERSION,
            "shown": proof[:500],
            "language": "",
            "channel": "import",
            "at": at,
        }
        for person_id, purpose in product(fresh, ("consultation", "messages"))
    ]
    if consents:
        await tx.run("add_consents", rows=batch(consents))
    for person_id in known.values():
        await tx.run("join_list", list_id=list_id, person_id=person_id, proof=proof[:500], at=at)
    detail = f"{len(known)} numbers, {len(fresh)} new; proof: {proof[:300]}"
    await audit.note(tx, council_id, made_by, "import", f"list {code}", detail, at)
    return code, len(fresh)


def _person(id: int, council_id: int, language: str, at: int) -> dict[str, Any]:
    empty = dict.fromkeys(
        ("commune", "age_band", "gender", "disability", "profile_asked_at", "stopped_at")
    )
    return {
        "id": id,
        "language": language or None,
        "council_id": council_id,
        "abroad": 0,
        "keeps_answers": 0,
        "letters": "",
        "created_at": at,
        **empty,
    }


def _address(person_id: int, account: str, phone: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "person_id": person_id,
        "channel": "whatsapp",
        "account": account,
        "address": phone,
        "state": "open",
        # They have not written: WhatsApp takes a template only.
        "last_in_at": 0,
    }


async def _list(
    tx: Transaction, council_id: int, name: str, kind: str, made_by: str
) -> tuple[int, str]:
    code = code_of(name)
    await tx.run(
        "add_list",
        id=new_id(),
        council_id=council_id,
        code=code,
        name=name.strip()[:100],
        kind=kind,
        made_by=made_by,
        at=now_ms(),
    )
    row = await tx.row(ListNamed, council_id=council_id, code=code)
    if row is None:
        raise LookupError(code)
    return row.id, code


async def link(vault: Vault, tx: Transaction, council_id: int, name: str, made_by: str) -> str:
    """The payload of a link by which people put themselves on a list, made if need be."""
    list_id, _ = await _list(tx, council_id, name, "body", made_by)
    return list_payload(vault, list_id, now_ms() + LINK_MS)


def told(problem: BadLine, language: str) -> str:
    """A bad line in a reader's language."""
    return render(msg("import.line", line=Code(str(problem.line)), problem=problem.text), language)


def said(error: NoNumbers, language: str) -> str:
    """What is wrong with a file, in a reader's language."""
    return render(error.text, language)


async def lists_of(tx: Transaction, council_id: int) -> list[ListsOf]:
    """The lists that a council keeps, with how many are on each."""
    return await tx.rows(ListsOf, council_id=council_id)
