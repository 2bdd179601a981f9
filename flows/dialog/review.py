"""The last look before it counts: everything the citizen said, each part of it correctable."""

from dataclasses import dataclass, replace

from flows import wording
from flows.dialog.choices import NO, agreed, meaning, not_among, says
from flows.dialog.dialog import (
    Candidate,
    Correct,
    Json,
    NotUnderstood,
    Option,
    Reply,
    Stale,
    Unfinished,
    Unsure,
)
from flows.understanding import correcting, phrases
from flows.wording.text import Text, lines, msg

#: A reply in more words than these names no action by half.
FEW = 3

#: Begins the ids of the options that correct an answer.
CORRECT = "~correct:"
#: The id of the way back from choosing what to correct.
BACK = "~back"


@dataclass(frozen=True, slots=True)
class Review:
    """The last look before it counts: one of `actions`, or the correction of an answer.

    `corrections` are the answers shown, as (label, key of the question). "Correct" lists them by
    number; the one chosen is dropped, and its question is asked again.
    """

    actions: tuple[Option, ...]
    corrections: tuple[tuple[Text, str], ...]
    optional: bool = False
    private: bool = False
    wants: frozenset[str] = frozenset()
    #: Whether the citizen is choosing what to correct.
    choosing: bool = False

    @property
    def options(self) -> tuple[Option, ...]:
        """The actions and "correct"; after "correct", the answers to choose from."""
        if self.choosing:
            answers = (Option(f"{CORRECT}{key}", label, "✏️") for label, key in self.corrections)
            return (*answers, Option(BACK, msg("button.leave"), "⬅️"))
        return (*self.actions, Option(CORRECT, msg("button.correct"), "✏️"))

    def read(self, reply: Reply) -> str | Correct | Unfinished | Unsure:
        """An action's id, or Correct."""
        if reply.tap == CORRECT:
            return self._correct_one()
        if reply.tap == BACK:
            return Unfinished("")
        if reply.tap is not None:
            if reply.tap.startswith(CORRECT):
                return self._key(reply.tap.removeprefix(CORRECT))
            if any(action.id == reply.tap for action in self.actions):
                return reply.tap
            raise NotUnderstood(msg("trouble.gone"))
        if not self.choosing and says(reply.text, msg("button.send")):
            return self.actions[0].id
        if correcting.not_sending(reply.text):
            return self._kept_back()
        found = meaning(reply.text, self.options)
        sentence = len(reply.text.split()) > FEW
        if isinstance(found, Unsure) and sentence:
            # "Another hole, too" names no button.
            found = None
        if found is None and sentence and phrases.yes_no(reply.text) is False:
            # "No, it is in Tabounte": what stands there is to be corrected, not thrown away.
            return self._corrected(reply.text) or self._correct_one()
        if not isinstance(found, Option):
            corrected = self._corrected(reply.text)
            if corrected is not None:
                return corrected
            found = agreed(reply.text, self.options) or found
        if found is None:
            raise not_among(self.options)
        return found if isinstance(found, Unsure) else self._done(found)

    def _kept_back(self) -> str:
        """What "do not send it" does: nothing goes out, where there is such an action."""
        dropped = next((action.id for action in self.actions if action.id in NO), None)
        if dropped is None:
            raise not_among(self.options)
        return dropped

    def _done(self, option: Option) -> str | Correct | Unfinished:
        if option.id == CORRECT:
            return self._correct_one()
        if option.id == BACK:
            return Unfinished("")
        if option.id.startswith(CORRECT):
            return self._key(option.id.removeprefix(CORRECT))
        return option.id

    def _corrected(self, text: str) -> Correct | Unfinished | Unsure | None:
        """Where "I got the place wrong" leads: to that question, or to the list of the answers."""
        said = phrases.yes_no(text)
        if said:
            return None
        wrong = correcting.wrong(text)
        names = [wording.in_every_language(label) for label, _ in self.corrections]
        found = correcting.named(text, names)
        keys = [self.corrections[at][1] for at in found]
        if len(keys) == 1 and (wrong or said is False):
            return Correct(keys[0])
        if keys:
            # "The place" alone may be praise, blame or a slip of the hand.
            labels = {key: label for label, key in self.corrections}
            return Unsure(
                tuple(Candidate(labels[key], Reply(tap=f"{CORRECT}{key}"), "✏️") for key in keys)
            )
        return self._correct_one() if wrong else None

    def _correct_one(self) -> Correct | Unfinished:
        if len(self.corrections) == 1:
            return Correct(self.corrections[0][1])
        return Unfinished("correct")

    def _key(self, key: str) -> Correct:
        if any(key == known for _, known in self.corrections):
            return Correct(key)
        raise NotUnderstood(msg("trouble.gone"))

    def resumed(self, draft: Json) -> "Review":
        """The same review, choosing what to correct."""
        return replace(self, choosing=draft == "correct")

    def store(self, value: str) -> Json:
        """The action's id."""
        return value

    def restore(self, stored: Json) -> str:
        """The action, if it is still offered."""
        if any(action.id == stored for action in self.actions):
            return str(stored)
        raise Stale(stored)


def review_lines(*answers: tuple[Text, Text]) -> Text:
    """The answers as the citizen will see them before sending."""
    return lines(*(msg("review.line", label=label, answer=answer) for label, answer in answers))
