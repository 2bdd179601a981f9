"""One whole conversation, a broadcast and the housekeeping, in a process that ends at one crash point.

    journey = await travel(folder, database, crash="telegram:sendMessage after")
    journey.verdict.problems, journey.ended

A citizen tells a need with a tap and a photo, and answers a poll; an album waits; something that nobody can
read is put aside; two people are invited by a broadcast. A process that has ended is followed by a new one.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app.build import example_folder, kind_folders, open_app
from bot.consultations import definitions
from bot.outreach import broadcasts
from flows.dialog.outreach import Audience
from storage.database import batch
from storage.ids import new_id
from storage.opening import open_storage
from storage.rows.consultations import ConsultationByCode
from tests.checks import Pushed, Quarantined
from tests.emulators.telegram_api import says, taps
from tests.emulators.telegram_messages import album
from tests.faults.judging.checker import Verdict, judge
from tests.faults.judging.history import Disturbed, Restored, now, read
from tests.faults.judging.stored import stored_in
from tests.faults.points.point import ENDED
from tests.faults.server import HOST, SECRET, VAULT, config_of
from tests.faults.several.servers import Servers

#: Who tells and answers, and who is invited.
CITIZEN = 7
INVITED = (11, 12)

#: A place that the council speaks for.
PLACE = "08.401.01.07"

#: A JPEG of one pixel, as far as anybody looks.
PHOTO = (
    bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb004300") + bytes(64) + b"\xff\xd9"
)

#: Seconds until a broadcast that began is over.
PATIENCE = 20.0


@dataclass(slots=True)
class Journey:
    """What came of it."""

    verdict: Verdict
    #: Whether a process ended at the point.
    ended: bool
    #: The points that were passed, each once.
    passed: list[str] = field(default_factory=list)


class Following(Servers):
    """One process; if it ends at its point, another follows that does not."""

    ended = False

    async def _begin(self) -> None:
        self.processes.append(self._begun(self.ports[0]))
        self._watch = asyncio.create_task(self._follow())
        await self.healthy(self.ports[0])

    async def _follow(self) -> None:
        process = self.processes[0]
        while process.exitcode is None:  # noqa: ASYNC110  # another process
            await asyncio.sleep(0.01)
        if process.exitcode == ENDED:
            self.ended = True
            self.history.note(Disturbed(now(), "server 0"))
            at = self.options.index("--crash")
            del self.options[at : at + 2]
            self.processes[0] = self._begun(self.ports[0])
            await self.healthy(self.ports[0])
            self.history.note(Restored(now(), "server 0"))

    async def __aexit__(self, *error: object) -> None:
        self._watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watch
        await super().__aexit__(*error)


async def prepare(folder: Path, database: str) -> int:
    """A council, its consultations, two people and a broadcast to them that has begun. Returns its id."""
    councils = folder / "councils"
    councils.mkdir()
    text = (example_folder() / "council.toml").read_text("utf-8")
    quiet = '\n[sending]\nquiet_from = "00:00"\nquiet_to = "00:00"\nper_week = 50\n'
    (councils / "council.toml").write_text(text + quiet, "utf-8")
    app = await open_app(
        config_of(folder, 1, "http://localhost:1", database=database, councils=str(councils))
    )
    try:
        by_code = {council.code: council for council in app.register.all().values()}
        async with app.storage.transaction() as tx:
            for name in ("need", "poll"):
                raw, head = definitions.read_definition(example_folder() / f"{name}.toml", by_code)
                await definitions.add(tx, app.register, raw, head)
                row = await app.register.by_code(tx, head.code)
                assert row is not None
                await definitions.open_consultation(tx, row)
            (council,) = app.register.all()
            poll = await tx.row(ConsultationByCode, code="OZT-LIGHT")
            assert poll is not None
            await _people(tx, council)
            id = await broadcasts.draft(
                tx, council, "invitation", Audience(languages=("fr",)), made_by="trial",
                consultation_id=poll.id,
            )  # fmt: skip
            assert await broadcasts.start(tx, id)
    finally:
        await app.close()
    return id


async def _people(tx: Any, council: int) -> None:
    """Two people who speak French and have agreed to be written to."""
    people, addresses, consents = [], [], []
    for chat in INVITED:
        person = new_id()
        people.append(
            {"id": person, "language": "fr", "council_id": council, "commune": PLACE, "abroad": 0,
             "age_band": None, "gender": None, "disability": None, "profile_asked_at": 1,
             "stopped_at": None, "keeps_answers": 1, "created_at": 1}
        )  # fmt: skip
        addresses.append(
            {"id": new_id(), "person_id": person, "channel": "telegram", "account": "main",
             "address": VAULT.cover(str(chat)), "state": "open", "last_in_at": 1, "missed": 0}
        )  # fmt: skip
        consents += [
            {"id": new_id(), "person_id": person, "purpose": purpose, "given": 1, "version": "1",
             "shown": "", "language": "fr", "channel": "telegram", "at": 1}
            for purpose in ("consultation", "messages")
        ]  # fmt: skip
    await tx.run("save_people", rows=batch(people))
    await tx.run("save_addresses", rows=batch(addresses))
    await tx.run("add_consents", rows=batch(consents))


async def travel(folder: Path, database: str, crash: str = "", broken: str = "") -> Journey:
    """The whole journey; without `crash`, to see what is passed."""
    broadcast = await prepare(folder, database)
    passages = folder / "passages"
    options = ["--councils", str(folder / "councils"), "--house", "1", "--rest", "0.2"]
    options += ["--passages", str(passages), "--patience", "2"]
    options += ["--crash", crash] if crash else []
    options += ["--broken", broken] if broken else []
    async with Following(folder, database, 1, *options) as servers:
        parts = await _talk(servers)
        await _unreadable(servers)
        await _over(database, broadcast)
        await _housekeeping(servers, passages)
        stored = await stored_in(database, PATIENCE)
    verdict = judge(read(servers.history.path), stored, parts=parts)
    verdict.problems += await _invited(servers, database, broadcast)
    verdict.problems += [f"the server stopped with {code}" for code in servers.codes if code]
    passed = list(dict.fromkeys(passages.read_text("utf-8").splitlines()))
    return Journey(verdict, servers.ended, passed)


async def _talk(servers: Servers) -> list[int]:
    """First contact, a poll, a tap on a button, an album; which updates came as one with another."""
    for text in ("/start OZT-LIGHT", "english", "1"):
        await servers.say(CITIZEN, text)
    await _tap(servers)
    for text in ("3", "A lamp", "1", "2", "menu"):
        await servers.say(CITIZEN, text)
    came = []
    for part in album(CITIZEN, "Look here", ""):
        file = part["message"]["photo"][0]["file_id"]
        servers.api.files[file] = (f"photos/{file}.jpg", PHOTO)
        came.append(await servers.post(CITIZEN, part))
    return came[1:]


async def _tap(servers: Servers) -> None:
    """The first button under the last message, once there is one."""
    async with asyncio.timeout(PATIENCE):
        while not (servers.api.sent and servers.api.sent[-1].tokens):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    servers.api.open_queries.add("q1")
    await servers.post(CITIZEN, taps(CITIZEN, servers.api.sent[-1].tokens[0]))


async def _unreadable(servers: Servers) -> None:
    """Half a character: kept as it came. It has no number of its own that anybody could read."""
    body = says(13, "x") | {"update_id": 1}
    text = str(body).encode() + b"\xff"
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(OSError, Exception):
                url = f"http://{HOST}:{servers.ports[0]}/webhooks/telegram"
                async with servers.session.post(url, data=text, headers=headers) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)


async def _over(database: str, broadcast: int) -> None:
    """Wait until nobody waits for the broadcast any more."""
    storage = await open_storage(database, kind_folders())
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while True:
                async with storage.reading() as tx:
                    rows = await tx.rows(Pushed, broadcast_id=broadcast)
                if len(rows) == len(INVITED) and all(
                    row.state not in ("queued", "sending") for row in rows
                ):
                    break
                await asyncio.sleep(0.1)
    await storage.close()


async def _housekeeping(servers: Following, passages: Path) -> None:
    """Wait until the house was kept once, by who serves now."""
    kept = "bot/app/kept/housekeeping.py:keep_house after"
    before = passages.read_text("utf-8").count(kept)
    async with asyncio.timeout(PATIENCE):
        while passages.read_text("utf-8").count(kept) == before:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def _invited(servers: Following, database: str, broadcast: int) -> list[str]:
    storage = await open_storage(database, kind_folders())
    try:
        async with storage.reading() as tx:
            rows = await tx.rows(Pushed, broadcast_id=broadcast)
            aside = await tx.rows(Quarantined)
    finally:
        await storage.close()
    heard = Counter(sent.chat_id for sent in servers.api.sent if sent.chat_id in INVITED)
    states = {int(VAULT.uncover(row.address)): row.state for row in rows}
    kept = [f"{len(aside)} updates put aside, not one"] if len(aside) != 1 else []
    return [*_wrong(states, heard, ended=servers.ended), *kept]


def _wrong(states: dict[int, str], heard: Counter[int], *, ended: bool) -> Iterator[str]:
    """Each is invited once; who may or may not have been, when the process ended, is not again."""
    for chat in INVITED:
        state, times = states.get(chat), heard[chat]
        if times > 1:
            yield f"invited twice: chat {chat}, {times} times"
        doubtful = ended and state == "uncertain"
        if not doubtful and (state, times) != ("sent", 1):
            yield f"not invited: chat {chat} is {state}, and heard {times}"
