"""Who works for a council, from a terminal."""

import pytest

from tests.shell import Shell


def listed(shell: Shell, *words: str) -> list[list[str]]:
    """Name, role, state and chat of each."""
    return [line.split() for line in shell.says(("staff", "list", *words)).splitlines()]


def test_a_link_makes_a_member_with_a_role_and_a_new_link_may_change_it(shell: Shell) -> None:
    """Without a role, who is new is an admin, and who is known stays what they are."""
    shell.says(("staff", "link"), "/staff/sign-in/")
    shell.says(("staff", "link", "--name", "amal", "--role", "clerk"))
    shell.says(("staff", "link", "--name", "amal"))
    assert sorted(listed(shell)) == [["amal", "clerk", "active", "no", "chat"], ["staff", "admin", "active", "no", "chat"]]  # fmt: skip
    shell.says(("staff", "link", "--name", "amal", "--role", "data"))
    assert ["amal", "data", "active", "no", "chat"] in listed(shell)


@pytest.mark.parametrize("role", ["reader", "clerk", "organizer", "data", "admin"])
def test_a_role_is_changed_by_its_name(shell: Shell, role: str) -> None:
    """Each that there is; another word is a wrong use."""
    shell.says(("staff", "link"))
    shell.says(("staff", "link", "--name", "amal", "--role", role))
    assert ["amal", role, "active", "no", "chat"] in listed(shell)
    shell.says(("staff", "role", "--name", "amal", "reader"), "amal is reader now")
    shell.says(("staff", "role", "--name", "amal", role), f"amal is {role} now")
    assert ["amal", role, "active", "no", "chat"] in listed(shell)
    for words in (("link", "--role"), ("role", "--name", "amal")):
        assert shell.run("staff", *words, "mayor").returncode == 2


def test_an_end_is_an_end_and_the_last_admin_stays(shell: Shell) -> None:
    """Who is meant must be named; who is unknown is, with those there are."""
    shell.refuses(("staff", "end", "--name", "amal"), "'amal'; there are: nobody yet")
    shell.says(("staff", "link", "--name", "zineb"))
    shell.says(("staff", "link", "--name", "amal", "--role", "clerk"))
    shell.refuses(("staff", "end", "--name", "omar"), "called 'omar'; there are: amal, zineb")
    shell.says(("staff", "end", "--name", "amal"), "amal has no access any more")
    assert ["amal", "clerk", "ended", "no", "chat"] in listed(shell)
    for words in (("end", "--name", "zineb"), ("role", "--name", "zineb", "clerk")):
        shell.refuses(("staff", *words), "admin")
    assert ["zineb", "admin", "active", "no", "chat"] in listed(shell)
    for words in (("end",), ("role", "clerk")):
        assert shell.run("staff", *words).returncode == 2


def test_a_chat_becomes_somebodys_own_by_a_link(shell: Shell) -> None:
    """For each channel that has links, within ten minutes."""
    said = shell.says(("staff", "chat", "--name", "amal"), "within 10 minutes", "/?c=")
    assert len(said.splitlines()) == 2
    assert listed(shell)[0][0] == "amal"


def test_a_link_is_printed_to_a_terminal_or_where_it_is_said(shell: Shell) -> None:
    """What is no terminal is often a log; the example council's links open nothing real."""
    shell.add_council("draa", "01")
    file = shell.folder / "councils" / "draa.toml"
    file.write_text(file.read_text("utf-8").replace("example = true", "example = false"), "utf-8")
    for word in ("link", "chat"):
        shell.refuses(("staff", word, "--council", "draa"), "this is no terminal")
        assert listed(shell, "--council", "draa") == []
    shell.says(("staff", "link", "--council", "draa", "--print"), "/staff/sign-in/")
    shell.says(("staff", "chat", "--council", "draa", "--print"), "/?c=s_")


def test_a_lost_second_factor_is_taken_away(shell: Shell) -> None:
    shell.says(("staff", "link", "--name", "amal"))
    shell.says(("staff", "reset-factor", "--name", "amal"), "sets a second factor up anew")
    shell.refuses(("staff", "reset-factor", "--name", "omar"), "called 'omar'")


def test_the_staff_of_another_council_are_asked_for_by_its_code(shell: Shell) -> None:
    """Every command of this group knows it, and says which councils there are."""
    shell.add_council("draa", "01")
    shell.says(("staff", "link", "--council", "draa", "--name", "omar"), "/staff/sign-in/")
    shell.says(("staff", "link", "--council", "draa", "--name", "zineb"), "/staff/sign-in/")
    shell.says(("staff", "chat", "--council", "draa", "--name", "amal"))
    shell.says(("staff", "role", "--council", "draa", "--name", "zineb", "clerk"))
    shell.says(("staff", "end", "--council", "draa", "--name", "zineb"))
    assert sorted(line[:3] for line in listed(shell, "--council", "draa")) == [
        ["amal", "admin", "active"], ["omar", "admin", "active"], ["zineb", "clerk", "ended"],
    ]  # fmt: skip
    assert listed(shell) == []
    for words in (("link",), ("chat",), ("list",), ("end", "--name", "x"), ("role", "--name", "x", "clerk")):  # fmt: skip
        shell.refuses(("staff", *words, "--council", "rome"), "'rome'; councils are: ")
