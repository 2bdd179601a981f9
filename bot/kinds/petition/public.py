"""Petitions on a council's public page: how far each has come, what the law asks for, the deposit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from bot.core.localtime import local_day
from bot.kinds.petition import procedure
from bot.kinds.petition.rows import PublicDeposits, PublicSignatures
from bot.results.public_record import (
    COUNTED,
    ISOLATES,
    Count,
    News,
    Said,
    Section,
    Seen,
    counted,
    plain_count,
)
from flows.dialog.facts import Texts
from flows.kinds.petition import plainly
from flows.morocco.petition_law import Requirement
from flows.statistics.disclosure import hidden_if_few
from flows.statistics.summary import SMALLEST, Suppressed
from flows.wording.text import Code, Text, Translated, lines, msg
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Law:
    """How many signatures a petition needs, where that is written, and how sure that is (A to C).

    `each_province` is the least number from each province, None where nothing of the kind is asked.
    """

    signatures: int
    each_province: int | None
    article: Mapping[str, str]
    certainty: str
    citation: Text


@dataclass(frozen=True, slots=True)
class Deposit:
    """A petition was brought to the council. `outcome` is "agenda" or "refused", None while it waits."""

    day: date
    signatures: Count
    at: int
    outcome: str | None
    outcome_day: date | None


@dataclass(frozen=True, slots=True)
class Petition:
    """How far a petition has come. `law` is None where no rule is known."""

    code: str
    title: Texts
    demand: Texts
    state: str
    pledges: Count
    signatures: Count
    law: Law | None
    deposit: Deposit | None
    #: How many look like a machine's and await a clerk's check: they are in no count.
    awaiting: Count = 0
    #: The least assurance with which support counts.
    least: str = "A0"

    @property
    def needed(self) -> list[Text]:
        """How many support and have signed it, and how many signatures the law asks for."""
        told: list[Text] = [*supported(self)]
        if self.law is not None:
            told.append(msg("petition.law", count=self.law.signatures, law=self.law.citation))
            if self.law.each_province:
                told.append(msg("petition.spread", count=self.law.each_province))
            told.append(msg("public.confirmed"))
        if self.least in COUNTED:
            told.append(COUNTED[self.least])
        if self.awaiting:
            few = msg("public.few", smallest=SMALLEST)
            n = few if isinstance(self.awaiting, Suppressed) else self.awaiting
            told.append(msg("public.awaiting", n=n))
        return told

    @property
    def brought(self) -> list[Text]:
        """That it was handed in, and what the council answered."""
        held = self.deposit
        if held is None:
            return []
        few = msg("public.few", smallest=SMALLEST)
        signatures = few if isinstance(held.signatures, Suppressed) else held.signatures
        day = Code(held.day.strftime("%d/%m/%Y"))
        told: list[Text] = [msg("public.deposited", day=day, signatures=signatures)]
        if held.outcome in OUTCOMES and held.outcome_day is not None:
            answered = Code(held.outcome_day.strftime("%d/%m/%Y"))
            told.append(msg(OUTCOMES[held.outcome], day=answered))
        return told


def supported(petition: Petition) -> tuple[Text, Text]:
    """How many support a petition, and how many have signed it."""
    return (
        counted(petition.pledges, "petition.pledges", "public.few_pledges"),
        counted(petition.signatures, "petition.signatures", "public.few_signatures"),
    )


#: What the council answered -> its entry.
OUTCOMES = {"agenda": "public.agenda", "refused": "public.refused"}


class Read(NamedTuple):
    """What is read of a council's petitions, by their ids."""

    deposits: Mapping[int, PublicDeposits]
    signatures: Mapping[int, int]


async def _read(tx: Transaction, council_id: int) -> Read:
    deposits = await tx.rows(PublicDeposits, council_id=council_id)
    signatures = await tx.rows(PublicSignatures, council_id=council_id)
    return Read(
        {one.consultation_id: one for one in deposits}, {one.id: one.n for one in signatures}
    )


def _item(seen: Seen) -> Petition:
    row, counts = seen.row, seen.counts
    head = procedure.petition_of(row)
    read: Read = seen.read
    held = read.deposits.get(row.id)
    signed = read.signatures.get(row.id, 0)
    day = date.fromisoformat(held.day) if held else _last_day(seen)
    law = procedure.requirement(procedure.place_of(seen.register, row), day)
    return Petition(
        row.code,
        head.title,
        head.demand,
        row.state,
        hidden_if_few(counts.standing, counts.standing),
        hidden_if_few(signed, signed),
        _law(law) if law else None,
        _deposit(held) if held else None,
        hidden_if_few(counts.awaiting, counts.awaiting) if counts.awaiting else 0,
        head.least,
    )


def _last_day(seen: Seen) -> date:
    """The day whose rules hold: the last on which a petition was open, or today."""
    return local_day(seen.closed_at if seen.closed_at is not None else seen.at)


def _law(needed: Requirement) -> Law:
    rule = needed.rule
    return Law(
        needed.signatures,
        max(needed.per_place_minimum.values(), default=None),
        rule.article,
        rule.certainty,
        plainly(rule),
    )


def _deposit(row: PublicDeposits) -> Deposit:
    answered = row.outcome_day
    return Deposit(
        date.fromisoformat(row.day),
        hidden_if_few(row.signatures, row.signatures),
        row.at,
        row.outcome,
        date.fromisoformat(answered) if answered else None,
    )


def _headline(one: Petition) -> Text:
    return lines(*supported(one))


def _news(one: Petition) -> Iterator[News]:
    if one.deposit is not None:
        title = msg("public.feed_deposited", title=Translated(one.title))
        text = lines(*one.brought)
        yield News(f"{one.code}/deposit", one.deposit.at, one.code, False, title, text)


def _plain(one: Petition, said: Said) -> dict[str, Any]:
    law, held = one.law, one.deposit
    return {
        "code": one.code,
        "title": one.title,
        "demand": one.demand,
        "state": one.state,
        "pledges": plain_count(one.pledges),
        "signatures": plain_count(one.signatures),
        "awaiting": plain_count(one.awaiting),
        "counted": one.least,
        "law": {
            "signatures": law.signatures,
            "each_province": law.each_province,
            "article": {code: text.translate(ISOLATES) for code, text in law.article.items()},
            "certainty": law.certainty,
            "citation": said(law.citation),
        }
        if law
        else None,
        "deposit": {
            "day": held.day.isoformat(),
            "signatures": plain_count(held.signatures),
            "outcome": held.outcome,
            "outcome_day": held.outcome_day.isoformat() if held.outcome_day else None,
        }
        if held
        else None,
    }


SECTION = Section(
    kind="petition",
    key="petitions",
    title="public.petitions",
    template="public_petitions.html",
    read=_read,
    item=_item,
    plain=_plain,
    place=1,
    headline=_headline,
    whole=True,
    news=_news,
)
