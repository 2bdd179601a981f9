"""WhatsApp's approved templates: which we need, which there are, kept and refreshed.

A template is named after what it says (`tachawor_invitation`) and exists once for each language.
Its places are 1 the council, 2 the subject, 3 the rest; its quick replies carry the ids `answer`,
`later`, `not_this`, `settings` and `stop`.
"""

import logging

from bot.channels.port import NEAR_TEMPLATE, SendError, Template, Templated
from bot.core.localtime import now_ms
from storage.database import Storage, Transaction, batch
from storage.rows.broadcasts import Templates

log = logging.getLogger("tachawor.templates")

#: What a message that we begin is -> the name of its template. What staff write to one person is
#: "status" with a new status and "reply" without.
NAMES = {
    "invitation": "tachawor_invitation",
    "reminder": "tachawor_reminder",
    "last": "tachawor_reminder",
    "result": "tachawor_result",
    "decision": "tachawor_decision",
    "change": "tachawor_change",
    "notice": "tachawor_notice",
    "news": "tachawor_notice",
    "status": "tachawor_status",
    "reply": "tachawor_reply",
}


async def load(storage: Storage, channel: Templated) -> None:
    """Use the templates as they were known last."""
    async with storage.reading() as tx:
        rows = await tx.rows(Templates, channel="whatsapp")
    channel.use([_template(row) for row in rows])


async def refresh(storage: Storage, channel: Templated) -> list[Template]:
    """Ask Twilio how the templates stand, keep it, and use it. Raises SendError."""
    found = await channel.templates()
    ours = [template for template in found if template.name in NAMES.values()]
    at = now_ms()
    rows = [
        {
            "channel": "whatsapp",
            "account": channel.account,
            "name": template.name,
            "language": template.language,
            "sid": template.sid,
            "state": template.state,
            "body": template.body,
            "variables": template.variables,
            "at": at,
        }
        for template in ours
    ]
    async with storage.transaction() as tx:
        # Of two with one name and language the approved one counts.
        rows.sort(key=lambda row: row["state"] == "approved")
        latest = {(row["name"], row["language"]): row for row in rows}
        await tx.run("save_templates", rows=batch(list(latest.values())))
        await tx.run("drop_templates", channel="whatsapp", before=at)
    await load(storage, channel)
    return ours


async def keep_fresh(storage: Storage, channel: Templated) -> None:
    """Refresh, and go on with what is known if Twilio cannot be asked."""
    try:
        await refresh(storage, channel)
    except SendError as error:
        log.warning("WhatsApp's templates could not be refreshed (%s)", type(error).__name__)


async def missing(tx: Transaction, what: str, languages: list[str]) -> list[tuple[str, str]]:
    """The languages in which the template of `what` is not approved, each with its state.

    Darija goes in the Arabic template; the state is "none" where there is no template at all.
    """
    rows = [r for r in await tx.rows(Templates, channel="whatsapp") if r.name == NAMES[what]]
    states = {row.language: row.state for row in rows}
    found = []
    for language in languages:
        near = NEAR_TEMPLATE.get(language, language)
        state = states.get(language) or states.get(near) or "none"
        if state != "approved":
            found.append((language, state))
    return found


def _template(row: Templates) -> Template:
    return Template(
        name=row.name,
        language=row.language,
        sid=row.sid,
        state=row.state,
        body=row.body,
        variables=row.variables,
    )
