"""What a consultation asks of who takes part, and what counts only once it is confirmed."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.app.build import App
from bot.results import summaries
from bot.staff import confirmed, crowds
from flows.dialog.facts import ChatLimits, Limits
from flows.kinds import check
from flows.wording import render
from storage.rows.consultations import ConsultationByCode
from storage.rows.responses import CountStanding
from tests.bot.kinds.need.test_need import file_need
from tests.citizen import Citizen, limit_to, running


@pytest.fixture
async def app(tmp_path: Path, url: str) -> AsyncIterator[App]:
    """An application on each database."""
    async with running(tmp_path, url) as running_app:
        yield running_app


async def asks(app: App, code: str, **asked: Any) -> None:
    """Have an example consultation ask for more."""
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        raw = {**msgspec.json.decode(row.definition), **asked}
        await tx.run("redefine", code=code, definition=msgspec.json.encode(raw).decode())


async def answers(citizen: Citizen) -> str:
    await citizen.arrives(code="OZT-LIGHT")
    for said in ("good", "4", "skip"):
        await citizen.says(said)
    return await citizen.says("[Send]")


async def stands(app: App, code: str = "OZT-LIGHT") -> tuple[int, int]:
    """How many are in the numbers, and how many are not confirmed."""
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        found = await summaries.responses_of(app.register, tx, row)
        counted = await tx.row(CountStanding, consultation_id=row.id)
        assert counted is not None
        assert counted.n == len(found.standing)
        return len(found.standing), found.unconfirmed


async def confirms(shown: str, other: Citizen) -> str:
    """Type the code that a citizen was shown in another chat, and say yes."""
    await other.says(re.findall(r"\d{3} \d{3} \d{4}", shown)[0])
    return await other.says("yes")


async def test_without_more_asked_the_open_page_counts(app: App) -> None:
    assert "counts once you confirm" not in await answers(Citizen(app))
    assert await stands(app) == (1, 0)


@pytest.mark.parametrize("asked", [{"counted": "A1"}, {"confirm": True}])
async def test_what_began_on_the_open_page_counts_once_an_account_confirms_it(
    app: App, asked: dict[str, Any]
) -> None:
    """A script's answers never do; its author notices the same as everybody."""
    await asks(app, "OZT-LIGHT", **asked)
    for number in range(3):
        shown = await answers(Citizen(app, f"script {number}"))
    citizen, other = Citizen(app), Citizen(app, "amina", "telegram")
    shown = await answers(citizen)
    assert "Reference: OZT-2026-" in shown
    assert "It counts once you confirm it from Telegram or WhatsApp" in shown
    await other.arrives()
    other.at = citizen.at
    assert await stands(app) == (0, 4)
    assert "Done." in await confirms(shown, other)
    assert await stands(app) == (1, 3)
    # It was one of theirs all the time.
    citizen.at = other.at
    await citizen.says("[Not now]")
    assert "You have 1 contribution" in await citizen.says("my contributions")
    # And is not any more once the join is undone.
    await other.says("my data")
    await other.says("[Take my chats apart]")
    assert await stands(app) == (0, 4)


async def test_who_writes_from_an_account_counts_at_once(app: App) -> None:
    await asks(app, "OZT-LIGHT", counted="A1")
    assert "counts once you confirm" not in await answers(Citizen(app, channel="telegram"))
    assert await stands(app) == (1, 0)


async def test_of_two_answers_of_one_person_one_counts(app: App) -> None:
    """Answered on the page and in the account, and then joined."""
    await asks(app, "OZT-LIGHT", counted="A1")
    citizen, other = Citizen(app), Citizen(app, "amina", "telegram")
    await answers(other)
    citizen.at = other.at
    shown = await answers(citizen)
    assert await stands(app) == (1, 1)
    other.at = citizen.at
    await confirms(shown, other)
    assert (await stands(app))[0] == 1


async def test_what_is_confirmed_after_the_end_does_not_count(app: App) -> None:
    await asks(app, "OZT-LIGHT", counted="A1")
    citizen, other = Citizen(app), Citizen(app, "amina", "telegram")
    shown = await answers(citizen)
    await other.arrives()
    async with app.storage.transaction() as tx:
        await tx.run("close_for_test", code="OZT-LIGHT")
    other.at = citizen.at
    await confirms(shown, other)
    assert await stands(app) == (0, 1)


async def test_who_is_below_what_taking_part_asks_for_is_told_the_ways(app: App) -> None:
    """Before a question is asked; from an account it goes on as ever."""
    await asks(app, "OZT-LIGHT", take_part="A1")
    app.register.links = lambda payload: (
        f"http://localhost:1/?c={payload}",
        f"https://t.me/ozt?start={payload}",
    )
    citizen = Citizen(app)
    await citizen.arrives()
    told = await citizen.starts("OZT-LIGHT")
    assert "answered from Telegram or WhatsApp" in told
    assert "https://t.me/ozt?start=OZT-LIGHT" in told
    assert "localhost" not in told
    # Whoever comes for the first time too, before anything is asked.
    assert "https://t.me/ozt?start=OZT-LIGHT" in await Citizen(app, "new").starts("OZT-LIGHT")
    assert await stands(app) == (0, 0)
    assert "How is the lighting" in await Citizen(app, channel="whatsapp").arrives(code="OZT-LIGHT")


async def test_who_began_before_it_was_asked_for_is_told_at_the_end(app: App) -> None:
    """Effects are looked at again."""
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    for said in ("good", "4", "skip"):
        await citizen.says(said)
    await asks(app, "OZT-LIGHT", take_part="A1")
    assert "answered from Telegram or WhatsApp" in await citizen.says("[Send]")
    assert await stands(app) == (0, 0)


async def test_danger_is_told_from_anywhere_and_counts(app: App) -> None:
    await asks(app, "OZT-NEEDS", take_part="A1")
    citizen = Citizen(app)
    await citizen.arrives()
    assert "15" in await citizen.says("there is a fire in the market")
    for said in ("1", "skip"):
        await citizen.says(said)
    assert "Reference: OZT-2026-" in await citizen.says("[Send]")
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
        assert row is not None
        counted = await tx.row(CountStanding, consultation_id=row.id)
    assert counted is not None
    assert counted.n == 1


async def test_support_counts_once_it_is_signed_where_a_card_is_asked_for(app: App) -> None:
    await asks(app, "OZT-PARK", counted="A2")
    citizen = Citizen(app, channel="telegram")
    await citizen.arrives(code="OZT-PARK")
    assert "counts once the signature is completed" in await citizen.says("[I support it]")
    assert await stands(app, "OZT-PARK") == (0, 1)
    for said in ("[Sign officially]", "Amina El Idrissi", "KB204971", "Agdz", "[Sign]"):
        await citizen.says(said)
    assert await stands(app, "OZT-PARK") == (1, 0)


async def test_voices_of_the_open_page_count_once_confirmed(app: App) -> None:
    await asks(app, "OZT-NEEDS", counted="A1")
    teller = Citizen(app, "teller", "telegram")
    await teller.arrives(code="OZT-NEEDS")
    for said in ("1", "Tabounte", "The water is cut every evening", "[Send]"):
        await teller.says(said)
    voice, other = Citizen(app, "voice"), Citizen(app, "voice", "telegram")
    await voice.arrives(code="OZT-NEEDS")
    for said in ("1", "Tabounte", "water is cut every evening"):
        await voice.says(said)
    shown = await voice.says("[Add my voice]")
    assert await voices(app) == 0
    assert await stands(app, "OZT-NEEDS") == (1, 1)
    await other.arrives()
    other.at = voice.at
    await confirms(shown, other)
    assert await voices(app) == 1
    assert await stands(app, "OZT-NEEDS") == (1, 0)


async def voices(app: App) -> int:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
        assert row is not None
        return (await summaries.responses_of(app.register, tx, row)).standing[0].voices


async def test_nobody_decides_on_what_is_not_confirmed(app: App) -> None:
    """It stands in no group: a clerk cannot let it count."""
    await asks(app, "OZT-LIGHT", counted="A1")
    await answers(Citizen(app))
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        (id,) = [one[0] for one in await tx.rows("unconfirmed_group", consultation_id=row.id)]
        assert not await crowds.decide(tx, row.id, id, counts=True, made_by="nadia", at=1)
        assert await crowds.awaiting(tx, row.id) == 0
        assert await confirmed.unconfirmed(tx, row.id) == 1


async def test_the_summary_and_the_public_page_say_which_level_counts(app: App) -> None:
    await asks(app, "OZT-LIGHT", counted="A1")
    await answers(Citizen(app))
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        summary, _ = await summaries.summary_of(app.register, tx, row)
    notes = [render(note, "en") for note in summary.notes]
    assert any(
        note.startswith("Only what reaches this level counts: Telegram account") for note in notes
    )
    assert any(
        note.startswith("Not confirmed, kept and in no number: fewer than 5") for note in notes
    )


@pytest.mark.parametrize(
    ("kind", "asked", "keys"),
    [
        ("poll", {}, []),
        ("poll", {"take_part": "A1", "counted": "A1", "confirm": True}, []),
        ("poll", {"take_part": "A2"}, ["take_part"]),
        ("poll", {"take_part": "A3"}, ["take_part"]),
        ("poll", {"counted": "A2"}, ["counted"]),
        ("need", {"counted": "A1"}, []),
        ("need", {"counted": "A3"}, ["counted"]),
        ("petition", {"counted": "A2"}, []),
        ("petition", {"counted": "A3"}, ["counted"]),
        ("petition", {"counted": "A4"}, ["counted"]),
    ],
)
async def test_what_cannot_be_reached_is_not_asked_for(
    app: App, kind: str, asked: dict[str, Any], keys: list[str]
) -> None:
    code = {"poll": "OZT-LIGHT", "need": "OZT-NEEDS", "petition": "OZT-PARK"}[kind]
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
    raw = {**msgspec.json.decode(row.definition), **asked}
    _, problems = check(raw, app.register.default)
    assert [problem.key for problem in problems] == keys


@pytest.mark.parametrize("first", ["the clerk decides", "the account confirms"])
async def test_an_account_does_not_confirm_more_than_a_chat_may_contribute(
    app: App, first: str
) -> None:
    """Need after need on the open page, and then one account for all of them: a clerk looks at it, too."""
    limit_to(app, Limits(chat=ChatLimits(contributions="3 + 1/h")))
    await asks(app, "OZT-NEEDS", counted="A1")
    script, account = Citizen(app, "script"), Citizen(app, "script", "telegram")
    await account.arrives()
    await script.arrives()
    for words in ("no water at all", "a lamp is broken", "rubbish everywhere", "deep holes"):
        await file_need(script, f"{words} near the school")
    account.at = script.at

    async def decides() -> None:
        async with app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
            assert row is not None
            (group,) = await crowds.groups(tx, row.id)
            assert (group.reason, group.n) == ("chat", 4)
            await crowds.decide(tx, row.id, group.id, counts=True, made_by="nadia", at=script.at)

    async def joins() -> None:
        await script.says("my data")
        await confirms(await script.says("[another app]"), account)

    if first == "the clerk decides":
        await decides()
        assert await stands(app, "OZT-NEEDS") == (0, 4)
        await joins()
    else:
        await joins()
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
            assert row is not None
            assert await crowds.awaiting(tx, row.id) == 4
        await decides()
    assert await stands(app, "OZT-NEEDS") == (4, 0)
