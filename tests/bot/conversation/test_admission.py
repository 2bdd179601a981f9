"""Numbers that a council gave out: each lets one person take part, and nothing says whose it was."""

import hashlib
import io
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
import xlsxwriter

from bot.app.build import App, conversation_parts
from bot.app.commands.console import checker_of
from bot.conversation.erasure import erase
from bot.conversation.joining import codes
from bot.staff import rolls
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from tests.checks import AllResponses, RollMarks
from tests.citizen import Citizen, running
from tests.shell import Shell

CODE = "OZT-LIGHT"


@pytest.fixture
async def app(tmp_path: Path, url: str) -> AsyncIterator[App]:
    """The example council, whose poll asks for a number of the roll."""
    async with running(tmp_path, url) as made:
        await rolled(made)
        yield made


async def rolled(
    app: App, roll: str = "VOTERS", numbers: tuple[str, ...] = ("AB-1001", "AB-1002")
) -> None:
    found = rolls.read_file("\n".join(numbers).encode(), digests=False)
    async with app.storage.transaction() as tx:
        council = app.register.default_id
        await rolls.fill(tx, app.vault, council, "VOTERS", "Voters", found.digests)
        row = await poll(app)
        raw = {**msgspec.json.decode(row.definition), "roll": roll}
        await tx.run(
            "change_consultation", id=row.id, definition=msgspec.json.encode(raw).decode(),
            opens_at=None, closes_at=None, opens_local=None, closes_local=None,
        )  # fmt: skip


async def poll(app: App) -> StoredConsultation:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=CODE)
    assert row is not None
    return row


async def arrives(app: App, name: str, channel: str = "web") -> Citizen:
    citizen = Citizen(app, name, channel)
    assert "write the number that the council gave you" in await citizen.arrives(code=CODE)
    return citizen


async def test_a_number_lets_one_person_take_part_once(app: App) -> None:
    amina, brahim = await arrives(app, "amina"), await arrives(app, "brahim")
    assert "How is the lighting" in await amina.says("ab 1001")
    assert "Somebody has taken part with this number already" in await brahim.says("AB-1001")
    assert "write the number" in await brahim.starts(CODE)
    assert "How is the lighting" in await brahim.says("ab١٠٠٢")
    await amina.verify(
        [("[Good]", "How is safety"), ("[Fair]", "proposal"), ("skip", ""), ("[Send]", "Reference")]
    )
    # Who was let in is not asked again.
    await amina.says("cancel")
    assert "write the number" not in await amina.starts(CODE)


async def test_a_wrong_number_is_asked_for_again_and_after_five_for_no_more(app: App) -> None:
    amina = await arrives(app, "amina")
    for _ in range(codes.MOST_TRIES):
        said = await amina.says("AB-9999")
        assert "not on the list" in said
        assert "write the number that the council gave you" in said
    assert "many wrong numbers" in await amina.says("AB-1001")
    amina.at += codes.TRIES_MS
    await amina.starts(CODE)
    assert "How is the lighting" in await amina.says("AB-1001")


async def test_what_can_be_no_number_is_asked_for_again_and_counts_for_no_try(app: App) -> None:
    amina = await arrives(app, "amina")
    for _ in range(codes.MOST_TRIES):
        assert "no such number" in await amina.says("?")
    assert "How is the lighting" in await amina.says("AB-1001")


async def test_nothing_counts_without_a_number(app: App) -> None:
    """Also where the conversation began before the roll was asked for."""
    async with app.storage.transaction() as tx:
        row = await poll(app)
        raw = {**msgspec.json.decode(row.definition), "roll": ""}
        await tx.run(
            "change_consultation", id=row.id, definition=msgspec.json.encode(raw).decode(),
            opens_at=None, closes_at=None, opens_local=None, closes_local=None,
        )  # fmt: skip
    amina = Citizen(app, "amina")
    await amina.arrives(code=CODE)
    await amina.verify([("[Good]", "How is safety"), ("[Fair]", "proposal"), ("skip", "")])
    await rolled(app)
    assert "a number of the council's is needed first" in await amina.says("[Send]")
    async with app.storage.reading() as tx:
        assert await tx.rows(AllResponses, consultation_id=(await poll(app)).id) == []


async def test_nothing_says_whose_number_it_was(app: App, url: str) -> None:
    """No number stands anywhere, the marks stand in an order that says nothing, and know no person or time."""
    numbers = tuple(f"CD-{n}" for n in range(2000, 2012))
    await rolled(app, numbers=numbers)
    people = [await arrives(app, f"person {n}") for n in range(4)]
    for person, number in zip(people, reversed(numbers), strict=False):
        await person.says(number)
    async with app.storage.reading() as tx:
        marks = await tx.rows(RollMarks, consultation_id=(await poll(app)).id)
    assert sum(mark.used for mark in marks) == 4
    if url.startswith("sqlite"):
        assert [mark.digest for mark in marks] == sorted(mark.digest for mark in marks)
        stored = Path(url.removeprefix("sqlite:///")).read_bytes()
        stored += Path(f"{url.removeprefix('sqlite:///')}-wal").read_bytes()
        assert not any(number.encode() in stored for number in numbers[-4:])
        assert not any(
            hashlib.sha256(one.encode()).hexdigest().encode() in stored for one in numbers
        )


async def test_a_number_stays_used_when_its_person_is_forgotten(app: App) -> None:
    amina = await arrives(app, "amina")
    await amina.says("AB-1001")
    await amina.verify(
        [("[Good]", "How is safety"), ("[Fair]", "proposal"), ("skip", ""), ("[Send]", "Reference")]
    )
    async with app.storage.transaction() as tx:
        (row,) = await tx.rows(AllResponses, consultation_id=(await poll(app)).id)
        assert row.person_id is not None
        await erase(tx, app.vault, conversation_parts().own_data, row.person_id)
    brahim = await arrives(app, "brahim")
    assert "already" in await brahim.says("AB-1001")


async def test_a_roll_that_is_missing_or_empty_keeps_a_consultation_from_being_sent(
    app: App,
) -> None:
    checker = checker_of(app)
    for roll, said in (("OTHER", "check.no_roll"), ("VOTERS", "check.roll")):
        await rolled(app, roll)
        async with app.storage.reading() as tx:
            found, _ = await checker.of_consultation(tx, await poll(app))
        assert said in {finding.text.id for finding in found}


def test_a_roll_comes_from_a_file_of_numbers_or_of_their_digests(shell: Shell) -> None:
    folder = shell.folder
    (folder / "n.csv").write_text("Numéro;Nom\nAB 1001;x\nAB-1001;y\n12;z\nAB1003;w\n", "utf-8")
    done = shell.run("roll", "import", "voters", "n.csv", "--name", "Voters", "--yes")
    assert "Good: 2 numbers. Bad: 1 line. Repeated: 1." in done.stdout
    assert "line 4: no number" in done.stdout
    assert "1001" not in done.stdout
    sha = hashlib.sha256(b"AB1004").hexdigest()
    (folder / "d.csv").write_text(f"{sha}\nAB1005\n", "utf-8")
    done = shell.run("roll", "import", "VOTERS", "d.csv", "--digests", "--yes")
    assert "Good: 1 number. Bad: 1 line. Repeated: 0." in done.stdout
    shown = shell.run("roll", "show").stdout
    assert "VOTERS" in shown
    assert "       3  " in shown
    assert shell.run("roll", "drop", "VOTERS", "--yes").returncode == 0
    assert shell.run("roll", "drop", "VOTERS", "--yes").returncode == 1
    assert shell.run("roll", "import", "no code", "n.csv", "--yes").returncode == 1


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("abc", ""),
        ("ab-1", ""),
        ("ab-12", "AB12"),
        ("x" * 40, "X" * 40),
        ("x" * 41, ""),
        ("٠١٢٣ / 4", "01234"),
    ],
)
def test_a_number_has_from_four_to_forty_letters_and_digits(number: str, kept: str) -> None:
    assert rolls.plain(number) == kept


@pytest.mark.parametrize("letters", ["utf-8", "utf-16", "cp1256"])
def test_a_roll_is_read_from_the_file_of_any_program(letters: str) -> None:
    """Under the heading for its numbers; every line is good, bad or a repetition."""
    rows = "لائحة الناخبين;\nالاسم;رقم الناخب\nأمينة;AB-1001\nسعيد;\nعلي;12\nعمر;AB 1001\nليلى;AB1002\n"
    read = rolls.read_file(rows.encode(letters), digests=False)
    assert (read.heading, len(read.digests)) == ("رقم الناخب", 2)
    assert (read.bad, read.again) == ((4, 5), (6,))


def test_a_number_above_the_heading_is_named_and_a_title_is_not() -> None:
    """A sheet that was sorted with its heading."""
    rows = "Liste 1\nArrêté 12 du 3 mai\n000223\n000224\nCode\n000225\n"
    read = rolls.read_file(rows.encode(), digests=False)
    assert (len(read.digests), read.bad) == (1, (3, 4))


def test_neither_true_nor_a_day_is_a_number_and_other_sheets_are_named() -> None:
    book = xlsxwriter.Workbook(out := io.BytesIO())
    sheet = book.add_worksheet("A")
    for row, cell in enumerate(("Code", 1001, True, 1002)):
        sheet.write(row, 0, cell)
    sheet.write_datetime(4, 0, date(2026, 3, 1), book.add_format({"num_format": "d/m/yyyy"}))
    book.add_worksheet("B").write_column(0, 0, [2001, 2002])
    book.close()
    read = rolls.read_file(out.getvalue(), digests=False)
    assert (len(read.digests), read.bad, read.unread) == (2, (3, 5), (("B", 2),))


def test_a_heading_is_passed_over_and_a_number_at_the_top_is_not() -> None:
    assert rolls.read_file(b"Number\n1234\n", digests=False).bad == ()
    assert len(rolls.read_file(b"1234\n1235\n", digests=False).digests) == 2
