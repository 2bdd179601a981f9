"""The life of a consultation from a terminal."""

from pathlib import Path

import pytest

from bot.app.build import App
from tests.bot.conversation.test_spoken import opened, speaks
from tests.citizen import Citizen
from tests.shell import Shell


async def vote(app: App) -> None:
    """Somebody answers the poll."""
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.verify([("1", ""), ("5", ""), ("skip", ""), ("[Send]", "counted")])


def listed(shell: Shell) -> dict[str, list[str]]:
    """What the list says about each consultation, by code."""
    lines = [line.split() for line in shell.says(("consultation", "list")).splitlines()[1:]]
    return {line[0]: line[1:] for line in lines}


def test_definitions_are_checked_one_by_one_and_added_all_or_none(shell: Shell) -> None:
    """A broken one among good ones is named and keeps the others out."""
    good = shell.definition("poll", ("OZT-LIGHT", "OZT-NEW"))
    bad = shell.definition("need", ("OZT-NEEDS", "OZT-MORE"), ('kind = "need"', 'kind = "wish"'))
    done = shell.run("consultation", "check", good, bad)
    assert done.returncode == 1
    assert "poll.toml: poll OZT-NEW is in order" in done.stdout
    assert "wish" in done.stdout
    shell.refuses(("consultation", "add", good, bad), "nothing was added\n", "wish")
    assert "OZT-NEW" not in listed(shell)
    shell.says(("consultation", "check", good))
    shell.says(("consultation", "add", good), "open it with: tachawor consultation open OZT-NEW")
    assert listed(shell)["OZT-NEW"] == ["poll", "draft", "0", "example", "-"]


def test_the_list_has_kind_state_answers_council_and_end(shell: Shell) -> None:
    """Of every consultation."""
    changes = ("OZT-LIGHT", "OZT-NEW"), ("minutes = 2", "closes = 2126-12-31T20:00:00")
    shell.says(("consultation", "add", shell.definition("poll", *changes)))
    shell.inside(vote)
    found = listed(shell)
    assert found["OZT-LIGHT"] == ["poll", "open", "1", "example", "-"]
    assert found["OZT-NEEDS"] == ["need", "open", "0", "example", "-"]
    assert found["OZT-NEW"] == ["poll", "draft", "0", "example", "2126-12-31", "20:00"]


def test_who_closes_reads_how_many_voice_notes_wait(shell: Shell, tmp_path: Path) -> None:
    """Nothing where none does."""

    async def speak(app: App) -> None:
        await opened(app, tmp_path)
        for number in range(2):
            citizen = Citizen(app, f"voter {number}")
            await citizen.arrives(code="OZT-SPOKEN")
            await speaks(citizen)
            for said in ("1", "1", "4", "[Send]"):
                await citizen.says(said)

    shell.inside(speak)
    waits = "Voice notes that still wait to be heard, and are in no count: 2."
    assert waits in shell.says(("consultation", "close", "OZT-SPOKEN"))
    assert "Voice notes" not in shell.says(("consultation", "close", "OZT-LIGHT"))


def test_a_consultation_is_closed_copied_archived_and_a_draft_deleted(shell: Shell) -> None:
    """Each step in its order only; codes are read in any case."""
    for words, said in (
        (("archive", "OZT-LIGHT"), ""),
        (("copy", "ozt-light", "OZT-AGAIN"), "OZT-AGAIN is a draft; give it dates"),
        (("copy", "OZT-LIGHT", "OZT-AGAIN"), ""),
        (("delete", "OZT-LIGHT"), ""),
        (("delete", "ozt-again"), "OZT-AGAIN is deleted."),
        (("delete", "OZT-AGAIN"), ""),
        (("close", "ozt-light"), "OZT-LIGHT is closed. Its summary:\n  tachawor summary OZT-LIGHT"),
        (("close", "OZT-LIGHT"), ""),
        (("archive", "ozt-light"), "OZT-LIGHT is archived."),
    ):
        if said:
            shell.says(("consultation", *words), said)
        else:
            shell.refuses(("consultation", *words), "OZT-")
    assert listed(shell)["OZT-LIGHT"][1] == "archived"
    assert "OZT-AGAIN" not in listed(shell)


def test_an_opened_one_is_amended_where_that_falsifies_nothing(shell: Shell) -> None:
    """What changed is named; a choice taken away is refused."""
    new, closes = ("OZT-LIGHT", "OZT-NEW"), "closes = 2126-12-{day}T20:00:00"
    for day, words, said in (
        (30, ("add",), "OZT-NEW added"),
        (30, ("open", "OZT-NEW"), "OZT-NEW is open"),
        (31, ("amend",), "Changed: closes"),
        (31, ("amend",), "Nothing is different."),
    ):
        file = shell.definition("poll", new, ("minutes = 2", closes.format(day=day)))
        shell.says(("consultation", *words, *([file] if words[1:] == () else [])), said)
    assert listed(shell)["OZT-NEW"][-2:] == ["2126-12-31", "20:00"]
    end = ("minutes = 2", closes.format(day=31))
    file = shell.definition("poll", new, end, ('id = "weak"', 'id = "feeble"'))
    shell.refuses(("consultation", "amend", file), "nothing was changed\n")


@pytest.mark.parametrize(("typed", "opened"), [("yes\n", True), ("Y\n", True), ("no\n", False)])
def test_opening_asks_where_it_invites(shell: Shell, typed: str, opened: bool) -> None:
    """With the number of people; where nobody sits there, it was asked for on purpose."""
    shell.inside(vote)
    changes = ("OZT-LIGHT", "OZT-NEW"), ("minutes = 2", "minutes = 2\noutreach = { invite = true }")
    shell.says(("consultation", "add", shell.definition("poll", *changes)))
    words = ("consultation", "open", "ozt-new")
    if opened:
        said = shell.says(words, "Opening it invites 1 people.", typed=typed, terminal=True)
        assert "OZT-NEW is open. Links:\n" in said
        assert "/?c=OZT-NEW" in said
    else:
        shell.refuses(words, "nothing was opened", typed=typed, terminal=True)
        shell.says(words, "OZT-NEW is open")
    assert listed(shell)["OZT-NEW"][1] == "open"


def test_a_poster_is_written_for_the_channel_that_is_asked_for(shell: Shell) -> None:
    """Every link is printed; a terminal has none."""
    said = shell.says(("consultation", "qr", "ozt-light"))
    assert said.startswith("web        http://")
    shell.says(("consultation", "qr", "OZT-LIGHT", "-o", "q.png"), "Wrote q.png")
    assert (shell.folder / "q.png").read_bytes().startswith(b"\x89PNG")
    words = ("consultation", "qr", "OZT-LIGHT", "-o", "t.svg", "--channel", "terminal")
    shell.refuses(words, "the channel 'terminal' is not configured or has no links")
    shell.refuses((*words[:-1], "fax"), "'fax' is not configured; there are: web\n")
