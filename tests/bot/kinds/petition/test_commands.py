"""Signatures on paper and lists to be signed, from a terminal."""

import pytest

from bot.app.build import App
from tests.citizen import Citizen, audit_of
from tests.shell import Shell
from tests.staff_links import second_agrees

LIST = "name,cin,address\nOmar Example,KB204972,Tabounte\nZineb Example,KB204973,Tabounte\n,,\n"


async def sign(app: App) -> None:
    """Somebody signs in the chat."""
    citizen = Citizen(app, channel="telegram")
    await citizen.arrives(code="OZT-PARK")
    await citizen.verify(
        [
            ("[I support it]", "Reference"),
            ("[Sign officially]", "The full name"),
            ("Amina El Idrissi", "national card"),
            ("KB204971", "The address"),
            ("Tabounte", ""),
            ("[Sign]", "official signature is recorded"),
        ]
    )


async def noted(app: App) -> list[tuple[str, str, str]]:
    """What stands in the audit log: who, what, about what."""
    async with app.storage.reading() as tx:
        rows = await audit_of(tx, app.register.default_id)
    return [(row.actor, row.action, row.object) for row in rows]


def test_signatures_are_entered_once_somebody_agrees(shell: Shell) -> None:
    """Bad lines are named; who is entered already is told, and not entered twice."""
    (shell.folder / "list.csv").write_text(LIST + "Omar Example,12,Tabounte\n", "utf-8")
    words = ("petition", "import", "OZT-PARK", "list.csv")
    said = shell.refuses(words, "add --yes")
    assert "2 good lines: 2 new, 0 signed in the chat, 0 entered before" in said
    assert "1 bad line." in said
    shell.refuses(words, "nothing was done", typed="no\n", terminal=True)
    said = shell.says(words, "2 signatures were entered.", typed="yes\n", terminal=True)
    assert "Enter 2 signatures for OZT-PARK? [yes/no]" in said
    assert ("command line", "import signatures", "OZT-PARK") in shell.inside(noted)
    said = shell.refuses((*words, "--yes"), "nothing was entered")
    assert "0 new, 0 signed in the chat, 2 entered before" in said
    (shell.folder / "list.csv").write_text("name,cin,address\nAli Example,KB204975,Tabounte\n")
    shell.says((*words, "--yes"), "1 signature was entered.")


def test_what_is_no_list_of_a_petition_is_refused(shell: Shell) -> None:
    """Another kind, a draft, a file that is not there or holds no list."""
    shell.refuses(
        ("petition", "import", "OZT-LIGHT", "x.csv"), "OZT-LIGHT is no petition; it is a poll"
    )
    shell.refuses(("petition", "import", "OZT-PARK", "x.csv"), "cannot read x.csv: No such file")
    (shell.folder / "bad.csv").write_text("a,b\n1,2\n", "utf-8")
    shell.refuses(("petition", "import", "OZT-PARK", "bad.csv", "--yes"), "nothing was entered\n")
    shell.says(("consultation", "add", shell.definition("petition", ("OZT-PARK", "OZT-NEW"))))
    shell.refuses(("petition", "import", "OZT-NEW", "bad.csv"), "OZT-NEW is a draft; open it first")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "1 lines filled in, 20 empty"),
        (("--rows", "waiting"), "1 lines filled in, 20 empty"),
        (("--rows", "all", "--blank", "0"), "1 lines filled in, 0 empty"),
        (("--rows", "none", "--blank", "5"), "0 lines filled in, 5 empty"),
        (("--rows", "none", "--blank", "0"), "0 lines filled in, 1 empty"),
        (("--blank", "500"), "1 lines filled in, 500 empty"),
    ],
)
def test_the_list_has_the_lines_that_are_asked_for(
    shell: Shell, options: tuple[str, ...], said: str
) -> None:
    """Never none at all; that it was printed is noted."""
    shell.inside(sign)
    words = ("petition", "list", "OZT-PARK", "-o", "l.pdf", *options)
    if "none" not in options:
        shell.says(("staff", "link", "--name", "Amina"))
        words = (*words, "--by", "Amina")
        shell.refuses(words, "nothing was done")
        shell.inside(second_agrees)
    shell.says(words, f"Wrote l.pdf: {said}")
    assert (shell.folder / "l.pdf").read_bytes().startswith(b"%PDF")
    assert ("command line", "download", "list OZT-PARK.pdf") in shell.inside(noted)


def test_a_list_of_names_by_a_command_needs_a_second_person(shell: Shell) -> None:
    """Other rows need another word, and each file its own."""
    shell.inside(sign)
    shell.says(("staff", "link", "--name", "Amina"))
    words = ("petition", "list", "OZT-PARK", "-o", "l.pdf")
    shell.refuses(words, "add --by NAME")
    shell.refuses((*words, "--by", "Amina"), "nothing was done")
    shell.inside(second_agrees)
    shell.refuses((*words, "--rows", "all", "--by", "Amina"), "nothing was done")
    shell.inside(second_agrees)
    shell.says((*words, "--rows", "all", "--by", "Amina"), "1 lines filled in")
    shell.refuses((*words, "--rows", "all", "--by", "Amina"), "nothing was done")


def test_a_list_has_at_most_five_hundred_empty_lines(shell: Shell) -> None:
    """And is refused where it cannot be written, or is none of a petition's."""
    words = ("petition", "list", "OZT-PARK", "-o", "l.pdf")
    for blank in ("-1", "501"):
        shell.refuses((*words, "--blank", blank), f"--blank is {blank}; it must be from 0 to 500")
    shell.refuses((*words[:3], "-o", "/nonexistent/l.pdf"), "cannot write /nonexistent/l.pdf")
    shell.refuses(("petition", "list", "OZT-LIGHT", "-o", "l.pdf"), "OZT-LIGHT is no petition")
    for wrong in (("--rows", "some"), ("--language", "zgh")):
        assert shell.run(*words, *wrong).returncode == 2
    for language in ("ar", "fr", "en"):
        shell.says((*words, "--language", language), "0 lines filled in")
