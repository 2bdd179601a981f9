"""How a citizen answers an article: a choice, or words and a voice note that are kept as a comment."""

from dataclasses import dataclass
from typing import Final

import msgspec

from flows.dialog.answers import LONGEST, Said, Words
from flows.dialog.choices import Choice, not_among, says
from flows.dialog.dialog import (
    Candidate,
    Json,
    NotUnderstood,
    Option,
    Reply,
    Stale,
    Unsure,
    json_of,
)
from flows.understanding import phrases, scripts
from flows.wording.text import Text, msg

#: What one may think of an article, as it is stored, counted and named.
STANCES: Final = ("agree", "change", "against")

#: What else may be chosen at an article.
SKIP, READ, FINISH = "skip", "read", "finish"

#: Words from which on a reply is somebody's own, and not the name of a choice.
SENTENCE: Final = 4

_EMOJI = {"agree": "👍", "change": "✏️", "against": "👎", SKIP: "⏭️", READ: "📄", FINISH: "🏁"}


def stance_label(stance: str) -> Text:
    """A stance as it stands on its button, in tables and in files."""
    return msg(f"draft.{stance}")


def option(id: str) -> Option:
    """A choice at an article."""
    label = msg("button.skip") if id == SKIP else msg(f"draft.{id}")
    return Option(id, label, _EMOJI[id])


@dataclass(frozen=True, slots=True)
class Opinion:
    """One of a few choices about an article; a sentence or a voice note is a comment on it (`Said`).

    What is said in a sentence is never taken for one of the choices: "I agree, but..." is more than that.
    """

    every: tuple[Option, ...]
    #: Whether words are taken; else only a choice is.
    words: bool = True
    optional: bool = False
    private: bool = False

    @property
    def options(self) -> tuple[Option, ...]:
        """The choices."""
        return self.every

    @property
    def wants(self) -> frozenset[str]:
        """Text, and a voice note where words are taken."""
        return frozenset({"text", "voice"}) if self.words else frozenset({"text"})

    def read(self, reply: Reply) -> str | Said | Unsure:
        """A choice's id, or what was said. Raises NotUnderstood."""
        if reply.tap is not None:
            return self._offered(reply.tap)
        if reply.skip:
            return self._offered(SKIP)
        if reply.media:
            if not self.words:
                raise not_among(self.every)
            return Words(media=frozenset({"voice"})).read(reply)
        whole = any(says(reply.text, one.label) for one in self.every)
        if self.words and not whole and len(reply.text.split()) >= SENTENCE:
            if len(reply.text) > LONGEST:
                raise NotUnderstood(
                    msg("trouble.too_long", longest=LONGEST, length=len(reply.text))
                )
            agrees = phrases.yes_no(reply.text)
            if agrees is not None:
                # "Je ne suis pas d'accord" says what one thinks; "non merci, pas maintenant" looks like it.
                return Unsure((self._as_stance("agree" if agrees else "against"),))
            return Said(scripts.clean(reply.text))
        said = phrases.yes_no(reply.text)
        if said is not None and not whole:
            return self._offered("agree" if said else "against")
        found = Choice(self.every).read(reply)
        if not isinstance(found, str | Unsure):
            raise not_among(self.every)
        return found

    def _as_stance(self, id: str) -> Candidate:
        one = next(one for one in self.every if one.id == self._offered(id))
        return Candidate(one.label, Reply(tap=id), one.emoji)

    def _offered(self, id: str) -> str:
        if any(one.id == id for one in self.every):
            return id
        raise not_among(self.every)

    def resumed(self, draft: Json) -> "Opinion":
        """Nothing is half said here."""
        return self

    def store(self, value: str | Said) -> Json:
        """The id, or what was said as a map."""
        return value if isinstance(value, str) else json_of(value)

    def restore(self, stored: Json) -> str | Said:
        """The choice if it is still offered, or the words."""
        if isinstance(stored, str) and any(one.id == stored for one in self.every):
            return stored
        if self.words and isinstance(stored, dict):
            try:
                return msgspec.convert(stored, Said)
            except msgspec.ValidationError as error:
                raise Stale(stored) from error
        raise Stale(stored)
