"""What has served its time is forgotten then, and not before."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from bot.app import serving
from bot.app.build import App
from bot.app.kept import housekeeping
from bot.conversation.erasure import copy_named
from bot.results import requests
from bot.staff import put_aside
from storage.rows.downloads import Download
from tests.bot.staff.test_accounts import member
from tests.citizen import NOON, Citizen, running

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, and what moves it."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[App]:
    """The application at noon."""
    async with running(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(("days", "kept"), [(89.95, True), (90.05, False)])
async def test_answers_that_were_left_are_kept_for_ninety_days(
    app: App, clock: time_machine.Traveller, days: float, kept: bool
) -> None:
    """Whoever comes back within three months goes on where they were."""
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.says("good")
    await citizen.says("cancel")
    clock.shift(timedelta(days=days))
    await housekeeping.keep_house(app)
    citizen.at += int(days * 86_400_000)
    assert ("How is safety" in await citizen.says("resume")) is kept


@pytest.mark.parametrize(("days", "kept"), [(89, True), (91, False)])
async def test_what_nobody_could_read_is_kept_for_ninety_days(
    app: App, clock: time_machine.Traveller, days: int, kept: bool
) -> None:
    """It may hold the words of somebody who is erased: nobody can tell whose it is."""
    await app.conversations.put_aside(app.channels["web"], b"{", "not an update")
    clock.shift(timedelta(days=days))
    await housekeeping.keep_house(app)
    async with app.storage.reading() as tx:
        assert bool(await put_aside.messages(tx, app.register, app.register.default_id)) is kept


@pytest.mark.parametrize(("minutes", "kept"), [(9, True), (11, False)])
async def test_the_last_word_to_who_was_erased_stays_for_ten_minutes(
    app: App, clock: time_machine.Traveller, minutes: int, kept: bool
) -> None:
    """So that they can read on their own page that it is done."""
    citizen = Citizen(app)
    await citizen.arrives()
    await citizen.says("my data")
    await citizen.taps("Erase my data")
    assert "erased" in await citizen.taps("Erase my data")
    clock.shift(timedelta(minutes=minutes))
    await housekeeping.keep_house(app)
    citizen._seen = 0
    assert bool(await citizen.hears()) is kept


@pytest.mark.parametrize(("seconds", "kept"), [(-1, True), (1, False)])
async def test_a_file_is_kept_for_a_day(
    app: App, clock: time_machine.Traveller, seconds: int, kept: bool
) -> None:
    """Then it is gone from the disk too, and has to be asked for again."""
    amal = await member(app, "amal", "admin")
    async with app.storage.transaction() as tx:
        id = await requests.ask(
            tx, amal.council_id, amal.id, "consultation", "OZT-LIGHT", "csv", "fr",
            filters={}, identities=False,
        )  # fmt: skip
    assert await app.maker.make_next()
    clock.shift(timedelta(days=1, seconds=seconds))
    await app.maker.tidy()
    async with app.storage.reading() as tx:
        row = await tx.row(Download, id=id)
    assert (row is not None and bool(row.file)) is kept
    assert bool(list(app.media.downloads.glob("*"))) is kept


@pytest.mark.parametrize(("seconds", "again"), [(60, False), (61, True)])
async def test_a_maker_that_was_not_heard_of_for_a_minute_is_followed_by_another(
    app: App, clock: time_machine.Traveller, seconds: int, again: bool
) -> None:
    """A process that died leaves its file to the next."""
    amal = await member(app, "amal", "admin")
    async with app.storage.transaction() as tx:
        id = await requests.ask(
            tx, amal.council_id, amal.id, "consultation", "OZT-LIGHT", "csv", "fr",
            filters={}, identities=False,
        )  # fmt: skip
        await tx.run("download_progress", id=id, done=0, whole=1, at=NOON)
        await tx.run("set_download_state", id=id, state="running")
    clock.shift(timedelta(seconds=seconds))
    assert await app.maker.make_next() is again


@pytest.mark.parametrize(("minutes", "kept"), [(59, True), (61, False)])
async def test_a_copy_of_ones_data_is_kept_for_an_hour(
    app: App, clock: time_machine.Traveller, minutes: int, kept: bool
) -> None:
    """Its link is good for less than that."""
    citizen = Citizen(app)
    await citizen.arrives()
    await citizen.says("my data")
    heard = await citizen.says("copy")
    name = heard.partition("/my-data/")[2].partition("/")[0]
    assert name
    clock.shift(timedelta(minutes=minutes))
    await housekeeping.keep_house(app)
    async with app.storage.reading() as tx:
        assert (await copy_named(tx, app.vault, name) is not None) is kept


async def test_a_second_word_to_end_is_not_listened_to_while_the_server_closes(app: App) -> None:
    """While the server closes, a second word to end is not listened to; afterwards it is."""
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    try:
        with serving._surviving_sigterm():
            signal.raise_signal(signal.SIGTERM)
            assert heard == []
        signal.raise_signal(signal.SIGTERM)
        assert heard == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_telegram_is_not_called_before_its_pause_is_over(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also at the start: a restart forgives no "too many requests"."""
    done: list[str] = []

    class Bot:
        name = "telegram"

        async def start(self) -> str:
            done.append("start")
            return "our_bot"

        async def set_commands(self, commands: dict[str, list[tuple[str, str]]]) -> None:
            done.extend(sorted(commands))
            assert all(text for pairs in commands.values() for _, text in pairs)

    async def wait(channel: str) -> None:
        done.append(f"waited for {channel}")

    monkeypatch.setattr(app.delivery, "out_of_pause", wait)
    monkeypatch.setattr(type(app), "telegram", Bot(), raising=False)
    assert await serving._set_up(app) == "our_bot"
    assert done == ["waited for telegram", "start", "ar", "ary", "en", "fr", "zgh"]


async def test_what_is_under_way_at_the_end_of_the_process_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A job that is cut off there leaves nothing in the log."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slow(*_: object) -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    monkeypatch.setattr(serving, "keep_time", slow)
    async with running(tmp_path) as app:
        async with serving.background(app), asyncio.timeout(30):
            await begun.wait()
        async with asyncio.timeout(30):
            await ended.wait()
        await asyncio.sleep(0.05)
    assert [one for one in caplog.records if one.exc_info] == []
