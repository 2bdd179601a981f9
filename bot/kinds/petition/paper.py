"""Signatures on paper: read from a form or a file, matched with the chat, put down together.

    fields or file -> good and bad lines -> plan (new, of the chat, there already) -> entered

One card is one person: who signed in the chat and on paper has one row, and who pledged in the chat
is found by the reference or the telephone number that stands on the paper. `bot.kinds.petition.procedure` counts.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import msgspec

from bot.core.foreign.columns import BadLine, Seen, Sheet, read_sheets, telephone
from bot.core.foreign.tables import BadFile
from bot.core.vault import Vault
from bot.kinds.petition import claims, entries
from bot.kinds.petition.rows import PledgesWithPhone, PledgesWithReference, SignaturesWith
from bot.outreach import lists
from bot.staff import confirmed
from flows.morocco import places
from flows.understanding import identity, moderation, scripts
from flows.wording.text import Code, Text, Verbatim, lines, msg
from storage.database import Transaction, batch
from storage.ids import new_id
from storage.rows import StoredConsultation, StoredSignature

#: What a line may hold, and what it must: name, number of the card, address.
FIELDS = ("name", "cin", "address", "phone", "commune", "reference", "line")
NEEDED = ("name", "cin", "address")
#: What a file may have besides: its lines' numbers, where nothing says where on the paper they stand.
COLUMNS = (*FIELDS, "number")
#: Nobody could tell which of two cards is meant.
ONCE = ("cin",)

#: Shortest and longest, in characters; the chat asks for the same.
_LENGTHS = {"name": (5, 80), "address": (3, 200), "line": (0, 60)}

#: Most lines of one file: a list of more is several.
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Signed:
    """A good line: the card's number in its one spelling, the phone in E.164, the commune's code.

    `number` is the line of the file, `line` where on the paper it stands ("page 3, line 12").
    """

    number: int
    name: str
    cin: str
    address: str
    phone: str = ""
    commune: str | None = None
    reference: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a file or a form holds: each line of a file is among the signed or among the problems.

    `others` is what a file holds where its letters may be read in other ways too.
    """

    signed: tuple[Signed, ...]
    problems: tuple[BadLine, ...] = ()
    seen: Seen | None = None
    others: tuple["Read", ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A good line with what is known of it: the row of the same card, and who pledged."""

    signed: Signed
    digest: str
    person_id: int | None
    known: SignaturesWith | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of lines: nothing has been written.

    `fresh` are new signatures, `marked` those of the chat that stand on paper too, `there` those
    that were entered before. `differing` are lines whose card signed in the chat under a name that
    is written otherwise: the same person in another script, a wrong number, or somebody else's card.
    They are among the fresh ones: the paper stands, and the chat's is kept besides for a clerk, until
    somebody who has looked says that both are one person (`as_one`).
    """

    fresh: tuple[Found, ...]
    marked: tuple[Found, ...]
    there: tuple[Found, ...]
    problems: tuple[BadLine, ...]
    differing: tuple[tuple[Signed, str], ...]

    @property
    def good(self) -> int:
        """How many lines would be imported or are there."""
        return len(self.fresh) + len(self.marked) + len(self.there)

    @property
    def matched(self) -> int:
        """How many of those that would be entered are of somebody who pledged in the chat."""
        return sum(1 for found in (*self.fresh, *self.marked) if found.person_id is not None)


# --------------------------------------------------------------------------- reading


async def read_foreign(content: bytes, place: str, letters: str = "") -> Read:
    """`read_file` in a process of its own, which may die. Raises BadFile."""
    return await asyncio.to_thread(lists.apart, read_file, content, place, letters)


def read_file(content: bytes, place: str, letters: str = "") -> Read:
    """The signatures in a file, whatever program wrote it. Raises BadFile where its columns are wrong.

    `place` is the census code of the council addressed, `letters` as in `tables.read`.
    """
    sheets = read_sheets(content, COLUMNS, NEEDED, letters, once=ONCE)
    first, *others = (_read(sheet, place) for sheet in sheets)
    found = (first.signed, first.problems)
    return replace(
        first, others=tuple(one for one in others if (one.signed, one.problems) != found)
    )


def _read(sheet: Sheet, place: str) -> Read:
    if sheet.seen.count >= MOST_LINES:
        raise BadFile(msg("pdesk.file_long", limit=MOST_LINES))
    signed: list[Signed] = []
    problems: list[BadLine] = [*sheet.bad]
    first: dict[str, int] = {}
    placed = "line" in sheet.seen.shown
    for line in sheet.lines:
        given = dict(line.cells)
        if not placed:
            given["line"] = given.get("number", "")
        phone, no_phone = telephone(given["phone"]) if given.get("phone") else ("", None)
        one, errors = checked({**given, "phone": phone}, place, line.number)
        if no_phone is not None:
            one, errors = None, {**errors, "phone": no_phone}
        if one is None:
            problems.append(BadLine(line.number, lines(*errors.values())))
        elif one.cin in first:
            twice = msg("pdesk.twice", line=Code(str(first[one.cin])))
            problems.append(BadLine(line.number, twice))
        else:
            first[one.cin] = line.number
            signed.append(one)
    problems.sort(key=lambda problem: problem.line)
    return Read(tuple(signed), tuple(problems), sheet.seen)


def checked(
    given: Mapping[str, str], place: str, number: int = 0
) -> tuple[Signed | None, dict[str, Text]]:
    """A good line, or None; and what is wrong, by field.

    `place` is the census code of the council addressed: of namesakes, its commune is meant.
    """
    plain = {field: " ".join(scripts.clean(given.get(field, "")).split()) for field in FIELDS}
    wrong: dict[str, Text] = {}
    for field, (shortest, longest) in _LENGTHS.items():
        if not shortest <= len(plain[field]) <= longest:
            id = f"pdesk.bad_{field}" if plain[field] else f"pdesk.no_{field}"
            wrong[field] = msg(id, shortest=shortest, longest=longest) if plain[field] else msg(id)
    if "name" not in wrong and identity.full_name(plain["name"]) is None:
        # As in the chat; what it is may be a card's number.
        wrong["name"] = msg("pdesk.no_full_name", value=Verbatim(identity.mask(plain["name"][:40])))
    if "address" not in wrong and not _is_address(plain["address"]):
        wrong["address"] = msg("pdesk.no_right_address")
    cin = identity.cin(plain["cin"])
    if cin is None:
        example = Code("AB123456")
        wrong["cin"] = (
            msg("pdesk.bad_cin", value=Verbatim(plain["cin"][:30]), example=example)
            if plain["cin"]
            else msg("pdesk.no_cin", example=example)
        )
    phone = identity.phone(plain["phone"]) if plain["phone"] else ""
    if phone is None:
        value = Verbatim(plain["phone"][:30])
        wrong["phone"] = msg("pdesk.bad_phone", value=value, example=Code("0612345678"))
    commune = _commune(plain["commune"], place)
    if plain["commune"] and commune is None:
        wrong["commune"] = msg("pdesk.bad_commune", value=Verbatim(plain["commune"][:60]))
    if wrong or cin is None:
        return None, wrong
    reference = scripts.digits(plain["reference"]).upper()
    return Signed(
        number,
        plain["name"],
        cin,
        plain["address"],
        phone or "",
        commune,
        reference,
        plain["line"],
    ), {}


def _is_address(text: str) -> bool:
    """Whether it says where somebody lives: letters, and no number of a card or telephone."""
    telling = sum(1 for sign in text if sign.isalpha()) > 1
    return telling and not any(
        one.kind in ("national_id", "phone", "card") for one in moderation.suspects(text)
    )


@lru_cache(4096)
def _known_commune(text: str, place: str) -> str | None:
    for within in ((place,), ()):
        certain = places.resolve(text, within=within, levels=("commune",)).certain
        if certain is not None:
            return certain.code
    return None


def _commune(text: str, place: str) -> str | None:
    """The census code that a name or code means; without one, that of a commune addressed."""
    if not text:
        return place if places.place(place).level == "commune" else None
    try:
        found = places.place(scripts.digits(text))
    except KeyError:
        # A list has few communes, however long it is.
        return _known_commune(text[:80], place)
    return found.code if found.level == "commune" else None


# --------------------------------------------------------------------------- matching


def _among(values: Sequence[str]) -> str:
    return batch([{"x": value} for value in values])


def digest_of(vault: Vault, consultation_id: int, cin: str) -> str:
    """The digest of a card's number for one petition: two petitions cannot be compared."""
    return vault.digest(cin, f"cin:{consultation_id}")


async def plan(
    tx: Transaction, vault: Vault, row: StoredConsultation, read: Read, *, as_one: bool = False
) -> Plan:
    """What would become of these lines. Nothing is written.

    `as_one`: whose name differs from the chat's is the same person all the same.
    """
    id = row.id
    digests = {one.cin: digest_of(vault, id, one.cin) for one in read.signed}
    wanted = _among(list(digests.values()))
    known = {
        found.cin_digest: found
        for found in await tx.rows(SignaturesWith, consultation_id=id, rows=wanted)
    }
    references = _among([one.reference for one in read.signed if one.reference])
    by_reference = {
        found.reference: found.person_id
        for found in await tx.rows(PledgesWithReference, consultation_id=id, rows=references)
    }
    phones = _among([vault.cover(one.phone) for one in read.signed if one.phone])
    by_phone = {
        found.address: found.person_id
        for found in await tx.rows(PledgesWithPhone, consultation_id=id, rows=phones)
    }
    sorts: dict[str, list[Found]] = {"fresh": [], "marked": [], "there": []}
    problems, differing = list(read.problems), []
    for one in read.signed:
        if one.reference and one.reference not in by_reference:
            text = msg("pdesk.bad_reference", reference=Code(one.reference[:30]))
            problems.append(BadLine(one.number, text))
            continue
        before = known.get(digests[one.cin])
        person = by_reference.get(one.reference) or by_phone.get(vault.cover(one.phone))
        other = False
        if before is not None and before.source == "chat" and not before.on_paper:
            name = opened(vault, before)["name"]
            if scripts.fold(name) != scripts.fold(one.name):
                differing.append((one, name))
                other = not as_one
        if before is not None and not other:
            person = before.person_id or person
        sort = "fresh" if before is None or other else "there" if before.on_paper else "marked"
        sorts[sort].append(Found(one, digests[one.cin], person, before))
    problems.sort(key=lambda problem: problem.line)
    return Plan(
        tuple(sorts["fresh"]),
        tuple(sorts["marked"]),
        tuple(sorts["there"]),
        tuple(problems),
        tuple(differing),
    )


def opened(vault: Vault, row: SignaturesWith | StoredSignature) -> Mapping[str, Any]:
    """Name, number of the card and address of a signature. Raises vault.Unreadable."""
    found: Mapping[str, Any] = msgspec.json.decode(vault.open(row.sealed, f"signatures/{row.id}"))
    return found


async def enter(
    tx: Transaction, vault: Vault, row: StoredConsultation, planned: Plan, made_by: str, at: int
) -> int:
    """Put what was planned down, all of it. Returns how many signatures that was.

    Entered twice, it is there already and nothing changes; so a plan may be made anew before.
    """
    entered = [*planned.fresh, *planned.marked]
    rows: list[dict[str, object]] = []
    names: list[dict[str, str]] = []
    for found in entered:
        id = new_id()
        one = found.signed
        value = {"name": one.name, "cin": one.cin, "address": one.address}
        # What stood for the card before is, to the ledger, this signature.
        mark = entries.new_mark() if found.known is None else found.known.mark
        names.append(entries.named(mark, found.digest))
        rows.append(
            {
                "id": id,
                "person_id": found.person_id,
                "cin_digest": found.digest,
                "mark": mark,
                "sealed": vault.seal(msgspec.json.encode(value).decode(), f"signatures/{id}"),
                "commune": one.commune,
                "line": one.line,
            }
        )
    if not rows:
        return 0
    for found in planned.fresh:
        if found.known is not None:
            await claims.replace(tx, found.known.id)
    await tx.run(
        "put_on_paper", consultation_id=row.id, entered_by=made_by, at=at, rows=batch(rows)
    )
    people = {found.person_id for found in entered if found.person_id is not None}
    checked_ = batch([{"x": person} for person in sorted(people)])
    await tx.run("check_pledges", consultation_id=row.id, rows=checked_)
    await confirmed.settle(tx, at, consultation_id=row.id)
    for name in names:
        await entries.enter(tx, row, "signature", name, at, source="paper")
    return len(entered)
