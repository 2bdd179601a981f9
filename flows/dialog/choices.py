"""Answers that choose: one, several, or an order of options.

A tap, "2", "٢", "the second", the label in any language, with or without diacritics, typed in
another script: all are read here, so that no channel lacks one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from flows import wording
from flows.dialog.dialog import (
    Candidate,
    Correct,
    Json,
    NotUnderstood,
    Option,
    Refused,
    Reply,
    Stale,
    Unfinished,
    Unsure,
)
from flows.understanding import naming, numerals, phrases, scripts
from flows.wording.text import Text, msg

#: Never more choices than this at once (the voice guide); the rest behind "more".
PAGE = 7

#: Ids of options that "yes" and "no" mean.
YES = frozenset({"yes", "support", "send"})
NO = frozenset({"no", "later", "drop", "keep"})

#: Ids of options that take something back; only their number or whole label means them.
GUARDED = NO | {"withdraw", "forget"}

#: Ids of options that "skip" means.
PASS = frozenset({"no", "later"})

#: Ids of the options that we add ourselves; an organizer's option cannot begin like them.
MORE = "~more"


def meaning(text: str, options: Sequence[Option]) -> Option | Unsure | None:
    """The one option that the typed `text` means; the doubt, where it may mean one; None if it means none."""
    bare = text.strip().replace(VARIANT, "")
    if not options or not bare:
        return None
    signs = _only([o for o in options if o.emoji and o.emoji.replace(VARIANT, "") == bare])
    if signs is not None:
        return signs
    wanted = scripts.fold(text)
    exact = _only([option for option in options if wanted and wanted in names_of(option)])
    if exact is not None:
        return exact
    if naming.means_all(text) or (naming.means_none(text) and " " in wanted):
        # "Les deux" is both, not the second; "none of these" is not "There is none".
        return None
    if not _PADDED.match(scripts.digits(bare)):
        index = numerals.number(text)
        if isinstance(index, int):
            return options[index - 1] if 1 <= index <= len(options) else None
    # Half a label is enough for a choice, never for one that throws something away.
    free = [option for option in options if option.id not in GUARDED]
    found = naming.named(text, [names_of(option) for option in free])
    if found.sure is not None:
        return free[found.sure]
    if not found.maybe:
        return None
    return Unsure(tuple(candidate(free[at]) for at in found.maybe))


def meant(text: str, options: Sequence[Option]) -> Option | None:
    """The one option that the typed `text` surely means, None if none or more than one."""
    found = meaning(text, options)
    return found if isinstance(found, Option) else None


def candidate(option: Option) -> Candidate:
    return Candidate(option.label, Reply(tap=option.id), option.emoji)


#: Asks for an emoji's coloured form; with it or without, it is the same one.
VARIANT = "\ufe0f"
#: "000001" is the end of a reference, no choice.
_PADDED = re.compile(r"0\d")


def names_of(option: Option) -> set[str]:
    every = (*wording.in_every_language(option.label), *option.also)
    spelled = {scripts.fold(name) for name in every}
    return {name for name in spelled if name}


def _only(options: Sequence[Option]) -> Option | None:
    return options[0] if len(options) == 1 else None


def agreed(text: str, options: Sequence[Option]) -> Option | None:
    """What "yes" or "no" means among the options, whatever stands on the buttons."""
    said = phrases.yes_no(text)
    if said is None:
        return None
    meanings = YES if said else NO
    return _only([option for option in options if option.id in meanings])


def says(text: str, label: Text) -> bool:
    """Whether the typed text is what stands on a button, in any language."""
    folded = scripts.fold(text)
    return bool(folded) and folded in {scripts.fold(w) for w in wording.in_every_language(label)}


def asks_for_more(reply: Reply, *, paged: bool) -> bool:
    """Whether the other options are asked for, where only some are shown."""
    return reply.tap == MORE or (
        paged
        and (
            phrases.command(reply.text) is phrases.Command.MORE
            or says(reply.text, msg("button.more"))
        )
    )


def page_after(page: int, options: int) -> int:
    """The page after this one of so many options; the first after the last."""
    return (page + 1) % -(-options // PAGE)


def not_among(options: Sequence[Option]) -> NotUnderstood:
    """The kind refusal of a reply that names none of the options."""
    return NotUnderstood(msg("trouble.choice", last=len(options)))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several options; the value is the option's id."""

    every: tuple[Option, ...]
    page: int = 0
    optional: bool = False
    private: bool = False
    wants: frozenset[str] = frozenset()

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of this page, with "more" last where there are more."""
        if len(self.every) <= PAGE + 1:
            return self.every
        start = self.page * PAGE
        shown = self.every[start : start + PAGE]
        return (*shown, Option(MORE, msg("button.more"), "➕"))

    def read(self, reply: Reply) -> str | Correct | Unfinished | Unsure:
        """The id of the option that was tapped, numbered or named; "skip" where one means it."""
        if reply.skip:
            passed = _only([option for option in self.every if option.id in PASS])
            if passed is None:
                raise not_among(self.every)
            return passed.id
        if asks_for_more(reply, paged=len(self.options) != len(self.every)):
            return Unfinished(page_after(self.page, len(self.every)))
        if reply.tap is not None:
            return self._tapped(reply.tap)
        found = meaning(reply.text, self.every)
        if not isinstance(found, Option):
            found = agreed(reply.text, self.every) or found
        if found is None:
            raise not_among(self.every)
        return found.id if isinstance(found, Option) else found

    def _tapped(self, tap: str) -> str | Correct:
        if any(option.id == tap for option in self.every):
            return tap
        raise Refused(msg("trouble.gone"))

    def resumed(self, draft: Json) -> Self:
        """The same choice on the page that the citizen leafed to."""
        return replace(self, page=draft if isinstance(draft, int) else 0)

    def store(self, value: str) -> Json:
        """The id."""
        return value

    def restore(self, stored: Json) -> str:
        """The id, if the option still exists."""
        if isinstance(stored, str) and any(option.id == stored for option in self.every):
            return stored
        raise Stale(stored)


@dataclass(frozen=True, slots=True)
class ChoiceOrWords(Choice):
    """One of a few options, or words that are none of them: "+" and what was written.

    Whoever subclasses it says which words are an answer (`is_answer`).
    """

    def is_answer(self, text: str) -> bool:
        """Whether words that name no option are taken. Here none are."""
        return False

    def read(self, reply: Reply) -> str | Correct | Unfinished | Unsure:
        """An option's id, or "+" and what was written."""
        try:
            return Choice.read(self, reply)
        except NotUnderstood:
            if not self.is_answer(reply.text):
                raise
            return f"+{reply.text}"

    def restore(self, stored: Json) -> str:
        """The same."""
        if isinstance(stored, str) and stored.startswith("+"):
            return stored
        return Choice.restore(self, stored)


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no, in every language; the value is a bool."""

    optional: bool = False
    private: bool = False
    wants: frozenset[str] = frozenset()

    @property
    def options(self) -> tuple[Option, ...]:
        """Yes, then no."""
        return (Option("yes", msg("button.yes"), "✅"), Option("no", msg("button.no"), "❌"))

    def read(self, reply: Reply) -> bool | Unsure:
        """True for yes."""
        if reply.tap in ("yes", "no"):
            return reply.tap == "yes"
        said = phrases.yes_no(reply.text)
        if said is not None:
            return said
        found = meaning(reply.text, self.options)
        if found is None:
            raise not_among(self.options)
        if isinstance(found, Unsure):
            return found
        # A "yes" in a sentence that is not one may be half of what was meant: "oui, si possible".
        whole = numerals.number(reply.text) is not None or " " not in scripts.fold(reply.text)
        return found.id == "yes" if whole else Unsure((candidate(found),))

    def resumed(self, draft: Json) -> "YesNo":
        """A yes or no has no draft."""
        return self

    def store(self, value: bool) -> Json:
        """The bool."""
        return value

    def restore(self, stored: Json) -> bool:
        """The bool again."""
        if isinstance(stored, bool):
            return stored
        raise Stale(stored)
