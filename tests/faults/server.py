"""A whole Tachawor in a process of its own, made to be killed.

`--broken` names a fault of `tests.faults.broken` that is put in, so that the checks can be seen
to find it. `--ahead` puts this process's clock so many seconds forward: nights and weeks pass in no
time. `--marked` has every answer name what it answers. `--patience` is how long an answer of a provider is waited for, `--rest` how long nothing is
looked for when there was nothing to send.
"""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from bot.app import serving, watchdog
from bot.app.build import App, open_app
from bot.core.config import (
    Config,
    CouncilSettings,
    StorageSettings,
    TelegramSettings,
    Web,
    WhatsAppSettings,
)
from bot.core.vault import open_vault
from bot.outbox import delivery, owners
from bot.outreach import sender
from tests.emulators.telegram_api import TOKEN
from tests.faults import broken
from tests.faults.judging.marks import mark_answers
from tests.faults.points import point
from tests.faults.standins import ACCOUNT, AUTH_TOKEN, NUMBER

HOST = "127.0.0.1"
SECRET = "webhook-secret-for-tests"
DATABASE = "faults.sqlite"

#: The secret of the databases of the trials, and it at work.
OUR_SECRET = "a secret for tests"  # it protects nothing
VAULT = open_vault(OUR_SECRET, Path("none"))


def config_of(
    folder: Path,
    port: int,
    provider: str,
    *,
    database: str = "",
    whatsapp: str = "",
    councils: str = "",
    per_second: float = 20,
    whatsapp_per_second: float = 40,
) -> Config:
    """Settings of a deployment in one folder, with the Bot API at `provider`, Twilio at `whatsapp`."""
    return Config(
        web=Web(port=port, public_url=f"http://{HOST}:{port}"),
        storage=StorageSettings(
            url=database or f"sqlite:///{folder}/{DATABASE}",
            media=str(folder / "media"),
            secret=OUR_SECRET,
        ),
        telegram=TelegramSettings(
            token=TOKEN,
            base_url=provider,
            mode="webhook",
            webhook_secret=SECRET,
            per_second=per_second,
            # A citizen here writes faster than anybody.
            chat_per_second=1000,
        ),
        whatsapp=WhatsAppSettings(
            account_sid=ACCOUNT,
            auth_token=AUTH_TOKEN,
            sender=NUMBER,
            base_url=whatsapp,
            per_second=whatsapp_per_second,
            chat_per_second=1000,
            # The stand-in knows plain messages only.
            interactive=False,
        )
        if whatsapp
        else WhatsAppSettings(),
        councils=CouncilSettings(folder=councils),
    )


async def serve(config: Config, port: int, fault: str, patience: float, rest: float) -> None:
    """Serve until SIGTERM."""
    app = await open_app(config)
    sender.IDLE_PAUSE = rest or sender.IDLE_PAUSE
    if rest:
        # A short trial is a long one made slow: at full speed nothing is left to be killed in.
        sender.CLAIM = 32  # type: ignore[misc]
        sender.Sender.pause = 0.2  # type: ignore[assignment,method-assign]
    if patience:
        _wait_no_longer(app, patience)
    if fault:
        broken.FAULTS[fault](app)
    try:
        await serving.serve(app, HOST, port)
    finally:
        await app.close()


def _wait_no_longer(app: App, seconds: float) -> None:
    if app.telegram is not None:
        app.telegram._wire._read_timeout = seconds
    if app.whatsapp is not None:
        app.whatsapp._timeout = seconds


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--provider", required=True)
    parser.add_argument("--broken", default="", choices=["", *broken.FAULTS])
    parser.add_argument(
        "--whatsapp", default="", help="Twilio's address; without one there is none"
    )
    parser.add_argument(
        "--database", default="", help="an address; without one, a file in the folder"
    )
    parser.add_argument("--gone", type=float, default=0, help="seconds; 0: as it is in earnest")
    parser.add_argument("--councils", default="", help="folder of the councils' files")
    parser.add_argument("--per-second", type=float, default=20)
    parser.add_argument("--whatsapp-per-second", type=float, default=40)
    parser.add_argument("--patience", type=float, default=0, help="seconds; 0: as it is in earnest")
    parser.add_argument("--rest", type=float, default=0, help="seconds; 0: as it is in earnest")
    parser.add_argument("--ahead", type=float, default=0, help="seconds")
    parser.add_argument("--hang", type=float, default=0, help="seconds; 0: as it is in earnest")
    parser.add_argument("--marked", action="store_true")
    parser.add_argument("--house", type=float, default=0, help="seconds; 0: as it is in earnest")
    parser.add_argument("--passages", type=Path, help="a file for the crash points passed")
    parser.add_argument("--crash", default="", help="the crash point at which it ends")
    given = parser.parse_args()
    if given.passages or given.crash:
        point.watch(given.passages, given.crash)
    if given.house:
        serving.HOUSEKEEPING_MINUTES = given.house / 60  # type: ignore[assignment]
    if given.marked:
        mark_answers()
    if given.hang:
        watchdog.ASK_SECONDS = given.hang / 5
        watchdog.INTERRUPT_SECONDS = given.hang
        watchdog.REPLACE_SECONDS = 2 * given.hang
    if given.gone:
        owners.GONE_MS = int(given.gone * 1000)  # type: ignore[misc]
        owners.SURE_SECONDS = given.gone / 2  # type: ignore[misc]
        delivery.BEAT_SECONDS = given.gone / 4  # type: ignore[attr-defined]
    if given.ahead:
        there = datetime.now(UTC) + timedelta(seconds=given.ahead)
        time_machine.travel(there, tick=True).start()
    config = config_of(
        given.folder,
        given.port,
        given.provider,
        database=given.database,
        whatsapp=given.whatsapp,
        councils=given.councils,
        per_second=given.per_second,
        whatsapp_per_second=given.whatsapp_per_second,
    )
    serving.run(serve(config, given.port, given.broken, given.patience, given.rest))


if __name__ == "__main__":
    main()
