"""The commands about petitions: signatures on paper, and the list for signing by hand."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.core import audit
from bot.core.console import Refusal, agree, counted_in, find_consultation, say
from bot.core.foreign.shown import add_letters, show_readings
from bot.core.foreign.tables import BadFile
from bot.core.localtime import local_day, now_ms
from bot.kinds.petition import paper, printed, procedure
from bot.kinds.petition.papers import signature_list
from bot.kinds.petition.rows import LockPetition
from bot.outreach import lists
from bot.services import Services
from bot.staff import commanded
from bot.staff.plans import Plan
from storage.database import Transaction
from storage.rows import StoredConsultation

#: Who the audit log says it was.
ACTOR = "command line"


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The options of these commands."""
    petition = commands.add_parser("petition", help="signatures on paper, lists to be signed")
    actions = petition.add_subparsers(dest="action", required=True, metavar="ACTION")
    imported = actions.add_parser(
        "import", help="enter signatures from paper (a table of any program)"
    )
    imported.add_argument("code", help="the petition's code")
    imported.add_argument("file", type=Path)
    add_letters(imported)
    imported.add_argument("--yes", action="store_true", help="do not ask")
    printed = actions.add_parser(
        "list", help="write the official list as a PDF (card numbers are masked)"
    )
    printed.add_argument("code", help="the petition's code")
    printed.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    printed.add_argument("--blank", type=int, default=20, metavar="N", help="empty lines")
    printed.add_argument(
        "--rows",
        choices=("waiting", "all", "none"),
        default="waiting",
        help="lines filled in: signed in the chat and not on paper yet (default), all, none",
    )
    printed.add_argument("--language", choices=("ar", "fr", "en"), default="ar")
    commanded.add_option(printed)


async def execute(services: Services, arguments: argparse.Namespace) -> int:
    """Carry one of these commands out. Raises Refusal."""
    return await COMMANDS[arguments.action](services, arguments)


async def _petition(services: Services, tx: Transaction, code: str) -> StoredConsultation:
    row = await find_consultation(services.register, tx, code)
    if row.kind != "petition":
        raise Refusal(f"{row.code} is no petition; it is a {row.kind}")
    return row


async def import_file(services: Services, arguments: argparse.Namespace) -> int:
    """Enter signatures from paper: the bad lines are named, the good ones counted, then it is asked."""
    async with services.storage.reading() as tx:
        row = await _petition(services, tx, arguments.code)
    if row.state == "draft":
        raise Refusal(f"{row.code} is a draft; open it first")
    place = procedure.place_of(services.register, row)
    try:
        content = arguments.file.read_bytes()
        read = await paper.read_foreign(content, place, arguments.letters)
    except OSError as error:
        raise Refusal(f"cannot read {arguments.file}: {error.strerror}") from None
    except BadFile as error:
        raise Refusal(f"nothing was entered\n{error}") from None
    show_readings([one.seen for one in (read, *read.others) if one.seen is not None])
    async with services.storage.reading() as tx:
        plan = await paper.plan(tx, services.vault, row, read)
    for problem in plan.problems:
        say(lists.told(problem, "en"))
    for one, name in plan.differing:
        say(f"? line {one.number}: the card signed in the chat as {name}, on paper {one.name}")
    n = len(plan.fresh) + len(plan.marked)
    say(
        f"{counted_in(plan.good, 'good line')}: {len(plan.fresh)} new, {len(plan.marked)} signed in the chat,"
        f" {len(plan.there)} entered before; {plan.matched} of people who pledged in the chat."
        f" {counted_in(len(plan.problems), 'bad line')}."
    )
    if not n:
        raise Refusal("nothing was entered")
    await agree(arguments, f"Enter {n} signatures for {row.code}?")
    async with services.storage.transaction() as tx:
        # Somebody may have entered some of them since.
        await tx.rows(LockPetition, id=row.id)
        plan = await paper.plan(tx, services.vault, row, read)
        n = await paper.enter(tx, services.vault, row, plan, ACTOR, now_ms())
        said = f"{len(plan.fresh)} new, {len(plan.marked)} of the chat"
        await audit.note(tx, row.council_id, ACTOR, "import signatures", row.code, said)
    say("1 signature was entered." if n == 1 else f"{n} signatures were entered.")
    return 0


async def print_list(services: Services, arguments: argparse.Namespace) -> int:
    """Write the official list."""
    if not 0 <= arguments.blank <= 500:
        raise Refusal(f"--blank is {arguments.blank}; it must be from 0 to 500")
    async with services.storage.transaction() as tx:
        row = await _petition(services, tx, arguments.code)
        signed = await printed.signatories(tx, services.vault, row, arguments.rows, full=False)
    if signed:
        plan = Plan(source={"rows": arguments.rows, "whole": False}, people=len(signed))
        await commanded.write(
            services.storage, row.council_id, arguments.by, f"list {row.code}", plan
        )
    async with services.storage.transaction() as tx:
        said = f"{len(signed)} rows, masked card numbers"
        await audit.note(tx, row.council_id, ACTOR, "download", f"list {row.code}.pdf", said)
    head = printed.list_head(services.register, row, local_day(now_ms()))
    blank = arguments.blank if signed else max(arguments.blank, 1)
    content = await asyncio.to_thread(signature_list, head, signed, blank, arguments.language)
    try:
        arguments.output.write_bytes(content)
    except OSError as error:
        raise Refusal(f"cannot write {arguments.output}: {error.strerror}") from None
    say(f"Wrote {arguments.output}: {len(signed)} lines filled in, {blank} empty")
    return 0


COMMANDS: dict[str, Callable[[Services, argparse.Namespace], Awaitable[int]]] = {
    "import": import_file,
    "list": print_list,
}
