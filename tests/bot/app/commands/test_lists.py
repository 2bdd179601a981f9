"""Lists and templates from a terminal."""

import pytest

from bot.outreach import templates
from tests.shell import Shell


@pytest.fixture
def writing(shell: Shell) -> Shell:
    """A deployment with a WhatsApp number."""
    shell.environment |= {
        "TACHAWOR_WHATSAPP_ACCOUNT_SID": "AC" + "0" * 32,
        "TACHAWOR_WHATSAPP_AUTH_TOKEN": "token",
        "TACHAWOR_WHATSAPP_FROM": "+212500000000",
        "TACHAWOR_WEB_PUBLIC_URL": "https://tarmigt.example",
    }
    content = "phone\n+212600000001\n0600000002\nnone\n"
    (shell.folder / "numbers.csv").write_text(content, "utf-8")
    return shell


IMPORT = ("list", "import", "numbers.csv", "--list", "Market day", "--proof", "paper of 3 May")


def test_good_numbers_are_put_on_a_list_once_somebody_agrees(writing: Shell) -> None:
    """The bad lines are named; people who are known stay known."""
    said = writing.refuses(IMPORT, "add --yes")
    assert "4" in said
    assert "Good: 2 numbers, 0 of them known already. Bad: 1 line." in said
    writing.refuses(IMPORT, "nothing was done", typed="no\n", terminal=True)
    writing.says(
        IMPORT, "market-day has them; 2 people were not known", typed="yes\n", terminal=True
    )
    writing.says((*IMPORT, "--yes"), "market-day has them; 0 people were not known before.")
    (line,) = writing.says(("list", "show")).splitlines()[1:]
    assert line.split() == ["market-day", "imported", "2", "Market", "day"]


def test_a_body_is_imported_as_one_and_for_the_council_that_is_named(writing: Shell) -> None:
    """The other council's lists do not show it."""
    writing.add_council("draa", "01")
    writing.says((*IMPORT, "--yes", "--body", "--council", "draa"), "has them")
    assert "body" in writing.says(("list", "show", "--council", "draa"))
    assert "market-day" not in writing.says(("list", "show"))
    for action in (("show",), ("link", "Elders"), IMPORT[1:]):
        writing.refuses(("list", *action, "--council", "rome"), "there is no council 'rome'")


def test_what_is_no_list_is_refused(writing: Shell) -> None:
    """A file without a good number, one that is not there, a deployment without a WhatsApp number."""
    (writing.folder / "bad.csv").write_text("phone\nnone\n", "utf-8")
    words = ("list", "import", "bad.csv", "--list", "x", "--proof", "y", "--yes")
    said = writing.refuses(words, "nothing was imported")
    assert "Good: 0 numbers, 0 of them known already. Bad: 1 line." in said
    writing.refuses(
        ("list", "import", "gone.csv", *words[3:]), "The file cannot be read: No such file"
    )
    for name in ("--list", "--proof"):
        at = IMPORT.index(name)
        assert writing.run(*IMPORT[:at], *IMPORT[at + 2 :]).returncode == 2
    for name in [name for name in writing.environment if "WHATSAPP" in name]:
        del writing.environment[name]
    writing.refuses((*IMPORT, "--yes"), "set [whatsapp] from first")
    # Members of a body put themselves on its list without it.
    writing.says(("list", "link", "Youth council"), "https://tarmigt.example/?c=")


def test_a_file_that_can_be_read_in_two_ways_is_asked_about(writing: Shell) -> None:
    """Both are shown, nothing is kept, and --letters says which is right."""
    content = "Téléphone;Langue\n0612345678;Français\n0612345679;È".encode("cp1252")
    (writing.folder / "open.csv").write_bytes(content)
    words = ("list", "import", "open.csv", *IMPORT[3:], "--yes")
    said = writing.refuses(words, "add --letters with one of cp1252, cp1256")
    assert "Windows, French" in said
    assert "Windows, Arabic" in said
    said = writing.says((*words, "--letters", "cp1252"), "market-day has them")
    assert "Good: 1 number, 0 of them known already. Bad: 1 line." in said
    assert "Telephone: column" in said


def test_a_link_onto_a_list_is_printed_for_each_channel(writing: Shell) -> None:
    """With the day on which it ends."""
    said = writing.says(
        ("list", "link", "Youth council"), "Good until ", "https://tarmigt.example/?c="
    )
    assert "whoever opens it is asked first" in said
    assert "https://wa.me/212500000000" in said


def test_the_templates_are_shown_with_how_they_stand(shell: Shell) -> None:
    """Without WhatsApp there is nothing to ask, and none is known."""
    said = shell.says(("template", "list"))
    names = sorted(set(templates.NAMES.values()))
    assert [line.split() for line in said.splitlines()] == [[name, "-", "none"] for name in names]
    shell.refuses(("template", "refresh"), "WhatsApp is not configured; see [whatsapp]")
