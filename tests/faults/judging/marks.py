"""Has every answer of this process name the update that it answers; nothing else of it is changed."""

from typing import Any

import msgspec

from bot.channels.port import Arrival, OutgoingMessage
from bot.conversation.work import Work
from bot.core.contact import Contact
from bot.outbox.composing import Composer
from tests.faults.judging.history import MARK


def mark_answers() -> None:
    """From now on. The mark stands in the last paragraph, so no two answers say the same."""
    queue = Work.queue

    def marked(work: Work, contact: Contact, out: Composer, arrival: Arrival, *rest: Any) -> None:
        plain = out.message

        def message() -> OutgoingMessage:
            said = plain()
            text = f"{said.text}\n{MARK.format(arrival.external_id)}".lstrip()
            return msgspec.structs.replace(said, text=text)

        out.message = message  # type: ignore[method-assign]
        queue(work, contact, out, arrival, *rest)

    Work.queue = marked  # type: ignore[method-assign]
