"""What did not arrive: staff see it, whoever it was for, and only their own council's."""

import pytest

from bot.app.build import App
from bot.core.localtime import now_ms
from bot.outbox.troubles import troubles
from storage.database import batch
from storage.rows.outbox import Transcript
from tests.citizen import Citizen


@pytest.mark.parametrize("state", ["failed", "queued"])
async def test_a_reply_that_did_not_arrive_is_among_them(app: App, state: str) -> None:
    """What is still tried is not; nor is what is older than what is asked for."""
    citizen = Citizen(app, at=now_ms())
    await citizen.arrives(code="OZT-LIGHT")
    async with app.storage.transaction() as tx:
        (last,) = await tx.rows(Transcript, channel="web", address=citizen.kept, after=0, most=1)
        became = {"id": last.id, "state": state, "tries": 9, "doubts": 9, "not_before": 0}
        await tx.run("settle_messages", rows=batch([{**became, "error": "Uncertain, 9 tries"}]))
    async with app.storage.reading() as tx:
        found = await troubles(tx, app.register.default_id, last.created_at)
        assert await troubles(tx, app.register.default_id, last.created_at + 1) == []
        assert await troubles(tx, app.register.default_id + 1, 0) == []
    told = [(one.channel, one.state, one.error, one.n) for one in found]
    assert told == ([] if state == "queued" else [("web", state, "Uncertain, 9 tries", 1)])
