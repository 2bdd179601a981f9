"""Nothing goes to a citizen that its clerk has not looked at, and nobody is erased by one press."""

import re
from pathlib import Path

import pytest

from bot.core.config import Config
from bot.core.localtime import now_ms
from storage.rows.cases import EntriesOf
from tests.citizen import Citizen
from tests.system.staffed import SECRET, Town, busy_town, config_of, tell
from tests.visitor import visitor


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two councils."""
    return config_of(tmp_path)


async def thread(town: Town) -> list[str]:
    """What was said to the citizen."""
    row = await town.need()
    async with town.app.storage.reading() as tx:
        entries = await tx.rows(EntriesOf, response_id=row.id)
    return [entry.text for entry in entries if entry.what in ("reply", "status")]


def seen_in(page: str) -> str:
    """What a preview hands on."""
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found[1]


async def test_an_answer_goes_only_as_it_was_looked_at(config: Config) -> None:
    """Without a look, or with a word changed since, the look comes first."""
    async with busy_town(config) as full, visitor(base_url=full.address) as clerk:
        await full.sign_in(clerk, "amal", "clerk")
        where = f"/staff/needs/{full.reference}/do"
        words = {"text": "L’eau revient lundi.", "state": "planned", "phrase": ""}
        at_once = await clerk.post(where, data={"action": "answer", **words})
        assert at_once.status_code == 200
        assert await thread(full) == []
        looked = await clerk.post(where, data={"action": "preview", **words})
        seen = seen_in(looked.text)
        for changed in ({"text": "L’eau revient mardi."}, {"state": "done"}, {"seen": ""}):
            data = {"action": "answer", **words, "seen": seen, **changed}
            assert (await clerk.post(where, data=data)).status_code == 200
            assert await thread(full) == []
        sent = await clerk.post(where, data={"action": "answer", **words, "seen": seen})
        assert sent.status_code == 303
        assert await thread(full) == ["L’eau revient lundi."]


async def test_a_look_at_one_need_is_none_at_another(config: Config) -> None:
    """The same words to somebody else are looked at again."""
    async with busy_town(config) as full, visitor(base_url=full.address) as clerk:
        await full.sign_in(clerk, "amal", "clerk")
        other = await tell(full.app, "zahra", "Une autre chose")
        words = {"text": "Merci.", "state": "", "phrase": ""}
        do = "/staff/needs/{}/do"
        looked = await clerk.post(do.format(other), data={"action": "preview", **words})
        data = {"action": "answer", **words, "seen": seen_in(looked.text)}
        assert (await clerk.post(do.format(full.reference), data=data)).status_code == 200
        assert await thread(full) == []


async def test_the_same_form_sent_twice_is_one_answer(config: Config) -> None:
    """A second press of a hurried finger."""
    async with busy_town(config) as full, visitor(base_url=full.address) as clerk:
        await full.sign_in(clerk, "amal", "clerk")
        where = f"/staff/needs/{full.reference}/do"
        form = {"action": "note", "note": "Vu", "once": "123456789012345"}
        for _ in range(2):
            assert (await clerk.post(where, data=form)).status_code == 303
        row = await full.need()
        async with full.app.storage.reading() as tx:
            entries = await tx.rows(EntriesOf, response_id=row.id)
        assert [entry.text for entry in entries if entry.what == "note"] == ["Vu"]


async def test_a_person_is_erased_only_after_their_reference_was_written_twice(
    config: Config,
) -> None:
    """A press alone, or another reference, erases nobody."""
    async with busy_town(config) as full, visitor(base_url=full.address) as officer:
        await full.sign_in(officer, "amal", "data")
        erase = {"wanted": full.reference, "action": "erase"}
        for sure in ("", full.reference[:-1] + "9"):
            await officer.post("/staff/data", data={**erase, "sure": sure})
            assert (await full.need()).person_id is not None
        await officer.post("/staff/data", data={**erase, "sure": full.reference})
        gone = await officer.get(f"/staff/needs/{full.reference}")
        assert SECRET not in gone.text
        assert gone.status_code == 404


async def test_who_is_known_to_another_council_is_erased_by_neither(config: Config) -> None:
    """Only they themselves can; the page says so."""
    async with busy_town(config) as full, visitor(base_url=full.address) as officer:
        await full.sign_in(officer, "amal", "data")
        amina = Citizen(full.app, "amina", at=now_ms())
        await amina.starts("DRA-NEEDS")
        for said in ("1", "Zagora", "passer", "La route est coupée", "[Envoyer]"):
            await amina.says(said)
        erase = {"wanted": full.reference, "action": "erase", "sure": full.reference}
        answer = await officer.post("/staff/data", data=erase)
        assert answer.status_code == 200
        assert (await full.need()).person_id is not None


async def test_a_form_of_another_site_writes_no_note(config: Config) -> None:
    """Nor one that says nothing of where it comes from but a foreign origin."""
    async with busy_town(config) as full, visitor(base_url=full.address) as clerk:
        await full.sign_in(clerk, "amal", "clerk")
        where = f"/staff/needs/{full.reference}/do"
        note = {"action": "note", "note": "Vu"}
        for headers, status in (
            ({"origin": "https://elsewhere.example"}, 403),
            ({"sec-fetch-site": "cross-site"}, 403),
            ({"sec-fetch-site": "same-site"}, 403),
            ({"origin": "null"}, 403),
            ({"origin": full.address, "sec-fetch-site": "same-origin"}, 303),
            ({"sec-fetch-site": "none"}, 303),
        ):
            answer = await clerk.post(where, data=note, headers=headers)
            assert answer.status_code == status, headers
