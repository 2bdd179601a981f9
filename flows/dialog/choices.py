"""Answers that choose: one, several, or an order of options.

A tap, "2", "٢", "the second", the label in any language, with or without diacritics, typed in
another script: all are read here, so that no channel lacks one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from flows import wording
from flows.dialog.dialog import (
    Correct,
    Json,
    NotUnderstood,
    Option,
    Reply,
    Stale,
    Unfinished,
    Unsure,
)
from flows.understanding import numerals, phrases, scripts
from flows.wording.text import Text, msg

#: Never more choices than this at once (the voice guide); the rest behind "more".
PAGE = 7

#: Ids of options that "yes" and "no" mean.
YES = frozenset({"yes", "support", "send"})
NO = frozenset({"no", "later", "drop", "keep"})

#: Ids of options that take something back; only their number or whole label means them.
GUARDED = NO | {"withdraw", "forget"}

#: Words that turn the meaning of what stands beside them, folded.
NEGATIONS = frozenset(
    scripts.fold("not dont don't no non ne pas la لا ما ماشي لن لم بلا ⵓⵔ ⵓⵀⵓ ur machi").split()
)

#: Ids of options that "skip" means.
PASS = frozenset({"no", "later"})

#: Ids of the options that we add ourselves; an organizer's option cannot begin like them.
MORE = "~more"
DONE = "~done"
#: Before the id of an option that is ticked: its button unticks, however often it is tapped.
UNTICK = "~un:"


def meant(text: str, options: Sequence[Option]) -> Option | None:
    """The one option that the typed `text` means, None if none or more than one."""
    if not options:
        return None
    bare = text.strip()
    for option in options:
        if option.emoji and bare == option.emoji:
            return option
    wanted = scripts.fold(text)
    names = [(option, _names(option)) for option in options]
    exact = _only([option for option, known in names if wanted and wanted in known])
    if exact is not None:
        return exact
    index = numerals.number(text)
    if isinstance(index, int):
        return options[index - 1] if 1 <= index <= len(options) else None
    if len(wanted) < 3 or NEGATIONS & set(wanted.split()):
        return None
    # Half a label is enough for a choice, never for one that throws something away.
    names = [(option, known) for option, known in names if option.id not in GUARDED]
    begins = _only([o for o, known in names if any(k.startswith(wanted) for k in known)])
    if begins is not None:
        return begins
    key = scripts.skeleton(text)
    if len(key) >= 3:
        alike = _only([o for o, known in names if any(scripts.skeleton(k) == key for k in known)])
        if alike is not None:
            return alike
    if len(key) >= 2 and " " not in wanted:
        # One word written in another script: "lma" among "الما ديال الشرب" and others.
        sounds = [
            o
            for o, known in names
            if any(scripts.skeleton(word) == key for name in known for word in name.split())
        ]
        heard = _only(sounds)
        if heard is not None:
            return heard
    word = _only([o for o, known in names if any(f" {wanted} " in f" {k} " for k in known)])
    if word is not None:
        return word
    inside = _only(
        [o for o, known in names if any(len(k) >= 4 and f" {k} " in f" {wanted} " for k in known)]
    )
    if inside is not None:
        return inside
    return _only([o for o, known in names if any(fuzz.ratio(k, wanted) >= 86 for k in known)])


def _names(option: Option) -> set[str]:
    spelled = {scripts.fold(name) for name in wording.in_every_language(option.label)}
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


def _is_all(text: str) -> bool:
    return phrases.done(text) or says(text, msg("button.done"))


def says(text: str, label: Text) -> bool:
    """Whether the typed text is what stands on a button, in any language."""
    folded = scripts.fold(text)
    return bool(folded) and folded in {scripts.fold(w) for w in wording.in_every_language(label)}


def _parts(text: str) -> list[str]:
    """The items of an enumeration: "water, roads and schools"."""
    return [part for part in _BETWEEN.split(text) if part.strip()]


_BETWEEN = re.compile(r"[,،;؛/\n+&]|\s(?:و|et|and|w|ou|ⴷ|d)\s")


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
        if reply.tap == MORE or self._asks_for_more(reply.text):
            pages = -(-len(self.every) // PAGE)
            return Unfinished((self.page + 1) % pages)
        if reply.tap is not None:
            return self._tapped(reply.tap)
        option = meant(reply.text, self.every) or agreed(reply.text, self.every)
        if option is None:
            raise not_among(self.every)
        return option.id

    def _asks_for_more(self, text: str) -> bool:
        if len(self.options) == len(self.every):
            return False
        return phrases.command(text) is phrases.Command.MORE or says(text, msg("button.more"))

    def _tapped(self, tap: str) -> str | Correct:
        if any(option.id == tap for option in self.every):
            return tap
        raise NotUnderstood(msg("trouble.gone"))

    def resumed(self, draft: Json) -> "Choice":
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
class YesNo:
    """Yes or no, in every language; the value is a bool."""

    optional: bool = False
    private: bool = False
    wants: frozenset[str] = frozenset()

    @property
    def options(self) -> tuple[Option, ...]:
        """Yes, then no."""
        return (Option("yes", msg("button.yes"), "✅"), Option("no", msg("button.no"), "❌"))

    def read(self, reply: Reply) -> bool:
        """True for yes."""
        if reply.tap in ("yes", "no"):
            return reply.tap == "yes"
        said = phrases.yes_no(reply.text)
        if said is not None:
            return said
        option = meant(reply.text, self.options)
        if option is None:
            raise not_among(self.options)
        return option.id == "yes"

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


@dataclass(frozen=True, slots=True)
class Several:
    """From `least` to `most` of the options, in the organizer's order; ids.

    Typed at once ("1, 3 and 4") or tapped one by one and ended with "done".
    """

    every: tuple[Option, ...]
    least: int = 1
    most: int = 0
    ticked: tuple[str, ...] = ()
    optional: bool = False
    private: bool = False
    wants: frozenset[str] = frozenset()

    @property
    def limit(self) -> int:
        """How many may be chosen."""
        return self.most or len(self.every)

    @property
    def options(self) -> tuple[Option, ...]:
        """The options, the chosen ones ticked, and "done" once enough are chosen."""
        shown = tuple(
            replace(option, id=UNTICK + option.id, emoji="☑️")
            if option.id in self.ticked
            else option
            for option in self.every
        )
        if len(self.ticked) >= max(self.least, 1):
            return (*shown, Option(DONE, msg("button.done"), "✅"))
        return shown

    def read(self, reply: Reply) -> tuple[str, ...] | Unfinished:
        """The ids chosen, in the organizer's order."""
        if reply.tap == DONE or (self.ticked and _is_all(reply.text)):
            return self._checked(self.ticked)
        if reply.tap is not None:
            tapped = reply.tap.removeprefix(UNTICK)
            if all(option.id != tapped for option in self.every):
                raise NotUnderstood(msg("trouble.gone"))
            ticked = set(self.ticked) | {tapped}
            if reply.tap.startswith(UNTICK):
                ticked.remove(tapped)
            if len(ticked) > self.limit:
                raise NotUnderstood(msg("trouble.too_many", count=self.limit))
            chosen = self._ordered(ticked)
            full = len(chosen) == self.limit and not reply.tap.startswith(UNTICK)
            return chosen if full else Unfinished(list(chosen))
        return self._checked(self._ordered(self._typed(reply.text)))

    def _typed(self, text: str) -> set[str]:
        numbers = numerals.numbers(text)
        if numbers and all(1 <= number <= len(self.every) for number in numbers):
            return {self.every[number - 1].id for number in numbers}
        named = [meant(part, self.every) for part in _parts(text)]
        chosen = {option.id for option in named if option is not None}
        if not chosen or None in named:
            raise NotUnderstood(msg("trouble.several", last=len(self.every)))
        return chosen

    def _ordered(self, chosen: set[str]) -> tuple[str, ...]:
        return tuple(option.id for option in self.every if option.id in chosen)

    def _checked(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        if len(chosen) > self.limit:
            raise NotUnderstood(msg("trouble.too_many", count=self.limit))
        if len(chosen) < self.least:
            raise NotUnderstood(msg("trouble.too_few", count=self.least))
        return chosen

    def resumed(self, draft: Json) -> "Several":
        """The same question with what is ticked so far."""
        kept = (
            {tick for tick in draft if isinstance(tick, str)} if isinstance(draft, list) else set()
        )
        return replace(self, ticked=self._ordered(kept))

    def store(self, value: tuple[str, ...]) -> Json:
        """The ids as a list."""
        return list(value)

    def restore(self, stored: Json) -> tuple[str, ...]:
        """The ids, if every option still exists and the limits still hold."""
        if isinstance(stored, list):
            chosen = self._ordered(set(stored))
            if len(chosen) == len(stored) and self.least <= len(chosen) <= self.limit:
                return chosen
        raise Stale(stored)


@dataclass(frozen=True, slots=True)
class Ranking:
    """All options in the citizen's order, best first; ids.

    Typed at once ("3 1 2") or tapped one after the other; the last one places itself.
    """

    every: tuple[Option, ...]
    placed: tuple[str, ...] = ()
    optional: bool = False
    private: bool = False
    wants: frozenset[str] = frozenset()

    @property
    def options(self) -> tuple[Option, ...]:
        """The options that have no place yet."""
        return tuple(option for option in self.every if option.id not in self.placed)

    def read(self, reply: Reply) -> tuple[str, ...] | Unfinished:
        """Every id, best first."""
        if reply.tap is not None:
            if all(option.id != reply.tap for option in self.every):
                raise NotUnderstood(msg("trouble.gone"))
            if reply.tap in self.placed:
                return Unfinished(list(self.placed))
            return self._with(reply.tap)
        numbers = numerals.numbers(reply.text)
        if numbers and sorted(numbers) == list(range(1, len(self.every) + 1)):
            return tuple(self.every[number - 1].id for number in numbers)
        if numbers and len(numbers) == 1 and 1 <= numbers[0] <= len(self.every):
            option: Option | None = self.every[numbers[0] - 1]
        else:
            option = meant(reply.text, self.options)
        if option is None or option.id in self.placed:
            raise NotUnderstood(msg("trouble.ranking", last=len(self.every)))
        return self._with(option.id)

    def _with(self, tap: str) -> tuple[str, ...] | Unfinished:
        placed = (*self.placed, tap)
        left = [option.id for option in self.every if option.id not in placed]
        if len(left) <= 1:
            return (*placed, *left)
        return Unfinished(list(placed))

    def resumed(self, draft: Json) -> "Ranking":
        """The same question with the places given so far."""
        known = {option.id for option in self.every}
        kept = [tap for tap in draft if tap in known] if isinstance(draft, list) else []
        return replace(self, placed=tuple(kept))

    def store(self, value: tuple[str, ...]) -> Json:
        """The ids as a list."""
        return list(value)

    def restore(self, stored: Json) -> tuple[str, ...]:
        """The order, if it still ranks exactly the options."""
        if isinstance(stored, list) and sorted(stored) == sorted(o.id for o in self.every):
            return tuple(stored)
        raise Stale(stored)
