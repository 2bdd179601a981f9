"""Who steals the database, its files and a backup, without the secret, learns nobody's number or account."""

import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from bot.app.backup import saving
from bot.app.build import App, open_app
from bot.app.sealed import covering
from bot.channels.port import Arrival
from bot.core.vault import Unreadable, Vault
from bot.outreach import lists
from storage.rows.people import PersonOfAddress
from tests.citizen import Citizen, config_in

NUMBER, ACCOUNT, LISTED = "+212698765432", "5566778899", "+212611223344"

#: The id of a tap, as Telegram makes it: its upper half is the account.
TAP = str(int(ACCOUNT) << 32 | 77)


def traces(folder: Path) -> Iterator[str]:
    """Where a number, an account or the id of a tap stands in a file, in whatever form."""
    wanted = [text.removeprefix("+212").encode() for text in (NUMBER, ACCOUNT, LISTED, TAP)]
    for file in sorted(folder.rglob("*")):
        content = file.read_bytes() if file.is_file() else b""
        yield from (f"{file.name}: {one.decode()}" for one in wanted if one in content)


async def takes_part(app: App) -> list[Citizen]:
    """Somebody from WhatsApp and somebody from Telegram tell a need, vote and tap; somebody is on a list."""
    people = [Citizen(app, channel="whatsapp"), Citizen(app, channel="telegram")]
    for citizen, address in zip(people, (NUMBER, ACCOUNT), strict=True):
        citizen.address = address
        await citizen.arrives(code="OZT-NEEDS")
        await citizen.verify([("1", "Where exactly?"), ("skip", "own words")])
        await citizen.says("The pump is broken")
        await citizen.does(text="", token=citizen.token("Send"), event="tap", receipt=TAP)
        await citizen.says("menu")
    async with app.storage.transaction() as tx:
        read = lists.read_content(f"phone\n{LISTED}\n".encode())
        council, sender = app.register.default_id, "+212500000000"
        await lists.fill(tx, app.vault, sender, council, "Souk", "imported", read, "forms", "amal")
    return people


async def test_a_stolen_database_with_its_files_and_a_backup_names_nobody(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    app = await open_app(config)
    number, _ = await takes_part(app)
    assert list(traces(tmp_path)) == []
    await saving.save(config, tmp_path / "saved")
    await app.close()
    assert list(traces(tmp_path)) == []
    # They are found again all the same, and answered where they are.
    app = await open_app(config)
    number.app = app
    assert "What would you like to do" in await number.says("menu")
    await app.close()


def test_without_the_secret_nobody_tries_which_number_an_address_is() -> None:
    ours, thief = Vault(secrets.token_bytes(32)), Vault(secrets.token_bytes(32))
    kept = ours.cover(NUMBER)
    assert ours.cover(NUMBER) == kept
    assert ours.uncover(kept) == NUMBER
    assert thief.cover(NUMBER) != kept
    with pytest.raises(Unreadable):
        thief.uncover(kept)
    assert ours.cover(ACCOUNT) != ours.cover(NUMBER)


async def test_a_database_of_before_is_covered_at_the_next_start(tmp_path: Path) -> None:
    """What stood in it in clear is in none of its files then, and everybody is known as before."""
    config = config_in(tmp_path)
    app = await open_app(config)
    number, account = await takes_part(app)
    vault = app.vault
    await app.close()
    _as_before(Path(config.storage.url.removeprefix("sqlite:///")), vault)
    assert list(traces(tmp_path)) != []
    app = await open_app(config)
    assert list(traces(tmp_path)) == []
    async with app.storage.reading() as tx:
        for citizen in (number, account):
            citizen.app = app
            where = {"channel": citizen.channel, "address": citizen.kept}
            assert await tx.row(PersonOfAddress, **where) is not None
    assert "What would you like to do" in await account.says("menu")
    await app.close()


async def test_a_start_that_was_cut_off_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = config_in(tmp_path)
    app = await open_app(config)
    await takes_part(app)
    vault = app.vault
    await app.close()
    _as_before(Path(config.storage.url.removeprefix("sqlite:///")), vault)

    async def cut_off(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(covering, "_came", cut_off)
        with pytest.raises(KeyboardInterrupt):
            await open_app(config)
    app = await open_app(config)
    assert list(traces(tmp_path)) == []
    await app.close()


def _as_before(file: Path, vault: Vault) -> None:
    """The database as the release before kept it."""
    decode = msgspec.json.Decoder(Arrival).decode
    with sqlite3.connect(file) as database:
        for table in ("addresses", "outbox"):
            for id, address in database.execute(f"SELECT id, address FROM {table}").fetchall():
                clear = vault.uncover(address)
                database.execute(f"UPDATE {table} SET address = ? WHERE id = ?", (clear, id))
        for id, payload in database.execute("SELECT id, payload FROM inbox").fetchall():
            if not payload.startswith("{"):
                continue
            arrival = decode(payload)
            clear = msgspec.structs.replace(
                arrival,
                address=vault.uncover(arrival.address),
                receipt=arrival.receipt and vault.uncover(arrival.receipt),
            )
            written = msgspec.json.encode(clear).decode()
            database.execute("UPDATE inbox SET payload = ? WHERE id = ?", (written, id))
        for id, intent in database.execute("SELECT id, intent FROM outbox").fetchall():
            if '"acknowledges"' in intent:
                message = msgspec.json.decode(intent)
                message["acknowledges"] = vault.uncover(message["acknowledges"])
                written = msgspec.json.encode(message).decode()
                database.execute("UPDATE outbox SET intent = ? WHERE id = ?", (written, id))
        database.execute("DELETE FROM agreed WHERE name = ?", (covering.NAME,))
    database.close()
