"""The command line, as somebody at a terminal meets it."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from bot.app.build import example_folder
from bot.app.command_line import parser
from tests.shell import Shell

EXAMPLE = example_folder()
ROOT = Path(__file__).parents[3]


def test_help_names_every_command(shell: Shell) -> None:
    command = [sys.executable, "-m", "bot", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    for command in ("run", "talk", "check", "migrate", "consultation", "summary", "staff"):
        assert command in done.stdout


def test_a_command_whose_words_nobody_reads_goes_on(shell: Shell) -> None:
    """`tachawor consultation close … | head -1`: no traceback, and all of it is done."""
    assert shell.run("consultation", "list").returncode == 0
    command = [sys.executable, "-m", "bot", "consultation", "close", "OZT-LIGHT"]
    with subprocess.Popen(
        command,
        cwd=shell.folder,
        env={**shell.environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as done:
        assert done.stdout is not None
        done.stdout.close()
        assert done.stderr is not None
        told = done.stderr.read().decode()
        assert done.wait(60) == 0, told
    assert "Traceback" not in told
    assert "BrokenPipe" not in told
    listed = shell.says(("consultation", "list"), "OZT-LIGHT")
    assert "closed" in next(line for line in listed.splitlines() if "OZT-LIGHT" in line)


def test_a_conversation_in_the_terminal_is_saved_as_a_journal(shell: Shell) -> None:
    typed = "english\n1\ngood\n4\nskip\n1\nbye\n"
    done = shell.run("talk", "OZT-LIGHT", "--journal", "journals/poll.json", typed=typed)
    assert done.returncode == 0, done.stderr
    assert "Reference: " in done.stdout
    turns = json.loads((shell.folder / "journals" / "poll.json").read_text())["turns"]
    assert [turn["said"].get("text") for turn in turns[1:]] == typed.split()[:-1]


def test_a_summary_is_written_in_each_format(shell: Shell) -> None:
    shell.run("talk", "OZT-LIGHT", typed="english\n1\ngood\n4\nskip\n1\n")
    for name in ("csv", "xlsx", "json"):
        done = shell.run(
            "summary", "OZT-LIGHT", "--format", name, "--language", "ar", "-o", f"s.{name}"
        )
        assert done.returncode == 0, done.stderr
        assert "SHA-256" in done.stdout
    workbook = openpyxl.load_workbook(shell.folder / "s.xlsx")
    assert workbook.worksheets[0].sheet_view.rightToLeft


def test_a_consultation_is_checked_added_opened_listed_and_closed(shell: Shell) -> None:
    text = (EXAMPLE / "poll.toml").read_text("utf-8").replace("OZT-LIGHT", "OZT-NEW")
    (shell.folder / "new.toml").write_text(text, "utf-8")
    for words, said in (
        (("check", "new.toml"), "poll OZT-NEW is in order"),
        (("add", "new.toml"), "OZT-NEW added as a draft"),
        (("add", "new.toml"), "OZT-NEW changed as a draft"),
        (("open", "OZT-NEW"), "OZT-NEW is open"),
        (("list",), "OZT-NEW"),
        (("close", "OZT-NEW"), "OZT-NEW is closed"),
    ):
        done = shell.run("consultation", *words)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout


def test_a_choice_that_lacks_a_language_is_opened_only_if_that_is_said(shell: Shell) -> None:
    text = (EXAMPLE / "poll.toml").read_text("utf-8").replace("OZT-LIGHT", "OZT-NEW")
    (shell.folder / "new.toml").write_text(text.replace(', fr = "Faible"', ""), "utf-8")
    assert shell.run("consultation", "add", "new.toml").returncode == 0
    done = shell.run("consultation", "open", "OZT-NEW", "--yes")
    assert done.returncode == 1
    assert "× The choice “\u2068Weak\u2069” has no \u2068Français\u2069 text" in done.stdout
    assert "OZT-NEW was not opened" in done.stderr
    done = shell.run("consultation", "open", "OZT-NEW", "--yes", "--incomplete")
    assert done.returncode == 0, done.stderr
    assert "OZT-NEW is open" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("summary", "NOPE", "-o", "x.csv"),
            "there is no consultation 'NOPE'; there are: OZT-NEEDS",
        ),
        (("consultation", "open", "OZT-LIGHT"), "OZT-LIGHT is open already"),
        (("consultation", "add", "missing.toml"), "there is no such file"),
        (("consultation", "qr", "OZT-LIGHT", "-o", "q.gif"), "write an .svg or .png file"),
        (("consultation", "qr", "OZT-LIGHT", "-o", "q.svg", "--channel", "fax"), "not configured"),
        (
            ("staff", "link", "--council", "rome"),
            "there is no council 'rome'; councils are: example",
        ),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_1_and_no_traceback(
    shell: Shell, words: tuple[str, ...], said: str
) -> None:
    done = shell.run(*words)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_ends_with_exit_code_2_and_one_line(shell: Shell) -> None:
    (shell.folder / "config.toml").write_text("[web]\nprot = 1")
    done = shell.run("check")
    assert done.returncode == 2
    assert done.stderr.startswith("tachawor: [web] prot is not a setting")
    assert len(done.stderr.splitlines()) == 1


def test_check_and_migrate_say_that_all_is_well(shell: Shell) -> None:
    assert "The database is up to date." in shell.run("migrate").stdout
    done = shell.run("check")
    assert done.returncode == 0, done.stderr
    assert "Everything fits." in done.stdout


def test_a_qr_code_and_the_links_are_printed_for_a_poster(shell: Shell) -> None:
    done = shell.run("consultation", "qr", "OZT-LIGHT", "-o", "poster.svg")
    assert "/?c=OZT-LIGHT" in done.stdout
    assert "<svg" in (shell.folder / "poster.svg").read_text()


def test_a_sign_in_link_is_printed(shell: Shell) -> None:
    assert "/staff/sign-in/" in shell.run("staff", "link").stdout


def test_the_ledger_is_written_and_its_verifier_sees_every_change(shell: Shell) -> None:
    typed = "english\n1\n1\n1\nExample Person\nKB204971\nTabounte\nyes\n"
    shell.run("talk", "OZT-PARK", typed=typed)
    shell.run("consultation", "close", "OZT-PARK")
    assert "2 entries" in shell.run("ledger", "-o", "ledger.jsonl").stdout
    verifier = EXAMPLE.parents[1] / "docs" / "verify_ledger.py"

    def verified(*more: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-I", str(verifier), str(shell.folder / "ledger.jsonl"), *more]
        return subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)

    good = verified()
    assert good.returncode == 0
    assert "In order: 2 entries" in good.stdout
    head = good.stdout.split()[-1]
    assert verified(head).returncode == 0
    lines = (shell.folder / "ledger.jsonl").read_text().splitlines(keepends=True)
    for changed in (lines[1:], lines[:1], [lines[0].replace("OZT-PARK", "OZT-POND"), lines[1]]):
        (shell.folder / "ledger.jsonl").write_text("".join(changed))
        assert "NOT IN ORDER" in verified(head).stderr


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("TACHAWOR_TELEGRAM_TOKEN", "bad", "[telegram] token is not one of BotFather's"),
        ("TACHAWOR_STORAGE_MEDIA", "/proc/nope", "[storage] media is '/proc/nope'"),
        ("TACHAWOR_COUNCILS_DEFAULT", "rome", "[councils] default is 'rome'; it must be one of"),
        ("TACHAWOR_STORAGE_URL", "sqlite:///", "names no file"),
        ("TACHAWOR_WEB_PUBLIC_URL", "https://", "it must be like https://"),
    ],
)
def test_a_setting_that_cannot_work_ends_the_process_with_one_line(
    shell: Shell, variable: str, value: str, said: str
) -> None:
    shell.environment[variable] = value
    done = shell.run("run", "--port", "0")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", ["", "garbage"])
def test_a_secret_file_without_a_secret_is_named(shell: Shell, content: str) -> None:
    del shell.environment["TACHAWOR_STORAGE_SECRET"]
    (shell.folder / "key").write_text(content)
    shell.environment["TACHAWOR_STORAGE_SECRET_FILE"] = "key"
    for command in (("check",), ("run", "--port", "0")):
        done = shell.run(*command)
        assert done.returncode == 2
        assert "holds no secret of ours" in done.stderr


def test_what_cannot_be_written_is_said(shell: Shell) -> None:
    for words in (("ledger",), ("summary", "OZT-LIGHT"), ("consultation", "qr", "OZT-LIGHT")):
        done = shell.run(*words, "-o", "/nonexistent/x.svg")
        assert done.returncode == 1, done.stderr
        assert "cannot write /nonexistent/x.svg" in done.stderr


#: What stands for a value in the help.
VALUES = {"A,B", "FOLDER", "URL", "CODE", "NEW-CODE", "FILE", "HOURS", "DAYS", "N", "NAME"}


def test_every_command_and_option_says_what_it_is_for() -> None:
    """In words, by the values to choose from, or by what stands for the value."""

    def look(one: argparse.ArgumentParser, path: str) -> None:
        for action in one._actions:
            if isinstance(action, argparse._SubParsersAction):
                told = {choice.dest: choice.help for choice in action._choices_actions}
                assert action.metavar in ("COMMAND", "ACTION"), path
                for name, inner in action.choices.items():
                    assert told.get(name), f"{path} {name}"
                    look(inner, f"{path} {name}")
            elif action.option_strings:
                where = f"{path} {action.option_strings[-1]}"
                assert action.help or action.choices or action.metavar, where
                assert action.metavar is None or action.metavar in VALUES, where

    look(parser(), "tachawor")
