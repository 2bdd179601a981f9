"""What a kind of consultation is: every question that shared code asks of it, as one record.

    definition (an organizer writes it) -> conversation (with a citizen) -> responses -> summary, rows, words

A field without a default is one that every kind must answer; mypy demands it. What a kind has beyond
this (desk pages, papers, tables, effects of its own) is in the manifest of `bot/kinds/NAME`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Generic, Literal, TypeVar

from flows.dialog.answers import Spot
from flows.dialog.definition import Head, Problem
from flows.dialog.dialog import Flow, Json, Media, Reply
from flows.dialog.effects import Effect
from flows.dialog.facts import Council, Facts
from flows.kinds.outline import Outline
from flows.statistics.asked import Asked, Given, OwnWords, Weighed
from flows.statistics.summary import SMALLEST, Response, Responses, Summary
from flows.wording.text import Message, Text, lines, msg

D = TypeVar("D", bound=Head)

Conversation = Callable[[Facts], Flow[Sequence[Effect]]]


@dataclass(frozen=True, slots=True)
class Publicity:
    """What may be public of a consultation beside its title.

    `openly`: how many responses there are is no secret, however few. `live`: what has come of it is told
    while it is open too. `tables` are the ids of the summary's tables that a council's page shows, and the page of
    the results beside those that are drawn.
    """

    openly: bool = False
    live: bool = False
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of time in which a consultation can be answered, for kinds that open more than once.

    `opens` and `closes` are local wall times; the end is not part of it. Each person answers once in
    each phase. `name` is permanent and unique in the consultation. `lists` are codes of lists that the
    council keeps: only who is on one of them may answer; none means everybody. `at` is where it stands in
    the definition ("rounds[0]"), "" if in no place of its own: what is wrong with it is said there.
    """

    name: str
    opens: datetime
    closes: datetime
    lists: tuple[str, ...] = ()
    at: str = ""


@dataclass(frozen=True, slots=True)
class Stumble:
    """What citizens would stumble over in a definition that is right, for its organizer.

    `level` is "stop" (it cannot be sent like this), "warn" (somebody should look) or "note".
    """

    level: Literal["stop", "warn", "note"]
    text: Text


@dataclass(frozen=True, slots=True)
class Told:
    """What a citizen told, as the desk finds, shows and compares it.

    `topic` is the id of what it is about (a theme), "" for none; `files` came with it.
    """

    topic: str = ""
    commune: str | None = None
    spot: Spot | None = None
    words: str = ""
    files: Sequence[Media] = ()


#: What a response is about that tells of danger: whoever stands before it is asked for no topic.
DANGER: Final = "danger"


def _nothing_more(definition: Any, council: Council, told: Reply) -> Mapping[str, Reply]:
    return {}


@dataclass(frozen=True, slots=True)
class Case(Generic[D]):
    """How the desk sees to a response that wants an answer: a thread, a due day, a state.

    `states` are in the order of its life and begin with "received"; while it is in one of `waiting` the
    council owes something; `explained` are those that need a word with them. `topics` are what it may be
    about, by id, with an emoji. `due` is the last day on which an answer is in time, None where nothing
    was promised. `told` reads the body of a response; `added` is a body to which its author said more,
    `retold` one with another topic and other words: a part that became a case of its own. `told_at` is the
    key of the question for a citizen's own words: what they have told already is its answer. `answered` says
    which other questions it answers, by their keys, and the reply that stands for it. `takes_told`: whether
    what people tell of their own accord begins such a response.
    """

    told_at: str
    states: tuple[str, ...]
    waiting: frozenset[str]
    explained: frozenset[str]
    topics: Callable[[D, Council], Mapping[str, tuple[str, Text]]]
    due: Callable[[Council, date], date | None]
    told: Callable[[Mapping[str, Any]], Told]
    added: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]
    retold: Callable[[Mapping[str, Any], str, str], Mapping[str, Any]]
    answered: Callable[[D, Council, Reply], Mapping[str, Reply]] = _nothing_more
    takes_told: bool = False


def _no_weights(definition: Any) -> Sequence[Weighed]:
    return ()


def _nothing_spoken(definition: Any) -> Sequence[OwnWords]:
    return ()


def _nothing_to_stumble_over(definition: Any, council: Council) -> Iterator[Stumble]:
    yield from ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[D]):
    """One kind of consultation."""

    name: str
    emoji: str
    #: What such a consultation is called: "poll".
    label: Text
    definition: type[D]
    #: What is wrong beyond the types; empty if nothing is.
    problems: Callable[[D, Council], Iterator[Problem]]
    conversation: Conversation
    summary: Callable[[D, Council, Responses], Summary]
    #: What came of it, for who took part: how many, and one short sentence more.
    headline: Callable[[D, Council, Responses], Text]
    #: One line about a response, for "my contributions".
    describe: Callable[[D, Mapping[str, Any]], Text]
    #: A response without its author's words, so that totals stay right after "forget me".
    stripped: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    #: The questions, and a response's answers to them (what was skipped is left out), as rows.
    asked: Callable[[D, Council], Sequence[Asked]]
    given: Callable[[Mapping[str, Asked], D, Response], Iterator[Given]]
    #: The questions that people answer in their own words.
    own_words: Callable[[D], Sequence[OwnWords]]
    publicity: Publicity
    #: Whether a person has one response, which they change; else each is another.
    single: bool
    #: The questions with choices that may be answered by a voice note too.
    spoken: Callable[[D], Sequence[OwnWords]] = _nothing_spoken
    #: How sure it can be who takes part: a card (A2) is asked for by some kinds only.
    assures: Sequence[str] = ("A0", "A1")
    #: Whether the council decides something once it has closed.
    decided: bool = True
    #: Whether others may say "I say that too" to a response.
    voiced: bool = False
    #: What the desk does about each response, None where it only counts.
    case: Case[D] | None = None
    #: The questions that can be shown weighted by the census.
    weighed: Callable[[D], Sequence[Weighed]] = _no_weights
    #: What groups of people are compared by besides, or instead of it.
    compared: Callable[[D, Council], Sequence[Weighed]] | None = None
    #: When it opens and closes, if that is more than once; in order, none within another.
    phases: Callable[[D], Sequence[Phase]] | None = None
    #: Days and times of its own (local) before which one may be reminded, by name.
    dates: Callable[[D], Mapping[str, datetime]] | None = None
    #: From when to when (local) people are somewhere for it, where they are.
    held: Callable[[D], tuple[datetime, datetime]] | None = None
    #: Whether it comes to nothing if it is closed at a moment (local): then there is no result to tell.
    called_off: Callable[[D, datetime], bool] = lambda definition, at: False
    #: Whether who opens it again goes on where they left; else they read how things stand now.
    resumed: bool = True
    #: What citizens would stumble over, told to its organizer with what the checker finds of any kind.
    stumbles: Callable[[D, Council], Iterator[Stumble]] = _nothing_to_stumble_over
    #: What a draft lacks to be opened, None if nothing: it may be kept before it is complete.
    unready: Callable[[D], Text | None] = lambda definition: None
    #: What its look-ups find, by name, where a conversation is only walked through: a preview has no storage.
    walked: Mapping[str, Json] = field(default_factory=dict)
    #: What other pages can have made by it, by purpose (`flows.kinds.outline`): the rest of a definition.
    begun: Mapping[str, Callable[[Outline], Mapping[str, Any]]] = field(default_factory=dict)
    #: Other conversations about the same consultation, by name.
    further: Mapping[str, Conversation] = field(default_factory=dict)
    #: That of `further` which is for who opens it once it is closed, "" if there is none.
    afterwards: str = ""
    #: Conversations that are about no consultation, by the name under which they are kept.
    apart: Mapping[str, Conversation] = field(default_factory=dict)
    #: Those of them that stand in the menu of whoever may begin them: name, catalogue entry, emoji.
    offers: Sequence[tuple[str, str, str]] = ()
    #: What people write at the menu who mean a consultation of it, in every language ("I cannot come").
    at_menu: Sequence[str] = ()

    def heard(self, definition: D) -> Sequence[OwnWords]:
        """Every question whose answers may be voice notes, in which staff hear something."""
        return (*self.own_words(definition), *self.spoken(definition))

    @property
    def compares(self) -> bool:
        """Whether groups of people may be compared by what they answered."""
        return self.compared is not None or self.weighed is not _no_weights


def headlined(counted: Message, more: Text | None = None) -> Text:
    """How many there were and one thing more; about fewer than five only thanks."""
    if (counted.count or 0) < SMALLEST:
        return msg("headline.thanks")
    return lines(counted, more)
