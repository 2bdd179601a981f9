"""Single papers: what a citizen or a clerk holds in the hand, each a PDF of A4 pages.

A receipt for a need says what the council got and how to follow it up. A receipt for a deposited
petition starts the time in which the council must answer. The list of signatures is signed by hand.
Papers carry no more about a person than what stands in their fields. Officials' words are those of
the staff catalogues: Arabic for ar and ary, French for fr and zgh.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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

#: A name or address in a list, in characters: what is longer would leave no room to sign.
LONGEST_FIELD = 200

# A longer identity or telephone number is none, and may be broken.
_LONGEST_CODE = 14

#: The languages of a list's column headings: clerks read one or the other.
BOTH = ("ar", "fr")


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


@dataclass(frozen=True, slots=True)
class DepositReceipt:
    """What a receipt says about a petition deposited with the president of a council.

    `title` is the petition's, `number` the receipt's own, `signatures_chat` and `signatures_paper`
    what the representative declared. `answer_by` is the last day of `flows.morocco.petition_law.answer_due`,
    `citation` the line of its rule (`Rule.cite`).
    """

    council: Mapping[str, str]
    title: Mapping[str, str]
    code: str
    representative: str
    deposited: date
    number: str
    signatures_chat: int
    signatures_paper: int
    answer_by: date
    citation: Text


@dataclass(frozen=True, slots=True)
class SignatureList:
    """The head of a list to be signed by hand; `citation` is the line of the rule of law."""

    council: Mapping[str, str]
    title: Mapping[str, str]
    code: str
    demand: Mapping[str, str]
    representative: str
    citation: Text


@dataclass(frozen=True, slots=True)
class Signatory:
    """A row that is filled in already; whoever asks for the paper decides whether `cin` is masked."""

    name: str
    cin: str
    address: str
    phone: str = ""


def need_receipt(receipt: NeedReceipt, language: str) -> bytes:
    """The receipt of a need, as PDF, in one of `flows.wording.text.LANGUAGES`."""
    words = _Words(language)
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
    return _paper("receipt.typ", document)


def deposit_receipt(receipt: DepositReceipt, language: str) -> bytes:
    """The receipt for a deposited petition, as PDF, with room for signatures and a stamp."""
    words = _Words(language)
    deposited = receipt.deposited
    everything = receipt.signatures_chat + receipt.signatures_paper
    document = {
        **words.head("paper.deposit", receipt.council, receipt.number),
        "made": [deposited.year, deposited.month, deposited.day],
        "opening": words.message("paper.deposit_text"),
        "lines": [
            words.line("paper.number", code=receipt.number),
            words.line("paper.petition", Translated(dict(receipt.title))),
            words.line("paper.code", code=receipt.code),
            words.line("paper.representative", Verbatim(receipt.representative)),
            words.line("paper.deposited", code=number(deposited)),
            words.line("paper.signatures_chat", code=number(receipt.signatures_chat)),
            words.line("paper.signatures_paper", code=number(receipt.signatures_paper)),
            words.line("paper.signatures_all", code=number(everything)),
            words.line("paper.answer_by", code=number(receipt.answer_by)),
            words.line("paper.rule", receipt.citation),
        ],
        "said": None,
        "follow": None,
        "boxes": [words.message("paper.for_council"), words.message("paper.for_representative")],
    }
    return _paper("receipt.typ", document)


def signature_list(
    head: SignatureList,
    signatories: Iterable[Signatory],
    blank: int,
    language: str,
    *,
    phones: bool = False,
) -> bytes:
    """A list for signing by hand, as PDF: the rows given, then `blank` empty ones, all numbered.

    Column headings are in Arabic and in French, all else in `language`. With `phones` there is a
    column for a telephone number.
    """
    words = _Words(language)
    columns = ["number", "name", "cin", "address", *(["phone"] if phones else []), "signature"]
    document = {
        **words.head("paper.list", head.council, head.code),
        "petition": words.line("paper.petition", Translated(dict(head.title))),
        "demand": words.line("paper.demand", Translated(dict(head.demand))),
        "lines": [
            words.line("paper.addressed", Translated(dict(head.council))),
            words.line("paper.representative", Verbatim(head.representative)),
            words.line("paper.code", code=head.code),
            words.line("paper.rule", head.citation),
        ],
        "columns": [{"id": id, "titles": _both(f"paper.column.{id}", language)} for id in columns],
        "rows": [words.signatory(one, phones) for one in signatories],
        "blank": blank,
        "total": words.message("paper.page_total"),
        "privacy": words.message("paper.privacy"),
    }
    return _paper("signatures.typ", document)


def _paper(template: str, document: Mapping[str, Any]) -> bytes:
    lines = [line for line in document["lines"] if line is not None]
    return typeset(template, {**document, "lines": lines}, "pdf")


def _both(id: str, language: str) -> Sequence[dict[str, Any]]:
    """A heading in both languages, the reader's own first."""
    order = BOTH if language in RIGHT_TO_LEFT else tuple(reversed(BOTH))
    return [_Words(other).message(id) for other in order]


class _Words(Print):
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

    def signatory(self, one: Signatory, phones: bool) -> list[dict[str, Any]]:
        """The filled cells of a row, as `number` or `words`."""
        name, address = (
            self.lines(" ".join(shortened(text, LONGEST_FIELD).split()))
            for text in (one.name, one.address)
        )
        cin, phone = (settable(code, _LONGEST_CODE) for code in (one.cin, one.phone))
        cells: list[dict[str, Any]] = [{"words": name}, {"number": cin}, {"words": address}]
        return [*cells, {"number": phone}] if phones else cells
