"""Draft texts: the least answered articles, the organizer's own file, a desk for each draft, groups of comments."""

from bot.conversation.context import Parts
from bot.kinds.draft_text import counting, groups, replying, telling
from bot.kinds.draft_text.desk import TextDesk
from bot.kinds.draft_text.file_page import FILE, PATH
from bot.kinds.draft_text.group_pages import PATH as GROUPS
from bot.kinds.draft_text.group_pages import GroupPages
from bot.kinds.manifest import Desk, Manifest

MANIFEST = Manifest(
    "draft_text",
    conversation=Parts(
        look_ups={"draft_text_counts": counting.counts, "draft_text_own": counting.own},
        own_data=(groups.OWN_DATA,),
    ),
    besides=replying.replied_to,
    desk=Desk(
        PATH,
        "draft_desk.texts",
        lambda services, pages: (TextDesk(services, pages), GroupPages(services, pages)),
        {
            PATH: "staff: read",
            FILE: "staff: publish",
            f"{PATH}/{{code}}": "staff: read",
            f"{PATH}/{{code}}/do": "staff: publish",
            GROUPS: "staff: read",
            f"{GROUPS}/do": "staff: publish",
        },
    ),
    clock=telling.look,
)
