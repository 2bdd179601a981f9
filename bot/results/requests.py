"""Files that staff ask for: what there is in which formats; asked for, and followed.

`downloads` makes them.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.localtime import local_day, now_ms
from bot.results.summaries import TYPES
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredDownload
from storage.rows.downloads import Download, DownloadsBy

#: Languages of a file.
LANGUAGES = ("ar", "fr", "en")


async def ask(
    tx: Transaction,
    council_id: int,
    staff_id: int,
    what: str,
    object: str,
    format: str,
    language: str,
    *,
    filters: Mapping[str, Any],
    identities: bool,
) -> int:
    """Want a file. Returns its number."""
    id = new_id()
    await tx.run(
        "add_download",
        id=id,
        council_id=council_id,
        staff_id=staff_id,
        what=what,
        object=object,
        format=format,
        language=language,
        filters=msgspec.json.encode(filters).decode(),
        identities=int(identities),
        at=now_ms(),
    )
    return id


async def requests_of(tx: Transaction, staff_id: int, most: int) -> list[DownloadsBy]:
    """The last files that a member of staff asked for, newest first, with how far they are."""
    return await tx.rows(DownloadsBy, staff_id=staff_id, most=most)


async def request(tx: Transaction, staff_id: int, id: int) -> Download | None:
    """One such file. None if somebody else asked for it, or nobody."""
    row = await tx.row(Download, id=id)
    return row if row is not None and row.staff_id == staff_id else None


def ending(what: str, format: str) -> str:
    """How the name of a file ends."""
    return "zip" if _packed(what, format) else _written_as(format)


def media_type(what: str, format: str) -> str:
    """The media type of a file."""
    return "application/zip" if _packed(what, format) else TYPES[_written_as(format)]


def _written_as(format: str) -> str:
    """Cross tables are a workbook."""
    return "xlsx" if format == "cross" else format


def _packed(what: str, format: str) -> bool:
    """Whether it is several files in one: row data has its code book beside it, but in a workbook."""
    return format == "flow" or (what == "rows" and format != "xlsx")


def file_name(row: StoredDownload) -> str:
    """What the file is called where it is saved."""
    day = local_day(now_ms()).isoformat()
    subject = row.object or row.what
    marked = "-identities" if row.identities else ""
    kept = "-rows" if row.what == "rows" else "-cross" if row.format == "cross" else ""
    return f"{subject}{kept}{marked}-{day}.{ending(row.what, row.format)}".replace("/", "-")
