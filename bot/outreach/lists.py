"""Lists that a council keeps: consultative bodies, and numbers of people who agreed elsewhere.

file -> good numbers and bad lines -> shown -> people, addresses, consents with their proof
"""

import asyncio
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import msgspec

from bot.core import audit
from bot.core.foreign.columns import BadLine, Seen, Sheet, read_sheets, telephone
from bot.core.foreign.tables import BadFile
from bot.core.foreign.worker import DOCUMENTS, TooHard
from bot.core.links import list_payload
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from flows.dialog.definition import text_problems
from flows.dialog.effects import CONSENT_VERSION
from flows.understanding import phrases
from flows.wording import render
from flows.wording.text import LANGUAGES, Code, Verbatim, msg
from storage.database import Transaction, batch
from storage.ids import new_id
from storage.rows.lists import KnownAddresses, ListNamed, ListsOf

P = ParamSpec("P")
T = TypeVar("T")

#: How long a link onto a list is good, ms.
LINK_MS = 30 * 24 * 3600 * 1000

#: What a line may say.
FIELDS = ("phone", "language")

#: What is told of a file that takes more time or memory than reading one may.
TOO_HARD = msg("import.too_hard")

#: An import must say onto which list, and how these people agreed.
NAMELESS = msg("import.nameless")
#: A list of a body has a name, by which its members know what they put themselves on.
NAMELESS_BODY = msg("import.nameless_body")
#: Numbers can be written to on WhatsApp only.
UNCONNECTED = msg("import.no_whatsapp", setting=Code("[whatsapp] from"))


@dataclass(frozen=True, slots=True)
class Someone:
    """A line that is good: the number (E.164) and the language, "" if it says none."""

    phone: str
    language: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: each of its lines is among the people or among the problems.

    `others` is what it holds where its letters may be read in other ways too.
    """

    people: tuple[Someone, ...]
    problems: tuple[BadLine, ...]
    seen: Seen
    others: tuple["Read", ...] = ()


def read_numbers(path: Path, letters: str = "") -> Read:
    """The numbers in a file. Raises BadFile."""
    return apart(read_content, bytes_of(path), letters)


def bytes_of(path: Path) -> bytes:
    """What a file holds. Raises BadFile."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadFile(msg("import.unreadable", reason=error.strerror or "")) from None


async def read_foreign(content: bytes) -> Read:
    """`read_content` in a process of its own, which may die. Raises BadFile."""
    return await asyncio.to_thread(apart, read_content, content)


def apart(reader: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a reader finds in a file, in a process of its own. Raises BadFile."""
    try:
        return DOCUMENTS.done(reader, *args, **kwargs)
    except TooHard:
        raise BadFile(TOO_HARD) from None


def read_content(content: bytes, letters: str = "") -> Read:
    """The numbers in a file's content, whatever program wrote it; `letters` as in `tables.read`. Raises BadFile."""
    first, *others = (_read(sheet) for sheet in read_sheets(content, FIELDS, ("phone",), letters))
    found = (first.people, first.problems)
    return replace(
        first, others=tuple(one for one in others if (one.people, one.problems) != found)
    )


def _read(sheet: Sheet) -> Read:
    people: dict[str, Someone] = {}
    first: dict[str, int] = {}
    problems: list[BadLine] = [*sheet.bad]
    for line in sheet.lines:
        number, wrong = telephone(line.cells.get("phone", ""))
        said = line.cells.get("language", "")
        spoken = said if said in LANGUAGES else phrases.language_named(said) or ""
        if wrong is not None:
            problems.append(BadLine(line.number, wrong))
        elif number in people:
            problems.append(BadLine(line.number, msg("import.twice", line=first[number])))
        elif said and not spoken:
            known = Code(", ".join(LANGUAGES))
            text = msg("import.language", value=Verbatim(said[:40]), known=known)
            problems.append(BadLine(line.number, text))
        else:
            people[number] = Someone(number, spoken)
            first[number] = line.number
    problems.sort(key=lambda problem: problem.line)
    return Read(tuple(people.values()), tuple(problems), sheet.seen)


def texts_of(path: Path) -> dict[str, str]:
    """A message of the council's own from a TOML file: language -> text. Raises BadFile."""
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
        texts = msgspec.convert(raw, dict[str, str])
    except OSError as error:
        raise BadFile(msg("import.unreadable", reason=error.strerror or "")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise BadFile(msg("import.texts", problem=Verbatim(str(error)))) from None
    problems = list(text_problems("text", texts))
    if problems:
        raise BadFile(msg("import.texts", problem=Verbatim("; ".join(map(str, problems)))))
    return texts


def code_of(name: str) -> str:
    """What a list is called in options and addresses."""
    plain = re.sub(r"[^\w]+", "-", name.strip().lower()).strip("-")
    return plain[:40] or "list"


async def fill(
    tx: Transaction,
    vault: Vault,
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
        raise BadFile(UNCONNECTED)
    list_id, code = await _list(tx, council_id, name, kind, made_by)
    wanted = _covered(vault, read)
    rows = await tx.rows(KnownAddresses, channel="whatsapp", account=account, rows=wanted)
    known: dict[str, int] = {row.address: row.person_id for row in rows}
    at = now_ms()
    people, addresses = [], []
    for someone in read.people:
        address = vault.cover(someone.phone)
        if address in known:
            continue
        id = new_id()
        known[address] = id
        people.append(_person(id, council_id, someone.language, at))
        addresses.append(_address(id, account, address))
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


async def known(tx: Transaction, vault: Vault, account: str, read: Read) -> int:
    """How many of the numbers belong to people whom we know."""
    wanted = _covered(vault, read)
    return len(await tx.rows(KnownAddresses, channel="whatsapp", account=account, rows=wanted))


def _covered(vault: Vault, read: Read) -> str:
    return batch([{"x": vault.cover(someone.phone)} for someone in read.people])


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


def _address(person_id: int, account: str, address: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "person_id": person_id,
        "channel": "whatsapp",
        "account": account,
        "address": address,
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


def said(error: BadFile, language: str) -> str:
    """What is wrong with a file, in a reader's language."""
    return render(error.text, language)


async def lists_of(tx: Transaction, council_id: int) -> list[ListsOf]:
    """The lists that a council keeps, with how many are on each."""
    return await tx.rows(ListsOf, council_id=council_id)
