"""What came from providers, what went to them, and what they refused: counted for whoever watches."""

import re
from typing import Final

from prometheus_client import Counter

from bot.channels.port import Channel, Envelope, SendError

RECEIVED: Final = Counter(
    "tachawor_received_total", "Messages of citizens that were taken in.", ["channel"]
)
SENT: Final = Counter(
    "tachawor_sent_total",
    "Messages that a provider took (for the web chat: that were sent).",
    ["channel"],
)
REFUSED: Final = Counter(
    "tachawor_provider_errors_total",
    "Tries that a provider did not take: our kind of error, and the provider's code where it says one.",
    ["channel", "kind", "code"],
)

_CODE: Final = re.compile(r"\b\d{3,5}\b")


def refused(channel: str, error: SendError) -> None:
    """Count an error of a provider."""
    code = _CODE.search(str(error))
    REFUSED.labels(channel, type(error).__name__, code[0] if code else "").inc()


async def send(channel: Channel, envelope: Envelope) -> str:
    """Send by a channel, counted; the provider's id of the message. Raises SendError."""
    try:
        id = await channel.send(envelope)
    except SendError as error:
        refused(channel.name, error)
        raise
    SENT.labels(channel.name).inc()
    return id
