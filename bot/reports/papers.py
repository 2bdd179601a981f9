"""Single papers: what a citizen or a clerk holds in the hand, each a PDF of A4 pages.

A receipt for a need says what the council got and how to follow it up. Papers of a kind's own stand in
its folder. Papers carry no more about a person than what stands in their fields. Officials' words are those of
the staff catalogues: Arabic for ar and ary, French for fr and zgh.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core import qr
from bot.reports.printed import Print, number, shortened
from bot.reports.typeset import settable, typeset
from flows.wording import Renderer
from flows.wording.text import (
    RIGHT_TO_LEFT,
    Code,
    Message,
    Text,
    Translated,
    Value,
    Verbatim,
    msg,
    stand_in,
)

#: The longest words of a citizen that are printed, in characters.
LONGEST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class NeedReceipt:
    """What a receipt says about a need or a request.

    `council` is its name by language, `received` the local time, `channel` and `state` as they are
    stored ("web", "studied"). `words` is empty where only voice notes or photos came. `deadline` is a
    line about the time in which the council answers, `link` what the code on the paper opens.
    """

    council: Mapping[str, str]
    reference: str
    received: datetime
    channel: str
    state: str
    link: str
    words: str = ""
    voices: int = 0
    photos: int = 0
    theme: Text | None = None
    place: Text | None = None
    deadline: Text | None = None


def need_receipt(receipt: NeedReceipt, language: str) -> bytes:
    """The receipt of a need, as PDF, in one of `flows.wording.text.LANGUAGES`."""
    words = Words(language)
    received = receipt.received
    came = [
        words.message(id, number=count)
        for id, count in (("paper.voices", receipt.voices), ("paper.photos", receipt.photos))
        if count
    ]
    document = {
        **words.head("paper.receipt", receipt.council, receipt.reference),
        "made": [received.year, received.month, received.day],
        "opening": None,
        "lines": [
            words.line("summary.reference", code=receipt.reference),
            words.line("paper.received", code=number(received)),
            words.line("summary.channel", msg(f"channel.{receipt.channel}")),
            words.line("paper.theme", receipt.theme),
            words.line("paper.place", receipt.place),
            words.line("summary.state", msg(f"state.{receipt.state}")),
            words.line("paper.deadline", receipt.deadline),
        ],
        "said": {
            "title": words.message("paper.words"),
            "words": words.lines(shortened(receipt.words, LONGEST_WORDS))
            if receipt.words
            else None,
            "came": came,
        },
        "follow": {
            "title": words.message("paper.follow_title"),
            "lines": [
                words.message("paper.follow", reference=Code(receipt.reference)),
                words.message("paper.scan"),
            ],
            "qr": qr.svg(receipt.link),
        },
        "boxes": [],
    }
    return paper("receipt.typ", document)


def paper(template: str, document: Mapping[str, Any]) -> bytes:
    """A paper as PDF: a template of `bot/reports/templates` with what it says."""
    lines = [line for line in document["lines"] if line is not None]
    return typeset(template, {**document, "lines": lines}, "pdf")


class Words(Print):
    """Texts of one paper."""

    def __init__(self, language: str) -> None:
        super().__init__(language in RIGHT_TO_LEFT)
        self._language = language
        default = stand_in(language)
        self._renderer = Renderer(language, default)

    def head(self, title: str, council: Mapping[str, str], number: str) -> dict[str, Any]:
        """What every template needs: the way pages run, council, title, and the paper's number."""
        right_to_left = self._language in RIGHT_TO_LEFT
        return {
            "lang": "ar" if right_to_left else self._language,
            "rtl": right_to_left,
            "council": self.written(Translated(dict(council))),
            "title": self.message(title),
            "number": settable(number),
        }

    def written(self, text: Text) -> dict[str, Any]:
        """A text of the caller's."""
        # What stands alone needs no isolates.
        plain = text.text if isinstance(text, Verbatim | Code) else self._renderer.render(text)
        return self.lines(plain, otherwise="–")

    def message(self, id: str, **values: Value) -> dict[str, Any]:
        """One of our own."""
        return self.written(Message(id, values))

    def line(
        self, label: str, text: Text | None = None, *, code: str | None = None
    ) -> dict[str, Any] | None:
        """A label with a text, or with a code or number that reads from left to right."""
        if text is None and code is None:
            return None
        value = self.written(text) if text is not None else None
        return {
            "label": self.message(label),
            "words": value,
            "number": settable(code or "") or None,
        }
