"""Who cannot read or tap answers a choice by a voice note: taken, shown again, corrected, and never lost."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.app.build import App
from bot.consultations import definitions
from bot.consultations.previewing import questions_of
from storage.rows.consultations import ConsultationByCode
from storage.rows.responses import NotesHeard
from tests.bot.conversation.test_joining import joined
from tests.checks import AllResponses
from tests.citizen import Citizen

POLL = """
kind = "poll"
code = "OZT-SPOKEN"
council = "example"
title = { en = "The market", fr = "Le marché", ar = "السوق" }

[[questions]]
key = "move"
type = "yes_no"
spoken = true
optional = true
text = { en = "Should the market move?", fr = "Faut-il déplacer le marché ?", ar = "هل ننقل السوق؟" }

[[questions]]
key = "day"
type = "single"
spoken = true
text = { en = "Which day?", fr = "Quel jour ?", ar = "أي يوم؟" }
choices = [
  { id = "mon", text = { en = "Monday", fr = "Lundi", ar = "الاثنين" } },
  { id = "sun", text = { en = "Sunday", fr = "Dimanche", ar = "الأحد" } },
]

[[questions]]
key = "needs"
type = "multiple"
spoken = true
text = { en = "What is missing?", fr = "Que manque-t-il ?", ar = "ماذا ينقص؟" }
choices = [
  { id = "water", text = { en = "Water", fr = "Eau", ar = "الماء" } },
  { id = "shade", text = { en = "Shade", fr = "Ombre", ar = "الظل" } },
  { id = "toilet", text = { en = "Toilets", fr = "Toilettes", ar = "مراحيض" } },
]

[[questions]]
key = "clean"
type = "rating"
spoken = true
text = { en = "How clean is it?", fr = "Est-il propre ?", ar = "ما نظافته؟" }
"""

SAID = "You can also answer with a voice note: staff of the council will listen to it."


async def opened(app: App, folder: Path, text: str = POLL) -> None:
    """The poll, open."""
    path = folder / "spoken.toml"
    path.write_text(text, "utf-8")
    by_code = {council.code: council for council in app.register.all().values()}
    raw, head = definitions.read_definition(path, by_code)
    async with app.storage.transaction() as tx:
        await definitions.add(tx, app.register, raw, head)
        row = await app.register.by_code(tx, head.code)
        assert row is not None
        await definitions.open_consultation(tx, row)


async def speaks(citizen: Citizen, text: str = "") -> str:
    """Send a voice note."""
    media = (citizen.app.web.upload(b"OggS" + bytes(60), "voice"),)
    return await citizen.does(text=text, media=media)


async def stored(app: App) -> list[dict[str, Any]]:
    """The answers, with the media by their kind."""
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-SPOKEN")
        assert row is not None
        rows = await tx.rows(AllResponses, consultation_id=row.id)
    found = [msgspec.json.decode(r.body)["answers"] for r in rows if r.state != "withdrawn"]
    for answers in found:
        for value in answers.values():
            if isinstance(value, dict):
                value["media"] = [item["kind"] for item in value["media"]]
    return found


async def waiting(app: App) -> list[tuple[str, str]]:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-SPOKEN")
        assert row is not None
        return [
            (entry.field, entry.outcome)
            for entry in await tx.rows(NotesHeard, consultation_id=row.id)
        ]


async def test_every_type_of_choice_is_answered_by_voice_and_read_back(
    app: App, tmp_path: Path
) -> None:
    """One sentence says so, and who listens; nobody is told that it counts already."""
    await opened(app, tmp_path)
    citizen = Citizen(app)
    first = await citizen.arrives(code="OZT-SPOKEN")
    assert f"{SAID}\nShould the market move?" in first
    assert "voice" in citizen.heard[-1].wants
    for asked in ("Which day?", "What is missing?", "How clean is it?"):
        said = await speaks(citizen)
        assert f"{SAID}\n{asked}" in said
    review = await speaks(citizen)
    assert review.count("🎤 voice note, 0 s") == 4
    done = await citizen.says("[Send]")
    assert "your answer has arrived" in done
    assert "Staff will listen to your voice note, then it counts" in done
    assert await stored(app) == [
        {key: {"text": "", "media": ["voice"]} for key in ("move", "day", "needs", "clean")}
    ]
    assert sorted(await waiting(app)) == [
        (key, "waiting") for key in ("clean", "day", "move", "needs")
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("العربية", "يمكن أيضا الجواب بتسجيل صوتي، وسيستمع إليه موظفو المجلس."),
        ("الدارجة", "تقدر تجاوب حتى بفوكال، والموظفين ديال المجلس غادي يسمعوه."),
        ("Français", "répondre par une note vocale : le personnel du conseil l’écoutera."),
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "ⵉⵖⵓⴷⴰ ⴰⵡⴷ ⵉⵎⵙⵍⵉ: ⵔⴰⴷ ⴰⵙ ⵙⴼⵍⴷⵏ ⵉⵎⵙⵡⵓⵔⵉⵜⵏ ⵏ ⵓⵙⵇⵇⴰⵎⵓ."),
    ],
)
async def test_it_is_said_in_every_language(
    app: App, tmp_path: Path, language: str, said: str
) -> None:
    await opened(app, tmp_path)
    citizen = Citizen(app)
    assert said in await citizen.arrives(language, code="OZT-SPOKEN")


async def test_who_taps_is_thanked_as_ever_and_nothing_waits(app: App, tmp_path: Path) -> None:
    await opened(app, tmp_path)
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-SPOKEN")
    for said in ("[Skip]", "[Sunday]", "1, 3", "4"):
        await citizen.says(said)
    assert "your answer has been counted" in await citizen.says("[Send]")
    assert await stored(app) == [
        {"move": None, "day": "sun", "needs": ["water", "toilet"], "clean": "4"}
    ]
    assert await waiting(app) == []


async def test_back_and_correct_turn_a_voice_note_into_a_tap_and_the_other_way_round(
    app: App, tmp_path: Path
) -> None:
    """What is ticked is left for a voice note; what is written with it stays."""
    await opened(app, tmp_path)
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-SPOKEN")
    assert "Which day?" in await speaks(citizen)
    assert "Should the market move?" in await citizen.says("back")
    assert "Which day?" in await citizen.says("[No]")
    assert "What is missing?" in await citizen.says("[Monday]")
    await citizen.says("[Shade]")
    assert "How clean is it?" in await speaks(citizen, "water above all")
    assert "before" in await speaks(citizen)
    await citizen.says("[Correct]")
    assert "Which day?" in await citizen.says("[Which day?]")
    review = await speaks(citizen)
    assert "Should the market move? No" in review
    assert "water above all\n🎤 voice note" in review
    await citizen.says("[Correct]")
    assert "How clean is it?" in await citizen.says("[How clean is it?]")
    await citizen.says("5")
    await citizen.says("[Send]")
    voice = {"text": "", "media": ["voice"]}
    assert await stored(app) == [
        {
            "move": False,
            "day": voice,
            "needs": {"text": "water above all", "media": ["voice"]},
            "clean": "5",
        }
    ]
    assert sorted(await waiting(app)) == [("day", "waiting"), ("needs", "waiting")]


async def test_a_photo_or_a_word_that_is_none_is_asked_again(app: App, tmp_path: Path) -> None:
    """And a voice note is still no answer where it is not offered."""
    await opened(app, tmp_path, POLL.replace('type = "single"\nspoken = true', 'type = "single"'))
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-SPOKEN")
    again = await citizen.says("purple")
    assert "Should the market move?" in again
    assert "Which day?" in await speaks(citizen)
    assert "voice" not in citizen.heard[-1].wants
    assert SAID not in citizen.heard[-1].text
    assert "What is missing?" not in await speaks(citizen)
    assert "Which day?" in await citizen.says("[Back to the question]")
    assert "What is missing?" in await citizen.says("[Monday]")


async def test_who_does_not_understand_is_told_that_a_voice_note_will_do(
    app: App, tmp_path: Path
) -> None:
    await opened(app, tmp_path)
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-SPOKEN")
    assert "A voice note 🎤 will do as well." in await citizen.says("I do not understand")


async def test_an_answer_that_is_changed_waits_again_and_one_that_is_tapped_waits_no_more(
    app: App, tmp_path: Path
) -> None:
    """What was said before is shown as a voice note."""
    await opened(app, tmp_path)
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-SPOKEN")
    for _ in range(4):
        await speaks(citizen)
    await citizen.says("[Send]")
    before = await citizen.starts("OZT-SPOKEN")
    assert before.count("🎤 voice note, 0 s") == 4
    await citizen.says("[Change]")
    await speaks(citizen)
    for said in ("[Sunday]", "1", "4"):
        await citizen.says(said)
    assert "then it counts" in await citizen.says("[Send]")
    assert await waiting(app) == [("move", "waiting")]
    assert len(await stored(app)) == 1


async def test_a_poll_begun_by_voice_goes_on_in_another_chat_of_the_same_person(
    app: App, tmp_path: Path
) -> None:
    """What was said, and what is ticked so far."""
    await opened(app, tmp_path)
    citizen, other = Citizen(app), Citizen(app, channel="terminal")
    for one in (citizen, other):
        await one.arrives()
    await joined(citizen, other)
    await citizen.starts("OZT-SPOKEN")
    await speaks(citizen)
    await speaks(citizen)
    await citizen.says("[Water]")
    other.at = citizen.at
    assert "What is missing?" in await other.starts("OZT-SPOKEN")
    assert "☑️ Water" in [f"{b.emoji} {b.label}" for b in other.heard[-1].buttons]
    assert "How clean is it?" in await other.says("[Done]")
    review = await other.says("4")
    assert review.count("🎤 voice note") == 2
    await other.says("[Send]")
    voice = {"text": "", "media": ["voice"]}
    assert await stored(app) == [{"move": voice, "day": voice, "needs": ["water"], "clean": "4"}]


async def test_the_preview_shows_each_question_once_and_how_it_is_answered(
    app: App, tmp_path: Path
) -> None:
    await opened(app, tmp_path)
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-SPOKEN")
    assert row is not None
    council = app.register.council(row.council_id)
    keys = [asked.key for asked in questions_of(council, row)]
    assert sorted(keys) == ["q.clean", "q.day", "q.move", "q.needs", "send"]
