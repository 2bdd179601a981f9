"""SPSS: the syntax reads the CSV beside it, and every number in it has a label."""

import re
from dataclasses import dataclass

import pytest

from bot.reports.rows.syntax import numbered_csv, syntax
from bot.reports.rows.table import RowData
from tests.bot.reports.rows.population import data_of, people, poll, read_csv

#: SPSS's own limits.
NAME_BYTES, LABEL_BYTES, VALUE_BYTES = 64, 255, 120
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
TEXT = re.compile(r"'((?:[^']|'')*)'")


@dataclass
class Read:
    """What SPSS would know after running a syntax."""

    file: str
    formats: dict[str, str]
    labels: dict[str, str]
    values: dict[str, dict[str, str]]
    missing: dict[str, list[str]]


def parsed(content: bytes) -> Read:
    """A syntax, command by command; anything that is not understood fails."""
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    commands, part = [], []
    for line in lines:
        if line.startswith("*") or not line.strip():
            continue
        part.append(line)
        if line.endswith("."):
            commands.append(part)
            part = []
    assert part == []
    read = Read("", {}, {}, {}, {})
    for command in commands:
        match command[0].split():
            case ["GET", "DATA"]:
                at = command.index("  /VARIABLES=")
                options = {line.strip().split("=")[0]: line for line in command[1:at]}
                assert "'UTF8'" in options["/ENCODING"]
                assert options["/FIRSTCASE"].endswith("=2")
                read.file = unquoted(options["/FILE"].split("=", 1)[1])
                read.formats = dict(line.split() for line in command[at + 1 : -1])
            case ["VARIABLE", "LABELS"]:
                read.labels = dict(labelled(line) for line in command[1:-1])
            case ["VALUE", "LABELS", name]:
                read.values[name] = dict(labelled(line) for line in command[1:-1])
            case ["MISSING", "VALUES", name, *codes]:
                read.missing[name] = re.findall(r"\d+", " ".join(codes))
            case ["VARIABLE", "LEVEL", *_] | ["EXECUTE."] | ["CD", _]:
                pass
            case other:
                raise AssertionError(f"SPSS knows no {other}")
    return read


def labelled(line: str) -> tuple[str, str]:
    name, _, text = line.strip().partition(" ")
    return name, unquoted(text)


def unquoted(text: str) -> str:
    found = TEXT.fullmatch(text)
    assert found is not None, text
    return found[1].replace("''", "'")


def read(data: RowData, language: str = "fr") -> Read:
    return parsed(syntax(data, language, "OZT-P1.csv"))


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_variable_is_in_the_file_and_every_number_has_a_label(language: str) -> None:
    """In the order of the columns; a cell that is empty is missing by itself."""
    data = data_of(people(300))
    rows, found = read_csv(numbered_csv(data)), read(data, language)
    assert found.file == "OZT-P1.csv"
    assert list(found.formats) == list(rows[0]) == list(found.labels)
    assert all(NAME.fullmatch(name) and len(name) <= NAME_BYTES for name in found.formats)
    assert len({name.lower() for name in found.formats}) == len(found.formats)
    for name, form in found.formats.items():
        cells = {row[name] for row in rows} - {""}
        match form[0]:
            case "F":
                assert all(re.fullmatch(r"-?\d+(\.\d+)?", cell) for cell in cells), name
            case "S":
                assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", cell) for cell in cells), name
            case _:
                assert all(len(cell.encode()) <= int(form[1:]) for cell in cells), name
        if name in found.values:
            assert cells <= found.values[name].keys(), name
    assert {"gender", "place", "agree", "project", "ticks_a", "stars"} <= found.values.keys()
    assert "order_a" not in found.values


def test_who_did_not_say_and_who_is_withheld_are_missing_values() -> None:
    """They have a number and a label, and are not counted."""
    data = data_of(people(200))
    found = read(data, "en")
    for name, codes in found.missing.items():
        said = {found.values[name][code] for code in codes}
        assert said <= {"Not said", "Withheld: too few are alike"}
    assert "gender" in found.missing


def test_apostrophes_long_texts_and_arabic_are_labels_that_spss_takes() -> None:
    """Cut at a letter, in bytes; the whole text is in the code book."""
    choices = [
        {"id": "a", "text": {"fr": "L’eau d'ici", "ar": "ماء" * 20}},
        {"id": "b", "text": {"fr": "é" * 60}},
    ]
    questions = [
        {
            "key": "q",
            "type": "single",
            "text": {"fr": "d'où ?\nici " + "é" * 290},
            "choices": choices,
        }
    ]
    data = data_of(people(20, q="a"), "each", poll(questions=questions))
    for language in ("fr", "ar"):
        found = read(data, language)
        assert all(len(label.encode()) <= LABEL_BYTES for label in found.labels.values())
        for values in found.values.values():
            assert all(len(label.encode()) <= VALUE_BYTES for label in values.values())
    assert read(data).values["q"]["1"] == "L’eau d'ici"
    assert read(data).labels["q"].startswith("d'où ? ici éé")


def test_words_are_one_line_and_as_wide_as_the_longest() -> None:
    """A line break would end the case for SPSS."""
    said = {"text": "ماء\nوكهرباء", "media": []}
    data = data_of(people(12, why=said))
    assert len(numbered_csv(data).decode().strip().split("\r\n")) == 13
    assert read(data).formats["why"] == f"A{len('ماء وكهرباء'.encode())}"
