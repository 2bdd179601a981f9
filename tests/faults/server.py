"""A whole Tachawor in a process of its own, made to be killed.

`--broken` names a fault of `tests.faults.broken` that is put in, so that the checks can be seen
to find it.
"""

import argparse
from pathlib import Path

from bot import serving
from bot.app import open_app
from bot.config import Config, StorageSettings, TelegramSettings, Web
from tests.emulators.telegram_api import TOKEN
from tests.faults import broken

HOST = "127.0.0.1"
SECRET = "webhook-secret"
DATABASE = "faults.sqlite"


def config_of(folder: Path, port: int, provider: str) -> Config:
    """Settings of a deployment in one folder, with the Bot API at `provider`."""
    return Config(
        web=Web(port=port, public_url=f"http://{HOST}:{port}"),
        storage=StorageSettings(
            url=f"sqlite:///{folder}/{DATABASE}",
            media=str(folder / "media"),
            secret="a secret for tests",
        ),
        telegram=TelegramSettings(
            token=TOKEN, base_url=provider, mode="webhook", webhook_secret=SECRET
        ),
    )


async def serve(folder: Path, port: int, provider: str, fault: str) -> None:
    """Serve until SIGTERM."""
    app = await open_app(config_of(folder, port, provider))
    if fault:
        broken.FAULTS[fault](app)
    try:
        await serving.serve(app, HOST, port)
    finally:
        await app.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--provider", required=True)
    parser.add_argument("--broken", default="", choices=["", *broken.FAULTS])
    given = parser.parse_args()
    serving.run(serve(given.folder, given.port, given.provider, given.broken))


if __name__ == "__main__":
    main()
