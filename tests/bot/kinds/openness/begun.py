"""A council that has begun an openness programme, and its pages."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import time_machine

from bot.kinds.openness import keeping
from bot.kinds.openness.keeping import Kept
from flows.kinds.openness.sequence import sequence
from tests.bot.kinds.worlds import World, world
from tests.citizen import NOON, plain

PATH = "/staff/openness"
CODE = "OZT-OPEN-2027"
WHERE = f"{PATH}/{CODE}"
TITLE = {"title.ar": "برنامج الانفتاح", "title.fr": "Programme d’ouverture"}

#: A session before which there is time enough, of a commune.
SESSION = "2027-05-03"


def stopped() -> Iterator[time_machine.Traveller]:
    """A clock that stands at noon."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@asynccontextmanager
async def council(folder: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    """The example council, where people tell what is missing."""
    async with world("need", folder, clock) as found:
        yield found


async def begin(client: httpx.AsyncClient, session: str = SESSION, code: str = CODE) -> None:
    """Begin a programme as an organizer does: look, then begin."""
    form = {**TITLE, "code": code, "session": session, "counted": session, "action": "begin"}
    for one in sequence(datetime.fromisoformat(session).date()):
        form |= {f"first.{one.key}": one.first.isoformat(), f"last.{one.key}": one.last.isoformat()}
    answer = await client.post(f"{PATH}/new", data=form)
    assert answer.status_code == 303, answer.text


def bare(text: str) -> str:
    """What a page says, without its tags."""
    return re.sub("<[^>]*>", "", plain(text))


async def kept(w: World, code: str = CODE) -> Kept:
    """The programme as it stands."""
    async with w.app.storage.reading() as tx:
        found = await keeping.programme(tx, w.app.register.default_id, code)
    assert found is not None
    return found


async def does(
    client: httpx.AsyncClient, w: World, where: str, status: int = 303, **form: str
) -> str:
    """Send a form of the programme, as it stands; dots of names are written as `__`. Returns the page."""
    data = {name.replace("__", "."): value for name, value in form.items()}
    data.setdefault("version", str((await kept(w)).version))
    answer = await client.post(f"{WHERE}{where}?lang=en", data=data)
    assert answer.status_code == status, answer.text
    return answer.text
