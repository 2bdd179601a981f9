"""Comments of an article put into groups: replied to once, public within the disclosure rule, their authors told."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import time_machine

from bot.kinds.draft_text import groups, telling
from bot.kinds.draft_text.groups import MOST_GROUPS
from tests.bot.kinds.worlds import WORDS, World, world
from tests.citizen import NOON, Citizen, audit_of

ISOLATES = dict.fromkeys([0x2066, 0x2067, 0x2068, 0x2069])

#: What the council replies to a group.
REPLY = {
    "action": "reply",
    "outcome": "partly",
    "title.en": "Lamps are missing",
    "why.en": "Half of them next year.",
    "bodies": "The equality body",
}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("draft_text", tmp_path, clock) as found:
        yield found


def at(w: World, article: str = "notice") -> str:
    return f"/staff/drafts/{w.code}/groups/{article}"


async def crowd(w: World, count: int) -> list[Citizen]:
    """So many people answer, and some minutes go by."""
    people = await w.crowd(count)
    w.clock.shift(900)
    return people


def tokens(page: str) -> list[str]:
    """The comments that are in no group."""
    return re.findall(r'name="token\.\d+" value="([^"]+)"', page)


async def put(
    w: World, client: httpx.AsyncClient, chosen: list[str], **more: str
) -> httpx.Response:
    """Put comments into a group."""
    fields = {f"token.{n}": token for n, token in enumerate(chosen, 1)}
    sent = {"action": "put", "title.en": "Lamps", **fields, **more}
    return await client.post(f"{at(w)}/do?lang=en", data=sent)


async def ids(w: World) -> list[int]:
    """The groups, as they were made."""
    async with w.app.storage.reading() as tx:
        return [one.group.id for one in await groups.groups_of(tx, (await w.row()).id)]


async def group_of_all(w: World, client: httpx.AsyncClient, **reply: str) -> int:
    """One group with every comment, replied to."""
    found = tokens((await client.get(f"{at(w)}?lang=en")).text)
    assert (await put(w, client, found)).status_code == 303
    (id,) = await ids(w)
    answer = await client.post(f"{at(w)}/do?lang=en", data={**REPLY, "group": str(id), **reply})
    assert answer.status_code == 303
    return id


async def press(w: World, client: httpx.AsyncClient, id: int) -> httpx.Response:
    """Have the group told what the page shows."""
    page = (await client.get(f"{at(w)}?lang=en")).text
    digest = re.search(r'name="digest" value="([^"]+)"', page)
    sent = {"action": "tell", "group": str(id), "digest": digest[1] if digest else "x"}
    return await client.post(f"{at(w)}/do?lang=en", data=sent)


async def test_each_group_is_replied_to_and_everybody_in_it_is_told_once(w: World) -> None:
    """With the reply, about their article, when staff have read the message; by day, and asked again it stands there."""
    people = await crowd(w, 6)
    async with w.browser("organizer") as client:
        id = await group_of_all(w, client)
        page = (await client.get(f"{at(w)}?lang=en")).text
        assert "6 people" in page
        assert "No comment waits." in page
        assert "after the closing" in page
        await w.closed()
        page = (await client.get(f"{at(w)}?lang=en")).text
        assert "You and others said: “Lamps are missing”" in page.translate(ISOLATES)
        assert (await press(w, client, id)).status_code == 303
        assert "These people have been told." in (await client.get(f"{at(w)}?lang=en")).text
    await telling.look(w.app)
    for person in people:
        told = await person.hears()
        assert told.count("Half of them next year.") == 1
        assert "Article 1 · Telling people early" in told
        assert "took it up in part" in told
    await telling.look(w.app)
    assert await people[0].hears() == ""
    # The same stands there for who asks, and on the public page, with how many and which bodies.
    people[0].at = int(datetime.now(UTC).timestamp() * 1000)
    own = await people[0].says(w.code)
    assert "You and others said: “Lamps are missing”\n➗" in own
    async with w.browser("reader") as client:
        public = (await client.get(f"/results/{w.code}?lang=en")).text
    assert "The equality body" in public
    assert "Half of them next year." in public


async def test_so_many_of_a_group_are_told_in_one_round(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others in the next."""
    people = await crowd(w, 5)
    async with w.browser("organizer") as client:
        id = await group_of_all(w, client)
        await w.closed()
        await press(w, client, id)
    monkeypatch.setattr(telling, "AT_ONCE", 3)
    for heard in (3, 2):
        await telling.look(w.app)
        assert sum([bool(await one.hears()) for one in people]) == heard


async def test_nobody_is_told_at_night(w: World, clock: time_machine.Traveller) -> None:
    (amina, *_) = await crowd(w, 5)
    async with w.browser("organizer") as client:
        id = await group_of_all(w, client)
        await w.closed()
        await press(w, client, id)
    clock.shift(timedelta(hours=12))
    await telling.look(w.app)
    assert await amina.hears() == ""
    clock.shift(timedelta(hours=12))
    await telling.look(w.app)
    assert "Half of them next year." in await amina.hears()


async def test_another_reply_is_told_again_once_somebody_presses_again(w: World) -> None:
    (amina, *_) = await crowd(w, 5)
    async with w.browser("organizer") as client:
        id = await group_of_all(w, client)
        await w.closed()
        await press(w, client, id)
        await telling.look(w.app)
        await amina.hears()
        w.clock.shift(1)
        await client.post(f"{at(w)}/do", data={**REPLY, "group": str(id), "why.en": "All of them."})
        await telling.look(w.app)
        assert await amina.hears() == ""
        stale = {"action": "tell", "group": str(id), "digest": "0" * 16}
        answer = await client.post(f"{at(w)}/do?lang=en", data=stale)
        assert "has changed since you saw the message" in answer.text
        await press(w, client, id)
    await telling.look(w.app)
    assert "All of them." in await amina.hears()


async def test_before_the_closing_or_without_a_reply_nobody_is_told(w: World) -> None:
    await crowd(w, 5)
    async with w.browser("organizer") as client:
        id = await group_of_all(w, client)
        async with w.app.storage.reading() as tx:
            (kept,) = await groups.groups_of(tx, (await w.row()).id)
        sent = {"action": "tell", "group": str(id), "digest": kept.digest}
        early = await client.post(f"{at(w)}/do?lang=en", data=sent)
        assert (early.status_code, "after the closing" in early.text) == (422, True)
        await w.closed()
        page = (await client.get(f"{at(w)}?lang=en")).text
        found = re.findall(r'name="token" value="([^"]+)"', page)
        await put(w, client, found[:1])
        other = (await ids(w))[1]
        sent = {"action": "tell", "group": str(other), "digest": "x"}
        assert "after the closing" in (await client.post(f"{at(w)}/do?lang=en", data=sent)).text


async def test_of_fewer_than_five_the_public_page_does_not_say_how_many(w: World) -> None:
    await crowd(w, 6)
    async with w.browser("organizer") as client:
        found = tokens((await client.get(f"{at(w)}?lang=en")).text)
        await put(w, client, found[:4])
        (id,) = await ids(w)
        await client.post(f"{at(w)}/do", data={**REPLY, "group": str(id)})
        await w.closed()
        row = await client.get(f"/results/{w.code}?lang=en")
    shown = row.text.translate(ISOLATES)
    assert "Lamps are missing" in shown
    near = shown[shown.index("Lamps are missing") :][:200]
    assert ">4<" not in near


async def test_words_of_so_few_that_one_could_tell_whose_are_in_no_group(w: World) -> None:
    """And what was hidden is in none; what was in one goes from it."""
    people = await crowd(w, 4)
    async with w.browser() as client:
        assert tokens((await client.get(f"{at(w)}?lang=en")).text) == []
        people.append(await w.known("one more"))
        await w.answered(people[-1])
        found = tokens((await client.get(f"{at(w)}?lang=en")).text)
        assert len(found) == 5
        hide = {"token": found[0], "action": "hide", "reason": "other"}
        await client.post(f"/staff/c/{w.code}/answers/do", data=hide)
        assert len(tokens((await client.get(f"{at(w)}?lang=en")).text)) == 4
        refused = await put(w, client, found[:1])
        assert "Choose at least one comment." in refused.text


async def test_who_says_it_anew_or_takes_it_back_or_is_forgotten_is_in_no_group(w: World) -> None:
    people = await crowd(w, 6)
    async with w.browser("organizer") as client:
        await group_of_all(w, client)
        await again(w, people[0])
        people[1].at = people[0].at
        for reply in ("my data", "[Erase my data]", "[Erase my data]"):
            await people[1].says(reply)
        page = (await client.get(f"{at(w)}?lang=en")).text
        assert "4 people" in page
        # What was said anew waits for a look; the words of who is forgotten are gone.
        assert len(tokens(page)) == 1


async def again(w: World, citizen: Citizen) -> None:
    """Somebody who has commented says something else of the same article."""
    citizen.at = max(citizen.at, int(datetime.now(UTC).timestamp() * 1000))
    await citizen.starts(w.code)
    for reply in ("[Change an answer]", "[I am against it]", "Lamps near the school too, please"):
        await citizen.says(reply)
    assert "Reference" in await citizen.says("[Send]")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"outcome": ""}, "Choose what became of it"),
        ({"why.en": " "}, "Write why in at least one language"),
        ({"why.en": "x" * 601}, "600 characters at most"),
        ({"title.en": "x" * 121}, "120 characters at most"),
        ({"title.en": " "}, "Write what the group says"),
        ({"bodies": "x" * 201}, "200 characters at most"),
        ({"group": "77"}, "not there any more"),
    ],
)
async def test_a_reply_to_a_group_has_an_outcome_a_reason_and_a_name(
    w: World, typed: dict[str, str], said: str
) -> None:
    await crowd(w, 5)
    async with w.browser("organizer") as client:
        id = await group_of_all(
            w, client, **{"title.en": "x" * 120, "why.en": "x" * 600, "bodies": "x" * 200}
        )
        answer = await client.post(f"{at(w)}/do?lang=en", data={**REPLY, "group": str(id), **typed})
        assert answer.status_code == 422
        assert said in answer.text


async def test_a_group_is_taken_apart_until_somebody_was_told(w: World) -> None:
    """And a comment is taken out, or put into another."""
    await crowd(w, 5)
    async with w.browser("organizer") as client:
        id = await group_of_all(w, client)
        page = (await client.get(f"{at(w)}?lang=en")).text
        (first, *_) = re.findall(r'name="token" value="([^"]+)"', page)
        await client.post(f"{at(w)}/do", data={"action": "out", "token": first})
        assert tokens((await client.get(f"{at(w)}?lang=en")).text) == [first]
        await put(w, client, [first], group=str(id))
        await w.closed()
        await press(w, client, id)
        drop = {"action": "drop", "group": str(id)}
        assert "it stays" in (await client.post(f"{at(w)}/do?lang=en", data=drop)).text
        await put(w, client, [first])
        other = (await ids(w))[1]
        dropped = await client.post(f"{at(w)}/do", data={"action": "drop", "group": str(other)})
        assert dropped.status_code == 303
        assert await ids(w) == [id]
        assert tokens((await client.get(f"{at(w)}?lang=en")).text) == [first]
    async with w.app.storage.reading() as tx:
        logged = await audit_of(tx, (await w.row()).council_id)
    assert ("groups", w.code) in [(one.action, one.object) for one in logged]


async def test_an_article_has_at_most_thirty_groups(w: World) -> None:
    await crowd(w, 5)
    async with w.browser("organizer") as client:
        found = tokens((await client.get(f"{at(w)}?lang=en")).text)
        for _ in range(MOST_GROUPS):
            assert (await put(w, client, found[:1])).status_code == 303
        assert "30 groups at most" in (await put(w, client, found[:1])).text


async def test_who_may_not_publish_reads_the_groups_and_changes_none(w: World) -> None:
    """A clerk reads; another article's group, another draft's and another council's page are not there."""
    await crowd(w, 5)
    async with w.browser("organizer") as client:
        id = await group_of_all(w, client)
        other = {**REPLY, "group": str(id)}
        elsewhere = await client.post(f"{at(w, 'answer')}/do?lang=en", data=other)
        assert "not there any more" in elsewhere.text
        nothing = await client.post(f"{at(w)}/do?lang=en", data={"action": "sing"})
        assert nothing.status_code == 422
        assert (await client.get(at(w, "gone"))).status_code == 404
        none = {"action": "put", "token.1": "x", "title.en": "X"}
        assert (await client.post(f"{at(w, 'gone')}/do", data=none)).status_code == 404
        assert (await client.get("/staff/drafts/OZT-LIGHT/groups/notice")).status_code == 404
    async with w.browser("clerk") as client:
        page = (await client.get(f"{at(w)}?lang=en")).text
        assert WORDS in page
        assert "/do" not in page.split("<main")[1]
        assert (await client.post(f"{at(w)}/do", data=REPLY)).status_code == 403


async def test_before_it_is_open_there_is_nothing_to_put_together(w: World) -> None:
    async with w.app.storage.transaction() as tx:
        await tx.run("set_consultation_state", id=(await w.row()).id, state="draft")
    async with w.browser("organizer") as client:
        assert "is not open yet" in (await put(w, client, ["x"])).text


async def test_what_cannot_be_told_is_left_alone(w: World) -> None:
    """Somebody whose chat is closed gets nothing, and everybody else does."""
    people = await crowd(w, 5)
    async with w.browser("organizer") as client:
        id = await group_of_all(w, client)
        await w.closed()
        people[0].at = int(datetime.now(UTC).timestamp() * 1000)
        await people[0].says("stop")
        await people[0].hears()
        await press(w, client, id)
    await telling.look(w.app)
    assert "Half of them next year." in await people[1].hears()
