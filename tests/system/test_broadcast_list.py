"""Today and the list of broadcasts show what a council broadcasts, however many people it answers."""

from pathlib import Path

import pytest

from bot.cases import replies
from bot.core.config import Config
from bot.outreach import broadcasts
from flows.dialog.outreach import Audience
from storage.rows.consultations import ConsultationByCode
from tests.system.staffed import busy_town, config_of
from tests.visitor import visitor


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_of(tmp_path)


async def test_sixty_replies_do_not_hide_the_invitation_that_runs(config: Config) -> None:
    async with busy_town(config) as full, visitor(base_url=full.address) as client:
        await full.sign_in(client, "nadia", "organizer")
        app = full.app
        council = app.register.council(full.council())
        async with app.storage.transaction() as tx:
            poll = await tx.row(ConsultationByCode, code="TRM-LIGHT")
            assert poll is not None
            invitation = await broadcasts.begin(
                tx,
                full.council(),
                "invitation",
                Audience(),
                made_by="nadia",
                consultation_id=poll.id,
            )
            await broadcasts.pause(tx, invitation)
        for number in range(60):
            row = await full.need()
            async with app.storage.transaction() as tx:
                await replies.answer(tx, council, row, "omar", text=f"Réponse {number}")
        for page in ("/staff", "/staff/broadcasts"):
            shown = (await client.get(page)).text
            assert f"/staff/broadcasts/{invitation}" in shown, page
        listed = (await client.get("/staff/broadcasts")).text
        assert listed.count('href="/staff/broadcasts/') == 2  # the invitation and a draft
