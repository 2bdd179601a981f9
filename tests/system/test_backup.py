"""A deployment is saved while it serves, lost, and brought back elsewhere: nobody is written to twice by it."""

import asyncio
import contextlib
import errno
import fcntl
import gzip
import os
import resource
import shutil
import sqlite3
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import msgspec
import pytest

from bot.app.backup import saving
from bot.app.build import App, kind_folders, open_app
from bot.core.config import Config, ConfigError, WhatsAppSettings
from bot.core.console import Refusal
from bot.core.localtime import now_ms
from bot.outreach import held, templates
from bot.outreach.schedule import Schedule
from storage.database import StorageError
from storage.opening import open_storage
from storage.queries import migrations, migrations_in
from tests.bot.outreach.test_broadcasts_outside import (
    deployment,
    gone,
    imported,
    invite,
    open_poll,
)
from tests.citizen import Citizen, config_in, running
from tests.emulators.twilio_api import TwilioApi
from tests.pictures import JPEG
from tests.shell import Shell


@pytest.fixture
async def elsewhere(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> AsyncIterator[str]:
    """The address of another empty database of the same kind."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/else/test.sqlite"
        return
    server: str = request.getfixturevalue("postgresql")
    connection = await asyncpg.connect(server)
    name = f"e{uuid.uuid4().hex}"
    await connection.execute(f"CREATE DATABASE {name}")
    yield server.replace("@/postgres", f"@/{name}", 1)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


def moved(config: Config, folder: Path, url: str) -> Config:
    """The same deployment on another machine."""
    own = msgspec.structs.replace(config.storage, url=url, media=str(folder / "media"))
    return msgspec.structs.replace(config, storage=own)


async def filed(app: App, name: str = "amina") -> Citizen:
    """A citizen who has told a need with a photo, and began a poll."""
    citizen = Citizen(app, name)
    await citizen.arrives(code="OZT-NEEDS")
    await citizen.verify([("1", ""), ("skip", "own words")])
    ref = app.channels["web"].upload(JPEG, "photo", None)  # type: ignore[attr-defined]
    await citizen.does(text="The bridge is broken", media=(ref,))
    assert "Reference" in await citizen.says("Send")
    await citizen.starts("OZT-LIGHT")
    await citizen.says("good")
    return citizen


async def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All that a database holds, but for what a restore writes itself."""
    storage = await open_storage(url, kind_folders())
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"rows-{uuid.uuid4().hex}"  # noqa: S108
    folder.mkdir()
    try:
        from storage.tables import rows_of

        tables = await storage.dump(folder)
        found = {}
        for name, table in tables.items():
            order = sorted(range(len(table.columns)), key=lambda at, t=table: t.columns[at])
            found[name] = sorted(
                (tuple(row[at] for at in order) for row in rows_of(folder, name)), key=repr
            )
        found["agreed"] = [row for row in found["agreed"] if held.NAME not in row]
    finally:
        await storage.close()
        shutil.rmtree(folder)
    return found


async def test_what_is_saved_under_load_is_whole_and_goes_on_elsewhere(
    url: str, elsewhere: str, tmp_path: Path
) -> None:
    """Whatever was acknowledged before is in it; a conversation that was half finished is finished there."""
    (tmp_path / "else").mkdir()
    there = moved(config_in(tmp_path, url), tmp_path / "else", elsewhere)
    async with running(tmp_path, url) as app:
        citizen = await filed(app)

        async def load(number: int) -> None:
            for each in range(4):
                await filed(app, f"citizen {number} {each}")

        others = [asyncio.create_task(load(number)) for number in range(3)]
        await asyncio.sleep(0.3)
        made = await saving.save(app.config, tmp_path / "saved")
        await asyncio.gather(*others)
    assert made.tables["responses"].rows >= 1
    restored = await saving.bring_back(there, tmp_path / "saved")
    assert restored.made_at == made.made_at
    app = await open_app(there)
    try:
        citizen.app = app
        assert "How is safety" in await citizen.says("back") + await citizen.says("good")
        kept = [one for one in app.media.folder.iterdir() if one.suffix == ".jpg"]
        assert len(kept) >= 1
    finally:
        await app.close()


async def test_nothing_is_lost_or_changed_between_the_two_kinds_of_database(
    tmp_path: Path, fresh_postgresql: str
) -> None:
    """From SQLite to PostgreSQL and back: every row of every table is the same."""
    own = config_in(tmp_path)
    async with running(tmp_path) as app:
        for name in ("amina", "brahim"):
            await filed(app, name)
    before = await rows(own.storage.url)
    await saving.save(own, tmp_path / "one")
    (tmp_path / "pg").mkdir()
    there = moved(own, tmp_path / "pg", fresh_postgresql)
    await saving.bring_back(there, tmp_path / "one")
    assert await rows(fresh_postgresql) == before
    await saving.save(there, tmp_path / "two")
    (tmp_path / "back").mkdir()
    again = moved(own, tmp_path / "back", f"sqlite:///{tmp_path}/back/test.sqlite")
    await saving.bring_back(again, tmp_path / "two")
    assert await rows(again.storage.url) == before
    assert before["responses"]
    assert before["media"]


async def test_who_was_reached_after_the_backup_is_not_invited_again(tmp_path: Path) -> None:
    """Nor is anybody before an operator has decided; what citizens write anew is answered all the same."""
    async with TwilioApi() as twilio:
        settings = WhatsAppSettings(
            account_sid=twilio.account_sid,
            auth_token=twilio.auth_token,
            sender=twilio.number,
            base_url=twilio.base_url,
        )
        config = deployment(tmp_path, whatsapp=settings)
        app = await open_app(config)
        council_id = await open_poll(app)
        code = await imported(app, council_id)
        twilio.approve("{{1}}", name="tachawor_invitation", language="fr")
        await templates.refresh(app.storage, app.whatsapp)  # type: ignore[arg-type]
        await invite(app, lists=(code,))
        await saving.save(config, tmp_path / "saved")
        await gone(app)
        assert len(twilio.sent) == 2
        await app.close()
        for end in ("drop", "release"):
            folder = tmp_path / end
            folder.mkdir()
            there = moved(config, folder, f"sqlite:///{folder}/test.sqlite")
            await saving.bring_back(there, tmp_path / "saved")
            app = await open_app(there)
            await templates.load(app.storage, app.whatsapp)  # type: ignore[arg-type]
            before = len(twilio.sent)
            await gone(app)
            assert await Schedule(app.storage, app.result_body).run_due() == []
            assert len(twilio.sent) == before
            form = twilio.message("+212600000009", "salam")
            read = app.whatsapp.read(list(form.items()), now_ms())  # type: ignore[union-attr]
            await app.conversations.receive(read)  # type: ignore[arg-type]
            await app.delivery.idle()
            assert len(twilio.sent) > before
            before = len(twilio.sent)
            async with app.storage.transaction() as tx:
                assert await held.since(tx)
                await (held.drop if end == "drop" else held.release)(tx)
            await gone(app)
            assert len(twilio.sent) - before == (0 if end == "drop" else 2)
            await app.close()


async def test_a_backup_is_restored_into_folders_that_are_not_there_yet(tmp_path: Path) -> None:
    """A new machine has the settings and nothing else."""
    config = config_in(tmp_path)
    app = await open_app(config)
    await filed(app)
    await app.close()
    await saving.save(config, tmp_path / "saved")
    there = moved(config, tmp_path / "new", f"sqlite:///{tmp_path}/new.sqlite")
    own = msgspec.structs.replace(there.storage, media=str(tmp_path / "a" / "new" / "machine"))
    await saving.bring_back(msgspec.structs.replace(there, storage=own), tmp_path / "saved")
    media = tmp_path / "a" / "new" / "machine"
    assert [one.suffix for one in media.iterdir() if one.name[0] != "."] == [".jpg"]


async def test_a_backup_is_restored_with_its_secret_only_and_whole_only(tmp_path: Path) -> None:
    """Refused before anything is written; the secret is nowhere in it."""
    own = config_in(tmp_path)
    async with running(tmp_path) as app:
        await filed(app)
    saved = tmp_path / "saved"
    await saving.save(own, saved)
    content = b"".join(one.read_bytes() for one in saved.rglob("*") if one.is_file())
    assert own.storage.secret.encode() not in content
    (tmp_path / "new").mkdir()
    there = moved(own, tmp_path / "new", f"sqlite:///{tmp_path}/new/test.sqlite")
    other = msgspec.structs.replace(there.storage, secret="another secret that nobody guesses")
    with pytest.raises(ConfigError, match="is not the one"):
        await saving.bring_back(msgspec.structs.replace(there, storage=other), saved)
    none = msgspec.structs.replace(there.storage, secret="", secret_file=f"{tmp_path}/none.key")
    with pytest.raises(ConfigError, match="the secret is missing"):
        await saving.bring_back(msgspec.structs.replace(there, storage=none), saved)
    harms: list[Callable[[], object]] = [
        lambda: (saved / "tables/responses.jsonl.gz").write_bytes(b"x"),
        lambda: (saved / "tables/people.jsonl.gz").unlink(),
        lambda: next((saved / "media").glob("*.jpg")).write_bytes(b"x"),
        lambda: (saved / "manifest.json").unlink(),
    ]
    for harm in harms:
        whole = tmp_path / f"whole-{uuid.uuid4().hex}"
        shutil.copytree(saved, whole)
        harm()
        with pytest.raises(Refusal, match=r"damaged|no whole backup"):
            await saving.bring_back(there, saved)
        shutil.rmtree(saved)
        whole.rename(saved)
    assert not list((tmp_path / "new").iterdir())
    await saving.bring_back(there, saved)
    with pytest.raises(Refusal, match="not empty"):
        await saving.bring_back(there, saved)
    with pytest.raises(Refusal, match="is there already"):
        await saving.save(own, saved)


@pytest.mark.parametrize("where", ["held", "copytree"])
async def test_a_restore_that_was_killed_is_not_served_from(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the rows and their being held: everybody would have been invited again."""
    own = config_in(tmp_path)
    async with running(tmp_path) as app:
        await filed(app)
    saved = tmp_path / "saved"
    await saving.save(own, saved)
    (tmp_path / "new").mkdir()
    there = moved(own, tmp_path / "new", f"sqlite:///{tmp_path}/new/test.sqlite")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(
            *((held, "hold", killed) if where == "held" else (shutil, "copytree", killed))
        )
        with pytest.raises(KeyboardInterrupt):
            await saving.bring_back(there, saved)
    with pytest.raises(StorageError, match="a restore broke off"):
        await open_app(there)
    with pytest.raises(Refusal, match="not empty"):
        await saving.bring_back(there, saved)
    for file in (tmp_path / "new").glob("test.sqlite*"):
        file.unlink()
    await saving.bring_back(there, saved)
    app = await open_app(there)
    async with app.storage.reading() as tx:
        assert await held.since(tx)
    await app.close()


@pytest.mark.unmigrated
async def test_a_backup_of_an_older_version_is_brought_up_to_date(url: str, tmp_path: Path) -> None:
    """The tables are as they were, and then the migrations since do their work; a newer one is refused."""
    known = [name for name, _ in (*migrations(), *migrations_in(kind_folders()))]
    older = [name for name in known if not name.startswith(("006", "0035"))]
    old = await open_storage(f"sqlite:///{tmp_path}/old.sqlite", kind_folders())
    await old.migrate(older)
    await old.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "old.sqlite")) as base:
        base.execute("INSERT INTO people (id, created_at) VALUES (7, 1)") if _bare(base) else None
        base.execute("INSERT INTO agreed VALUES ('secret', 'x')")
        base.commit()
    config = config_in(tmp_path, f"sqlite:///{tmp_path}/old.sqlite")
    saved = tmp_path / "saved"
    made = await saving.save(config, saved)
    assert set(made.migrations) == set(older)
    from bot.app.sealed import secret
    from bot.core.vault import open_vault

    digest = secret.fingerprint(open_vault(config.storage.secret, tmp_path / "none"))
    right = msgspec.structs.replace(made, fingerprint=digest)
    (saved / "manifest.json").write_bytes(msgspec.json.encode(right))
    there = config_in(tmp_path, url)
    await saving.bring_back(there, saved)
    storage = await open_storage(url, kind_folders())
    assert set(await storage.migrated()) == set(known)
    await storage.close()
    newer = msgspec.structs.replace(right, migrations=(*right.migrations, "9999_later"))
    (saved / "manifest.json").write_bytes(msgspec.json.encode(newer))
    with pytest.raises(StorageError, match="newer version"):
        await saving.bring_back(there, saved)


def _bare(base: sqlite3.Connection) -> bool:
    """Whether a person needs no more than a number and a moment."""
    columns = base.execute("PRAGMA table_info(people)").fetchall()
    return {row[1] for row in columns if row[3] and row[4] is None} <= {"id", "created_at"}


def test_an_operator_saves_restores_and_decides(tmp_path: Path) -> None:
    """By commands, as the page says."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = Shell(tmp_path / "one"), Shell(tmp_path / "two")
    one.refuses(("backup", str(tmp_path / "saved")), "there is nothing in the database yet")
    one.says(("staff", "list"))
    one.says(("outbox", "list"), "Nothing is held.")
    one.refuses(("outbox", "drop", "--yes"), "nothing is held")
    one.says(("backup", str(tmp_path / "saved")), "Saved ", "The secret is not in it")
    two.says(("restore", str(tmp_path / "saved")), "Restored ", "before you say so")
    two.says(("outbox", "list"), "Held since a restore")
    two.refuses(("outbox", "release"), "add --yes")
    two.says(("outbox", "release", "--yes"), "Released.")
    two.says(("outbox", "list"), "Nothing is held.")
    source = f"sqlite:///{tmp_path}/one/data/tachawor.sqlite"
    target = f"sqlite:///{tmp_path}/three/tachawor.sqlite"
    one.says(("copy", "--from", source, "--to", target), "Copied ", "before you say so")
    one.refuses(("copy", "--from", source, "--to", target), "not empty")


#: What fits a table of the example, and no photo.
SMALL_FILES = 100_000


@contextlib.contextmanager
def small_files() -> Iterator[None]:
    """As under `ulimit -f`: no file grows beyond it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_FILES, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def begun(folder: Path) -> Shell:
    """A deployment with one large file."""
    shell = Shell(folder)
    shell.says(("staff", "list"))
    (folder / "data/media/large.jpg").write_bytes(b"x" * 4 * SMALL_FILES)
    return shell


def test_a_backup_that_the_disk_does_not_take_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    """One line: why, what to do, and that there is no half backup."""
    shell = begun(tmp_path)
    with small_files():
        shell.refuses(("backup", "saved"), "File too large", "ulimit -f", "saved is removed again")
    assert not (tmp_path / "saved").exists()


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, "No space left on device; make room, or use another disk"),
        (errno.EDQUOT, "share of the disk is used up"),
        (errno.EIO, "see whether the disks are well"),
    ],
)
def test_whatever_a_disk_says_of_a_backup_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, expected: str
) -> None:
    """In the middle of a table."""
    shell = begun(tmp_path)

    def full(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(gzip.GzipFile, "write", full)
    shell.refuses(("backup", "saved"), expected, "saved is removed again")
    assert not (tmp_path / "saved").exists()


def test_a_restore_that_the_disk_does_not_take_says_what_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is; the files are not, and the line says what to empty."""
    begun(tmp_path).says(("backup", "saved"))
    (tmp_path / "new").mkdir()

    def full(*_: object, **__: object) -> None:
        raise shutil.Error([("a", "b", "[Errno 28] No space left on device: 'b'")])

    monkeypatch.setattr(shutil, "copytree", full)
    Shell(tmp_path / "new").refuses(
        ("restore", str(tmp_path / "saved")),
        "No space left on device",
        "The database is filled already: empty it and data/media",
    )


def test_a_copy_says_what_stands_in_its_way(tmp_path: Path) -> None:
    """A database that is not there, one that somebody serves from, and what an earlier try has left."""
    own = Shell(tmp_path)
    own.says(("staff", "list"))
    source, target = "sqlite:///data/tachawor.sqlite", "sqlite:///new/tachawor.sqlite"
    own.refuses(("copy", "--from", "sqlite:///nope.sqlite", "--to", target), "no file nope.sqlite")
    assert not (tmp_path / "nope.sqlite").exists()
    with (tmp_path / "data/tachawor.sqlite.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        own.refuses(("copy", "--from", source, "--to", target), "end it first")
        own.says(("backup", "beside"), "Saved ")
    with contextlib.closing(sqlite3.connect(tmp_path / "data/tachawor.sqlite")) as base:
        names = base.execute("SELECT name FROM migrations ORDER BY name LIMIT 5").fetchall()

    async def half() -> None:
        (tmp_path / "new").mkdir()
        storage = await open_storage(f"sqlite:///{tmp_path}/new/tachawor.sqlite", kind_folders())
        await storage.migrate([name for (name,) in names])
        await storage.close()

    asyncio.run(half())
    own.says(("copy", "--from", source, "--to", target), "Copied ")
    own.refuses(("copy", "--from", source, "--to", target), "an earlier restore or copy")


def test_a_database_that_is_something_elses_is_left_alone(tmp_path: Path) -> None:
    """And a folder is no database."""
    own = Shell(tmp_path)
    with contextlib.closing(sqlite3.connect(tmp_path / "kitchen.sqlite")) as base:
        base.execute("CREATE TABLE recipes (name TEXT)")
    own.environment["TACHAWOR_STORAGE_URL"] = "sqlite:///kitchen.sqlite"
    done = own.run("check")
    assert done.returncode == 2
    assert "it has a table 'recipes'; name another file" in done.stderr
    with contextlib.closing(sqlite3.connect(tmp_path / "kitchen.sqlite")) as base:
        assert base.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]
    own.environment["TACHAWOR_STORAGE_URL"] = "sqlite:///data"
    (tmp_path / "data").mkdir(exist_ok=True)
    done = own.run("check")
    assert done.returncode == 2
    assert "it is a folder; name a file in it" in done.stderr
