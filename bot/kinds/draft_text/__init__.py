"""Draft texts: which articles have the fewest answers, for who has two minutes."""

from bot.conversation.context import Parts
from bot.kinds.draft_text import counting
from bot.kinds.manifest import Manifest

MANIFEST = Manifest(
    "draft_text", conversation=Parts(look_ups={"draft_text_counts": counting.counts})
)
