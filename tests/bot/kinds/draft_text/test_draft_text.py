"""A draft with a council behind it: who is asked about what, in which round, on which channel."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.app.build import App
from bot.app.commands.console import checker_of
from bot.consultations import definitions
from bot.core.localtime import now_ms
from bot.outreach import lists
from bot.outreach.audiences import reach_of, values_of
from flows.dialog.outreach import Audience
from flows.wording import render
from storage.rows.broadcasts import AudiencePage
from tests.bot.conversation.test_joining import code_of
from tests.bot.kinds.worlds import World, world
from tests.checks import AllResponses
from tests.citizen import NOON, Citizen, running

#: The elected members first, then everybody.
ROUNDS: list[dict[str, Any]] = [
    {
        "key": "elected",
        "title": {"en": "Elected members"},
        "opens": "2026-11-01T09:00:00",
        "closes": "2026-12-01T00:00:00",
        "lists": ["elected-members"],
    },
    {
        "key": "all",
        "title": {"en": "Everybody"},
        "opens": "2026-12-10T09:00:00",
        "closes": "2026-12-20T00:00:00",
    },
]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("draft_text", tmp_path, clock) as found:
        yield found


async def bodies(app: App) -> list[dict[str, Any]]:
    """What was filed, in the order of filing."""
    async with app.storage.reading() as tx:
        row = await app.register.by_code(tx, "OZT-CHARTER")
        assert row is not None
        return [json.loads(r.body) for r in await tx.rows(AllResponses, consultation_id=row.id)]


async def test_who_comes_next_is_asked_about_the_least_answered(tmp_path: Path, url: str) -> None:
    """Counted alike by both databases; an article that was passed over is not answered."""
    async with running(tmp_path, url) as app:
        amina = Citizen(app)
        await amina.arrives()
        await amina.starts("OZT-CHARTER")
        await amina.verify(
            [
                ("[3 articles]", "Article 1 · Telling people early"),
                ("[I agree]", "Article 2"),
                ("[I agree]", "Article 3"),
                ("[Skip]", "before it goes"),
                ("[Send]", "Reference: OZT-2026-000001"),
            ]
        )
        brahim = Citizen(app, "brahim", at=amina.at)
        await brahim.arrives()
        await brahim.starts("OZT-CHARTER")
        said = await brahim.says("[3 articles]")
        assert "fewest answers" in said
        assert "Article 1" in said
        assert "Article 3" in await brahim.says("[I agree]")
        assert "Article 4" in await brahim.says("[I agree]")


async def test_themes_that_somebody_follows_come_first(w: World) -> None:
    amina = await w.known("amina")
    async with w.app.storage.transaction() as tx:
        council_id = (await w.row()).council_id
        person = await _person(w)
        await tx.run("follow_theme", person_id=person, council_id=council_id, theme="light")
    await amina.starts(w.code)
    said = await amina.says("[3 articles]")
    assert "Themes that you follow come first" in said
    assert "Article 1" in said
    await amina.says("[Skip]")
    assert "Article 4" in await amina.says("[Skip]")


async def _person(w: World) -> int:
    """The only person that there is."""
    council_id = (await w.row()).council_id
    async with w.app.storage.reading() as tx:
        values = await values_of(tx, w.app.register, council_id, "notice", Audience(), None)
        (found,) = await tx.rows(AudiencePage, after=0, most=9, **values)
    return found.person_id


async def test_a_comment_is_stopped_here_and_gone_on_with_in_another_chat(w: World) -> None:
    """What was said in one is at the last look in the other."""
    web, other = await w.known("amina"), await w.known("amina", "terminal")
    await web.starts(w.code)
    await web.says("[All 4 articles]")
    await web.says("The fifteen days are too short")
    await web.says("[Change it]")
    await web.says("cancel")
    web.at = max(web.at, other.at, now_ms())
    code = await code_of(web)
    other.at = web.at
    await other.says(code)
    await other.says("yes")
    said = await other.starts(w.code)
    assert "How should it read?" in said
    await other.says("skip")
    said = await other.says("[Finish here]")
    assert "Comment, Article 1: The fifteen days are too short" in said
    assert "Reference" in await other.says("[Send]")
    (body,) = await bodies(w.app)
    assert body["articles"]["notice"]["stance"] == "change"


async def test_who_comes_back_adds_to_one_response(w: World) -> None:
    """The reference stays, and so does what was said before."""
    amina = await w.known("amina")
    await w.answered(amina)
    said = await amina.starts(w.code)
    assert "Article 1: I am against it" in said
    await amina.says("[3 more articles]")
    await amina.says("[I agree]")
    await amina.says("[Finish here]")
    assert "up to date. Reference: OZT-2026-000001" in await amina.says("[Send]")
    (body,) = await bodies(w.app)
    assert [one["x"] for one in body["answered"]] == ["notice", "everybody"]


# --------------------------------------------------------------------------- rounds for some


async def on_the_list(w: World, citizen: Citizen) -> None:
    """Put somebody on the list of the elected members."""
    async with w.app.storage.transaction() as tx:
        council_id = (await w.row()).council_id
        payload = await lists.link(w.app.vault, tx, council_id, "Elected members", "amal")
    await citizen.starts(payload)
    await citizen.says("yes")


async def test_a_round_for_a_list_is_open_to_who_is_on_it(w: World) -> None:
    """Others are told for whom it is, and do not find it in the menu; the next round is for all."""
    elected, other = await w.known("amina"), await w.known("brahim")
    await on_the_list(w, elected)
    await w.changed(rounds=ROUNDS)
    assert "is open for now to: Elected members" in await other.starts(w.code)
    await other.says("menu")
    assert not any("charter" in label for label in other.labels)
    await elected.says("menu")
    assert any("charter" in label for label in elected.labels)
    assert "Reference" in await w.answered(elected)
    w.clock.move_to(datetime(2026, 12, 10, 9, 0, tzinfo=UTC))
    assert "Reference" in await w.answered(other)
    assert len(await bodies(w.app)) == 2


async def test_who_left_the_list_meanwhile_files_nothing(w: World) -> None:
    """It is looked at again when it counts."""
    amina = await w.known("amina")
    await on_the_list(w, amina)
    await w.changed(rounds=ROUNDS)
    await amina.starts(w.code)
    await amina.says("[All 4 articles]")
    await amina.says("[I agree]")
    await amina.says("[Finish here]")
    async with w.app.storage.transaction() as tx:
        await tx.run("erase_memberships", person_id=await _person(w))
    assert "is open for now to: Elected members" in await amina.says("[Send]")
    assert await bodies(w.app) == []


@pytest.mark.parametrize(
    ("asked", "people"), [((), 1), (("elected-members",), 1), (("others",), 0)]
)
async def test_an_invitation_to_such_a_round_goes_to_who_may_answer(
    w: World, asked: tuple[str, ...], people: int
) -> None:
    """Never to more than the organizer asked for."""
    elected = await w.known("amina")
    await w.known("brahim")
    await on_the_list(w, elected)
    await w.changed(rounds=ROUNDS)
    row = await w.row()
    async with w.app.storage.transaction() as tx:
        await lists.link(w.app.vault, tx, row.council_id, "others", "amal")
        audience = Audience(lists=asked)
        values = await values_of(tx, w.app.register, row.council_id, "invitation", audience, row)
        assert (await reach_of(tx, values, now_ms())).people == people


async def test_the_checker_names_a_list_that_is_missing_or_empty(w: World) -> None:
    """A list that is not there stops it: nobody could answer."""
    await w.known("amina")
    await w.changed(rounds=ROUNDS)
    assert "stop: The council has no list elected-members" in await found(w)
    async with w.app.storage.transaction() as tx:
        await lists.link(w.app.vault, tx, (await w.row()).council_id, "Elected members", "amal")
    assert "warn: Nobody is on the list elected-members yet" in await found(w)
    brahim = await w.known("brahim")
    await on_the_list(w, brahim)
    assert "elected-members" not in await found(w)


async def test_the_checker_names_an_article_of_four_thousand_characters(w: World) -> None:
    """With what its kind alone knows stands what is found of any kind: the preview of WhatsApp."""
    await w.known("amina")
    row = await w.row()
    articles = json.loads(row.definition)["articles"]
    articles[0] |= {"text": {"ar": "كلمة " * 800}, "short": {}}
    await w.changed(articles=articles)
    said = await found(w)
    assert "4\xa0000 characters and no short version" in said
    assert "WhatsApp: “Article 1 · Telling people early” is too long for one message" in said
    # A line names an article by its beginning, and what is alike is said once.
    assert max(len(line) for line in said.splitlines()) < 400
    assert said.count("open as a list") <= 8


async def found(w: World) -> str:
    """What the checker says, a line each."""
    async with w.app.storage.reading() as tx:
        findings, _ = await checker_of(w.app).of_consultation(tx, await w.row())
    return "\n".join(
        f"{one.level}: {render(one.text, 'en')}".translate(
            {0x2066: None, 0x2068: None, 0x2069: None}
        )
        for one in findings
    )


async def test_a_draft_without_rounds_is_open_from_its_opening_to_its_end(w: World) -> None:
    """A kind that can open more than once need not."""
    async with w.app.storage.transaction() as tx:
        row = await w.row()
        assert (row.opens_at, row.closes_at) == (None, None)
        await definitions.close_consultation(tx, row, "amal")
    amina = await w.known("amina")
    assert "is closed" in await amina.starts(w.code)
