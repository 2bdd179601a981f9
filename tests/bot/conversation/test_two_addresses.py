"""A number, and the id of who hides it: one person from the message on that shows them together."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from bot.app.build import App
from bot.conversation.joining import providers
from bot.core.links import staff_payload
from storage.rows.consultations import ConsultationByCode
from storage.rows.staff import LedgerOf
from tests.bot.conversation.test_joining import rows
from tests.bot.kinds.need.test_need import file_need
from tests.bot.staff.test_accounts import member
from tests.checks import AddressStates, AllConsents, AllResponses, Quarantined
from tests.citizen import Citizen, audit_of, running

NUMBER, ID = "+212600000001", "MA.1a2B3c"


def at_number(app: App, number: str = NUMBER) -> Citizen:
    """Somebody who writes from a number."""
    citizen = Citizen(app, channel="whatsapp")
    citizen.address = number
    return citizen


def hidden(app: App, id: str = ID) -> Citizen:
    """Somebody who hides the number."""
    citizen = Citizen(app, channel="whatsapp")
    citizen.address = id
    return citizen


async def shown_together(one: Citizen, other: Citizen, text: str = "menu") -> str:
    """A message from the first with both addresses; what is answered there."""
    one.at = other.at = max(one.at, other.at)
    heard = await one.does(text=text, aliases=(other.address,))
    other.at = one.at
    return heard


async def people(app: App) -> int:
    async with app.storage.reading() as tx:
        return len(await tx.rows("people_known"))


async def votes(citizen: Citizen) -> None:
    """Answer the poll."""
    await citizen.starts("OZT-LIGHT")
    for said in ("good", "4", "skip", "[Send]", "[Not now]"):
        await citizen.says(said)


async def signs(citizen: Citizen, card: str) -> None:
    """Support the petition, and sign it."""
    await citizen.starts("OZT-PARK")
    for said in ("[I support it]", "[Sign officially]", "Amina El Idrissi", card, "Agdz"):
        await citizen.says(said)
    assert "official signature is recorded" in await citizen.says("yes")
    await citizen.says("menu")


async def both_arrive(app: App) -> tuple[Citizen, Citizen]:
    """Two people, as far as anybody knows; the hidden one wrote last."""
    number, id = at_number(app), hidden(app)
    await number.arrives()
    id.at = number.at
    await id.arrives()
    return number, id


@pytest.mark.parametrize("first", ["number", "id"])
async def test_who_writes_with_both_is_known_by_each_of_them(app: App, first: str) -> None:
    """Nobody is asked for a language twice."""
    number, id = at_number(app), hidden(app)
    one, other = (number, id) if first == "number" else (id, number)
    await one.arrives()
    await shown_together(one, other)
    assert "like to do" in await other.says("menu")
    assert await people(app) == 1
    async with app.storage.reading() as tx:
        states = await tx.rows(AddressStates)
    assert {app.vault.uncover(row.address) for row in states} == {NUMBER, ID}


async def test_a_first_message_with_both_is_one_person(app: App) -> None:
    """Both addresses are there from the beginning."""
    number, id = at_number(app), hidden(app)
    await shown_together(number, id, "OZT-LIGHT")
    await id.hears()
    assert "Your answers go to" in await id.says("english")
    assert await people(app) == 1


async def test_an_unknown_address_finds_the_person_of_the_other(app: App) -> None:
    """Who hides the number from now on writes for the first time as an id."""
    number, id = at_number(app), hidden(app)
    await number.arrives(code="OZT-LIGHT")
    assert "How is safety" in await shown_together(id, number, "good")
    assert await people(app) == 1


async def test_two_people_become_one_and_a_poll_counts_once(app: App) -> None:
    """The answer of who wrote last stands."""
    number, id = await both_arrive(app)
    await votes(number)
    id.at = number.at
    await votes(id)
    assert await rows(app, "count_standing", "OZT-LIGHT") == 2
    await shown_together(number, id)
    assert await people(app) == 1
    assert await rows(app, "count_standing", "OZT-LIGHT") == 1
    for citizen in (id, number):
        id.at = number.at = max(id.at, number.at)
        assert "You have answered this already" in await citizen.starts("OZT-LIGHT")


async def test_what_either_contributed_is_in_one_list(app: App) -> None:
    """Under one list of contributions."""
    number, id = await both_arrive(app)
    await file_need(number, "no water in our street")
    id.at = number.at
    await file_need(id, "no light in our street")
    await shown_together(number, id)
    assert "2 contributions" in await id.says("my contributions")


async def test_a_petition_is_supported_and_signed_once(app: App) -> None:
    """Two cards from one phone are one signature; the ledger says that the other was taken back."""
    number, id = await both_arrive(app)
    await signs(number, "KB204971")
    id.at = number.at
    await signs(id, "KB204972")
    assert await rows(app, "count_signatures", "OZT-PARK") == 2
    await shown_together(number, id)
    assert await rows(app, "count_standing", "OZT-PARK") == 1
    assert await rows(app, "count_signatures", "OZT-PARK") == 1
    async with app.storage.reading() as tx:
        ledger = await tx.rows(LedgerOf, council_id=app.register.default_id)
    assert [msgspec.json.decode(row.entry)["what"] for row in ledger] == [
        "signature",
        "signature",
        "withdrawn",
    ]
    marks = [msgspec.json.decode(row.entry)["mark"] for row in ledger]
    assert marks[2] == marks[0] != marks[1]
    # Who took the card's signature back may sign with it again.
    await id.starts("OZT-PARK")


async def test_a_signature_of_one_and_the_support_of_the_other_are_one(app: App) -> None:
    """The pledge that stands is that of who is known by their card."""
    number, id = await both_arrive(app)
    await signs(number, "KB204971")
    id.at = number.at
    await id.starts("OZT-PARK")
    await id.says("[I support it]")
    await shown_together(number, id)
    assert await rows(app, "count_standing", "OZT-PARK") == 1
    assert await rows(app, "count_signatures", "OZT-PARK") == 1
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-PARK")
        assert row is not None
        responses = await tx.rows(AllResponses, consultation_id=row.id)
    standing = [one.assurance for one in responses if one.state != "withdrawn"]
    assert standing == ["A2"]


async def test_support_that_one_took_back_and_the_other_gave_counts_once(app: App) -> None:
    """And giving it again does not make it two."""
    number, id = await both_arrive(app)
    await number.starts("OZT-PARK")
    await number.says("[I support it]")
    id.at = number.at
    await id.starts("OZT-PARK")
    for said in ("[I support it]", "menu"):
        await id.says(said)
    await id.starts("OZT-PARK")
    for said in ("[Take back my support]", "[Take back my support]"):
        await id.says(said)
    await shown_together(id, number)
    assert await rows(app, "count_standing", "OZT-PARK") == 1
    assert "You support this petition" in await id.starts("OZT-PARK")


async def test_a_voice_is_added_once_and_never_to_ones_own(app: App) -> None:
    """What was two people's "I say that too" is one person's."""
    number, id = await both_arrive(app)
    neighbour = Citizen(app, "neighbour", at=id.at)
    await neighbour.arrives()
    theirs = await file_need(neighbour, "the water is cut every evening")
    own = await file_need(number, "a deep hole in the road of the school", place="Tassoumaat")
    async with app.storage.reading() as tx:
        known = [row["id"] for row in await tx.rows("people_known")]
        row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
        assert row is not None
        needs = {r.reference: r for r in await tx.rows(AllResponses, consultation_id=row.id)}
    hider = next(one for one in known if one not in {need.person_id for need in needs.values()})
    async with app.storage.transaction() as tx:
        for reference, who in ((theirs, hider), (theirs, needs[own].person_id), (own, hider)):
            await tx.rows("add_voice", response_id=needs[reference].id, person_id=who, at=1)
    await shown_together(number, id)
    async with app.storage.reading() as tx:
        voices = {
            r.reference: r.voices for r in await tx.rows(AllResponses, consultation_id=row.id)
        }
    assert voices == {theirs: 1, own: 0}


@pytest.mark.parametrize("stops", ["number", "id"])
async def test_a_stop_of_either_holds_for_both(app: App, stops: str) -> None:
    """Said before they were one, or afterwards."""
    number, id = await both_arrive(app)
    await (number if stops == "number" else id).says("stop")
    heard = await shown_together(number, id)
    assert "Messages stay stopped" in heard
    assert "Messages stay stopped" in await id.says("menu")


async def test_a_stop_takes_back_what_is_on_its_way_to_either(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the message says so for the first time."""
    hushed: list[tuple[str, str]] = []
    monkeypatch.setattr(app.delivery, "hush", lambda *chat: hushed.append(chat))
    number, id = await both_arrive(app)
    await shown_together(number, id, "stop")
    assert [(name, app.vault.uncover(where)) for name, where in hushed] == [
        ("whatsapp", NUMBER),
        ("whatsapp", ID),
    ]


async def test_the_latest_word_on_consent_holds(app: App) -> None:
    """Of all that both have said."""
    number, id = await both_arrive(app)
    await shown_together(number, id)
    async with app.storage.reading() as tx:
        consents = await tx.rows(AllConsents)
    assert len({row.person_id for row in consents}) == 1
    assert len(consents) >= 2


async def test_the_question_asked_last_is_answered_and_the_other_waits(app: App) -> None:
    """In WhatsApp both stand in one chat; whoever answers has read the last."""
    number, id = at_number(app), hidden(app)
    await number.arrives(code="OZT-LIGHT")
    id.at = number.at
    await id.arrives(code="OZT-NEEDS")
    assert "Where exactly?" in await shown_together(number, id, "1")
    for said in ("Tabounte", "no water in our street"):
        await id.says(said)
    assert "How is the lighting" in await id.says("[Send]")


async def test_what_one_has_told_of_themselves_is_kept_where_the_other_has_not(app: App) -> None:
    """Language and council of who came first."""
    number, id = at_number(app), hidden(app)
    await number.arrives("Français", "OZT-LIGHT")
    id.at = number.at
    await id.does(text="salam")
    heard = await shown_together(id, number)
    assert "que voulez-vous faire" in heard.lower() or "éclairage" in heard


async def test_messages_of_one_batch_are_one_persons(app: App) -> None:
    """From either address, with the other or without."""
    number, id = await both_arrive(app)
    number.at = id.at
    first = number.arrival(start="OZT-LIGHT")
    id.at = number.at
    second = id.arrival(text="good", aliases=(NUMBER,))
    await asyncio.gather(app.conversations.receive([first]), app.conversations.receive([second]))
    assert "How is the lighting" in await number.hears()
    assert "How is safety" in await id.hears()
    assert await people(app) == 1


@pytest.mark.parametrize("staff", ["number", "id"])
async def test_the_chat_of_staff_is_never_joined_by_the_way(app: App, staff: str) -> None:
    """Its rights are nobody's who only writes; the council reads of it, once."""
    number, id = await both_arrive(app)
    clerk = await member(app, "salma")
    chat = number if staff == "number" else id
    await chat.starts(staff_payload(app.vault, clerk.id, chat.at + 60_000))
    for _ in range(2):
        await shown_together(number, id)
        await shown_together(id, number)
    assert await people(app) == 2
    async with app.storage.reading() as tx:
        found = await audit_of(tx, app.register.default_id)
    assert [(row.actor, row.object) for row in found if row.action == "apart"] == [
        ("whatsapp", "salma")
    ]


async def test_a_number_that_has_changed_hands_joins_nobody(app: App) -> None:
    """Nobody has two ids: whoever is known by another is somebody else."""
    number, id = at_number(app), hidden(app)
    await number.arrives()
    await shown_together(number, id)
    other = hidden(app, "MA.another")
    other.at = number.at
    await other.arrives()
    await shown_together(other, number)
    assert await people(app) == 2
    stranger = hidden(app, "MA.third")
    assert "lougha" in await shown_together(stranger, number, "salam")
    assert await people(app) == 3


async def test_a_person_may_have_two_numbers(app: App) -> None:
    """Who takes another number stays who they are."""
    id, second = hidden(app), at_number(app, "+212600000002")
    await id.arrives()
    await shown_together(id, at_number(app))
    await shown_together(id, second)
    assert "like to do" in await second.says("menu")
    assert await people(app) == 1


async def test_who_is_erased_is_erased_at_both_addresses(app: App) -> None:
    """And is a stranger at each afterwards."""
    number, id = await both_arrive(app)
    await shown_together(number, id)
    for said in ("my data", "[Erase my data]", "[Erase my data]"):
        await id.says(said)
    async with app.storage.reading() as tx:
        assert await tx.rows(AddressStates) == []


async def test_a_message_whose_joining_fails_is_put_aside_and_joins_later(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is half joined, and the citizen hears of it where they wrote."""
    number, id = await both_arrive(app)

    async def broken(*given: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(providers, "stop_with", broken)
        patched.setattr(providers, "unite", broken)
        assert "Something broke" in await shown_together(number, id)
    assert await people(app) == 2
    async with app.storage.reading() as tx:
        (row,) = await tx.rows(Quarantined)
    assert app.vault.cover(ID) in row.payload


async def test_two_become_one_on_postgresql(tmp_path: Path, fresh_postgresql: str) -> None:
    """With a poll answered and a petition signed by both."""
    async with running(tmp_path, url=fresh_postgresql) as app:
        number, id = await both_arrive(app)
        await votes(number)
        await signs(number, "KB204971")
        id.at = number.at
        await votes(id)
        await signs(id, "KB204972")
        await shown_together(number, id)
        assert await people(app) == 1
        for query, code in (
            ("count_standing", "OZT-LIGHT"),
            ("count_standing", "OZT-PARK"),
            ("count_signatures", "OZT-PARK"),
        ):
            assert await rows(app, query, code) == 1
