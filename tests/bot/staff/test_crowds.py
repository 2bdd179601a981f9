"""How a contribution from the open page came about, and what follows from many of a kind."""

from itertools import product

import pytest

from bot.app.build import App
from bot.app.kept.housekeeping import keep_house
from bot.core.localtime import now_ms
from bot.results.summaries import responses_of
from bot.staff import crowds
from bot.staff.crowds import (
    FEWEST_WORDS,
    INVITED_MS,
    KEPT_MS,
    MOST_WORDS,
    SHORTEST_WORDS,
    longest_words,
    network_of,
    sketch_of,
)
from flows.statistics.crowds import Mark, judged
from storage.ids import new_id
from storage.rows.consultations import ConsultationByCode
from tests.checks import AllResponses
from tests.citizen import NOON, Citizen


async def filed(app: App, number: int) -> int:
    """Somebody answers the example poll; the number of the response."""
    citizen = Citizen(app, f"citizen {number}")
    await citizen.arrives(code="OZT-LIGHT")
    for said in ("good", "4", "skip", "[Send]"):
        await citizen.says(said)
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        return max(one.id for one in await tx.rows(AllResponses, consultation_id=row.id))


async def noted(app: App, *marks: Mark, words: str = "") -> int:
    """Keep marks; how many contributions await a check afterwards."""
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        for mark in marks:
            await crowds.note(tx, app.vault, row.id, mark, words)
        return await crowds.awaiting(tx, row.id)


def came(id: int, at: int, network: str = "n") -> Mark:
    return Mark(id, network, True, 4, at - 60_000, at)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("41.140.7.9", "41.140.7.200", True),
        ("41.140.7.9", "41.140.8.9", False),
        ("2a02:1234:5678:9a00::1", "2a02:1234:5678:9aff::2", True),
        ("2a02:1234:5678:9a00::1", "2a02:1234:5678:9b00::1", False),
    ],
)
def test_a_network_is_a_digest_of_some_addresses(
    app: App, one: str, other: str, same: bool
) -> None:
    found = network_of(app.vault, one, "2026-11-21")
    assert found is not None
    assert "41.140" not in found
    assert (found == network_of(app.vault, other, "2026-11-21")) is same
    assert found != network_of(app.vault, one, "2026-11-22")


@pytest.mark.parametrize("address", ["", "127.0.0.1", "10.0.0.3", "testclient"])
def test_who_comes_from_nowhere_is_in_no_network(app: App, address: str) -> None:
    assert network_of(app.vault, address, "2026-11-21") is None


def test_the_longest_words_are_found_wherever_they_are() -> None:
    body = {"a": "short", "b": {"text": "much longer", "media": ["x"]}, "c": 7}
    assert longest_words(body) == "much longer"
    assert longest_words(7) == ""


@pytest.mark.parametrize(("length", "aside"), [(SHORTEST_WORDS - 1, 0), (SHORTEST_WORDS, 8)])
async def test_short_words_are_said_by_many(app: App, length: int, aside: int) -> None:
    ids = [await filed(app, number) for number in range(8)]
    marks = [came(id, NOON + n * n * 50_000) for n, id in enumerate(ids)]
    assert await noted(app, *marks, words="x" * length + " 17 !") == aside


NAMES = ("Karim", "Salma", "Hassan", "Zineb", "Omar", "Leila", "Rachid", "Nora", "Said", "Imane")

#: What a script says, a name or a word in it another one each time.
FORMS = (
    "{} should get the market near the old station",
    "give the market to my cousin {} please",
    "le marché doit aller à {} et à sa famille",
    "السوق ديال المدينة خاصو يمشي عند {} وأولادو",
)

#: What people say on one theme.
SAID = (
    "the market should stay open until ten in the evening",
    "please clean the market every day after it closes",
    "my cousin says the market has no light at night",
    "there are no toilets for women at the market",
    "cars park before the market and nobody can pass",
    "the road to the market is full of holes",
    "we need a bus that stops near the market",
    "the water of the market runs into our street",
    "please plant some trees around the old market",
    "old people need benches at the market and in the park",
)


@pytest.mark.parametrize("form", FORMS)
def test_a_text_with_one_word_changed_is_nearly_the_same(app: App, form: str) -> None:
    marks = [
        Mark(n, "n", True, 4, n * n * 50_000, n * n * 50_000 + 60_000, f"digest {n}",
             sketch=sketch_of(app.vault, form.format(name), 1))
        for n, name in enumerate(NAMES)
    ]  # fmt: skip
    assert list(judged(marks, invited=True).values()) == ["alike"] * 10
    assert judged(marks[:7], invited=True) == {}


def test_what_people_say_on_one_theme_is_not_the_same(app: App) -> None:
    marks = [
        Mark(n, "n", True, 4, n * n * 50_000, n * n * 50_000 + 60_000, f"digest {n}",
             sketch=sketch_of(app.vault, said, 1))
        for n, said in enumerate(SAID)
    ]  # fmt: skip
    assert judged(marks, invited=True) == {}


def test_a_sketch_says_nothing_in_another_consultation(app: App) -> None:
    one = sketch_of(app.vault, SAID[0], 1)
    assert len(one) == 64
    assert one != sketch_of(app.vault, SAID[0], 2)
    assert one == sketch_of(app.vault, f"{SAID[0]} 17 !", 1)


@pytest.mark.parametrize(("words", "there"), [(FEWEST_WORDS - 1, False), (FEWEST_WORDS, True)])
def test_a_text_of_few_words_is_compared_as_it_is(app: App, words: int, there: bool) -> None:
    assert bool(sketch_of(app.vault, " ".join(NAMES[:words]), 1)) is there


def test_of_a_long_text_so_many_words_are_looked_at(app: App) -> None:
    many = sorted("".join(pair) for pair in product("abcdefghij", repeat=2))
    assert MOST_WORDS == 60
    assert sketch_of(app.vault, " ".join(many[:60]), 1) == sketch_of(app.vault, " ".join(many), 1)
    assert sketch_of(app.vault, " ".join(many[:59]), 1) != sketch_of(
        app.vault, " ".join([*many[:58], "azzz"]), 1
    )


@pytest.mark.parametrize(("after", "aside"), [(INVITED_MS, 0), (INVITED_MS + 1, 10)])
async def test_after_an_invitation_many_at_once_are_no_wonder_for_three_days(
    app: App, monkeypatch: pytest.MonkeyPatch, after: int, aside: int
) -> None:
    monkeypatch.setattr("flows.statistics.crowds.FEWEST", {**FEWEST_BUT, "flood": 10})
    ids = [await filed(app, number) for number in range(10)]
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        await tx.run("invite_then", id=new_id(), consultation_id=row.id, council_id=row.council_id,
                     at=NOON)  # fmt: skip
    marks = [came(id, NOON + after) for id in ids]
    assert await noted(app, *marks) == aside


FEWEST_BUT = {"unseen": 3, "hasty": 5, "alike": 8, "regular": 1000}


@pytest.mark.parametrize(("age", "kept"), [(KEPT_MS - 60_000, 1), (KEPT_MS + 60_000, 0)])
async def test_how_it_came_about_is_forgotten_after_a_month(app: App, age: int, kept: int) -> None:
    id = await filed(app, 1)
    await noted(app, came(id, now_ms() - age))
    await keep_house(app)
    async with app.storage.reading() as tx:
        assert len(await tx.rows("marks_kept")) == kept


async def test_a_group_of_another_consultation_is_not_decided(app: App) -> None:
    ids = [await filed(app, number) for number in range(3)]
    marks = [Mark(id, None, False, 4, NOON, NOON + 60_000) for id in ids]
    assert await noted(app, *marks) == 3
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        other = await tx.row(ConsultationByCode, code="OZT-PARK")
        assert row is not None
        assert other is not None
        (group,) = await crowds.groups(tx, row.id)
        decided = {"counts": True, "made_by": "nadia", "at": NOON}
        assert not await crowds.decide(tx, other.id, group.id, **decided)
        assert await crowds.decide(tx, row.id, group.id, **decided)
    # What was said to count is not looked at again.
    more = [Mark(await filed(app, 10 + n), None, False, 4, NOON, NOON + 70_000) for n in range(2)]
    assert await noted(app, *more) == 0


async def test_what_its_author_takes_back_stays_taken_back(app: App) -> None:
    """A decision that it counts brings back what stands, and nothing else."""
    ids = [await filed(app, number) for number in range(3)]
    assert await noted(app, *(Mark(id, None, False, 4, NOON, NOON + 1) for id in ids)) == 3
    async with app.storage.transaction() as tx:
        await tx.run("set_response_state", id=ids[0], state="withdrawn", at=NOON)
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        assert await crowds.awaiting(tx, row.id) == 2
        # Nobody took back what only awaits a check.
        assert (await responses_of(app.register, tx, row)).withdrawn == 1
        (group,) = await crowds.groups(tx, row.id)
        # Nor is the one told as the group's number less that of the results.
        assert group.n == 2
        await crowds.decide(tx, row.id, group.id, counts=True, made_by="nadia", at=NOON)
        states = [one.state for one in await tx.rows(AllResponses, consultation_id=row.id)]
        await crowds.decide(tx, row.id, group.id, counts=False, made_by="nadia", at=NOON)
        assert (await responses_of(app.register, tx, row)).withdrawn == 1
    assert sorted(states) == ["received", "received", "withdrawn"]
