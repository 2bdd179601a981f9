"""What one citizen wrote, as others see it: never a number that says whose, nothing that staff hid."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.build import App
from bot.staff import open_answers
from bot.staff.accounts import Member
from bot.web.cases.filters import entry_of
from flows.understanding.moderation import HIDDEN
from storage.rows.cases import CaseByReference, EntriesOf
from storage.rows.consultations import ConsultationByCode
from tests.bot.kinds.need.test_need import file_need
from tests.citizen import Citizen, running

SECRETS = ("connard", "BJ123456", "0612345678", "06 12 34 56 78")


@pytest.fixture
async def app(tmp_path: Path, url: str) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def hide(app: App, words: str) -> None:
    """Hide the words of the need that says this, as a clerk does."""
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
        assert row is not None
        questions = await open_answers.questions_of(tx, app.vault, row)
        (token,) = (a.token for q in questions for a in q.answers if words in a.text)
        await open_answers.hide(tx, questions, token, "insult", "amal")


async def told_by_the_next(app: App, words: str) -> tuple[Citizen, str]:
    """Somebody who tells a like need, and what they read before it is sent."""
    brahim = Citizen(app, "brahim")
    await brahim.arrives()
    await brahim.starts("OZT-NEEDS")
    await brahim.verify([("water", "Where exactly?"), ("tabounte", "your own words")])
    return brahim, await brahim.says(words)


async def test_the_next_citizen_sees_no_number_of_the_one_before(app: App) -> None:
    amina = Citizen(app, "amina")
    await amina.arrives()
    await file_need(amina, "Water is cut, card BJ123456, 06 12 34 56 78, aa@bb.ma")
    _, review = await told_by_the_next(app, "Water is cut")
    assert "1 person said something like this: Water is cut, card •••, •••, •••" in review
    assert not [secret for secret in (*SECRETS, "aa@bb") if secret in review]


async def test_a_like_need_is_offered_without_the_words_that_staff_hid(app: App) -> None:
    amina = Citizen(app, "amina")
    await amina.arrives()
    words = "connard, water is cut, my card BJ123456, call 0612345678"
    reference = await file_need(amina, words)
    await hide(app, words)
    brahim, review = await told_by_the_next(app, "water is cut")
    assert not [secret for secret in SECRETS if secret in review]
    # The need stands all the same: a voice can be added to it by what may be shown of it.
    assert f"1 person said something like this: need {reference}, whose words are not shown" in (
        review
    )
    assert reference in await brahim.says("[Add my voice]")


async def test_words_hidden_while_somebody_is_at_the_question_are_not_said_again(app: App) -> None:
    amina = Citizen(app, "amina")
    await amina.arrives()
    words = "connard, water is cut"
    reference = await file_need(amina, words)
    brahim, review = await told_by_the_next(app, "water is cut")
    assert "connard" in review
    await hide(app, words)
    again = await brahim.says("help")
    assert "connard" not in again
    assert f"need {reference}, whose words are not shown" in again
    assert reference in await brahim.says("[Add my voice]")


async def test_what_was_added_to_hidden_words_is_hidden_in_the_thread(app: App) -> None:
    amina = Citizen(app, "amina")
    await amina.arrives()
    reference = await file_need(amina, "Water is cut")
    await amina.says(reference)
    await amina.taps("Add details")
    await amina.says("the mayor is a connard")
    await hide(app, "Water is cut")
    async with app.storage.reading() as tx:
        row = await tx.row(CaseByReference, reference=reference)
        assert row is not None
        entries = await tx.rows(EntriesOf, response_id=row.id)
    assert [shown(entry, row, "reader") for entry in entries] == [HIDDEN]
    assert [shown(entry, row, "clerk") for entry in entries] == ["the mayor is a connard"]


def shown(entry: EntriesOf, row: CaseByReference, role: str) -> str:
    """The words of an entry as somebody on the staff reads them."""
    member = Member(1, "amal", role, 1, "OZT")
    text: str = entry_of(entry, member, hidden=row.hidden is not None)["text"]
    return text
