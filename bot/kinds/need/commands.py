"""The commands about needs."""

import argparse

from bot.cases import replies
from bot.core.console import Refusal, council_of, say
from bot.core.refusals import NotAllowed
from bot.services import Services
from flows.kinds.need.case import STATES


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The options of these commands."""
    need = commands.add_parser("need", help="citizens' needs")
    needed = need.add_subparsers(dest="action", required=True, metavar="ACTION")
    status = needed.add_parser("status", help="change a need's status; its author is told")
    status.add_argument("reference", help="such as OZT-2026-000123")
    status.add_argument("state", choices=STATES)
    status.add_argument("--note", default="", help="who is in charge now, or why not")
    status.add_argument("--council", default="", metavar="CODE")


async def execute(services: Services, arguments: argparse.Namespace) -> int:
    """Carry one of these commands out. Raises Refusal."""
    return await need_status(services, arguments)


async def need_status(services: Services, arguments: argparse.Namespace) -> int:
    """Change a need's status."""
    council_id = council_of(services.register, arguments.council)
    try:
        async with services.storage.transaction() as tx:
            await replies.set_status(
                tx,
                services.register,
                council_id,
                arguments.reference,
                arguments.state,
                arguments.note,
                "command line",
            )
    except NotAllowed as error:
        raise Refusal(str(error)) from None
    say(f"{arguments.reference.upper()} is {arguments.state}; a running server tells its author.")
    return 0
