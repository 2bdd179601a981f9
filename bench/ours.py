"""A candidate: Tachawor as it runs, with SQLite, the Telegram webhook and the Telegram channel."""

import cProfile
import pstats
import sys

from bench.candidate import HOST, SECRET, Place, take_place
from bench.provider import TOKEN
from bot.app import serving
from bot.app.build import open_app
from bot.core.config import Config, StorageSettings, TelegramSettings, Web

#: Lines of a profile.
LINES = 100


def config_of(place: Place) -> Config:
    """Settings of a deployment in one folder, with the Bot API at `place.provider`."""
    return Config(
        web=Web(port=place.port, public_url=f"http://{HOST}:{place.port}"),
        storage=StorageSettings(
            url=f"sqlite:///{place.folder}/bench.sqlite",
            media=str(place.folder / "media"),
            secret="a secret for the benchmark",  # noqa: S106  # it protects nothing
        ),
        telegram=TelegramSettings(
            token=TOKEN,
            base_url=place.provider,
            mode="webhook",
            webhook_secret=SECRET,
            # The load's few citizens write as fast as a whole town: they are answered as fast.
            chat_per_second=1000,
        ),
    )


async def serve(place: Place) -> None:
    """Serve until SIGTERM."""
    app = await open_app(config_of(place))
    try:
        await serving.serve(app, HOST, place.port)
    finally:
        await app.close()


def main() -> None:
    """Serve, under the profiler if asked to."""
    place = take_place(__doc__ or "")
    if not place.profile:
        serving.run(serve(place))
        return
    profile = cProfile.Profile()
    profile.enable()
    serving.run(serve(place))
    profile.disable()
    pstats.Stats(profile, stream=sys.stderr).sort_stats("cumtime").print_stats(LINES)


if __name__ == "__main__":
    main()
