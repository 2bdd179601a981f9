"""Draft texts: the least answered articles, the organizer's own file, and a desk for each draft."""

from bot.conversation.context import Parts
from bot.kinds.draft_text import counting, replying
from bot.kinds.draft_text.desk import TextDesk
from bot.kinds.draft_text.file_page import FILE, PATH
from bot.kinds.manifest import Desk, Manifest

MANIFEST = Manifest(
    "draft_text",
    conversation=Parts(
        look_ups={"draft_text_counts": counting.counts, "draft_text_own": counting.own}
    ),
    besides=replying.replies_of,
    desk=Desk(
        PATH,
        "draft_desk.texts",
        lambda services, pages: (TextDesk(services, pages),),
        {
            PATH: "staff: read",
            FILE: "staff: publish",
            f"{PATH}/{{code}}": "staff: read",
            f"{PATH}/{{code}}/do": "staff: publish",
        },
    ),
)
