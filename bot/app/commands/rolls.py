"""The commands about rolls: numbers that a council gave out, with which somebody may take part."""

import argparse
from pathlib import Path

from bot.app.build import App
from bot.core.console import Refusal, agree, council_of, counted_in, say
from bot.core.foreign.tables import BadFile
from bot.outreach import lists
from bot.staff import rolls
from storage.rows.lists import RollByCode, RollsOf


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The options of these commands."""
    kept = commands.add_parser("roll", help="numbers with which somebody may take part, once each")
    actions = kept.add_subparsers(dest="action", required=True, metavar="ACTION")
    shown = actions.add_parser("show", help="the rolls and how many numbers are on them")
    shown.add_argument("--council", default="", metavar="CODE")
    imported = actions.add_parser(
        "import", help="put numbers on a roll (under a heading for them, or first column)"
    )
    imported.add_argument("code", help="what the roll is called in a definition")
    imported.add_argument("file", type=Path)
    imported.add_argument("--name", default="", help="what it is, for the staff")
    imported.add_argument(
        "--digests",
        action="store_true",
        help="the file holds SHA-256 of the numbers, not the numbers",
    )
    imported.add_argument("--council", default="", metavar="CODE")
    imported.add_argument("--yes", action="store_true", help="do not ask")
    dropped = actions.add_parser("drop", help="forget a roll and its numbers")
    dropped.add_argument("code", help="the roll's code")
    dropped.add_argument("--council", default="", metavar="CODE")
    dropped.add_argument("--yes", action="store_true", help="do not ask")


async def execute(app: App, arguments: argparse.Namespace) -> int:
    """Carry one of these commands out."""
    council_id = council_of(app.register, arguments.council)
    if arguments.action == "show":
        return await _show(app, council_id)
    code = arguments.code.upper()
    if not rolls.CODE.fullmatch(code) or len(code) > rolls.LONGEST:
        raise Refusal("a roll's code has capitals and digits, with hyphens between: VOTERS-2027")
    if arguments.action == "drop":
        return await _drop(app, arguments, council_id, code)
    return await _import(app, arguments, council_id, code)


async def _show(app: App, council_id: int) -> int:
    async with app.storage.reading() as tx:
        found = await tx.rows(RollsOf, council_id=council_id)
    say(f"{'CODE':<24} {'NUMBERS':>8}  NAME")
    for one in found:
        say(f"{one.code:<24} {one.numbers:>8}  {one.name}")
    return 0


async def _import(app: App, arguments: argparse.Namespace, council_id: int, code: str) -> int:
    """The good lines are counted, the bad ones named by their line and never shown; then it is asked."""
    try:
        content = lists.bytes_of(arguments.file)
        read = lists.apart(rolls.read_file, content, digests=arguments.digests)
    except BadFile as error:
        raise Refusal(str(error)) from None
    say(
        f"Numbers of the column “{read.heading}”."
        if read.heading
        else "Numbers of the first column."
    )
    for sheet, lines in read.unread:
        say(f"{sheet}: {counted_in(lines, 'line')} of another sheet not read.")
    number = f"number of {rolls.SHORTEST} to {rolls.LONGEST} letters and digits"
    wanted = "SHA-256 (64 hexadecimal digits)" if arguments.digests else number
    for line in read.bad[:20]:
        say(f"line {line}: no {wanted}, or above the heading")
    if len(read.bad) > 20:
        say(f"and {len(read.bad) - 20} more")
    good, bad = counted_in(len(read.digests), "number"), counted_in(len(read.bad), "line")
    say(f"Good: {good}. Bad: {bad}. Repeated: {len(read.again)}.")
    if not read.digests:
        raise Refusal("nothing was imported")
    if len(read.digests) > rolls.MOST_NUMBERS:
        raise Refusal(f"a roll has at most {rolls.MOST_NUMBERS} numbers; nothing was imported")
    await agree(arguments, f"Put {len(read.digests)} numbers on the roll {code}?")
    async with app.storage.transaction() as tx:
        name = arguments.name or code
        await rolls.fill(tx, app.vault, council_id, code, name, read.digests)
    say(f'Done. A definition asks for them with: roll = "{code}"')
    return 0


async def _drop(app: App, arguments: argparse.Namespace, council_id: int, code: str) -> int:
    async with app.storage.reading() as tx:
        roll = await tx.row(RollByCode, council_id=council_id, code=code)
    if roll is None:
        raise Refusal(f"the council has no roll {code}")
    await agree(arguments, f"Forget the roll {code} and its numbers?")
    async with app.storage.transaction() as tx:
        await tx.run("empty_roll", roll_id=roll.id)
        await tx.run("drop_roll", id=roll.id)
    say(f"The roll {code} is forgotten.")
    return 0
