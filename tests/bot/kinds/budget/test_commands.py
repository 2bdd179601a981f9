"""Elections from files and into files."""

from bot.app.build import App
from tests.citizen import Citizen
from tests.flows.kinds.budget.test_pabulib import FILE
from tests.shell import Shell
from tests.staff_links import second_agrees


def test_a_file_is_counted_by_each_rule(shell: Shell) -> None:
    file = shell.folder / "vote.pb"
    file.write_text(FILE, "utf-8")
    shell.says(("budget", "count", "vote.pb"), "3 ballots, 2 projects, a budget of 1000")
    shell.says(("budget", "count", "vote.pb"), "+ 1  600  2 votes")
    shell.says(("budget", "count", "vote.pb", "--rule", "one"), "spent: 600")
    shell.says(("budget", "count", "vote.pb", "--rule", "most_votes"), "- 2  500  1 votes  Lamps")
    file.write_text(FILE.replace("approval", "ordinal"), "utf-8")
    shell.refuses(("budget", "count", "vote.pb"), "only approval ballots can be counted")
    file.write_bytes(b"\xff\xfe\x00")
    shell.refuses(("budget", "count", "vote.pb"), "cannot read")
    shell.refuses(("budget", "count", "nothing.pb"), "cannot read")


async def votes(app: App) -> None:
    for number in range(3):
        citizen = Citizen(app, f"voter {number}")
        await citizen.arrives()
        await citizen.starts("OZT-BUDGET")
        for said in ("[Choose now]", "1, 3", "[Send]"):
            await citizen.says(said)


def test_ballots_are_written_once_it_is_closed_and_a_second_person_agrees(shell: Shell) -> None:
    shell.inside(votes)
    export = ("budget", "export", "OZT-BUDGET", "-o", "out.pb")
    shell.refuses(export, "its ballots are written once it is closed")
    shell.says(("consultation", "close", "OZT-BUDGET"))
    shell.refuses(export, "a second person has to agree")
    shell.refuses(("budget", "export", "OZT-LIGHT", "-o", "out.pb"), "is no vote on projects")
    shell.says(("staff", "link", "--name", "Amina"))
    shell.refuses((*export, "--by", "Amina"), "nothing was done")
    assert not (shell.folder / "out.pb").exists()
    shell.inside(second_agrees)
    shell.says((*export, "--by", "Amina"), "Wrote out.pb: 3 ballots")
    text = (shell.folder / "out.pb").read_text("utf-8")
    assert "voter" not in text.replace("voter_id", "")
    assert text.count("toilets,park") == 3
    shell.says(("budget", "count", "out.pb"), "3 ballots, 5 projects, a budget of 400000")
