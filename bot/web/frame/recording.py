"""A voice note that a citizen sent, as staff are let hear it."""

import os
from pathlib import Path

from starlette.responses import FileResponse


class _Recording(FileResponse):
    """A file of which only its length is told: when it was kept would join it to what else came just then."""

    def set_stat_headers(self, stat_result: os.stat_result) -> None:
        """How long it is."""
        self.headers.setdefault("content-length", str(stat_result.st_size))

    def _should_use_range(self, http_if_range: str) -> bool:
        """Never: what it may be compared with is not told."""
        return False


def recording(path: Path, type_: str) -> FileResponse:
    """The voice note; players ask for it piece by piece."""
    return _Recording(path, media_type=type_, headers={"cache-control": "private, no-store"})
