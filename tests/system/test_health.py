"""What machines that watch over the process are told: alive, ready, figures."""

import asyncio
import re
import shutil
import sqlite3
import time

import msgspec
import pytest

from bot.app import health
from bot.core.config import Config
from storage.ids import new_id
from tests.citizen import Citizen
from tests.emulators.telegram_api import TelegramApi
from tests.faults.databases.own import own
from tests.system.conftest import served, until
from tests.system.test_telegram import Phone, with_telegram
from tests.visitor import visitor


def figure(text: str, name: str) -> float:
    """A figure of the page."""
    found = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    assert len(found) == 1, f"{name} is not on the page once"
    return float(found[0].split()[1])


async def test_a_database_that_does_not_answer_takes_the_process_out_within_a_second(
    config: Config,
) -> None:
    """It is alive all the same; once the database is back, it is ready."""
    with own() as server:
        storage = msgspec.structs.replace(config.storage, url=server.address)
        async with (
            served(msgspec.structs.replace(config, storage=storage)) as (_, address),
            visitor(base_url=address, timeout=30) as client,
        ):
            answer = await client.get("/readyz")
            assert answer.status_code == 200
            assert answer.json() == {"database": "ok", "disk": "ok", "channels": {"web": "on"}}
            server.freeze()
            try:
                began = time.monotonic()
                answer = await client.get("/readyz")
                assert time.monotonic() - began < health.DATABASE_SECONDS + 10
                assert answer.status_code == 503
                assert "no answer within 1 s" in answer.json()["database"]
                assert (await client.get("/healthz")).text == "ok"
            finally:
                server.thaw()
            async with asyncio.timeout(30):
                answer = await client.get("/readyz")
                while answer.status_code != 200:
                    await asyncio.sleep(0.2)
                    answer = await client.get("/readyz")


@pytest.mark.parametrize("short", [0, 1])
async def test_a_disk_below_its_floor_takes_the_process_out(
    config: Config, monkeypatch: pytest.MonkeyPatch, short: int
) -> None:
    async with served(config) as (app, address), visitor(base_url=address) as client:
        left = shutil.disk_usage(app.media.folder)._replace(free=health.DISK_FLOOR - short)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: left)
        answer = await client.get("/readyz")
        assert answer.status_code == (503 if short else 200)
        assert ("199 MB are free; 200 are needed" in answer.json()["disk"]) is bool(short)


async def test_a_refused_channel_is_told_and_takes_nobody_out(config: Config) -> None:
    async with TelegramApi() as api:
        settings = with_telegram(config, api, "polling")
        api.token = "110201543:withdrawn"
        async with served(settings) as (_, address), visitor(base_url=address) as client:
            async with asyncio.timeout(20):
                while True:
                    answer = await client.get("/readyz")
                    assert answer.status_code == 200
                    if answer.json()["channels"]["telegram"] == "the token is refused":
                        break
                    await asyncio.sleep(0.1)


#: A call that Telegram refused because of the token.
HALTED = 'tachawor_provider_errors_total{channel="telegram",code="401",kind="Halted"}'

#: How many messages wait, by the figures.
WAITING = re.compile(r'^tachawor_outbox\{state="(?:sending|queued)"\} (\S+)', re.MULTILINE)


def refusals(text: str) -> float:
    """How many such calls there were; none is no line."""
    return figure(text, HALTED) if HALTED in text else 0.0


async def test_the_figures_tell_what_came_what_went_and_what_waits(config: Config) -> None:
    """For who comes straight from this machine; through a proxy there is no such page."""
    async with TelegramApi() as api:
        settings = with_telegram(config, api, "polling")
        async with (
            served(settings) as (app, address),
            visitor(base_url=address) as client,
        ):
            before = (await client.get("/metrics")).text
            phone = Phone(api)
            api.push(phone.message("/start"))
            await until(lambda: api.sent)
            right, api.token = api.token, "110201543:withdrawn"
            citizen = Citizen(app)
            await citizen.says("salam")
            await app.conversations.put_aside(app.channels["web"], b"{", "not an update")
            api.push(phone.message("english"))
            async with asyncio.timeout(60):
                while True:
                    text = (await client.get("/metrics")).text
                    # Other tests of this process have had errors of their own.
                    if refusals(text) > refusals(before):
                        break
                    await asyncio.sleep(0.2)
                    if api.token != right:
                        # What came is answered by a call that is refused.
                        app.delivery._pauses._until.clear()
                        came = Citizen(app, "brahim", "telegram").arrival(text="salam")
                        number = str(new_id() % 10**9)
                        came = msgspec.structs.replace(came, address=number)
                        await app.conversations.receive([came])
            # One message is to wait for an hour.
            with sqlite3.connect(config.storage.url.removeprefix("sqlite:///"), timeout=60) as base:
                base.execute(
                    "UPDATE outbox SET state = 'queued', not_before = ? "
                    "WHERE id = (SELECT MIN(id) FROM outbox WHERE channel = 'telegram')",
                    (int(time.time() + 3600) * 1000,),
                )
            base.close()
            text = (await client.get("/metrics")).text
            assert sum(map(float, WAITING.findall(text))) >= 1
            assert figure(text, 'tachawor_received_total{channel="web"}') >= 1
            assert 'tachawor_sent_total{channel="telegram"}' in text
            assert figure(text, "tachawor_quarantined") == 1
            assert "tachawor_outbox_oldest_seconds" in text
            assert figure(text, "process_resident_memory_bytes") > 10_000_000
            assert "tachawor_loop_lag_seconds_count" in before
            assert "tachawor_database_up" in before
            for header in ("x-forwarded-for", "forwarded"):
                answer = await client.get("/metrics", headers={header: "for=10.0.0.1"})
                assert answer.status_code == 404
