"""Openness programmes: no kind, but what joins consultations of several; a place like a kind's."""

from bot.conversation.context import Parts
from bot.kinds.manifest import Desk, Manifest
from bot.kinds.openness import public
from bot.kinds.openness.attached import OWN_DATA
from bot.kinds.openness.axes_page import AxesPage
from bot.kinds.openness.desk import PATH, OpennessDesk
from bot.kinds.openness.project_pages import ProjectPages
from bot.kinds.openness.public_page import ProgrammePage
from bot.kinds.openness.today import PANEL

MANIFEST = Manifest(
    "openness",
    conversation=Parts(own_data=(OWN_DATA,)),
    public=public.SECTION,
    panel=PANEL,
    desk=Desk(
        PATH,
        "openness_desk.programmes",
        lambda services, pages: (
            OpennessDesk(services, pages),
            AxesPage(services, pages),
            ProjectPages(services, pages),
            ProgrammePage(services, pages),
        ),
        {
            PATH: "staff: read",
            f"{PATH}/new": "staff: publish",
            f"{PATH}/{{code}}": "staff: read",
            f"{PATH}/{{code}}/do": "staff: publish",
            f"{PATH}/{{code}}/axes": "staff: read",
            f"{PATH}/{{code}}/axes/do": "staff: publish",
            f"{PATH}/{{code}}/projects": "staff: read",
            f"{PATH}/{{code}}/projects/card": "staff: publish",
            f"{PATH}/{{code}}/projects/do": "staff: publish",
            f"{PATH}/{{code}}/projects.{{format}}": "staff: download",
            public.PATH: "everyone: programmes that are public",
            f"{public.PATH}.json": "everyone: programmes that are public",
        },
        (f"{PATH}/new", "openness_desk.new"),
    ),
)
