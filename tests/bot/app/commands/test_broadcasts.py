"""Writing to citizens from a terminal: whom each option means, and what becomes of a broadcast."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec
import pytest
import time_machine

from bot.app.build import App
from bot.app.commands.audience import add_options, audience_of
from bot.outreach import lists
from flows.dialog.outreach import Audience
from storage.rows.broadcasts import Broadcast, BroadcastsOf
from storage.rows.prompts import DuePrompts
from tests.bot.kinds.need.test_need import file_need
from tests.bot.outreach.test_audiences import profiled
from tests.bot.outreach.test_broadcasts import known
from tests.citizen import NOON, plain
from tests.shell import Shell
from tests.staff_links import second_agrees


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Noon of a Saturday in November 2026."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False):
        yield


async def move_in(app: App) -> None:
    """Five people of whom one command-line option at a time tells some."""
    app.register.ways = ("web", "whatsapp", "telegram")
    amina = await profiled(app, "amina", "[Yes]", "2", "1", "yes", "yes", "yes")
    await profiled(app, "brahim", "[Yes]", "3", "2", "no", "yes")
    chama, driss = await known(app, "chama"), await known(app, "driss")
    await known(app, "elham", "Français")
    await file_need(chama, "No water since Monday")
    await driss.starts("OZT-NEEDS")
    for said in ("water", "Tabounte", "No water since Monday", "[Add my voice]"):
        await driss.says(said)
    async with app.storage.transaction() as tx:
        link = await lists.link(app.vault, tx, app.register.default_id, "Youth council", "amal")
    for one in (amina, chama, driss):
        await one.starts(link)
        await one.says("yes")


#: What is chosen -> how many of the five are meant by a notice.
MEANT: dict[tuple[str, ...], int] = {
    (): 5,
    ("--languages", "fr"): 1,
    ("--languages", "fr, en"): 5,
    ("--channels", "web"): 5,
    ("--channels", "whatsapp,telegram"): 0,
    ("--places", "08.401"): 5,
    ("--places", "01"): 0,
    ("--genders", "woman"): 1,
    ("--genders", "woman,man"): 2,
    ("--age-bands", "18-24"): 1,
    ("--themes", "youth"): 0,
    ("--lists", "youth-council"): 3,
    ("--disability",): 1,
    ("--answered", "OZT-LIGHT"): 2,
    ("--not-answered", "OZT-LIGHT"): 3,
    ("--follows", "OZT-NEEDS"): 2,
}


def test_every_option_of_an_audience_chooses_whom_it_names(shell: Shell) -> None:
    """Counted by the command that asks before it sends."""
    shell.inside(move_in)
    (shell.folder / "texts.toml").write_text('fr = "Eau"\nar = "ماء"\nary = "الما"\nen = "Water"')
    for options, people in MEANT.items():
        words = ("broadcast", "notice", "texts.toml", *options)
        said = shell.refuses(words, "nobody fits" if not people else "there is nobody to ask")
        assert f"{people} people\n" in said, options
        assert ("  web        " in said) is bool(people)


def test_each_option_stands_for_its_own_part_of_the_audience() -> None:
    """None of them is left out, and none means what another one does."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    words = (
        "--places 08.401 --languages fr,ar --channels web --age-bands 18-24 --genders woman"
        " --themes water --lists elders --disability --answered OZT-LIGHT --not-answered OZT-PARK"
    )
    assert audience_of(parser.parse_args(words.split()), ["water"]) == Audience(
        places=("08.401",),
        languages=("fr", "ar"),
        channels=("web",),
        age_bands=("18-24",),
        genders=("woman",),
        themes=("water",),
        lists=("elders",),
        disability=True,
        answered="OZT-LIGHT",
        not_answered="OZT-PARK",
    )
    follows = audience_of(parser.parse_args(["--follows", "OZT-PARK"]), [])
    assert follows == Audience(follows="OZT-PARK")


@pytest.mark.parametrize(
    "option", ["languages", "channels", "age-bands", "genders", "themes", "places"]
)
def test_a_value_that_no_option_knows_is_named_with_its_option(shell: Shell, option: str) -> None:
    """And so are two options that exclude each other."""
    words = ("broadcast", "count", "OZT-LIGHT", f"--{option}", "nonsense")
    shell.refuses(words, f"--{option} ", "nonsense")
    both = ("broadcast", "count", "OZT-LIGHT", "--answered", "OZT-PARK", "--follows", "OZT-PARK")
    shell.refuses(both, "--follows goes with no answered")


def test_what_stands_in_the_way_is_shown_and_nothing_is_sent(shell: Shell) -> None:
    """A consultation with a finding, one that is closed, a spread that is too long."""
    shell.inside(move_in)
    light = ("broadcast", "count", "OZT-LIGHT")
    assert "3 people" in shell.says(light)
    changes = (("OZT-LIGHT", "OZT-NEW"), (', fr = "Faible"', ""))
    shell.says(("consultation", "add", shell.definition("poll", *changes)))
    done = shell.run("broadcast", "count", "OZT-NEW")
    assert done.returncode == 1
    assert "× The choice" in done.stdout
    shell.refuses(("broadcast", "send", "OZT-NEW", "--yes"), "nothing was sent: see × above")
    for hours in ("-1", "169"):
        words = ("broadcast", "send", "OZT-LIGHT", "--yes", "--spread", hours)
        shell.refuses(words, f"--spread is {hours}; it must be from 0 to 168 hours")
    shell.says(("consultation", "close", "OZT-LIGHT"))
    shell.refuses(("broadcast", "send", "OZT-LIGHT", "--yes"), "OZT-LIGHT is closed; open it first")
    assert len(shell.says(("broadcast", "list")).splitlines()) == 1


@pytest.mark.parametrize(
    ("typed", "sent"),
    [("yes", True), (" Y ", True), ("oui", True), ("نعم", True), ("no", False), ("", False)],
)
def test_it_is_sent_only_if_who_sits_there_says_yes(shell: Shell, typed: str, sent: bool) -> None:
    """In their own language; where nobody sits there, only with --yes."""
    shell.inside(move_in)
    words = ("broadcast", "send", "OZT-LIGHT")
    shell.refuses(words, "add --yes", typed=f"{typed}\n")
    if sent:
        said = shell.says(words, "Begun.", typed=f"{typed}\n", terminal=True)
        assert "Send to 3 people? [yes/no]" in said
    else:
        shell.refuses(words, "nothing was done", typed=f"{typed}\n", terminal=True)
    assert ("invitation" in shell.says(("broadcast", "list"))) is sent


async def broadcast_rows(app: App) -> list[Broadcast]:
    """Every broadcast of the council in full, newest first."""
    async with app.storage.reading() as tx:
        council = app.register.default_id
        ids = [row.id for row in await tx.rows(BroadcastsOf, council_id=council, most=9)]
        return [row for id in ids if (row := await tx.row(Broadcast, id=id)) is not None]


def test_what_is_sent_is_what_was_asked_for(shell: Shell) -> None:
    """What it says, to whom, over how many hours, by whom; a notice has its own words."""
    shell.inside(move_in)
    words = ("broadcast", "send", "OZT-LIGHT", "--yes", "--spread", "3")
    shell.says((*words, "--languages", "fr"), "Begun.", "tachawor broadcast watch ")
    (shell.folder / "texts.toml").write_text('fr = "Eau"\nar = "ماء"\nary = "الما"\nen = "Water"')
    shell.says(("broadcast", "notice", "texts.toml", "--yes"), "Begun.")
    notice, sent = shell.inside(broadcast_rows)
    assert (sent.what, sent.code, sent.made_by) == ("invitation", "OZT-LIGHT", "command line")
    assert sent.spread_ms == 3 * 3_600_000
    assert msgspec.json.decode(sent.audience)["languages"] == ["fr"]
    assert (notice.what, notice.code, notice.spread_ms) == ("notice", None, 0)
    assert msgspec.json.decode(notice.body)["texts"]["en"] == "Water"
    listed = shell.says(("broadcast", "list")).splitlines()
    assert [line.split()[1:] for line in listed[1:]] == [
        ["notice", "running", "2026-11-21", "12:00", "-"],
        ["invitation", "running", "2026-11-21", "12:00", "OZT-LIGHT"],
    ]


def test_a_broadcast_is_stopped_goes_on_and_is_followed_to_its_end(shell: Shell) -> None:
    """What it cannot do any more, it says."""
    shell.inside(move_in)
    said = shell.says(("broadcast", "send", "OZT-LIGHT", "--yes"))
    id = said.split()[-1]
    for action, told in (
        ("resume", f"broadcast {id} is not paused"),
        ("pause", "Paused."),
        ("pause", f"broadcast {id} is not running"),
        ("resume", "It goes on."),
        ("cancel", "Cancelled."),
        ("cancel", f"broadcast {id} has ended already"),
    ):
        well = told[0].isupper()
        (shell.says if well else shell.refuses)(("broadcast", action, id), told)
    assert shell.says(("broadcast", "watch", id)).startswith("cancelled")
    shell.refuses(("broadcast", "watch", "77"), "there is no broadcast 77")
    assert shell.run("broadcast", "watch", "-1").returncode == 2
    assert shell.run("broadcast", "watch", str(2**63)).returncode == 2


def test_a_price_is_told_where_a_template_is_needed(shell: Shell) -> None:
    """Or that none is set."""
    shell.environment |= {
        "TACHAWOR_WHATSAPP_ACCOUNT_SID": "AC" + "0" * 32,
        "TACHAWOR_WHATSAPP_AUTH_TOKEN": "token",
        "TACHAWOR_WHATSAPP_FROM": "+212500000000",
        "TACHAWOR_WEB_PUBLIC_URL": "https://tarmigt.example",
    }
    (shell.folder / "numbers.csv").write_text("phone\n+212600000001\n+212600000002\n", "utf-8")
    words = ("list", "import", "numbers.csv", "--list", "Market", "--proof", "paper")
    shell.says(
        (*words, "--yes"),
        "Good: 2 numbers, 0 of them known already. Bad: 0 lines.",
        "The list market has them",
    )
    count = ("broadcast", "count", "OZT-LIGHT", "--lists", "market")
    shell.says(count, "2 of them need a WhatsApp template: no price set")
    shell.environment["TACHAWOR_WHATSAPP_PRICE"] = "0.5"
    shell.says(count, "2 of them need a WhatsApp template: 1.00 MAD")


def test_another_councils_people_and_broadcasts_are_asked_for_by_its_code(shell: Shell) -> None:
    """Without one, the default council is meant."""
    shell.inside(move_in)
    shell.add_council("draa", "01")
    (shell.folder / "texts.toml").write_text('fr = "Eau"\nar = "ماء"\nary = "الما"\nen = "Water"')
    notice = ("broadcast", "notice", "texts.toml", "--yes")
    shell.refuses((*notice, "--council", "draa"), "nobody fits; nothing was sent")
    shell.says(notice)
    assert "notice" in shell.says(("broadcast", "list"))
    assert "notice" not in shell.says(("broadcast", "list", "--council", "draa"))
    shell.refuses(("broadcast", "list", "--council", "rome"), "there is no council 'rome'")


async def due_in_december(app: App) -> Sequence[DuePrompts]:
    """What is planned and has come by the end of the month."""
    async with app.storage.reading() as tx:
        return await tx.rows(DuePrompts, at=NOON + 40 * 86_400_000)


def test_a_message_is_planned_for_a_later_time(shell: Shell) -> None:
    """A time that is past, or is none, is refused; nothing goes at once."""
    shell.inside(move_in)
    words = ("broadcast", "send", "OZT-LIGHT", "--yes", "--spread", "2", "--at")
    shell.refuses((*words, "2026-11-20 18:00"), "2026-11-20 18:00")
    shell.refuses((*words, "tomorrow"), "'tomorrow' is no time; write it like 2026-12-01 18:00")
    shell.refuses((*words, "2026-12-01 18:00+01:00"), "has an offset")
    shell.says((*words, "2026-12-01 18:00"), "Planned for 2026-12-01 18:00.")
    assert shell.inside(broadcast_rows) == []
    assert "2026-12-01 18:00" in shell.says(("schedule", "list"))
    (plan,) = shell.inside(due_in_december)
    assert (plan.what, plan.late, plan.spread_ms) == ("invitation", "run", 2 * 3_600_000)


def test_what_a_channel_makes_of_the_questions_is_told_with_how_grave_it_is(shell: Shell) -> None:
    """A label that is cut is a warning; a list in the place of buttons, or numbers, is a note."""
    shell.environment |= {
        "TACHAWOR_TELEGRAM_TOKEN": "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "TACHAWOR_WHATSAPP_ACCOUNT_SID": "AC" + "0" * 32,
        "TACHAWOR_WHATSAPP_AUTH_TOKEN": "token",
        "TACHAWOR_WHATSAPP_FROM": "+212500000000",
        "TACHAWOR_WEB_PUBLIC_URL": "https://tarmigt.example",
    }
    # Checks are made in the council's own language.
    changes = (
        ("OZT-LIGHT", "OZT-NEW"),
        ("طريق المدرسة", "طريق المدرسة وكل ما يوجد على جانبيها في الدوار"),
    )
    shell.says(("consultation", "add", shell.definition("poll", *changes)))
    for code, cut in (("OZT-LIGHT", False), ("OZT-NEW", True)):
        found = plain(shell.run("broadcast", "count", code).stdout).splitlines()
        warned = [line for line in found if line.startswith("!")]
        noted = [line for line in found if line.startswith("·")]
        assert len(warned) == cut
        assert not cut or "Telegram" in warned[0]
        assert all("WhatsApp" in line for line in noted)
        assert len(noted) == 3


def test_a_command_needs_a_second_person_for_as_many_as_a_page_does(shell: Shell) -> None:
    """Asked for in a member's name; done once another one has agreed, and the command is given again."""
    shell.says(("staff", "link", "--name", "Amina"))
    shell.says(("staff", "link", "--name", "Said"))
    shell.inside(move_in)
    file = shell.folder / "notice.toml"
    file.write_text('fr = "L’eau sera coupée."\n', "utf-8")
    shell.add_council("draa", "01")
    council = shell.folder / "councils" / "example.toml"
    council.write_text("second_person_from = 2\n" + council.read_text("utf-8"), "utf-8")
    words = ("broadcast", "notice", "notice.toml", "--yes")
    shell.refuses(words, "a second person has to agree; add --by NAME")
    shell.refuses((*words, "--by", "Omar"), "nobody on the staff is called 'Omar'")
    shell.refuses((*words, "--by", "Amina"), "nothing was done")
    shell.inside(second_agrees)
    shell.says((*words, "--by", "Amina"), "Begun.")
    shell.refuses((*words, "--by", "Amina"), "nothing was done")
