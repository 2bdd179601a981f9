"""What staff hear in a voice note in the place of a choice: entered, counted like a tap, corrected, taken back."""

import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from bot.app.build import App
from bot.core.councils import head_of
from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed
from bot.results import requests, summaries
from bot.staff import open_answers
from bot.staff.open_answers import entering
from flows.kinds import kinds
from flows.statistics.summary import Response, Table
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from storage.rows.downloads import Download
from storage.rows.responses import NotesHeard
from tests.bot.conversation.test_spoken import opened, speaks
from tests.bot.results.test_releases import close
from tests.citizen import Citizen

KEYS = ("move", "day", "needs", "clean")


async def votes(app: App, name: str) -> Citizen:
    """Somebody who says it all."""
    citizen = Citizen(app, name)
    await citizen.arrives(code="OZT-SPOKEN")
    for _ in KEYS:
        await speaks(citizen)
    await citizen.says("[Send]")
    return citizen


@pytest.fixture
async def five(app: App, tmp_path: Path) -> App:
    """A poll that five have answered by voice, and nobody by a tap."""
    await opened(app, tmp_path)
    for number in range(5):
        await votes(app, f"citizen {number}")
    return app


async def poll(tx: Transaction) -> StoredConsultation:
    row = await tx.row(ConsultationByCode, code="OZT-SPOKEN")
    assert row is not None
    return row


async def question(app: App, key: str) -> open_answers.OpenQuestion:
    async with app.storage.reading() as tx:
        questions = await open_answers.questions_of(tx, app.vault, await poll(tx))
    return next(q for q in questions if q.field == key)


async def notes(app: App, key: str) -> list[open_answers.VoiceNote]:
    """The voice notes of a question, those that wait first."""
    return [note for answer in (await question(app, key)).answers for note in answer.voices]


async def choose(app: App, seen: open_answers.VoiceNote, *ids: str) -> None:
    async with app.storage.transaction() as tx:
        row = await poll(tx)
        questions = await open_answers.questions_of(tx, app.vault, row)
        await entering.choose(tx, row, questions, seen.token, seen.entry.version, ids, "rim")


async def does(app: App, what: Any, seen: open_answers.VoiceNote, *more: str) -> None:
    """Enter something else about a voice note."""
    async with app.storage.transaction() as tx:
        row = await poll(tx)
        questions = await open_answers.questions_of(tx, app.vault, row)
        await what(tx, row, questions, seen.token, seen.entry.version, *more, "rim")


async def standing(app: App) -> list[Response]:
    async with app.storage.reading() as tx:
        found = await summaries.responses_of(app.register, tx, await poll(tx))
    return list(found.standing)


async def table(app: App, key: str) -> Table:
    async with app.storage.reading() as tx:
        summary, _ = await summaries.summary_of(app.register, tx, await poll(tx))
    return next(one for one in summary.tables if one.id == f"q.{key}")


def counted(of: Table) -> dict[str, Any]:
    return {str(row[0]): row[2] for row in of.rows}


@pytest.mark.parametrize(
    ("key", "ids", "kept"),
    [
        ("move", ("no",), False), ("day", ("sun",), "sun"), ("clean", ("4",), "4"),
        ("needs", ("toilet", "water"), ["water", "toilet"]),
    ],
)  # fmt: skip
async def test_what_is_entered_is_counted_like_a_tap_everywhere(
    five: App, key: str, ids: Collection[str], kept: Any
) -> None:
    """In the table, in files, in the weighted view; before that nothing is."""
    assert set(counted(await table(five, key)).values()) == {0}
    for note in await notes(five, key):
        await choose(five, note, *ids)
    assert {id: n for id, n in counted(await table(five, key)).items() if n} == dict.fromkeys(
        ids, 5
    )
    responses = await standing(five)
    assert [r.body["answers"][key]["heard"] for r in responses] == [kept] * 5
    async with five.storage.reading() as tx:
        head = kinds()["poll"].definition
        row = await poll(tx)
    definition = head_of(row)
    assert isinstance(definition, head)
    (weighed,) = [w for w in kinds()["poll"].weighed(definition) if w.table == f"q.{key}"]
    assert [set(weighed.ticks(r)) for r in responses] == [set(ids)] * 5
    asked = {q.id: q for q in kinds()["poll"].asked(definition, five.register.default)}
    given = [g for r in responses for g in kinds()["poll"].given(asked, definition, r)]
    assert {g.question for g in given} == {key}
    assert len(given) == 5


@pytest.mark.parametrize(
    ("key", "ids"),
    [("move", ()), ("move", ("yes", "no")), ("day", ("fri",)), ("needs", ()), ("clean", ("6",))],
)
async def test_what_is_no_answer_to_the_question_is_not_entered(
    five: App, key: str, ids: Collection[str]
) -> None:
    """Nor words in the place of a choice, or a choice in that of words."""
    note = (await notes(five, key))[0]
    with pytest.raises(NotAllowed, match="Choose what the voice note answers"):
        await choose(five, note, *ids)
    with pytest.raises(NotAllowed, match="Choose what the voice note answers"):
        await does(five, entering.write_down, note, "the second")
    assert not any(n.is_entered for n in await notes(five, key))


async def test_one_that_nobody_understands_waits_no_more_and_counts_for_nothing(five: App) -> None:
    """It can be corrected to an answer, and taken back."""
    first = (await notes(five, "move"))[0]
    assert (await question(five, "move")).waiting == 5
    await does(five, entering.not_understood, first)
    assert (await question(five, "move")).waiting == 4
    assert set(counted(await table(five, "move")).values()) == {0}
    seen = next(n for n in await notes(five, "move") if n.token == first.token)
    await choose(five, seen, "yes")
    assert (await question(five, "move")).waiting == 4
    seen = next(n for n in await notes(five, "move") if n.token == first.token)
    await does(five, entering.take_back, seen)
    assert (await question(five, "move")).waiting == 5
    async with five.storage.reading() as tx:
        rows = await tx.rows(NotesHeard, consultation_id=(await poll(tx)).id)
    (row,) = [r for r in rows if r.version]
    assert (row.outcome, row.answer, row.version) == ("waiting", "", 3)


async def test_a_choice_is_not_overwritten_unseen_either(five: App) -> None:
    seen = (await notes(five, "day"))[0]
    await choose(five, seen, "sun")
    for late in (
        choose(five, seen, "mon"),
        does(five, entering.not_understood, seen),
        does(five, entering.take_back, seen),
    ):
        with pytest.raises(NotAllowed, match="A colleague has entered something else"):
            await late


async def test_what_was_heard_stays_counted_when_its_author_is_erased_and_what_was_not_goes(
    five: App,
) -> None:
    """Totals stay right; the voice note and all about it is gone."""
    for note in await notes(five, "day"):
        await choose(five, note, "sun")
    await does(five, entering.not_understood, (await notes(five, "clean"))[0])
    citizen = Citizen(five, "citizen 0")
    for said in ("menu", "my data", "[Erase]", "[Erase]"):
        await citizen.says(said)
    assert counted(await table(five, "day")) == {"mon": 0, "sun": 5}
    (erased,) = [r for r in await standing(five) if r.reference.startswith("ERASED")]
    gone = {"text": "", "media": []}
    assert erased.body["answers"] == {"move": gone, "day": "sun", "needs": gone, "clean": gone}
    async with five.storage.reading() as tx:
        rows = await tx.rows(NotesHeard, consultation_id=(await poll(tx)).id)
    assert len(rows) == 4 * len(KEYS)
    assert len(await notes(five, "day")) == 4


async def test_a_spoken_choice_cannot_be_hidden(five: App) -> None:
    """Nothing of it is shown anywhere."""
    async with five.storage.transaction() as tx:
        questions = await open_answers.questions_of(tx, five.vault, await poll(tx))
        token = questions[0].answers[0].token
        with pytest.raises(NotAllowed, match="no such answer"):
            await open_answers.hide(tx, questions, token, "other", "rim")


async def test_single_answers_have_what_was_heard_and_do_not_tell_which_were_spoken(
    five: App,
) -> None:
    """Who has heard a voice would know everything else that its author answered."""
    for number in range(5):
        citizen = Citizen(five, f"tapping {number}")
        await citizen.arrives(code="OZT-SPOKEN")
        for said in ("[Yes]", "[Sunday]", "1, 3", "4", "[Send]"):
            await citizen.says(said)
    for note in await notes(five, "day"):
        await choose(five, note, "mon")
    await close(five, "OZT-SPOKEN")
    async with five.storage.transaction() as tx:
        id = five.register.default_id
        await tx.run("add_staff", id=1, council_id=id, name="Rim", role="data", at=now_ms())
        wanted = {"values": "codes", "several": "one"}
        asked = await requests.ask(
            tx, id, 1, "rows", "OZT-SPOKEN", "csv", "en", filters=wanted, identities=False
        )
    assert await five.maker.make_next()
    async with five.storage.reading() as tx:
        made = await tx.row(Download, id=asked)
    assert made is not None
    assert made.state == "done", made.error
    with zipfile.ZipFile(five.media.downloads / str(made.file)) as archive:
        rows = archive.read("OZT-SPOKEN.csv").decode("utf-8-sig").splitlines()
        book = archive.read("OZT-SPOKEN-codebook.csv").decode("utf-8-sig")
    columns = rows[0].replace(";", ",").split(",")
    assert {"move", "day", "clean"} <= set(columns)
    days = [row.replace(";", ",").split(",")[columns.index("day")] for row in rows[1:]]
    assert sorted(days) == ["mon"] * 5 + ["sun"] * 5
    moves = [row.replace(";", ",").split(",")[columns.index("move")] for row in rows[1:]]
    assert sorted(moves) == [""] * 5 + ["yes"] * 5
    assert not {"heard", "spoken", "voice", "media"} & set(columns)
    assert "Some answered by a voice note" in book
