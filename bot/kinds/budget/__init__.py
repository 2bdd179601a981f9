"""Budgets: ideas that become projects on a desk, and elections as files that other programs count too."""

from bot.conversation.context import Parts
from bot.kinds.budget import commands
from bot.kinds.budget.desk import PATH, BudgetDesk
from bot.kinds.budget.ideas import OWN_DATA
from bot.kinds.manifest import Commands, Desk, Manifest

MANIFEST = Manifest(
    "budget",
    conversation=Parts(own_data=(OWN_DATA,)),
    desk=Desk(
        PATH,
        "budget_desk.budgets",
        lambda services, pages: (BudgetDesk(services, pages),),
        {
            PATH: "staff: read",
            f"{PATH}/new": "staff: publish",
            f"{PATH}/{{code}}": "staff: read",
            f"{PATH}/{{code}}/project": "staff: publish",
            f"{PATH}/{{code}}/do": "staff: publish",
        },
        (f"{PATH}/new", "budget_desk.new"),
    ),
    commands=Commands(commands.add_parsers, commands.execute),
)
