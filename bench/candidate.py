"""What the three candidates share: their command line, their core, their web server."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

HOST = "127.0.0.1"

#: The webhook's secret; the loopback needs none better.
SECRET = "bench"  # noqa: S105  # made up

PATH = "/webhooks/telegram"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a candidate runs."""

    port: int
    provider: str
    folder: Path
    profile: bool


def take_place(description: str) -> Place:
    """Read the command line, and stay on the core that it names."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--provider", required=True, help="address of the Bot API")
    parser.add_argument("--folder", type=Path, required=True, help="for the database")
    parser.add_argument("--core", type=int, help="run on this core only")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    given = parser.parse_args()
    if given.core is not None:
        os.sched_setaffinity(0, {given.core})
    return Place(given.port, given.provider, given.folder, given.profile)


def server(app: Any, place: Place) -> uvicorn.Server:
    """The same web server as `bot.app.serving` has."""
    config = uvicorn.Config(
        app,
        host=HOST,
        port=place.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
