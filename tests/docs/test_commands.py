"""Every command is told once, with the options it has, and what a page tells to type can be typed.

Commands stand in tables whose first column is "command": `tachawor consultation open CODE [--yes]`.
What is in brackets may be left out, "|" stands between choices, words in capitals are to be filled
in, and AUDIENCE is an option for each key of an audience.
"""

import argparse
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import pytest

from bot.app.command_line import parser
from flows.dialog.outreach import Audience
from tests.docs.page import ROOT, Page, pages, spans_in

#: What a page writes in front of a command.
PROGRAM = "tachawor"

_TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


# --------------------------------------------------------------------------- what there is


def commands(top: argparse.ArgumentParser) -> dict[str, frozenset[str]]:
    """Each command ("broadcast send") and its options, by their longest names."""
    return dict(_commands(top, ""))


def _commands(top: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, frozenset[str]]]:
    below = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]
    for action in below:
        for word, inner in action.choices.items():
            yield from _commands(inner, f"{name} {word}".strip())
    if not below:
        options = (max(action.option_strings, key=len, default="") for action in top._actions)
        yield name, frozenset(options) - {"", "--help"}


def audience_options() -> list[str]:
    """An option for each key of an audience that organizers choose by."""
    keys = [field.name for field in msgspec.structs.fields(Audience)]
    return [
        f"--{key.replace('_', '-')}" for key in keys if key not in ("joined_on", "person", "topics")
    ]


def runs(words: Sequence[str], top: argparse.ArgumentParser) -> bool:
    """Whether the program takes these words."""
    try:
        top.parse_args(words)
    except SystemExit as end:
        return end.code in (0, None)
    return True


# --------------------------------------------------------------------------- what is told


def rows(page: Page) -> list[str]:
    """The commands in the page's tables of commands, as they stand."""
    return [
        usage
        for table in page.tables
        if table.columns[0] == "command"
        for row in table.rows
        for usage in spans_in(row[0])
    ]


def examples(page: Page) -> list[str]:
    """Commands of ours elsewhere in the page: lines of code, and what stands between backticks."""
    told = rows(page)
    lines = [line for block in page.blocks for line in block.text.splitlines()]
    # An explanation stands two or more spaces behind a command.
    found = [re.split(r"\s{2,}", line.strip())[0] for line in lines]
    found += [span for span in page.spans if span not in told]
    return [one for one in found if one.startswith(f"{PROGRAM} ")]


def filled(usage: str, *, whole: bool, choice: int = 0) -> list[str]:
    """The words of a usage: with what may be left out, or without; of choices, the one at `choice`."""
    text = re.sub(r"[\[\]]", "", usage) if whole else re.sub(r"\[[^\]]*\]", "", usage)
    text = text.replace("AUDIENCE", " ".join(_audience()))
    words = []
    for word in shlex.split(text)[1:]:
        choices = word.split("|")
        word = choices[choice % len(choices)]
        words.append("1" if re.fullmatch(r"[A-Z]+(-[A-Z]+)*", word) else word)
    return words


def _audience() -> Iterator[str]:
    for option in audience_options():
        yield option if option == "--disability" else f"{option} 1"


def command_of(usage: str, known: Mapping[str, frozenset[str]]) -> str:
    """The command that a usage is about, "" if it is about none."""
    words = usage.removeprefix(f"{PROGRAM} ").split()
    return next((name for n in (2, 1) if (name := " ".join(words[:n])) in known), "")


def options_in(usage: str) -> frozenset[str]:
    """The options that a usage names; a short one stands for its long one."""
    named = set(re.findall(r"(?<!\S)-[\w-]+", re.sub(r"[\[\]]", " ", usage)))
    more = set(audience_options()) if "AUDIENCE" in usage else set()
    return frozenset({"--output" if option == "-o" else option for option in named} | more)


def differences(told: Sequence[str], top: argparse.ArgumentParser) -> list[str]:
    """What the tables of commands tell and is not so."""
    known = commands(top)
    times = Counter(command_of(usage, known) for usage in told)
    found = [f"{name} is not told" for name in known if name not in times]
    found += [f"{name} is told {n} times" for name, n in times.items() if name and n > 1]
    for usage in told:
        name = command_of(usage, known)
        if not name:
            found.append(f"{usage} does not exist")
            continue
        found += [f"{name} lacks {one}" for one in known[name] - options_in(usage)]
        found += [f"{name} has no {one}" for one in options_in(usage) - known[name]]
        most = max((word.count("|") for word in usage.split()), default=0)
        tried = [
            filled(usage, whole=False),
            *(filled(usage, whole=True, choice=i) for i in range(most + 1)),
        ]
        found += [f"{' '.join(words)} cannot be typed" for words in tried if not runs(words, top)]
    return found


def wrong_examples(page: Page, top: argparse.ArgumentParser) -> list[str]:
    """Commands in the page's text that the program does not take."""
    return [one for one in examples(page) if not runs(filled(one, whole=True), top)]


def lost_options(page: Page, top: argparse.ArgumentParser) -> list[str]:
    """Options that the page names by themselves and that no command has."""
    known = frozenset[str]().union(own_options(top), *commands(top).values())
    named = (span.split()[0] for span in page.spans if re.match("--[a-z]", span))
    return [option for option in named if option not in known]


def own_options(top: argparse.ArgumentParser) -> frozenset[str]:
    """The options that stand before any command."""
    return frozenset(o for action in top._actions for o in action.option_strings) - {"-h", "--help"}


def wrong_targets(page: Page) -> list[str]:
    """What the page tells to make and the Makefile does not know."""
    known = _TARGET.findall((ROOT / "Makefile").read_text("utf-8"))
    lines = [line for block in page.blocks for line in block.text.splitlines()]
    told = [line.split() for line in [*lines, *page.spans] if line.startswith("make ")]
    return [words[1] for words in told if words[1] not in known]


# --------------------------------------------------------------------------- the pages


def test_every_command_is_told_once_with_its_options_and_choices() -> None:
    assert differences([usage for page in pages() for usage in rows(page)], parser()) == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_what_a_page_tells_to_type_can_be_typed(page: Page) -> None:
    assert wrong_examples(page, parser()) == []
    assert wrong_targets(page) == []
    assert lost_options(page, parser()) == []


def test_what_may_stand_before_every_command_is_told() -> None:
    told = " ".join(span for page in pages() for span in page.spans)
    assert [option for option in own_options(parser()) if option not in told] == []


def test_the_help_of_every_command_can_be_written() -> None:
    # A stray "%" in a help text is an error only when somebody asks for it.
    top = parser()
    top.format_help()
    assert all(runs([*name.split(), "--help"], top) for name in commands(top))


# --------------------------------------------------------------------------- the checks themselves


def shop() -> argparse.ArgumentParser:
    """A small program of the same form."""
    top = argparse.ArgumentParser(prog=PROGRAM, exit_on_error=True)
    below = top.add_subparsers(dest="command", required=True)
    below.add_parser("shut")
    bread = below.add_parser("bread").add_subparsers(dest="action", required=True)
    buy = bread.add_parser("buy")
    buy.add_argument("number", type=int)
    buy.add_argument("-o", "--output")
    buy.add_argument("--kind", choices=("white", "black"))
    return top


BUY = "tachawor bread buy NUMBER [-o FILE] [--kind white|black]"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["tachawor shut", BUY], []),
        ([BUY], ["shut is not told"]),
        (["tachawor shut", "tachawor shut", BUY], ["shut is told 2 times"]),
        (["tachawor shut", "tachawor bake", BUY], ["tachawor bake does not exist"]),
        (["tachawor shut", BUY.replace("[-o FILE] ", "")], ["bread buy lacks --output"]),
        (["tachawor shut", f"{BUY} [--cut]"], ["bread buy has no --cut"]),
        (["tachawor shut", BUY.replace("black", "red")], ["--kind red cannot be typed"]),
        (["tachawor shut", BUY.replace("NUMBER", "")], ["bread buy cannot be typed"]),
    ],
)
def test_a_command_that_is_told_wrongly_is_found(
    told: list[str], said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = differences(told, shop())
    assert bool(found) is bool(said)
    assert all(any(words in one for one in found) for words in said), found


def test_an_example_that_cannot_be_typed_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Type `tachawor bread buy some` or:\n\n    tachawor bread buy 3   three\n    tachawor bake\n"
    page = Page("made-up.md", text)
    assert wrong_examples(page, shop()) == ["tachawor bake", "tachawor bread buy some"]


def test_an_option_that_no_command_has_is_found() -> None:
    page = Page("made-up.md", "Say `--kind white` or `--sort white`; `-- a comment`.")
    assert lost_options(page, shop()) == ["--sort"]


def test_a_target_that_the_makefile_lacks_is_found() -> None:
    assert wrong_targets(Page("made-up.md", "    make test\n    make bread\n")) == ["bread"]
