"""Summaries and the ledger, written from a terminal."""

import hashlib
import json

import pytest

from tests.bot.app.commands.test_consultations import vote
from tests.shell import Shell

#: What a file of each format begins with.
BEGINS = {"pdf": b"%PDF", "xlsx": b"PK", "png": b"\x89PNG", "json": b"{", "csv": b""}


@pytest.mark.parametrize("format", BEGINS)
def test_a_summary_is_of_the_format_that_is_asked_for(shell: Shell, format: str) -> None:
    """A workbook, if none is; the sum that is printed is the file's."""
    words = ("summary", "OZT-LIGHT", "-o", "out")
    said = shell.says((*words, "--format", format), "Reading the responses to OZT-LIGHT")
    content = (shell.folder / "out").read_bytes()
    assert content.startswith(BEGINS[format])
    assert f"Wrote out ({len(content)} bytes)" in said
    assert f"{hashlib.sha256(content).hexdigest()}  out\n" in said
    shell.says(words)
    assert (shell.folder / "out").read_bytes().startswith(b"PK")
    assert shell.run(*words, "--format", "doc").returncode == 2
    assert shell.run(*words[:2]).returncode == 2


def test_a_summary_is_in_the_language_that_is_asked_for(shell: Shell) -> None:
    """In French, if none is; citizens' own languages are not among them."""
    shell.inside(vote)
    said = {}
    for language in ("ar", "fr", "en"):
        words = ("summary", "OZT-LIGHT", "--format", "json", "-o", "out.json")
        shell.says((*words, "--language", language))
        said[language] = json.loads((shell.folder / "out.json").read_text("utf-8"))
        shell.says((*words[:2], "--format", "csv", "-o", "out.csv", "--language", language))
        said[f"{language} csv"] = (shell.folder / "out.csv").read_text("utf-8-sig")
    assert "lighting" in said["en csv"]
    assert "éclairage" in said["fr csv"]
    assert "الإنارة" in said["ar csv"]
    shell.says(("summary", "OZT-LIGHT", "--format", "csv", "-o", "out.csv"))
    assert "éclairage" in (shell.folder / "out.csv").read_text("utf-8-sig")
    assert shell.run("summary", "OZT-LIGHT", "-o", "x", "--language", "zgh").returncode == 2


def test_the_audit_log_is_written_for_its_owner_alone(shell: Shell) -> None:
    """A row a line, each command among them; nobody else on the machine reads it."""
    shell.says(("consultation", "close", "OZT-LIGHT"))
    shell.says(("audit", "-o", "log.jsonl"), "Wrote log.jsonl: ")
    path = shell.folder / "log.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert "consultation close OZT-LIGHT" in [row["object"] for row in rows]
    assert path.stat().st_mode & 0o077 == 0
    shell.refuses(("audit", "-o", "no/such/log.jsonl"), "cannot write")


def test_each_council_has_a_ledger_of_its_own(shell: Shell) -> None:
    """An empty one has no head."""
    shell.says(("consultation", "close", "OZT-LIGHT"))
    shell.add_council("draa", "01")
    said = shell.says(("ledger", "-o", "l.jsonl"), "Wrote l.jsonl: 1 entries, head ")
    (entry,) = (json.loads(line) for line in (shell.folder / "l.jsonl").read_text().splitlines())
    assert entry["head"] == said.split()[-1]
    shell.says(("ledger", "-o", "l.jsonl", "--council", "draa"), "0 entries, head -")
    assert (shell.folder / "l.jsonl").read_text() == ""
    shell.refuses(("ledger", "-o", "l.jsonl", "--council", "rome"), "there is no council 'rome'")
