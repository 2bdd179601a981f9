"""What staff are refused, and why: the page says it, and nothing has changed."""

from pathlib import Path

import msgspec
import pytest

from bot.core.config import Config
from bot.core.councils import times
from flows.kinds import kinds, read_raw
from storage.rows.consultations import ConsultationByCode
from tests.system.staffed import SECRET, Town, busy_town, config_of, first_answer
from tests.system.test_gate import kept
from tests.visitor import visitor

CARD = {"action": "enter", "name": "Ali Amrani", "cin": "CD98765", "address": "Rue 4"}
PARK = "/staff/petitions/TRM-PARK/do"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two councils."""
    return config_of(tmp_path)


async def moved(town: Town, code: str, state: str) -> None:
    """Bring a consultation into a state."""
    async with town.app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        await tx.run("set_consultation_state", id=row.id, state=state)


async def test_what_cannot_be_entered_on_paper_is_refused(config: Config, tmp_path: Path) -> None:
    """A wrong card, a reference nobody has, another's name on a known card, the same card twice."""
    async with busy_town(config) as full, visitor(base_url=full.address) as clerk:
        await full.sign_in(clerk, "amal", "clerk")
        before = kept(tmp_path)
        known = {"cin": "KB204971"}
        for wrong in (
            {"cin": "no card"},
            {"reference": "TRM-2026-999999"},
            {**known, "name": "Somebody Else"},
        ):
            answer = await clerk.post(PARK, data={**CARD, **wrong})
            assert answer.status_code == 422, wrong
        assert kept(tmp_path) == before
        for form, status in (
            (CARD, 303),
            (CARD, 422),
            ({**CARD, **known, "name": f"Brahim {SECRET}"}, 303),
            ({**CARD, **known, "name": f"Brahim {SECRET}"}, 422),
        ):
            assert (await clerk.post(PARK, data=form)).status_code == status, form


async def test_a_name_that_differs_is_entered_once_it_was_compared(config: Config) -> None:
    """The clerk ticks that it is the same person."""
    async with busy_town(config) as full, visitor(base_url=full.address) as clerk:
        await full.sign_in(clerk, "amal", "clerk")
        form = {**CARD, "cin": "KB204971", "name": "B. Secret"}
        assert (await clerk.post(PARK, data=form)).status_code == 422
        assert (await clerk.post(PARK, data={**form, "same": "on"})).status_code == 303


async def test_a_deposit_is_undone_only_with_a_tick(config: Config, tmp_path: Path) -> None:
    """And nothing is done that has no name."""
    async with busy_town(config) as full, visitor(base_url=full.address) as clerk:
        await full.sign_in(clerk, "amal", "clerk")
        before = kept(tmp_path)
        for form in ({"action": "undo_deposit"}, {"action": "burn"}, {}):
            assert (await clerk.post(PARK, data=form)).status_code == 422
        assert kept(tmp_path) == before
        sure = {"action": "undo_deposit", "sure": "on"}
        assert (await clerk.post(PARK, data=sure)).status_code == 303
        assert kept(tmp_path) != before


async def test_a_petition_that_is_a_draft_gets_no_signature_and_no_deposit(
    config: Config, tmp_path: Path
) -> None:
    """Nobody could have read it."""
    async with busy_town(config) as full, visitor(base_url=full.address) as clerk:
        await full.sign_in(clerk, "amal", "clerk")
        await clerk.post(PARK, data={"action": "undo_deposit", "sure": "on"})
        await moved(full, "TRM-PARK", "draft")
        before = kept(tmp_path)
        deposit = {"action": "deposit", "deposit_day": "2026-11-20"}
        for form in (CARD, deposit):
            assert (await clerk.post(PARK, data=form)).status_code == 422
        assert kept(tmp_path) == before


async def test_what_has_no_name_is_not_done_to_a_need_or_a_consultation(
    config: Config, tmp_path: Path
) -> None:
    """Nor is a part split off to a theme that the council has not."""
    async with busy_town(config) as full, visitor(base_url=full.address) as admin:
        await full.sign_in(admin, "amal", "admin")
        before = kept(tmp_path)
        need = f"/staff/needs/{full.reference}/do"
        for where, form in (
            (need, {"action": "burn"}),
            (need, {"action": "split", "part": "Une partie", "theme": "burning"}),
            (need, {"action": "unmerge", "other": full.reference}),
            ("/staff/c/TRM-LIGHT/do", {"action": "burn"}),
        ):
            assert (await admin.post(where, data=form)).status_code == 409, form
        assert kept(tmp_path) == before


async def test_words_are_hidden_for_a_reason_and_once(config: Config, tmp_path: Path) -> None:
    """A reason of the list; what is hidden is not hidden again."""
    async with busy_town(config) as full, visitor(base_url=full.address) as clerk:
        await full.sign_in(clerk, "amal", "clerk")
        where = "/staff/c/TRM-LIGHT/answers/do"
        hide = {"action": "hide", "token": full.answer}
        before = kept(tmp_path)
        for wrong in ({"reason": ""}, {"reason": "I do not like it"}, {"token": "x"}):
            form = {**hide, "reason": "insult", **wrong}
            assert (await clerk.post(where, data=form)).status_code == 409, wrong
        assert kept(tmp_path) == before
        form = {**hide, "reason": "insult"}
        assert (await clerk.post(where, data=form)).status_code == 303
        assert (await clerk.post(where, data=form)).status_code == 409


POLL = {
    "kind": "poll", "title.fr": "Un sondage", "intro.fr": "Bonjour", "code": "TRM-NEW",
    "count": "1", "questions.0.type": "yes_no", "questions.0.text.fr": "Oui ?",
    "questions.0.key": "q1",
}  # fmt: skip


async def test_a_draft_is_saved_under_a_code_that_nobody_has_and_that_stays(config: Config) -> None:
    """And not over what a colleague has changed meanwhile."""
    async with busy_town(config) as full, visitor(base_url=full.address) as organizer:
        await full.sign_in(organizer, "amal", "organizer")
        page = (await organizer.get("/staff/new?kind=poll&lang=fr")).text
        assert "title.fr" in page
        for form, where, status in (
            (POLL, "/staff/new", 303),
            (POLL, "/staff/new", 409),
            ({**POLL, "code": "TRM-LIGHT"}, "/staff/new", 409),
            ({**POLL, "code": "TRM-NEWER"}, "/staff/c/TRM-NEW/edit", 409),
            ({**POLL, "version": "99"}, "/staff/c/TRM-NEW/edit", 409),
            ({**POLL, "title.fr": "Un autre"}, "/staff/c/TRM-NEW/edit", 303),
        ):
            answer = await organizer.post(where, data=form)
            assert answer.status_code == status, (form, answer.text[-1500:])


async def test_what_citizens_could_not_answer_is_not_opened(config: Config) -> None:
    """The page shows what is wrong with it; it stays a draft."""
    async with busy_town(config) as full, visitor(base_url=full.address) as organizer:
        await full.sign_in(organizer, "amal", "organizer")
        await moved(full, "TRM-LIGHT", "draft")
        async with full.app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code="TRM-LIGHT")
            assert row is not None
            raw = {**msgspec.json.decode(row.definition), "closes": "2020-01-01T00:00:00"}
            head = read_raw(raw, kinds()["poll"].definition)
            definition = msgspec.json.encode(raw).decode()
            await tx.run("change_consultation", id=row.id, definition=definition, **times(head))
        form = {"action": "open", "sure": "on"}
        assert (await organizer.post("/staff/c/TRM-LIGHT/do", data=form)).status_code == 409
        async with full.app.storage.reading() as tx:
            after = await tx.row(ConsultationByCode, code="TRM-LIGHT")
        assert after is not None
        assert after.state == "draft"


async def test_signatures_are_taken_of_a_petition_and_of_nothing_else(config: Config) -> None:
    """A poll has none; nor has a petition of another council."""
    async with busy_town(config) as full, visitor(base_url=full.address) as admin:
        await full.sign_in(admin, "amal", "admin")
        asked = {"what": "signatures", "format": "csv", "language": "fr"}
        for object, status in (("TRM-LIGHT", 404), ("DRA-PARK", 404), ("TRM-PARK", 202)):
            answer = await admin.post("/staff/downloads", data={**asked, "object": object})
            assert answer.status_code == status, object


async def test_words_that_are_shown_again_are_shown_on_the_desk(config: Config) -> None:
    """Hidden they are nobody's to read there; lifted they are as before."""
    async with busy_town(config) as full, visitor(base_url=full.address) as clerk:
        await full.sign_in(clerk, "amal", "clerk")
        page, where = f"/staff/needs/{full.reference}", f"/staff/c/{full.needs}/answers/do"
        token = await first_answer(full.app, full.needs)
        listed, words = "/staff/needs?state=all", "eau depuis lundi"
        assert words in (await clerk.get(listed)).text
        hide = {"action": "hide", "token": token, "reason": "insult"}
        assert (await clerk.post(where, data=hide)).status_code == 303
        assert words not in (await clerk.get(listed)).text
        assert (await clerk.post(where, data={"action": "show", "token": token})).status_code == 303
        assert words in (await clerk.get(listed)).text
        assert words in (await clerk.get(page)).text
