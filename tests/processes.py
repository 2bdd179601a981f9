"""Processes of Tachawor's own that begin at once: what every one of them reads, is read beforehand.

    process = started("bot.__main__", ["check"], folder, errors=folder / "errors")
    process.join()
    process.exitcode

Each is forked off a process that has done nothing but import, and is as separate as any other:
it can be killed, and its environment and its files are its own.
"""

import importlib
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(
    ["bot.__main__", "bot.app.command_line", "tests.faults.server", "tests.beforehand"]
)


def started(
    module: str,
    words: Sequence[str],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    typed: Path | None = None,
    says: Path | None = None,
    errors: Path | None = None,
) -> ForkServerProcess:
    """A process that runs `main` of the module as its command line would.

    What it reads, says and complains of are files; what is said is added to them.
    """
    given = os.environ if environment is None else environment
    process = _forks.Process(
        target=_main, args=(module, list(words), folder, dict(given), typed, says, errors)
    )
    process.start()
    return process


def _main(
    module: str,
    words: list[str],
    folder: Path | None,
    environment: dict[str, str],
    *files: Path | None,
) -> None:
    for number, file in enumerate(files):
        if file is not None:
            flags = os.O_APPEND | os.O_CREAT | os.O_WRONLY if number else os.O_RDONLY
            os.dup2(os.open(file, flags), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # until the end
    os.environ.clear()
    os.environ.update(environment)
    if folder is not None:
        os.chdir(folder)
    from storage import ids

    # As in any new process; forked ones would all go on from the same chance.
    ids._chance.seed()
    sys.argv = [module, *words]
    sys.exit(importlib.import_module(module).main())
