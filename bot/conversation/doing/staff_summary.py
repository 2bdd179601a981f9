"""A member of staff asks in their own chat for the summary of a consultation."""

from bot.conversation.context import Context, staff_here
from bot.core import audit
from bot.core.contact import Conversation
from flows.dialog import effects as fx
from flows.wording.text import WRITTEN_LANGUAGE
from storage.ids import new_id
from storage.rows.consultations import ConsultationByCode


async def send(context: Context, conversation: Conversation, effect: fx.SendSummary) -> None:
    """Ask for the file; `bot.results.downloads` makes it and sends it here."""
    found = await context.tx.row(ConsultationByCode, code=effect.code)
    staff = await staff_here(context)
    member = next((s for s in staff if found and s.council_id == found.council_id), None)
    if found is None or member is None:
        context.texts.tell(effect.refused)
        return
    await context.tx.run(
        "add_download",
        id=new_id(),
        council_id=member.council_id,
        staff_id=member.id,
        what="chat",
        object=effect.code,
        format=effect.format,
        language=WRITTEN_LANGUAGE.get(context.person.language or "ar", "fr"),
        filters="{}",
        identities=0,
        at=context.at,
    )
    object = f"{effect.code}.{effect.format}"
    await audit.note(
        context.tx, member.council_id, member.name, "download", object, "in the chat", context.at
    )
    context.texts.tell(effect.told)
