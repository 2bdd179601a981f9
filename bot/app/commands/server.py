"""Commands about the whole deployment: run, check, migrate."""

import socket

import msgspec

from bot.app import serving
from bot.app.build import channels_of, councils_of, kind_folders, media_of, open_app, vault_of
from bot.core.config import Config
from bot.core.console import Refusal, say
from bot.core.councils import head_of
from bot.core.localtime import check_zone
from bot.staff import accounts
from flows.wording import render
from flows.wording.text import Translated
from storage.opening import open_storage
from storage.rows.consultations import Consultations


async def migrate(config: Config) -> int:
    """Bring the database up to date."""
    storage = await open_storage(config.storage.url, kind_folders())
    try:
        ran = await storage.migrate()
    finally:
        await storage.close()
    for name in ran:
        say(f"migrated: {name}")
    say("The database is up to date.")
    return 0


async def check(config: Config) -> int:
    """Check settings, councils, time zone data and every stored definition."""
    check_zone()
    councils = councils_of(config)
    for council in councils:
        say(
            f"council {council.code}: {render(Translated(council.name), 'fr')}, place {council.place}"
        )
    for name, on in (
        ("telegram", bool(config.telegram.token)),
        ("whatsapp", bool(config.whatsapp.account_sid)),
    ):
        say(f"{name}: {'configured' if on else 'not configured'}")
    vault_of(config)
    media_of(config, channels_of(config))
    storage = await open_storage(config.storage.url, kind_folders())
    wrong = 0
    try:
        await storage.migrate()
        async with storage.reading() as tx:
            for row in await tx.rows(Consultations):
                try:
                    head_of(row)
                except (msgspec.ValidationError, KeyError) as error:
                    wrong += 1
                    say(f"{row.code}: its stored definition no longer fits: {error}")
    finally:
        await storage.close()
    say("Everything fits." if not wrong else f"{wrong} definitions need attention.")
    return 1 if wrong else 0


async def run(config: Config, port: int | None) -> int:
    """Start everything on this machine, and print where."""
    wanted = port if port is not None else config.web.port
    chosen = free_port(config.web.host, wanted)
    if not config.web.public_url:
        web = msgspec.structs.replace(config.web, port=chosen)
        config = msgspec.structs.replace(config, web=web)
    app = await open_app(config)
    try:
        with app.storage.claim():
            if chosen != wanted:
                say(f"Port {wanted} is taken; using {chosen}.")
            async with app.storage.transaction() as tx:
                council_id = app.register.default_id
                link = await accounts.sign_in_link(tx, config.public_url, council_id, "staff")
            say()
            say("Tachawor is running.")
            say(f"  Chat with the bot:   {config.public_url}/")
            say("  Staff, link for one use within 10 minutes:")
            say(f"                       {link}")
            for name, label in (("telegram", "Telegram"), ("whatsapp", "WhatsApp")):
                if name in app.channels:
                    say(f"  {label}: on")
            say("  Stop with Ctrl-C.")
            say()
            await serving.serve(app, config.web.host, chosen)
    finally:
        await app.close()
    return 0


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next one that is free. Raises Refusal if none is near."""
    if not 0 <= wanted <= 65535:
        raise Refusal(f"the port is {wanted}; it must be from 0 to 65535")
    for port in range(wanted, min(wanted + MORE_PORTS, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                problem = error
                continue
            return int(probe.getsockname()[1])
    raise Refusal(f"cannot listen on {host}:{wanted}: {problem.strerror}; set [web] host and port")


#: Ports after the configured one that are tried when it is taken.
MORE_PORTS = 20
