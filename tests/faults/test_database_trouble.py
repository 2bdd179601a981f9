"""A database that does not work for a while: messages wait or are refused cleanly, and no one is put aside for it."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.app.build import App, channels_of, open_app
from bot.channels.telegram import Telegram
from bot.conversation import inbound
from bot.core.localtime import now_ms
from bot.inbox import outlasting
from storage import postgresql
from storage.database import Unavailable
from storage.sqlite import SqliteStorage
from tests.checks import OutboxOf, Quarantined
from tests.citizen import config_in
from tests.emulators.telegram_api import TelegramApi, says
from tests.faults.line import Line


@pytest.fixture
async def line(fresh_postgresql: str) -> AsyncIterator[Line]:
    """A way to PostgreSQL that can be hurt."""
    async with Line(fresh_postgresql) as made:
        yield made


@pytest.fixture
async def api() -> AsyncIterator[TelegramApi]:
    """A Bot API."""
    async with TelegramApi() as running:
        yield running


async def opened(folder: Path, url: str, api: TelegramApi) -> App:
    """A bot whose citizens are on Telegram."""
    config = config_in(folder, url)
    channel = Telegram(api.token, "main", base_url=api.base_url)
    return await open_app(config, channels_of(config) | {"telegram": channel})


async def write(app: App, citizen: int, number: int, text: str = "menu") -> None:
    """A citizen writes; returns once it is committed."""
    update = says(citizen, text) | {"update_id": number}
    arrivals = app.channels["telegram"].read(update, now_ms())
    await app.conversations.receive(arrivals)  # type: ignore[arg-type]


async def fill(app: App, coming: Iterator[int]) -> None:
    """New citizens write until one is refused."""
    for number in coming:
        await write(app, number, number)


async def judge(app: App, api: TelegramApi, chats: int) -> None:
    """Each chat was answered once, and nothing was put aside."""
    await app.delivery.idle()
    async with app.storage.reading() as tx:
        assert await tx.rows(Quarantined) == []
        rows = await tx.rows(OutboxOf, channel="telegram")
    assert [row.state for row in rows] == ["sent"] * chats
    assert sorted(sent.chat_id for sent in api.sent) == list(range(1, chats + 1))


async def test_a_line_that_is_cut_for_a_second_holds_messages_up_and_loses_none(
    tmp_path: Path, line: Line, api: TelegramApi
) -> None:
    app = await opened(tmp_path, line.url, api)
    line.cut()
    coming = [asyncio.create_task(write(app, chat, chat)) for chat in range(1, 6)]
    await asyncio.sleep(1)
    assert not any(task.done() for task in coming)
    line.heal()
    await asyncio.gather(*coming)
    await judge(app, api, 5)
    await app.close()


async def test_a_commit_whose_answer_is_lost_is_answered_once(
    tmp_path: Path, line: Line, api: TelegramApi
) -> None:
    """Neither never, because it is a duplicate by then, nor twice."""
    app = await opened(tmp_path, line.url, api)
    line.lose_commits(1)
    await asyncio.gather(*(write(app, chat, chat) for chat in range(1, 6)))
    assert line.lost == 1
    await judge(app, api, 5)
    await app.close()


@pytest.mark.parametrize("hurt", ["cut", "swallow"])
async def test_a_database_that_stays_away_refuses_and_takes_in_what_comes_again(
    tmp_path: Path, line: Line, api: TelegramApi, monkeypatch: pytest.MonkeyPatch, hurt: str
) -> None:
    """Within the time in which a provider waits; a dead line holds nobody for ever."""
    monkeypatch.setattr(outlasting, "PATIENCE", 0.5)
    monkeypatch.setattr(postgresql, "WRITE_SECONDS", 0.4)
    monkeypatch.setattr(postgresql, "CONNECT_SECONDS", 0.4)
    app = await opened(tmp_path, line.url, api)
    await write(app, 1, 1)
    getattr(line, hurt)()
    async with asyncio.timeout(20):
        with pytest.raises(Unavailable):
            await write(app, 2, 2)
    line.heal()
    await write(app, 2, 2)
    await judge(app, api, 2)
    await app.close()


async def test_what_was_committed_while_nobody_could_be_asked_is_sent_later(
    tmp_path: Path, line: Line, api: TelegramApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider brings it again, it is known already, and its answer is in the outbox."""
    monkeypatch.setattr(outlasting, "PATIENCE", 0.3)
    monkeypatch.setattr(inbound, "PATIENCE", 0.3)
    app = await opened(tmp_path, line.url, api)
    line.lose_commits(1)
    task = asyncio.create_task(write(app, 1, 1))
    await line.losing.wait()
    line.cut()
    with pytest.raises(Unavailable):
        await task
    line.heal()
    await write(app, 1, 1)
    await asyncio.sleep(1)
    await judge(app, api, 1)
    await app.close()


async def test_a_full_disk_puts_nothing_aside(
    tmp_path: Path, api: TelegramApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is refused, and taken in when it comes again."""
    monkeypatch.setattr(outlasting, "PATIENCE", 0.5)
    app = await opened(tmp_path, f"sqlite:///{tmp_path}/a.sqlite", api)
    assert isinstance(app.storage, SqliteStorage)
    # No page more than there is: what SQLite says then is what it says of a full disk.
    await app.storage._writer.execute_fetchall("PRAGMA max_page_count = 1")
    coming = itertools.count(1)
    with pytest.raises(Unavailable, match="full"):
        await fill(app, coming)
    taken = next(coming) - 2
    await app.storage._writer.execute_fetchall("PRAGMA max_page_count = 1000000")
    await write(app, taken + 1, taken + 1)
    await judge(app, api, taken + 1)
    await app.close()
