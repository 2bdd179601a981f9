"""Two chats become one person's: by a code that is shown in one and typed in the other; and two again."""

import re

import pytest

from bot.app.build import App
from bot.conversation.joining import codes
from bot.core.links import staff_payload
from bot.staff import accounts
from storage.rows.consultations import ConsultationByCode
from tests.bot.conversation.test_links_of_strangers import staff_chat
from tests.bot.kinds.need.test_need import file_need
from tests.checks import Quarantined
from tests.citizen import Citizen, audit_of


async def code_of(citizen: Citizen) -> str:
    """Ask for a code, and return it as it is shown."""
    await citizen.says("my data")
    shown = await citizen.says("[another app]")
    return re.findall(r"\d{3} \d{3} \d{4}", shown)[0]


async def pair(app: App, second: str = "terminal") -> tuple[Citizen, Citizen]:
    web, other = Citizen(app), Citizen(app, channel=second)
    await web.arrives()
    other.at = web.at
    await other.arrives()
    web.at = other.at
    return web, other


async def joined(web: Citizen, other: Citizen) -> None:
    code = await code_of(web)
    other.at = web.at
    assert "Did you ask for this code yourself" in await other.says(code)
    assert "Done." in await other.says("yes")
    web.at = other.at
    assert "Done." in await web.hears()


async def rows(app: App, query: str, code: str) -> int:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        counted = await tx.row(query, consultation_id=row.id)
    assert counted is not None
    return int(counted["n"])


async def test_nothing_is_joined_by_a_code_that_its_reader_did_not_ask_for(app: App) -> None:
    attacker, victim = await pair(app)
    await file_need(victim, "words of the victim")
    code = await code_of(attacker)
    victim.at = attacker.at
    await victim.says(code)
    assert "Nothing was joined" in await victim.says("no")
    assert "not contributed anything" in await attacker.says("my contributions")


async def test_both_chats_are_told_what_the_other_will_be_able_to_do_before_it_is_done(
    app: App,
) -> None:
    web, other = await pair(app)
    can = "Each of the two chats will see and change what was said in the other"
    await web.says("my data")
    shown = await web.says("[another app]")
    assert can in shown
    assert "Give this code to nobody" in shown
    other.at = web.at
    asked = await other.says(re.findall(r"\d{3} \d{3} \d{4}", shown)[0])
    assert can in asked
    assert "the web page" in asked


async def test_a_stop_in_either_chat_holds_for_both(app: App) -> None:
    web, other = await pair(app)
    await other.says("stop")
    await joined(web, other)
    await web.says("menu")
    assert "Messages stay stopped" in web.heard[-1].text


async def test_a_code_is_good_once(app: App) -> None:
    web, other = await pair(app)
    code = await code_of(web)
    other.at = web.at
    await other.says(code)
    await other.says("yes")
    third = Citizen(app, "third", at=other.at)
    await third.arrives()
    assert "This code is not good" in await third.says(code)


async def test_a_code_that_is_used_while_a_second_chat_thinks_about_it_is_good_once(
    app: App,
) -> None:
    web, other = await pair(app)
    code = await code_of(web)
    third = Citizen(app, "third", at=web.at)
    await third.arrives()
    assert "Did you ask" in await third.says(code)
    other.at = web.at
    await other.says(code)
    await other.says("yes")
    assert "This code is not good" in await third.says("yes")


@pytest.mark.parametrize("payload", ["me", "me_1_1-é", "me_zz_1-2", "me_1", "me_" + "f" * 40])
async def test_a_link_joins_nothing_and_says_where_the_code_is_typed(
    app: App, payload: str
) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    assert "A link alone joins nothing" in await citizen.starts(payload)
    async with app.storage.reading() as tx:
        assert await tx.rows(Quarantined) == []


@pytest.mark.parametrize(("seconds", "good"), [(9 * 60 + 50, True), (10 * 60, False)])
async def test_a_code_is_good_for_ten_minutes(app: App, seconds: int, good: bool) -> None:
    web, other = await pair(app)
    code = await code_of(web)
    other.at = web.at + seconds * 1000
    assert ("Did you ask" in await other.says(code)) is good


@pytest.mark.parametrize(("wrong", "good"), [(4, True), (5, False)])
async def test_after_five_wrong_codes_none_is_looked_at_for_an_hour(
    app: App, wrong: int, good: bool
) -> None:
    web, other = await pair(app)
    for n in range(wrong):
        assert "This code is not good" in await other.says(f"10000000{n:02}")
    web.at = other.at
    code = await code_of(web)
    other.at = web.at
    said = await other.says(code)
    assert ("Did you ask" in said) is good
    assert ("Too many wrong codes" in said) is not good
    web.at = other.at + 60 * 60 * 1000
    code = await code_of(web)
    other.at = web.at
    assert "Did you ask" in await other.says(code)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("482 173 0664", True),
        ("٤٨٢ ١٧٣ ٠٦٦٤", True),
        ("4821730664", True),
        ("482-173-0664", True),
        ("482173066", False),
        ("48217306641", False),
        ("0661730664", False),
        ("my code 4821730664", False),
    ],
)
def test_a_code_has_ten_digits_and_begins_with_none_of_a_telephone(text: str, is_one: bool) -> None:
    assert bool(codes.typed(text)) is is_one


async def test_a_number_of_ten_digits_is_still_an_answer(app: App) -> None:
    """Who is asked for words gets them kept, and no word about codes."""
    _, other = await pair(app)
    await other.starts("OZT-NEEDS")
    await other.says("[Drinking water]")
    assert "code" not in await other.says("4821730664")


async def test_a_newer_code_replaces_the_one_before(app: App) -> None:
    web, other = await pair(app)
    first = await code_of(web)
    second = await code_of(web)
    other.at = web.at
    assert "This code is not good" in await other.says(first)
    assert "Did you ask" in await other.says(second)


async def test_the_chat_that_shows_a_code_does_not_join_itself(app: App) -> None:
    web, _ = await pair(app)
    assert "This is the chat that shows the code" in await web.says(await code_of(web))


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
    for said in ("[I support it]", "[Sign officially]", "Amina El Idrissi", "KB204971"):
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
    web.at += DAY
    for said in ("my data", "[Erase my data]", "[Erase my data]"):
        await web.says(said)
    await app.conversations.close()
    async with app.storage.transaction() as tx:
        await tx.run("drop_farewells", before=web.at + 10**9)
    await app.storage.forget_traces()
    content = b"".join(p.read_bytes() for p in tmp_path.glob("test.sqlite*"))  # type: ignore[attr-defined]
    assert b"Qzwxyt8264" not in content
    assert other.address.encode() not in content


DAY = 24 * 60 * 60 * 1000


async def signed(citizen: Citizen, card: str = "KB204971") -> str:
    """Support the park and complete the signature. What came last."""
    await citizen.starts("OZT-PARK")
    for said in ("[I support it]", "[Sign officially]", "Amina El Idrissi", card, "Agdz"):
        answer = await citizen.says(said)
        if "You can sign here from" in answer:
            return answer
    return await citizen.says("yes")


@pytest.mark.parametrize(("later", "held"), [(DAY - 60_000, True), (DAY, False)])
async def test_for_a_day_the_newer_chat_signs_nothing_and_says_from_when_on(
    app: App, later: int, held: bool
) -> None:
    older, newer = await pair(app)
    await joined(older, newer)
    at = newer.at
    newer.at = at + later
    assert ("You can sign here from" in await signed(newer)) is held


async def test_the_older_chat_signs_at_once(app: App) -> None:
    """It counts: the newer one is an account that its provider knows."""
    older, newer = await pair(app, "telegram")
    await joined(older, newer)
    assert "You can sign here from" not in await signed(older)
    assert await rows(app, "count_signatures", "OZT-PARK") == 1


async def test_what_was_begun_before_a_join_is_not_signed_after_it(app: App) -> None:
    older, newer = await pair(app)
    code = await code_of(older)
    newer.at = older.at
    await newer.starts("OZT-PARK")
    for said in ("[I support it]", "[Sign officially]", "Amina El Idrissi", "KB204971"):
        await newer.says(said)
    await newer.says("Agdz")
    await newer.says("menu")
    await newer.says(code)
    await newer.says("yes")
    await newer.says("resume")
    assert "You can sign here from" in await newer.says("yes")
    assert await rows(app, "count_signatures", "OZT-PARK") == 0


@pytest.mark.parametrize(("later", "held"), [(DAY - 60_000, True), (DAY, False)])
async def test_for_a_day_there_is_no_copy_of_what_another_chat_brought(
    app: App, later: int, held: bool
) -> None:
    """Whichever of the two is older: a stranger may have been here for years."""
    older, newer = await pair(app)
    await file_need(newer, "words of the newer")
    older.at = newer.at
    await joined(older, newer)
    at = newer.at
    for citizen in (older, newer):
        citizen.at = at + later
        await citizen.says("my data")
        assert ("You can take a copy from" in await citizen.says("[Take a copy]")) is held


async def test_who_joins_an_empty_chat_takes_a_copy_in_the_older_one_at_once(app: App) -> None:
    older, newer = await pair(app)
    await file_need(older, "words of the older")
    newer.at = older.at
    await joined(older, newer)
    await older.says("my data")
    assert "Your copy is ready" in await older.says("[Take a copy]")


@pytest.mark.parametrize("by_joiner", [False, True])
async def test_a_join_is_undone_and_each_has_what_was_theirs(app: App, by_joiner: bool) -> None:
    web, other = await pair(app)
    await file_need(web, "words of the web chat")
    other.at = web.at
    await file_need(other, "words of the other chat")
    await signed(other)
    web.at = other.at
    for citizen in (web, other):
        await citizen.starts("OZT-LIGHT")
        for said in ("good", "4", "skip", "[Send]", "skip"):
            await citizen.says(said)
    web.at = other.at = max(web.at, other.at)
    assert await rows(app, "count_standing", "OZT-LIGHT") == 2
    await joined(web, other)
    assert await rows(app, "count_standing", "OZT-LIGHT") == 1
    undoer, told = (other, web) if by_joiner else (web, other)
    undoer.at = told.at = max(web.at, other.at)
    await undoer.says("my data")
    assert "The chats are apart again" in await undoer.says("[Take my chats apart]")
    assert "The chats are apart again" in await told.hears()
    told.at = undoer.at
    assert await rows(app, "count_standing", "OZT-LIGHT") == 2
    assert "words of the web chat" in await told_in(web)
    assert "words of the web chat" not in await told_in(other)
    assert "words of the other chat" in await told_in(other)
    assert "words of the other chat" not in await told_in(web)
    assert "You support this petition" in await other.starts("OZT-PARK")
    assert "You support this petition" not in await web.starts("OZT-PARK")


async def told_in(citizen: Citizen) -> str:
    """All that a chat says about what was contributed there."""
    said = await citizen.says("my contributions")
    return said + " ".join(citizen.labels)


async def test_a_join_cannot_be_undone_after_a_day(app: App) -> None:
    web, other = await pair(app)
    await joined(web, other)
    await web.says("my data")
    assert any("Take my chats apart" in label for label in web.labels)
    web.at += DAY
    assert "[Take" not in await web.says("my data")
    assert not any("Take my chats apart" in label for label in web.labels)


async def test_who_says_forget_me_within_a_day_of_a_join_erases_their_own(app: App) -> None:
    """A stranger who got a chat joined to theirs cannot erase what was said there."""
    stranger, victim = await pair(app)
    await file_need(victim, "words of the victim")
    stranger.at = victim.at
    await joined(stranger, victim)
    for said in ("my data", "[Erase my data]"):
        await stranger.says(said)
    assert "What the other chat had is still kept" in await stranger.says("[Erase my data]")
    victim.at = stranger.at
    assert "words of the victim" in await told_in(victim)


@pytest.mark.parametrize("shows", [False, True])
async def test_a_chat_of_staff_joins_on_neither_side(app: App, shows: bool) -> None:
    citizen, staff = await pair(app)
    if shows:
        code = await code_of(staff)
        await staff_chat(app, staff)
    else:
        await staff_chat(app, staff)
        code = await code_of(citizen)
    typist = citizen if shows else staff
    typist.at = max(citizen.at, staff.at)
    assert "The chat of a member of staff cannot be joined" in await typist.says(code)
    await staff.says("my data")
    assert "The chat of a member of staff cannot" in await staff.says("[another app]")


async def test_a_chat_that_becomes_one_of_staff_between_code_and_yes_does_not_join(
    app: App,
) -> None:
    web, other = await pair(app)
    code = await code_of(web)
    other.at = web.at
    assert "Did you ask" in await other.says(code)
    await staff_chat(app, web)
    assert "The chat of a member of staff cannot be joined" in await other.says("yes")


async def test_a_chat_that_is_joined_to_another_becomes_no_chat_of_staff(app: App) -> None:
    """The codes would go to both."""
    web, other = await pair(app)
    await joined(web, other)
    council_id = app.register.default_id
    async with app.storage.transaction() as tx:
        member = await accounts.known(tx, council_id, "Amina")
    payload = staff_payload(app.vault, member.id, web.at + accounts.LINK_MS)
    assert "it cannot be a chat of staff" in await web.starts(payload)


async def test_a_join_is_in_the_audit_log_without_who_it_was(app: App) -> None:
    web, other = await pair(app)
    await joined(web, other)
    await web.says("my data")
    await web.says("[Take my chats apart]")
    async with app.storage.reading() as tx:
        log = await audit_of(tx, app.register.default_id)
    told = [(row.actor, row.action, row.object) for row in log]
    assert told == [
        ("citizen", "part chats", ""),
        ("citizen", "join chats", "web + terminal"),
    ]


@pytest.mark.parametrize(("later", "refused"), [(DAY - 60_000, True), (DAY, False)])
async def test_a_second_join_waits_a_day_so_that_nobody_loses_by_a_strangers_chain(
    app: App, later: int, refused: bool
) -> None:
    """A stranger who joins a victim's chat and then one of their own, and erases: the victim keeps everything."""
    stranger, victim = await pair(app)
    await file_need(victim, "words of the victim")
    stranger.at = victim.at
    await joined(stranger, victim)
    own = Citizen(app, "another of the stranger", "telegram", at=victim.at)
    await own.arrives()
    stranger.at = own.at = max(stranger.at, own.at)
    code = await code_of(stranger)
    own.at = stranger.at
    if not refused:
        own.at = stranger.at = victim.at + later
        code = await code_of(stranger)
        own.at = stranger.at
    said = await own.says(code)
    assert ("joined with another a short while ago" in said) is refused
    if refused:
        for text in ("my data", "[Erase my data]", "[Erase my data]"):
            await stranger.says(text)
        victim.at = stranger.at
        assert "1 contribution" in await victim.says("my contributions")
