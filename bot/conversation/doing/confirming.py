"""Who may take part, and what counts only once an account or a number confirms it."""

from bot.channels.port import PULLED
from bot.conversation.context import Context
from bot.conversation.joining import codes
from bot.core.councils import head_of
from bot.staff import confirmed
from flows.dialog.facts import Own
from flows.wording.text import Lines, Text, Translated, Verbatim, lines, msg
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.responses import ProvidersOf


async def known_to_a_provider(tx: Transaction, person_id: int) -> bool:
    """Whether somebody writes from an account or a number that its provider knows."""
    return await tx.row(ProvidersOf, person_id=person_id) is not None


async def assurance_of(context: Context) -> str:
    """How sure it is who somebody is: A1 where a provider knows their account, A0 on the open page."""
    if context.contact.channel not in PULLED:
        return "A1"
    if context.contact.new:
        return "A0"
    return "A1" if await known_to_a_provider(context.tx, context.person.id) else "A0"


async def elsewhere(context: Context, row: StoredConsultation, told: Own) -> Text | None:
    """The ways on which somebody takes part who cannot here; None if they can. Danger is told anywhere."""
    head = head_of(row)
    if head.take_part == "A0" or told.danger or head.take_part <= await assurance_of(context):
        return None
    links = _to_providers(context, row.code)
    return lines(msg("confirm.elsewhere", title=Translated(head.title)), *links)


async def keep_back(
    context: Context, row: StoredConsultation, response_id: int, assurance: str
) -> None:
    """Have a response wait for its confirmation if the consultation asks for one; say how it is given."""
    least = head_of(row).least
    if assurance >= least:
        return
    await confirmed.keep_back(context.tx, row.id, response_id, least, context.at)
    if assurance >= "A1":
        context.texts.tell(msg("confirm.card"))
        return
    await _tell_how(context)


async def keep_voice_back(context: Context, row: StoredConsultation, response_id: int) -> None:
    """The same of a voice that was added to somebody's response."""
    least = head_of(row).least
    if least > "A0" and await assurance_of(context) < least:
        await confirmed.keep_voice_back(
            context.tx, row.id, response_id, context.person.id, least, context.at
        )
        await _tell_how(context)


async def _tell_how(context: Context) -> None:
    context.texts.tell(msg("confirm.how"))
    shown = await codes.show(context)
    context.texts.tell(shown)
    if isinstance(shown, Lines):
        for link in _to_providers(context, codes.JOINS):
            context.texts.tell(link)


def _to_providers(context: Context, payload: str) -> list[Text]:
    """Links that lead to accounts and numbers, not to the open page."""
    found = context.register.links(payload)
    return [Verbatim(link) for link in found if not link.startswith(context.public_url)]
