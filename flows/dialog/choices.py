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
    Reply,
    Stale,
    Unfinished,
    Unsure,
)
from flows.understanding import naming, numerals, phrases, scripts
from flows.wording.text import Text, msg

#: Never more choices than this at once (the voice guide); the rest behind "more".
PAGE = 7

#: Where several may be chosen, so many stand side by side (a list of WhatsApp holds ten); more, a page at a time.
AT_ONCE = 10

#: Ids of options that "yes" and "no" mean.
YES = frozenset({"yes", "support", "send"})
NO = frozenset({"no", "later", "drop", "keep"})

#: Ids of options that take something back; only their number or whole label means them.
GUARDED = NO | {"withdraw", "forget"}

#: Ids of options that "skip" means.
PASS = frozenset({"no", "later"})

#: Ids of the options that we add ourselves; an organizer's option cannot begin like them.
MORE = "~more"
DONE = "~done"
#: Before the id of an option that is ticked: its button unticks, however often it is tapped.
UNTICK = "~un:"


def meaning(text: str, options: Sequence[Option]) -> Option | Unsure | None:
    """The one option that the typed `text` means; the doubt, where it may mean one; None if it means none."""
    bare = text.strip().replace(_VARIANT, "")
    if not options or not bare:
        return None
    signs = _only([o for o in options if o.emoji and o.emoji.replace(_VARIANT, "") == bare])
    if signs is not None:
        return signs
    wanted = scripts.fold(text)
    exact = _only([option for option in options if wanted and wanted in _names(option)])
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
    found = naming.named(text, [_names(option) for option in free])
    if found.sure is not None:
        return free[found.sure]
    if not found.maybe:
        return None
    return Unsure(tuple(_candidate(free[at]) for at in found.maybe))


def meant(text: str, options: Sequence[Option]) -> Option | None:
    """The one option that the typed `text` surely means, None if none or more than one."""
    found = meaning(text, options)
    return found if isinstance(found, Option) else None


def _candidate(option: Option) -> Candidate:
    return Candidate(option.label, Reply(tap=option.id), option.emoji)


#: Asks for an emoji's coloured form; with it or without, it is the same one.
_VARIANT = "\ufe0f"
#: "000001" is the end of a reference, no choice.
_PADDED = re.compile(r"0\d")


def _names(option: Option) -> set[str]:
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


def _is_all(text: str) -> bool:
    return phrases.done(text) or says(text, msg("button.done"))


def says(text: str, label: Text) -> bool:
    """Whether the typed text is what stands on a button, in any language."""
    folded = scripts.fold(text)
    return bool(folded) and folded in {scripts.fold(w) for w in wording.in_every_language(label)}


def _parts(text: str, options: Sequence[Option]) -> list[str]:
    """The items of an enumeration: "water, roads and schools", "💧🛣️"."""
    text = text.replace(_VARIANT, "")
    for emoji in {option.emoji.replace(_VARIANT, "") for option in options} - {""}:
        text = text.replace(emoji, f"\n{emoji}\n")
    return [part for part in _SIGNS.split(text) if part.strip()]


_SIGNS = re.compile(r"[,،;؛:/\n+&•]|\s[-–—]\s")
_BETWEEN = re.compile(r"\s(?:و|et|and|w|ⴷ|d)\s|\sو(?=\S)")


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
        raise NotUnderstood(msg("trouble.gone"))

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
        return found.id == "yes" if whole else Unsure((_candidate(found),))

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

    Typed at once ("1, 3 and 4") or tapped one by one and ended with "done". Many are shown a page at a
    time; what was ticked on another page stays.
    """

    every: tuple[Option, ...]
    least: int = 1
    most: int = 0
    ticked: tuple[str, ...] = ()
    page: int = 0
    optional: bool = False
    private: bool = False
    wants: frozenset[str] = frozenset()

    @property
    def limit(self) -> int:
        """How many may be chosen."""
        return self.most or len(self.every)

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of this page, the chosen ones ticked, "more", and "done" once enough are chosen."""
        here = self.every[self.page * PAGE :][:PAGE] if self._paged else self.every
        shown = tuple(
            replace(option, id=UNTICK + option.id, emoji="☑️")
            if option.id in self.ticked
            else option
            for option in here
        )
        if self._paged:
            shown = (*shown, Option(MORE, msg("button.more"), "➕"))
        if len(self.ticked) >= max(self.least, 1):
            return (*shown, Option(DONE, msg("button.done"), "✅"))
        return shown

    def read(self, reply: Reply) -> tuple[str, ...] | Unfinished | Unsure:
        """The ids chosen, in the organizer's order."""
        if asks_for_more(reply, paged=self._paged):
            return self._unfinished(self.ticked, page_after(self.page, len(self.every)))
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
            return chosen if full else self._unfinished(chosen, self.page)
        if naming.means_all(reply.text):
            return self._checked(self._ordered({option.id for option in self.every}))
        return self._typed(reply.text)

    @property
    def _paged(self) -> bool:
        return len(self.every) > AT_ONCE

    def _unfinished(self, ticked: tuple[str, ...], page: int) -> Unfinished:
        """What is ticked so far, with the page where there are some."""
        if not self._paged:
            return Unfinished(list(ticked))
        return Unfinished({"ticked": list(ticked), "page": page})

    def _typed(self, text: str) -> tuple[str, ...] | Unsure:
        numbers = numerals.numbers(text) or numerals.numbers(naming.only(text))
        if numbers and all(1 <= number <= len(self.every) for number in numbers):
            return self._checked(self._ordered({self.every[number - 1].id for number in numbers}))
        whole = meaning(text, self.every)
        named = [whole] if isinstance(whole, Option) else self._named_in(text)
        chosen = {option.id for option in named if isinstance(option, Option)}
        doubt = next((one for one in named if isinstance(one, Unsure)), None)
        if doubt is not None:
            return self._doubted(chosen, doubt)
        if not chosen or None in named:
            raise NotUnderstood(msg("trouble.several", last=len(self.every)))
        return self._checked(self._ordered(chosen))

    def _named_in(self, text: str) -> list[Option | Unsure | None]:
        """What each item names; where words alone separate them, what all of them name together."""
        found: list[Option | Unsure | None] = []
        for part in _parts(text, self.every):
            one = meaning(part, self.every)
            if isinstance(one, Option):
                found.append(one)
                continue
            together = naming.listed(part, [_names(option) for option in self.every])
            if together is not None:
                found += [self.every[at] for at in together]
            else:
                found += [
                    meaning(item, self.every) for item in _BETWEEN.split(part) if item.strip()
                ]
        return found

    def _doubted(self, chosen: set[str], doubt: Unsure) -> Unsure:
        """Each reading of the part in doubt, with all that was sure."""
        ids = [option.id for option in self.every]
        candidates = []
        for one in doubt.candidates:
            every = self._ordered({*chosen, str(one.reply.tap)})
            numbers = ", ".join(str(ids.index(id) + 1) for id in every)
            candidates.append(Candidate(one.label, Reply(text=numbers), one.emoji))
        return Unsure(tuple(candidates))

    def _ordered(self, chosen: set[str]) -> tuple[str, ...]:
        return tuple(option.id for option in self.every if option.id in chosen)

    def _checked(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        if len(chosen) > self.limit:
            raise NotUnderstood(msg("trouble.too_many", count=self.limit))
        if len(chosen) < self.least:
            raise NotUnderstood(msg("trouble.too_few", count=self.least))
        return chosen

    def resumed(self, draft: Json) -> "Several":
        """The same question with what is ticked so far, on the page that the citizen leafed to."""
        page = 0
        if isinstance(draft, dict):
            said, draft = draft.get("page"), draft.get("ticked")
            page = said if self._paged and isinstance(said, int) and said >= 0 else 0
        kept = (
            {tick for tick in draft if isinstance(tick, str)} if isinstance(draft, list) else set()
        )
        # A page that is there no more is the first.
        page = page if page * PAGE < len(self.every) else 0
        return replace(self, ticked=self._ordered(kept), page=page)

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
