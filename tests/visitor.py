"""A client of our pages that is patient: how fast a busy machine answers is no test's concern."""

from typing import Any

import httpx

#: Seconds until an answer must have come; five, as the library has it, are too few beside other tests.
PATIENCE = 60

#: Nothing here is encrypted: the certificates of the whole world take longer to read than most pages.
PLAIN = {"verify": False}


def visitor(**options: Any) -> httpx.AsyncClient:
    """A client with the options of `httpx.AsyncClient`."""
    return httpx.AsyncClient(**{"timeout": PATIENCE} | PLAIN | options)
