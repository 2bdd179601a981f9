"""The commands around what a council begins: broadcast, schedule, list, template."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path

from bot.app.build import App
from bot.app.commands.console import Refusal, council_of, find_consultation, say
from bot.consultations import checking
from bot.core.localtime import local
from bot.outreach import broadcasts, lists, schedule
from bot.outreach.audiences import Reach, WrongAudience
from flows.dialog.outreach import LONGEST_SPREAD, Audience, When, audience_problems, when_problems
from flows.wording import render
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.broadcasts import BroadcastsOf
from storage.rows.prompts import Prompt, PromptsOf, RunsOf

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
        _audience_options(action)
        if name == "send":
            action.add_argument("--yes", action="store_true", help="do not ask")
            action.add_argument("--at", help='local time, such as "2026-12-01 18:00"; else now')
            action.add_argument("--spread", type=int, default=0, metavar="HOURS")
    notice = actions.add_parser("notice", help="send a message of the council's own")
    notice.add_argument("text", type=Path, help="a TOML file: fr = ..., ar = ..., ary = ...")
    notice.add_argument("--council", default="", metavar="CODE")
    notice.add_argument("--yes", action="store_true", help="do not ask")
    _audience_options(notice)
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
    plan = commands.add_parser("schedule", help="what is planned, and what became of it")
    plans = plan.add_subparsers(dest="action", required=True, metavar="ACTION")
    shown = plans.add_parser("list", help="what is planned and what ran")
    shown.add_argument("--council", default="", metavar="CODE")
    added = plans.add_parser("add", help="plan a message: once, recurring, or around a closing")
    added.add_argument("code", help="the consultation's code")
    added.add_argument("--what", choices=("invitation", "reminder", "last"), default="reminder")
    added.add_argument("--on", help='once, local time, such as "2026-12-01 18:00"')
    added.add_argument("--every", choices=("day", "week", "month"), default="")
    added.add_argument("--days", default="", help='"mon,thu", "15", "last" or "1st mon"')
    added.add_argument("--until", help="the last day, such as 2026-12-31")
    added.add_argument("--before-closing", type=days, metavar="DAYS")
    added.add_argument("--after-joining", type=days, metavar="DAYS")
    added.add_argument("--time", default="18:00")
    added.add_argument("--late", choices=("run", "skip"), default="run")
    _audience_options(added)
    stop = plans.add_parser("stop", help="stop something that is planned")
    stop.add_argument("id", type=row_id)


def _audience_options(parser: argparse.ArgumentParser) -> None:
    for name, words in (
        ("places", "census codes, with all below them"),
        ("languages", "ary, ar, fr, zgh, en"),
        ("channels", "telegram, whatsapp, web"),
        ("age-bands", "such as 18-24,25-34"),
        ("genders", "woman, man"),
        ("themes", "followers of these"),
        ("lists", "members of these lists"),
    ):
        parser.add_argument(f"--{name}", default="", metavar="A,B", help=words)
    parser.add_argument("--disability", action="store_true", help="people with a disability")
    parser.add_argument("--answered", default="", metavar="CODE", help="who answered this one")
    parser.add_argument("--not-answered", default="", metavar="CODE", help="who did not")


def audience_of(arguments: argparse.Namespace, themes: list[str]) -> Audience:
    """The audience that the options name. Raises Refusal."""
    audience = Audience(
        places=_parts(arguments.places),
        languages=_parts(arguments.languages),
        channels=_parts(arguments.channels),
        age_bands=_parts(arguments.age_bands),
        genders=_parts(arguments.genders),
        themes=_parts(arguments.themes),
        lists=_parts(arguments.lists),
        disability=arguments.disability,
        answered=arguments.answered,
        not_answered=arguments.not_answered,
    )
    problems = [
        f"--{key.removeprefix('audience.').replace('_', '-')} {text}"
        for key, text in audience_problems("audience", audience, themes)
    ]
    if problems:
        raise Refusal("\n".join(problems))
    return audience


def days(text: str) -> int:
    """A number of days. Raises ValueError beyond a year."""
    number = int(text)
    if not 0 <= number <= 366:
        raise ValueError(text)
    return number


def row_id(text: str) -> int:
    """An id as the lists print it. Raises ValueError for what none can be."""
    id = int(text)
    if not 0 <= id < 2**63:
        raise ValueError(text)
    return id


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


async def execute(app: App, arguments: argparse.Namespace) -> int:
    """Carry one of these commands out."""
    return await COMMANDS[arguments.command, arguments.action](app, arguments)


async def _look(
    app: App, tx: Transaction, row: StoredConsultation, arguments: argparse.Namespace
) -> tuple[Audience, Reach | None, bool]:
    """Print what there is to know. The last says whether it may be sent."""
    council = app.register.council(row.council_id)
    audience = audience_of(arguments, [theme.id for theme in council.themes])
    found, people = await checking.findings(app, tx, row, arguments.what, audience)
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
        row = await find_consultation(app, tx, arguments.code)
        _, _, fine = await _look(app, tx, row, arguments)
    return 0 if fine else 1


async def send(app: App, arguments: argparse.Namespace) -> int:
    """Show, ask, and send or plan."""
    async with app.storage.reading() as tx:
        row = await find_consultation(app, tx, arguments.code)
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
    async with app.storage.transaction() as tx:
        if arguments.at:
            await _add(tx, row, arguments.what, When(on=_wall(arguments.at)), audience, arguments)
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
    council_id = council_of(app, arguments.council)
    council = app.register.council(council_id)
    try:
        texts = lists.texts_of(arguments.text)
    except lists.NoNumbers as error:
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
    async with app.storage.transaction() as tx:
        id = await broadcasts.draft(
            tx, council_id, "notice", audience, made_by="command line", body={"texts": texts}
        )
        await broadcasts.start(tx, id)
    say(f"Begun. A running server sends it; follow it with: tachawor broadcast watch {id}")
    return 0


async def agree(arguments: argparse.Namespace, question: str) -> None:
    if arguments.yes:
        return
    if not sys.stdin.isatty():
        raise Refusal("nothing was sent: there is nobody to ask here; add --yes")
    answer = await asyncio.to_thread(input, f"{question} [yes/no] ")
    if answer.strip().lower() not in ("y", "yes", "oui", "نعم"):
        raise Refusal("nothing was sent")


async def list_broadcasts(app: App, arguments: argparse.Namespace) -> int:
    """The broadcasts of a council."""
    async with app.storage.reading() as tx:
        rows = await tx.rows(BroadcastsOf, council_id=council_of(app, arguments.council), most=100)
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


async def list_schedule(app: App, arguments: argparse.Namespace) -> int:
    """What is planned, and what became of it."""
    council_id = council_of(app, arguments.council)
    async with app.storage.reading() as tx:
        planned = await tx.rows(PromptsOf, council_id=council_id)
        ran = await tx.rows(RunsOf, council_id=council_id, most=30)
    say(f"{'ID':<20} {'WHAT':<11} {'STATE':<8} {'NEXT':<35} CONSULTATION")
    for row in planned:
        say(
            f"{row.id:<20} {row.what:<11} {row.state:<8} "
            f"{row.next_local or '-':<35} {row.code or '-'}"
        )
    for run in ran:
        what = f"{run.what} {run.code or ''}".rstrip()
        say(f"{run.occurrence_local}: {what} {run.outcome} {run.reason}".rstrip())
    return 0


async def add_to_schedule(app: App, arguments: argparse.Namespace) -> int:
    """Plan a message."""
    when = When(
        on=_wall(arguments.on) if arguments.on else None,
        every=arguments.every,
        days=arguments.days,
        until=_day(arguments.until) if arguments.until else None,
        before_closing=arguments.before_closing,
        after_joining=arguments.after_joining,
        time=arguments.time,
    )
    async with app.storage.transaction() as tx:
        row = await find_consultation(app, tx, arguments.code)
        council = app.register.council(row.council_id)
        problems = [
            f"{key}: {text}"
            for key, text in when_problems("when", when, closes=row.closes_at is not None)
        ]
        if problems:
            raise Refusal("\n".join(problems))
        audience = audience_of(arguments, [theme.id for theme in council.themes])
        id = await _add(tx, row, arguments.what, when, audience, arguments)
        planned = await tx.row(Prompt, id=id)
    say(f"Planned: next {planned.next_local if planned else '-'}")
    return 0


async def _add(
    tx: Transaction,
    row: StoredConsultation,
    what: str,
    when: When,
    audience: Audience,
    arguments: argparse.Namespace,
) -> int:
    try:
        return await schedule.add(
            tx,
            row.council_id,
            what,
            when,
            made_by="command line",
            consultation=row,
            audience=audience,
            late=getattr(arguments, "late", "run"),
            spread_ms=getattr(arguments, "spread", 0) * 3_600_000,
        )
    except schedule.InThePast as error:
        raise Refusal(str(error)) from None


def _wall(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{text!r} is no time; write it like 2026-12-01 18:00") from None
    if found.tzinfo is not None:
        raise Refusal(f"{text!r} has an offset; write the council's local time")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{text!r} is no day; write it like 2026-12-31") from None


async def stop_planned(app: App, arguments: argparse.Namespace) -> int:
    """Stop something that is planned."""
    async with app.storage.transaction() as tx:
        row = await tx.row(Prompt, id=arguments.id)
        if row is None or row.state == "ended":
            raise Refusal(f"nothing with the id {arguments.id} is planned")
        await tx.run("set_prompt_state", id=arguments.id, state="ended")
    say("Stopped.")
    return 0


COMMANDS: dict[tuple[str, str], Callable[[App, argparse.Namespace], Awaitable[int]]] = {
    ("broadcast", "count"): count,
    ("broadcast", "send"): send,
    ("broadcast", "notice"): notice,
    ("broadcast", "list"): list_broadcasts,
    ("broadcast", "watch"): watch,
    ("broadcast", "pause"): _moved(broadcasts.pause, "Paused.", "is not running"),
    ("broadcast", "resume"): _moved(broadcasts.resume, "It goes on.", "is not paused"),
    ("broadcast", "cancel"): _moved(broadcasts.cancel, "Cancelled.", "has ended already"),
    ("schedule", "list"): list_schedule,
    ("schedule", "add"): add_to_schedule,
    ("schedule", "stop"): stop_planned,
}
