"""Our own texts, spoken: files of the folder of recordings, LANGUAGE/ENTRY.ogg, put where citizens can get them."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.outbox.media_files import MediaFiles
from flows.conversations.besides.spoken import SPOKEN
from flows.wording.text import LANGUAGES, Lines, Message, Text

#: How a recording's name may end: what every channel plays.
ENDINGS = (".ogg", ".oga", ".mp3")

#: Recordings that one message brings at most: the next thing to do is among the last.
MOST = 3

#: Language -> entry of the catalogue -> name of the published file.
Recordings = Mapping[str, Mapping[str, str]]

NONE: Recordings = {}


def file_of(folder: Path, language: str, entry: str) -> Path | None:
    """The recording of an entry in a language, None if there is none."""
    paths = (folder / language / f"{entry}{ending}" for ending in ENDINGS)
    return next((path for path in paths if path.is_file()), None)


def published(folder: Path, media: MediaFiles) -> Recordings:
    """Put every recording of the folder where citizens can get it. Raises OSError for what cannot be read."""
    found: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        for entry in SPOKEN:
            path = file_of(folder, language, entry)
            if path is None:
                continue
            content = path.read_bytes()
            # The name changes with the words: what a phone has kept is not played for others.
            name = f"{entry}.{language}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
            if media.published(name) is None:
                media.publish(name, content)
            found.setdefault(language, {})[entry] = name
    return found


def unknown(folder: Path) -> Iterator[Path]:
    """Files of the folder that say no text of ours: a slip in a name is said, not passed over."""
    known = {f"{entry}{ending}" for entry in SPOKEN for ending in ENDINGS}
    for path in sorted(folder.rglob("*")):
        fits = path.parent.parent == folder and path.parent.name in LANGUAGES and path.name in known
        if path.is_file() and not fits:
            yield path


def spoken(texts: list[Text], language: str, recordings: Recordings) -> list[str]:
    """The files that speak what stands in some texts, in their order."""
    own = recordings.get(language, {})
    names = [own[id] for text in texts for id in _entries(text) if id in own]
    return list(dict.fromkeys(names))[-MOST:]


def _entries(text: Text) -> Iterator[str]:
    match text:
        case Message():
            yield text.id
        case Lines():
            for part in text.parts:
                yield from _entries(part)
