"""Two chats become one person's: by a link that is good once, and asked for where it is opened."""

import pytest

from bot.app.build import App
from storage.rows.consultations import ConsultationByCode
from tests.bot.kinds.need.test_need import file_need
from tests.checks import Quarantined
from tests.citizen import Citizen


async def link_of(citizen: Citizen) -> str:
    """Ask for a link, and return what it says."""
    await citizen.says("my data")
    await citizen.says("[another channel]")
    word = next(w for w in citizen.heard[-1].text.split() if "me_" in w and "http" not in w)
    await citizen.says("cancel")
    return word.strip("\u2066\u2069")


async def pair(app: App) -> tuple[Citizen, Citizen]:
    web, other = Citizen(app), Citizen(app, channel="terminal")
    await web.arrives()
    await other.arrives()
    return web, other


async def joined(web: Citizen, other: Citizen) -> None:
    payload = await link_of(web)
    other.at = web.at
    assert "Did you ask for this link yourself?" in await other.starts(payload)
    assert "Done." in await other.says("yes")
    web.at = other.at


async def rows(app: App, query: str, code: str) -> int:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        counted = await tx.row(query, consultation_id=row.id)
    assert counted is not None
    return int(counted["n"])


async def test_nothing_is_joined_by_opening_a_link_alone(app: App) -> None:
    attacker, victim = await pair(app)
    await file_need(victim, "words of the victim")
    payload = await link_of(attacker)
    victim.at = attacker.at
    await victim.starts(payload)
    assert "Nothing was joined" in await victim.says("no")
    assert "not contributed anything" in await attacker.says("my contributions")


async def test_a_stop_in_either_chat_holds_for_both(app: App) -> None:
    web, other = await pair(app)
    await other.says("stop")
    await joined(web, other)
    await web.says("menu")
    assert "Messages stay stopped" in web.heard[-1].text


async def test_a_link_is_good_once(app: App) -> None:
    web, other = await pair(app)
    payload = await link_of(web)
    other.at = web.at
    await other.starts(payload)
    await other.says("yes")
    third = Citizen(app, "third", at=other.at)
    await third.arrives()
    await third.starts(payload)
    assert "too old" in await third.says("yes")


@pytest.mark.parametrize("payload", ["me_1_1-é", "me_zz_1-2", "me_1", "me_" + "f" * 40 + "_1-2"])
async def test_a_forged_link_is_too_old_and_no_bug(app: App, payload: str) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    assert "too old" in await citizen.starts(payload)
    async with app.storage.reading() as tx:
        assert await tx.rows(Quarantined) == []


async def test_a_poll_begun_on_one_channel_is_finished_on_the_other(app: App) -> None:
    web, other = await pair(app)
    await other.starts("OZT-LIGHT")
    await other.says("weak")
    await joined(web, other)
    await web.verify([("resume", "Where is it missing most")])


async def test_who_answered_the_same_poll_in_both_chats_counts_once(app: App) -> None:
    web, other = await pair(app)
    for citizen in (web, other):
        await citizen.starts("OZT-LIGHT")
        for said in ("good", "4", "skip", "[Send]", "[Not now]"):
            await citizen.says(said)
    assert await rows(app, "count_standing", "OZT-LIGHT") == 2
    await joined(web, other)
    assert await rows(app, "count_standing", "OZT-LIGHT") == 1
    assert "You have answered this already" in await other.starts("OZT-LIGHT")


async def test_support_and_signatures_come_along_and_can_be_taken_back(app: App) -> None:
    web, other = await pair(app)
    await other.starts("OZT-PARK")
    for said in ("[I support it]", "[Complete the signature]", "Amina El Idrissi", "KB204971"):
        await other.says(said)
    for said in ("Agdz", "yes"):
        await other.says(said)
    await joined(web, other)
    assert "You support this petition" in await web.starts("OZT-PARK")
    await web.says("[Take back my support]")
    await web.says("[Take back my support]")
    assert await rows(app, "count_signatures", "OZT-PARK") == 0
    assert await rows(app, "count_standing", "OZT-PARK") == 0


async def test_forget_me_after_joining_leaves_nothing_of_either_chat(
    app: App, tmp_path: object
) -> None:
    web, other = await pair(app)
    await file_need(other, "secret words Qzwxyt8264 of the other chat")
    await joined(web, other)
    for said in ("my data", "[Erase everything about me]", "[Erase everything about me]"):
        await web.says(said)
    await app.conversations.close()
    async with app.storage.transaction() as tx:
        await tx.run("drop_farewells", before=web.at + 10**9)
    await app.storage.forget_traces()
    content = b"".join(p.read_bytes() for p in tmp_path.glob("test.sqlite*"))  # type: ignore[attr-defined]
    assert b"Qzwxyt8264" not in content
    assert other.address.encode() not in content


@pytest.mark.parametrize(("seconds", "good"), [(14 * 60, True), (15 * 60, False)])
async def test_a_link_to_join_chats_is_good_for_a_quarter_of_an_hour(
    app: App, seconds: int, good: bool
) -> None:
    """Whoever finds it later finds nothing."""
    web, other = await pair(app)
    payload = await link_of(web)
    other.at = web.at + seconds * 1000
    assert ("Did you ask for this link yourself?" in await other.starts(payload)) is good
