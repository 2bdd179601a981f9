"""The page of a telephone at the door: it works without a network, and sends what it noted when there is one again.

/door#SECRET    the page, the same for everybody; what stands behind # never comes to us with it
/door/sync      what was noted, and how things stand: whoever asks shows the secret
"""

from importlib import resources
from pathlib import Path
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.core import audit
from bot.core.localtime import now_ms
from bot.kinds.meeting.door import arrivals, phones
from bot.kinds.meeting.door.arrivals import LONGEST_NAME, MOST_SENT, NAMED_MS, Sent
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import LANGUAGES, language_of
from flows.wording import render
from flows.wording.text import msg

PATH: Final = "/door"

#: A camera, which no other page of ours asks for.
CAMERA: Final = "geolocation=(), microphone=(), camera=(self)"

#: What the page says by itself: entries of the catalogue, without "door.".
WORDS: Final = (
    "noted", "again", "unknown", "kept_unknown", "other_meeting", "no_ticket", "digits", "saved_name",
    "name_needed", "agree_needed", "waits", "all_sent", "no_network", "sending", "nobodys", "taken_back",
    "over", "emptied", "empty_sure", "held", "no_room", "no_camera",
)  # fmt: skip


class DoorPage(PageGroup):
    """The page, and where it sends to."""

    def routes(self) -> list[Route]:
        """Every route; none of them needs a session."""
        return [
            Route(PATH, self.show, methods=["GET"]),
            Route("/door-worker.js", self.worker, methods=["GET"]),
            Route(f"{PATH}/sync", self.sync, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The page without anybody on it."""
        language = language_of(request)
        response = self._pages.show(
            request,
            "door.html",
            said={name: render(msg(f"door.{name}"), language) for name in WORDS},
            longest=LONGEST_NAME,
            days=NAMED_MS // 86_400_000,
            most=MOST_SENT,
        )
        response.headers["permissions-policy"] = CAMERA
        return response

    async def worker(self, request: Request) -> Response:
        """The script that shows the page without a network."""
        path = Path(str(resources.files("bot.web") / "static")) / "door-worker.js"
        headers = {"cache-control": "no-cache"}
        return FileResponse(path, media_type="text/javascript", headers=headers)

    async def sync(self, request: Request) -> Response:
        """Note what a telephone sends; tell it how things stand."""
        try:
            sent = msgspec.json.decode(await request.body(), type=Sent)
        except msgspec.MsgspecError:
            return JSONResponse({}, 400)
        if not sent.bearable:
            return JSONResponse({}, 400)
        services, at = self._services, now_ms()
        async with services.storage.transaction() as tx:
            found = await phones.door_of(tx, services.vault, sent.key, at)
            if found is None:
                return JSONResponse({}, 410)
            phone, row = found
            await services.register.learn(tx, row.council_id)
            unknown, noted = await arrivals.take(tx, services.vault, row, phone, sent, at)
            if noted:
                who = f"{phone.made_by}: {phone.name}"
                await audit.note(tx, row.council_id, who, "door", row.code, f"{noted} noted", at)
            until = phones.good_until(row)
            known = await arrivals.listed(tx, services.vault, row, tuple(LANGUAGES), until)
        said = {
            **known,
            "taken": [one.code for one in sent.arrivals if one.code not in unknown],
            "unknown": unknown,
            "entries": [one.entry for one in sent.others],
        }
        return JSONResponse(said, headers={"cache-control": "no-store"})
