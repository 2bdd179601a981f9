"""Budgets: ideas that become projects on a desk, and elections as files that other programs count too."""

from bot.conversation.context import Parts
from bot.kinds.budget import commands, ideas, papers, public, receipts
from bot.kinds.budget.desk import PATH, BudgetDesk
from bot.kinds.budget.paper_page import PaperPage
from bot.kinds.manifest import Commands, Desk, Manifest

MANIFEST = Manifest(
    "budget",
    conversation=Parts(
        look_ups={"budget_receipt": receipts.own},
        own_data=(ideas.OWN_DATA, receipts.OWN_DATA),
    ),
    besides=papers.counted,
    public=public.SECTION,
    desk=Desk(
        PATH,
        "budget_desk.budgets",
        lambda services, pages: (BudgetDesk(services, pages), PaperPage(services, pages)),
        {
            PATH: "staff: read",
            f"{PATH}/new": "staff: publish",
            f"{PATH}/{{code}}": "staff: read",
            f"{PATH}/{{code}}/project": "staff: publish",
            f"{PATH}/{{code}}/do": "staff: publish",
            f"{PATH}/{{code}}/poster.pdf": "staff: read",
            f"{PATH}/{{code}}/papers": "staff: signatures",
            f"{PATH}/{{code}}/papers/do": "staff: signatures",
        },
        (f"{PATH}/new", "budget_desk.new"),
    ),
    commands=Commands(commands.add_parsers, commands.execute),
    clock=receipts.look,
)
