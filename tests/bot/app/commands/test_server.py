"""Starting and checking a deployment from a terminal."""

import socket

import pytest

from bot.app import serving
from bot.app.build import App
from storage.rows.consultations import ConsultationByCode
from tests.shell import Shell


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, str]]:
    """Where it would listen, and under which address it would say it is; it ends at once."""
    asked: list[tuple[str, int, str]] = []

    async def serve(app: App, host: str, port: int, _: frozenset[str]) -> None:
        asked.append((host, port, app.config.public_url))

    monkeypatch.setattr(serving, "serve", serve)
    return asked


def test_it_says_where_it_is_and_lets_the_first_member_of_staff_in(
    shell: Shell, served: list[tuple[str, int, str]]
) -> None:
    """On the port that is asked for; channels that are not configured are not named."""
    said = shell.says(("run", "--port", "0"), "Tachawor is running.", "Ctrl-C")
    ((host, port, address),) = served
    assert (host, address) == ("127.0.0.1", f"http://127.0.0.1:{port}")
    assert f"Chat with the bot:   {address}/\n" in said
    assert f"{address}/staff/sign-in/" in said
    assert "Telegram" not in said
    assert "WhatsApp" not in said
    assert "staff" in shell.says(("staff", "list"))


def test_a_port_that_is_taken_is_said_and_the_next_one_used(
    shell: Shell, served: list[tuple[str, int, str]]
) -> None:
    """Also where the port stands in the settings; under a public address no other is."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = shell.says(("run", "--port", str(port)))
        assert f"Port {port} is taken; using {served[0][1]}." in said
        assert port < served[0][1] <= port + 20
        shell.environment["TACHAWOR_WEB_PORT"] = str(port)
        shell.says(("run",), f"Port {port} is taken; using ")
        assert served[1][1] != port
        shell.environment["TACHAWOR_WEB_PUBLIC_URL"] = "https://tarmigt.example/"
        done = shell.run("run")
        assert done.returncode == 2
        assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
        assert len(served) == 2
    assert "taken" not in shell.says(("run", "--port", str(port)))


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_a_port_that_there_is_not_is_refused(shell: Shell, port: str) -> None:
    """By the option; in the settings it is one line, too."""
    done = shell.run("run", "--port", port)
    assert done.returncode == 2
    assert f"the port is {port}; it must be from 0 to 65535" in done.stderr
    shell.environment["TACHAWOR_WEB_PORT"] = port
    done = shell.run("run")
    assert done.returncode == 2
    assert "65535" in done.stderr


def test_the_last_port_is_one(shell: Shell, served: list[tuple[str, int, str]]) -> None:
    """The edge of what a setting allows."""
    for port in ("0", "65535"):
        shell.environment["TACHAWOR_WEB_PORT"] = port
        assert shell.run("check").returncode == 0


def test_check_names_councils_channels_and_what_no_longer_fits(shell: Shell) -> None:
    """A stored definition that this release cannot read is named, and the exit code tells."""
    said = shell.says(("check",), "council example: ", ", place 08.401.01.07\n", "Everything fits.")
    assert "telegram: not configured\nwhatsapp: not configured\n" in said
    shell.says(("consultation", "list"))

    async def spoil(app: App) -> None:
        async with app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
            assert row is not None
            await tx.run("spoil_definition", id=row.id)

    shell.inside(spoil)
    done = shell.run("check")
    assert done.returncode == 1
    assert "OZT-LIGHT: its stored definition no longer fits: " in done.stdout
    assert "1 definitions need attention." in done.stdout


def test_a_first_migration_names_its_steps_and_a_second_has_none(shell: Shell) -> None:
    """Before anything else has run."""
    assert "migrated: 0001_begin\n" in shell.says(("migrate",), "The database is up to date.")
    assert shell.says(("migrate",)) == "The database is up to date.\n"


def test_an_address_is_printed_as_one_types_it(
    shell: Shell, served: list[tuple[str, int, str]]
) -> None:
    """A host of IPv6 has brackets; none is no host; any free port is none that is taken."""
    shell.environment["TACHAWOR_WEB_HOST"] = "::1"
    said = shell.says(("run", "--port", "0"))
    assert f"http://[::1]:{served[0][1]}/\n" in said
    assert "is taken" not in said
    shell.environment["TACHAWOR_WEB_HOST"] = ""
    done = shell.run("run")
    assert done.returncode == 2
    assert "[web] host is empty; write 127.0.0.1, or 0.0.0.0" in done.stderr


def test_the_version_is_told(shell: Shell) -> None:
    """Before anything is read."""
    assert shell.says(("--version",)).startswith("tachawor ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[web]\nport = "many"', "[web] port is 'many': it must be a whole number"),
        ("[web]\nhost = 5", "[web] host is 5: it must be text, in quotes"),
        ('[telegram]\nper_second = "x"', "[telegram] per_second is 'x': it must be a number"),
        (
            '[whatsapp]\ninteractive = "x"',
            "[whatsapp] interactive is 'x': it must be true or false",
        ),
        ("web = 3", "[web] is 3: it must be a section, with its settings below it"),
        ('[storage]\nmedia = ""', "[storage] media is empty; name a folder"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_told_in_an_operators_words(
    shell: Shell, text: str, expected: str
) -> None:
    """With its name, its value and what it must be."""
    (shell.folder / "config.toml").write_text(text, "utf-8")
    done = shell.run("check")
    assert done.returncode == 2
    assert expected in done.stderr


@pytest.mark.parametrize("days", [0, 7, 3650])
def test_messages_are_kept_for_a_week_at_the_least(shell: Shell, days: int) -> None:
    """Or ten years at the most, or without end."""
    (shell.folder / "config.toml").write_text(f"[storage]\nmessages_days = {days}", "utf-8")
    assert "messages_days" not in shell.run("check").stderr
    other = {0: -1, 7: 6, 3650: 3651}[days]
    (shell.folder / "config.toml").write_text(f"[storage]\nmessages_days = {other}", "utf-8")
    done = shell.run("check")
    assert done.returncode == 2
    assert f"messages_days is {other}; it must be from 7 to 3650, or 0" in done.stderr
