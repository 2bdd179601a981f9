"""A notice to many on Telegram: messages a second, and the CPU of one, beside a bare pool of connections.

    python -m bench.broadcast [--people 6000] [--per-second 1000]

The floor posts ten times as many messages over raw connections to the same stand-in, and keeps nothing.
"""

import argparse
import asyncio
import contextlib
import os
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import uvloop

from bench.__main__ import cores, cpu_of, free_port, say, spawned
from bench.candidate import HOST, Place
from bench.ours import config_of
from bench.provider import TOKEN, Provider
from bench.wire import Caller
from bot.app import serving
from bot.app.build import example_folder, open_app
from bot.core.config import Config, CouncilSettings
from bot.core.vault import Vault
from bot.outreach import broadcasts
from flows.dialog.outreach import Audience
from storage.ids import new_id

#: Calls of the floor under way at once, and how many times as many messages it posts.
AT_ONCE, FLOOR = 96, 10

WORDS = {"texts": {"fr": "Le marché est ouvert samedi matin."}}

#: A place that the example council speaks for.
PLACE = "08.401.01.07"

ALWAYS = "\n[sending]\nquiet_from = '00:00'\nquiet_to = '00:01'\n"


def config_in(folder: Path, provider: str, per_second: float) -> Config:
    """Settings of a deployment whose council sends at any hour."""
    config = config_of(Place(free_port(), provider, folder, profile=False))
    return msgspec.structs.replace(
        config,
        councils=CouncilSettings(folder=str(folder / "councils")),
        telegram=msgspec.structs.replace(config.telegram, per_second=per_second),
    )


async def serve(folder: Path, provider: str, per_second: float) -> None:
    """Serve until SIGTERM."""
    config = config_in(folder, provider, per_second)
    app = await open_app(config)
    try:
        await serving.serve(app, HOST, config.web.port)
    finally:
        await app.close()


async def floor(people: int, port: int) -> None:
    """Post so many messages."""
    caller = Caller(HOST, port)
    left = iter(range(people))

    async def go_on() -> None:
        for number in left:
            body = b'{"chat_id":%d,"text":"Le march\xc3\xa9 est ouvert samedi matin."}' % number
            await caller.post(f"/bot{TOKEN}/sendMessage", body)

    await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))
    caller.close()


async def prepare(folder: Path, people: int) -> None:
    """A council, so many people on Telegram who agreed to hear from it, and a notice that has begun."""
    (folder / "councils").mkdir()
    text = (example_folder() / "council.toml").read_text("utf-8")
    (folder / "councils" / "council.toml").write_text(text + ALWAYS, "utf-8")
    app = await open_app(config_in(folder, "http://localhost:1", 1))
    try:
        (council,) = app.register.all()
        _fill(str(folder / "bench.sqlite"), council, people, app.vault)
        async with app.storage.transaction() as tx:
            id = await broadcasts.draft(
                tx, council, "notice", Audience(languages=("fr",)), made_by="bench", body=WORDS
            )
            assert await broadcasts.start(tx, id)
    finally:
        await app.close()


def _fill(path: str, council: int, people: int, vault: Vault) -> None:
    ids = [new_id() for _ in range(people)]
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.executemany(
            "INSERT INTO people (id, language, council_id, commune, profile_asked_at, created_at) "
            "VALUES (?, 'fr', ?, ?, 1, 1)",
            [(id, council, PLACE) for id in ids],
        )
        database.executemany(
            "INSERT INTO addresses (id, person_id, channel, account, address, last_in_at) "
            "VALUES (?, ?, 'telegram', ?, ?, 1)",
            [
                (new_id(), id, TOKEN.split(":")[0], vault.cover(str(7_000_000 + n)))
                for n, id in enumerate(ids)
            ],
        )
        database.executemany(
            "INSERT INTO consents (id, person_id, purpose, given, version, shown, language, "
            "channel, at) VALUES (?, ?, ?, 1, '1', '', 'fr', 'telegram', 1)",
            [(new_id(), id, what) for id in ids for what in ("consultation", "messages")],
        )


async def measured(command: list[str], provider: Provider, people: int) -> tuple[float, float]:
    """Messages a second, and CPU of one in microseconds, of a process that sends to everybody."""
    before = provider.calls["sendMessage"]
    most = before + people * 95 // 100
    process = spawned(command)
    try:
        while provider.calls["sendMessage"] == before:  # noqa: ASYNC110  # counted elsewhere
            await asyncio.sleep(0.01)
        first, begun, spent = provider.calls["sendMessage"], time.perf_counter(), cpu_of(process)
        while provider.calls["sendMessage"] < most:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.01)
        done = provider.calls["sendMessage"] - first
        return done / (time.perf_counter() - begun), (cpu_of(process) - spent) / 1000 / done
    finally:
        process.terminate()
        process.wait(20)


async def compare(people: int, per_second: float) -> None:
    """Measure, and print."""
    core, mine = cores()
    if mine is not None:
        os.sched_setaffinity(0, {mine})
    on = ["taskset", "-c", str(core)] if core is not None else []
    provider = Provider()
    await provider.start()
    with tempfile.TemporaryDirectory(prefix="tachawor-bench-") as name:
        folder = Path(name)
        say(f"{people} people agree to hear from the council")
        await prepare(folder, people)
        base = [*on, sys.executable, "-m", "bench.broadcast", "--people", str(people)]
        ours = [*base, "--serve", name, "--per-second", str(per_second), "--to", provider.address]
        say("the notice goes out")
        rate, cpu = await measured(ours, provider, people)
        command = [*base, "--floor", str(provider.port)]
        bare_rate, bare = await measured(command, provider, people * FLOOR)
    provider.stop()
    print(f"ours   {rate:8,.0f} a second of {per_second:,.0f} allowed   {cpu:6,.0f} us of CPU each")
    print(f"floor  {bare_rate:8,.0f} a second                   {bare:6,.0f} us of CPU each")
    print(f"ours / floor {cpu / bare:.1f}")


def main() -> None:
    """Measure; or be one of the two that are measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.broadcast", description=__doc__)
    parser.add_argument("--people", type=int, default=6000)
    parser.add_argument("--per-second", type=float, default=1000)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--to", help=argparse.SUPPRESS)
    parser.add_argument("--floor", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve is not None:
        serving.run(serve(given.serve, given.to, given.per_second))
    elif given.floor is not None:
        uvloop.run(floor(given.people * FLOOR, given.floor))
    else:
        uvloop.run(compare(given.people, given.per_second))


if __name__ == "__main__":
    main()
