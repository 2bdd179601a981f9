"""What is kept about a citizen: shown, copied, erased; and the words that always work."""

from pathlib import Path

import httpx
import pytest
import time_machine

from bot.app import site
from bot.app.build import App
from flows.conversations.profile import OLDEST
from storage.rows.consultations import ConsultationByCode
from storage.rows.responses import CountStanding
from tests.checks import AllConsents, AllResponses
from tests.citizen import Citizen
from tests.visitor import visitor

PROFILE = [
    ("[Yes]", "How old are you?"),
    ("25-34", "Are you a woman or a man?"),
    ("woman", "May we ask whether"),
]
INVITE = "May the council use this to invite you"


async def answered(app: App, name: str = "amina") -> Citizen:
    citizen = Citizen(app, name)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.verify(
        [
            ("[Good]", "How is safety"),
            ("4", "proposal"),
            ("my secret idea qzvx7391", "before"),
            ("[Send]", "A few short questions"),
        ]
    )
    return citizen


async def test_the_profile_is_asked_once_after_the_first_contribution_and_can_be_skipped(
    app: App,
) -> None:
    citizen = await answered(app)
    await citizen.verify([*PROFILE, ("no", INVITE), ("skip", "This helps everyone")])
    await citizen.starts("OZT-PARK")
    await citizen.says("[I support it]")
    assert "A few short questions" not in await citizen.says("[Not now]")


async def test_the_profile_counts_for_what_was_contributed_before(app: App) -> None:
    citizen = await answered(app)
    await citizen.verify([*PROFILE, ("yes", "Do you live with a disability?"), ("no", INVITE)])
    assert "helps" in await citizen.says("no")
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        responses = await tx.rows(AllResponses, consultation_id=row.id)
        consents = await tx.rows(AllConsents)
    stored = [(r.age_band, r.gender, r.disability) for r in responses]
    assert stored == [("25-34", "woman", "no")]
    assert {(c.purpose, c.given) for c in consents} == {
        ("consultation", 1), ("messages", 1), ("profile", 1), ("disability", 1), ("invite", 0),
    }  # fmt: skip


async def test_the_profile_can_be_skipped_at_its_very_beginning(app: App) -> None:
    citizen = await answered(app)
    await citizen.verify([("skip", "You can do it later")])


async def test_disability_is_not_asked_without_its_own_consent(app: App) -> None:
    citizen = await answered(app)
    await citizen.verify([*PROFILE, ("no", INVITE), ("skip", "This helps everyone to be heard")])
    async with app.storage.reading() as tx:
        consents = await tx.rows(AllConsents)
    assert ("disability", 0) in {(c.purpose, c.given) for c in consents}


async def test_a_profile_is_used_for_invitations_only_after_a_yes_to_that(app: App) -> None:
    citizen = await answered(app)
    await citizen.verify([*PROFILE, ("skip", "Question 4 of 4"), ("yes", "helps")])
    async with app.storage.reading() as tx:
        consents = await tx.rows(AllConsents)
    assert ("invite", 1) in {(c.purpose, c.given) for c in consents}


async def test_who_tells_nothing_is_not_asked_about_invitations(app: App) -> None:
    citizen = await answered(app)
    await citizen.verify(
        [
            ("[Yes]", "Question 1 of 4"),
            ("skip", "Question 2 of 4"),
            ("skip", "Question 3 of 4"),
            ("no", "This helps everyone"),
        ]
    )


async def test_what_is_kept_is_shown(app: App) -> None:
    citizen = await answered(app)
    await citizen.verify([*PROFILE, ("skip", INVITE), ("skip", "helps")])
    said = await citizen.says("my data")
    for line in ("Language: English", "Age: 25-34", "Gender: Woman", "1 contribution", "1 chat"):
        assert line in said


async def test_a_copy_can_be_taken_by_a_link_that_does_not_last(app: App) -> None:
    citizen = await answered(app)
    await citizen.says("[Not now]")
    await citizen.says("my data")
    said = await citizen.says("[Take a copy]")
    path = said.split("http://localhost:1")[1].split()[0]
    transport = httpx.ASGITransport(app=site.build(app))
    async with visitor(transport=transport, base_url="http://localhost:1") as client:
        with time_machine.travel(citizen.at / 1000, tick=False):
            copy = (await client.get(path)).json()
        with time_machine.travel(citizen.at / 1000 + 16 * 60, tick=False):
            late = await client.get(path)
        forged = await client.get(path[:-1] + ("0" if path[-1] != "0" else "1"))
    assert copy["contributions"][0]["body"]["answers"]["idea"]["text"] == "my secret idea qzvx7391"
    assert late.status_code == 410
    assert forged.status_code == 410


async def test_forget_me_erases_words_and_address_in_the_files_and_leaves_the_totals(
    app: App, tmp_path: Path
) -> None:
    citizen = await answered(app)
    await citizen.says("[Not now]")
    await citizen.verify(
        [
            ("my data", "This is what is kept"),
            ("[Erase my data]", "cannot be undone"),
            ("[Erase my data]", "has been erased"),
        ]
    )
    await app.conversations.close()
    async with app.storage.transaction() as tx:
        await tx.run("drop_farewells", before=citizen.at + 10**9)
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        counted = await tx.row(CountStanding, consultation_id=row.id)
    assert counted is not None
    assert counted.n == 1
    await app.storage.forget_traces()
    content = b"".join(path.read_bytes() for path in tmp_path.glob("test.sqlite*"))
    assert b"qzvx7391" not in content
    assert citizen.address.encode() not in content


async def test_who_was_erased_can_start_anew_as_a_stranger(app: App) -> None:
    citizen = await answered(app)
    await citizen.says("[Not now]")
    await citizen.says("my data")
    await citizen.says("[Erase my data]")
    await citizen.says("[Erase my data]")
    assert "Which language" in await citizen.says("hello")


@pytest.mark.parametrize("word", ["stop", "حبس", "وقف", "arrêter", "STOP!", "safi baraka", "ⴱⴷⴷ"])
async def test_stop_is_obeyed_in_every_language_at_any_question_and_stays(
    app: App, word: str
) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    assert "We no longer write to you" in await citizen.says(word)
    assert "Messages stay stopped" in await citizen.says(word)


async def test_start_after_stop_takes_up_again(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    await citizen.says("stop")
    assert "What would you like to do" in await citizen.says("start")


async def test_help_says_the_words_that_work_and_asks_the_question_again(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    said = await citizen.says("aide")
    assert "“stop”" in said
    assert "How is the lighting" in said


async def test_a_commune_is_followed_with_what_surrounds_it(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    await citizen.verify(
        [
            ("my places", "You follow 1 place"),
            ("[Follow another place]", "Which commune?"),
            ("taznakht", "Do you also want to follow"),
            ("[All of these]", "You follow Taznakht"),
            ("[Menu]", "What would you like"),
            ("my places", "You follow 4 places"),
            ("[I live abroad]", "you live abroad"),
            ("my data", "You live abroad"),
            ("menu", "What would you like"),
            ("my places", "You follow 4 places"),
            ("[I live in Morocco]", "you live in Morocco"),
        ]
    )


async def test_a_place_that_does_not_exist_is_asked_again_and_a_list_is_offered(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    await citizen.verify(
        [
            ("my places", "follow"),
            ("[Follow another place]", "Which commune?"),
            ("Qwxzptlk", "I do not find this commune"),
            ("[list]", "Which region?"),
        ]
    )


async def test_names_that_repeat_are_told_apart_by_their_province(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    await citizen.verify(
        [
            ("my places", "follow"),
            ("[Follow another place]", "Which commune?"),
            ("أجدير", "Which one do you mean?"),
        ]
    )
    assert sum("(" in label for label in citizen.labels) >= 2


async def test_stop_is_obeyed_again_after_one_has_written_again(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.says("stop")
    await citizen.starts("OZT-LIGHT")
    assert "We no longer write to you" in await citizen.says("stop")


async def test_that_is_all_ends_the_ticking_and_does_not_stop_the_bot(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.verify([("weak", "missing most"), ("[The way to school]", "missing most")])
    assert "How is safety" in await citizen.says("بركة")


async def test_not_now_keeps_the_profile_that_was_told_before(app: App) -> None:
    citizen = await answered(app)
    await citizen.verify([*PROFILE, ("skip", INVITE), ("skip", "helps")])
    await citizen.says("my data")
    await citizen.says("[Change my profile]")
    await citizen.says("[Not now]")
    assert "Age: 25-34" in await citizen.says("my data")


@pytest.mark.parametrize(
    "said", ["delete my data", "supprimez mes données", "مسحو المعلومات ديالي", "ms7o lia kolchi"]
)
async def test_erasing_in_words_is_the_choice_that_stands_there(app: App, said: str) -> None:
    citizen = await answered(app)
    await citizen.says("[Not now]")
    await citizen.says("my data")
    assert "Erase everything about you?" in await citizen.says(said)
    assert "Erase everything about you?" in await citizen.says(said), "words alone erase nothing"


@pytest.mark.parametrize(
    ("said", "band"),
    [
        ("trente ans", "25-34"),
        ("30", "25-34"),
        ("عندي 45 عام", "35-49"),
        ("tlatin 3am", "25-34"),
        ("sixty seven", "65+"),
        ("ثمانية عشر سنة", "18-24"),
        ("1", "15-17"),
        (str(OLDEST), "65+"),
    ],
)
async def test_an_age_may_be_told_in_figures_or_words(app: App, said: str, band: str) -> None:
    citizen = await answered(app)
    await citizen.verify([("[Yes]", "How old are you?"), (said, "Are you a woman or a man?")])
    await citizen.verify([("skip", ""), ("skip", ""), ("skip", "")])
    assert band in await citizen.says("my data")


@pytest.mark.parametrize("said", ["14 ans", f"{OLDEST + 1} ans", "je ne sais pas encore", "neuf"])
async def test_what_is_no_age_of_the_list_is_asked_again(app: App, said: str) -> None:
    citizen = await answered(app)
    await citizen.verify([("[Yes]", "How old are you?"), (said, "How old are you?")])
