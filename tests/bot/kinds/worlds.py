"""A council with one consultation of a kind, open, for whatever is tried of every kind alike."""

import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
import time_machine

import flows.kinds
from bot.app import site
from bot.app.build import App, open_app
from bot.consultations import definitions
from bot.core.config import TelegramSettings, WhatsAppSettings
from bot.core.localtime import now_ms
from flows.conversations.index import conversations
from flows.kinds import kinds
from flows.kinds.kind import Kind
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from tests.citizen import Citizen, config_in
from tests.staff_links import link_for
from tests.visitor import visitor

#: What somebody says in their own words.
WORDS = "Lamps at the bus station"

#: A definition of the kind that only the tests have.
IDEAS = """
kind = "idea"
code = "OZT-IDEAS"
council = "example"
title = { fr = "Vos idées", ar = "أفكاركم", en = "Your ideas" }
question = { fr = "Une place ?", ar = "ساحة؟", en = "A square?" }
session = 2027-01-10T10:00:00
rounds = [
    { opens = 2026-11-01T09:00:00, closes = 2026-12-01T00:00:00 },
    { opens = 2026-12-10T09:00:00, closes = 2026-12-20T00:00:00 },
]
"""


#: A call for ideas: the example council has none, its menu is full.
PROJECT_IDEAS = """
kind = "project_idea"
code = "OZT-PROJECTS"
council = "example"
amount = 400000
title = { fr = "Vos idées pour les quartiers", ar = "أفكاركم للأحياء", en = "Your ideas for our quarters" }
"""

#: Definitions that the example council does not open by itself.
WRITTEN: Mapping[str, str] = {"idea": IDEAS, "project_idea": PROJECT_IDEAS}


@dataclass(frozen=True, slots=True)
class Script:
    """How a citizen answers: from the first question to the reference.

    `twice` is what to change so that it opens in two rounds, from 1 November and from 10 December.
    """

    code: str
    replies: Sequence[str]
    twice: Mapping[str, Any] = field(default_factory=dict)


SCRIPTS: Mapping[str, Script] = {
    "need": Script("OZT-NEEDS", ("water", "Tabounte", WORDS, "[Send]")),
    "poll": Script("OZT-LIGHT", ("[Good]", "[Fair]", WORDS, "[Send]")),
    "petition": Script("OZT-PARK", ("[I support it]",)),
    "budget": Script("OZT-BUDGET", ("[Choose now]", "1, 3", "[Send]")),
    "meeting": Script("OZT-WORKSHOP", ("[Say something]", "2", WORDS)),
    "commitment": Script("OZT-LAMPS", ("[Nothing is done]", WORDS)),
    "idea": Script("OZT-IDEAS", ("[Yes]", WORDS)),
    "project_idea": Script("OZT-PROJECTS", (WORDS, "Tabounte", "[Send]")),
    "draft_text": Script(
        "OZT-CHARTER",
        ("[All 4 articles]", "[I am against it]", WORDS, "[Finish here]", "[Send]"),
        {
            "rounds": [
                {
                    "key": "round1",
                    "title": {"en": "First round"},
                    "opens": "2026-11-01T09:00:00",
                    "closes": "2026-12-01T00:00:00",
                },
                {
                    "key": "round2",
                    "title": {"en": "Second round"},
                    "opens": "2026-12-10T09:00:00",
                    "closes": "2026-12-20T00:00:00",
                },
            ]
        },
    ),
}


@contextmanager
def toy() -> Iterator[None]:
    """Let the tests' own kind be found where kinds are looked for."""
    flows.kinds.__path__.append(str(Path(__file__).parent / "toy"))
    kinds.cache_clear()
    conversations.cache_clear()
    try:
        yield
    finally:
        flows.kinds.__path__.pop()
        sys.modules.pop("flows.kinds.idea", None)
        kinds.cache_clear()
        conversations.cache_clear()


@dataclass(frozen=True, slots=True)
class World:
    """One consultation of one kind, and who may be tried on it."""

    app: App
    name: str
    folder: Path
    clock: time_machine.Traveller

    @property
    def kind(self) -> Kind[Any]:
        """The kind."""
        return kinds()[self.name]

    @property
    def script(self) -> Script:
        """How it is answered."""
        return SCRIPTS[self.name]

    @property
    def code(self) -> str:
        """The consultation's code."""
        return self.script.code

    @property
    def says_words(self) -> bool:
        """Whether who answers says something in their own words."""
        return WORDS in self.script.replies

    async def row(self) -> StoredConsultation:
        """The consultation."""
        async with self.app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code=self.code)
        assert row is not None
        return row

    async def known(self, name: str, channel: str = "web") -> Citizen:
        """Somebody who has agreed to take part, and is not in the middle of anything."""
        citizen = Citizen(self.app, name, channel, at=now_ms())
        await citizen.arrives()
        await citizen.says("cancel")
        return citizen

    async def answered(self, citizen: Citizen) -> str:
        """Have somebody answer. Returns what the bot said at the end, with the reference."""
        citizen.at = max(citizen.at, now_ms())
        await citizen.starts(self.code)
        said = ""
        for reply in self.script.replies:
            said = await citizen.says(reply)
        while "[Not now]" in [f"[{label}]" for label in citizen.labels]:
            await citizen.says("[Not now]")
        return said

    async def crowd(self, count: int = 6) -> list[Citizen]:
        """So many people answer."""
        people = [await self.known(f"person {number}") for number in range(count)]
        for person in people:
            assert "Reference: OZT-2026-" in await self.answered(person)
        return people

    async def changed(self, **more: Any) -> None:
        """The same consultation with other values, opened anew."""
        async with self.app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code=self.code)
            assert row is not None
            await tx.run("set_consultation_state", id=row.id, state="draft")
            raw = {**msgspec.json.decode(row.definition), **more}
            council = self.app.register.council(row.council_id)
            head, problems = definitions.check(raw, council)
            assert head is not None
            assert problems == []
            await definitions.add(tx, self.app.register, msgspec.to_builtins(head), head)
            fresh = await self.app.register.by_id(tx, row.id)
            await definitions.open_consultation(tx, fresh, "amal")

    async def closed(self) -> None:
        """Close the consultation."""
        async with self.app.storage.transaction() as tx:
            row = await self.app.register.by_id(tx, (await self.row()).id)
            await definitions.close_consultation(tx, row, "amal")

    @asynccontextmanager
    async def browser(self, role: str = "admin") -> AsyncIterator[httpx.AsyncClient]:
        """A browser of somebody of the staff, signed in."""
        transport = httpx.ASGITransport(app=site.build(self.app))
        base = self.app.config.public_url
        async with visitor(transport=transport, base_url=base) as client:
            answer = await client.post(await link_for(self.app, "example", f"amal {role}", role))
            assert answer.status_code == 303
            yield client


@asynccontextmanager
async def world(
    name: str,
    folder: Path,
    clock: time_machine.Traveller,
    telegram: TelegramSettings | None = None,
    whatsapp: WhatsAppSettings | None = None,
) -> AsyncIterator[World]:
    """An application with the example council; its consultation of this kind is open.

    Telegram and WhatsApp are there, and lead nowhere unless settings say where.
    """
    nowhere = "http://127.0.0.1:9"
    config = msgspec.structs.replace(
        config_in(folder),
        telegram=telegram
        or TelegramSettings(token="123456789:AbC-dEf_0123456789abcdefghijklmnop", base_url=nowhere),
        whatsapp=whatsapp
        or WhatsAppSettings(
            account_sid="AC" + "0" * 32,
            auth_token="0" * 32,
            sender="+14155238886",
            base_url=nowhere,
        ),
    )
    with toy():
        app = await open_app(config)
        try:
            if name in WRITTEN:
                file = folder / "written.toml"
                file.write_text(WRITTEN[name], "utf-8")
                councils = {council.code: council for council in app.register.all().values()}
                raw, head = definitions.read_definition(file, councils)
                async with app.storage.transaction() as tx:
                    await definitions.add(tx, app.register, raw, head)
                    row = await app.register.by_code(tx, head.code)
                    assert row is not None
                    await definitions.open_consultation(tx, row)
            yield World(app, name, folder, clock)
        finally:
            await app.close()
