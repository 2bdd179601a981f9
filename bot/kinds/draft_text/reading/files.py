"""Which sort of file it is, by what is in it and not by its name."""

from typing import Final

from bot.kinds.draft_text.reading import markdown, word
from bot.kinds.draft_text.reading.blocks import MOST_BYTES, BadText, Found, checked
from flows.wording.text import msg

#: How files begin: those of today's word processors, of yesterday's (and locked ones), and PDF.
ZIPPED: Final = b"PK\x03\x04"
OLDER: Final = b"\xd0\xcf\x11\xe0"
PORTABLE: Final = b"%PDF"


def read(content: bytes) -> Found:
    """The blocks of a DOCX or Markdown file. Raises BadText."""
    if not content.strip():
        raise BadText(msg("draft_file.empty"))
    if len(content) > MOST_BYTES:
        raise BadText(msg("draft_file.large", limit=MOST_BYTES // 1_000_000))
    if content.startswith(OLDER):
        raise BadText(msg("draft_file.older"))
    if content.startswith(PORTABLE):
        raise BadText(msg("draft_file.portable"))
    if content.startswith(ZIPPED):
        return checked(word.read(content))
    return checked(markdown.read(_decoded(content)))


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise BadText(msg("draft_file.encoding")) from None
    if "\0" in text:
        raise BadText(msg("draft_file.no_text"))
    return text
