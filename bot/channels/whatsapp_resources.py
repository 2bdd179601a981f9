"""The contents (quick replies, lists) that we keep at Twilio: one for each distinct set of choices.

A content is created when its set of choices is first sent, found again after a restart by its name,
and removed when two hundred others were used since.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Final

from twilio.rest.content.v1.content import ContentList  # type: ignore[import-untyped]

from bot.channels.port import Halted, Refused, SendError
from bot.channels.whatsapp_content import NAMED, Content
from bot.channels.whatsapp_wire import answered

_log = logging.getLogger(__name__)

#: Contents kept at Twilio at once.
MOST_KEPT: Final = 200


class ContentResources:
    """Which contents exist at Twilio; `client` gives twilio's client in the running loop."""

    def __init__(self, account: str, client: Callable[[], Any]) -> None:
        self._account = account
        self._client = client
        #: The key of a content -> its sid, or None if Twilio refused it; the least used first.
        self._sids: OrderedDict[str, str | None] = OrderedDict()

    def adopt(self, listed: Iterable[Any]) -> None:
        """Know again what an earlier process created; `listed` are Twilio's contents, oldest last."""
        for item in listed:
            name = str(item.friendly_name or "")
            key = name.removeprefix(NAMED)
            if name != key and key not in self._sids:
                self._sids[key] = str(item.sid)
                self._sids.move_to_end(key, last=False)

    async def sid(self, form: Content) -> str | None:
        """The sid of a content of this shape, None if Twilio does not take it. Raises Halted.

        A shape that was refused is not tried again; after a failure of the line it is.
        """
        if form.key in self._sids:
            self._sids.move_to_end(form.key)
            return self._sids[form.key]
        request = ContentList.ContentCreateRequest(form.request)
        try:
            created = await answered(self._client().content.v1.contents.create_async(request))
        except Halted:
            raise
        except Refused as refused:
            _log.warning("whatsapp %s: choices as numbers: %s", self._account, refused)
            self._sids[form.key] = None
        except SendError as error:
            _log.warning("whatsapp %s: choices as numbers this time: %s", self._account, error)
            return None
        else:
            self._sids[form.key] = str(created.sid)
        await self._tidy()
        return self._sids[form.key]

    async def _tidy(self) -> None:
        """Remove what was not used for longest, at Twilio too. Best effort: a failure is logged."""
        while len(self._sids) > MOST_KEPT:
            _, sid = self._sids.popitem(last=False)
            if sid is None:
                continue
            try:
                await answered(self._client().content.v1.contents(sid).delete_async())
            except SendError as error:
                _log.warning("whatsapp %s: a content stays at Twilio: %s", self._account, error)
