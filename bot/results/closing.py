"""Closing the loop: what came of a consultation, told to who took part, in two sentences and a picture."""

import asyncio
import hashlib
import io
from collections.abc import Mapping
from typing import Any

from bot.core.councils import facts_of, head_of
from bot.core.localtime import now_ms
from bot.reports.picture import write_picture
from bot.results import summaries
from bot.services import Services
from flows.kinds import kinds
from flows.wording import render
from flows.wording.text import LANGUAGES


async def result_body(services: Services, consultation_id: int) -> Mapping[str, Any]:
    """The body of a result's broadcast: the headline in every language, the pictures, the link."""
    async with services.storage.reading() as tx:
        row = await services.register.by_id(tx, consultation_id)
        summary, responses = await summaries.summary_of(services.register, tx, row)
    council = services.register.council(row.council_id)
    head = head_of(row)
    headline = kinds()[row.kind].headline(head, council, responses)
    facts = summaries.report_facts(services.register, row, len(responses.standing))
    pictures = {}
    for language in LANGUAGES:
        out = io.BytesIO()
        await asyncio.to_thread(write_picture, summary, language, facts, out)
        name = f"result-{hashlib.sha256(out.getvalue()).hexdigest()[:24]}.png"
        services.media.publish(name, out.getvalue())
        pictures[language] = name
    return {
        "headline": {code: render(headline, code, council.language) for code in LANGUAGES},
        "pictures": pictures,
        "link": f"{services.config.public_url}/results/{facts_of(row).code}",
        "made_at": now_ms(),
    }
