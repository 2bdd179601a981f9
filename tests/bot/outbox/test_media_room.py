"""How much room there is for files, and when those go that nobody's answer names."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import time_machine

from bot.app.build import App, open_app
from bot.app.kept import housekeeping
from bot.channels.port import Arrival
from bot.outbox import media_room
from tests.bot.conversation.test_inbound import send_file
from tests.citizen import NOON, Citizen, config_in

#: A voice note of so many bytes.
SIZE = 400_000


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, and what moves it."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(url: str, tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[App]:
    """An application with little room, on each database."""
    config = config_in(tmp_path, url)
    own = msgspec.structs.replace(config.storage, chat_megabytes=1, media_gigabytes=1)
    opened = await open_app(msgspec.structs.replace(config, storage=own))
    yield opened
    await opened.close()


def kept(app: App) -> list[Path]:
    """The files of citizens."""
    return [one for one in app.media.folder.iterdir() if one.is_file() and one.name[0] != "."]


async def at_words(app: App, name: str = "amina") -> Citizen:
    """A citizen who is asked for their words."""
    citizen = Citizen(app, name)
    await citizen.arrives(code="OZT-NEEDS")
    await citizen.verify([("1", "Where exactly?"), ("skip", "own words")])
    return citizen


async def voice(citizen: Citizen, size: int = SIZE) -> str:
    """Send a voice note."""
    return await send_file(citizen, b"OggS" + bytes(size - 4), "voice")


async def test_a_chat_has_room_for_so_much_within_a_week(
    app: App, clock: time_machine.Traveller
) -> None:
    """What is too much is not kept, and the citizen reads so; others are none the worse."""
    citizen = await at_words(app)
    for _ in range(2):
        assert "1 MB" not in await voice(citizen)
    assert "1 MB at most" in await voice(citizen)
    assert len(kept(app)) == 2
    assert "1 MB" not in await voice(citizen, 1_000_000 - 2 * SIZE)
    assert "1 MB at most" in await voice(citizen, 5)
    other = await at_words(app, "brahim")
    assert "1 MB" not in await voice(other)
    clock.shift(timedelta(days=8))
    citizen.at += 8 * 86_400_000
    assert "1 MB" not in await voice(citizen)


class ThroughAnotherBot(Citizen):
    """Somebody who writes to a bot that is called otherwise than its channel, as all are but in tests."""

    def arrival(self, **what: Any) -> Arrival:
        return msgspec.structs.replace(super().arrival(**what), account="bot 7")


async def test_what_was_sent_before_counts_whatever_the_bot_is_called(app: App) -> None:
    citizen = ThroughAnotherBot(app)
    await citizen.arrives(code="OZT-NEEDS")
    await citizen.verify([("1", "Where exactly?"), ("skip", "own words")])
    for _ in range(2):
        assert "1 MB" not in await voice(citizen)
    assert "1 MB at most" in await voice(citizen)


async def test_all_chats_have_room_for_so_much_together(app: App) -> None:
    """One byte too many is refused, and so is what would fill the disk."""
    (app.media.folder / "old.ogg").write_bytes(b"")
    os.truncate(app.media.folder / "old.ogg", 1_000_000_000 - SIZE)
    citizen = await at_words(app)
    assert "cannot keep files" not in await voice(citizen, SIZE)
    assert "cannot keep files just now" in await voice(citizen, 5)


async def test_the_disk_keeps_room_for_the_database(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = await at_words(app)
    disk = shutil.disk_usage(app.media.folder)
    for free, taken in ((media_room.FLOOR + SIZE, True), (media_room.FLOOR + SIZE - 1, False)):
        left = disk._replace(free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, left=left: left)
        assert ("cannot keep files" not in await voice(citizen)) is taken


async def test_a_file_that_no_answer_names_goes_after_a_day(
    app: App, clock: time_machine.Traveller
) -> None:
    """Those of a need stay; those of a left conversation as long as its answers; crumbs of a crash go too."""
    sender, talker = await at_words(app), Citizen(app, "brahim")
    await voice(sender)
    assert "Reference" in await sender.says("Send")
    await talker.arrives(code="OZT-LIGHT")
    await voice(talker)
    (app.media.folder / "crumb.ogg").write_bytes(b"OggS")
    (app.media.folder / "fresh.ogg").write_bytes(b"OggS")
    os.utime(app.media.folder / "crumb.ogg", (NOON / 1000 - 1, NOON / 1000 - 1))
    os.utime(app.media.folder / "fresh.ogg", (NOON / 1000 + 5, NOON / 1000 + 5))
    assert len(kept(app)) == 4
    clock.shift(timedelta(days=1))
    await housekeeping.keep_house(app)
    await housekeeping.sweep(app)
    assert len(kept(app)) == 3
    (app.media.folder / "fresh.ogg").unlink()
    clock.shift(timedelta(days=60))
    await housekeeping.keep_house(app)
    assert len(kept(app)) == 2
    clock.shift(timedelta(days=60))
    await housekeeping.keep_house(app)
    await housekeeping.sweep(app)
    (one,) = kept(app)
    assert one.stat().st_size == SIZE
