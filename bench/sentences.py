"""`python -m bench.sentences`: sentences as first messages, over HTTP: what is kept, served, and how many more it takes.

Each sentence is the first message of somebody new on the chat page of a whole product, with the example
council. Whoever tells a need agrees, skips what can be skipped, takes the first of what is offered, and
sends: how many messages after the sentence until there is a reference, and whether its words arrived as
they were written. Of what is said besides (`intent`) it is asked whether something else than "I did not
understand" came back. A set is a file as `bench.listening` reads them, with a theme, an intent or `need`.
"""

import argparse
import asyncio
import logging
import re
import statistics
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec

from bench.listening import WHERE, Line, lines_in
from flows.understanding.beside.intents import Intent
from flows.wording import render
from flows.wording.text import LANGUAGES, msg
from tests.checks import AllResponses, known
from tests.citizen import config_in
from tests.system.conftest import served

#: Nobody goes on for so long.
PATIENCE = 8

_REFERENCE = re.compile(r"[A-Z]{2,6}-\d{4}-\d{6}")
#: What stands on the buttons that are tapped, by their signs, the most wanted first.
_WANTED = ("✅", "⏭️")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one sentence: further messages until the reference, None if there is none."""

    line: Line
    language: str
    further: int | None
    reference: str = ""
    heard: str = ""


class _Page:
    """One new person on the chat page."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._number = 0
        self.last: dict[str, Any] = {"text": "", "buttons": [], "language": ""}

    async def post(self, **fields: str) -> None:
        self._number += 1
        data = {"id": f"sentence-{self._number}", **fields}
        answer = await self._client.post(
            "/chat/send", data=data, headers={"accept": "application/json"}
        )
        answer.raise_for_status()
        messages = answer.json()["messages"]
        if messages:
            self.last = messages[-1]

    async def goes_on(self) -> None:
        """Agree, skip or send; else the first thing that is offered."""
        buttons = self.last["buttons"]
        for sign in _WANTED:
            for button in buttons:
                if sign in button["label"]:
                    await self.post(token=button["token"])
                    return
        await (self.post(token=buttons[0]["token"]) if buttons else self.post(text="…"))


async def _first(address: str, line: Line) -> Outcome:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        await client.get("/", headers={"accept-language": "fr"})
        page = _Page(client)
        await page.post(text=line.text)
        language, heard = str(page.last["language"]), str(page.last["text"])
        for further in range(1, PATIENCE + 1):
            if line.expected in set(Intent):
                return Outcome(line, language, None, heard=heard)
            await page.goes_on()
            found = _REFERENCE.search(page.last["text"])
            if found:
                return Outcome(line, language, further, found[0], heard)
        return Outcome(line, language, None, heard=heard)


async def run(lines: Sequence[Line]) -> tuple[list[Outcome], dict[str, str]]:
    """Everybody, one after the other; and the words that were filed, by reference."""
    with tempfile.TemporaryDirectory(prefix="tachawor-sentences-") as folder, known():
        async with served(config_in(Path(folder))) as (app, address):
            outcomes = [await _first(address, line) for line in lines]
            async with app.storage.reading() as tx:
                row = await app.register.by_code(tx, "OZT-NEEDS")
                assert row is not None
                responses = await tx.rows(AllResponses, consultation_id=row.id)
    words = {r.reference: msgspec.json.decode(r.body)["words"]["text"] for r in responses}
    return outcomes, words


def _not_understood() -> frozenset[str]:
    """How each refusal of a choice begins, in every language."""
    told = (render(msg("trouble.choice", last=3), language) for language in LANGUAGES)
    return frozenset(one.split(".")[0] for one in told)


def report(outcomes: Sequence[Outcome], words: dict[str, str]) -> None:
    """Print what came of it."""
    needs = [o for o in outcomes if o.line.expected not in set(Intent)]
    besides = [o for o in outcomes if o.line.expected in set(Intent)]
    filed = [o for o in needs if o.further is not None]
    whole = [o for o in filed if o.line.text.strip() in words.get(o.reference, "")]
    further = sorted(o.further for o in filed if o.further is not None)
    for one in needs:
        if one not in whole:
            print(
                f"  lost or changed: {one.line.text!r} -> {words.get(one.reference)!r} {one.heard[:80]!r}"
            )
    if needs:
        print(
            f"needs: {len(needs)}, filed {len(filed)}, word for word {len(whole)}; further messages: "
            f"median {statistics.median(further) if further else '-'}, {dict(Counter(further))}"
        )
    refused = _not_understood()
    served_ = [o for o in besides if not any(one in o.heard for one in refused)]
    for one in besides:
        if one not in served_:
            print(f"  not served: {one.line.expected} {one.line.text!r}")
    if besides:
        print(f"besides: {len(besides)}, served {len(served_)} ({len(served_) / len(besides):.0%})")


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.sentences", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="sets; without any, a part of ours")
    parser.add_argument("--every", type=int, default=5, help="of our own, every so manyth sentence")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    files = given.files or [WHERE / f"{kind}.development.tsv" for kind in ("theme", "intent")]
    lines = [line for file in files for line in lines_in(file)]
    report(*asyncio.run(run(lines if given.files else lines[:: given.every])))


if __name__ == "__main__":
    main()
