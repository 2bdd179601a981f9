"""A whole application for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.build import App
from tests.citizen import Citizen, running
from tests.shell import Shell


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """The application with the example council, on SQLite."""
    async with running(tmp_path) as opened:
        yield opened


@pytest.fixture
async def citizen(app: App) -> Citizen:
    """Somebody who speaks English and has agreed to take part."""
    someone = Citizen(app)
    await someone.arrives()
    return someone


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A folder with nothing in it, and `tachawor`."""
    return Shell(tmp_path)
