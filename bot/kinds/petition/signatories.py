"""Who has signed a petition, as a file: only for who may have identities, and with a second person."""

from collections.abc import Mapping
from datetime import datetime
from importlib import metadata

import msgspec

from bot.core.councils import head_of
from bot.core.localtime import local, local_day, now_ms
from bot.core.vault import Unreadable, Vault
from bot.kinds.petition.rows import Signatories
from bot.reports.rendered import Heading, Item, printable
from bot.reports.streams import Row as Cells
from bot.results.making import FileKind, Made, Making
from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.wording import Renderer
from flows.wording.text import Code, Text, Translated, Verbatim, msg, stand_in

COLUMNS = (
    ("name", msg("petition.label.name"), "text"),
    ("cin", msg("petition.label.cin"), "code"),
    ("address", msg("petition.label.address"), "text"),
    ("commune", msg("need.label.commune"), "text"),
    ("source", msg("signatories.source"), "text"),
    ("line", msg("signatories.line"), "text"),
    ("day", msg("summary.day"), "date"),
    ("invalid", msg("signatories.invalid"), "text"),
)


async def _make(making: Making) -> Made:
    async with making.storage.reading() as tx:
        consultation = await making.consultation(tx)
    title = head_of(consultation).title
    table = SignatoriesTable(making.vault, making.council, title, making.row.language)
    rows = making.rows(Signatories, consultation_id=consultation.id)
    about = table.about(consultation.code, local(now_ms()))
    return await making.streamed(about, table.columns, map(table.row, rows))


class SignatoriesTable:
    """Turns sealed signatures into the rows of a file in one language."""

    def __init__(
        self, vault: Vault, council: Council, title: Mapping[str, str], language: str
    ) -> None:
        self._vault = vault
        self._council = council
        self._title = title
        self._renderer = Renderer(language, stand_in(language))
        self.columns = tuple(Heading(id, self._say(title), kind) for id, title, kind in COLUMNS)

    def _say(self, text: Text) -> str:
        if isinstance(text, Verbatim | Code):
            return printable(text.text)
        return printable(self._renderer.render(text))

    def about(self, code: str, made_at: datetime) -> tuple[Item, ...]:
        """What the file says about itself."""
        product = msg("report.product", version=Code(metadata.version("tachawor")))
        return (
            Item("what", self._say(msg("report.what_label")), self._say(msg("signatories.title"))),
            Item(
                "title", self._say(msg("report.consultation")), self._say(Translated(self._title))
            ),
            Item("code", self._say(msg("staff.code")), code, "code"),
            Item(
                "council",
                self._say(msg("report.council")),
                self._say(Translated(self._council.name)),
            ),
            Item("made_at", self._say(msg("report.made_at")), made_at, "date"),
            Item(
                "identities",
                self._say(msg("downloads.identities")),
                self._say(msg("button.yes")),
            ),
            Item("version", self._say(msg("report.version")), self._say(product)),
        )

    def row(self, row: Signatories) -> Cells:
        """A signature as a row. One that cannot be opened any more says so."""
        try:
            text = self._vault.open(row.sealed, f"signatures/{row.id}")
            person = msgspec.json.decode(text)
        except Unreadable:
            person = {"name": self._say(msg("signatories.unreadable")), "cin": "", "address": ""}
        paper = row.source == "paper"
        both = row.on_paper and not paper
        source = "both" if both else "paper" if paper else "chat"
        return (
            person["name"],
            person["cin"],
            person["address"],
            self._say(place_name(row.commune)) if row.commune else None,
            self._say(msg(f"signatories.{source}")),
            row.line or None,
            local_day(row.at),
            row.invalid_reason,
        )


FILE = FileKind(
    "signatures",
    ("xlsx", "csv", "json"),
    _make,
    of="petition",
    named=True,
    title=msg("downloads.signatures"),
)
