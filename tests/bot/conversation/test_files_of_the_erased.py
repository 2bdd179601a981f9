"""Files that were made for staff do not keep what somebody said who was erased."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.app.build import App
from bot.core.localtime import now_ms
from bot.results import downloads, requests
from storage.rows.downloads import Download
from tests.citizen import Citizen

WANTED: Mapping[str, Any] = {
    "values": {
        "state": "all", "theme": "", "commune": "", "nature": "", "assignee": 0, "sought": "bridge",
        "unseen": 1, "reference": "", "before": 0, "said": 0, "overdue": 0, "unread": 0,
        "today": "2026-11-21",
    },
    "words": "search: bridge",
}  # fmt: skip


async def tells(app: App, name: str) -> Citizen:
    citizen = Citizen(app, name)
    await citizen.arrives(code="OZT-NEEDS")
    for said in ("1", "skip", f"The bridge of {name} is broken", "[Send]", "not now"):
        await citizen.says(said)
    return citizen


async def asked(app: App) -> int:
    """The needs as a file that a member of staff wants."""
    async with app.storage.transaction() as tx:
        id = app.register.default_id
        await tx.run("add_staff", id=1, council_id=id, name="Rim", role="admin", at=now_ms())
        return await requests.ask(
            tx, id, 1, "needs", "", "csv", "fr", filters=WANTED, identities=False
        )


async def row(app: App, id: int) -> Download:
    async with app.storage.reading() as tx:
        found = await tx.row(Download, id=id)
    assert found is not None
    return found


async def erases(citizen: Citizen) -> None:
    for said in ("menu", "my data", "[Erase]", "[Erase]"):
        await citizen.says(said)


async def test_a_file_that_was_made_goes_with_who_is_in_it(app: App) -> None:
    """What was searched for, too: it may be somebody's name."""
    amina, stranger = await tells(app, "amina"), Citizen(app, "stranger")
    await stranger.arrives()
    id = await asked(app)
    assert await app.maker.make_next()
    file = app.media.downloads / str((await row(app, id)).file)
    assert "amina" in file.read_text("utf-8-sig")
    # Who took part in nothing there is in no file.
    await erases(stranger)
    assert file.exists()
    await erases(amina)
    assert not file.exists()
    gone = await row(app, id)
    assert (gone.state, gone.file, gone.filters) == ("gone", None, "{}")


async def test_a_file_that_is_being_made_is_made_again_without_them(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before is thrown away."""
    amina = await tells(app, "amina")
    await tells(app, "brahim")
    id = await asked(app)
    read, go = asyncio.Event(), asyncio.Event()
    real = downloads.Maker._make

    async def held(maker: downloads.Maker, *given: Any) -> Any:
        made = await real(maker, *given)
        read.set()
        await go.wait()
        return made

    with monkeypatch.context() as patched:
        patched.setattr(downloads.Maker, "_make", held)
        making = asyncio.create_task(app.maker.make_next())
        await read.wait()
        await erases(amina)
        go.set()
        await making
    assert list(app.media.downloads.iterdir()) == []
    assert (await row(app, id)).state == "waiting"
    assert await app.maker.make_next()
    content = (app.media.downloads / str((await row(app, id)).file)).read_text("utf-8-sig")
    assert "brahim" in content
    assert "amina" not in content


async def test_after_a_day_it_is_forgotten_what_was_searched_for(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tells(app, "amina")
    id = await asked(app)
    await app.maker.make_next()
    await app.maker.tidy()
    assert (await row(app, id)).filters != "{}"
    monkeypatch.setattr(downloads, "KEPT_MS", -1000)
    await app.maker.tidy()
    assert ((await row(app, id)).state, (await row(app, id)).filters) == ("gone", "{}")
