"""What citizens would see of a consultation, on each channel, before anything is sent.

definition -> the conversation, answered with anything that fits -> every question -> Shown
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.channels.port import Channel, OutgoingMessage, Shown
from bot.core.contact import Contact, Conversation, Person
from bot.core.councils import Register, facts_of
from bot.core.localtime import local_day, now_ms
from bot.core.vault import Vault
from bot.outbox.composing import Composer
from bot.outreach.message_texts import MessageTexts, Recipient, Said
from flows.dialog import replay
from flows.dialog.dialog import Ask, Flow, Json, Option, Reply
from flows.dialog.facts import Council, Facts, Own, Shared
from flows.dialog.replay import Journal
from flows.kinds import kinds
from flows.wording.text import LANGUAGES, Text, Verbatim
from storage.rows import StoredBroadcast, StoredConsultation

#: Words that some open question takes: a text, a number, a day, a name, a card, "that is all".
ANYTHING = ("3", "Avenue Mohammed V", "2026-12-01", "01/12/2026", "1", "0", "safi", "KB204971")

#: Most questions that are walked through.
MOST = 80

#: What the look-ups of any flow find while a conversation is only walked through; a kind says it of its own.
FINDINGS: Mapping[str, Json] = {"share_links": [], "open_consultations": []}


@dataclass(frozen=True, slots=True)
class Preview:
    """One message: its question's key ("invitation" for the first), and how each channel shows it."""

    key: str
    title: Text
    message: OutgoingMessage
    channels: Mapping[str, Shown]


@dataclass(frozen=True, slots=True)
class Previewer:
    """Shows messages as the channels of a deployment would."""

    register: Register
    vault: Vault
    channels: Mapping[str, Channel]

    def consultation(self, row: StoredConsultation, language: str) -> list[Preview]:
        """The invitation and every question of a consultation, in one language."""
        council = self.register.council(row.council_id)
        said = Said("invitation", "{}", row.council_id)
        found = [self._preview("invitation", Verbatim(""), self._message(said, row, language))]
        contact = _contact(language)
        for asked in questions_of(council, row):
            out = Composer(contact, self.vault, council.language)
            out.ask(_conversation(row, council), asked)
            found.append(self._preview(asked.key, asked.prompt, out.message()))
        return found

    def broadcast(
        self, row: StoredBroadcast, consultation: StoredConsultation | None, language: str
    ) -> Preview:
        """A broadcast's own message."""
        said = Said(row.what, row.body, row.council_id)
        return self._preview(row.what, Verbatim(""), self._message(said, consultation, language))

    def _message(
        self, said: Said, consultation: StoredConsultation | None, language: str
    ) -> OutgoingMessage:
        texts = MessageTexts(self.register, self.vault, said, consultation, now_ms())
        return texts.message(Recipient(1, 1, language, "web", "web", "preview"))

    def _preview(self, key: str, title: Text, message: OutgoingMessage) -> Preview:
        ways = {name: channel for name, channel in self.channels.items() if name != "terminal"}
        shown = {name: channel.shows(message) for name, channel in ways.items()}
        return Preview(key, title, message, shown)


def spoken(broadcast: StoredBroadcast, consultation: StoredConsultation | None) -> list[str]:
    """The languages that a broadcast's own words have, in our order."""
    body = msgspec.json.decode(broadcast.body)
    texts = body.get("texts") or body.get("headline")
    if texts is None and consultation is not None:
        texts = msgspec.json.decode(consultation.definition)["title"]
    return [code for code in LANGUAGES if (texts or {}).get(code)]


def _contact(language: str) -> Contact:
    return Contact(
        Person(1, 0, language=language), "web", "web", "preview", 1, "open", 0, False, []
    )


def _conversation(row: StoredConsultation, council: Council) -> Conversation:
    return Conversation(
        1, 1, row.kind, row.id, "", _facts(row, council), Journal(), "open", 0, 0, 0
    )


def _facts(row: StoredConsultation, council: Council) -> Facts:
    shared = Shared(local_day(now_ms()), council, facts_of(row))
    return Facts(shared, Own(proposed=council.language, agreed=True))


def opening_of(council: Council, row: StoredConsultation) -> list[Text]:
    """What whoever opens a consultation reads before its first question."""
    facts = _facts(row, council)
    flow: Callable[[], Flow[Any]] = lambda: kinds()[row.kind].conversation(facts)  # noqa: E731
    findings = {**FINDINGS, **kinds()[row.kind].walked}
    return [one.text for one in _settled(flow, replay.run(flow), findings).said]


def questions_of(council: Council, row: StoredConsultation) -> list[Ask[Any]]:
    """Every question that can be reached by answering, each once.

    Each choice of a question is tried in turn, so what is asked only after some answers is found
    as well.
    """
    facts = _facts(row, council)
    flow: Callable[[], Flow[Any]] = lambda: kinds()[row.kind].conversation(facts)  # noqa: E731
    findings = {**FINDINGS, **kinds()[row.kind].walked}
    seen: dict[str, Ask[Any]] = {}
    waiting = [_settled(flow, replay.run(flow), findings)]
    while waiting and len(seen) < MOST:
        turn = waiting.pop()
        asked = turn.asked
        if asked is None or asked.key in seen or _stands_in(asked, seen.values()):
            continue
        seen[asked.key] = asked
        waiting += list(_answered(flow, turn.journal, asked, findings))
    return list(seen.values())


def _stands_in(asked: Ask[Any], seen: Iterable[Ask[Any]]) -> bool:
    """Whether it is an earlier question that comes again under its next number, as it was."""
    stem, _, number = asked.key.rpartition(".")
    return number.isdecimal() and any(
        other.key.rpartition(".")[0] == stem
        and (other.prompt, other.answer.options) == (asked.prompt, asked.answer.options)
        for other in seen
    )


def _settled(
    flow: Callable[[], Flow[Any]], turn: replay.Turn[Any], findings: Mapping[str, Json]
) -> replay.Turn[Any]:
    while turn.wanted is not None:
        finding = findings.get(turn.wanted.request.name)
        turn = replay.found(flow, turn.journal, turn.wanted, finding)
    return turn


def _answered(
    flow: Callable[[], Flow[Any]], journal: Journal, asked: Ask[Any], findings: Mapping[str, Json]
) -> Iterator[replay.Turn[Any]]:
    """What comes after each answer that the question takes."""
    options: tuple[Option, ...] = asked.answer.options
    replies = [Reply(tap=option.id) for option in options]
    if not options or asked.answer.wants - {"text"} or asked.answer.optional:
        replies += [Reply(text=text) for text in ANYTHING]
    taken = 0
    for reply in replies:
        turn = _settled(flow, replay.run(flow, journal, reply), findings)
        if turn.trouble is None and turn.asked is not None and turn.asked.key != asked.key:
            taken += 1
            yield turn
        if taken and not reply.tap:
            return
    if not taken:
        for text in ANYTHING:
            turn = _settled(flow, replay.run(flow, journal, Reply(text=text)), findings)
            if turn.trouble is None and turn.asked is not None and turn.asked.key != asked.key:
                yield turn
                return
