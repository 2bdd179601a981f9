"""What citizens would stumble over, told before anything is sent, and what is done about it.

Findings are "stop" (it cannot go like this), "warn" (it can, and somebody should look) or "note"
(how a channel copes with it).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from bot.consultations import listing
from bot.consultations.previewing import Previewer
from bot.core.councils import ConsultationRow, head_of, is_open, phases_of
from bot.core.localtime import moment, now_ms
from bot.outreach import templates
from bot.outreach.audiences import Reach, WrongAudience
from bot.outreach.broadcasts import reach
from bot.outreach.recurrence import next_after
from bot.outreach.schedule import span_of
from flows.dialog.definition import shortened
from flows.dialog.facts import Council
from flows.dialog.fields import Field, fields_of, incomplete_choices, spoken, walk
from flows.dialog.languages import LANGUAGE_NAMES
from flows.dialog.outreach import Audience
from flows.kinds import kinds
from flows.kinds.sensitive import seems_sensitive
from flows.wording.text import (
    LANGUAGES,
    Code,
    Lines,
    Message,
    Text,
    Translated,
    Value,
    Verbatim,
    msg,
)
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.lists import ListsOf, RollsOf

#: How gravity is shown where there are no colours.
MARKS = {"stop": "×", "warn": "!", "note": "·"}

#: What staff may send about a consultation by hand.
MESSAGES = ("invitation", "reminder", "last")

#: How WhatsApp may stand to a template; whatever else it says, it has not approved it.
STATES = frozenset(
    {"none", "received", "approved", "rejected", "paused", "disabled", "unsubmitted"}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know: how grave it is, and what it is, for staff in their language."""

    level: str
    text: Text


def _nobody(audience: Audience) -> Text:
    """Why a message would reach nobody: no condition is too many where there is none."""
    return msg("check.nobody_yet" if audience == Audience() else "check.nobody")


@dataclass(frozen=True, slots=True)
class Checker:
    """Looks at what staff are about to send."""

    previewer: Previewer

    async def of_consultation(
        self,
        tx: Transaction,
        row: StoredConsultation,
        what: str = "invitation",
        audience: Audience | None = None,
        *,
        sending: bool = True,
        incomplete: bool = False,
    ) -> tuple[list[Finding], Reach | None]:
        """What there is to know before a consultation's message goes to an audience, and how many that is.

        Without an audience the definition's own is taken. `sending`: it goes now, so that there must be
        somebody to get it. `incomplete`: choices may lack a language.
        """
        head = head_of(row)
        council = self.previewer.register.council(row.council_id)
        strict = row.state == "draft" and not incomplete
        found = [*_texts(row, strict=strict), *_stumbles(row, council), *self._channels(row)]
        found += await _lists(tx, row)
        found += await _roll(tx, row)
        found += await _at_once(tx, row)
        found += _times(row)
        wanted = audience if audience is not None else head.outreach.audience
        try:
            people = await reach(tx, self.previewer.register, row.council_id, what, wanted, row)
        except WrongAudience as error:
            found.append(Finding("stop", msg("check.audience", problem=Verbatim(str(error)))))
            return found, None
        if not people.people:
            found.append(Finding("stop" if sending else "warn", _nobody(wanted)))
        found += await self._templates(tx, what, people)
        return found, people

    async def of_notice(
        self, tx: Transaction, council_id: int, audience: Audience
    ) -> tuple[list[Finding], Reach | None]:
        """What there is to know before a message of the council's own goes to an audience."""
        try:
            people = await reach(tx, self.previewer.register, council_id, "notice", audience, None)
        except WrongAudience as error:
            return [Finding("stop", msg("check.audience", problem=Verbatim(str(error))))], None
        found = [] if people.people else [Finding("stop", _nobody(audience))]
        return found + await self._templates(tx, "notice", people), people

    async def _templates(self, tx: Transaction, what: str, people: Reach) -> list[Finding]:
        """Templates that WhatsApp has not approved, where somebody needs them."""
        if "whatsapp" not in self.previewer.channels or not people.outside:
            return []
        languages = [code for code in people.languages if code] or ["ar"]
        return [
            Finding(
                "warn",
                msg(
                    "check.template",
                    count=people.outside,
                    template=templates.NAMES[what],
                    language=Verbatim(LANGUAGE_NAMES.get(language, language)),
                    state=msg(f"template.{state if state in STATES else 'pending'}"),
                ),
            )
            for language, state in await templates.missing(tx, what, languages)
        ]

    def _channels(self, row: StoredConsultation) -> Iterator[Finding]:
        """How each channel copes with the questions."""
        council = self.previewer.register.council(row.council_id)
        told: set[tuple[str, str, object]] = set()
        for preview in self.previewer.consultation(row, council.language):
            if preview.key in ("invitation", "send", "again"):
                continue
            question = _beginning(preview.title)
            labels = tuple(button.label for button in preview.message.buttons)
            for channel, shown in preview.channels.items():
                many = len(preview.message.buttons)
                for note in (
                    (shown.form,) if shown.form != "buttons" and many > 1 else ()
                ) + shown.notes:
                    if note not in ("list", "numbers", "cut", "split", "no_files"):
                        continue
                    # The same choices are shown the same way wherever they stand: said once.
                    about = labels if note in ("list", "numbers") else preview.key
                    if (channel, note, about) in told:
                        continue
                    told.add((channel, note, about))
                    level = "warn" if note in ("cut", "no_files") else "note"
                    name = msg(f"channel.{channel}")
                    said: dict[str, Value] = {"channel": name, "question": question}
                    if note == "no_files":
                        said["setting"] = Code("[web] public_url")
                    yield Finding(level, Message(f"check.{note}", said, many))


def _beginning(text: Text) -> Text:
    """What a question begins with, where a whole text stands before it."""
    while isinstance(text, Lines) and text.parts:
        # Words of ours that say nothing of this question are not what it begins with.
        about = (one for one in text.parts if not isinstance(one, Message) or one.values)
        text = next(about, text.parts[0])
    return shortened(dict(text.texts)) if isinstance(text, Translated) else text


#: What is said of a choice that keeps a draft from opening.
INCOMPLETE = "check.choice_missing"


def is_incomplete(found: Iterable[Finding]) -> bool:
    """Whether a choice that lacks a language is among what was found."""
    return any(isinstance(one.text, Message) and one.text.id == INCOMPLETE for one in found)


def _texts(row: StoredConsultation, *, strict: bool) -> Iterator[Finding]:
    """Languages that are missing, and questions that the law protects.

    `strict`: with a choice that lacks a language it cannot open.
    """
    definition = msgspec.json.decode(row.definition)
    fields = fields_of(kinds()[row.kind].definition)
    choices = {path: missing for path, _, missing in incomplete_choices(fields, definition)}
    have = spoken(definition["title"])
    for path, one, value in walk(fields, definition):
        if one.shape == "group" and any(inner.name == "sensitive" for inner in one.fields):
            yield from _protected(one.fields, value)
        if one.shape != "texts" or one.is_file or not value:
            continue
        stops = strict and path in choices
        missing = choices.get(path, have - spoken(value))
        for code in sorted(missing, key=LANGUAGES.index):
            said: dict[str, Value] = {
                "where": shortened(value),
                "language": Verbatim(LANGUAGE_NAMES[code]),
            }
            if stops:
                yield Finding("stop", Message(INCOMPLETE, said))
            else:
                yield Finding("warn", Message("check.text_missing", said))
    lacking = [code for code in LANGUAGES if code not in have]
    if lacking:
        names = " · ".join(LANGUAGE_NAMES[code] for code in lacking)
        yield Finding("note", msg("check.languages", languages=Verbatim(names)))


def _protected(fields: Sequence[Field], question: Mapping[str, Any]) -> Iterator[Finding]:
    """What of a question, and of its choices, seems to ask for what the law protects."""
    if question.get("sensitive"):
        return
    for _, one, texts in walk(fields, question):
        if one.shape == "texts" and not one.is_file and seems_sensitive(texts.values()):
            yield Finding("warn", _sensitive(texts))


def _sensitive(texts: Mapping[str, str]) -> Text:
    return msg("check.sensitive", question=Translated(texts), setting=Code("sensitive = true"))


def _stumbles(row: StoredConsultation, council: Council) -> Iterator[Finding]:
    """What only the kind of a consultation knows of."""
    for one in kinds()[row.kind].stumbles(head_of(row), council):
        yield Finding(one.level, one.text)


async def _lists(tx: Transaction, row: StoredConsultation) -> list[Finding]:
    """Phases for who is on a list that the council does not have, or that is empty."""
    wanted = {code for phase in phases_of(row) for code in phase.lists}
    if not wanted:
        return []
    kept = {one.code: one.members for one in await tx.rows(ListsOf, council_id=row.council_id)}
    there = Verbatim(", ".join(sorted(kept)) or "–")
    missing = [
        Finding("stop", msg("check.no_list", code=Code(code), there=there))
        for code in sorted(wanted - set(kept))
    ]
    empty = [code for code in sorted(wanted & set(kept)) if not kept[code]]
    return missing + [Finding("warn", msg("check.empty_list", code=Code(c))) for c in empty]


async def _at_once(tx: Transaction, row: StoredConsultation) -> list[Finding]:
    """Something else of the council's to which the same people are to come at the same time."""
    own = _held(row)
    if own is None or row.state not in ("draft", "open"):
        return []
    found = []
    for other in await listing.consultations_of(tx, row.council_id):
        there = _held(other) if other.state in ("draft", "open") and other.id != row.id else None
        if there is None or not (there[0] < own[1] and own[0] < there[1]):
            continue
        audiences = (head_of(row).outreach.audience, head_of(other).outreach.audience)
        if audiences[0] == audiences[1] or Audience() in audiences:
            title = Translated(head_of(other).title)
            found.append(Finding("warn", msg("check.at_once", code=Code(other.code), title=title)))
    return found


def _held(row: ConsultationRow) -> tuple[datetime, datetime] | None:
    held = kinds()[row.kind].held
    return held(head_of(row)) if held is not None else None


async def _roll(tx: Transaction, row: StoredConsultation) -> list[Finding]:
    """A roll that the council does not have, or on which nobody is."""
    wanted = head_of(row).roll
    if not wanted:
        return []
    kept = {one.code: one.numbers for one in await tx.rows(RollsOf, council_id=row.council_id)}
    if wanted not in kept:
        there = Verbatim(", ".join(sorted(kept)) or "–")
        return [Finding("stop", msg("check.no_roll", code=Code(wanted), there=there))]
    if not kept[wanted]:
        return [Finding("stop", msg("check.empty_roll", code=Code(wanted)))]
    return [Finding("note", msg("check.roll", count=kept[wanted], code=Code(wanted)))]


def _times(row: StoredConsultation) -> Iterator[Finding]:
    now = now_ms()
    if row.closes_at is not None and row.closes_at <= now:
        yield Finding("stop", msg("check.past"))
    elif row.state == "open" and not is_open(row, now) and row.opens_at:
        yield Finding("note", msg("check.opens_later"))
    if row.state == "draft":
        span = span_of(row, now)
        for reminder in head_of(row).outreach.reminders:
            wall = next_after(reminder, 0, span)
            late = row.closes_at is not None and wall and moment(wall) >= row.closes_at
            if wall is None or moment(wall) <= now or late:
                when = Code(f"{wall:%d/%m/%Y %H:%M}") if wall else Code("-")
                yield Finding("warn", msg("check.reminder", when=when))
