"""Messages to citizens as the outbox keeps them: JSON, sealed where they repeat private answers."""

import msgspec

from bot.channels.port import OutgoingMessage
from bot.core.vault import Vault

#: Begins a sealed message; JSON never does.
SEALED = "sealed:"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(OutgoingMessage).decode


def stored(message: OutgoingMessage, vault: Vault, id: int, *, private: bool) -> str:
    """The text for the outbox row `id`."""
    text = _encode(message).decode()
    return SEALED + vault.seal(text, f"outbox/{id}") if private else text


def restored(text: str, vault: Vault, id: int) -> OutgoingMessage:
    """The message of the outbox row `id`. Raises Unreadable."""
    if text.startswith(SEALED):
        text = vault.open(text.removeprefix(SEALED), f"outbox/{id}")
    return _decode(text)
