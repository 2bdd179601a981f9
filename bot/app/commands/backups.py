"""Commands about the whole of a deployment's data: backup, restore, copy; and what a restore holds."""

import argparse
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from bot.app.backup import saving, wishes
from bot.app.build import App, kind_folders, open_app
from bot.core.config import Config
from bot.core.console import Refusal, say
from bot.core.localtime import local
from bot.outbox import owners
from bot.outreach import held
from bot.outreach.schedule import Schedule
from storage.addresses import file_of
from storage.opening import open_storage
from storage.rows.outbox import HeldOutbox


def add_parsers(commands: Any) -> None:
    """The commands and their options."""
    saving = commands.add_parser("backup", help="save database and media into a new folder")
    saving.add_argument("path", type=Path, metavar="FOLDER", help="the folder, which is made")
    back = commands.add_parser("restore", help="fill an empty deployment from a backup")
    back.add_argument("path", type=Path, metavar="FOLDER", help="the backup")
    back.add_argument(
        "--wishes",
        type=Path,
        metavar="FILE",
        help="what citizens wished since; else the files beside the backup and of the settings",
    )
    copy = commands.add_parser("copy", help="copy a database into an empty one of either kind")
    copy.add_argument("--from", dest="source", required=True, metavar="URL", help="the database")
    copy.add_argument("--to", dest="target", required=True, metavar="URL", help="the empty one")
    outbox = commands.add_parser("outbox", help="what is held after a restore")
    actions = outbox.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="show what is held")
    for name, about in (
        ("release", "send what is held, and go on with broadcasts and plans"),
        (
            "drop",
            "send nothing of it; broadcasts that ran are over, plans that are due are left out",
        ),
    ):
        one = actions.add_parser(name, help=about)
        one.add_argument("--yes", action="store_true", help="do it; without this it is only told")


async def save(config: Config, arguments: argparse.Namespace) -> int:
    """Make a backup."""
    made = await saving.save(config, arguments.path)
    say(f"Saved {_sum(made)} into {arguments.path}, as of {made.made_at}.")
    say("The secret is not in it: keep a copy of it apart, for without it a backup cannot be used.")
    return 0


async def bring_back(config: Config, arguments: argparse.Namespace) -> int:
    """Fill an empty deployment."""
    paths = [arguments.wishes] if arguments.wishes else wishes_found(config, arguments.path)
    # Read first: a file that is damaged, or another deployment's, is said before anything is written.
    known = (
        _known(saving.read(arguments.path), paths, named=bool(arguments.wishes)) if paths else []
    )
    made = await saving.bring_back(config, arguments.path)
    say(f"Restored {_sum(made)}, as of {made.made_at}. What came after that is lost.")
    if not known:
        say(
            "There is no file of what citizens wished since (--wishes): who was erased, stopped or took something "
            "back after that is not known here. Look through your own notes before you release anything."
        )
    else:
        say(f"What citizens wished since is read from {', '.join(str(one.path) for one in known)}.")
        await _obey(config, made, known)
    say(
        "Nothing that waited then is sent before you say so: `tachawor outbox list`, then release or drop."
    )
    return 0


def wishes_found(config: Config, folder: Path) -> list[Path]:
    """The files of wishes beside a backup and where the settings say, those of them that are there."""
    paths = (folder.resolve().parent / wishes.NAME, wishes.path_of(config).resolve())
    return [path for one in dict.fromkeys(paths) for path in wishes.beside(one)]


def _known(made: saving.Manifest, paths: Sequence[Path], *, named: bool) -> list[wishes.Kept]:
    """What these files hold. Raises Refusal; of files that nobody named another deployment's are left aside."""
    found = []
    for path in paths:
        try:
            found.append(wishes.read(path, made.fingerprint, made.deployment))
        except wishes.OfAnother as error:
            if named:
                raise
            say(f"Not used: {error}.")
    return found


async def _obey(
    config: Config,
    made: saving.Manifest,
    known: Sequence[wishes.Kept],
) -> None:
    """Do what citizens wished since the backup, and say how much it was."""
    app = await open_app(config)
    try:
        done = await wishes.obey(app, {wish for one in known for wish in one.wishes})
    finally:
        await app.close()
    say(
        f"Done again: {done['erased']} erasures, {done['stopped']} stops, "
        f"{done['muted'] + done['refused'] + done['cap']} other refusals, {done['withdrawn']} contributions taken back."
    )
    saved = datetime.fromisoformat(made.made_at).timestamp() * 1000
    since, until = min(one.head.since for one in known), max(one.until for one in known)
    for one in known:
        if one.cut:
            say(
                f"{one.path} is cut off in the middle of a line: what stood behind it is not known here. "
                "Look for a whole copy, or through your own notes."
            )
    say(
        f"It is whole until {local(until):%d/%m/%Y %H:%M}: what was wished later is not known here."
    )
    if until < saved:
        say(
            "That is before the backup was made. Look for a newer file before you release anything."
        )
    if since > saved:
        say(
            f"The wishes begin on {local(since):%d/%m/%Y}, after the backup was made: "
            "look through your own notes of the time before."
        )


async def copy(config: Config, arguments: argparse.Namespace) -> int:
    """Copy one database into another one, both media folders being the same. Raises Refusal."""
    await _nobody_serves(arguments.source)
    with tempfile.TemporaryDirectory() as folder:
        own = config.storage
        source = msgspec.structs.replace(
            config, storage=_with(own, arguments.source, f"{folder}/no")
        )
        target = msgspec.structs.replace(
            config, storage=_with(own, arguments.target, f"{folder}/m")
        )
        await saving.save(source, Path(folder) / "copy")
        made = await saving.bring_back(target, Path(folder) / "copy")
    say(f"Copied {_sum(made)}. The media folder stays where it is.")
    say(
        "Nothing that waited is sent before you say so: `tachawor outbox list`, then release or drop."
    )
    return 0


async def _nobody_serves(url: str) -> None:
    """What is written after a copy would be lost with the database that is left. Raises Refusal."""
    file = file_of(url)
    if file is not None and not file.exists():
        raise Refusal(f"there is no file {file}")
    storage = await open_storage(url, kind_folders())
    try:
        serves = bool(await storage.migrated()) and await owners.serving(storage)
    finally:
        await storage.close()
    if serves:
        raise Refusal(
            "a server serves from the database that is to be copied: what it writes after the copy would "
            "be lost; end it first (on PostgreSQL it is forgotten after 20 seconds)"
        )


async def outbox(app: App, arguments: argparse.Namespace) -> int:
    """Show, release or drop what is held. Raises Refusal."""
    async with app.storage.reading() as tx:
        since = await held.since(tx)
        rows = await tx.rows(HeldOutbox)
    if not since:
        if arguments.action == "list":
            say("Nothing is held.")
            return 0
        raise Refusal("nothing is held")
    say(f"Held since a restore of what was on {since}:")
    for row in rows:
        say(
            f"  {row.n} {row.reason} on {row.channel}, the oldest of {local(row.oldest):%d/%m/%Y %H:%M}"
        )
    say("  and every broadcast that ran, and every plan, since then.")
    if arguments.action == "list":
        return 0
    if not arguments.yes:
        raise Refusal(f"add --yes to {arguments.action} all of it")
    async with app.storage.transaction() as tx:
        await (held.release if arguments.action == "release" else held.drop)(tx)
    if arguments.action == "drop":
        skipped = await Schedule(app.storage, app.result_body).skip_due()
        say(f"Dropped; {len(skipped)} plans that were due are left out.")
    else:
        say("Released.")
    return 0


def _with(own: Any, url: str, media: str) -> Any:
    return msgspec.structs.replace(own, url=url, media=media)


def _sum(made: saving.Manifest) -> str:
    rows = sum(table.rows for table in made.tables.values())
    return f"{rows} rows of {len(made.tables)} tables and {len(made.files)} files"
