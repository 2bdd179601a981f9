"""Needs: what is offered to who tells one that others have told already."""

from bot.conversation.context import Parts
from bot.kinds.manifest import Commands, Manifest
from bot.kinds.need import commands
from bot.kinds.need.own_data import OWN_DATA
from bot.kinds.need.public import SECTION
from bot.kinds.need.similar import similar_needs

MANIFEST = Manifest(
    "need",
    conversation=Parts(look_ups={"similar_needs": similar_needs}, own_data=(OWN_DATA,)),
    public=SECTION,
    commands=Commands(commands.add_parsers, commands.execute),
)
