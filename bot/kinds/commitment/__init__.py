"""Commitments: what staff say of them, kept; their desk, their part of the public page."""

from bot.conversation.context import Parts
from bot.kinds.commitment import changes, clock, doubts, public
from bot.kinds.commitment.desk import PANEL, PATH, CommitmentDesk
from bot.kinds.commitment.evidence_pages import EvidencePages
from bot.kinds.commitment.own_data import OWN_DATA
from bot.kinds.commitment.reporting import HalfYearReport
from bot.kinds.manifest import Desk, Manifest
from flows.kinds.commitment.conversation import Doubt

MANIFEST = Manifest(
    "commitment",
    conversation=Parts(
        effects={Doubt: doubts.doubt},
        look_ups={"commitment_standing": changes.look_up},
        withdrawn={"commitment": doubts.withdrawn},
        own_data=(OWN_DATA,),
    ),
    stands=changes.stands,
    public=public.SECTION,
    panel=PANEL,
    desk=Desk(
        PATH,
        "commitment_desk.commitments",
        lambda services, pages: (
            HalfYearReport(services, pages),
            CommitmentDesk(services, pages),
            EvidencePages(services, pages),
        ),
        {
            PATH: "staff: read",
            f"{PATH}/report": "staff: read",
            f"{PATH}/report/{{half}}.{{format}}": "staff: download",
            f"{PATH}/{{code}}": "staff: read",
            f"{PATH}/{{code}}/do": "staff: publish",
            f"{PATH}/{{code}}/evidence": "staff: publish",
            f"{PATH}/{{code}}/evidence/{{id}}": "staff: read",
            f"{PATH}/{{code}}/photos/{{name}}": "staff: read",
        },
    ),
    clock=clock.look,
)
