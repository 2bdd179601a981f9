"""docs/data-protection.md names every table, folder and period that there is, and none that there is not."""

import importlib
import sqlite3
from collections import Counter
from pathlib import Path

from bot.app.build import kind_folders
from bot.outbox.media_files import DOWNLOADS, PUBLISHED
from tests.docs.page import ROOT, page, spans_in
from tests.docs.rules import names_of_tests

REGISTER = ("About citizens", "About staff", "About nobody in particular")

#: Milliseconds of the units in which a period is written.
UNITS = {"days": 86_400_000, "hours": 3_600_000, "minutes": 60_000}


def schema() -> sqlite3.Connection:
    """An empty database with every table."""
    folders = [ROOT / "storage", *(Path(folder) for folder in kind_folders())]
    files = [file for folder in folders for file in (folder / "migrations").glob("*.sql")]
    database = sqlite3.connect(":memory:")
    for file in sorted(files, key=lambda one: one.name):
        database.executescript(file.read_text())
    return database


def tables(database: sqlite3.Connection) -> set[str]:
    return {n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def register() -> list[tuple[str, ...]]:
    found = [t for t in page("docs/data-protection.md").tables if t.under in REGISTER]
    assert [table.under for table in found] == list(REGISTER)
    return [row for table in found for row in table.rows]


def test_every_table_stands_in_the_register_once() -> None:
    """With why it is kept, when it goes, and what becomes of it at an erasure."""
    named = Counter(name for row in register() for name in spans_in(row[1]))
    assert set(named) == tables(schema())
    assert [name for name, count in named.items() if count > 1] == []
    assert all(cell.strip() for row in register() for cell in row)


def test_what_is_about_a_person_stands_under_people() -> None:
    """A table that says whose its rows are is not among those about nobody, but for messages to many."""
    database = schema()
    (nobody,) = [
        t for t in page("docs/data-protection.md").tables if t.under == "About nobody in particular"
    ]
    for name in (name for row in nobody.rows for name in spans_in(row[1])):
        columns = {row[1] for row in database.execute(f"PRAGMA table_info({name})")}
        if name != "broadcasts":
            assert not {"person_id", "address", "sealed"} & columns, name


def test_every_folder_of_files_stands_there() -> None:
    (files,) = [t for t in page("docs/data-protection.md").tables if t.under == "Files"]
    assert [spans_in(row[0]) for row in files.rows] == [[], [PUBLISHED], [DOWNLOADS]]


def test_periods_are_those_of_the_program() -> None:
    (periods,) = [t for t in page("docs/data-protection.md").tables if t.under == "Periods"]
    for _, said, where in periods.rows:
        number, unit = said.split()
        path, name = spans_in(where)
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        assert getattr(module, name) == int(number) * UNITS[unit], (path, name)


def test_rights_are_held_by_tests_that_are_there() -> None:
    (rights,) = [
        t for t in page("docs/data-protection.md").tables if t.under == "What a person can do"
    ]
    assert {name for row in rights.rows for name in spans_in(row[2])} <= names_of_tests()


def test_what_the_law_asks_for_is_known_or_marked() -> None:
    """Nothing is said of the law that nobody has read."""
    (steps,) = [
        t for t in page("docs/data-protection.md").tables if t.under.startswith("Law 09-08")
    ]
    for step, known, _ in steps.rows:
        assert "to be verified" in known or "(A/B)" in known, step
