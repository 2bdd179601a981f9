"""Petitions: signatures in the chat and on paper, lists to be signed, the deposit and its answer."""

from bot.conversation.context import Parts
from bot.kinds.manifest import Commands, Desk, Manifest
from bot.kinds.petition import commands, effects, indicators, public, reading, signatories
from bot.kinds.petition.desk import PANEL, PetitionDesk
from bot.kinds.petition.own_data import OWN_DATA
from flows.kinds.petition import ReportCard, Sign

MANIFEST = Manifest(
    "petition",
    conversation=Parts(
        effects={Sign: effects.sign, ReportCard: effects.report_card},
        look_ups={"petition_progress": effects.progress},
        withdrawn={"petition": effects.withdrawn},
        own_data=(OWN_DATA,),
    ),
    besides=reading.counted,
    owed=reading.owed,
    files=(signatories.FILE,),
    public=public.SECTION,
    desk=Desk(
        "/staff/petitions",
        "pdesk.petitions",
        lambda services, pages: (PetitionDesk(services, pages),),
        {
            "/staff/petitions": "staff: read",
            "/staff/petitions/{code}": "staff: read",
            "/staff/petitions/{code}/do": "staff: signatures",
            "/staff/petitions/{code}/import": "staff: signatures",
            "/staff/petitions/{code}/signatures": "staff: signatures",
            "/staff/petitions/{code}/list.pdf": "staff: signatures",
            "/staff/petitions/{code}/deposit.pdf": "staff: read",
        },
    ),
    panel=PANEL,
    indicators=indicators.measured,
    commands=Commands(commands.add_parsers, commands.execute),
)
