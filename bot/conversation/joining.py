"""Two chats become one person's: everything of the one who joins goes to the other.

The link is good for fifteen minutes and once. Where both answered a consultation that takes one
response, the other's stands and the joining one's is taken back.
"""

import msgspec

from bot.conversation.context import Context
from bot.core.links import asker
from bot.core.numbers import next_number

#: The queries that hand everything over, in their order.
STEPS = (
    "join_withdraw_doubles",
    "join_singles",
    "join_drop_singles",
    "join_responses",
    "join_voices",
    "join_drop_voices",
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


async def join(context: Context, payload: str) -> bool:
    """Hand everything of whoever writes over to who asked. False if the link is not good."""
    tx, person = context.tx, context.person
    target = await asker(tx, context.vault, payload, context.at)
    if target is None or target.id == person.id:
        return False
    if await next_number(tx, f"link {payload.rpartition('-')[2]}") > 1:
        return False
    of_kinds = [query for own in context.parts.own_data for query in own.joined]
    for step in (*of_kinds, *STEPS):
        await tx.run(step, old=person.id, new=target.id)
    stopped = person.stopped_at
    for name, value in msgspec.structs.asdict(target).items():
        setattr(person, name, value)
    person.dirty = False
    if stopped is not None and target.stopped_at is None:
        # Whoever wanted no messages in one chat wants none in both.
        person.change(stopped_at=stopped)
    for conversation in context.contact.conversations:
        conversation.person_id = person.id
    return True
