"""A plan is stopped by its own council only, and a chat read by its own browser only."""

from pathlib import Path

import pytest

from bot.core.config import Config
from bot.outreach import schedule
from flows.dialog.outreach import When
from storage.rows.consultations import ConsultationByCode
from storage.rows.prompts import ActivePrompts
from tests.system.staffed import Town, busy_town, config_of, town
from tests.visitor import visitor


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two councils."""
    return config_of(tmp_path)


async def planned(full: Town) -> list[int]:
    """What is planned about the poll of the first council."""
    async with full.app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="TRM-LIGHT")
        assert row is not None
        rows = await tx.rows(ActivePrompts)
    return [one.id for one in rows if one.consultation_id == row.id]


async def test_what_another_council_has_planned_goes_on(config: Config) -> None:
    """A form of one's own consultation cannot name another's plan."""
    async with busy_town(config) as full, visitor(base_url=full.address) as other:
        async with full.app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-LIGHT")
            assert row is not None
            await schedule.add(
                tx, row.council_id, "reminder", When(every="day", time="18:00"),
                made_by="amal", consultation=row,
            )  # fmt: skip
        (id,) = await planned(full)
        form = {"action": "stop_planned", "prompt": str(id)}
        await full.sign_in(other, "said", "admin", "draa")
        await other.post("/staff/c/DRA-LIGHT/do", data=form)
        assert await planned(full) == [id]
        await full.sign_in(other, "amal", "admin")
        await other.post("/staff/c/TRM-LIGHT/do", data=form)
        assert await planned(full) == []


async def test_a_chat_is_read_by_its_own_browser_only(config: Config) -> None:
    """Another cookie has another chat, a short one has none of ours."""
    async with town(config) as quiet:
        async with (
            visitor(base_url=quiet.address) as mine,
            visitor(base_url=quiet.address) as other,
        ):
            await mine.get("/")
            await mine.post("/chat/send", data={"id": "1", "text": "OZT-UNMISTAKABLE"})
            assert "language" in (await mine.get("/chat/messages?after=0")).text.lower()
            await other.get("/")
            shown = await other.get("/chat/messages?after=0")
            assert "language" not in shown.text.lower()
            async with visitor(base_url=quiet.address) as nobody:
                for answer in (
                    await nobody.get("/chat/messages?after=0"),
                    await nobody.post("/chat/send", data={"id": "1", "text": "x"}),
                ):
                    assert answer.status_code == 403
        short = {"cookie": "tachawor_chat=short"}
        async with visitor(base_url=quiet.address, headers=short) as guest:
            answer = await guest.get("/")
            assert len(answer.headers["set-cookie"].split("=")[1].split(";")[0]) >= 32
