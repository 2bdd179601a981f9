"""Commands about the whole deployment: run, check, migrate."""

import sys

import msgspec

from bot.app import serving
from bot.app.backup import wishes
from bot.app.build import (
    App,
    channels_of,
    councils_of,
    kind_folders,
    media_of,
    open_app,
    recorded_in,
)
from bot.app.sealed import secret
from bot.app.serving import ALL, Part
from bot.app.starting import CHECK_SECONDS, leave_port, open_patiently, port_of
from bot.core.config import Config
from bot.core.console import Refusal, operator, say
from bot.core.councils import check_default, head_of, stored_councils
from bot.core.localtime import check_zone
from bot.outbox import owners
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
    recorded_in(config, media_of(config, channels_of(config)))
    storage = await open_patiently(config, kind_folders(), CHECK_SECONDS)
    wrong = 0
    try:
        await storage.examine()
        await secret.fitting(storage, config)
        wishes.check(wishes.path_of(config))
        if not await owners.serving(storage):
            # (Of one that serves the port is taken, by itself.)
            port_of(config)
        async with storage.reading() as tx:
            known = {council.code: None for council in councils}
            known |= {row.code: None for row in await stored_councils(tx)}
            check_default(config.councils.default, known)
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


async def run(config: Config, port: int | None, only: Part | None = None) -> int:
    """Start everything on this machine, or one part of it, and print where."""
    if only is not None and not config.storage.url.startswith("postgresql"):
        raise Refusal(
            "--only is for several processes on one PostgreSQL database, and [storage] url is an "
            "SQLite file, which one process serves alone; leave --only out"
        )
    if only in ("worker", "scheduler"):
        return await _run_unseen(config, only)
    wanted = port if port is not None else config.web.port
    chosen = port_of(config, port)
    if not config.web.public_url:
        web = msgspec.structs.replace(config.web, port=chosen)
        config = msgspec.structs.replace(config, web=web)
    app = await open_app(config, opening=open_patiently)
    try:
        with app.storage.claim():
            leave_port(config, chosen)
            if chosen != wanted != 0:
                say(f"Port {wanted} is taken; using {chosen}.")
            await _say_where(app, "Tachawor is running." if only is None else "Pages are served.")
            parts = ALL if only is None else frozenset({only})
            await serving.serve(app, config.web.host, chosen, parts)
    finally:
        await app.close()
    return 0


async def _run_unseen(config: Config, only: Part) -> int:
    """A part that has no pages."""
    app = await open_app(config, opening=open_patiently)
    try:
        say(f"Tachawor's {only} is running. Stop with Ctrl-C.")
        await serving.serve(app, config.web.host, 0, frozenset({only}))
    finally:
        await app.close()
    return 0


async def _say_where(app: App, what: str) -> None:
    url = app.config.public_url
    seen = sys.stdout.isatty() or (app.register.default.example and not app.config.web.public_url)
    link = await _first_link(app, url) if seen else ""
    say()
    say(what)
    say(f"  Chat with the bot:   {url}/")
    if link:
        say("  Staff, link for one use within 10 minutes:")
        say(f"                       {link}")
    else:
        # What is no terminal is a log, which others read.
        say("  Staff: `tachawor staff link --name NAME`, in a terminal, prints a sign-in link.")
    for name, label in (("telegram", "Telegram"), ("whatsapp", "WhatsApp")):
        if name in app.channels:
            say(f"  {label}: on")
    say("  Stop with Ctrl-C.")
    say()


async def _first_link(app: App, url: str) -> str:
    async with app.storage.transaction() as tx:
        return await accounts.sign_in_link(tx, url, app.register.default_id, "staff", by=operator())
