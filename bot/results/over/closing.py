"""Closing the loop: what came of a consultation, told to who took part, in two sentences and a picture."""

import asyncio
import hashlib
import io
from collections.abc import Mapping
from typing import Any

from bot.core.councils import Register, facts_of, head_of
from bot.core.localtime import now_ms
from bot.outbox.media_files import MediaFiles
from bot.reports.picture import write_picture
from bot.results import summaries
from flows.kinds import kinds
from flows.wording import render
from flows.wording.text import LANGUAGES
from storage.database import Storage


async def result_body(
    storage: Storage, register: Register, media: MediaFiles, public_url: str, consultation_id: int
) -> Mapping[str, Any]:
    """The body of a result's broadcast: the headline in every language, the pictures, the link."""
    async with storage.reading() as tx:
        row = await register.by_id(tx, consultation_id)
        summary, responses = await summaries.summary_of(register, tx, row)
    council = register.council(row.council_id)
    head = head_of(row)
    headline = kinds()[row.kind].headline(head, council, responses)
    facts = summaries.report_facts(register, row, len(responses.standing))
    pictures = {}
    for language in LANGUAGES:
        out = io.BytesIO()
        await asyncio.to_thread(write_picture, summary, language, facts, out)
        name = f"result-{hashlib.sha256(out.getvalue()).hexdigest()[:24]}.png"
        media.publish(name, out.getvalue())
        pictures[language] = name
    return {
        "headline": {code: render(headline, code, council.language) for code in LANGUAGES},
        "pictures": pictures,
        "link": f"{public_url}/results/{facts_of(row).code}",
        "made_at": now_ms(),
    }
