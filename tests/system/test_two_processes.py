"""Two processes on one PostgreSQL: a chat is handled by one at a time, whichever its messages reach."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from bot.app import serving
from bot.app.build import App
from storage.database import StorageError
from storage.rows.consultations import ConsultationByCode
from tests.bot.conversation.test_joining import joined
from tests.checks import AllResponses
from tests.citizen import Citizen, running
from tests.emulators.telegram_api import TOKEN, TelegramApi, says
from tests.faults.several.servers import free_port
from tests.processes import started

CHATS = 20


@pytest.fixture
async def two(tmp_path: Path, fresh_postgresql: str) -> AsyncIterator[tuple[App, App]]:
    """Two applications on one database."""
    async with (
        running(tmp_path, fresh_postgresql) as one,
        running(tmp_path, fresh_postgresql) as other,
    ):
        yield one, other


async def test_first_messages_at_two_processes_at_once_are_one_person(two: tuple[App, App]) -> None:
    """A chat that writes twice before it is known is somebody once."""
    one, other = two
    for number in range(CHATS):
        citizen = Citizen(one, f"citizen {number}")
        first, second = citizen.arrival(text="salam"), citizen.arrival(text="azul")
        await asyncio.gather(
            one.conversations.receive([first]), other.conversations.receive([second])
        )
    async with one.storage.reading() as tx:
        assert len(await tx.rows("people_known")) == CHATS


async def test_two_answers_of_a_chat_at_two_processes_at_once_are_both_kept(
    two: tuple[App, App],
) -> None:
    """Whoever comes second answers the question that is asked by then."""
    one, other = two
    citizens = [Citizen(one, f"citizen {number}") for number in range(CHATS)]
    for citizen in citizens:
        await citizen.arrives(code="OZT-LIGHT")
    for citizen in citizens:
        # It fits both questions: how is the light, how safe (one to five).
        first, second = citizen.arrival(text="1"), citizen.arrival(text="1")
        await asyncio.gather(
            one.conversations.receive([first]), other.conversations.receive([second])
        )
        assert "Do you have a proposal" in await citizen.hears()
        await citizen.says("skip")
        assert "Reference" in await citizen.says("[Send]")
    async with one.storage.reading() as tx:
        poll = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert poll is not None
        found = await tx.rows(AllResponses, consultation_id=poll.id)
    assert len(found) == CHATS


async def test_somebody_who_writes_in_two_chats_at_once_is_one_person(two: tuple[App, App]) -> None:
    """The answer of one chat is not overwritten from the other."""
    one, other = two
    for number in range(5):
        citizen = Citizen(one, f"citizen {number}")
        elsewhere = Citizen(one, f"citizen {number}", "telegram")
        await citizen.arrives(code="OZT-LIGHT")
        await elsewhere.arrives()
        await joined(citizen, elsewhere)
        await citizen.starts("OZT-LIGHT")
        first, second = citizen.arrival(text="1"), elsewhere.arrival(text="1")
        await asyncio.gather(
            one.conversations.receive([first]), other.conversations.receive([second])
        )
        said = await citizen.hears() + await elsewhere.hears()
        assert "Do you have a proposal" in said


async def test_only_one_media_folder_serves_a_database(
    tmp_path: Path, fresh_postgresql: str
) -> None:
    """What one process keeps, another is to show: the second is told so at its start."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one_folder, other_folder = tmp_path / "one", tmp_path / "other"
    async with running(one_folder, fresh_postgresql) as one, serving.background(one):
        async with running(other_folder, fresh_postgresql) as other:
            with pytest.raises(StorageError, match="mount the same one"):
                await _begun(other)
        async with running(one_folder, fresh_postgresql) as same:
            await _begun(same)
    # Nobody serves any more: the folder was moved, or lost and begun anew.
    async with running(other_folder, fresh_postgresql) as other:
        await _begun(other)
    async with running(one_folder, fresh_postgresql) as one:
        await _begun(one)


async def _begun(app: App) -> None:
    async with serving.background(app):
        pass


async def _until(done: Callable[[], Awaitable[bool] | bool], log: Path) -> None:
    try:
        async with asyncio.timeout(30):
            while True:
                found = done()
                if await found if isinstance(found, Awaitable) else found:
                    return
                await asyncio.sleep(0.1)
    except TimeoutError:
        pytest.fail(log.read_text())


async def test_the_parts_of_the_work_can_be_processes_of_their_own(
    tmp_path: Path, fresh_postgresql: str
) -> None:
    """One takes what comes and shows pages, one sends, one looks at the time."""
    # A connection that was kept is closed by the server after a while, and a waiting test would write into it.
    anew = aiohttp.TCPConnector(force_close=True)
    port, log, said = free_port(), tmp_path / "log", tmp_path / "said"
    said.write_text("")
    async with TelegramApi(token=TOKEN) as api, aiohttp.ClientSession(connector=anew) as session:
        (tmp_path / "config.toml").write_text(
            f'[web]\nport = {port}\npublic_url = "https://tachawor.example"\n[storage]\nurl = "{fresh_postgresql}"\n'
            f'media = "{tmp_path}/media"\nsecret = "a secret for tests"\n'
            f'[telegram]\ntoken = "{TOKEN}"\nbase_url = "{api.address}"\n'
            'mode = "webhook"\nwebhook_secret = "webhook-secret-of-two"\nchat_per_second = 100\n'
        )
        processes = {
            part: started("bot.__main__", ["run", "--only", part], tmp_path, says=said, errors=log)
            for part in ("web", "worker", "scheduler")
        }
        try:

            async def posted(chat: int, text: str, update: int) -> None:
                headers = {"X-Telegram-Bot-Api-Secret-Token": "webhook-secret-of-two"}
                url = f"http://127.0.0.1:{port}/webhooks/telegram"
                body = says(chat, text) | {"update_id": update}
                async with session.post(url, json=body, headers=headers) as answer:
                    assert answer.status == 200

            async def up() -> bool:
                try:
                    async with session.get(f"http://127.0.0.1:{port}/health") as answer:
                        return answer.status == 200 and said.read_text().count("Ctrl-C") == 3
                except aiohttp.ClientError:
                    return False

            await _until(up, log)
            for update, text in enumerate(("/start OZT-LIGHT", "english", "1"), 1):
                await posted(1, text, update)
            await _until(lambda: any("How is the lighting" in one.text for one in api.sent), log)
            # Without a worker nothing goes, and nothing is lost.
            processes["worker"].terminate()
            await asyncio.to_thread(processes["worker"].join, 30)
            await posted(1, "good", 4)
            before = len(api.sent)
            await asyncio.sleep(0.5)
            assert len(api.sent) == before
            processes["worker"] = started(
                "bot.__main__", ["run", "--only", "worker"], tmp_path, says=said, errors=log
            )
            await _until(lambda: any("How is safety" in one.text for one in api.sent), log)
        finally:
            for process in processes.values():
                process.terminate()
                process.join(30)
        assert {process.exitcode for process in processes.values()} == {0}


async def test_a_file_cannot_be_served_in_parts(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = started("bot.__main__", ["run", "--only", "worker"], tmp_path, errors=log)
    process.join(30)
    assert process.exitcode == 1
    assert "leave --only out" in log.read_text()
