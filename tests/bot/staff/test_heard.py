"""What staff write down of voice notes: beside the answer, corrected and taken back, gone with the voice note."""

from pathlib import Path

import msgspec
import pytest

from bot.app.build import App
from bot.conversation import erasure
from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed
from bot.results import summaries
from bot.staff import open_answers
from bot.staff.open_answers import entering, heard
from bot.staff.open_answers.heard import LONGEST
from flows.statistics.summary import Summary, Table
from flows.wording.text import Message
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from storage.rows.people import PersonOfAddress
from storage.rows.responses import NotesHeard
from tests.citizen import Citizen, running

VOICE = b"OggS" + bytes(60)


async def speaks(app: App, name: str, text: str = "", code: str = "OZT-LIGHT") -> Citizen:
    """Somebody answers the open question by a voice note, and words or not."""
    citizen = Citizen(app, name)
    await citizen.arrives(code=code)
    await citizen.says("[Good]")
    await citizen.says("4")
    await citizen.does(text=text, media=(app.web.upload(VOICE, "voice"),))
    await citizen.says("[Send]")
    return citizen


@pytest.fixture
async def spoken(app: App) -> App:
    """Five who spoke, the first with words too."""
    for number in range(5):
        await speaks(app, f"citizen {number}", "" if number else "lamps, please")
    return app


async def poll(tx: Transaction, code: str = "OZT-LIGHT") -> StoredConsultation:
    row = await tx.row(ConsultationByCode, code=code)
    assert row is not None
    return row


async def question(app: App) -> open_answers.OpenQuestion:
    async with app.storage.reading() as tx:
        (found,) = await open_answers.questions_of(tx, app.vault, await poll(tx))
    return found


async def note(app: App, own: str = "lamps, please") -> open_answers.VoiceNote:
    """The voice note of who wrote this."""
    found = (await question(app)).answers
    return next(a.voices[0] for a in found if a.own == own)


async def write(app: App, text: str, seen: open_answers.VoiceNote) -> None:
    async with app.storage.transaction() as tx:
        row = await poll(tx)
        questions = await open_answers.questions_of(tx, app.vault, row)
        await entering.write_down(tx, row, questions, seen.token, seen.entry.version, text, "rim")


async def undo(app: App, seen: open_answers.VoiceNote) -> None:
    async with app.storage.transaction() as tx:
        row = await poll(tx)
        questions = await open_answers.questions_of(tx, app.vault, row)
        await entering.take_back(tx, row, questions, seen.token, seen.entry.version, "rim")


async def summary(app: App) -> Summary:
    async with app.storage.reading() as tx:
        found, _ = await summaries.summary_of(app.register, tx, await poll(tx))
    return found


async def words(app: App) -> Table:
    return next(table for table in (await summary(app)).tables if table.words)


async def entries(app: App) -> list[NotesHeard]:
    async with app.storage.reading() as tx:
        return await tx.rows(NotesHeard, consultation_id=(await poll(tx)).id)


async def test_what_is_written_down_stands_behind_the_words_and_is_marked_as_the_staffs(
    spoken: App,
) -> None:
    """On the page, in the search, in what alike answers are found by, and in results and files."""
    assert [c.id for c in (await words(spoken)).columns] == ["answer", "media"]
    await write(spoken, "  a lamp at the well, call 06 61 22 33 44 ", await note(spoken))
    seen = await note(spoken)
    assert (seen.written, seen.entry.made_by) == ("a lamp at the well, call 06 61 22 33 44", "rim")
    assert "22 33" not in seen.masked
    asked = await question(spoken)
    (found,) = open_answers.searched(asked, "well", whole=False)
    assert (found.own, found.suspects) == ("lamps, please", ("phone",))
    assert open_answers.searched(asked, "lamps", whole=False) == [found]
    table = await words(spoken)
    assert [c.id for c in table.columns] == ["answer", "media", "written"]
    marked = [row for row in table.rows if row[2] is not None]
    assert [(row[0], row[1]) for row in marked] == [
        ("lamps, please\na lamp at the well, call •••", 1)
    ]
    assert isinstance(marked[0][2], Message)
    assert len(table.rows) == 5


async def test_a_second_window_overwrites_nothing_unseen(spoken: App) -> None:
    """Whoever saw an older word is told so; who saw the newest corrects it."""
    first = await note(spoken)
    await write(spoken, "a lamp", first)
    for late in (write(spoken, "a wall", first), undo(spoken, first)):
        with pytest.raises(NotAllowed, match="A colleague has entered something else"):
            await late
    second = await note(spoken)
    assert (second.written, second.entry.version) == ("a lamp", 1)
    await write(spoken, "two lamps", second)
    assert ((await note(spoken)).written, (await note(spoken)).entry.version) == ("two lamps", 2)


async def test_of_two_who_write_at_the_same_moment_one_is_told(spoken: App) -> None:
    """The database decides, where both had looked before either wrote."""
    async with spoken.storage.transaction() as tx:
        row = await poll(tx)
        seen = (await note(spoken)).entry
        answer = heard.written("a lamp")
        await heard.enter(tx, row.id, seen, "heard", answer, "rim")
        with pytest.raises(NotAllowed, match="A colleague has entered something else"):
            await heard.enter(tx, row.id, seen, "heard", answer, "said")
    assert [(e.version, e.made_by) for e in await entries(spoken)] == [(1, "rim")]


async def test_what_was_written_down_is_taken_back_once(spoken: App) -> None:
    """And an old window does not bring it back."""
    with pytest.raises(NotAllowed, match="Nothing is entered here"):
        await undo(spoken, await note(spoken))
    before = await note(spoken)
    await write(spoken, "a lamp", before)
    await undo(spoken, await note(spoken))
    assert (await note(spoken)).written == ""
    assert [c.id for c in (await words(spoken)).columns] == ["answer", "media"]
    assert [e.answer for e in await entries(spoken)] == [""]
    with pytest.raises(NotAllowed, match="Nothing is entered here"):
        await undo(spoken, await note(spoken))
    with pytest.raises(NotAllowed, match="A colleague has entered something else"):
        await write(spoken, "a wall", before)


@pytest.mark.parametrize(
    ("length", "taken"), [(0, False), (1, True), (LONGEST, True), (LONGEST + 1, False)]
)
async def test_a_voice_note_is_written_down_in_up_to_two_thousand_characters(
    spoken: App, length: int, taken: bool
) -> None:
    """Spaces are nothing that somebody said."""
    seen = await note(spoken)
    if taken:
        await write(spoken, "x" * length, seen)
    else:
        with pytest.raises(NotAllowed, match=r"Write 1 to 2.?000 characters"):
            await write(spoken, " " + "x" * length, seen)
    assert len((await note(spoken)).written) == (length if taken else 0)


async def test_what_was_heard_goes_with_the_answer_that_is_given_anew(spoken: App) -> None:
    """The new voice note waits to be heard."""
    await write(spoken, "a lamp at the well", await note(spoken))
    citizen = Citizen(spoken, "citizen 0")
    await citizen.starts("OZT-LIGHT")
    await citizen.says("[Change]")
    await citizen.says("[Good]")
    await citizen.says("4")
    await citizen.does(text="benches", media=(spoken.web.upload(VOICE, "voice"),))
    await citizen.says("[Send]")
    assert await entries(spoken) == []
    assert (await note(spoken, "benches")).written == ""


async def test_what_was_heard_is_in_the_copy_of_who_said_it_and_erased_with_them(
    tmp_path: Path,
) -> None:
    """No file of the database keeps it."""
    async with running(tmp_path) as app:
        for number in range(5):
            citizen = await speaks(app, f"citizen {number}", f"words {number}")
        await write(app, "a secret qzvx7391", await note(app, "words 4"))
        async with app.storage.transaction() as tx:
            who = await tx.row(PersonOfAddress, channel="web", address=citizen.kept)
            assert who is not None
            name = await erasure.export(tx, app.vault, (), who.person_id, now_ms())
            copy = msgspec.json.decode(await erasure.copy_named(tx, app.vault, name) or "")
        (told,) = copy["heard_by_staff"]
        assert (told["what"], told["answer"]) == ("heard", "a secret qzvx7391")
        # The file stands there under the name of the voice note among what was sent.
        assert told["file"] in msgspec.json.encode(copy["contributions"]).decode()
        for said in ("menu", "my data", "[Erase]", "[Erase]"):
            await citizen.says(said)
        assert await entries(app) == []
        assert "qzvx7391" not in str(await summary(app))
    assert not [file for file in tmp_path.glob("test.sqlite*") if b"qzvx7391" in file.read_bytes()]


async def test_hidden_words_hide_what_was_written_down_too(spoken: App) -> None:
    """In every result and file."""
    await write(spoken, "an insult", await note(spoken))
    async with spoken.storage.transaction() as tx:
        questions = await open_answers.questions_of(tx, spoken.vault, await poll(tx))
        (found,) = [a for a in questions[0].answers if a.own]
        await open_answers.hide(tx, questions, found.token, "insult", "rim")
    assert "an insult" not in str(await summary(spoken))
    assert not open_answers.searched(await question(spoken), "insult", whole=False)


async def test_a_note_of_nobody_is_not_written_down(spoken: App) -> None:
    """Nor one of a kind that has a desk: it is written down there."""
    async with spoken.storage.transaction() as tx:
        row = await poll(tx)
        questions = await open_answers.questions_of(tx, spoken.vault, row)
        with pytest.raises(NotAllowed, match="no such answer"):
            await entering.write_down(tx, row, questions, "nothing", 0, "a lamp", "rim")
        needs = await poll(tx, "OZT-NEEDS")
        token = (await note(spoken)).token
        with pytest.raises(NotAllowed, match="on the desk"):
            await entering.write_down(tx, needs, questions, token, 0, "a lamp", "rim")
