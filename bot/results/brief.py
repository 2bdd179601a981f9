"""What of a consultation is read in two minutes: findings, voices, and what the council owes now.

It stands on top of the results page, the printed report and the picture; the rules of the findings are in
`flows.statistics.findings`.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from bot.core.councils import ConsultationRow, Register, head_of
from bot.core.localtime import local_day, now_ms
from bot.staff.open_answers import heard as hearing
from flows.dialog.facts import Council
from flows.kinds import kinds
from flows.kinds.invitation import last_moment
from flows.morocco import census
from flows.statistics.asked import OwnWords
from flows.statistics.disclosure import is_small
from flows.statistics.findings import findings
from flows.statistics.summary import SMALLEST, Brief, Heard, Response, Responses, Summary
from flows.understanding.moderation import HIDDEN
from flows.understanding.themes import grouping
from flows.wording.text import Code, Message, Text, msg
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.broadcasts import DecisionsOf
from storage.rows.cases import CasesOf

#: So many answers in people's own words are grouped: more would make a page wait.
MOST_GROUPED = 3000

#: Groups and words that are shown of one question, and characters of a quote.
MOST_GROUPS, MOST_WORDS, LONGEST_QUOTE = 4, 8, 160

#: Groups are shown where they hold this share of the answers; else they would hide what most said.
ENOUGH = 0.5


async def with_brief(
    register: Register,
    tx: Transaction,
    row: StoredConsultation,
    summary: Summary,
    responses: Responses,
) -> Summary:
    """The summary with its first page."""
    council = register.council(row.council_id)
    owed = await _owed(register, tx, row, council, responses)
    return await asyncio.to_thread(briefed, row, council, summary, responses, owed)


def briefed(
    row: ConsultationRow,
    council: Council,
    summary: Summary,
    responses: Responses,
    owed: Sequence[Text],
) -> Summary:
    """The same, where what is owed is known."""
    kind, head = kinds()[row.kind], head_of(row)
    asked = [
        question
        for question in (
            kind.compared(head, council) if kind.compared is not None else kind.weighed(head)
        )
        if question.leads
    ]
    headline = kind.headline(head, council, responses)
    if not responses.standing and _id_of(headline) == "headline.thanks":
        # There is nobody to be thanked.
        headline = msg("findings.nobody_answered" if responses.over else "findings.nobody")
    found = findings(asked if kind.compares else None, summary, responses.standing, headline)
    # Where how many were asked tells something, their words would tell it too.
    held = {table.id for table in summary.tables if not table.rows}
    open_words = [words for words in kind.own_words(head) if words.table not in held]
    heard = tuple(heard_in(open_words, responses.standing))
    lacks = any(_id_of(text).startswith("findings.missing.") for text in found.said)
    brief = Brief(found.said, found.unsaid, heard, tuple(owed), census.CREDIT if lacks else "")
    # Who is missing is said once.
    notes = tuple(note for note in summary.notes if not _id_of(note).startswith("summary.differ."))
    return replace(summary, notes=notes, brief=brief)


def _id_of(text: Text) -> str:
    return text.id if isinstance(text, Message) else ""


# --------------------------------------------------------------------------- what people wrote


def heard_in(questions: Sequence[OwnWords], standing: Sequence[Response]) -> Iterator[Heard]:
    """What was written in answer to each open question: groups of alike answers, or words said by many."""
    for question in questions:
        heard = _of(question, standing)
        if heard is not None:
            yield heard


def _of(question: OwnWords, standing: Sequence[Response]) -> Heard | None:
    """What was written in answer to one question; None where too few did."""
    every = [
        str(said["text"])
        for r in standing
        if isinstance(said := question.within(r.body), dict)
        and said.get("text")
        and said["text"] != HIDDEN
    ]
    texts = tuple(every[-MOST_GROUPED:])
    if len(texts) < SMALLEST:
        return None
    groups, words = _grouped(texts)
    if not groups and not words:
        return None
    return Heard(question.title, len(texts), len(every), groups, words)


@lru_cache(maxsize=16)
def _grouped(
    texts: tuple[str, ...],
) -> tuple[tuple[tuple[int, str], ...], tuple[tuple[int, str], ...]]:
    """Groups with a quote each, or words: the same while nobody answers, and a page renews itself."""
    found = grouping.groups([(str(place), text) for place, text in enumerate(texts)])
    large = [group for group in found if group.size >= SMALLEST]
    if sum(group.size for group in large) >= ENOUGH * len(texts):
        quoted = [(one.size, _quote(texts[int(one.representative)])) for one in large]
        return tuple(quoted[:MOST_GROUPS]), ()
    return (), tuple(grouping.frequent(texts, SMALLEST, MOST_WORDS))


def _quote(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1].rstrip() + "…"


# --------------------------------------------------------------------------- what is owed


async def _owed(
    register: Register,
    tx: Transaction,
    row: StoredConsultation,
    council: Council,
    responses: Responses,
) -> list[Text]:
    """What the council has still to do, each with its day where it has one."""
    today = local_day(now_ms())
    owed: list[Text] = []
    if row.state == "open" and (last := last_moment(row.closes_local)) is not None:
        owed.append(msg("brief.closes", day=last))
    if responses.awaiting:
        owed.append(msg("brief.awaiting", number=_told(responses.awaiting)))
    unheard = await hearing.waiting(tx, row.id)
    if unheard:
        owed.append(msg("brief.unheard", number=_told(unheard)))
    kind = kinds()[row.kind]
    if kind.case is not None:
        owed += await _answers(tx, row.id, today, openly=kind.publicity.openly)
    over = kind.decided and row.state == "closed"
    if over and not await tx.rows(DecisionsOf, consultation_id=row.id):
        owed.append(msg("brief.undecided"))
    own = register.owed.get(row.kind)
    if own is not None:
        owed += await own(tx, row, council, today)
    return owed


async def _answers(
    tx: Transaction, consultation_id: int, today: date, *, openly: bool
) -> list[Text]:
    found = await tx.row(CasesOf, consultation_id=consultation_id, today=today.isoformat())
    if found is None or not found.unanswered:
        return []
    told: list[Text] = [msg("brief.unanswered", number=_told(found.unanswered, openly=openly))]
    if found.overdue:
        told.append(msg("brief.overdue", number=_told(found.overdue, openly=openly)))
    elif found.next_day:
        told.append(msg("brief.next_answer", day=day_said(date.fromisoformat(found.next_day))))
    return told


def _told(number: int, *, openly: bool = False) -> Text | int:
    return msg("summary.few", smallest=SMALLEST) if is_small(number) and not openly else number


def day_said(day: date) -> Code:
    """A day as it is read in Morocco."""
    return Code(f"{day:%d/%m/%Y}")
