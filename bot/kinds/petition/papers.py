"""Papers about petitions: the receipt that starts the council's time to answer, the list that is signed by hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.reports.papers import Words, paper
from bot.reports.printed import number, shortened
from bot.reports.typeset import settable
from flows.wording.text import RIGHT_TO_LEFT, Text, Translated, Verbatim

#: A name or address in a list, in characters: what is longer would leave no room to sign.
LONGEST_FIELD = 200


# A longer identity or telephone number is none, and may be broken.
_LONGEST_CODE = 14


#: The languages of a list's column headings: clerks read one or the other.
BOTH = ("ar", "fr")


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


def deposit_receipt(receipt: DepositReceipt, language: str) -> bytes:
    """The receipt for a deposited petition, as PDF, with room for signatures and a stamp."""
    words = Words(language)
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
    return paper("receipt.typ", document)


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
    words = Words(language)
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
        "rows": [_row(words, one, phones) for one in signatories],
        "blank": blank,
        "total": words.message("paper.page_total"),
        "privacy": words.message("paper.privacy"),
    }
    return paper("signatures.typ", document)


def _both(id: str, language: str) -> Sequence[dict[str, Any]]:
    """A heading in both languages, the reader's own first."""
    order = BOTH if language in RIGHT_TO_LEFT else tuple(reversed(BOTH))
    return [Words(other).message(id) for other in order]


def _row(words: Words, one: Signatory, phones: bool) -> list[dict[str, Any]]:
    """The filled cells of a row, as `number` or `words`."""
    name, address = (
        words.lines(" ".join(shortened(text, LONGEST_FIELD).split()))
        for text in (one.name, one.address)
    )
    cin, phone = (settable(code, _LONGEST_CODE) for code in (one.cin, one.phone))
    cells: list[dict[str, Any]] = [{"words": name}, {"number": cin}, {"words": address}]
    return [*cells, {"number": phone}] if phones else cells
