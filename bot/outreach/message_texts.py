"""What a message that we begin says to one citizen: the words, the buttons, the template.

    broadcast, or what staff wrote + recipient -> Intent

An invitation is the first question of the conversation `flows.kinds.invitation`; it is not stored until
somebody answers. Its buttons carry the message's own id in the place of a conversation's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

import msgspec

from bot.channels.port import OutgoingMessage, OutMedia
from bot.core.contact import Contact, Conversation, Person
from bot.core.councils import Register, facts_of, head_of
from bot.core.localtime import local_day
from bot.core.vault import Vault
from bot.outbox.composing import Composer
from bot.outreach.audiences import ASKING
from flows.conversations import status_notices
from flows.conversations.index import conversations
from flows.dialog import replay
from flows.dialog.dialog import Ask
from flows.dialog.effects import Effect
from flows.dialog.facts import Council, Facts, Own, Shared
from flows.dialog.replay import Journal, Turn
from flows.wording import render
from flows.wording.text import Text, Translated, Verbatim, lines, msg
from storage.rows import StoredConsultation

#: Why an invitation comes, as its conversation calls it.
REMINDERS: Mapping[str, Literal["", "reminder", "last"]] = {
    "reminder": "reminder",
    "last": "last",
}

#: The key of the first question of the conversations that our messages begin.
FIRST: Mapping[str, str] = {"invitation": "what", "reply": "answer"}

#: What of a reply's body its conversation knows.
REPLY = ("text", "phrase", "status", "excerpt", "speaker", "until", "same")

#: A template's variable is one line, and not long.
LONGEST_VARIABLE = 550


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a message goes to; `id` is the message's own."""

    id: int
    person_id: int
    language: str | None
    channel: str
    account: str
    address: str
    later: bool = False
    letters: str = ""


class Said(NamedTuple):
    """What is said to many, or to one: what it is ("reply" from staff), its body (JSON), whose it is."""

    what: str
    body: str
    council_id: int


class MessageTexts:
    """Finds the words of one broadcast; what all recipients share is worked out once."""

    def __init__(
        self,
        register: Register,
        vault: Vault,
        said: Said,
        consultation: StoredConsultation | None,
        at: int,
    ) -> None:
        self._vault = vault
        self._recorded = register.recorded
        self._what: str = said.what
        self._body: Mapping[str, Any] = msgspec.json.decode(said.body)
        self._council: Council = register.council(said.council_id)
        self._shared = Shared(
            local_day(at),
            self._council,
            facts_of(consultation) if consultation is not None else None,
        )
        self._title = Translated(head_of(consultation).title) if consultation is not None else None
        self._asked: dict[bool, Ask[Any]] = {}
        self._variables: dict[str, Mapping[str, str]] = {}

    @property
    def asks(self) -> bool:
        """Whether the message ends with a question."""
        return self._what in ASKING or self._what == "reply"

    def message(self, to: Recipient) -> OutgoingMessage:
        """The message to one citizen."""
        language = to.language or self._council.language
        person = Person(to.person_id, 0, language=language, letters=to.letters)
        contact = Contact(person, to.channel, to.account, to.address, 0, "open", 0, False, [])
        out = Composer(contact, self._vault, self._council.language, self._recorded)
        if self.asks:
            conversation, asked = self.question(to)
            out.ask(conversation, asked)
        else:
            out.tell(self._text())
            out.offers_menu = True
        message = out.message()
        return msgspec.structs.replace(
            message,
            media=(*message.media, *self._files(message.language)),
            template=f"tachawor_{self._template()}",
            variables=self._variables_in(message.language),
        )

    def _template(self) -> str:
        """The approved template that says it where nothing else may go."""
        if self._what == "reply" and self._body.get("status"):
            return "status"
        return {"last": "reminder", "news": "notice"}.get(self._what, self._what)

    def question(self, to: Recipient) -> tuple[Conversation, Ask[Any]]:
        """The conversation that an answer begins, and its first question."""
        own = own_of(self._what, self._council, later=to.later, body=self._body)
        facts = Facts(self._shared, own)
        if to.later not in self._asked:
            flow = conversations()[flow_of(self._what)]
            turn: Turn[Sequence[Effect]] = replay.run(lambda: flow(facts), Journal())
            if turn.asked is None:
                raise LookupError("the invitation asks nothing")
            self._asked[to.later] = turn.asked
        asked = self._asked[to.later]
        # What is only rendered needs no stored facts.
        conversation = conversation_of(to.id, to.person_id, facts, "", 0, flow_of(self._what))
        return conversation, asked

    def _text(self) -> Text:
        body, council = self._body, Translated(self._council.name)
        title = self._title or Verbatim("")
        example = msg("example.notice") if self._council.example else None
        match self._what:
            case "result":
                text = status_notices.result(
                    council, title, Translated(body["headline"]), body.get("link") or None
                )
            case "decision":
                day = date.fromisoformat(body["day"]) if body.get("day") else None
                text = status_notices.decision(council, title, Translated(body["texts"]), day)
            case "change":
                tell = status_notices.reopened if body.get("again") else status_notices.changed
                text = tell(council, title, status_notices.prolonged(body["closes"]))
            case _:
                text = status_notices.notice(council, Translated(body["texts"]))
        return lines(text, example) if example is not None else text

    def _files(self, language: str) -> tuple[OutMedia, ...]:
        pictures: Mapping[str, str] = self._body.get("pictures") or {}
        path = pictures.get(language) or pictures.get(self._council.language)
        found = [OutMedia("photo", path, "image/png")] if path else []
        paper = self._body.get("document")
        if paper:
            name = f"{self._body.get('reference', 'document')}.pdf"
            found.append(OutMedia("document", paper, "application/pdf", name))
        return tuple(found)

    def _variables_in(self, language: str) -> Mapping[str, str]:
        """What fills an approved template in: 1 the council, 2 the subject, 3 the rest."""
        if language not in self._variables:
            default = self._council.language
            council = render(Translated(self._council.name), language, default)
            subject = render(self._title, language, default) if self._title is not None else council
            if self.asks:
                asked = self._asked[next(iter(self._asked))]
                rest = render(asked.prompt, language, default)
            else:
                rest = render(self._text(), language, default)
            self._variables[language] = {
                "1": one_line(council),
                "2": one_line(subject),
                "3": one_line(rest),
            }
        return self._variables[language]


def one_line(text: str) -> str:
    """Text as a template's variable may hold it: no line breaks, no runs of spaces, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_VARIABLE else line[: LONGEST_VARIABLE - 1] + "…"


def flow_of(what: str) -> str:
    """The conversation that an answer to such a message begins."""
    return "reply" if what == "reply" else "invitation"


def own_of(what: str, council: Council, *, later: bool, body: Mapping[str, Any]) -> Own:
    """The facts about one invitation, or about what staff wrote to one citizen."""
    if what == "reply":
        told = {key: str(body[key]) for key in REPLY if body.get(key)}
        return Own(proposed=council.language, agreed=True, reference=body["reference"], told=told)
    return Own(
        proposed=council.language, agreed=True, reminder=REMINDERS.get(what, ""), postponed=later
    )


def conversation_of(
    id: int, person_id: int, facts: Facts, digest: str, at: int, flow: str = "invitation"
) -> Conversation:
    """The conversation about an invitation, as if it had been begun when that was sent."""
    consultation = facts.shared.consultation
    return Conversation(
        id,
        person_id,
        flow,
        consultation.id if consultation is not None else None,
        digest,
        facts,
        Journal({}, FIRST[flow]),
        "open",
        0,
        at,
        at,
    )
