"""Addresses between the two ends of a channel: covered, so that what is kept names nobody.

    provider -> Arrival -> covered -> conversations, database -> Envelope -> uncovered -> provider

Numbers and accounts of people stand covered in the database, its files and its backups: without the
secret nobody learns from them whose an answer is (`Vault.cover`). An address of the open page is a digest
of a key that only its browser has, and stays as it is.
"""

from msgspec.structs import replace

from bot.channels.port import PULLED, Arrival, Envelope
from bot.core.vault import Vault


def covered(vault: Vault, arrival: Arrival) -> Arrival:
    """What arrived, as it is kept."""
    if arrival.channel in PULLED:
        return arrival
    return replace(
        arrival,
        address=vault.cover(arrival.address),
        aliases=tuple(vault.cover(alias) for alias in arrival.aliases),
        phone=vault.cover(arrival.phone) if arrival.phone else None,
        # Telegram's ids of taps begin with the id of the account.
        receipt=vault.cover(arrival.receipt) if arrival.receipt else None,
    )


def uncovered(vault: Vault, envelope: Envelope) -> Envelope:
    """What goes out, as its provider knows where to. Raises Unreadable."""
    message = envelope.message
    if message.acknowledges is not None:
        message = replace(message, acknowledges=vault.uncover(message.acknowledges))
    return replace(envelope, address=vault.uncover(envelope.address), message=message)
