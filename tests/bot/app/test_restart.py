"""A process that ends between any two messages, at every one of them: nobody notices."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import asdict

from bot.kinds.petition.rows import SignaturesOf
from storage.rows import Record
from storage.rows.consultations import ConsultationByCode
from tests.checks import AllResponses
from tests.citizen import Citizen, running

#: Dialogues by the code that they begin with: said -> what the answer must contain.
DIALOGUES: dict[str, Sequence[tuple[str, str]]] = {
    "OZT-LIGHT": [
        ("weak", "Where is it missing most"),
        ("[Bus and taxi stops]", "Where is it missing most"),
        ("[Around the market]", "How is safety"),
        ("٣", "Do you have a proposal"),
        ("back", "How is safety"),
        ("[Good]", "Do you have a proposal"),
        ("Lamps at the bus stop", "These are your answers"),
        ("[Correct]", "These are your answers"),
        ("[How is the lighting]", "How is the lighting"),
        ("none", "These are your answers"),
        ("[Send]", "Reference: OZT-2026-000001"),
        ("[Yes]", "old"),
        ("cancel", ""),
        ("my contributions", "You have 1 contribution"),
    ],
    "OZT-NEEDS": [
        ("💧", "Where exactly?"),
        ("Tabounte, near the school", "your own words"),
        ("help", "your own words"),
        ("No water since Monday", "before it is sent"),
        ("[Send]", "Reference: OZT-2026-000001"),
        ("[Not now]", ""),
        ("OZT-2026-000001", "Status: received"),
    ],
    "OZT-PARK": [
        ("[I support it]", "Reference: OZT-2026-"),
        ("[Sign officially]", "The full name"),
        ("Amina El Idrissi", "The number of the national card"),
        ("12", "The number of the national card"),
        ("kb 20-49 71", "The address?"),
        ("12 Avenue Mohammed V", "• CIN: "),
        ("[Sign]", "signature is kept"),
    ],
}

#: What a second run cannot repeat: our own ids, and what is sealed anew each time.
CHANGING = {"id", "person_id", "sealed"}


async def held(folder: Path, code: str, *, restarting: bool) -> dict[str, Any]:
    """What the citizen heard and what is filed, after a dialogue held in one life or in many."""
    dialogue = [(f"/start {code}", ""), ("[English]", "Your answers go to"), ("1", "")]
    waiting = [*dialogue, *DIALOGUES[code]]
    heard: list[tuple[str, list[str]]] = []
    citizen: Citizen | None = None
    while waiting:
        now, waiting = (waiting[:1], waiting[1:]) if restarting else (waiting, [])
        async with running(folder) as app:
            citizen = citizen or Citizen(app)
            citizen.app = app
            for said, expected in now:
                begins = said.startswith("/start ")
                answer = await (citizen.starts(code) if begins else citizen.says(said))
                assert expected in answer, f"after {said!r} the bot said:\n{answer}"
                heard.append((answer, citizen.labels))
    async with running(folder) as app, app.storage.reading() as tx:
        consultation = await tx.row(ConsultationByCode, code=code)
        assert consultation is not None
        filed = await tx.rows(AllResponses, consultation_id=consultation.id)
        signed = await tx.rows(SignaturesOf, consultation_id=consultation.id)
    return {"heard": heard, "filed": lasting(filed), "signed": lasting(signed)}


def lasting(rows: Sequence[Record]) -> list[dict[str, Any]]:
    """Rows without what differs from run to run."""
    return [
        {name: value for name, value in asdict(row).items() if name not in CHANGING} for row in rows
    ]


@pytest.mark.parametrize("code", DIALOGUES)
async def test_a_restart_between_every_two_messages_changes_nothing(
    tmp_path: Path, code: str
) -> None:
    once = await held(tmp_path / "once", code, restarting=False)
    again = await held(tmp_path / "again", code, restarting=True)
    assert once["filed"]
    assert again == once
