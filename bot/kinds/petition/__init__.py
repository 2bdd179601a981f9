"""Petitions: signatures in the chat and on paper, lists to be signed, the deposit and its answer."""

from bot.conversation.context import Parts
from bot.kinds.manifest import Manifest
from bot.kinds.petition import effects, public, signatories
from bot.kinds.petition.own_data import OWN_DATA
from flows.kinds.petition import Sign

MANIFEST = Manifest(
    "petition",
    conversation=Parts(
        effects={Sign: effects.sign},
        look_ups={"petition_progress": effects.progress},
        withdrawn={"petition": effects.withdrawn},
        own_data=(OWN_DATA,),
    ),
    files=(signatories.FILE,),
    public=public.SECTION,
)
