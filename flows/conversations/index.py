"""Every conversation by its name: what the menu, deep links and stored conversations call them."""

from functools import cache

from flows.conversations import (
    contributions,
    danger,
    menu,
    messages,
    my_data,
    notices,
    profile,
    reply,
    staff_summary,
    stopping,
    telling,
    welcome,
)
from flows.conversations.besides import meaning
from flows.conversations.joining import admission, body, link
from flows.dialog import communes
from flows.kinds import invitation, kinds
from flows.kinds.kind import Conversation


@cache
def conversations() -> dict[str, Conversation]:
    """The conversations around consultations, and those of every kind ("poll", "petition.sign")."""
    found: dict[str, Conversation] = {
        "welcome": welcome.conversation,
        "language": welcome.change_language,
        "menu": menu.conversation,
        "help": menu.help_,
        "communes": communes.conversation,
        "profile": profile.conversation,
        "link": link.conversation,
        "contributions": contributions.conversation,
        "adding": contributions.adding,
        "my_data": my_data.conversation,
        "admission": admission.conversation,
        "invitation": invitation.conversation,
        "reply": reply.conversation,
        "notices": notices.conversation,
        "danger": danger.conversation,
        "meant": meaning.conversation,
        "told": telling.conversation,
        "stop": stopping.conversation,
        "messages": messages.conversation,
        "body": body.conversation,
        "staff_summary": staff_summary.conversation,
    }
    for kind in kinds().values():
        found[kind.name] = kind.conversation
        found.update(kind.apart)
        for name, further in kind.further.items():
            found[f"{kind.name}.{name}"] = further
    return found
