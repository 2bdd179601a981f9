"""A poll whose answers fit any question, and citizens who give two of them at once, each to another server.

Whichever of the two is handled first, both are taken, once each; and what was told is what is stored.
"""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bot.app.build import kind_folders, open_app
from bot.consultations import definitions
from storage.opening import open_storage
from tests.checks import AnsweredBy
from tests.faults.server import VAULT, config_of
from tests.faults.several.servers import Servers

CODE = "OZT-RATES"

#: Questions of the poll; an even number.
QUESTIONS = 6

#: The first chat of those who answer the poll.
FIRST = 7_000_000

#: Words that are answered whatever was said before.
WORDS = ("menu", "help", "language", "my data")


def definition() -> str:
    """The poll as an organizer writes it."""
    head = f'kind = "poll"\ncode = "{CODE}"\ncouncil = "example"\nminutes = 2\n\n[title]\n'
    languages = ("ar", "ary", "fr", "zgh", "en")
    text = head + "".join(f'{code} = "Six ratings"\n' for code in languages)
    for number in range(1, QUESTIONS + 1):
        texts = ", ".join(f'{code} = "How is it at place {number}?"' for code in languages)
        text += f'\n[[questions]]\nkey = "q{number}"\ntype = "rating"\ntext = {{ {texts} }}\n'
    return text


async def prepare(folder: Path, database: str) -> None:
    """Make the database, and open the poll in it."""
    file = folder / "rates.toml"
    file.write_text(definition(), "utf-8")
    app = await open_app(config_of(folder, 1, "http://localhost:1", database=database))
    try:
        by_code = {council.code: council for council in app.register.all().values()}
        async with app.storage.transaction() as tx:
            raw, head = definitions.read_definition(file, by_code)
            await definitions.add(tx, app.register, raw, head)
            row = await app.register.by_code(tx, head.code)
            assert row is not None
            await definitions.open_consultation(tx, row)
    finally:
        await app.close()


class Citizen:
    """One chat: two first words at once, and then the ratings, two at once."""

    def __init__(self, chat: int, chance: random.Random) -> None:
        self.chat = chat
        self._chance = chance
        self.pairs = [(chance.randint(1, 5), chance.randint(1, 5)) for _ in range(QUESTIONS // 2)]

    @property
    def updates(self) -> int:
        """How many updates all of it is."""
        return 2 + 2 + QUESTIONS + 2

    async def talks(self, servers: Servers) -> None:
        """Everything that this citizen says."""
        await self._both(servers, f"/start {CODE}", f"/start {CODE}")
        for text in ("english", "1"):
            await servers.say(self.chat, text, self._chance.randrange(9))
        for one, other in self.pairs:
            await self._both(servers, str(one), str(other))
            await asyncio.sleep(self._chance.random() * 0.1)
        for text in ("1", "2"):
            await servers.say(self.chat, text, self._chance.randrange(9))

    async def _both(self, servers: Servers, one: str, other: str) -> None:
        first = self._chance.randrange(9)
        await asyncio.gather(
            servers.say(self.chat, one, first), servers.say(self.chat, other, first + 1)
        )

    def wrong(self, filed: list[dict[str, str]]) -> Iterator[str]:
        """What is wrong with what is filed of this citizen."""
        if len(filed) != 1:
            yield f"chat {self.chat} has {len(filed)} responses"
            return
        for number, pair in enumerate(self.pairs):
            keys = (f"q{2 * number + 1}", f"q{2 * number + 2}")
            found = sorted(filed[0].get(key, "") for key in keys)
            if found != sorted(map(str, pair)):
                yield f"chat {self.chat} said {pair} at once, filed is {found}"


async def chat_along(servers: Servers, chat: int, chance: random.Random, rounds: int) -> None:
    """Somebody who says what is always answered, and whose provider brings each of it to two servers at once."""
    for number in range(rounds):
        first = chance.randrange(9)
        await asyncio.gather(
            servers.say(chat, WORDS[number % len(WORDS)], first),
            servers.say(chat, WORDS[chance.randrange(len(WORDS))], first + 1),
        )
        await asyncio.sleep(chance.random() * 0.1)


async def misfiled(database: str, citizens: list[Citizen]) -> list[str]:
    """What is wrong with what the citizens filed, and with how many people they are taken for."""
    storage = await open_storage(database, kind_folders())
    try:
        async with storage.reading() as tx:
            rows = await tx.rows(AnsweredBy, code=CODE)
            (people,) = await tx.rows("people_and_addresses")
    finally:
        await storage.close()
    filed: dict[int, list[dict[str, str]]] = {}
    for row in rows:
        answers = msgspec.json.decode(row.body)["answers"]
        filed.setdefault(int(VAULT.uncover(row.address)), []).append(answers)
    problems = [
        f"wrong: {problem}" for one in citizens for problem in one.wrong(filed.get(one.chat, []))
    ]
    if people["n"] != people["addresses"]:
        problems.append(f"twice: {people['n']} people have {people['addresses']} chats")
    return problems
