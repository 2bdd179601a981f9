"""Judges a history against what is stored: acknowledged = stored once = answered at least once, in order, per chat.

    verdict = judge(read(folder / "history.jsonl"), stored)
    verdict.problems       empty if every promise was kept

Pure: events and rows in, words out. It knows nothing of how a trial was driven.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tests.faults.judging.history import (
    Acknowledged,
    Any,
    Disturbed,
    Heard,
    Posted,
    Refused,
    Restored,
)

#: What a provider was about to show when something was taken away may be shown so long after, seconds.
ON_ITS_WAY = 1.0

#: Why an answer needs not be heard: a later one in its chat says how many it stands for, or says the same.
STOOD_FOR = ("folded", "superseded")


#: What became of a message: handled (by who has not agreed to be consulted yet, too), or put aside.
HANDLED = ("done", "unagreed", "quarantined")


@dataclass(frozen=True, slots=True)
class StoredArrival:
    """A row of the inbox."""

    update: int
    state: str


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A row of the outbox that answers an update; in the order of `id` they were made."""

    id: int
    chat: int
    update: int
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a database holds at the end."""

    arrivals: tuple[StoredArrival, ...]
    answers: tuple[StoredAnswer, ...]


@dataclass(slots=True)
class Verdict:
    """What is wrong, and how much there was to judge."""

    problems: list[str] = field(default_factory=list)
    acknowledged: int = 0
    refused: int = 0
    heard: int = 0
    #: Answers that a chat saw before: allowed where something was taken away in between.
    repeated: int = 0
    #: How often something was taken away.
    disturbed: int = 0


def judge(
    events: Iterable[Any],
    stored: Stored,
    aside: Collection[int] = (),
    parts: Collection[int] = (),
) -> Verdict:
    """The verdict on a trial.

    `aside`: updates that nobody could handle, to be put aside once each; `parts`: updates that came as one
    with another (of an album), which is answered for all.
    """
    trial = _Trial()
    for event in events:
        trial.add(event)
    verdict = Verdict(
        acknowledged=len(trial.acknowledged),
        refused=trial.refused,
        heard=sum(len(times) for times in trial.heard.values()),
        repeated=sum(len(times) - 1 for times in trial.heard.values()),
        disturbed=len(trial.away),
    )
    verdict.problems += _kept(trial, stored, frozenset(aside))
    verdict.problems += _answered(trial, stored, frozenset(parts))
    verdict.problems += _repeated(trial)
    verdict.problems += _in_order(trial, stored)
    return verdict


class _Trial:
    """The history, by what it is asked for."""

    def __init__(self) -> None:
        self.posted: dict[int, float] = {}
        self.chat: dict[int, int] = {}
        self.acknowledged: dict[int, float] = {}
        self.refused = 0
        #: When an answer to an update was shown.
        self.heard: dict[int, list[float]] = defaultdict(list)
        self.elsewhere: list[tuple[int, int]] = []
        #: From when until when something was away.
        self.away: list[tuple[float, float]] = []
        self._missing: dict[str, float] = {}

    def add(self, event: Any) -> None:
        match event:
            case Posted(at, chat, update):
                self.posted.setdefault(update, at)
                self.chat[update] = chat
            case Acknowledged(at, _, update):
                self.acknowledged.setdefault(update, at)
            case Refused():
                self.refused += 1
            case Heard(at, chat, update):
                if update:
                    self.heard[update].append(at)
                    if self.chat.get(update) != chat:
                        self.elsewhere.append((update, chat))
            case Disturbed(at, what):
                self._missing[what] = at
                self.away.append((at, float("inf")))
            case Restored(at, what):
                begun = self._missing.pop(what, at)
                self.away = [one for one in self.away if one != (begun, float("inf"))]
                self.away.append((begun, at))


def _kept(trial: _Trial, stored: Stored, aside: frozenset[int]) -> Iterator[str]:
    """Acknowledged = stored once, and put aside only what nobody could handle."""
    rows = Counter(row.update for row in stored.arrivals)
    for update in trial.acknowledged:
        if not rows[update]:
            yield f"lost: update {update} was answered 200 and is not in the inbox"
    for update, n in rows.items():
        if n > 1:
            yield f"twice: update {update} is in the inbox {n} times"
        if update not in trial.posted:
            yield f"invented: update {update} is in the inbox, and nobody brought it"
    for row in stored.arrivals:
        if row.state == "quarantined" and row.update not in aside:
            yield f"put aside: update {row.update}, with which nothing is wrong"
        elif row.state not in HANDLED:
            yield f"not handled: update {row.update} is {row.state!r}"
    put = {row.update for row in stored.arrivals if row.state == "quarantined"}
    for update in sorted(aside & trial.acknowledged.keys() - put):
        yield f"not put aside: update {update}, which nobody can handle"


def _answered(trial: _Trial, stored: Stored, parts: frozenset[int]) -> Iterator[str]:
    """Stored = one answer in the outbox = heard at least once, and only after it was stored."""
    arrived = {row.update for row in stored.arrivals}
    rows: dict[int, list[StoredAnswer]] = defaultdict(list)
    last_heard: dict[int, int] = {}
    for row in stored.answers:
        rows[row.update].append(row)
        if row.update in trial.heard:
            last_heard[row.chat] = max(row.id, last_heard.get(row.chat, 0))
    for update in sorted((arrived & trial.posted.keys()) - parts):
        if len(rows[update]) != 1:
            much = "nothing" if not rows[update] else f"twice: {len(rows[update])} messages"
            yield f"answered {much}: update {update} is stored once"
    for row in sorted(stored.answers, key=lambda one: one.id):
        if row.state == "dropped" and row.why in STOOD_FOR:
            if last_heard.get(row.chat, 0) < row.id:
                yield f"never heard: the answer to {row.update} was {row.why}, and nothing came after"
        elif row.state in ("queued", "sending"):
            yield f"still waiting: the answer to {row.update} is {row.state}"
        elif row.update not in trial.heard:
            yield f"never heard: the answer to {row.update} in chat {row.chat} ({row.state} {row.why})"
        elif row.state != "sent":
            yield f"said otherwise: the answer to {row.update} was heard, and is {row.state} ({row.why})"
    for update in trial.heard:
        if update not in arrived:
            yield f"said too soon: update {update} was answered and is not stored"
    for update, chat in trial.elsewhere:
        yield f"said elsewhere: the answer to {update} was shown in chat {chat}"


def _repeated(trial: _Trial) -> Iterator[str]:
    """What was heard again was in doubt: something was away between the one time and the other."""
    for update, times in trial.heard.items():
        for first, second in pairwise(times):
            if not any(begun <= second and first - ON_ITS_WAY <= end for begun, end in trial.away):
                yield f"said twice: the answer to {update}, and nothing had happened in between"


def _in_order(trial: _Trial, stored: Stored) -> Iterator[str]:
    """In each chat answers are first heard as they were made, and as their updates came one after another."""
    chats: dict[int, list[StoredAnswer]] = defaultdict(list)
    for row in sorted(stored.answers, key=lambda one: one.id):
        if row.update in trial.heard:
            chats[row.chat].append(row)
    for chat, rows in chats.items():
        for before, after in pairwise(rows):
            if trial.heard[after.update][0] < trial.heard[before.update][0]:
                yield f"out of order: in chat {chat} {after.update} was answered before {before.update}"
        # Whoever had been told that one was taken before bringing the next, means the next to be the later.
        so_far, latest = float("-inf"), 0
        by_post = sorted(
            (row.update for row in rows if row.update in trial.posted), key=trial.posted.__getitem__
        )
        by_word = sorted(
            (update for update in by_post if update in trial.acknowledged),
            key=trial.acknowledged.__getitem__,
        )
        taken = iter(by_word)
        waiting = next(taken, None)
        for update in by_post:
            while waiting is not None and trial.acknowledged[waiting] < trial.posted[update]:
                if trial.heard[waiting][0] > so_far:
                    so_far, latest = trial.heard[waiting][0], waiting
                waiting = next(taken, None)
            if trial.heard[update][0] < so_far:
                yield f"out of order: {update} was brought after {latest} was taken, and answered before it"
