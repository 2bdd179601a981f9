"""Commands that write what came of a consultation, and what was done, to a file: summary, ledger, audit."""

import argparse
from pathlib import Path

import msgspec

from bot.app.build import App
from bot.app.commands.console import council_code
from bot.core.console import Refusal, find_consultation, say
from bot.reports.rendered import sidecar
from bot.results.shown import releases
from bot.staff import audit_chain
from storage.rows.staff import LedgerOf


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    summary = commands.add_parser("summary", help="write the summary of a consultation to a file")
    summary.add_argument("code", help="the consultation's code")
    summary.add_argument("--format", choices=("pdf", "xlsx", "csv", "json", "png"), default="xlsx")
    summary.add_argument("--language", choices=("ar", "fr", "en"), default="fr")
    summary.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    ledger = commands.add_parser("ledger", help="write the ledger of signatures and results")
    ledger.add_argument("--council", default="", metavar="CODE", help="which council")
    ledger.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    log = commands.add_parser("audit", help="write the audit log, to check it against the ledger")
    log.add_argument("--council", default="", metavar="CODE", help="which council")
    log.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")


async def summary(app: App, arguments: argparse.Namespace) -> int:
    """Write a summary to a file."""
    output: Path = arguments.output
    async with app.storage.reading() as tx:
        row = await find_consultation(app.register, tx, arguments.code)
    say(f"Reading the responses to {row.code} ...")
    content = await releases.file_of(
        app.storage, app.register, row, arguments.format, arguments.language
    )
    _write(output, content)
    say(f"Wrote {output} ({len(content)} bytes)")
    say("SHA-256, to check with sha256sum -c:")
    say(sidecar(output.name, content).rstrip())
    return 0


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refusal(f"cannot write {path}: {error.strerror}") from None


async def write_ledger(app: App, arguments: argparse.Namespace) -> int:
    """Write a council's ledger, one entry a line, and print its head."""
    council_id = _council_id(app, arguments)
    async with app.storage.reading() as tx:
        rows = await tx.rows(LedgerOf, council_id=council_id)
    entries = [{"number": r.number, "entry": r.entry, "head": r.head} for r in rows]
    _write(arguments.output, b"".join(msgspec.json.encode(e) + b"\n" for e in entries))
    say(f"Wrote {arguments.output}: {len(rows)} entries, head {rows[-1].head if rows else '-'}")
    return 0


async def write_audit(app: App, arguments: argparse.Namespace) -> int:
    """Write a council's audit log, one row a line, as the ledger's entries have it."""
    rows = [line async for line in audit_chain.lines(app.storage, _council_id(app, arguments))]
    _write(arguments.output, b"".join(rows))
    arguments.output.chmod(0o600)
    say(f"Wrote {arguments.output}: {len(rows)} rows")
    return 0


def _council_id(app: App, arguments: argparse.Namespace) -> int:
    code = council_code(app, arguments)
    return next(id for id, council in app.register.all().items() if council.code == code)
