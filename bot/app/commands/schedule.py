"""Commands about what is planned: list, add, stop."""

import argparse
from collections.abc import Awaitable, Callable
from datetime import date, datetime

from bot.app.build import App
from bot.app.commands.audience import add_options, audience_of, days, row_id
from bot.app.commands.console import checker_of
from bot.consultations import plans
from bot.core.console import Refusal, council_of, find_consultation, say
from bot.outreach import broadcasts, schedule
from bot.outreach.audiences import WrongAudience
from bot.staff import commanded
from bot.staff.plans import agreed_of
from flows.dialog.outreach import Audience, When, when_problems
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.prompts import Prompt, PromptsOf, RunsOf


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The options of these commands."""
    planned = commands.add_parser("schedule", help="what is planned, and what became of it")
    actions = planned.add_subparsers(dest="action", required=True, metavar="ACTION")
    shown = actions.add_parser("list", help="what is planned and what ran")
    shown.add_argument("--council", default="", metavar="CODE")
    added = actions.add_parser("add", help="plan a message: once, recurring, or around a closing")
    added.add_argument("code", help="the consultation's code")
    added.add_argument("--what", choices=("invitation", "reminder", "last"), default="reminder")
    added.add_argument("--on", help='once, local time, such as "2026-12-01 18:00"')
    added.add_argument("--every", choices=("day", "week", "month"), default="")
    added.add_argument("--days", default="", help='"mon,thu", "15", "last" or "1st mon"')
    added.add_argument("--until", help="the last day, such as 2026-12-31")
    added.add_argument("--before-closing", type=days, metavar="DAYS")
    added.add_argument("--after-joining", type=days, metavar="DAYS")
    added.add_argument("--time", default="18:00", help="local time (default: 18:00)")
    added.add_argument("--late", choices=("run", "skip"), default="run")
    commanded.add_option(added)
    add_options(added)
    stop = actions.add_parser("stop", help="stop something that is planned")
    stop.add_argument("id", type=row_id)


async def execute(app: App, arguments: argparse.Namespace) -> int:
    """Carry out one of these commands. Returns its exit code."""
    return await COMMANDS[arguments.action](app, arguments)


async def list_schedule(app: App, arguments: argparse.Namespace) -> int:
    """What is planned, and what became of it."""
    council_id = council_of(app.register, arguments.council)
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
        on=wall(arguments.on) if arguments.on else None,
        every=arguments.every,
        days=arguments.days,
        until=_day(arguments.until) if arguments.until else None,
        before_closing=arguments.before_closing,
        after_joining=arguments.after_joining,
        time=arguments.time,
    )
    async with app.storage.transaction() as tx:
        row = await find_consultation(app.register, tx, arguments.code)
        council = app.register.council(row.council_id)
        problems = [
            f"{key}: {text}"
            for key, text in when_problems("when", when, closes=row.closes_at is not None)
        ]
        if problems:
            raise Refusal("\n".join(problems))
        audience = audience_of(arguments, [theme.id for theme in council.themes])
        try:
            reach = await broadcasts.reach(
                tx, app.register, row.council_id, arguments.what, audience, row
            )
        except WrongAudience as error:
            raise Refusal(str(error)) from None
    planned_for = plans.of_message(
        checker_of(app).previewer,
        row.council_id,
        arguments.what,
        audience,
        row,
        reach.people,
        when=when,
        late=arguments.late,
    )
    how = await commanded.send(
        app.storage,
        app.register,
        row.council_id,
        arguments.by,
        f"{arguments.what} {row.code}",
        planned_for,
    )
    async with app.storage.transaction() as tx:
        agreed = agreed_of(planned_for, alone=how == "alone")
        id = await plan(tx, row, arguments.what, when, audience, arguments, agreed)
        planned = await tx.row(Prompt, id=id)
    say(f"Planned: next {planned.next_local if planned else '-'}")
    return 0


async def plan(
    tx: Transaction,
    row: StoredConsultation,
    what: str,
    when: When,
    audience: Audience,
    arguments: argparse.Namespace,
    agreed: str = "",
) -> int:
    """Plan a message. Returns its number. Raises Refusal."""
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
            agreed=agreed,
        )
    except schedule.InThePast as error:
        raise Refusal(str(error)) from None


def wall(text: str) -> datetime:
    """A local time as it is typed. Raises Refusal."""
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


COMMANDS: dict[str, Callable[[App, argparse.Namespace], Awaitable[int]]] = {
    "list": list_schedule,
    "add": add_to_schedule,
    "stop": stop_planned,
}
