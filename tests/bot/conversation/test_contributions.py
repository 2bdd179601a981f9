"""What one has said is one's own: it is taken back once, while it can be, and by nobody else."""

import msgspec
import pytest

from bot.app.build import App, open_app
from bot.conversation.erasure import held_about
from bot.core.config import WhatsAppSettings
from bot.outreach import lists
from storage.rows.cases import CaseByReference
from tests.bot.kinds.need.test_need import file_need
from tests.citizen import Citizen, config_in

REFERENCE = "OZT-2026-000001"


@pytest.fixture
async def author(app: App) -> Citizen:
    """Somebody who has told a need."""
    citizen = Citizen(app)
    await citizen.arrives()
    await file_need(citizen, "No water since Monday")
    return citizen


async def test_what_is_taken_back_is_out_of_reach_and_out_of_the_list(author: Citizen) -> None:
    """It still says what became of it."""
    await author.verify([(REFERENCE, "Status: received"), ("[Take it back]", "Take back")])
    assert "was taken back" in await author.says("[Take it back]")
    assert "Status: taken back" in await author.says(REFERENCE)
    assert author.labels == ["1 ⬅️ Back"]
    assert "not contributed anything" in await author.says("my contributions")


async def test_what_became_somebody_elses_meanwhile_is_not_taken_back(
    app: App, author: Citizen
) -> None:
    """Between the question whether one is sure and the answer; nothing breaks, nothing changes."""
    stranger = Citizen(app, "stranger")
    await stranger.arrives()
    await author.verify([(REFERENCE, "Status: received"), ("[Take it back]", "Take back")])
    async with app.storage.transaction() as tx:
        await tx.run("give_away", reference=REFERENCE, address=stranger.address)
    said = await author.says("[Take it back]")
    assert "was taken back" not in said
    assert "Status: received" in await stranger.says(REFERENCE)


async def test_what_is_kept_is_kept(author: Citizen) -> None:
    """The other button."""
    await author.verify([(REFERENCE, "Status: received"), ("[Take it back]", "Take back")])
    assert "was taken back" not in await author.says("[Keep it]")
    assert "Status: received" in await author.says(REFERENCE)


async def test_who_has_told_no_commune_speaks_of_the_councils_own(
    app: App, author: Citizen
) -> None:
    """So that the desk finds it by its place."""
    async with app.storage.reading() as tx:
        row = await tx.row(CaseByReference, reference=REFERENCE)
    assert row is not None
    assert row.commune == app.register.default.place


@pytest.mark.parametrize("taken_back", [True, False])
async def test_who_took_an_answer_to_a_poll_back_begins_anew(app: App, taken_back: bool) -> None:
    """Who did not is shown what they said, to change it."""
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    for said in ("[Good]", "[Fair]", "skip", "[Send]", "cancel"):
        await citizen.says(said)
    if taken_back:
        for said in (REFERENCE, "[Take it back]", "[Take it back]"):
            await citizen.says(said)
    said = await citizen.starts("OZT-LIGHT")
    assert ("You have answered this already" in said) is not taken_back
    assert ("Question 1" in said) is taken_back


async def test_an_answer_to_a_poll_is_changed_from_the_list_of_ones_own(app: App) -> None:
    """By one tap; it is answered anew with what was said at hand."""
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    for said in ("[Good]", "[Fair]", "skip", "[Send]", "cancel"):
        await citizen.says(said)
    await citizen.says(REFERENCE)
    assert "You have answered this already" in await citizen.says("[See or change]")


@pytest.mark.parametrize(("code", "voiced"), [("OZT-LIGHT", False), ("OZT-NEEDS", True)])
async def test_how_many_say_the_same_is_told_where_voices_can_be_added(
    app: App, code: str, voiced: bool
) -> None:
    """Of a need; a poll has one answer each."""
    citizen = Citizen(app)
    await citizen.arrives()
    if voiced:
        await file_need(citizen, "No water since Monday")
    else:
        await citizen.starts(code)
        for said in ("[Good]", "[Fair]", "skip", "[Send]", "cancel"):
            await citizen.says(said)
    said = await citizen.says(REFERENCE)
    assert "Status: received" in said
    assert ("1 person says this" in said) is voiced


async def test_somebody_is_found_by_the_number_they_were_imported_with(tmp_path: object) -> None:
    """However it is written; a number that nobody has finds nobody."""
    from pathlib import Path

    config = config_in(Path(str(tmp_path)))
    whatsapp = WhatsAppSettings(sender="+212500000000")
    app = await open_app(msgspec.structs.replace(config, whatsapp=whatsapp))
    council = app.register.default_id
    async with app.storage.transaction() as tx:
        await lists.fill(
            tx, app.vault, whatsapp.sender, council, "Market", "imported",
            lists.read_content(b"phone\n0612345678\n"), "paper", "amal",
        )  # fmt: skip
        for wanted, found in (
            ("0612345678", True),
            ("+212 6 12 34 56 78", True),
            ("0612345679", False),
            ("TRM-2026-000001", False),
        ):
            held = await held_about(tx, app.vault, council, wanted)
            assert (held is not None) is found, wanted
            assert held is None or held.channels == ("whatsapp",)
    await app.close()
