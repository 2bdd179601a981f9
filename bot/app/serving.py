"""The running process, and the parts of its work.

    web         pages and webhooks: messages are handled as they come, and their answers left to a worker
    worker      sends answers and broadcasts, polls Telegram, makes files
    scheduler   opens and closes, sends on its day what is planned, and keeps house

One process does all of it, unless it is told to do one part.
"""

import asyncio
import contextlib
import functools
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar, get_args

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import connections, ending, health, site, watchdog
from bot.app.backup import wishes
from bot.app.build import App, clocks
from bot.app.clock import Clock
from bot.app.kept import same_folder
from bot.app.kept.housekeeping import keep_house, sweep
from bot.app.kept.retention import Retention
from bot.app.logs import calm
from bot.channels.port import Arrival, Halted, Later, SendError, Status
from bot.channels.telegram import Telegram
from bot.consultations import definitions
from bot.core.foreign import worker
from bot.core.localtime import ZONE_NAME, now_ms
from bot.outreach import templates
from bot.outreach.schedule import Schedule
from bot.results import alerts
from flows.morocco import census, pins, place_in_words, places
from flows.understanding import language
from flows.understanding.beside import intents
from flows.understanding.themes.usual import usual_in
from flows.wording import render
from flows.wording.text import LANGUAGES, msg
from storage.rows.arrivals import LastArrival

log = logging.getLogger("tachawor.serving")

#: Minutes between two rounds of housekeeping.
HOUSEKEEPING_MINUTES = 5

#: Hours between two looks through the folder of files.
SWEEP_HOURS = 6

#: Minutes between two looks at how WhatsApp stands to our templates.
TEMPLATE_MINUTES = 60

#: Seconds between two looks at what is due.
LOOK_SECONDS = 5

#: How far before the last known message Twilio's list is read again, ms.
CATCH_UP_MS = 60 * 1000

T = TypeVar("T")

#: The parts of the work, and what a process does that was told nothing.
Part = Literal["web", "worker", "scheduler"]
ALL: frozenset[Part] = frozenset(get_args(Part))

#: Seconds between tries to reach Telegram at the start: doubling from the first to the last.
FIRST_RETRY, LAST_RETRY = 1, 60

COMMANDS = ("menu", "language", "contributions", "mydata", "help", "stop")


def run(job: Coroutine[Any, Any, T]) -> T:
    """Run the process's main job: on uvloop where there is one, for it saves a sixth of the CPU."""
    if sys.platform == "win32":
        return asyncio.run(job)
    import uvloop

    return uvloop.run(job)


async def serve(app: App, host: str, port: int, parts: frozenset[Part] = ALL) -> None:
    """Serve until told to stop. Raises StorageError if this process does not fit those that serve."""
    app.delivery.owners.sending = "worker" in parts
    stuck = watchdog.stuck()
    if stuck is not None:
        await app.conversations.set_aside(stuck)
    with watchdog.watching():
        try:
            async with background(app, parts):
                if "web" in parts:
                    await _serve_pages(app, host, port)
                else:
                    await _told_to_stop()
        finally:
            worker.close()


async def _serve_pages(app: App, host: str, port: int) -> None:
    config = uvicorn.Config(
        site.build(app),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        http=connections.protocol(),
        ws="none",
        timeout_graceful_shutdown=3,
    )
    with _surviving_sigterm():
        await ending.Server(config).serve()


async def _told_to_stop() -> None:
    """Wait until somebody ends this process."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    ending.on_word(lambda: loop.call_soon_threadsafe(told.set))
    await told.wait()


@contextlib.contextmanager
def _surviving_sigterm() -> Iterator[None]:
    """Once the server has stopped, it raises SIGTERM again; there is still something to close."""
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.asynccontextmanager
async def background(
    app: App, parts: frozenset[Part] = ALL, clock: Clock | None = None
) -> AsyncIterator[None]:
    """What runs beside the web server: old deliveries, polling, housekeeping."""
    clock = clock or Clock()
    left = await app.delivery.resume()
    await same_folder.check(app.storage, app.media.folder, app.delivery.owners.living)
    if left:
        log.info("taking up %d messages that were left behind", left)
    listeners = app.conversations.listeners
    app.sender.listeners = app.delivery.owners.listeners = listeners
    app.sender.ended.append(app.staff_chats.tell_end)
    jobs: list[Coroutine[Any, Any, None]] = [
        _warm_up(),
        app.delivery.keep(),
        health.measure(app.storage),
        app.storage.listen(app.delivery.heard),
    ]
    if app.whatsapp is not None:
        await templates.load(app.storage, app.whatsapp)
    scheduler = AsyncIOScheduler(timezone=ZONE_NAME)
    if "scheduler" in parts:
        await _keep_time(app, scheduler, clock)
    if "worker" in parts:
        await app.conversations.waiting.take_up()
        jobs += [app.sender.run(), app.maker.run()]
        if app.telegram is not None:
            jobs.append(run_telegram(app))
        if app.whatsapp is not None:
            jobs.append(_guarded("WhatsApp's missed messages", catch_up(app)))
    scheduler.start()
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_time(app: App, scheduler: AsyncIOScheduler, clock: Clock) -> None:
    """What is done again and again, or at its time."""
    timetable = Schedule(app.storage, app.result_body)
    await timetable.reclock()
    now: Mapping[str, Any] = {"next_run_time": datetime.now(UTC)}
    often: Mapping[str, Any] = {"misfire_grace_time": None, "coalesce": True}
    kept, timed, swept, tidied = map(clock.guarded, (keep_house, keep_time, sweep, app.maker.tidy))

    def repeat(job: Callable[..., Coroutine[Any, Any, None]], *args: Any, **when: Any) -> None:
        scheduler.add_job(_until_the_end(job), "interval", args=args, **when)

    repeat(kept, app, minutes=HOUSEKEEPING_MINUTES)
    forgetting = Retention(app.storage, app.config.storage.messages_days)
    repeat(calm(clock.guarded(forgetting.round)), minutes=HOUSEKEEPING_MINUTES)
    repeat(timed, app, timetable, seconds=LOOK_SECONDS, **now, **often)
    repeat(swept, app, hours=SWEEP_HOURS)
    repeat(calm(alerts.look), app, hours=1)
    repeat(calm(tidied), minutes=HOUSEKEEPING_MINUTES)
    keeper = wishes.Keeper(app.storage, wishes.path_of(app.config))
    repeat(calm(keeper.keep), seconds=wishes.SECONDS, **now, **often)
    if app.whatsapp is not None:
        fresh = calm(templates.keep_fresh)
        repeat(fresh, app.storage, app.whatsapp, minutes=TEMPLATE_MINUTES, **now)


def _until_the_end(
    job: Callable[..., Coroutine[Any, Any, None]],
) -> Callable[..., Coroutine[Any, Any, None]]:
    """The job, which the end of the process may cut off: the scheduler would write a trace of that."""

    @functools.wraps(job)
    async def ending(*values: Any) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await job(*values)

    return ending


async def _guarded(name: str, job: Awaitable[None]) -> None:
    try:
        await job
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("%s stopped; the other channels go on", name)


async def catch_up(app: App) -> None:
    """Take in what Twilio could not deliver while we were away; what is known is a duplicate."""
    if app.whatsapp is None:
        return
    async with app.storage.reading() as tx:
        last = await tx.row(LastArrival, channel="whatsapp")
    if last is None or last.at is None:
        return
    missed = await app.whatsapp.missed(last.at - CATCH_UP_MS)
    for arrival in reversed(missed):
        await app.conversations.receive([arrival])


def _hear_once() -> None:
    """Build the tables by which a first sentence is read."""
    usual_in("l'eau")
    intents.intent("bonjour")
    language.identify("bonjour")
    place_in_words.read("l'eau est coupée au douar")


#: What reads the gazetteer, the census and the word lists, so that no citizen has to wait for them.
BEFOREHAND = (places.warm_up, pins.warm_up, census.warm_up, _hear_once)


async def _warm_up() -> None:
    for read in BEFOREHAND:
        await asyncio.to_thread(read)
    # What is here now stays. Left out of every later collection, a step costs a sixth less.
    gc.collect()
    gc.freeze()


@calm
async def keep_time(app: App, timetable: Schedule) -> None:
    """Close what has reached its end, and run what is due."""
    async with app.storage.transaction() as tx:
        closed = await definitions.close_due(tx, now_ms())
    for code in closed:
        log.info("%s has reached its end and is closed", code)
    if await timetable.run_due():
        app.sender.nudge()
    for clock in clocks():
        await clock(app)


async def _set_up(app: App) -> str:
    """Make the bot ready at Telegram, outside any pause. Returns its name. Raises SendError."""
    telegram = app.telegram
    if telegram is None:
        return ""
    await app.delivery.out_of_pause(telegram.name)
    username = await telegram.start()
    await telegram.set_commands(
        {
            language: [(name, render(msg(f"command.{name}"), language)) for name in COMMANDS]
            for language in LANGUAGES
        }
    )
    settings = app.config.telegram
    if settings.mode == "webhook":
        url = f"{app.config.public_url}/webhooks/telegram"
        await telegram.set_webhook(url, settings.webhook_secret)
    return username


async def run_telegram(app: App) -> None:
    """Set the bot up, then poll or leave it to the webhook; whatever ends that, it is begun again."""
    telegram = app.telegram
    if telegram is None:
        return
    wait = float(FIRST_RETRY)
    while True:
        try:
            username = await _set_up(app)
            log.warning("Telegram: connected as @%s", username)
            app.states[telegram.name] = "on"
            if app.config.telegram.mode == "webhook":
                return
            began = asyncio.get_running_loop().time()
            try:
                await _poll(app, telegram)
            finally:
                if asyncio.get_running_loop().time() - began > LAST_RETRY:
                    wait = float(FIRST_RETRY)
        except Later as later:
            app.states[telegram.name] = "asks to wait"
            log.warning("Telegram asks to wait %.0f s", later.seconds)
            await asyncio.sleep(later.seconds)
            continue
        except Halted:
            app.states[telegram.name] = "the token is refused"
            log.error(  # noqa: TRY400
                "Telegram refuses the token; put the right one into [telegram] token and start again; "
                "this one is tried again in %.0f s",
                wait,
            )
        except SendError as error:
            app.states[telegram.name] = "cannot be reached"
            log.warning(
                "Telegram cannot be reached (%s); again in %.0f s", type(error).__name__, wait
            )
        except Exception:
            app.states[telegram.name] = "failed"
            log.exception("Telegram stopped; again in %.0f s", wait)
        await asyncio.sleep(wait)
        wait = min(wait * 2, LAST_RETRY)


async def _poll(app: App, telegram: Telegram) -> None:
    async def handle(read: list[Arrival | Status]) -> None:
        arrivals = [item for item in read if isinstance(item, Arrival)]
        for arrival in arrivals:
            if arrival.receipt is not None and not app.delivery.paused(telegram.name):
                task = asyncio.create_task(telegram.acknowledge(arrival.receipt))
                task.add_done_callback(lambda done: done.exception())
        await app.conversations.receive(arrivals)

    async def put_aside(body: bytes, problem: str) -> None:
        await app.conversations.put_aside(telegram, body, problem)

    await telegram.poll(handle, put_aside)
