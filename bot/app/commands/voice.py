"""What can be recorded, and what is: `tachawor voice list`."""

import argparse
from pathlib import Path

from bot.app.build import App
from bot.core.console import say
from bot.outbox import recordings
from flows.conversations.besides.spoken import SPOKEN
from flows.dialog.languages import LANGUAGE_NAMES
from flows.wording import catalogue
from flows.wording.text import LANGUAGES


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command to the command line."""
    voice = commands.add_parser("voice", help="recordings of what the bot says")
    actions = voice.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="every text that can be recorded, with its words")
    listed.add_argument("--language", choices=LANGUAGES, default="", help="in this language only")
    listed.add_argument("--missing", action="store_true", help="only what has no recording yet")


async def execute(app: App, arguments: argparse.Namespace) -> int:
    """Name every text that can be recorded, its file, and its words."""
    folder = Path(app.config.storage.voices) if app.config.storage.voices else None
    wanted = [arguments.language] if arguments.language else list(LANGUAGES)
    made = 0
    for language in wanted:
        say(f"\n{LANGUAGE_NAMES[language]} ({language})")
        for entry in SPOKEN:
            file = recordings.file_of(folder, language, entry) if folder is not None else None
            made += file is not None
            if file is not None and arguments.missing:
                continue
            say(f"{'✓' if file is not None else '–'} {language}/{entry}.ogg")
            # The longest form says most; what is filled in stands in the text.
            words = max(catalogue(language).entries[entry], key=len)
            say("    " + words.replace("\n", "\n    "))
    for path in recordings.unknown(folder) if folder is not None else ():
        say(f"! {path} says no text of ours; its name must be one of those above")
    say(f"\n{made} of {len(wanted) * len(SPOKEN)} are recorded.")
    if folder is None:
        say("Set [storage] voices to the folder that holds them.")
    return 0
