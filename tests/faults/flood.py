"""A broadcast to many, through providers that misbehave, from a server that is killed again and again.

    report = await flood(folder, FloodPlan(seed=7, people=1500))
    report.problems        empty if every recipient ended once, and nothing went when it may not

Meanwhile citizens who are not invited answer a poll, some of those invited tap on what they got,
and some say STOP. Everything is judged afterwards, from the database and from what the providers
noted (`tests.faults.standins`).
"""

import asyncio
import random
import sqlite3
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp

from bot.app.build import example_folder, open_app
from bot.consultations import definitions
from bot.outreach import broadcasts
from flows.dialog.outreach import Audience
from storage.ids import new_id
from storage.opening import open_storage
from storage.rows.consultations import ConsultationByCode
from tests.emulators.telegram_api import says, taps
from tests.faults.server import DATABASE, HOST, SECRET, VAULT, config_of
from tests.faults.standins import (
    CLEAR,
    NUMBER,
    TELEGRAM,
    TWILIO,
    Call,
    StandIn,
    TelegramStandIn,
    TwilioStandIn,
    Weather,
)
from tests.faults.trial import PATIENCE, Citizen, Server

#: A call that begins so long after a 429 was written was not on the wire before; seconds.
HEEDED = 0.15
#: A call that begins so long after the 200 to a STOP was not on the wire before; seconds.
STOPPED = 0.25
#: What a process knew for so long is written down, kill or no kill; seconds.
WRITTEN = 1.0
#: A message that was taken waits for its turn (the rate, a pause that the provider asked for) so long; seconds.
TURN = 10
#: Clocks are cut to milliseconds on the way.
CUT = 0.005
#: Seconds between two looks at how late this process wakes; so much more is allowed for.
BEAT = 0.02

#: A place that the council of the trial speaks for.
PLACE = "08.401.01.07"

FIRST_CHAT, FIRST_CITIZEN = 10_000_000, 7_000_000

FINAL = frozenset({"sent", "delivered", "read", "failed", "uncertain", "dropped"})
RANK = {"sent": 2, "delivered": 3, "read": 4, "failed": 5}


@dataclass(frozen=True, slots=True)
class FloodPlan:
    """One trial; the same seed makes the same people, troubles and thresholds."""

    seed: int
    people: int = 1000
    #: One in so many is on WhatsApp; 0: nobody.
    whatsapp: int = 8
    #: Kills right after the beginning, at any moment, and in the middle of a flood.
    early_kills: int = 1
    kills: int = 1
    flood_kills: int = 1
    #: Floods without a kill, on each provider.
    floods: int = 1
    stops: int = 25
    tappers: int = 15
    #: Citizens who answer a poll: before the broadcast, while all is well, and in bad weather.
    talkers: int = 8
    pause: float = 0.05
    #: Seconds of a flood in the middle of which the server is killed: longer than a start takes.
    long: float = 5.0
    per_second: float = 1000
    #: How much more often than in earnest something goes wrong.
    often: float = 3.0
    #: Seconds that the server waits for an answer; 0: as in earnest.
    patience: float = 1.5
    #: Seconds that the server rests when there is nothing to send; 0: as in earnest.
    rest: float = 0.5
    #: Seconds without any movement after which none will come.
    still: float = 12.0
    #: Share of answers of Telegram's that are slow, besides.
    slow: float = 0.0
    broken: str = ""

    def but(self, **changes: Any) -> "FloodPlan":
        """The same plan with something else in it."""
        return replace(self, **changes)


@dataclass(slots=True)
class Report:
    """What came of it."""

    problems: list[str] = field(default_factory=list)
    #: (channel, state) -> recipients, and why they are in it.
    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    calls: int = 0
    delivered: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    floods: int = 0
    #: STOPs, and how many of them came before their invitation.
    stops: int = 0
    in_time: int = 0
    tapped: int = 0
    #: Status reports that were answered with 200, and those that nobody heard.
    reported: int = 0
    unheard: int = 0
    #: Replies that a chat saw before.
    repeated: int = 0
    #: Messages that left before and after quiet hours, or a week's turn.
    before: int = 0
    after: int = 0
    #: Calls other than messages inside a flood.
    besides: Counter[str] = field(default_factory=Counter)
    #: Seconds from a citizen's message to its reply: before, in fair and in bad weather.
    latencies: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0.0

    def latency(self, when: str, share: int) -> float:
        """The percentile of the latencies of a time ("quiet", "fair", "bad"), in ms."""
        found = self.latencies[when]
        return quantiles(found, n=100)[share - 1] * 1000 if len(found) > 1 else 0.0

    def of(self, state: str) -> int:
        """Recipients in a state, on all channels."""
        return sum(n for (_, name), n in self.states.items() if name == state)


@dataclass(slots=True)
class Person:
    """One recipient of the broadcast."""

    channel: str
    address: str


class Gate:
    """Telegram's side of the webhook, and what citizens see there."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._numbers = count(1)
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._waiting: dict[str, tuple[str, asyncio.Future[float]]] = {}
        self.heard: dict[str, list[str]] = defaultdict(list)
        world.telegram.seen.append(self._seen)

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def post(self, update: dict[str, Any]) -> float:
        """Post an update until it is answered with 200; when that was."""
        update = {"update_id": next(self._numbers), **update}
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        address = f"http://{HOST}:{self._world.server.port}/webhooks/telegram"
        async with asyncio.timeout(3 * PATIENCE):
            while True:
                try:
                    async with self._session.post(
                        address, json=update, headers=headers
                    ) as response:
                        if response.status == 200:
                            return now()
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.02)

    async def ask(self, address: str, update: dict[str, Any], expected: str) -> float:
        """Post an update and wait for a reply with `expected` in it; the seconds that took."""
        answer = asyncio.get_running_loop().create_future()
        self._waiting[address] = (expected, answer)
        began = now()
        await self.post(update)
        async with asyncio.timeout(3 * PATIENCE):
            return max(await answer - began, 0.0)

    def _seen(self, address: str, text: str, _: str) -> None:
        if int(address) < FIRST_CHAT:
            self.heard[address].append(text)
        expected, answer = self._waiting.get(address, ("", None))
        if answer is not None and not answer.done() and expected in f"{text}\n":
            answer.set_result(now())


class World:
    """Everything in a trial: two providers, a server, its database, and people."""

    def __init__(
        self, folder: Path, plan: FloodPlan, sending: str = "", ahead: float = 0.0
    ) -> None:
        self.folder = folder
        self._ahead = ahead
        self.plan = plan
        self.sending = sending or 'quiet_from = "00:00"\nquiet_to = "00:00"\nper_week = 50\n'
        self.chance = random.Random(plan.seed)
        self.report = Report()
        often = plan.often
        self.telegram = TelegramStandIn(Weather(self._chance(), TELEGRAM, often, plan.slow))
        self.twilio = TwilioStandIn(Weather(self._chance(), TWILIO, often))
        self.server: Server
        self.gate: Gate
        self.people: list[Person] = []
        #: Addresses of people who must get nothing.
        self.others: list[str] = []
        #: When the server was killed: (before, after).
        self.kills: list[tuple[float, float]] = []
        #: Address -> when its STOP had been answered with 200.
        self.stops: dict[str, float] = {}
        #: What turns the server's milliseconds into our seconds: (from when on, difference).
        self.clocks: list[tuple[float, float]] = []
        #: Whether nobody waits for a message of a broadcast any more.
        self.finished = False
        #: Seconds by which this process once woke late, and the server may have: others were busy.
        self.late = 0.0
        self._killing = asyncio.Lock()

    def _chance(self) -> random.Random:
        return random.Random(self.chance.random())

    @property
    def providers(self) -> tuple[StandIn, StandIn]:
        """Both providers."""
        return self.telegram, self.twilio

    @property
    def pushes(self) -> int:
        """Calls for messages of broadcasts so far."""
        return self.telegram.pushes + self.twilio.pushes

    # ------------------------------------------------------------------ beginning and ending

    async def __aenter__(self) -> "World":
        for provider in self.providers:
            await provider.start()
        await self._prepare()
        plan = self.plan
        self.server = Server(
            self.folder,
            self.telegram.address,
            self.plan.broken,
            *("--whatsapp", self.twilio.address, "--councils", str(self.folder / "councils")),
            *("--per-second", str(plan.per_second), "--patience", str(plan.patience)),
            *("--rest", str(plan.rest)),
            *("--whatsapp-per-second", str(plan.per_second / max(plan.whatsapp, 1) / 4)),
            *("--ahead", str(self._ahead)),
            journal=self.folder / "server.log",
        )
        self.set_clock(self._ahead)
        self.gate = Gate(self)
        self._beats = asyncio.create_task(self._beat())
        return self

    async def _beat(self) -> None:
        while True:
            asleep = now()
            await asyncio.sleep(BEAT)
            self.late = max(self.late, now() - asleep - BEAT)

    async def __aexit__(self, *error: object) -> None:
        self._beats.cancel()
        await self.gate.close()
        code = await asyncio.to_thread(self.server.stop)
        for provider in self.providers:
            await provider.stop()
        self.report.problems += [f"stopped with {code} instead of 0"] if code else []
        log = (self.folder / "server.log").read_text("utf-8")
        if (at := log.find("Traceback")) >= 0:
            # What is asserted is shortened where it fails.
            print(log[-20_000:])
            self.report.problems.append(
                f"the server's log has a trace: {log[max(0, at - 500) : at + 4000]}"
            )

    def set_clock(self, ahead: float) -> None:
        """Note by how much the server's clock is ahead of ours from now on."""
        self.clocks.append((now(), time.time() - now() + ahead))

    async def healthy(self) -> None:
        """Wait until the server answers."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(2 * PATIENCE):
            while True:
                try:
                    address = f"http://{HOST}:{self.server.port}/health"
                    async with session.get(address) as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.02)

    async def kill(self, ahead: float | None = None) -> None:
        """Kill the server and start it again; with `ahead`, its clock is another from now on."""
        async with self._killing:
            before = now()
            if ahead is not None:
                self.server.options += ["--ahead", str(ahead)]
            await asyncio.to_thread(self.server.kill)
            self.kills.append((before, now()))
            self.report.kills += 1
            if ahead is not None:
                self.set_clock(ahead)

    def local(self, at: float) -> float:
        """What the server's clock showed at a moment of ours: seconds since 1970."""
        return at + next(ahead for since, ahead in reversed(self.clocks) if since <= at)

    def ours(self, at: int) -> float:
        """The moment of ours at which the server's clock showed these milliseconds."""
        moments = [(at / 1000 - ahead, since) for since, ahead in self.clocks]
        return next(
            (moment for moment, since in reversed(moments) if since <= moment), moments[0][0]
        )

    # ------------------------------------------------------------------ what is there before

    async def _prepare(self) -> None:
        """A council, two consultations and its people."""
        councils = self.folder / "councils"
        councils.mkdir()
        text = (example_folder() / "council.toml").read_text("utf-8")
        (councils / "council.toml").write_text(f"{text}\n[sending]\n{self.sending}", "utf-8")
        config = config_of(
            self.folder,
            1,
            "http://localhost:1",
            whatsapp="http://localhost:1",
            councils=str(councils),
        )
        app = await open_app(config)
        try:
            by_code = {council.code: council for council in app.register.all().values()}
            async with app.storage.transaction() as tx:
                for name in ("poll", "need"):
                    file = example_folder() / f"{name}.toml"
                    raw, head = definitions.read_definition(file, by_code)
                    await definitions.add(tx, app.register, raw, head)
                    row = await app.register.by_code(tx, head.code)
                    assert row is not None
                    await definitions.open_consultation(tx, row)
            (council_id,) = app.register.all()
        finally:
            await app.close()
        await asyncio.to_thread(self._fill, council_id)

    def _fill(self, council_id: int) -> None:
        plan, ms = self.plan, int(time.time() * 1000)
        rows: list[tuple[int, Person, str, int, bool, int]] = []
        for number in range(plan.people):
            if plan.whatsapp and number % plan.whatsapp == plan.whatsapp - 1:
                person = Person("whatsapp", f"+2126{number:08d}")
                # Some have not written for two days: only a template would reach them.
                days = 2 if number % 16 == 15 and number % 3 == 0 else 0
            else:
                person, days = Person("telegram", str(FIRST_CHAT + number)), 0
            self.people.append(person)
            rows.append((new_id(), person, "fr", ms - 3_600_000 - days * 86_400_000, True, 0))
        for number in range(20):
            address = str(FIRST_CHAT + plan.people + number)
            language, agreed = ("en", True) if number % 2 else ("fr", number % 4 > 0)
            stopped = 0 if language == "en" or not agreed else ms - 1000
            self.others.append(address)
            person = Person("telegram", address)
            rows.append((new_id(), person, language, ms - 3_600_000, agreed, stopped))
        database = sqlite3.connect(self.folder / DATABASE)
        with database:
            database.executemany(
                "INSERT INTO people (id, language, council_id, commune, profile_asked_at, "
                "stopped_at, created_at) VALUES (?, ?, ?, ?, 1, ?, 1)",
                [
                    (id, language, council_id, PLACE if id % 2 else None, stopped or None)
                    for id, _, language, _, _, stopped in rows
                ],
            )
            database.executemany(
                "INSERT INTO addresses (id, person_id, channel, account, address, last_in_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (new_id(), id, p.channel, _account(p.channel), VAULT.cover(p.address), last)
                    for id, p, _, last, _, _ in rows
                ],
            )
            database.executemany(
                "INSERT INTO consents (id, person_id, purpose, given, version, shown, language, "
                "channel, at) VALUES (?, ?, ?, ?, '1', '', 'fr', ?, 1)",
                [
                    (new_id(), id, purpose, int(agreed), p.channel)
                    for id, p, _, _, agreed, _ in rows
                    for purpose in ("consultation", "messages")
                ],
            )
            database.executemany(
                "INSERT INTO follows (person_id, place, since) VALUES (?, ?, 1)",
                [(id, PLACE) for id, *_ in rows],
            )
        database.close()

    async def begin(self, code: str = "OZT-LIGHT", what: str = "invitation") -> int:
        """Begin a broadcast to everybody who speaks French, as a process beside the server would."""
        storage = await open_storage(f"sqlite:///{self.folder}/{DATABASE}")
        try:
            async with storage.transaction() as tx:
                row = await tx.row(ConsultationByCode, code=code)
                assert row is not None
                id = await broadcasts.draft(
                    tx,
                    row.council_id,
                    what,
                    Audience(languages=("fr",)),
                    made_by="trial",
                    consultation_id=row.id,
                )
                assert await broadcasts.start(tx, id)
        finally:
            await storage.close()
        return id

    # ------------------------------------------------------------------ what people do

    async def talk(self, when: str, number: int) -> None:
        """A citizen answers the poll from its first question to its last."""
        chance = random.Random(f"{self.plan.seed} {when} {number}")
        hundreds = ("warm", "quiet", "fair", "bad").index(when) * 100_000
        citizen = Citizen(FIRST_CITIZEN + hundreds + number, chance)
        await asyncio.sleep(chance.random() * self.plan.pause * 4)
        for said, expected in zip(citizen.says, citizen.hears, strict=False):
            update = says(citizen.chat, said, language="en")
            try:
                taken = await self.gate.ask(str(citizen.chat), update, expected)
            except TimeoutError:
                self.report.problems.append(
                    f"silent: chat {citizen.chat} said {said!r} and never saw {expected!r}"
                )
                return
            self.report.latencies[when].append(taken)
            await asyncio.sleep(chance.random() * self.plan.pause * 2)

    async def crowd(self, when: str, number: int) -> None:
        """So many citizens talk at once."""
        await asyncio.gather(*(self.talk(when, n) for n in range(number)))

    async def stop(self, address: str) -> None:
        """Somebody has had enough."""
        self.stops[address] = await self.gate.post(says(int(address), "STOP", language="fr"))

    async def tap(self, address: str, data: str, expected: str) -> None:
        """Somebody taps on "answer now"; the first question must come."""
        await asyncio.sleep(self.chance.random() * 0.3)
        update = taps(int(address), data, f"q{address}")
        try:
            await self.gate.ask(address, update, expected)
        except TimeoutError:
            self.report.problems.append(f"silent: chat {address} tapped, and was asked nothing")
        else:
            self.report.tapped += 1

    # ------------------------------------------------------------------ until all is over

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        database = sqlite3.connect(self.folder / DATABASE, timeout=PATIENCE)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    def change(self, script: str) -> None:
        """Put something of the trial into the database."""
        database = sqlite3.connect(self.folder / DATABASE, timeout=PATIENCE)
        try:
            database.executescript(script)
        finally:
            database.close()

    async def over(self, still: float | None = None, ids: Sequence[int] = ()) -> bool:
        """Wait until no recipient waits; False if nothing moves although some do."""
        seen: tuple[Any, ...] = ()
        moved = now()
        still = self.plan.still if still is None else still
        while True:
            left = await asyncio.to_thread(self._left, ids)
            if left == (0, 0, 0):
                return True
            if (found := (*left, self.pushes)) != seen:
                seen, moved = found, now()
            if now() - moved > still:
                return False
            await asyncio.sleep(0.2)

    def _left(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Broadcasts not gathered, recipients queued, recipients in sending."""
        among = f"({','.join(map(str, ids))})" if ids else "(SELECT id FROM broadcasts)"
        ((gathering,),) = self.rows(
            f"SELECT COUNT(*) FROM broadcasts WHERE COALESCE(gathered_to, 0) <> -1 AND id IN {among}"
        )
        waiting = dict(
            self.rows(
                "SELECT state, COUNT(*) FROM outbox WHERE state IN ('queued', 'sending', "
                f"'uncertain') AND broadcast_id IN {among} GROUP BY state"
            )
        )
        return gathering, waiting.get("queued", 0), waiting.get("sending", 0)


async def flood(
    folder: Path, plan: FloodPlan, tell: Callable[[World], Awaitable[None]] | None = None
) -> Report:
    """Run the plan in an empty folder. `tell` runs beside it, and may say how far it is."""
    began = time.monotonic()
    async with World(folder, plan) as world:
        side = [asyncio.create_task(tell(world))] if tell else []
        try:
            await _run(world)
        finally:
            for task in side:
                task.cancel()
    world.report.seconds = time.monotonic() - began
    return world.report


async def _run(world: World) -> None:
    plan, chance, telegram = world.plan, world.chance, world.telegram
    await world.healthy()
    # The first to talk find a process that is still reading its tables.
    await world.crowd("warm", plan.talkers)
    await world.crowd("quiet", plan.talkers)
    on_telegram = [person.address for person in world.people if person.channel == "telegram"]
    chosen = chance.sample(on_telegram, plan.stops + plan.tappers)
    tapping = _tappers(world, set(chosen[plan.stops :]))
    id = await world.begin()
    for _ in range(plan.early_kills):
        await asyncio.sleep(chance.random() * 0.1)
        await world.kill()
    await reached(world, 5)
    if plan.talkers:
        await asyncio.sleep(1.0)
        await world.crowd("fair", plan.talkers)
    begun = world.pushes
    left = plan.people - begun
    for provider, share in ((telegram, 1.0), (world.twilio, 1 / max(plan.whatsapp, 1))):
        provider.weather.fair = False
        long = plan.flood_kills if provider is telegram else 0
        moments = sorted(
            int(provider.pushes + left * share * chance.uniform(0.05, 0.8))
            for _ in range(plan.floods + long)
        )
        lengths = [plan.long] * long + [chance.uniform(0.5, 3.0) for _ in range(plan.floods)]
        chance.shuffle(lengths)
        provider.floods_at = list(zip(moments, lengths, strict=True))[::-1]
    jobs = [
        _kills(world, sorted(begun + left * chance.uniform(0.0, 0.85) for _ in range(plan.kills))),
        _flood_kills(world),
        _stops(world, chosen[: plan.stops], begun, left),
        _bad_crowd(world, begun, left),
    ]
    tasks = [asyncio.create_task(job) for job in jobs]
    # The last two must come to their end; no more kills once there is nothing to be killed in.
    over = await world.over()
    world.finished = True
    for task in tasks[:2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*tapping)
    over = over and await world.over()
    for _ in range(300):
        if not world.twilio.reporting:
            break
        await asyncio.sleep(0.05)
    if over and not plan.broken:
        await _ended(world, id)
    world.report.problems += [*judge(world, {id: ""})]


def _tappers(world: World, addresses: set[str]) -> set[asyncio.Task[None]]:
    """Those who tap as soon as they see something to tap on."""
    poll = tomllib.loads((example_folder() / "poll.toml").read_text("utf-8"))
    expected = poll["questions"][0]["text"]["fr"]
    tasks: set[asyncio.Task[None]] = set()

    def seen(address: str, _: str, data: str) -> None:
        if address in addresses and data:
            addresses.discard(address)
            tasks.add(asyncio.create_task(world.tap(address, data, expected)))

    world.telegram.seen.append(seen)
    return tasks


async def reached(world: World, pushes: float, patience: float = 3600.0) -> None:
    """Wait until so many messages have been called for, or none will be any more."""
    until = now() + patience
    while world.pushes < pushes and now() < until and not world.finished:  # noqa: ASYNC110  # counters
        await asyncio.sleep(0.003)


async def _kills(world: World, moments: Iterable[float]) -> None:
    for moment in moments:
        await reached(world, moment)
        await asyncio.sleep(world.chance.random() * 0.3)
        await world.kill()


async def _flood_kills(world: World) -> None:
    """Kill in the middle of each long flood, once its end must be known."""
    done = 0
    while True:
        floods = world.telegram.floods
        if len(floods) > done and floods[done].said:
            flood, done = floods[done], done + 1
            if flood.ends - flood.begins >= world.plan.long:
                await asyncio.sleep(HEEDED + 0.2 + 2 * world.late + world.chance.random() * 0.3)
                await world.kill()
        await asyncio.sleep(0.01)


async def _bad_crowd(world: World, begun: int, left: int) -> None:
    """Citizens talk all the time, whatever happens."""

    async def one(number: int) -> None:
        await reached(world, begun + 0.7 * left * number / plan.talkers)
        await world.talk("bad", number)

    plan = world.plan
    await asyncio.gather(*(one(number) for number in range(plan.talkers)))


async def _stops(world: World, addresses: Sequence[str], begun: int, left: int) -> None:
    """Some say STOP, over the whole time; most of them before anything reached them."""
    for number, address in enumerate(addresses):
        moment = begun + 0.8 * left * number / len(addresses)
        await reached(world, moment, patience=5.0)
        try:
            await world.stop(address)
        except TimeoutError:
            world.report.problems.append(f"silent: the STOP of chat {address} was never answered")


async def _ended(world: World, id: int) -> None:
    """The broadcast must notice that it is done."""
    for _ in range(200):
        ((state,),) = world.rows("SELECT state FROM broadcasts WHERE id = ?", id)
        if state == "done":
            return
        await asyncio.sleep(0.05)
    world.report.problems.append("nobody waits any more, but the broadcast is not done")


# ---------------------------------------------------------------------- judging


def judge(world: World, titles: dict[int, str], *, unfinished: bool = False) -> Iterator[str]:
    """Everything that is wrong; `titles` are the broadcasts with a part of what they are called.

    With `unfinished`, recipients may still wait.
    """
    report = world.report
    report.floods = sum(len(provider.floods) for provider in world.providers)
    report.stops = len(world.stops)
    report.reported = sum(map(len, world.twilio.reported.values()))
    report.unheard = world.twilio.unheard
    report.repeated = sum(len(heard) - len(set(heard)) for heard in world.gate.heard.values())
    if (state := world.rows("PRAGMA integrity_check")[0][0]) != "ok":
        yield f"the database is damaged: {state}"
    for provider in world.providers:
        report.besides += provider.besides
        pushes = [call for call in provider.calls if call.push]
        report.calls += len(pushes)
        report.delivered += sum(call.delivered for call in pushes)
        report.outcomes.update(call.outcome for call in pushes)
        yield from _first(10, _impatient(world, provider))
    yield from _first(10, _after_stop(world))
    for id, title in titles.items():
        calls = _calls(world, title)
        yield from _first(20, _seen_twice(calls))
        yield from _first(40, _recipients(world, id, calls, unfinished=unfinished))


def _first(most: int, problems: Iterator[str]) -> Iterator[str]:
    """The first few problems of a kind, and how many more there are."""
    found = list(problems)
    yield from found[:most]
    if len(found) > most:
        yield f"and {len(found) - most} more like these"


def _impatient(world: World, provider: StandIn) -> Iterator[str]:
    """Messages that went although the provider had asked to wait."""
    said = sorted(word for flood in provider.floods for word in flood.said)
    patience = HEEDED + world.late
    # A process that was killed before it could note it knows of nothing.
    said = [
        (at, until)
        for at, until in said
        if not any(before - CUT <= at + patience and at <= after for before, after in world.kills)
    ]
    calls = iter(sorted(provider.calls, key=lambda call: call.began))
    call = next(calls, None)
    until, heeded = 0.0, 0
    while call is not None:
        while heeded < len(said) and said[heeded][0] + patience <= call.began:
            until = max(until, said[heeded][1])
            heeded += 1
        if call.began < until - CUT:
            yield (
                f"inside retry_after: chat {call.address} was written to {until - call.began:.3f} s "
                f"too early ({call.outcome}{', a reply' if not call.push else ''})"
            )
        call = next(calls, None)


def _after_stop(world: World) -> Iterator[str]:
    for call in world.telegram.calls:
        stopped = world.stops.get(call.address)
        if call.push and stopped is not None and call.began > stopped + STOPPED + world.late:
            late = call.began - stopped
            yield f"after STOP: chat {call.address} was written to {late:.3f} s after the 200"


def _calls(world: World, title: str) -> dict[str, list[Call]]:
    """What was asked of the providers for one broadcast, by address."""
    calls: dict[str, list[Call]] = defaultdict(list)
    for provider in world.providers:
        for call in provider.calls:
            if call.push and title in call.title:
                calls[call.address].append(call)
    return calls


def _seen_twice(calls: dict[str, list[Call]]) -> Iterator[str]:
    for address, made in calls.items():
        if (seen := sum(call.delivered for call in made)) > 1:
            how = ", ".join(call.outcome for call in made)
            yield f"twice: chat {address} saw it {seen} times ({how})"


def _recipients(
    world: World, id: int, calls: dict[str, list[Call]], *, unfinished: bool
) -> Iterator[str]:
    """Every recipient once, in one state, and in the one that the provider's notes bear out."""
    rows = world.rows(
        "SELECT channel, address, state, error, claimed_at FROM outbox WHERE broadcast_id = ?", id
    )
    rows = [(channel, VAULT.uncover(address), *more) for channel, address, *more in rows]
    times = Counter(address for _, address, *_ in rows)
    for address, found in times.items():
        if found > 1:
            yield f"twice: chat {address} is {found} recipients"
    for person in world.people:
        if times[person.address] == 0 and person.address not in world.stops:
            yield f"lost: chat {person.address} is no recipient"
    wanted = {person.address for person in world.people}
    for address in (times.keys() | calls.keys()) - wanted:
        yield f"uninvited: chat {address} is a recipient, or was written to"
    for channel, address, state, error, claimed_at in rows:
        world.report.states[channel, state] += 1
        if state not in ("sent", "delivered", "read"):
            world.report.reasons[state, (error or "")[:60]] += 1
        if state not in FINAL and not unfinished:
            yield f"not final: chat {address} is {state!r} ({error})"
        yield from _borne_out(world, address, state, error or "", claimed_at, calls[address])


def _borne_out(
    world: World, address: str, state: str, error: str, claimed_at: int | None, made: list[Call]
) -> Iterator[str]:
    delivered = any(call.delivered for call in made)
    if world.stops.get(address) is not None and not delivered and state == "dropped":
        world.report.in_time += 1
    reports = world.twilio.reported.get(address, [])
    if reports:
        best = max((name for name, _ in reports), key=lambda name: RANK[name])
        # What was written down just before a kill was never answered, and counts.
        if RANK.get(state, 0) < RANK[best]:
            told = ", ".join(f"{name} {code}".strip() for name, code in reports)
            yield f"forgotten: chat {address} was reported {told}; it is {state!r} ({error})"
        return
    why = ", ".join(call.outcome for call in made) or "no call"
    match state:
        case "sent" | "delivered" | "read" if not delivered:
            yield f"made up: chat {address} is {state!r}, but saw nothing ({why})"
        case "failed" | "dropped" if delivered and address not in world.twilio.failed:
            yield f"made up: chat {address} is {state!r} ({error}), but saw it ({why})"
        case "dropped" if address not in world.stops and "unreachable" not in error:
            yield f"made up: chat {address} is dropped ({error}), but never said STOP"
        case "uncertain" if not _may_be_uncertain(world, claimed_at, made):
            yield f"made up: chat {address} is uncertain ({error}), but all was clear ({why})"
        case _:
            pass


def _may_be_uncertain(world: World, claimed_at: int | None, made: list[Call]) -> bool:
    """Whether nobody could know: no clear answer, or a kill before it was written down."""
    if claimed_at is None:
        return False
    claimed = world.ours(claimed_at)
    since = [call for call in made if call.began >= claimed - 0.05]
    if not since:
        return any(
            claimed - CUT <= after and before <= claimed + TURN + world.late
            for before, after in world.kills
        )
    last = since[-1]
    if last.outcome not in CLEAR or last.answered is None:
        return True
    if last.outcome == "slow" and world.plan.patience:
        return True
    return any(
        last.began - WRITTEN <= after and before <= last.answered + WRITTEN + world.late
        for before, after in world.kills
    )


def _account(channel: str) -> str:
    return NUMBER if channel == "whatsapp" else channel


def now() -> float:
    """The loop's time."""
    return asyncio.get_running_loop().time()
