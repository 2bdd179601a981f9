"""Contributions are counted for their network, chat, consultation and council; what is over is set aside."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.build import App
from bot.app.kept.housekeeping import keep_house
from bot.core.buckets import draw
from bot.core.config import ConfigError, read_council
from bot.core.localtime import now_ms
from bot.staff import crowds, limits
from bot.staff.limits import Came, chat_of
from flows.dialog.facts import ChatLimits, CouncilLimits, Limits, ManyLimits, NetworkLimits
from flows.statistics.crowds import Mark
from flows.statistics.limits import BEFORE_MS, Bucket, drawn, limit
from storage.database import Storage
from storage.ids import new_id
from storage.rows.consultations import ConsultationByCode
from storage.rows.people import PersonOfAddress
from storage.rows.responses import CrowdsOf
from tests.bot.kinds.need.test_need import file_need
from tests.checks import AllResponses
from tests.citizen import NOON, Citizen, limit_to, running

MINUTE = 60_000

#: Every limit at three, so that the fourth is over it.
THREE = "3 + 1/h"


@pytest.fixture
async def app(tmp_path: Path, url: str) -> AsyncIterator[App]:
    """An application on each database."""
    async with running(tmp_path, url) as running_app:
        yield running_app


async def came(app: App, number: int, **what: object) -> Came:
    """A contribution of somebody to the example poll, as it is counted."""
    citizen = Citizen(app, f"citizen {number}")
    await citizen.arrives(code="OZT-LIGHT")
    for said in ("good", "4", "skip", "[Send]"):
        await citizen.says(said)
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        last = max(await tx.rows(AllResponses, consultation_id=row.id), key=lambda one: one.id)
    assert last.person_id is not None
    values = {
        "chat": f"chat {number}",
        "at": NOON + number * 1000,
        "open_page": True,
        "network": "n",
    }
    return Came(last.id, row.council_id, row.id, last.person_id, **{**values, **what})  # type: ignore[arg-type]


async def count(
    app: App, made: Limits, *all_of_them: Came, invited: bool = False
) -> list[CrowdsOf]:
    """Count contributions; the groups there are afterwards."""
    async with app.storage.transaction() as tx:
        for one in all_of_them:
            if one.open_page:
                mark = Mark(one.id, one.network, True, 4, one.at - 97 * MINUTE, one.at)
                await crowds.note(tx, app.vault, one.consultation_id, mark, "")
            await limits.contributed(tx, made, one, invited=invited)
        return await crowds.groups(tx, all_of_them[0].consultation_id)


def told_of(groups: list[CrowdsOf]) -> list[tuple[str, int]]:
    return [(group.reason, group.n) for group in groups]


async def test_the_database_counts_as_the_pure_bucket_does(storage: Storage) -> None:
    """On both databases, through what runs empty and fills again."""
    one, bucket = limit("3 + 60/h"), Bucket()
    await storage.migrate()
    async with storage.transaction() as tx:
        for at in (5, 5, 9, 70_000, 190_000, 900_000, 900_001):
            bucket = drawn(bucket, one, at)
            assert await draw(tx, {"b": (one, 1), "a": (one, 1)}, at) == {"a": bucket, "b": bucket}
        assert await draw(tx, {}, 1) == {}


@pytest.mark.parametrize(("number", "aside"), [(3, []), (4, [("network", 4)])])
async def test_a_burst_over_its_networks_limit_is_set_aside_from_its_beginning(
    app: App, number: int, aside: list[tuple[str, int]]
) -> None:
    made = Limits(network=NetworkLimits(contributions=THREE))
    found = [await came(app, n) for n in range(number)]
    assert told_of(await count(app, made, *found)) == aside


@pytest.mark.parametrize(("others", "aside"), [(2, [("network", 4)]), (3, [])])
async def test_a_network_from_which_no_more_comes_than_from_others_is_left_alone(
    app: App, others: int, aside: list[tuple[str, int]]
) -> None:
    """Four of six are two thirds; four of seven are not."""
    made = Limits(network=NetworkLimits(contributions=THREE))
    found = [await came(app, n, network=f"other {n}", at=NOON + 9500) for n in range(others)]
    mine = [await came(app, 9 + n) for n in range(4)]
    assert told_of(await count(app, made, mine[0], *found, *mine[1:])) == aside


async def test_another_network_has_a_limit_of_its_own_and_none_known_has_none(app: App) -> None:
    made = Limits(network=NetworkLimits(contributions=THREE))
    found = [await came(app, n, network=None if n > 5 else f"n{n % 2}") for n in range(12)]
    assert told_of(await count(app, made, *found)) == []


@pytest.mark.parametrize(("before", "aside"), [(BEFORE_MS, 5), (BEFORE_MS + 1, 4)])
async def test_what_came_within_an_hour_before_is_set_aside_with_it(
    app: App, before: int, aside: int
) -> None:
    made = Limits(network=NetworkLimits(contributions="3 + 60/h"))
    first = await came(app, 1, at=NOON - before)
    found = [await came(app, 9 + n, at=NOON) for n in range(4)]
    assert told_of(await count(app, made, first, *found)) == [("network", aside)]


async def test_while_people_are_invited_limits_are_wider(app: App) -> None:
    made = Limits(network=NetworkLimits(contributions=THREE), invited=2)
    found = [await came(app, n) for n in range(7)]
    assert told_of(await count(app, made, *found[:6], invited=True)) == []
    assert told_of(await count(app, made, found[6], invited=True)) == [("network", 7)]


@pytest.mark.parametrize("open_page", [True, False])
@pytest.mark.parametrize(("number", "aside"), [(3, []), (4, [("chat", 4)])])
async def test_what_one_chat_contributes_over_its_limit_is_set_aside(
    app: App, number: int, aside: list[tuple[str, int]], open_page: bool
) -> None:
    """Also where a provider knows it; what comes from others is left alone."""
    made = Limits(chat=ChatLimits(contributions=THREE))
    found = [
        await came(app, n, chat="one", network=None, open_page=open_page) for n in range(number)
    ]
    async with app.storage.transaction() as tx:
        for one in found[1:]:
            await tx.run("give_response", id=one.id, person_id=found[0].person_id)
    same = [Came(one.id, one.council_id, one.consultation_id, found[0].person_id, "one", one.at, open_page)
            for one in found]  # fmt: skip
    other = await came(app, 99, network=None, open_page=open_page)
    assert told_of(await count(app, made, *same, other)) == aside


@pytest.mark.parametrize(
    ("why", "made"),
    [
        ("consultation", Limits(consultation=ManyLimits(contributions=THREE))),
        ("council", Limits(council=CouncilLimits(contributions=THREE))),
    ],
)
async def test_over_a_consultations_or_a_councils_limit_the_rest_is_set_aside(
    app: App, why: str, made: Limits
) -> None:
    """Those before may be people's: they come from everywhere."""
    found = [await came(app, n, network=f"n{n}") for n in range(5)]
    assert told_of(await count(app, made, *found)) == [(why, 2)]
    known = [await came(app, 9 + n, open_page=False) for n in range(5)]
    assert told_of(await count(app, made, *known)) == [(why, 2)]


async def test_what_tells_of_danger_is_never_set_aside(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-NEEDS")
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
        assert row is not None
        known = await tx.row(PersonOfAddress, channel="web", address=citizen.kept)
        assert known is not None
        who = known.person_id
        for number, danger in enumerate(("", "fire", "", "")):
            id = new_id()
            await tx.run("add_response", id=id, consultation_id=row.id, person_id=who,
                         reference=f"OZT-2026-00009{number}", body="{}", state="received", channel="web",
                         language="en", commune=None, age_band=None, gender=None, disability=None,
                         assurance="A0", phase="", at=NOON)  # fmt: skip
            await tx.run("add_case", response_id=id, council_id=row.council_id, theme="water", place="",
                         sought="", danger=danger, due_day=None, split_from=None, at=NOON)  # fmt: skip
        for _ in range(4):
            one = Came(0, row.council_id, row.id, who, "c", NOON, False)
            await limits.contributed(
                tx, Limits(chat=ChatLimits(contributions=THREE)), one, invited=False
            )
        assert told_of(await crowds.groups(tx, row.id)) == [("chat", 3)]


async def test_what_was_let_count_is_not_set_aside_again(app: App) -> None:
    made = Limits(network=NetworkLimits(contributions=THREE))
    found = [await came(app, n) for n in range(5)]
    (group,) = await count(app, made, *found[:4])
    async with app.storage.transaction() as tx:
        what = {"counts": True, "made_by": "nadia", "at": NOON}
        await crowds.decide(tx, found[0].consultation_id, group.id, **what)
    assert told_of(await count(app, made, found[4])) == [("network", 1), ("network", 4)]


def test_a_chat_is_a_digest_of_its_own_in_each_consultation(app: App) -> None:
    one = chat_of(app.vault, "telegram", "4711", 1)
    assert "4711" not in one
    assert one == chat_of(app.vault, "telegram", "4711", 1)
    others = [("telegram", "4712", 1), ("telegram", "4711", 2), ("whatsapp", "4711", 1)]
    assert one not in [chat_of(app.vault, *other) for other in others]


async def test_a_bucket_that_is_empty_again_is_forgotten(app: App) -> None:
    at = now_ms()
    async with app.storage.transaction() as tx:
        await draw(tx, {"gone": (limit("3 + 60/h"), 1)}, at - 61_000)
        await draw(tx, {"there": (limit("3 + 60/h"), 1)}, at)
    await keep_house(app)
    async with app.storage.reading() as tx:
        assert [row[0] for row in await tx.rows("buckets_kept")] == ["there"]


@pytest.mark.parametrize(
    ("written", "key"), [("three", "limits.chat.contributions"), ("3 + 1/h", "")]
)
def test_a_limit_that_is_none_is_refused_with_its_file(
    tmp_path: Path, written: str, key: str
) -> None:
    file = tmp_path / "council.toml"
    example = (Path("bot/example") / "council.toml").read_text("utf-8")
    file.write_text(f'{example}\n[limits.chat]\ncontributions = "{written}"\n', "utf-8")
    if not key:
        assert read_council(file).limits.chat.contributions == written
        return
    with pytest.raises(ConfigError, match=f"{key}: is 'three'"):
        read_council(file)


async def test_an_account_that_tells_need_after_need_is_set_aside_and_notices_nothing(
    app: App,
) -> None:
    """Through the chat itself; whoever tells three is left alone."""
    limit_to(app, Limits(chat=ChatLimits(contributions=THREE)))
    script, person = Citizen(app, "script", "telegram"), Citizen(app, "person", "telegram")
    for citizen, number in ((person, 3), (script, 5)):
        await citizen.arrives()
        for words in ("no water at all", "a lamp is broken", "rubbish everywhere", "deep holes", "no bus")[:number]:  # fmt: skip
            assert await file_need(citizen, f"{words} near the school")
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
        assert row is not None
        assert told_of(await crowds.groups(tx, row.id)) == [("chat", 5)]
        states = [one.state for one in await tx.rows(AllResponses, consultation_id=row.id)]
    assert states == ["received"] * 3 + ["withdrawn"] * 5
    assert "You have 5 contributions" in await script.says("my contributions")
