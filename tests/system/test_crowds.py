"""Scripts that fill a consultation through the chat page's own addresses: none of it reaches a number."""

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from bot.app.build import App
from bot.core.config import Config
from bot.core.localtime import local_day, now_ms
from bot.core.vault import Vault
from bot.results import summaries
from bot.staff import crowds
from bot.web.citizens import chat
from flows.dialog.facts import Limits, NetworkLimits
from flows.statistics.summary import Responses
from storage.rows.consultations import ConsultationByCode
from tests.citizen import audit_of, limit_to
from tests.staff_links import link_for
from tests.system.browser import phone
from tests.system.conftest import served
from tests.visitor import visitor

#: What a citizen says to the example poll about street lights, from the first message to the reference.
SAYS = ("english", "1", "good", "4", "skip", "[Send]")


def _with_hours_to_come() -> int:
    """Now, or past midnight if that is near: a network has another digest each day."""
    now = now_ms()
    later = now + 2 * 3_600_000
    return now if local_day(later) == local_day(now) else later


@dataclass
class Clock:
    """The moment at which the page hears something."""

    at: int = field(default_factory=_with_hours_to_come)

    def now_ms(self) -> int:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(chat, "now_ms", made.now_ms)
    return made


class Browser:
    """One chat on the page, from one address of the internet."""

    ids = itertools.count(1)

    def __init__(self, base: str, clock: Clock, address: str, *, opens: bool = True) -> None:
        headers = {"x-forwarded-for": address, "accept": "application/json"}
        self.client = visitor(base_url=base, headers=headers)
        self.clock, self.opens = clock, opens
        self.buttons: dict[str, str] = {}

    async def begins(self, code: str) -> None:
        if self.opens:
            await self.client.get("/")
        else:
            self.client.cookies.set("tachawor_chat", f"made up by a script {next(self.ids)}")
        await self.says(start=code)

    async def says(self, text: str = "", **fields: str) -> str:
        """Say or tap something; the last thing that is answered."""
        if text.startswith("["):
            fields["token"] = next(t for label, t in self.buttons.items() if text[1:-1] in label)
        elif text:
            fields["text"] = text
        data = {"id": f"{next(self.ids)}", **fields}
        answer = await self.client.post("/chat/send?after=0", data=data)
        last = answer.json()["messages"][-1]
        self.buttons = {button["label"]: button["token"] for button in last["buttons"]}
        return str(last["text"])

    async def answers(self, seconds: float, idea: str = "skip") -> str:
        """The whole poll, with so many seconds before each answer."""
        await self.begins("OZT-LIGHT")
        said = ""
        for text in SAYS:
            self.clock.at += int(seconds * 1000)
            said = await self.says(idea if text == "skip" else text)
        await self.client.aclose()
        return said


async def results(app: App) -> tuple[Responses, int]:
    """What is published, and how many await a check."""
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        found = await summaries.responses_of(app.register, tx, row)
        return found, await crowds.awaiting(tx, row.id)


def addresses() -> Iterator[str]:
    """One address after the other, each in a network of its own."""
    return (f"41.{n // 250}.{n % 250}.7" for n in itertools.count(1))


async def test_a_script_that_never_opens_the_page_is_in_no_number(
    config: Config, clock: Clock
) -> None:
    async with served(config) as (app, base):
        for address in itertools.islice(addresses(), 8):
            said = await Browser(base, clock, address, opens=False).answers(5)
            # Nobody is refused, and nobody is told.
            assert "Reference: OZT-2026-" in said
        found, awaiting = await results(app)
        assert (len(found.standing), awaiting) == (0, 8)


async def test_a_script_that_answers_in_no_time_is_in_no_number(
    config: Config, clock: Clock
) -> None:
    async with served(config) as (app, base):
        for address in itertools.islice(addresses(), 8):
            await Browser(base, clock, address).answers(0.1)
        found, awaiting = await results(app)
        assert (len(found.standing), awaiting) == (0, 8)


async def test_a_script_that_hurries_and_waits_before_the_last_word_is_in_no_number(
    config: Config, clock: Clock
) -> None:
    async with served(config) as (app, base):
        for address in itertools.islice(addresses(), 8):
            script = Browser(base, clock, address)
            await script.begins("OZT-LIGHT")
            for text in SAYS:
                clock.at += 20_000 if text == "[Send]" else 50
                await script.says(text)
            await script.client.aclose()
        found, awaiting = await results(app)
        assert (len(found.standing), awaiting) == (0, 8)


async def test_what_is_changed_at_once_by_many_is_looked_at_too(
    config: Config, clock: Clock
) -> None:
    """Slow answers without words, and then the same words from all of them."""
    chance = random.Random(3)
    async with served(config) as (app, base):
        scripts = [Browser(base, clock, f"105.66.7.{number + 1}") for number in range(9)]
        for script in scripts:
            clock.at += chance.randrange(90_000)
            await script.begins("OZT-LIGHT")
            for text in SAYS:
                clock.at += 4000
                await script.says(text)
        found, awaiting = await results(app)
        assert (len(found.standing), awaiting) == (9, 0)
        for script in scripts:
            clock.at += chance.randrange(20_000)
            await script.says(start="OZT-LIGHT")
            await script.says("[Change my answers]")
            for text in ("good", "4", "Give the market to my cousin, please", "[Send]"):
                clock.at += 4000
                await script.says(text)
            await script.client.aclose()
        found, awaiting = await results(app)
        assert (len(found.standing), awaiting) == (0, 9)


async def test_a_script_that_takes_its_time_and_says_one_thing_is_in_no_number(
    config: Config, clock: Clock
) -> None:
    async with served(config) as (app, base):
        for number in range(10):
            clock.at += random.Random(number).randrange(60_000)
            words = f"Give the market to my cousin, please{'.' * number} {number}"
            await Browser(base, clock, f"105.66.7.{number + 1}").answers(5, words)
        found, awaiting = await results(app)
        assert (len(found.standing), awaiting) == (0, 10)


async def test_a_script_that_changes_a_word_each_time_is_in_no_number(
    config: Config, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sketches of words are drawn anew for each consultation, and in one of fifty miss one of the ten: here, one drawing."""
    digest = Vault.digest

    def drawn(vault: Vault, value: str, purpose: str) -> str:
        return digest(vault, value, re.sub(r"^word:\d+$", "word:1", purpose))

    monkeypatch.setattr(Vault, "digest", drawn)
    names = (
        "Karim",
        "Salma",
        "Hassan",
        "Zineb",
        "Omar",
        "Leila",
        "Rachid",
        "Nora",
        "Said",
        "Imane",
    )
    async with served(config) as (app, base):
        for number, name in enumerate(names):
            clock.at += random.Random(number).randrange(60_000)
            words = f"Give the market to my cousin {name}, please"
            await Browser(base, clock, f"105.66.7.{number + 1}").answers(5, words)
        found, awaiting = await results(app)
        assert (len(found.standing), awaiting) == (0, 10)


async def test_a_script_with_a_rhythm_of_its_own_is_in_no_number(
    config: Config, clock: Clock
) -> None:
    async with served(config) as (app, base):
        for number in range(12):
            clock.at += 30_000
            await Browser(base, clock, f"105.66.7.{number + 1}").answers(3)
        found, awaiting = await results(app)
        assert (len(found.standing), awaiting) == (0, 12)


async def test_a_flood_that_takes_its_time_is_in_no_number(config: Config, clock: Clock) -> None:
    """Under sixty in ten minutes, each at a pace of its own: what comes from one network has a limit."""
    chance = random.Random(5)
    async with served(config) as (app, base):
        limit_to(app, Limits(network=NetworkLimits(contributions="20 + 6/h")))
        for number in range(5):
            clock.at += chance.randrange(60_000)
            await Browser(base, clock, f"41.99.{number}.7").answers(2 + chance.random() * 9)
        for number in range(26):
            clock.at += int(chance.expovariate(1 / 60_000))
            await Browser(base, clock, f"105.66.7.{number + 1}").answers(2 + chance.random() * 9)
        found, awaiting = await results(app)
        assert (len(found.standing), awaiting) == (5, 26)


async def test_a_café_and_a_family_on_one_phones_network_count(
    config: Config, clock: Clock
) -> None:
    """Sixteen people of one network within the hour, each at their own time and pace."""
    chance = random.Random(7)
    async with served(config) as (app, base):
        for number in range(16):
            clock.at += int(chance.expovariate(1 / 150_000))
            await Browser(base, clock, f"105.66.7.{number + 1}").answers(1.2 + chance.random() * 9)
        found, awaiting = await results(app)
        assert (len(found.standing), awaiting) == (16, 0)


@pytest.mark.browser
async def test_a_clerk_decides_on_a_group_and_can_change_it(config: Config, clock: Clock) -> None:
    """Seen on Today, with the reason; decided at once, back and forth; the author notices nothing."""
    async with served(config) as (app, base):
        for address in itertools.islice(addresses(), 7):
            await Browser(base, clock, address, opens=False).answers(5)
        last = Browser(base, clock, "105.66.7.1", opens=False)
        await last.begins("OZT-LIGHT")
        for text in SAYS:
            clock.at += 5000
            await last.says(text)
        await last.says("[Not now]")
        assert "You have 1 contribution" in await last.says("my contributions")
        async with phone(viewport={"width": 1280, "height": 900}, locale="en-GB") as context:
            page = await context.new_page()
            await page.goto(await link_for(app, "example", "Nadia", role="clerk"))
            await page.get_by_role("button").first.click()
            await page.get_by_role("link", name="to be checked").click()
            assert await page.get_by_text("Sent without ever opening the page").count() == 1
            assert await page.get_by_text("8 contributions").count() == 1
            await page.get_by_role("button", name="Let them count").click()
            assert await page.get_by_text("They count").count() == 1
            found, awaiting = await results(app)
            assert (len(found.standing), awaiting) == (8, 0)
            await page.get_by_role("button", name="Do not count them").click()
            found, awaiting = await results(app)
            assert (len(found.standing), awaiting) == (0, 0)
            assert "You have 1 contribution" in await last.says("my contributions")
        async with app.storage.reading() as tx:
            noted = await audit_of(tx, app.register.default_id)
        said = [row.detail for row in noted if row.action == "decide crowd"]
        assert said == ["does not count", "counts"]
        await last.client.aclose()


async def test_voices_of_a_script_are_in_no_number(config: Config, clock: Clock) -> None:
    """What somebody else told is not said by eight more because a script says so; a clerk may let them count."""
    async with served(config) as (app, base):
        teller = Browser(base, clock, "41.77.1.1")
        await teller.begins("OZT-NEEDS")
        for text in ("english", "1", "1", "Tabounte", "The water is cut every evening", "[Send]"):
            clock.at += 9000
            last = await teller.says(text)
        assert "Reference: OZT-2026-000001" in last
        await teller.client.aclose()
        for address in itertools.islice(addresses(), 8):
            fake = Browser(base, clock, address, opens=False)
            await fake.begins("OZT-NEEDS")
            for text in ("english", "1", "1", "Tabounte", "water is cut every evening"):
                clock.at += 9000
                last = await fake.says(text)
            assert "said something like this" in last
            await fake.says("[Add my voice]")
            await fake.client.aclose()
        assert await voices(app) == (0, 8)
        async with app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
            assert row is not None
            (group,) = await crowds.groups(tx, row.id)
            assert group.n == 8
            await crowds.decide(tx, row.id, group.id, counts=True, made_by="nadia", at=clock.at)
        assert await voices(app) == (8, 0)
        async with app.storage.transaction() as tx:
            await crowds.decide(tx, row.id, group.id, counts=False, made_by="nadia", at=clock.at)
        assert await voices(app) == (0, 0)


async def voices(app: App) -> tuple[int, int]:
    """How many say what the first need says, and how many await a check."""
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
        assert row is not None
        found = await summaries.responses_of(app.register, tx, row)
        return found.standing[0].voices, await crowds.awaiting(tx, row.id)
