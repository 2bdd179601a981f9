"""The commands around what a council begins: broadcast, schedule, list, template."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.app.build import App
from bot.app.commands import schedule as planning
from bot.app.commands.audience import add_options, audience_of, row_id
from bot.app.commands.console import checker_of
from bot.consultations import checking, plans
from bot.core.console import Refusal, agree, council_of, find_consultation, say
from bot.core.foreign.tables import BadFile
from bot.core.localtime import local
from bot.outreach import broadcasts, lists
from bot.outreach.audiences import Reach, WrongAudience
from bot.staff import commanded
from bot.staff.plans import agreed_of
from flows.dialog.outreach import LONGEST_SPREAD, Audience, When
from flows.wording import render
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.broadcasts import BroadcastsOf

#: Seconds between two looks of `broadcast watch`.
WATCH_SECONDS = 2.0


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The options of these commands."""
    broadcast = commands.add_parser("broadcast", help="write to citizens: send, watch, pause ...")
    actions = broadcast.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, words in (
        ("count", "say how many people a message would reach, and what to look at first"),
        ("send", "show that, ask, and send"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("code", help="the consultation's code")
        action.add_argument(
            "--what", choices=("invitation", "reminder", "last"), default="invitation"
        )
        add_options(action)
        if name == "send":
            action.add_argument("--yes", action="store_true", help="do not ask")
            commanded.add_option(action)
            action.add_argument("--at", help='local time, such as "2026-12-01 18:00"; else now')
            action.add_argument("--spread", type=int, default=0, metavar="HOURS")
    notice = actions.add_parser("notice", help="send a message of the council's own")
    notice.add_argument("text", type=Path, help="a TOML file: fr = ..., ar = ..., ary = ...")
    notice.add_argument("--council", default="", metavar="CODE")
    notice.add_argument("--yes", action="store_true", help="do not ask")
    commanded.add_option(notice)
    add_options(notice)
    listed = actions.add_parser("list", help="the broadcasts of a council, newest first")
    listed.add_argument("--council", default="", metavar="CODE")
    for name, words in (
        ("watch", "show how far a broadcast is until it has ended"),
        ("pause", "send no more for now"),
        ("resume", "go on"),
        ("cancel", "end it; whoever waits gets nothing"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("id", type=row_id)


async def execute(app: App, arguments: argparse.Namespace) -> int:
    """Carry one of these commands out."""
    return await COMMANDS[arguments.action](app, arguments)


async def _look(
    app: App, tx: Transaction, row: StoredConsultation, arguments: argparse.Namespace
) -> tuple[Audience, Reach | None, bool]:
    """Print what there is to know. The last says whether it may be sent."""
    council = app.register.council(row.council_id)
    audience = audience_of(arguments, [theme.id for theme in council.themes])
    found, people = await checker_of(app).of_consultation(tx, row, arguments.what, audience)
    for finding in found:
        say(f"{checking.MARKS[finding.level]} {render(finding.text, 'en', council.language)}")
    if people is not None:
        _say_reach(app, people)
    return audience, people, not any(finding.level == "stop" for finding in found)


def _say_reach(app: App, people: Reach) -> None:
    say(f"{people.people} people")
    for channel, n in sorted(people.channels.items()):
        say(f"  {channel:<10} {n}")
    if people.outside:
        price = app.config.whatsapp.price
        cost = (
            f"{people.cost(price):.2f} {app.config.whatsapp.currency}" if price else "no price set"
        )
        say(f"  {people.outside} of them need a WhatsApp template: {cost}")


async def count(app: App, arguments: argparse.Namespace) -> int:
    """Say how many people a message would reach."""
    async with app.storage.reading() as tx:
        row = await find_consultation(app.register, tx, arguments.code)
        _, _, fine = await _look(app, tx, row, arguments)
    return 0 if fine else 1


async def send(app: App, arguments: argparse.Namespace) -> int:
    """Show, ask, and send or plan."""
    async with app.storage.reading() as tx:
        row = await find_consultation(app.register, tx, arguments.code)
        audience, people, fine = await _look(app, tx, row, arguments)
    if not fine or people is None:
        raise Refusal("nothing was sent: see × above")
    if row.state != "open":
        raise Refusal(f"{row.code} is {row.state}; open it first")
    if not 0 <= arguments.spread <= LONGEST_SPREAD:
        raise Refusal(
            f"--spread is {arguments.spread}; it must be from 0 to {LONGEST_SPREAD} hours"
        )
    await agree(arguments, f"Send to {people.people} people?")
    when = When(on=planning.wall(arguments.at)) if arguments.at else None
    plan = plans.of_message(
        checker_of(app).previewer,
        row.council_id,
        arguments.what,
        audience,
        row,
        people.people,
        when=when,
        spread_ms=arguments.spread * 3_600_000,
    )
    how = await commanded.send(
        app.storage,
        app.register,
        row.council_id,
        arguments.by,
        f"{arguments.what} {row.code}",
        plan,
    )
    async with app.storage.transaction() as tx:
        if when is not None:
            agreed = agreed_of(plan, alone=how == "alone")
            await planning.plan(tx, row, arguments.what, when, audience, arguments, agreed)
            say(f"Planned for {arguments.at}.")
            return 0
        id = await broadcasts.draft(
            tx,
            row.council_id,
            arguments.what,
            audience,
            made_by="command line",
            consultation_id=row.id,
            spread_ms=arguments.spread * 3_600_000,
        )
        await broadcasts.start(tx, id)
    say(f"Begun. A running server sends it; follow it with: tachawor broadcast watch {id}")
    return 0


async def notice(app: App, arguments: argparse.Namespace) -> int:
    """Send a message of the council's own."""
    council_id = council_of(app.register, arguments.council)
    council = app.register.council(council_id)
    try:
        texts = lists.texts_of(arguments.text)
    except BadFile as error:
        raise Refusal(str(error)) from None
    audience = audience_of(arguments, [theme.id for theme in council.themes])
    async with app.storage.reading() as tx:
        try:
            people = await broadcasts.reach(tx, app.register, council_id, "notice", audience, None)
        except WrongAudience as error:
            raise Refusal(str(error)) from None
    _say_reach(app, people)
    if not people.people:
        raise Refusal("nobody fits; nothing was sent")
    await agree(arguments, f"Send to {people.people} people?")
    plan = plans.of_message(
        checker_of(app).previewer,
        council_id,
        "notice",
        audience,
        None,
        people.people,
        body={"texts": texts},
    )
    await commanded.send(app.storage, app.register, council_id, arguments.by, "notice", plan)
    async with app.storage.transaction() as tx:
        id = await broadcasts.draft(
            tx, council_id, "notice", audience, made_by="command line", body={"texts": texts}
        )
        await broadcasts.start(tx, id)
    say(f"Begun. A running server sends it; follow it with: tachawor broadcast watch {id}")
    return 0


async def list_broadcasts(app: App, arguments: argparse.Namespace) -> int:
    """The broadcasts of a council."""
    async with app.storage.reading() as tx:
        rows = await tx.rows(
            BroadcastsOf, council_id=council_of(app.register, arguments.council), most=100
        )
    say(f"{'ID':<20} {'WHAT':<11} {'STATE':<10} {'BEGUN':<17} CONSULTATION")
    for row in rows:
        begun = f"{local(row.started_at):%Y-%m-%d %H:%M}" if row.started_at else "-"
        say(f"{row.id:<20} {row.what:<11} {row.state:<10} {begun:<17} {row.code or '-'}")
    return 0


async def watch(app: App, arguments: argparse.Namespace) -> int:
    """Print how far a broadcast is until it has ended."""
    said = ""
    while True:
        async with app.storage.reading() as tx:
            progress = await broadcasts.progress(tx, arguments.id)
        if progress is None:
            raise Refusal(f"there is no broadcast {arguments.id}; see: tachawor broadcast list")
        line = _line(progress)
        if line != said:
            say(line)
            said = line
        if progress.state in ("done", "cancelled"):
            for state, reasons in progress.reasons.items():
                for why, n in reasons.items():
                    say(f"  {state}: {n} {why}")
            return 0
        await asyncio.sleep(WATCH_SECONDS)


def _line(progress: broadcasts.Progress) -> str:
    states = ", ".join(f"{state} {n}" for state, n in progress.states.items()) or "nobody yet"
    gathering = " (still gathering)" if progress.gathering else ""
    return (
        f"{progress.state}{gathering}: {progress.over} of {progress.people}; {states}; "
        f"answered {progress.answered}, declined {progress.declined}, "
        f"opted out {progress.opted_out}"
    )


def _moved(
    change: Callable[[Transaction, int], Awaitable[bool]], done: str, refused: str
) -> Callable[[App, argparse.Namespace], Awaitable[int]]:
    async def command(app: App, arguments: argparse.Namespace) -> int:
        async with app.storage.transaction() as tx:
            if not await change(tx, arguments.id):
                raise Refusal(f"broadcast {arguments.id} {refused}")
        say(done)
        return 0

    return command


COMMANDS: dict[str, Callable[[App, argparse.Namespace], Awaitable[int]]] = {
    "count": count,
    "send": send,
    "notice": notice,
    "list": list_broadcasts,
    "watch": watch,
    "pause": _moved(broadcasts.pause, "Paused.", "is not running"),
    "resume": _moved(broadcasts.resume, "It goes on.", "is not paused"),
    "cancel": _moved(broadcasts.cancel, "Cancelled.", "has ended already"),
}
