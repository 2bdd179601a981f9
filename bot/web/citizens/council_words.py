"""A council's record in the words of one language, as its page and its feed show it."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from bot.core.ledger import Head
from bot.core.localtime import local
from bot.reports.printed import whole_percent
from bot.results.public_record import (
    COUNTED,
    Closed,
    Count,
    Decision,
    News,
    Open,
    Record,
)
from flows.dialog.facts import Texts
from flows.kinds import kinds
from flows.kinds.invitation import last_moment
from flows.statistics.summary import SMALLEST, Suppressed
from flows.wording import Renderer, render
from flows.wording.text import (
    WRITTEN_LANGUAGE,
    Code,
    Message,
    Text,
    Translated,
    Verbatim,
    lines,
    msg,
)

#: What a template calls a word -> its entry.
ENTRIES = {
    "skip": "public.skip",
    "language": "menu.language",
    "intro": "public.intro",
    "open": "public.open",
    "nothing_open": "menu.nothing_open",
    "take_part": "public.take_part",
    "number": "public.number",
    "share": "public.share",
    "results": "public.results",
    "no_results": "public.no_results",
    "all_results": "public.all_results",
    "decided": "public.decided",
    "example": "example.notice",
    "data": "public.data",
    "feed": "public.feed",
    "page": "public.page",
    "ledger": "public.ledger",
}


CHANGES = {
    "end": "public.changed_end",
    "languages": "public.changed_languages",
    "sending": "public.changed_sending",
    "details": "public.changed_details",
}


#: Names that are written alike in every language.
CHANNELS = {"whatsapp": "WhatsApp", "telegram": "Telegram"}


class Own(NamedTuple):
    """What an organizer wrote, and in which language, where it is not the reader's ("" if it is)."""

    text: str
    language: str


class Line(NamedTuple):
    """A row of a table: the name, how many, which share."""

    name: str
    number: str
    share: str


def ledger_says(head: Head) -> Message:
    """What is said above a head of the ledger."""
    day = date.fromisoformat(head.day).strftime("%d/%m/%Y")
    return msg("public.ledger_head", day=Code(day))


def own_in(texts: Texts, language: str, default: str) -> Own:
    """An organizer's text in a language, or in the nearest that there is."""
    reader = Renderer(language, default)
    return Own(reader.render(Translated(texts)), reader.stood_in or "")


class Words:
    """A record in a language."""

    def __init__(self, record: Record, language: str) -> None:
        self._record = record
        self._language = language
        self.say = {name: self.text(msg(id)) for name, id in ENTRIES.items()}
        self.council = self.own(record.name).text
        self.name = self.text(msg("public.name", council=Translated(record.name)))
        self.protection = self.text(msg("public.protection", smallest=SMALLEST))
        self.ledger = "" if record.ledger is None else self.text(ledger_says(record.ledger))
        contact = msg("consent.contact", contact=Translated(record.contact))
        self.contact = self.text(contact) if any(record.contact.values()) else ""
        #: The law is cited in the languages of the staff.
        self.staff_language = WRITTEN_LANGUAGE[language]
        self._closed = {one.code: one for one in record.closed}

    def text(self, text: Text) -> str:
        """A text in this language."""
        return render(text, self._language, self._record.language)

    def own(self, texts: Texts) -> Own:
        """An organizer's text, in the nearest language there is."""
        return own_in(texts, self._language, self._record.language)

    @staticmethod
    def day(at: int) -> Code:
        """The local day of a moment."""
        return Code(local(at).strftime("%d/%m/%Y"))

    def _count(self, count: Count) -> str:
        if isinstance(count, Suppressed):
            return self.text(msg("public.few", smallest=SMALLEST))
        return f"{count:,}".replace(",", "\N{NO-BREAK SPACE}")

    # ------------------------------------------------------------------ open

    def kind(self, kind: str) -> str:
        """What kind of consultation it is."""
        return self.text(kinds()[kind].label)

    def facts(self, one: Open) -> list[str]:
        """How long it takes, and until when it is open."""
        until = last_moment(one.closes_local)
        minutes: list[Message] = [msg("invitation.minutes", count=one.minutes)]
        if until is not None:
            minutes.append(msg("invitation.until", until=until))
        minutes += self._levels(one.least)
        return [self.text(fact) for fact in minutes]

    def _levels(self, least: str) -> list[Message]:
        return [COUNTED[least]] if least in COUNTED else []

    def ways(self, one: Open) -> list[tuple[str, str]]:
        """The name and the address of each way to take part."""
        found = [(CHANNELS[name], one.links[name]) for name in CHANNELS if name in one.links]
        if "web" in one.links:
            found.append(
                (self.text(msg("public.web")), f"{one.links['web']}&lang={self._language}")
            )
        return found

    # ------------------------------------------------------------------ sections of kinds

    def lines(self, parts: Sequence[Any]) -> list[Line]:
        """The rows of a table, without those that nobody is in."""
        found = []
        for part in parts:
            if part.count == 0:
                continue
            share = part.share
            shown = whole_percent(share, self._language) if isinstance(share, Decimal) else ""
            found.append(Line(self.text(part.name), self._count(part.count), shown))
        return found

    # ------------------------------------------------------------------ what has closed

    def closed(self, code: str) -> Closed | None:
        """What came of a consultation, None while it is open."""
        return self._closed.get(code)

    def when(self, one: Closed) -> str:
        """When it closed, and what counted."""
        ended = (
            msg("public.closed")
            if one.closed_at is None
            else msg("public.closed_on", day=self.day(one.closed_at))
        )
        return " ".join(self.text(said) for said in (ended, *self._levels(one.least)))

    def decided_on(self, one: Decision) -> str:
        """The day of a decision, "" where none was given."""
        if one.day is None:
            return ""
        return self.text(msg("telling.decided", day=Code(one.day.strftime("%d/%m/%Y"))))

    def changes(self, one: Closed) -> list[str]:
        """What was changed after the opening."""
        return [
            self.text(
                msg(
                    "public.changed",
                    day=self.day(change.at),
                    what=" · ".join(self.text(msg(CHANGES[kind])) for kind in change.what),
                )
            )
            for change in one.changes
        ]

    # ------------------------------------------------------------------ the feed

    def news(self) -> Iterator[News]:
        """What happened, in no order."""
        for opened in self._record.open:
            title = msg("public.feed_open", title=Translated(opened.title))
            text = Verbatim("\n".join(self.facts(opened)))
            yield News(f"{opened.code}/open", opened.opened_at, opened.code, False, title, text)
        for one in self._record.closed:
            yield from _news_of(one)
        for section, items in self._record.sections:
            for item in items:
                yield from section.news(item)


def _news_of(one: Closed) -> Iterator[News]:
    title = Translated(one.title)
    if one.closed_at is not None:
        heading = msg("public.feed_closed", title=title)
        # What is opened and closed again is news again.
        id = f"{one.code}/closed/{one.closed_at}"
        yield News(id, one.closed_at, one.code, True, heading, one.headline)
    for decision in one.decisions:
        heading = msg("public.feed_decided", title=title)
        text = lines(Translated(decision.texts))
        id = f"{one.code}/decision/{decision.id}"
        yield News(id, decision.at, one.code, True, heading, text)
