"""Polls: written by organizers in their own chat."""

from bot.conversation.context import Parts
from bot.kinds.manifest import Manifest
from bot.kinds.poll import writing
from flows.kinds.poll.writing.conversation import PublishPoll

MANIFEST = Manifest(
    "poll",
    conversation=Parts(
        effects={PublishPoll: writing.publish},
        look_ups={"organizer": writing.organizer, "reach": writing.reach},
        offers=(writing.offers,),
    ),
)
