"""WhatsApp's templates: how they stand is asked, kept and obeyed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.build import App, open_app
from bot.core.config import Config, Web, WhatsAppSettings
from bot.outreach import templates
from storage.rows.broadcasts import Templates
from tests.citizen import config_in
from tests.emulators.twilio_api import TwilioApi


@pytest.fixture
async def api() -> AsyncIterator[TwilioApi]:
    async with TwilioApi() as running:
        yield running


def config_with(folder: Path, api: TwilioApi) -> Config:
    """A deployment with a WhatsApp number at the emulator."""
    import msgspec

    return msgspec.structs.replace(
        config_in(folder),
        web=Web(port=0, public_url="http://localhost:1"),
        whatsapp=WhatsAppSettings(
            account_sid=api.account_sid,
            auth_token=api.auth_token,
            sender=api.number,
            base_url=api.base_url,
        ),
    )


@pytest.fixture
async def app(tmp_path: Path, api: TwilioApi) -> AsyncIterator[App]:
    opened = await open_app(config_with(tmp_path, api))
    yield opened
    await opened.close()


async def test_every_page_of_templates_is_read_and_kept(app: App, api: TwilioApi) -> None:
    api.approve("{{1}}: {{2}}", name="tachawor_invitation", language="fr")
    api.approve("{{1}}: {{2}}. {{3}}", name="tachawor_invitation", language="ar")
    api.approve("{{1}}", name="tachawor_result", language="fr", status="rejected")
    api.approve("{{1}}", name="another_programme", language="fr")
    found = await templates.refresh(app.storage, app.whatsapp)
    assert {(t.name, t.language, t.state, t.variables) for t in found} == {
        ("tachawor_invitation", "fr", "approved", 2),
        ("tachawor_invitation", "ar", "approved", 3),
        ("tachawor_result", "fr", "rejected", 1),
    }
    async with app.storage.reading() as tx:
        rows = await tx.rows(Templates, channel="whatsapp")
        lacking = await templates.missing(tx, "invitation", ["ary", "fr", "zgh"])
        refused = await templates.missing(tx, "result", ["fr"])
    assert len(rows) == 3
    assert lacking == [("zgh", "none")]
    assert refused == [("fr", "rejected")]


async def test_a_template_that_is_gone_is_forgotten(app: App, api: TwilioApi) -> None:
    sid = api.approve("{{1}}", name="tachawor_notice")
    await templates.refresh(app.storage, app.whatsapp)
    del api.contents[sid]
    # Two looks are never in one millisecond: an hour is between them.
    await asyncio.sleep(0.002)
    assert await templates.refresh(app.storage, app.whatsapp) == []
    async with app.storage.reading() as tx:
        assert await tx.rows(Templates, channel="whatsapp") == []


async def test_what_is_known_stays_while_twilio_is_away(app: App, api: TwilioApi) -> None:
    api.approve("{{1}}", name="tachawor_notice")
    await templates.refresh(app.storage, app.whatsapp)
    api.fail_next(503, 20500, "approvals")
    await templates.keep_fresh(app.storage, app.whatsapp)
    async with app.storage.reading() as tx:
        assert len(await tx.rows(Templates, channel="whatsapp")) == 1
