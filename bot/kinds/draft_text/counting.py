"""How often each article was answered, and which themes somebody follows: what "three articles" goes by."""

from bot.conversation.context import Context, Values
from bot.core.contact import Conversation
from bot.kinds.draft_text.rows import AnsweredArticles
from flows.dialog.dialog import Json
from storage.rows.broadcasts import ThemesOf


async def counts(context: Context, conversation: Conversation, values: Values) -> Json:
    """The answers to each article in the round that is on, and the themes that this person follows."""
    row = await context.register.by_id(context.tx, conversation.consultation_id)
    answered = await context.tx.rows(
        AnsweredArticles,
        consultation_id=row.id,
        phase=conversation.facts.consultation.phase,
    )
    followed = await context.tx.rows(
        ThemesOf, person_id=context.person.id, council_id=row.council_id
    )
    return {
        "answered": {one.article: one.n for one in answered},
        "followed": [one.theme for one in followed],
    }
