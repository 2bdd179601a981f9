"""What a kind brings into the rooms of the bot, or what joins several kinds: each part is optional."""

import argparse
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.context import Parts
from bot.core.councils import Amending, Indicators, Owed, Stands
from bot.results.making import FileKind
from bot.results.public_record import Section
from bot.services import Services
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages
from bot.web.staff.today import Panel
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Desk:
    """Pages of a kind's own for the staff.

    `path` is its list, `path`/CODE the page of one consultation; `title` is the entry of its name in the
    navigation. `begins` is the address of its form and the entry of a button that leads there, for what is begun on a
    form of its own. `policies` says of each route who may use it, as `bot.app.site.POLICIES` does.
    """

    path: str
    title: str
    pages: Callable[[Services, Pages], Sequence[PageGroup]]
    policies: Mapping[str, str]
    begins: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Commands:
    """Commands of a kind's own: `tachawor KIND ACTION`."""

    add_parsers: Callable[["argparse._SubParsersAction[argparse.ArgumentParser]"], None]
    execute: Callable[[Services, argparse.Namespace], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of one kind.

    `kind` is its name, or that of what joins several. `conversation`: effects and look-ups of its own, and what it keeps about people.
    `besides`: what its summary is made from beside the responses, read by a consultation's id.
    `amending`: what of an opened one may not change to (the new definition), because of what it keeps besides;
    raises NotAllowed.
    `owed`: what the council has still to do in it, a line each, beside what any consultation asks for.
    `stands`: how what was promised by its consultations stands, for pages of others.
    `clock`: what is to be done for it by itself, looked at every few seconds by whoever keeps the time.
    `files`: what staff can have of it beside the summary. `public`: its section of a council's public
    page. `desk`: its pages for staff, `panel` its part of Today, `indicators` its figures
    of a quarter. Templates stand in `templates/`, queries
    in `queries.sql`, tables in `migrations/`, all beside the manifest.
    """

    kind: str
    conversation: Parts = field(default_factory=Parts)
    besides: Callable[[Transaction, int], Awaitable[Any]] | None = None
    amending: Amending | None = None
    owed: Owed | None = None
    stands: Stands | None = None
    files: Sequence[FileKind] = ()
    public: Section | None = None
    desk: Desk | None = None
    panel: Panel | None = None
    indicators: Indicators | None = None
    commands: Commands | None = None
    clock: Callable[[Services], Awaitable[None]] | None = None
