"""A provider in trouble: citizens write, and what reaches them is judged from the provider's side.

    trouble(folder, "telegram", "502", seconds=6) -> Report

Some chats were in the middle of a conversation before; others write for the first time while the
provider answers nothing that helps. After the trouble, everybody must have every answer, in order.
"""

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from pathlib import Path

from bot.app.build import App, channels_of, open_app
from bot.channels.port import Channel
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.core.localtime import now_ms
from bot.outbox.outgoing import restored
from tests.checks import OutboxOf
from tests.citizen import config_in
from tests.emulators.loopback import TROUBLES, Loopback
from tests.emulators.telegram_api import TelegramApi, says
from tests.emulators.twilio_api import TwilioApi

#: Every sort of trouble; "away" is a name that leads nowhere.
KINDS = (*TROUBLES, "away")

#: Chats that are in the middle of a conversation, and chats that write for the first time.
OLD, NEW = 3, 3

#: Seconds after which a call counts as unanswered.
PATIENCE = 1.0

#: What is said first tells one answer from another; a channel may write numbers below.
BEGINNING = 40

#: States in which nothing more is tried.
ENDED = ("sent", "dropped", "failed", "uncertain")

#: Times the trouble's length that the last answer may take to come, and seconds besides.
LATE, MORE = 3, 12


@dataclass
class Report:
    """What became of the answers."""

    provider: str
    kind: str
    refused: int = 0
    problems: list[str] = field(default_factory=list)


class _Town:
    """Citizens who write over one provider, and what has reached each of them."""

    def __init__(self, api: TelegramApi | TwilioApi, folder: Path) -> None:
        self.api = api
        self.numbers = itertools.count(1)
        self.config = config_in(folder)
        self.app: App | None = None

    def channel(self) -> Channel:
        """A channel with little patience."""
        api = self.api
        if isinstance(api, TelegramApi):
            return Telegram(api.token, "main", base_url=api.base_url, read_timeout=PATIENCE)
        return WhatsApp(
            api.account_sid,
            [api.auth_token],
            api.number,
            public_url="http://localhost:1",
            base_url=api.base_url,
            timeout=PATIENCE,
        )

    async def open(self) -> App:
        """Start the server, as after a crash or for the first time."""
        channel = self.channel()
        self.app = await open_app(self.config, channels_of(self.config) | {channel.name: channel})
        await self.app.delivery.resume()
        return self.app

    async def write(self, citizen: int, text: str) -> None:
        """A citizen writes; returns once it is committed."""
        assert self.app is not None
        channel = self.app.channels["telegram" if isinstance(self.api, TelegramApi) else "whatsapp"]
        if isinstance(self.api, TelegramApi):
            update = says(citizen, text) | {"update_id": next(self.numbers)}
            body: object = update
        else:
            body = list(self.api.message(f"+21260000{citizen:04}", text).items())
        arrivals = channel.read(body, now_ms())
        await self.app.conversations.receive(arrivals)  # type: ignore[arg-type]

    def heard(self, address: str) -> list[str]:
        """What has reached a citizen, in order."""
        if isinstance(self.api, TelegramApi):
            return [sent.text for sent in self.api.sent if str(sent.chat_id) == address]
        return [sent.text for sent in self.api.sent if sent.to == address]


async def trouble(
    folder: Path, provider: str, kind: str, *, seconds: float, restart: bool = False
) -> Report:
    """Let a provider be in trouble for a while, and judge what reached the citizens."""
    report = Report(provider, kind)
    async with TelegramApi() if provider == "telegram" else TwilioApi() as api:
        town = _Town(api, folder)
        app = await town.open()
        try:
            for citizen in range(1, OLD + 1):
                await town.write(citizen, "menu")
            await app.delivery.idle()
            await _begin(api, kind)
            everybody = range(1, OLD + NEW + 1)
            for citizen in everybody:
                # An answer to the language question, or a first word.
                await town.write(citizen, "english")
            begun = time.monotonic()
            await asyncio.sleep(seconds / 2)
            if restart:
                await app.close()
                app = await town.open()
            for citizen in everybody:
                await town.write(citizen, "help")
            await asyncio.sleep(max(0.0, begun + seconds - time.monotonic()))
            await _end(api, kind)
            await _wait_for_the_end(app, provider, seconds * LATE + MORE)
            report.refused = api.refused
            await _judge(town, app, report)
        finally:
            api.trouble = ""
            await app.close()
    return report


async def _begin(api: Loopback, kind: str) -> None:
    if kind == "away":
        await api.leave()
        api.refused = 1
    else:
        api.trouble = kind


async def _end(api: Loopback, kind: str) -> None:
    api.trouble = ""
    if kind == "away":
        await api.come_back()


async def _settled(app: App, provider: str) -> list[OutboxOf]:
    """What the outbox says of every answer, once nothing is written down any more."""
    await app.delivery.settlement.idle()
    async with app.storage.reading() as tx:
        return await tx.rows(OutboxOf, channel=provider)


async def _wait_for_the_end(app: App, provider: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        rows = await _settled(app, provider)
        if all(row.state in ENDED for row in rows):
            return
        await asyncio.sleep(0.05)


async def _judge(town: _Town, app: App, report: Report) -> None:
    chats: dict[str, list[str]] = {}
    for row in await _settled(app, report.provider):
        if row.state == "dropped" and row.error == "superseded":
            continue
        if row.state != "sent":
            report.problems.append(f"the outbox says {row.state} ({row.error})")
        said = restored(row.intent, app.vault, row.id).text
        chats.setdefault(app.vault.uncover(row.address), []).append(said[:BEGINNING])
    if len(chats) != OLD + NEW:
        report.problems.append(f"{len(chats)} chats")
    for address, said in chats.items():
        heard = [text[:BEGINNING] for text in town.heard(address)]
        once = [text for text, _ in itertools.groupby(heard)]
        # What may have arrived may have, also where a later answer took its place.
        doubtful = report.kind in ("lost", "hang")
        if not _in_order(said, once) or not (doubtful or once == said):
            late = "out of order" if set(once) >= set(said) else "some never arrived"
            report.problems.append(f"{len(once)} of {len(said)} answers reached a chat: {late}")
        if not doubtful and len(heard) != len(once):
            report.problems.append("something came twice")


def _in_order(said: list[str], heard: list[str]) -> bool:
    """Whether all that was said was heard in this order, whatever was heard besides."""
    rest = iter(heard)
    return all(text in rest for text in said)
