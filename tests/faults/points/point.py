"""Crash points of a driven process: before and after each COMMIT and each call of a provider.

    watch(passages=file)        every point that is passed is written down
    watch(crash="SITE before")  the process ends where it comes to that point for the first time

A COMMIT's site is the function that opened the transaction ("bot/conversation/inbound.py:Conversations._transact"),
a call's the method of the Bot API ("telegram:sendMessage").
"""

import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from bot.channels.telegram import Telegram
from bot.channels.telegram_wire import Wire
from storage.postgresql import PostgresStorage
from storage.sqlite import SqliteStorage

ROOT = Path(__file__).parents[3]

#: The exit code of a process that ended at its point.
ENDED = 9


def watch(passages: Path | None, crash: str) -> None:
    """From now on, for every storage and channel of this process."""
    file = passages.open("ab", buffering=0) if passages is not None else None

    def pass_by(site: str, phase: str) -> None:
        point = f"{site} {phase}"
        if file is not None:
            file.write(f"{point}\n".encode())
        if point == crash:
            # As by SIGKILL: nothing is closed, nothing is written that was not.
            os._exit(ENDED)

    for storage in (SqliteStorage, PostgresStorage):
        storage.transaction = _watched(storage.transaction, pass_by)  # type: ignore[method-assign]
    _watch_calls(pass_by)


def _watched(
    transaction: Callable[[Any], AbstractAsyncContextManager[Any]],
    pass_by: Callable[[str, str], None],
) -> Any:
    def opened(storage: Any) -> AbstractAsyncContextManager[Any]:
        code = sys._getframe(1).f_code
        path = Path(code.co_filename)
        site = f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}:{code.co_qualname}"

        @asynccontextmanager
        async def both() -> AsyncIterator[Any]:
            async with transaction(storage) as tx:
                yield tx
                pass_by(site, "before")
            pass_by(site, "after")

        return both()

    return opened


def _watch_calls(pass_by: Callable[[str, str], None]) -> None:
    call, download = Telegram._call, Wire.download

    async def called(self: Telegram, method: str, *given: Any, **more: Any) -> Any:
        pass_by(f"telegram:{method}", "before")
        answer = await call(self, method, *given, **more)
        pass_by(f"telegram:{method}", "after")
        return answer

    async def downloaded(self: Wire, *given: Any) -> Any:
        pass_by("telegram:download", "before")
        content = await download(self, *given)
        pass_by("telegram:download", "after")
        return content

    Telegram._call = called  # type: ignore[method-assign]
    Wire.download = downloaded  # type: ignore[method-assign]
