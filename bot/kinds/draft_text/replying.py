"""The council's reply to each article: kept, read, and prepared as a message to who took part."""

from collections.abc import Mapping

import msgspec

from bot.consultations import deciding
from bot.core.councils import head_of
from bot.core.localtime import local_day, now_ms
from bot.core.refusals import refused
from bot.kinds.draft_text import groups
from bot.kinds.draft_text.rows import ArticleReplies
from flows.dialog.definition import text_problems
from flows.kinds.draft_text.definition import LONGEST_ARTICLE, DraftText, by_key
from flows.kinds.draft_text.replies import LONGEST_WHY, OUTCOMES, Replied, Replies, Reply, told
from flows.understanding import scripts
from flows.wording import render
from flows.wording.text import LANGUAGES
from storage.database import Transaction
from storage.rows import StoredConsultation


async def replies_of(tx: Transaction, consultation_id: int) -> Replies:
    """The replies to the articles of a draft, by their keys."""
    rows = await tx.rows(ArticleReplies, consultation_id=consultation_id)
    return {
        row.article: Reply(
            row.outcome,
            msgspec.json.decode(row.why),
            msgspec.json.decode(row.next),
            row.made_by,
            row.at,
        )
        for row in rows
    }


async def replied_to(tx: Transaction, consultation_id: int) -> Replied:
    """All that the council replied to a draft."""
    return Replied(
        await replies_of(tx, consultation_id),
        [one.group for one in await groups.groups_of(tx, consultation_id)],
    )


async def reply(
    tx: Transaction,
    row: StoredConsultation,
    key: str,
    outcome: str,
    why: Mapping[str, str],
    following: Mapping[str, str],
    made_by: str,
) -> None:
    """Keep the council's word on an article; `following` is its next version. Raises NotAllowed."""
    if row.state == "draft":
        raise refused("draft_desk.not_met")
    if key not in by_key(_draft(row)):
        raise refused("draft_desk.no_article")
    if outcome not in OUTCOMES:
        raise refused("draft_desk.no_outcome")
    if list(text_problems("why", dict(why), longest=LONGEST_WHY)):
        raise refused("draft_desk.no_why")
    longest = LONGEST_ARTICLE
    if list(text_problems("next", dict(following), needed=False, longest=longest)):
        raise refused("draft_desk.no_next")
    await tx.run(
        "reply_to_article",
        consultation_id=row.id,
        article=key,
        outcome=outcome,
        why=msgspec.json.encode(why).decode(),
        next=msgspec.json.encode(following).decode(),
        made_by=made_by,
        at=now_ms(),
    )


async def tell(
    tx: Transaction, row: StoredConsultation, default: str, public_url: str, made_by: str
) -> int:
    """Prepare the message that tells who took part what became of each article.

    `default` is the council's language. Returns the id of the broadcast: a draft, nothing is sent.
    Raises NotAllowed while the draft is open, or nothing was replied to.
    """
    replies = await replies_of(tx, row.id)
    if row.state not in ("closed", "archived") or not replies:
        raise refused("draft_desk.tell_closed")
    text = told(_draft(row), replies, f"{public_url}/results/{row.code}")
    texts = {language: render(text, language, default) for language in LANGUAGES}
    plain = {language: scripts.clean(one) for language, one in texts.items()}
    at = now_ms()
    return await deciding.decide(tx, row, plain, local_day(at).isoformat(), made_by, at)


def _draft(row: StoredConsultation) -> DraftText:
    head = head_of(row)
    if not isinstance(head, DraftText):
        raise TypeError(f"{row.code} is no draft text")
    return head
