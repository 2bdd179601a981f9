"""How does a call reach Twilio, and what does a failure mean? twilio's client over aiohttp."""

import asyncio
import base64
import logging
from collections.abc import Awaitable
from typing import Any

import aiohttp
import msgspec
from twilio.base.exceptions import (  # type: ignore[import-untyped] # twilio ships no types
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.async_http_client import (  # type: ignore[import-untyped]
    AsyncTwilioHttpClient,
)

from bot.channels.port import SendError, Transient, Uncertain
from bot.channels.whatsapp_errors import meaning


class TwilioHttp(AsyncTwilioHttpClient):  # type: ignore[misc] # its base has no types
    """twilio's client over aiohttp, with three corrections (twilio 9.13).

    Its timeout is ignored; it sends as a form what is declared to be JSON; and it builds its
    credentials in a way that aiohttp is about to remove.
    """

    def __init__(self, seconds: float) -> None:
        # At INFO, twilio logs whom it asks about.
        quiet = logging.getLogger(f"{__name__}.twilio")
        quiet.setLevel(logging.WARNING)
        super().__init__(logger=quiet)
        self._seconds = seconds

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: Any = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - twilio's signature
        allow_redirects: bool = False,
    ) -> Any:
        """Send a request. Raises TimeoutError and aiohttp's errors."""
        headers = dict(headers or {})
        if auth is not None:
            headers |= basic_auth(*auth)
        if headers.get("Content-Type") == "application/json" and data is not None:
            data = msgspec.json.encode(data)
        request = super().request(
            method, url, params, data, headers, allow_redirects=allow_redirects
        )
        return await asyncio.wait_for(request, self._seconds)


#: Refusals that mean something only with a code of Twilio's: a proxy or a captive portal has none.
_SAID_BY_OTHERS = frozenset(range(300, 500)) - {401, 429}


async def answered(call: Awaitable[Any]) -> Any:
    """The result of a call of twilio's client. Raises SendError, with no trace of the request.

    A time-out may have hit the connecting or the answer; twilio's client does not tell, so it is
    Uncertain.
    """
    try:
        return await call
    except (TwilioRestException, TwilioServiceException) as error:
        if error.code in (None, 0, error.status) and error.status in _SAID_BY_OTHERS:
            # Twilio gives a code of its own, for which its client puts the status where there is none.
            problem: SendError = Uncertain(f"{error.status}, not from Twilio")
        else:
            problem = meaning(error.status, error.code)
    except aiohttp.ClientConnectorError as error:
        problem = Transient(type(error).__name__)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        problem = Uncertain(type(error).__name__)
    except (TwilioException, ValueError, TypeError, AttributeError, KeyError):
        problem = Uncertain("not an answer of Twilio")
    raise problem


def basic_auth(login: str, password: str) -> dict[str, str]:
    credentials = base64.b64encode(f"{login}:{password}".encode()).decode()
    return {"Authorization": f"Basic {credentials}"}
