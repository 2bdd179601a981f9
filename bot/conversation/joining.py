"""Two chats become one person's: everything of the one who joins goes to the other.

The link is good for fifteen minutes and once. Where both answered a consultation that takes one
response, the other's stands and the joining one's is taken back.
"""

import msgspec

from bot.core.contact import Contact
from bot.core.links import asker
from bot.core.numbers import next_number
from bot.core.vault import Vault
from storage.database import Transaction

#: The queries that hand everything over, in their order.
STEPS = (
    "join_withdraw_doubles",
    "join_singles",
    "join_drop_singles",
    "join_responses",
    "join_voices",
    "join_drop_voices",
    "join_signatures",
    "join_consents",
    "join_follows",
    "join_drop_follows",
    "join_conversations",
    "join_inbox",
    "join_pushes",
    "join_pending",
    "join_preferences",
    "join_drop_preferences",
    "join_mutes",
    "join_drop_mutes",
    "join_declines",
    "join_drop_declines",
    "join_themes",
    "join_drop_themes",
    "join_memberships",
    "join_drop_memberships",
    "join_staff",
    "join_outbox",
    "join_media",
    "join_exports",
    "join_addresses",
    "join_drop_person",
)


async def join(tx: Transaction, vault: Vault, contact: Contact, payload: str, at: int) -> bool:
    """Hand everything of the contact's person over to who asked. False if the link is not good."""
    target = await asker(tx, vault, payload, at)
    if target is None or target.id == contact.person.id:
        return False
    if await next_number(tx, f"link {payload.rpartition('-')[2]}") > 1:
        return False
    for step in STEPS:
        await tx.run(step, old=contact.person.id, new=target.id)
    person = contact.person
    for name, value in msgspec.structs.asdict(target).items():
        setattr(person, name, value)
    person.dirty = False
    for conversation in contact.conversations:
        conversation.person_id = person.id
    return True
