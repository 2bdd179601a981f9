"""Where the providers bring messages. They are told 200 only after the COMMIT.

What is theirs and cannot be read is kept as it came and told 200 too; what is not surely theirs is refused.
"""

import asyncio
import hmac
import logging
from collections.abc import Sequence
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.port import Arrival, BadWebhook, Channel, Signed, Status
from bot.core.councils import stored_councils
from bot.core.localtime import now_ms
from bot.services import Services
from bot.web.frame import intake

log = logging.getLogger("tachawor.webhooks")

#: A webhook's body is never larger than this, in bytes.
LARGEST = 1_000_000

OK = b"ok"

#: What Twilio is told: nothing is to be said.
TWIML = "<Response></Response>"


def routes(
    services: Services, telegram_channel: Channel | None, twilio_channel: Signed | None
) -> list[Route]:
    """The providers' routes and the health check."""

    async def telegram(request: Request) -> Response:
        channel = telegram_channel
        if channel is None or services.config.telegram.mode != "webhook":
            return PlainTextResponse("no Telegram webhook here", 404)
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(
            given.encode(), services.config.telegram.webhook_secret.encode()
        ):
            log.warning("Telegram webhook: wrong secret")
            return PlainTextResponse("wrong secret", 403)
        intake.widen(request, LARGEST)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        if not body:
            log.warning("Telegram webhook: there is nothing in it")
            return PlainTextResponse("not an update", 400)
        try:
            read = channel.read(body, now_ms())
        except BadWebhook as error:
            # Refused, it would come again for a day and hold up its chat.
            await services.conversations.put_aside(channel, body, str(error))
            return Response(OK)
        await _take_in(services, channel, read)
        return Response(OK)

    async def twilio(request: Request) -> Response:
        channel = twilio_channel
        if channel is None:
            return PlainTextResponse("no WhatsApp here", 404)
        intake.widen(request, LARGEST)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        try:
            form = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body))
        except ValueError:
            log.warning("Twilio webhook: the body is no form")
            return PlainTextResponse("not a form", 400)
        url = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        if not channel.valid_signature(url, form, request.headers, body):
            log.warning("Twilio webhook: the signature does not fit")
            return PlainTextResponse("wrong signature", 403)
        try:
            read = channel.read([*form, *request.query_params.multi_items()], now_ms())
        except BadWebhook as error:
            whole = b"&".join(part for part in (body, request.url.query.encode()) if part)
            await services.conversations.put_aside(channel, whole, str(error))
            return Response(TWIML, media_type="text/xml")
        await _take_in(services, channel, read)
        return Response(TWIML, media_type="text/xml")

    async def health(request: Request) -> Response:
        async with services.storage.reading() as tx:
            await stored_councils(tx)
        return PlainTextResponse("ok")

    return [
        Route("/webhooks/telegram", telegram, methods=["POST"]),
        Route("/webhooks/twilio", twilio, methods=["POST"]),
        Route("/webhooks/twilio/status", twilio, methods=["POST"]),
        Route("/health", health),
    ]


async def _body(request: Request) -> bytes | None:
    """The body, None if it is too large."""
    try:
        return await request.body()
    except HTTPException:
        return None


async def _take_in(services: Services, channel: Channel, read: Sequence[Arrival | Status]) -> None:
    arrivals = [item for item in read if isinstance(item, Arrival)]
    statuses = [item for item in read if isinstance(item, Status)]
    for arrival in arrivals:
        if arrival.receipt is not None and not services.delivery.paused(channel.name):
            # Answer the tap first, then work; nothing depends on how this call ends.
            asyncio.create_task(_acknowledge(channel, arrival.receipt))  # noqa: RUF006
    if statuses:
        await services.delivery.report(statuses)
    await services.conversations.receive(arrivals)


async def _acknowledge(channel: Channel, receipt: str) -> None:
    try:
        await channel.acknowledge(receipt)
    except Exception as error:
        log.info("a tap could not be acknowledged (%s)", type(error).__name__)
