"""Programmes kept: begun, read, changed from the version that somebody saw, put back as they were."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from bot.core.localtime import now_ms
from bot.core.refusals import refused
from bot.kinds.openness.rows import (
    AddProgramme,
    MoveProgramme,
    ProgrammeByCode,
    ProgrammeParts,
    ProgrammesOf,
    ProgrammeVersion,
)
from flows.dialog.definition import CODE, REFERENCE
from flows.kinds.openness.programme import Programme
from flows.wording.text import Code
from storage.database import Transaction
from storage.ids import new_id
from storage.rows.consultations import ConsultationByCode

#: Longest code: consultations that are made of its parts have a word more.
LONGEST_CODE = 30


@dataclass(frozen=True, slots=True)
class Kept:
    """A programme as it stands, and who changed it last, when (ms)."""

    id: int
    council_id: int
    code: str
    version: int
    programme: Programme
    made_by: str
    at: int


def _kept(row: ProgrammesOf) -> Kept:
    body = msgspec.json.decode(row.body, type=Programme)
    return Kept(row.id, row.council_id, row.code, row.version, body, row.made_by, row.at)


async def begin(
    tx: Transaction, council_id: int, code: str, programme: Programme, made_by: str
) -> str:
    """Keep a new one. Returns its code. Raises NotAllowed."""
    code = checked(code)
    if await tx.row(ConsultationByCode, code=code) is not None:
        raise refused("openness_desk.no.consultation", code=Code(code))
    added = await tx.row(AddProgramme, id=new_id(), council_id=council_id, code=code, at=now_ms())
    if added is None:
        raise refused("openness_desk.no.taken")
    await _next(tx, added.id, 0, programme, made_by)
    return code


def checked(code: str) -> str:
    """A code as it is kept. Raises NotAllowed where it can be none."""
    code = code.strip().upper()
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE or REFERENCE.fullmatch(code):
        raise refused("openness_desk.no.code", most=LONGEST_CODE, example=Code("OZT-OPEN-2027"))
    return code


async def last_changed(tx: Transaction, kept: Kept) -> Sequence[str]:
    """What the last change was of, as the programme names its parts; nothing where it has just begun."""
    row = await tx.row(ProgrammeVersion, programme_id=kept.id, version=kept.version - 1)
    if row is None:
        return ()
    before = msgspec.json.decode(row.body, type=Programme)
    return [
        name
        for name in ("title", "steps", "axes", "problems", "projects", "public", "decided")
        if getattr(before, name) != getattr(kept.programme, name)
    ]


async def programmes_of(tx: Transaction, council_id: int) -> Sequence[Kept]:
    """Those of a council, the newest first."""
    return [_kept(row) for row in await tx.rows(ProgrammesOf, council_id=council_id)]


async def programme(tx: Transaction, council_id: int, code: str) -> Kept | None:
    """One by its code, in capitals or not. None if it is another council's, or nobody's."""
    row = await tx.row(ProgrammeByCode, code=code.upper())
    return _kept(row) if row is not None and row.council_id == council_id else None


async def change(
    tx: Transaction,
    kept: Kept,
    seen: str,
    made_by: str,
    made: Callable[[Programme], Programme],
) -> None:
    """Keep what is made of the version that somebody saw. Raises NotAllowed, and changes nothing then."""
    if seen != str(kept.version):
        raise refused("openness_desk.no.meanwhile")
    after = made(kept.programme)
    _hold(kept.programme, after, await parts(tx, kept))
    await _next(tx, kept.id, kept.version, after, made_by)


def _hold(before: Programme, after: Programme, made: Mapping[str, ProgrammeParts]) -> None:
    """Whether nothing goes that citizens are asked about, or that the council has promised. Raises NotAllowed."""
    problems = {one.key for one in before.problems} - {one.key for one in after.problems}
    projects = {one.key for one in before.projects} - {one.key for one in after.projects}
    for part, gone in (("solutions", problems), ("draft", projects)):
        if gone and part in made:
            if made[part].state == "draft":
                raise refused("openness_desk.no.prepared", code=Code(made[part].code))
            raise refused("openness_desk.no.asked")
    promised = {part for part in made if part.startswith("project ")}
    if promised - {f"project {one.key}" for one in after.approved}:
        raise refused("openness_desk.no.promised")


async def undo(tx: Transaction, kept: Kept, seen: str, made_by: str) -> None:
    """Put it back as it was before the last change; done twice, that change counts again. Raises NotAllowed."""
    before = await tx.row(ProgrammeVersion, programme_id=kept.id, version=kept.version - 1)
    if before is None:
        raise refused("openness_desk.no.undo")
    body = msgspec.json.decode(before.body, type=Programme)
    # Keys that were given out since stay given out: somebody may have answered under them.
    made = max(body.made, kept.programme.made)
    await change(tx, kept, seen, made_by, lambda _: msgspec.structs.replace(body, made=made))


async def _next(tx: Transaction, id: int, version: int, programme: Programme, made_by: str) -> None:
    moved = await tx.row(MoveProgramme, id=id, before=version, after=version + 1)
    if moved is None:
        raise refused("openness_desk.no.meanwhile")
    await tx.run(
        "add_programme_version",
        programme_id=id,
        version=version + 1,
        body=msgspec.json.encode(programme).decode(),
        made_by=made_by,
        at=now_ms(),
    )


async def parts(tx: Transaction, kept: Kept) -> Mapping[str, ProgrammeParts]:
    """The consultations that were made of its parts, by part."""
    return {row.part: row for row in await tx.rows(ProgrammeParts, programme_id=kept.id)}


async def made_of(tx: Transaction, kept: Kept, part: str, consultation_id: int) -> None:
    """Note which consultation was made of a part."""
    await tx.run(
        "set_programme_part", programme_id=kept.id, part=part, consultation_id=consultation_id
    )


async def lock(tx: Transaction, kept: Kept) -> None:
    """Whoever makes something of the same programme waits until this transaction is over. Raises NotAllowed."""
    if await tx.row(MoveProgramme, id=kept.id, before=kept.version, after=kept.version) is None:
        raise refused("openness_desk.no.meanwhile")
