"""Somebody at a terminal: runs `tachawor` in a folder of its own, in this process.

done = shell.run("staff", "list")
done.returncode, done.stdout, done.stderr
shell.says(("staff", "list"), "admin")                   it ended well and said that
shell.refuses(("staff", "end", "--name", "x"), "nobody")  it ended with 1 and said why
shell.inside(lambda app: citizen_arrives(app))           what happens between two commands
"""

import asyncio
import io
import os
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from bot.app.build import App, example_folder, open_app
from bot.app.command_line import main
from bot.core.config import load

T = TypeVar("T")


class Typed(io.StringIO):
    """What is typed; at a real terminal, or out of a file."""

    def __init__(self, text: str, *, terminal: bool) -> None:
        super().__init__(text)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


class Shell:
    """One deployment's folder, and the commands that are given there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("TACHAWOR_")},
            "TACHAWOR_STORAGE_SECRET": "a secret for tests",
        }

    def run(
        self, *words: str, typed: str = "", terminal: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a command with the folder, the environment and the terminal of another process."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            self._enter(patch)
            patch.setattr("sys.stdin", Typed(typed, terminal=terminal))
            patch.setattr("sys.stdout", out)
            patch.setattr("sys.stderr", err)
            mask = os.umask(0o022)
            try:
                code = main(words)
            except SystemExit as ended:
                code = int(ended.code or 0)
            finally:
                os.umask(mask)
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())

    def says(
        self, words: Sequence[str], *said: str, typed: str = "", terminal: bool = False
    ) -> str:
        """Run a command that ends well and says all that. Returns all it said."""
        done = self.run(*words, typed=typed, terminal=terminal)
        assert done.returncode == 0, f"{words} ended with {done.returncode}:\n{done.stderr}"
        for one in said:
            assert one in done.stdout, f"{words} said:\n{done.stdout}"
        return done.stdout

    def refuses(
        self, words: Sequence[str], *said: str, typed: str = "", terminal: bool = False
    ) -> str:
        """Run a command that is refused with these words. Returns what it said before."""
        done = self.run(*words, typed=typed, terminal=terminal)
        assert done.returncode == 1, f"{words} ended with {done.returncode}:\n{done.stdout}"
        for one in said:
            assert one in done.stderr, f"{words} complained:\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout

    def inside(self, job: Callable[[App], Awaitable[T]]) -> T:
        """Do something with the application that the commands are about."""

        async def do() -> T:
            app = await open_app(load(None))
            try:
                return await job(app)
            finally:
                await app.close()

        with pytest.MonkeyPatch.context() as patch:
            self._enter(patch)
            return asyncio.run(do())

    def add_council(self, code: str, place: str) -> None:
        """A second council beside that of the example, whose consultations are there already."""
        self.says(("consultation", "list"), "OZT-LIGHT")
        councils = self.folder / "councils"
        councils.mkdir()
        text = (example_folder() / "council.toml").read_text("utf-8")
        (councils / "example.toml").write_text(text, "utf-8")
        for old, new in (
            ('code = "example"', f'code = "{code}"'),
            ('"OZT"', f'"{code[:3].upper()}"'),
            ('"08.401.01.07"', f'"{place}"'),
        ):
            assert old in text
            text = text.replace(old, new)
        (councils / f"{code}.toml").write_text(text, "utf-8")
        self.environment["TACHAWOR_COUNCILS_FOLDER"] = "councils"
        self.environment["TACHAWOR_COUNCILS_DEFAULT"] = "example"

    def definition(self, name: str, *changes: tuple[str, str]) -> str:
        """A file with one of the example's definitions, changed."""
        text = (example_folder() / f"{name}.toml").read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (self.folder / f"{name}.toml").write_text(text, "utf-8")
        return f"{name}.toml"

    def _enter(self, patch: pytest.MonkeyPatch) -> None:
        patch.chdir(self.folder)
        for name in os.environ.keys() - self.environment.keys():
            patch.delenv(name)
        for name, value in self.environment.items():
            patch.setenv(name, value)
