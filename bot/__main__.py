"""The command line: `tachawor`, also `python -m bot`."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.core.config import Config, ConfigError, load
from bot.core.localtime import WrongZone
from storage.database import StorageError


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="tachawor",
        description="Consult the citizens of a council on Telegram, WhatsApp and the web.",
        epilog="Settings come from config.toml and TACHAWOR_* variables; see config.example.toml.",
    )
    top.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="the settings (default: config.toml, if it is there)",
    )
    top.add_argument("--verbose", action="store_true", help="say more about what happens")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="start the bot, the chat page and the staff page")
    run.add_argument("--port", type=int, help="listen on this port instead of [web] port")
    talk = commands.add_parser("talk", help="talk to the bot in this terminal")
    talk.add_argument("code", nargs="?", default="", help="begin with this consultation")
    talk.add_argument("--journal", type=Path, metavar="FILE", help="save the session as a test")
    commands.add_parser("check", help="check the configuration, councils and definitions")
    commands.add_parser("migrate", help="bring the database up to date")
    _consultation_commands(commands)
    summary = commands.add_parser("summary", help="write the summary of a consultation to a file")
    summary.add_argument("code", help="the consultation's code")
    summary.add_argument("--format", choices=("pdf", "xlsx", "csv", "json", "png"), default="xlsx")
    summary.add_argument("--language", choices=("ar", "fr", "en"), default="fr")
    summary.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    ledger = commands.add_parser("ledger", help="write the ledger of signatures and results")
    ledger.add_argument("--council", default="", metavar="CODE", help="which council")
    ledger.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    staff = commands.add_parser("staff", help="staff: sign-in links, roles, end of access")
    staff_commands = staff.add_subparsers(dest="action", required=True, metavar="ACTION")
    link = staff_commands.add_parser("link", help="print a one-time sign-in link (10 minutes)")
    link.add_argument("--council", default="", metavar="CODE", help="which council")
    link.add_argument("--name", default="staff", help="whose link it is (default: staff)")
    link.add_argument(
        "--role",
        choices=("reader", "clerk", "organizer", "data", "admin"),
        default="",
        help="what they may do from now on (who is new and has none: admin)",
    )
    chat = staff_commands.add_parser("chat", help="print a link that makes a chat their own")
    chat.add_argument("--council", default="", metavar="CODE", help="which council")
    chat.add_argument("--name", default="staff", help="whose chat it becomes (default: staff)")
    listed = staff_commands.add_parser("list", help="who works for a council, and as what")
    listed.add_argument("--council", default="", metavar="CODE", help="which council")
    for name, words in (
        ("role", "change what somebody may do"),
        ("end", "end somebody's access: every session and link of theirs at once"),
    ):
        one = staff_commands.add_parser(name, help=words)
        one.add_argument("--name", required=True, help="whose")
        if name == "role":
            one.add_argument("role", choices=("reader", "clerk", "organizer", "data", "admin"))
        one.add_argument("--council", default="", metavar="CODE", help="which council")
    from bot.app.commands import broadcasts, lists, petitions

    broadcasts.add_parsers(commands)
    lists.add_parsers(commands)
    petitions.add_parsers(commands)
    return top


def _consultation_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    consultation = commands.add_parser("consultation", help="check, add, list, open, close, qr")
    actions = consultation.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, words in (
        ("check", "say what is wrong with definitions, and change nothing"),
        ("add", "add consultations as drafts"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("files", nargs="+", type=Path, metavar="FILE", help="TOML definitions")
    actions.add_parser("list", help="list the consultations")
    for name, words in (
        ("open", "open a consultation, and plan what its definition asks for"),
        ("close", "close a consultation"),
        ("archive", "put a closed consultation away; it keeps everything"),
        ("delete", "delete a draft that nobody has met"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("code")
        if name == "open":
            action.add_argument("--yes", action="store_true", help="do not ask before inviting")
    copied = actions.add_parser("copy", help="copy a consultation as a new draft")
    copied.add_argument("code")
    copied.add_argument("new_code", metavar="NEW-CODE")
    amended = actions.add_parser(
        "amend", help="change an opened one: a later end, more languages, what is sent"
    )
    amended.add_argument("file", type=Path, metavar="FILE")
    qr = actions.add_parser("qr", help="print links, and write a QR code for a poster")
    qr.add_argument("code")
    qr.add_argument("-o", "--output", type=Path, metavar="FILE", help="an .svg or .png file")
    qr.add_argument("--channel", default="web", help="telegram, whatsapp or web (default)")


def settings(arguments: argparse.Namespace) -> Config:
    """The settings that the command line asks for."""
    path: Path | None = arguments.config
    if path is None and "TACHAWOR_CONFIG" in os.environ:
        path = Path(os.environ["TACHAWOR_CONFIG"])
    if path is None and Path("config.toml").exists():
        path = Path("config.toml")
    return load(path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit code: 0 done, 1 refused, 2 wrong settings or usage."""
    arguments = parser().parse_args(argv)
    level = logging.INFO if arguments.verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    from bot.app import serving
    from bot.app.commands import consultations as commands

    try:
        config = settings(arguments)
        return serving.run(commands.execute(arguments, config))
    except (ConfigError, StorageError, WrongZone) as error:
        print(f"tachawor: {error}", file=sys.stderr)
        return 2
    except commands.Refusal as error:
        print(f"tachawor: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
