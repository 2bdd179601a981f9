"""Whose card it is: nobody is told whose has signed, one card counts once, and nobody unsettles another."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.app.build import App
from bot.kinds.petition import claims, paper, procedure, reading
from bot.kinds.petition.procedure import Standing
from flows.dialog.facts import ChatLimits, CouncilLimits, Limits, ManyLimits
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from storage.rows.staff import LedgerOf
from tests.bot.conversation.test_joining import code_of, joined
from tests.checks import AllResponses
from tests.citizen import NOON, Citizen, limit_to, running

CARD = "KB204971"
NAMES = ("Alaoui", "Bennani", "Cherkaoui", "Drissi", "Echchikh", "Fassi", "Guerraoui")


@pytest.fixture
async def app(tmp_path: Path, url: str) -> AsyncIterator[App]:
    """An application on each database."""
    async with running(tmp_path, url) as running_app:
        yield running_app


async def park(tx: Transaction) -> StoredConsultation:
    row = await tx.row(ConsultationByCode, code="OZT-PARK")
    assert row is not None
    return row


async def standing(app: App) -> Standing:
    async with app.storage.reading() as tx:
        row = await park(tx)
        return await procedure.standing(tx, app.register, row, date(2026, 11, 21))


async def signs(
    app: App,
    name: str,
    card: str = CARD,
    called: str = "Amina El Idrissi",
    channel: str = "telegram",
) -> tuple[Citizen, str]:
    """Somebody supports and signs with a card; what they read at the end."""
    citizen = Citizen(app, name, channel)
    await citizen.arrives(code="OZT-PARK")
    await citizen.says("[I support it]")
    return citizen, await again(citizen, card, called)


async def again(citizen: Citizen, card: str, called: str = "Amina El Idrissi") -> str:
    for said in ("[Sign officially]", called, card, "Agdz"):
        await citizen.says(said)
    return (await citizen.says("[Sign]")).split("\n")[0]


async def waiting(app: App) -> list[tuple[str, str, str | None]]:
    """State and assurance of each claim, and the assurance of what stands for its card."""
    async with app.storage.reading() as tx:
        rows = await reading.claims(tx, (await park(tx)).id)
    return [(row.state, row.assurance, row.other_assurance) for row in reversed(rows)]


async def on_paper(app: App, called: str, card: str = CARD, *, as_one: bool = False) -> None:
    content = f"Nom,CIN,Adresse\n{called},{card},Agdz".encode()
    async with app.storage.transaction() as tx:
        row = await park(tx)
        read = paper.read_file(content, "08.401.01.07")
        plan = await paper.plan(tx, app.vault, row, read, as_one=as_one)
        await paper.enter(tx, app.vault, row, plan, "nadia", NOON)


async def assurances(app: App) -> list[str]:
    async with app.storage.reading() as tx:
        rows = await tx.rows(AllResponses, consultation_id=(await park(tx)).id)
    return [row.assurance for row in rows]


async def whose(app: App) -> list[str]:
    """Names of the signatures that stand."""
    async with app.storage.reading() as tx:
        rows = await reading.signatures(tx, (await park(tx)).id)
    return [paper.opened(app.vault, row)["name"] for row in reversed(rows)]


# --------------------------------------------------------------------------- what is told


async def test_an_answer_never_tells_whether_a_card_has_signed(app: App) -> None:
    """Neither to the neighbour who signs after a stranger used the card, nor to who just tries it."""
    _, first = await signs(app, "stranger", called="Somebody Else")
    owner, second = await signs(app, "owner")
    _, third = await signs(app, "curious", called="Curious Person")
    assert first == second == third
    await owner.says("[No, that is all]")
    await owner.says("[Not now]")
    assert (await standing(app)).signatures == 1


async def test_nor_does_one_that_stands_on_paper(app: App) -> None:
    await on_paper(app, "Amina El Idrissi")
    _, known = await signs(app, "stranger", called="Somebody Else")
    _, fresh = await signs(app, "brahim", "CD98765")
    assert known == fresh


async def test_the_open_page_answers_alike_too(app: App) -> None:
    _, first = await signs(app, "stranger", channel="web")
    _, second = await signs(app, "curious", channel="web")
    assert first == second
    assert "go on in Telegram or WhatsApp" in first


# --------------------------------------------------------------------------- what counts


async def test_the_open_page_says_nothing_about_who_signed_and_does_not_count_for_the_law(
    app: App,
) -> None:
    """Six hundred of them reach no number."""
    for number in range(5):
        await signs(app, f"fake {number}", f"AB1000{number}", channel="web")
    now = await standing(app)
    assert (now.signatures, now.unconfirmed, now.pledges) == (0, 5, 5)
    assert sum(now.by_province.values()) == 0
    assert await assurances(app) == ["A0"] * 5


@pytest.mark.parametrize(
    ("first", "second", "stands", "besides"),
    [
        ("web", "telegram", "A2", [("weaker", "A0", "A2")]),
        ("telegram", "web", "A2", [("weaker", "A0", "A2")]),
        ("telegram", "telegram", "A2", [("disputed", "A2", "A2")]),
        ("web", "web", "A0", [("disputed", "A0", "A0")]),
    ],
)
async def test_a_stronger_claim_stands_and_two_alike_are_for_a_clerk(
    app: App, first: str, second: str, stands: str, besides: list[tuple[str, str, str]]
) -> None:
    """Both keep their place, and one card counts once."""
    await signs(app, "one", called="First Person", channel=first)
    await signs(app, "two", called="Second Person", channel=second)
    assert await waiting(app) == besides
    assert (await standing(app)).signatures == (1 if stands == "A2" else 0)
    stronger = "Second Person" if first == "web" and second == "telegram" else "First Person"
    assert await whose(app) == [stronger]


async def test_a_burst_of_claims_against_a_petition_unsettles_nothing(app: App) -> None:
    await signs(app, "owner")
    for number in range(5):
        await signs(app, f"fake {number}", called=f"Fake {NAMES[number]}", channel="web")
    for number in range(3):
        await signs(app, f"liar {number}", called=f"Liar {NAMES[number]}")
    assert (await standing(app)).signatures == 1
    assert await whose(app) == ["Amina El Idrissi"]


async def test_who_signs_with_the_same_card_again_claims_nothing_twice(app: App) -> None:
    owner, _ = await signs(app, "owner")
    other, _ = await signs(app, "other", called="Somebody Else")
    for citizen in (owner, other):
        await citizen.says("[No, that is all]")
        await citizen.says("[Not now]")
        await citizen.starts("OZT-PARK")
        await citizen.says("[Sign officially]")
        await again(citizen, CARD)
    assert await waiting(app) == [("disputed", "A2", "A2")]


async def test_a_family_of_six_signs_on_one_phone_and_a_seventh_is_set_aside(app: App) -> None:
    """Nobody is refused: a clerk lets it count."""
    citizen, said = await signs(app, "amina", "AB10000")
    await citizen.says("[No, that is all]")
    await citizen.says("[Not now]")
    for number in range(1, ChatLimits().signers + 1):
        await citizen.starts("OZT-PARK")
        await citizen.says("[Sign officially]")
        assert await again(citizen, f"AB1000{number}", f"Child {NAMES[number]}") == said
    assert ChatLimits().signers == 6
    now = await standing(app)
    assert (now.signatures, now.people) == (6, 6)
    assert await waiting(app) == [("crowd", "A2", None)]
    await decide(app, stands=True)
    assert (await standing(app)).signatures == 7


@pytest.mark.parametrize(
    "made",
    [
        Limits(consultation=ManyLimits(signatures="3 + 1/h")),
        Limits(council=CouncilLimits(signatures="3 + 1/h")),
    ],
    ids=["of the petition", "of the council"],
)
async def test_signatures_over_a_limit_are_for_a_clerk_to_look_at(app: App, made: Limits) -> None:
    """The three within it count; whoever signs the fourth reads the same, and a clerk lets it count."""
    limit_to(app, made)
    said = [
        (await signs(app, name, f"AB1000{n}", f"Child {name}"))[1]
        for n, name in enumerate(NAMES[:4])
    ]
    assert len(set(said)) == 1
    assert (await standing(app)).signatures == 3
    assert await waiting(app) == [("crowd", "A2", None)]
    await decide(app, stands=True)
    assert (await standing(app)).signatures == 4


# --------------------------------------------------------------------------- paper


async def test_a_card_typed_under_another_name_is_not_checked_by_staff(app: App) -> None:
    """Only who staff have seen is; a stranger with the number of a paper is not."""
    await on_paper(app, "Amina El Idrissi")
    await signs(app, "stranger", called="Somebody Else")
    assert await assurances(app) == ["A2"]
    now = await standing(app)
    assert (now.signatures, now.people) == (1, 1)
    assert await waiting(app) == [("weaker", "A2", "A3")]


@pytest.mark.parametrize(
    ("as_one", "claimed", "pledge"), [(False, [("weaker", "A2", "A3")], "A2"), (True, [], "A3")]
)
async def test_a_paper_is_nobodys_whose_name_differs_until_a_clerk_says_so(
    app: App, as_one: bool, claimed: list[tuple[str, str, str]], pledge: str
) -> None:
    """The chat's claim is kept besides; the paper stands."""
    await signs(app, "stranger", called="Somebody Else")
    await on_paper(app, "Amina El Idrissi", as_one=as_one)
    assert await waiting(app) == claimed
    assert await assurances(app) == [pledge]
    assert (await standing(app)).signatures == 1


# --------------------------------------------------------------------------- undone


async def decide(app: App, *, stands: bool) -> None:
    """A clerk looks at the first claim."""
    async with app.storage.transaction() as tx:
        row = await park(tx)
        petition = claims.Petition(row.id, row.council_id, row.code)
        found = await reading.claims(tx, row.id)
        if stands:
            assert await claims.let_stand(tx, petition, found[0].id, NOON) is None
        else:
            assert await claims.set_down(tx, petition, found[0].id, NOON) is None


async def test_a_clerk_decides_and_can_take_it_back(app: App) -> None:
    await signs(app, "one", called="First Person")
    await signs(app, "two", called="Second Person")
    await decide(app, stands=True)
    assert await whose(app) == ["Second Person"]
    await decide(app, stands=True)
    assert await whose(app) == ["First Person"]
    assert await waiting(app) == [("weaker", "A2", "A2")]
    assert (await standing(app)).signatures == 1


async def test_a_clerk_leaves_it_as_it_is(app: App) -> None:
    await signs(app, "one", called="First Person")
    await signs(app, "two", called="Second Person")
    await decide(app, stands=False)
    assert await whose(app) == ["First Person"]
    async with app.storage.reading() as tx:
        assert await reading.claims_waiting(tx, (await park(tx)).id) == 0


async def test_a_claim_of_another_petition_or_none_is_not_decided(app: App) -> None:
    await signs(app, "one")
    async with app.storage.transaction() as tx:
        row = await park(tx)
        petition = claims.Petition(row.id, row.council_id, row.code)
        assert await claims.let_stand(tx, petition, 12345, NOON) is not None
        assert await claims.set_down(tx, petition, 12345, NOON) is not None


@pytest.mark.parametrize("how", ["withdrawn", "erased"])
async def test_who_takes_a_signature_back_leaves_the_card_to_who_else_claims_it(
    app: App, how: str
) -> None:
    """A thief who goes does not take the owner's place along."""
    thief, _ = await signs(app, "thief", called="Somebody Else")
    await signs(app, "owner")
    await thief.says("[No, that is all]")
    await thief.says("[Not now]")
    if how == "withdrawn":
        await thief.starts("OZT-PARK")
        await thief.says("[Take back my support]")
        await thief.says("[Take back my support]")
    else:
        for said in ("my data", "[Erase my data]", "[Erase my data]"):
            await thief.says(said)
    assert await whose(app) == ["Amina El Idrissi"]
    assert await waiting(app) == []
    assert (await standing(app)).signatures == 1


async def test_who_is_forgotten_leaves_no_claim(app: App) -> None:
    await signs(app, "owner")
    other, _ = await signs(app, "other", called="Somebody Else")
    await other.says("[No, that is all]")
    await other.says("[Not now]")
    for said in ("my data", "[Erase my data]", "[Erase my data]"):
        await other.says(said)
    assert await waiting(app) == []


# --------------------------------------------------------------------------- confirmed


async def test_what_began_on_the_open_page_is_confirmed_by_an_account(app: App) -> None:
    citizen, _ = await signs(app, "amina", channel="web")
    await citizen.says("[No, that is all]")
    await citizen.says("[Not now]")
    assert (await standing(app)).signatures == 0
    phone = Citizen(app, "amina", "telegram")
    await phone.arrives()
    await joined(citizen, phone)
    now = await standing(app)
    assert (now.signatures, now.unconfirmed) == (1, 0)
    assert await assurances(app) == ["A2"]


async def test_who_is_known_now_has_their_claim_weighed_again(app: App) -> None:
    """Two of the open page: the one who confirms stands."""
    await signs(app, "stranger", called="Somebody Else", channel="web")
    owner, _ = await signs(app, "owner", channel="web")
    await owner.says("[No, that is all]")
    await owner.says("[Not now]")
    async with app.storage.transaction() as tx:
        row = await park(tx)
        found = await reading.claims(tx, row.id)
        petition = claims.Petition(row.id, row.council_id, row.code)
        await claims.set_down(tx, petition, found[0].id, NOON)
    phone = Citizen(app, "owner", "telegram")
    await phone.arrives()
    await joined(owner, phone)
    assert await whose(app) == ["Amina El Idrissi"]
    assert await waiting(app) == [("weaker", "A0", "A2")]


# --------------------------------------------------------------------------- "my card was used"


@pytest.mark.parametrize("signed", [True, False])
async def test_anybody_can_say_that_their_card_was_used_and_nothing_is_told(
    app: App, signed: bool
) -> None:
    """Unprompted, before they support anything; staff see it, once, with what stands."""
    if signed:
        await signs(app, "stranger", called="Somebody Else")
    owner = Citizen(app, "owner", "telegram")
    said = await owner.arrives(code="OZT-PARK")
    for _ in range(2):
        await owner.says("[My card was used?]")
        said = await owner.says("kb 20 49 71")
        assert "The staff will look at it" in said
        await owner.starts("OZT-PARK")
    assert await waiting(app) == [("reported", "A1", "A2" if signed else None)]
    await decide(app, stands=False)
    assert await waiting(app) == []
    assert (await standing(app)).signatures == int(signed)


async def test_the_ledger_has_each_card_once_whoever_claims_it(app: App) -> None:
    await signs(app, "stranger", called="Somebody Else", channel="web")
    await signs(app, "owner")
    await signs(app, "other", called="Other Person")
    async with app.storage.reading() as tx:
        entries = await tx.rows(LedgerOf, council_id=app.register.default_id)
    assert sum('"signature"' in row.entry for row in entries) == 1


async def test_one_account_confirms_one_chat_and_not_a_row_of_them(app: App) -> None:
    """The next one is refused for a day."""
    phone = Citizen(app, "amina", "telegram")
    await phone.arrives()
    first, _ = await signs(app, "first", "AB10001", channel="web")
    await first.says("[No, that is all]")
    await first.says("[Not now]")
    await joined(first, phone)
    assert (await standing(app)).signatures == 1
    second, _ = await signs(app, "second", "AB10002", channel="web")
    await second.says("[No, that is all]")
    await second.says("[Not now]")
    phone.at = second.at = max(phone.at, second.at)
    assert "joined with another a short while ago" in await phone.says(await code_of(second))
    now = await standing(app)
    assert (now.signatures, now.unconfirmed) == (1, 1)


async def test_an_undone_join_leaves_nobody_better_known(app: App) -> None:
    web, _ = await signs(app, "amina", channel="web")
    await web.says("[No, that is all]")
    await web.says("[Not now]")
    phone = Citizen(app, "amina", "telegram")
    await phone.arrives()
    await joined(web, phone)
    assert await assurances(app) == ["A2"]
    web.at = phone.at
    await web.says("my data")
    assert "The chats are apart again" in await web.says("[Take my chats apart]")
    assert await assurances(app) == ["A0"]
    now = await standing(app)
    assert (now.signatures, now.unconfirmed) == (0, 1)
