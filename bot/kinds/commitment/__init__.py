"""Commitments: what staff say of them, kept; their desk, their part of the public page."""

from bot.conversation.context import Parts
from bot.kinds.commitment import changes, public
from bot.kinds.commitment.desk import PATH, CommitmentDesk
from bot.kinds.manifest import Desk, Manifest

MANIFEST = Manifest(
    "commitment",
    conversation=Parts(look_ups={"commitment_standing": changes.look_up}),
    public=public.SECTION,
    desk=Desk(
        PATH,
        "commitment_desk.commitments",
        lambda services, pages: (CommitmentDesk(services, pages),),
        {
            PATH: "staff: read",
            f"{PATH}/{{code}}": "staff: read",
            f"{PATH}/{{code}}/do": "staff: publish",
        },
    ),
)
