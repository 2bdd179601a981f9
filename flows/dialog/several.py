"""Answers that choose several options: ticked one by one, or typed at once in a list, a run, or all but some."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flows.dialog.choices import (
    MORE,
    PAGE,
    VARIANT,
    asks_for_more,
    meaning,
    names_of,
    page_after,
    says,
)
from flows.dialog.dialog import (
    Candidate,
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
from flows.understanding.numbers import runs
from flows.wording.text import Code, msg

#: Where several may be chosen, so many stand side by side (a list of WhatsApp holds ten); more, a page at a time.
AT_ONCE = 10

#: The id of "done", which we add ourselves.
DONE = "~done"
#: Before the id of an option that is ticked: its button unticks, however often it is tapped.
UNTICK = "~un:"


def _is_all(text: str) -> bool:
    return phrases.done(text) or says(text, msg("button.done"))


def _parts(text: str, options: Sequence[Option]) -> list[str]:
    """The items of an enumeration: "water, roads and schools", "💧🛣️"."""
    text = text.replace(VARIANT, "")
    for emoji in {option.emoji.replace(VARIANT, "") for option in options} - {""}:
        text = text.replace(emoji, f"\n{emoji}\n")
    return [part for part in _SIGNS.split(text) if part.strip()]


_SIGNS = re.compile(r"[,،;؛:/\n+&•]|\s[-–—]\s")
_BETWEEN = re.compile(r"\s(?:و|et|and|w|ⴷ|d)\s|\sو(?=\S)")


def _numbers(numbers: Sequence[int]) -> Candidate:
    """A reading as it is asked back: the numbers themselves, which are the same in every language."""
    listed = ", ".join(map(str, numbers))
    return Candidate(Code(listed), Reply(text=listed))


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
                raise Refused(msg("trouble.gone"))
            ticked = set(self.ticked) | {tapped}
            if reply.tap.startswith(UNTICK):
                ticked.remove(tapped)
            if len(ticked) > self.limit:
                raise Refused(msg("trouble.too_many", count=self.limit))
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
        if not any(scripts.fold(text) in names_of(option) for option in self.every):
            beside = runs.run(text, len(self.every), self.limit)
            if beside.values:
                chosen = self._checked(self._numbered(beside.values[0]))
                return chosen if beside.certain else Unsure(tuple(map(_numbers, beside.values)))
            left_out = naming.all_but(text)
            if left_out is not None:
                return self._all_but(left_out)
        return self._listed(text)

    def _all_but(self, text: str) -> Unsure:
        """All that a text does not name, if it surely names some: asked back, for it is much at once."""
        one_or_more = replace(self, least=1, most=0)
        named = one_or_more._listed(text)
        if isinstance(named, Unsure):
            raise NotUnderstood(msg("trouble.several", last=len(self.every)))
        rest = self._checked(self._ordered({option.id for option in self.every} - set(named)))
        places = (at for at, option in enumerate(self.every, 1) if option.id in rest)
        return Unsure((_numbers(tuple(places)),))

    def _listed(self, text: str) -> tuple[str, ...] | Unsure:
        """What an enumeration names, in numbers or in words."""
        numbers = numerals.numbers(text) or numerals.numbers(naming.only(text))
        if numbers and all(1 <= number <= len(self.every) for number in numbers):
            return self._checked(self._numbered(numbers))
        whole = meaning(text, self.every)
        named = [whole] if isinstance(whole, Option) else self._named_in(text)
        chosen = {option.id for option in named if isinstance(option, Option)}
        doubt = next((one for one in named if isinstance(one, Unsure)), None)
        if doubt is not None:
            return self._doubted(chosen, doubt)
        if not chosen:
            raise NotUnderstood(msg("trouble.several", last=len(self.every)))
        if None in named:
            # Some of it is a choice, so all of it is an answer.
            raise Refused(msg("trouble.several", last=len(self.every)))
        return self._checked(self._ordered(chosen))

    def _named_in(self, text: str) -> list[Option | Unsure | None]:
        """What each item names; where words alone separate them, what all of them name together."""
        found: list[Option | Unsure | None] = []
        for part in _parts(text, self.every):
            one = meaning(part, self.every)
            if isinstance(one, Option):
                found.append(one)
                continue
            together = naming.listed(part, [names_of(option) for option in self.every])
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

    def _numbered(self, numbers: Iterable[int]) -> tuple[str, ...]:
        return self._ordered({self.every[number - 1].id for number in numbers})

    def _ordered(self, chosen: set[str]) -> tuple[str, ...]:
        return tuple(option.id for option in self.every if option.id in chosen)

    def _checked(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        if len(chosen) > self.limit:
            raise Refused(msg("trouble.too_many", count=self.limit))
        if len(chosen) < self.least:
            raise Refused(msg("trouble.too_few", count=self.least))
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
