"""A draft to try, and a citizen who is asked about it: the flow alone, without storage."""

from functools import partial
from typing import Any

from msgspec.structs import replace

from flows.dialog import replay
from flows.dialog.dialog import Json, Media, Reply
from flows.dialog.effects import Respond
from flows.dialog.facts import Consultation, Council, Facts, Own, Previous, Shared, Theme
from flows.dialog.replay import Journal
from flows.kinds import kinds, read_raw
from flows.kinds.draft_text.definition import DraftText
from flows.wording import render
from tests.citizen import plain
from tests.flows.statistics.test_participation import ONE

THEMES = tuple(
    Theme(id, {"en": name, "fr": name}, emoji)
    for id, name, emoji in (("water", "Water", "💧"), ("roads", "Roads", "🛣️"))
)
COUNCIL = Council("town", "TWN", "08.401.01.07", {"fr": "Commune", "en": "Commune"}, THEMES)
VOICE = Media("voice", "v1", "audio/ogg", 900, 4)


def article(key: str, **more: Any) -> dict[str, Any]:
    """An article as it stands in a file."""
    number = key.removeprefix("a")
    plain = {"title": {"en": f"Title {number}"}, "text": {"en": f"Text {number}."}}
    return {"key": key, "number": number, **plain, **more}


def raw_draft(*articles: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A draft as it stands in a file: five articles, unless others are given."""
    rows = articles or tuple(article(f"a{n}") for n in range(1, 6))
    head = {"kind": "draft_text", "code": "TWN-1", "council": "town", "title": {"en": "Charter"}}
    return {**head, "articles": list(rows), **more}


def draft_of(*articles: dict[str, Any], **more: Any) -> DraftText:
    """The same, typed."""
    return read_raw(raw_draft(*articles, **more), DraftText)


def answer(phase: str = "", **stances: str | None) -> Any:
    """A response with a stance an article."""
    articles = {key: {"stance": stance} for key, stance in stances.items()}
    return said(articles, phase)


def said(articles: dict[str, Any], phase: str = "") -> Any:
    """A response with what is said of each article."""
    return replace(ONE, body={"articles": articles}, phase=phase)


class Reader:
    """Somebody who comments a draft, with storage played by a fixed finding."""

    def __init__(
        self, raw: dict[str, Any], before: Json = None, counts: Json = None, language: str = "en"
    ) -> None:
        previous = Previous("TWN-2026-000001", before) if before is not None else None
        consultation = Consultation(1, "TWN-1", "draft_text", raw)
        shared = Shared(ONE.day, COUNCIL, consultation)
        self.facts = Facts(shared, Own(previous=previous))
        self.counts = counts
        self.language = language
        self.effects: Any = None
        self._take(replay.run(self._flow))

    def _flow(self) -> Any:
        return partial(kinds()["draft_text"].conversation, self.facts)()

    def says(self, *texts: str | Reply) -> str:
        """Write, tap ("[agree]") or pass over ("skip"), one after the other."""
        for text in texts:
            self._take(replay.run(self._flow, self.journal, _reply(text)))
        return self.told

    def _take(self, turn: replay.Turn[Any]) -> None:
        while turn.wanted is not None:
            assert turn.wanted.request.name == "draft_text_counts"
            turn = replay.found(self._flow, turn.journal, turn.wanted, self.counts)
        self.journal: Journal = turn.journal
        self.asked = turn.asked
        parts = [one.text for one in turn.said]
        parts += [turn.trouble] if turn.trouble is not None else []
        parts += [turn.asked.prompt] if turn.asked is not None else []
        self.told = plain("\n\n".join(render(part, self.language) for part in parts))
        self.effects = turn.result if turn.finished else None

    @property
    def key(self) -> str:
        """Which question is asked, "" if none is."""
        return self.asked.key if self.asked is not None else ""

    @property
    def options(self) -> list[str]:
        """What may be chosen."""
        return [one.id for one in self.asked.answer.options] if self.asked is not None else []

    @property
    def body(self) -> Any:
        """What is filed."""
        (effect,) = self.effects
        assert isinstance(effect, Respond)
        return effect.body


def _reply(text: str | Reply) -> Reply:
    if isinstance(text, Reply):
        return text
    if text == "skip":
        return Reply(skip=True)
    return Reply(tap=text[1:-1]) if text.startswith("[") else Reply(text=text)
