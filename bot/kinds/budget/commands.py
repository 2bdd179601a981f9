"""The commands about budgets: count an election of a file, write one of ours to a file."""

import argparse
import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.core import audit
from bot.core.console import Refusal, find_consultation, say
from bot.core.councils import head_of
from bot.core.localtime import local, now_ms
from bot.results import summaries
from bot.services import Services
from bot.staff import commanded
from bot.staff.plans import Plan
from flows.kinds.budget import pabulib
from flows.kinds.budget.counting import count
from flows.kinds.budget.definition import Budget
from flows.kinds.budget.outcome import Ballot, Outcome, Rule
from flows.kinds.budget.results import cast, outcome_of

#: Who the audit log says it was.
ACTOR = "command line"


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The options of these commands."""
    budget = commands.add_parser("budget", help="votes on projects")
    actions = budget.add_subparsers(dest="action", required=True, metavar="ACTION")
    counted = actions.add_parser("count", help="count an election in the format of Pabulib")
    counted.add_argument("file", type=Path)
    counted.add_argument(
        "--rule", choices=[rule.value for rule in Rule], default=Rule.EQUAL_SHARES.value
    )
    counted.add_argument(
        "--rest", action="store_true", help="spend what equal shares leave over by most votes"
    )
    written = actions.add_parser("export", help="write the ballots in the format of Pabulib")
    written.add_argument("code", help="the vote's code")
    written.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    commanded.add_option(written)


async def execute(services: Services, arguments: argparse.Namespace) -> int:
    """Carry one of these commands out. Raises Refusal."""
    return await COMMANDS[arguments.action](services, arguments)


async def count_file(services: Services, arguments: argparse.Namespace) -> int:
    """Say who wins the election of a file."""
    try:
        text = arguments.file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"cannot read {arguments.file}: {error}") from None
    try:
        election = await asyncio.to_thread(pabulib.read, text)
    except pabulib.WrongFile as error:
        raise Refusal(f"{arguments.file}: {error}") from None
    outcome = await asyncio.to_thread(
        count,
        Rule(arguments.rule),
        election.budget,
        election.projects,
        election.ballots,
        rest=arguments.rest,
    )
    for line in _told(outcome, election):
        say(line)
    return 0


def _told(outcome: Outcome, election: pabulib.Election) -> Sequence[str]:
    """Winners and losers, one a line."""
    lines = [
        f"{outcome.ballots} ballots, {len(election.projects)} projects, a budget of {outcome.budget}"
    ]
    if outcome.share is not None:
        lines.append(f"each voter's share: {outcome.share}")
    for won in outcome.winners:
        name = election.names[won.id]
        paid = "" if won.most is None else f", at most {won.most:.2f} each"
        lines.append(f"+ {won.id}  {won.cost}  {won.votes} votes{paid}  {name}".rstrip())
    for lost in outcome.losers:
        name = election.names[lost.id]
        lines.append(f"- {lost.id}  {lost.cost}  {lost.votes} votes  {name}".rstrip())
    lines.append(f"spent: {outcome.spent}")
    return lines


def _day(at: int) -> str:
    return local(at).strftime("%d.%m.%Y")


async def export(services: Services, arguments: argparse.Namespace) -> int:
    """Write the ballots of a vote, in no order and without anything about who gave them."""
    async with services.storage.reading() as tx:
        row = await find_consultation(services.register, tx, arguments.code)
        budget = head_of(row)
        if not isinstance(budget, Budget):
            raise Refusal(f"{row.code} is no vote on projects; it is a {row.kind}")
        if row.state not in ("closed", "archived"):
            raise Refusal(f"{row.code} is {row.state}; its ballots are written once it is closed")
        responses = await summaries.responses_of(services.register, tx, row)
    ballots = cast(budget, responses)
    plan = Plan(source={"format": "pabulib"}, people=ballots.total())
    await commanded.write(services.storage, row.council_id, arguments.by, f"pb {row.code}", plan)
    order: list[Ballot] = [*ballots.elements()]
    random.SystemRandom().shuffle(order)
    title = next((budget.title[code] for code in ("fr", "ar", "en") if code in budget.title), "")
    election = pabulib.Election(
        budget.amount,
        budget.countable(),
        {one.id: one.text.get("fr") or next(iter(one.text.values())) for one in budget.projects},
        ballots,
    )
    council = services.register.council(row.council_id)
    meta = {
        "description": title,
        "country": "Morocco",
        "unit": next(iter(council.name.values()), council.code),
        "instance": str(local(row.closes_at or now_ms()).year),
        "rule": "equalshares/add1" if budget.rule == "equal_shares" else "greedy",
        "date_begin": _day(row.opens_at or row.created_at),
        "date_end": _day(row.closes_at or now_ms()),
        "min_length": "1",
        "max_length": str(budget.choices),
        "currency": "MAD",
    }
    winners = [one.id for one in outcome_of(budget, ballots).winners]
    text = "\n".join(pabulib.write(meta, election, winners, order)) + "\n"
    async with services.storage.transaction() as tx:
        said = f"{len(order)} ballots"
        await audit.note(tx, row.council_id, ACTOR, "download", f"{row.code}.pb", said)
    try:
        arguments.output.write_text(text, "utf-8")
    except OSError as error:
        raise Refusal(f"cannot write {arguments.output}: {error.strerror}") from None
    say(f"Wrote {arguments.output}: {len(order)} ballots")
    return 0


COMMANDS: dict[str, Callable[[Services, argparse.Namespace], Awaitable[int]]] = {
    "count": count_file,
    "export": export,
}
