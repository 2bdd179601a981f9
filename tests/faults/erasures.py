"""Many people say hard things over several channels, half of them are erased, and every byte is searched for them.

    needs, polls, supports, signatures, papers, joined chats, notes and files of staff -> half say "erase my data"
    -> nothing of them in database (rebuilt), WAL, media, files made for staff or the log; all of the others; totals as before

What somebody says carries a code of their own, in Latin and in Arabic letters, so one look at all bytes finds
whoever is left.
"""

import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.app.build import App
from bot.cases import handling
from bot.core.localtime import now_ms
from bot.kinds.petition import paper, reading
from bot.results import requests
from storage.rows.cases import CaseByReference
from storage.rows.consultations import ConsultationByCode
from storage.rows.responses import CountStanding
from storage.rows.staff import LedgerOf
from tests.bot.conversation.test_files_of_the_erased import WANTED
from tests.bot.conversation.test_joining import joined
from tests.bot.core.test_ledger import verify
from tests.citizen import Citizen, running

CHANNELS: Final = ("web", "telegram", "whatsapp")

LATIN: Final = "abcdefghij"
ARABIC: Final = "بتثجحخدذرز"

#: What everybody's code begins with.
ZQX: Final = "zqx"
QSS: Final = "قصص"

CODES: Final = ("OZT-NEEDS", "OZT-LIGHT", "OZT-PARK")


@dataclass(slots=True)
class Verdict:
    """What came of one trial: how many were erased, and what is wrong; files with something of them in the free
    space of a page, before the database was rebuilt.
    """

    erased: int = 0
    residues: int = 0
    looked_at: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Somebody:
    """One of them."""

    number: int
    chat: Citizen
    others: list[Citizen] = field(default_factory=list)
    reference: str = ""

    @property
    def latin(self) -> str:
        """Their code in Latin letters."""
        return ZQX + "".join(LATIN[int(digit)] for digit in f"{self.number:04d}")

    @property
    def arabic(self) -> str:
        """And in Arabic ones."""
        return QSS + "".join(ARABIC[int(digit)] for digit in f"{self.number:04d}")

    @property
    def card(self) -> str:
        """The number of their card."""
        return f"ZT{600_000 + self.number}"


async def trial(
    folder: Path, people: int, url: str | None = None, *, broken: bool = False
) -> Verdict:
    """Have so many people take part, and erase every second one. `broken`: one of them is not."""
    verdict = Verdict()
    log = logging.FileHandler(folder / "process.log")
    logging.getLogger().addHandler(log)
    try:
        async with running(folder, url) as app:
            crowd = [await _takes_part(app, number) for number in range(people)]
            await _staff_work(app, crowd)
            before = await _totals(app)
            gone = crowd[::2]
            for one in gone[1:] if broken else gone:
                told = await _erases(one)
                if _on_paper(one) and "paper" not in told:
                    verdict.problems.append(f"{one.number} is not told that the paper stays")
            verdict.erased = len(gone)
            if await _totals(app) != before:
                verdict.problems.append(f"totals were {before}, are {await _totals(app)}")
            verdict.problems += await _ledger_says(app, gone)
            async with app.storage.transaction() as tx:
                # As the server does once the farewell has gone, ten minutes later: until then it has an address.
                await tx.run("send_farewells")
                await tx.run("drop_farewells", before=2**62)
            await app.storage.forget_traces()
            verdict.residues = len(_left(folder, gone, crowd[1::2], verdict))
    finally:
        logging.getLogger().removeHandler(log)
        log.close()
    # Rows that SQLite once moved from page to page leave copies in free space, which only a rebuilt file has not.
    for file in folder.glob("*.sqlite"):
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    verdict.problems += _left(folder, gone, crowd[1::2], verdict)
    return verdict


def _on_paper(one: Somebody) -> bool:
    return one.number % 6 == 0


async def _takes_part(app: App, number: int) -> Somebody:
    channel = CHANNELS[number % 3]
    one = Somebody(number, Citizen(app, "", channel))
    one.chat.address = f"+2126{number:08d}" if channel == "whatsapp" else f"chat-{one.latin}"
    await one.chat.arrives(code="OZT-NEEDS")
    for said in (
        "1",
        "skip",
        f"السقاية 💧 {one.arabic} f zenqa {one.latin} 🚰",
        "[Send]",
        "not now",
    ):
        answer = await one.chat.says(said)
        if "Reference: " in answer:
            one.reference = answer.split("Reference: ")[1].split()[0]
    await one.chat.starts("OZT-LIGHT")
    for said in ("1", "5", f"ضو كتر 💡 {one.arabic} {one.latin}", "[Send]"):
        await one.chat.says(said)
    await one.chat.starts("OZT-PARK")
    for said in (
        "[I support it]",
        "[Sign officially]",
        f"أمينة {one.arabic}",
        one.card,
        f"زنقة {one.arabic} {one.latin} رقم 5",
        "yes",
        "no",
    ):
        await one.chat.says(said)
    if number % 5 == 0:
        other = Citizen(app, "", "terminal", at=one.chat.at)
        other.address = f"other-{one.latin}"
        await other.arrives()
        one.chat.at = other.at
        await one.chat.says("menu")
        await joined(one.chat, other)
        one.others.append(other)
    return one


async def _staff_work(app: App, crowd: list[Somebody]) -> None:
    """Papers are entered, needs noted upon, and files made."""
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-PARK")
        assert row is not None
        lines = [
            f"أمينة {one.arabic},{one.card},زنقة {one.arabic}" for one in crowd if _on_paper(one)
        ]
        content = "\n".join(["Nom,CIN,Adresse", *lines]).encode()
        await reading.lock(tx, row)
        read = paper.read_file(content, "08.401.01.07")
        plan = await paper.plan(tx, app.vault, row, read)
        assert await paper.enter(tx, app.vault, row, plan, "nadia", now_ms()) == len(lines)
        for one in crowd:
            case = await tx.row(CaseByReference, reference=one.reference)
            assert case is not None
            await handling.note(tx, case, "nadia", f"called {one.latin}, {one.arabic}")
        id = app.register.default_id
        await tx.run("add_staff", id=1, council_id=id, name="Rim", role="admin", at=now_ms())
        await requests.ask(tx, id, 1, "needs", "", "csv", "fr", filters=WANTED, identities=False)
    assert await app.maker.make_next()


async def _erases(one: Somebody) -> str:
    if one.others:
        # Within a day of a join who is erased takes only their own chat along.
        one.chat.at = max(one.chat.at, *(other.at for other in one.others)) + 25 * 3_600_000
    said = ""
    for word in ("menu", "my data", "[Erase]", "[Erase]"):
        said = await one.chat.says(word)
    return said


async def _totals(app: App) -> dict[str, int]:
    found = {}
    async with app.storage.reading() as tx:
        for code in CODES:
            row = await tx.row(ConsultationByCode, code=code)
            assert row is not None
            counted = await tx.row(CountStanding, consultation_id=row.id)
            assert counted is not None
            found[code] = counted.n
    return found


async def _ledger_says(app: App, gone: list[Somebody]) -> list[str]:
    async with app.storage.reading() as tx:
        rows = await tx.rows(LedgerOf, council_id=app.register.default_id)
    entries = [json.loads(row.entry) for row in rows]
    erased = sum(entry["what"] == "erased" for entry in entries)
    verify.check(json.dumps({"number": r.number, "entry": r.entry, "head": r.head}) for r in rows)
    if erased != len(gone):
        return [f"the ledger says erased {erased} times, not {len(gone)}"]
    return []


def _left(
    folder: Path, gone: list[Somebody], others: list[Somebody], verdict: Verdict
) -> list[str]:
    """Who is found in the bytes of every file, and should not be; and who should be, and is not."""
    found: set[str] = set()
    problems = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        verdict.looked_at += len(content)
        here = set(_codes(content))
        found |= here
        problems += [
            f"{path.relative_to(folder)}: {len(left)} of the erased, as {sorted(left)[:3]}"
            for left in [here & {word for one in gone for word in _words(one)}]
            if left
        ]
    missing = {word for one in others for word in (one.latin, one.arabic, one.chat.kept)}
    # An address of the open page holds their code.
    missing = {word for word in missing if not word.startswith("chat-")} - found
    if missing:
        problems.append(
            f"{len(missing)} words of the others are not found, as {sorted(missing)[:3]}"
        )
    return problems


def _words(one: Somebody) -> tuple[str, ...]:
    chats = (chat.kept for chat in (one.chat, *one.others))
    return one.latin, one.arabic, one.card, f"+2126{one.number:08d}", *chats


def _codes(content: bytes) -> Iterator[str]:
    """Everybody's words in some bytes: as they are, and as JSON may write them."""
    text = content.decode("utf-8", "ignore")
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda one: chr(int(one[1], 16)), text)
    for read in (text, plain):
        yield from re.findall(f"{ZQX}[{LATIN}]{{4}}", read)
        yield from re.findall(f"{QSS}[{ARABIC}]{{4}}", read)
        yield from re.findall(r"ZT6\d{5}|\+2126\d{8}", read)
        # Addresses as they are kept.
        yield from re.findall(r"\+?~[\w-]{22,}", read)
