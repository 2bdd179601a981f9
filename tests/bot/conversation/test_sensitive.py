"""Questions that the law protects: told and agreed to before, left out at a word, never in the way."""

from pathlib import Path

import msgspec

from bot.app.build import App
from bot.consultations import definitions
from bot.results.shown import releases
from storage.rows.consultations import ConsultationByCode
from tests.checks import AllConsents, AllResponses
from tests.citizen import Citizen

POLL = """
kind = "poll"
code = "OZT-HEALTH"
council = "example"
title = { en = "Health centre" }

[[questions]]
key = "near"
type = "yes_no"
text = { en = "Is the health centre near enough?" }

[[questions]]
key = "ill"
type = "single"
sensitive = true
text = { en = "Does somebody at home need regular care?" }
choices = [
  { id = "some", text = { en = "Somebody" } },
  { id = "nobody", text = { en = "Nobody" } },
]

[[questions]]
key = "care"
type = "yes_no"
text = { en = "Is that care to be had here?" }
when = { question = "ill", any_of = ["some"] }

[[questions]]
key = "belief"
type = "text"
sensitive = true
text = { en = "What matters to your faith?" }

[[questions]]
key = "open"
type = "yes_no"
text = { en = "Should it open on Saturdays?" }
"""
ASKED = "touch on what law 09-08 protects"


async def opened(app: App, folder: Path, text: str = POLL) -> Citizen:
    """The poll, open, and a citizen at its first question."""
    path = folder / "health.toml"
    path.write_text(text, "utf-8")
    by_code = {council.code: council for council in app.register.all().values()}
    raw, head = definitions.read_definition(path, by_code)
    async with app.storage.transaction() as tx:
        await definitions.add(tx, app.register, raw, head)
        row = await app.register.by_code(tx, head.code)
        assert row is not None
        await definitions.open_consultation(tx, row)
    citizen = Citizen(app)
    await citizen.arrives(code=head.code)
    return citizen


async def stored(app: App) -> list[dict[str, object]]:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-HEALTH")
        assert row is not None
        rows = await tx.rows(AllResponses, consultation_id=row.id)
    return [msgspec.json.decode(r.body)["answers"] for r in rows]


async def consents(app: App) -> list[tuple[int, str, str]]:
    async with app.storage.reading() as tx:
        rows = await tx.rows(AllConsents)
    return [(r.given, r.version, r.shown) for r in rows if r.purpose == "sensitive"]


async def test_it_is_asked_once_before_the_first_and_the_yes_is_recorded(
    app: App, tmp_path: Path
) -> None:
    citizen = await opened(app, tmp_path)
    await citizen.verify(
        [
            ("yes", ASKED),
            ("[Ask me these]", "Question 2 of 5"),
            ("somebody", "Question 3 of 5"),
            ("no", "What matters to your faith?"),
            ("[Skip]", "Question 5 of 5"),
            ("yes", "before they are sent"),
            ("send", "Reference"),
        ]
    )
    assert await stored(app) == [
        {"near": True, "ill": "some", "care": False, "belief": None, "open": True}
    ]
    assert await consents(app) == [(1, "2026-12.2", "poll.sensitive")]


async def test_who_leaves_them_out_is_asked_the_others_and_nothing_is_recorded(
    app: App, tmp_path: Path
) -> None:
    citizen = await opened(app, tmp_path)
    await citizen.verify(
        [
            ("yes", ASKED),
            ("[Leave them out]", "Question 5 of 5\nShould it open"),
            ("yes", "Protected questions: not said"),
            ("send", "Reference"),
        ]
    )
    assert await stored(app) == [{"near": True, "open": True}]
    assert await consents(app) == []


async def test_skip_and_no_mean_the_same_in_words(app: App, tmp_path: Path) -> None:
    citizen = await opened(app, tmp_path)
    await citizen.verify([("yes", ASKED), ("skip", "Should it open"), ("back", ASKED)])
    await citizen.verify([("non", "Should it open"), ("retour", ASKED), ("oui", "regular care")])


async def test_the_choice_can_be_corrected_at_the_review(app: App, tmp_path: Path) -> None:
    citizen = await opened(app, tmp_path)
    await citizen.verify(
        [
            ("yes", ASKED),
            ("skip", "Should it open"),
            ("yes", "before they are sent"),
            ("[Correct something]", ""),
            ("[Protected questions]", ASKED),
            ("yes", "regular care"),
        ]
    )


async def test_a_summary_with_questions_that_were_left_out_is_whole(
    app: App, tmp_path: Path
) -> None:
    citizen = await opened(app, tmp_path)
    await citizen.verify([("yes", ASKED), ("skip", "open"), ("yes", "sent"), ("send", "Ref")])
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-HEALTH")
        assert row is not None
    content = await releases.file_of(app.storage, app.register, row, "json", "en")
    for key in ("near", "ill", "care", "belief", "open"):
        assert f'"q.{key}"' in content.decode()


async def test_of_a_poll_with_nothing_else_nothing_is_filed(app: App, tmp_path: Path) -> None:
    only = POLL[: POLL.index("[[questions]]")] + POLL[POLL.index('[[questions]]\nkey = "belief"') :]
    citizen = await opened(app, tmp_path, only[: only.index('[[questions]]\nkey = "open"')])
    assert ASKED in citizen.heard[-1].text.replace("\u2066", "").replace("\u2069", "")
    await citizen.verify([("skip", "Nothing was sent")])
    assert await stored(app) == []
