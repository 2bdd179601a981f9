"""What cannot work ends the process with code 2 and one line; `check` says the same."""

import asyncio
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from bot.app.commands import server as deployment
from tests import processes
from tests.faults.databases.own import own
from tests.shell import Shell
from tests.system.conftest import free_port, until
from tests.system.running import environment, tachawor

#: How long a process that cannot work may think about it: SQLite waits 15 s for a lock.
PATIENCE = 40.0

PUBLIC = {"TACHAWOR_WEB_PUBLIC_URL": "https://tachawor.example.ma"}


async def said(
    folder: Path, *words: str, nobody: bool = False, **more: str
) -> tuple[int | None, str]:
    """The exit code of a command, and what it complained of."""
    if nobody:
        return await _as_nobody(folder, *words, **more)
    errors = folder.with_name(f"{folder.name}-errors")
    errors.unlink(missing_ok=True)
    process = processes.started(
        "bot.__main__",
        words,
        folder,
        environment(folder, **more),
        says=Path(os.devnull),
        errors=errors,
    )
    await asyncio.to_thread(process.join, PATIENCE)
    if process.exitcode is None:
        process.kill()
        await asyncio.to_thread(process.join)
        return None, "it hangs"
    return process.exitcode, errors.read_text("utf-8")


async def _as_nobody(folder: Path, *words: str, **more: str) -> tuple[int | None, str]:
    """As a user who owns nothing."""
    process = await asyncio.create_subprocess_exec(
        *("setpriv", "--reuid=65534", "--clear-groups", sys.executable, "-m", "bot", *words),
        cwd=folder,
        env={**environment(folder, **more), "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    except TimeoutError:
        process.kill()
        await process.wait()
        return None, "it hangs"
    return process.returncode, errors.decode()


async def refused(folder: Path, expected: str, **more: str) -> None:
    """Both `run` and `check` end with code 2 and one line that says why."""
    for words in (("check",), ("run", "--port", str(free_port()))):
        code, errors = await said(folder, *words, **more)
        lines = [line for line in errors.splitlines() if line.startswith("tachawor: ")]
        assert code == 2, (words, errors)
        assert len(lines) == 1, (words, errors)
        assert expected in lines[0], (words, errors)
        assert "Traceback" not in errors


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment that has served; for copying."""
    folder = tmp_path_factory.mktemp("served")

    async def serve() -> None:
        async with tachawor(folder) as server:
            server.tell()
            assert await server.ended(20) == 0

    asyncio.run(serve())
    return folder


@pytest.fixture
def begun(served: Path, tmp_path: Path) -> Path:
    """A deployment that has served."""
    shutil.copytree(served, tmp_path, dirs_exist_ok=True)
    return tmp_path


def database(folder: Path) -> Path:
    """Its database."""
    return folder / "data/test.sqlite"


def noise(folder: Path) -> None:
    database(folder).write_bytes(os.urandom(30_000))


def cut(folder: Path) -> None:
    os.truncate(database(folder), 50_000)


def newer(folder: Path) -> None:
    with sqlite3.connect(database(folder)) as base:
        base.execute("INSERT INTO migrations VALUES ('9999_of_the_future')")
    base.close()


def tableless(folder: Path) -> None:
    with sqlite3.connect(database(folder)) as base:
        base.execute("DROP TABLE outbox")
    base.close()


def gone(folder: Path) -> None:
    shutil.rmtree(folder / "data")


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (noise, "is not a database; put a backup in its place"),
        (cut, "put a backup in its place"),
        (newer, "by a newer version (it has '9999_of_the_future'"),
        (tableless, "outbox); put a backup in its place"),
    ],
)
async def test_a_database_that_cannot_be_used_ends_the_process(
    begun: Path, harm: Callable[[Path], None], expected: str
) -> None:
    harm(begun)
    await refused(begun, expected)


async def test_a_folder_that_is_missing_is_no_new_database(begun: Path) -> None:
    """A disk that is not there; of our own folder one is made."""
    missing = f"sqlite:///{begun}/disk/data/test.sqlite"
    await refused(begun, "is its disk there?", TACHAWOR_STORAGE_URL=missing)
    await refused(begun, "on a disk that is there", TACHAWOR_STORAGE_MEDIA=f"{begun}/disk/x/media")
    assert not (begun / "disk").exists()


async def test_wishes_and_backups_make_one_folder_and_no_more(begun: Path) -> None:
    """Both belong on a disk of their own: where more is missing, it is."""
    deep, wishes = begun / "disk/deep", begun / "disk/deep/wishes.jsonl"
    code, errors = await said(begun, "check", TACHAWOR_STORAGE_WISHES=str(wishes))
    assert code == 2
    assert "is its disk there?" in errors
    code, errors = await said(begun, "backup", str(deep / "saved"))
    assert code == 1
    assert f"there is no folder {deep}: is its disk there?" in errors
    async with tachawor(begun, TACHAWOR_STORAGE_WISHES=str(wishes)) as server:
        await until(lambda: "what citizens wish is not kept" in server.errors.read_text("utf-8"))
    assert not (begun / "disk").exists()
    (begun / "disk").mkdir()
    async with tachawor(begun, TACHAWOR_STORAGE_WISHES=str(wishes)):
        await until(wishes.exists)


async def test_a_locked_database_is_said(begun: Path) -> None:
    """Somebody else holds the whole file."""
    base = sqlite3.connect(database(begun), isolation_level=None)
    base.execute("PRAGMA locking_mode=EXCLUSIVE")
    base.execute("BEGIN EXCLUSIVE")
    try:
        await refused(begun, "database is locked")
    finally:
        base.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not write")
async def test_a_database_that_may_only_be_read_is_said(begun: Path) -> None:
    """Its owner is somebody else."""
    media = begun / "media-of-nobody"
    media.mkdir()
    shutil.chown(media, 65534)
    for one in (*begun.parents[:3], begun, begun / "data"):
        one.chmod(0o755)
    database(begun).chmod(0o444)
    code, errors = await said(begun, "check", nobody=True, TACHAWOR_STORAGE_MEDIA=str(media))
    assert code == 2, errors
    assert "let the bot's user write the file and its folder" in errors


async def test_another_secret_than_the_databases_is_refused_and_a_missing_one_too(
    begun: Path,
) -> None:
    """It is never replaced in silence."""
    other = "another secret that nobody guesses"
    await refused(begun, "is not the one that this database", TACHAWOR_STORAGE_SECRET=other)
    key = f"{begun}/secret.key"
    none = {"TACHAWOR_STORAGE_SECRET": "", "TACHAWOR_STORAGE_SECRET_FILE": key}
    await refused(begun, "the secret is missing", **none)
    assert not Path(key).exists()
    code, errors = await said(begun, "check")
    assert code == 0, errors


async def test_a_new_database_gets_a_new_secret_for_us_alone(tmp_path: Path) -> None:
    """Files are 0600, folders 0700, whatever the user's own mask says; those of before are closed."""
    key = tmp_path / "keys/secret.key"
    none = {"TACHAWOR_STORAGE_SECRET": "", "TACHAWOR_STORAGE_SECRET_FILE": str(key)}
    (tmp_path / "data/media").mkdir(parents=True, mode=0o755)
    before = os.umask(0o000)
    try:
        async with tachawor(tmp_path, **none) as server:
            await server.get("/")
            found = [key, key.parent, *(tmp_path / "data").rglob("*")]
            for path in found:
                assert path.stat().st_mode & 0o077 == 0, path
            assert {"test.sqlite", "test.sqlite-wal", "media"} <= {path.name for path in found}
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"TACHAWOR_STORAGE_SECRET": "short"}, "[storage] secret is too weak"),
        ({"TACHAWOR_STORAGE_SECRET": "x" * 40}, "[storage] secret is too weak"),
        (
            {"TACHAWOR_TELEGRAM_WEBHOOK_SECRET": "webhook"},
            "[telegram] webhook_secret is too weak",
        ),
        ({"TACHAWOR_TELEGRAM_WEBHOOK_SECRET": "no way: spaces!"}, "A-Z a-z 0-9 _ - only"),
    ],
)
async def test_a_weak_secret_is_refused(
    tmp_path: Path, more: dict[str, str], expected: str
) -> None:
    telegram = {
        "TACHAWOR_TELEGRAM_TOKEN": "123456789:AAE-abcdefghijklmnopqrstuvwxyz0123456",
        "TACHAWOR_TELEGRAM_MODE": "webhook",
        "TACHAWOR_TELEGRAM_WEBHOOK_SECRET": "long-enough-and-varied",
    }
    await refused(tmp_path, expected, **{**telegram, **PUBLIC, **more})


async def test_no_other_port_is_taken_where_the_world_knows_ours(tmp_path: Path) -> None:
    """A proxy would find whoever has it; without an address of the world's the next one is as good."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for more in ((), ("--port", port)):
            words = ("run", *more) if more else ("check",)
            code, errors = await said(tmp_path, *words, TACHAWOR_WEB_PORT=port, **PUBLIC)
            assert code == 2
            assert f"cannot listen on 127.0.0.1:{port}" in errors
            assert len(errors.splitlines()) == 1


async def test_check_beside_a_server_finds_its_own_port_taken_and_says_nothing(
    tmp_path: Path,
) -> None:
    """As one does after a change of the settings, before the next start."""
    async with tachawor(tmp_path, **PUBLIC) as server:
        port = str(server.port)
        code, errors = await said(tmp_path, "check", TACHAWOR_WEB_PORT=port, **PUBLIC)
        assert code == 0, errors


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            {"TACHAWOR_COUNCILS_DEFAULT": "nope"},
            "[councils] default is 'nope'; it must be one of: example",
        ),
        ({"TACHAWOR_STORAGE_VOICES": "nope"}, "[storage] voices: there is no folder nope"),
        ({"TACHAWOR_WEB_HOST": "203.0.113.7"}, "must be an address of this machine"),
        ({"TACHAWOR_WEB_HOST": "no-such-host.invalid"}, "must be an address of this machine"),
    ],
)
async def test_check_says_what_run_says_of_a_setting(
    begun: Path, more: dict[str, str], expected: str
) -> None:
    """`check` is what systemd asks before it starts the service."""
    await refused(begun, expected, **more)


async def test_a_table_that_is_missing_in_postgresql_is_said(
    begun: Path, fresh_postgresql: str
) -> None:
    """Also one that is asked for seldom."""
    code, errors = await said(begun, "check", TACHAWOR_STORAGE_URL=fresh_postgresql)
    assert code == 0, errors
    connection = await asyncpg.connect(fresh_postgresql)
    await connection.execute("DROP TABLE outbox CASCADE")
    await connection.close()
    await refused(
        begun,
        'is not whole (relation "outbox" does not exist)',
        TACHAWOR_STORAGE_URL=fresh_postgresql,
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
async def test_a_lock_file_of_somebody_else_is_said(served: Path) -> None:
    """As it is where root has run the server once."""
    with tempfile.TemporaryDirectory() as place:
        begun = Path(place) / "begun"
        shutil.copytree(served, begun)
        for one in (begun.parent, begun):
            one.chmod(0o755)
        for one in (begun / "data", *(begun / "data").rglob("*")):
            shutil.chown(one, 65534)
        lock = database(begun).with_name("test.sqlite.lock")
        lock.touch(0o600)
        shutil.chown(lock, 0)
        for words in (("check",), ("run", "--port", str(free_port()))):
            code, errors = await said(begun, *words, nobody=True)
            lines = [line for line in errors.splitlines() if line.startswith("tachawor: ")]
            assert code == 2, (words, errors)
            assert len(lines) == 1, errors
            assert "test.sqlite.lock': Permission denied; give it to the bot's user" in lines[0]


async def test_a_sign_in_link_is_in_no_journal_where_the_world_reaches_us(tmp_path: Path) -> None:
    """Also for the example council."""
    async with tachawor(tmp_path) as server:
        assert "/staff/sign-in/" in server.says.read_text()
    server.says.unlink()
    async with tachawor(tmp_path, **PUBLIC) as server:
        assert "Tachawor is running" in server.says.read_text()
        assert "/staff/sign-in/" not in server.says.read_text()


async def test_postgresql_that_is_away_is_waited_for_aloud(tmp_path: Path) -> None:
    """Whoever starts everything at once has no order to keep; nor has `check`, which systemd asks before."""
    with own() as server:
        url = server.address
        await asyncio.to_thread(server.stop)
        checked = asyncio.create_task(said(tmp_path, "check", TACHAWOR_STORAGE_URL=url))
        async with tachawor(tmp_path, ready=False, TACHAWOR_STORAGE_URL=url) as running:
            await until(lambda: "Waiting for the database" in running.heard())
            await asyncio.to_thread(server.start)
            await running.ready()
            code, errors = await checked
            assert code == 0, errors
            running.tell()
            assert await running.ended(15) == 0


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://bot:geheim@127.0.0.1:1/x",
            "PostgreSQL at 127.0.0.1:1 does not answer ([Errno 111] Conn",
        ),
        (
            "postgresql://bot:geheim@nowhere.invalid/x",
            "PostgreSQL at nowhere.invalid:5432 is not found",
        ),
        (
            "postgresql://bot:geheim@nowhere.invalid",
            "PostgreSQL at nowhere.invalid:5432 is not found",
        ),
        ("postgresql://bot:geh@eim@127.0.0.1:1/x", "@ is written %40, / %2F"),
        ("postgresql://bot:geheim/1@127.0.0.1:1/x", "@ is written %40, / %2F"),
        ("postgresql://bot:12/geheim@127.0.0.1:1/x", "@ is written %40, / %2F"),
        ("postgresql://bot:geheim#1@127.0.0.1:1/x", "@ is written %40, / %2F"),
    ],
)
def test_postgresql_that_stays_away_is_named_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, expected: str
) -> None:
    """What to do stands there too; `check` gives up after a while."""
    monkeypatch.setattr(deployment, "CHECK_SECONDS", 1.5)
    shell = Shell(tmp_path)
    shell.environment["TACHAWOR_STORAGE_URL"] = url
    done = shell.run("check")
    assert done.returncode == 2
    assert expected in done.stderr
    assert "geh" not in done.stdout + done.stderr
    assert ("Waiting for the database" in done.stdout) == ("PostgreSQL at" in expected)


async def test_a_link_leads_to_the_server_that_runs(tmp_path: Path) -> None:
    """On whichever port it was told, or had to take; once it has ended, to that of the settings."""
    shell = Shell(tmp_path)
    shell.environment = {**environment(tmp_path), "TACHAWOR_WEB_PORT": "8079"}
    link = ("staff", "link", "--name", "amina", "--print")
    async with tachawor(tmp_path) as running:
        said = (await asyncio.to_thread(shell.run, *link)).stdout
        assert f"{running.address}/staff/sign-in/" in said
        running.tell()
        assert await running.ended(20) == 0
    assert (
        "http://127.0.0.1:8079/staff/sign-in/" in (await asyncio.to_thread(shell.run, *link)).stdout
    )
