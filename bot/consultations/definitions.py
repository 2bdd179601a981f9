"""Definitions on their way into the database: read, checked, added, opened, closed.

A broken definition is refused when it is written, never when a citizen meets it.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from bot.consultations import history
from bot.core import ledger
from bot.core.councils import Register, called_off, head_of, times
from bot.core.localtime import local, local_day, now_ms
from bot.core.refusals import NotAllowed
from bot.outbox.media_files import recognise
from bot.outreach import broadcasts, definition_plan, schedule
from flows.dialog.definition import Head, Problem
from flows.dialog.facts import Consultation, Council, Facts, Own, Shared
from flows.dialog.fields import dotted, fields_of, incomplete_choices, walk
from flows.dialog.outreach import Audience, When
from flows.dialog.replay import run
from flows.kinds import check, kinds
from flows.wording import render
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationById, MoveConsultation
from storage.rows.prompts import EndingConsultations


class BrokenDefinition(Exception):
    """A definition with problems; each names its key and what would be right."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))
        self.problems = problems


def read_definition(path: Path, councils: Mapping[str, Council]) -> tuple[dict[str, Any], Head]:
    """A definition from its TOML file, raw and typed.

    Raises BrokenDefinition with file and key (or line, where it is no TOML).
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise BrokenDefinition(str(path), [Problem("(file)", "there is no such file")]) from None
    except UnicodeDecodeError:
        raise BrokenDefinition(str(path), [Problem("(file)", "is not UTF-8 text")]) from None
    except OSError as error:
        problem = Problem("(file)", f"cannot be read: {error.strerror}")
        raise BrokenDefinition(str(path), [problem]) from None
    except RecursionError:
        raise BrokenDefinition(str(path), [Problem("(TOML)", "is nested too deeply")]) from None
    except tomllib.TOMLDecodeError as error:
        raise BrokenDefinition(str(path), [Problem("(TOML)", str(error))]) from None
    council = councils.get(str(raw.get("council")))
    head, problems = check(raw, council)
    problems += [*_file_problems(path, raw)] if head is not None else []
    if head is not None and not problems and council is not None:
        problems += _try(head, raw, council)
    if problems or head is None:
        raise BrokenDefinition(str(path), problems)
    plain: dict[str, Any] = msgspec.to_builtins(head)
    return plain, head


def _file_problems(path: Path, raw: Mapping[str, Any]) -> list[Problem]:
    """Voice prompts and pictures that are not beside the definition, or are something else."""
    found = []
    wanted = {"voice": "voice", "picture": "photo"}
    for where, one, names in walk(fields_of(kinds()[raw["kind"]].definition), raw):
        kind = one.hint.widget
        for language, name in names.items() if one.is_file else ():
            key = f"{dotted(where)}.{language}"
            file = path.parent / name
            if not file.is_file():
                found.append(Problem(key, f"there is no file {name!r} beside the definition"))
                continue
            seen = recognise(file.read_bytes()[:64])
            if seen is None or seen[1] != wanted[kind]:
                found.append(Problem(key, f"{name!r} is no {kind}: use {_ALLOWED[kind]}"))
    return found


_ALLOWED = {"voice": "OGG, MP3, M4A, AMR or WebM", "picture": "JPEG, PNG or WebP"}


def _try(head: Head, raw: Mapping[str, Any], council: Council) -> list[Problem]:
    """Ask the first question, as a citizen would meet it."""
    consultation = Consultation(0, head.code, head.kind, msgspec.to_builtins(head))
    facts = Facts(Shared(local_day(now_ms()), council, consultation), Own())
    try:
        run(lambda: kinds()[head.kind].conversation(facts))
    except Exception as error:
        return [Problem("(conversation)", f"cannot be started: {type(error).__name__}: {error}")]
    return []


async def add(tx: Transaction, register: Register, raw: Mapping[str, Any], head: Head) -> str:
    """Add a consultation as a draft, or change a draft. Returns "added" or "changed".

    Raises NotAllowed if the consultation has been opened already.
    """
    council_id = next(id for id, c in register.all().items() if c.code == head.council)
    definition = msgspec.json.encode(raw).decode()
    known = await register.by_code(tx, head.code)
    if known is None:
        await tx.run(
            "add_consultation",
            id=new_id(),
            council_id=council_id,
            code=head.code,
            kind=head.kind,
            state="draft",
            definition=definition,
            at=now_ms(),
            **times(head),
        )
        return "added"
    if known.state != "draft":
        raise NotAllowed(
            f"{head.code} is {known.state}; only a draft can be changed. "
            "Copy it under a new code instead."
        )
    await tx.run("change_consultation", id=known.id, definition=definition, **times(head))
    return "changed"


async def free_code(tx: Transaction, register: Register, code: str) -> str:
    """This code, or the first with a number behind it that no consultation has."""
    number, wanted = 1, code
    while await register.by_code(tx, wanted) is not None:
        number += 1
        wanted = f"{code}-{number}"
    return wanted


async def open_consultation(
    tx: Transaction,
    row: StoredConsultation,
    made_by: str = "tachawor",
    *,
    incomplete: bool = False,
) -> None:
    """Open a draft, or open again what was closed before its end. Raises NotAllowed.

    What its definition asks for (invitations, reminders) is planned with it. `incomplete`: also where a
    choice lacks a language in which the rest is written.
    """
    if row.state in ("open", "archived"):
        raise NotAllowed(f"{row.code} is {row.state} already")
    if row.closes_at is not None and row.closes_at <= now_ms():
        raise NotAllowed(
            f"{row.code} closes at {row.closes_local}, which is past; give it a later end"
        )
    lacks = kinds()[row.kind].unready(head_of(row))
    if lacks is not None:
        raise NotAllowed(f"{row.code} was not opened: {render(lacks, 'en')}", lacks)
    if row.state == "draft" and not incomplete:
        _complete(row)
    await _move(tx, row, "open")
    await definition_plan.plan(tx, row, made_by)
    if row.state == "closed" and not called_off(row, now_ms()):
        # Who took part was told that it had closed. What was called off tells by itself what becomes of it.
        await broadcasts.begin(
            tx,
            row.council_id,
            "change",
            Audience(),
            made_by=made_by,
            consultation_id=row.id,
            body={"closes": row.closes_local, "again": True},
        )


def _complete(row: StoredConsultation) -> None:
    """Raises NotAllowed if a choice lacks a language in which the rest is written."""
    fields = fields_of(kinds()[row.kind].definition)
    for path, _, missing in incomplete_choices(fields, msgspec.json.decode(row.definition)):
        languages = ", ".join(sorted(missing))
        raise NotAllowed(
            f"{row.code} was not opened: {dotted(path)} has no text in {languages}; write it, or "
            "say that the choice may lack it"
        )


async def close_consultation(
    tx: Transaction, row: StoredConsultation, made_by: str = "tachawor"
) -> None:
    """Close an open consultation; the number of responses goes into the ledger. Raises NotAllowed."""
    if row.state != "open":
        raise NotAllowed(f"{row.code} is {row.state}; only an open one can be closed")
    await _move(tx, row, "closed")
    n = await history.responses(tx, row.id)
    entry = {"what": "closed", "code": row.code, "responses": n}
    await ledger.append(tx, row.council_id, entry, now_ms())
    await tx.run("end_prompts", consultation_id=row.id)
    await tx.run("drop_pointless", consultation_id=row.id)
    if n and head_of(row).outreach.result and not called_off(row, now_ms()):
        # Figures and pictures take a while: they are made outside this transaction.
        await schedule.add(
            tx,
            row.council_id,
            "result",
            When(on=local(now_ms()).replace(tzinfo=None)),
            made_by=made_by,
            consultation=row,
            or_now=True,
        )


async def _move(tx: Transaction, row: StoredConsultation, after: str) -> None:
    """Change the state, once, however many want to. Raises NotAllowed for who comes second."""
    moved = await tx.row(
        MoveConsultation,
        id=row.id,
        before=row.state,
        after=after,
        closed_at=now_ms() if after == "closed" else None,
    )
    if moved is None:
        raise NotAllowed(f"{row.code} was changed at this moment by somebody else")


async def close_due(tx: Transaction, at: int) -> list[str]:
    """Close what has reached its end. Returns the codes."""
    closed = []
    for ending in await tx.rows(EndingConsultations, at=at):
        row = await tx.row(ConsultationById, id=ending.id)
        if row is not None and row.state == "open":
            try:
                await close_consultation(tx, row)
            except NotAllowed:
                # Another process has closed it.
                continue
            closed.append(row.code)
    return closed
