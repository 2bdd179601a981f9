"""Which rows the last file of a consultation held, and how their profiles were told.

Who holds two files could lay them side by side. So another file of other rows is made only where `DIFFERING`
people or more are in one and not in the other, and it tells profiles no finer than the last
(`flows.statistics.coarsening`). What is kept of the rows are keyed digests.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from bot.core.localtime import now_ms
from bot.core.vault import Vault
from bot.results.making import CannotMake
from flows.statistics.coarsening import AS_THEY_ARE, WITHHELD, Coarsened, Profile, Recoding
from storage.database import Transaction
from storage.rows.downloads import ReleaseRows, ResponsesPage, RowRelease

#: So many people, at the least, are in one file and not in the next, or the other way round.
DIFFERING: Final = 10

#: Bytes of a mark.
_MARK: Final = 8


class _Cohort(msgspec.Struct, frozen=True):
    """Rows of one history: the marks of those that the last file held, and whether it withheld their profiles."""

    marks: str
    withheld: bool


class _Held(msgspec.Struct, frozen=True):
    """What is kept of the last file."""

    cohorts: tuple[_Cohort, ...] = ()
    left_out: tuple[str, ...] = ()
    wider: Mapping[str, Mapping[str, str]] = {}


class Release:
    """The rows of a file to be made, beside those of the last one."""

    def __init__(
        self, last: RowRelease | None, vault: Vault, kept: Sequence[ResponsesPage]
    ) -> None:
        self._at = last.at if last is not None else 0
        self._held = msgspec.json.decode(last.held, type=_Held) if last is not None else _Held()
        self._marks = [_mark(vault, stored) for stored in kept]
        before = [_marks(cohort.marks) for cohort in self._held.cohorts]
        known = {mark: number for number, marks in enumerate(before) for mark in marks}
        fresh = len(before)
        #: The cohort of each row.
        self.cohorts = [known.get(mark, fresh) for mark in self._marks]
        now = set(self._marks)
        new, gone = now - known.keys(), known.keys() - now
        self._first = last is None
        #: Whether it is of the same rows as the last.
        self.same = not self._first and not new and not gone
        self._few = not self._first and any(0 < len(some) < DIFFERING for some in (new, gone))

    def check(self) -> None:
        """Raise CannotMake where it would differ by few people from the last."""
        if self._few:
            raise CannotMake("rows.changed")

    @property
    def before(self) -> Recoding:
        """How profiles were told in the last file."""
        if self._first:
            return AS_THEY_ARE
        return Recoding(frozenset(self._held.left_out), self._held.wider)

    @property
    def withheld(self) -> frozenset[int]:
        """The cohorts that the last file told nothing of."""
        return frozenset(n for n, cohort in enumerate(self._held.cohorts) if cohort.withheld)

    async def keep(
        self, tx: Transaction, consultation_id: int, profiles: Sequence[Profile], made: Coarsened
    ) -> None:
        """Write down what this file tells. Raises CannotMake where another was made meanwhile."""
        parted: dict[tuple[int, bool], list[bytes]] = {}
        for mark, profile in zip(self._marks, profiles, strict=True):
            key = profile.cohort, WITHHELD in made.of(profile)
            parted.setdefault(key, []).append(mark)
        held = _Held(
            tuple(_Cohort(_written(parted[key]), key[1]) for key in sorted(parted)),
            tuple(sorted(made.kept.left_out)),
            made.kept.wider,
        )
        released = await tx.row(
            ReleaseRows,
            consultation_id=consultation_id,
            held=msgspec.json.encode(held).decode(),
            at=max(now_ms(), self._at + 1),
            before=self._at,
        )
        if released is None:
            raise CannotMake("rows.changed")


def _mark(vault: Vault, stored: ResponsesPage) -> bytes:
    """What tells a response as it stands from any other, and says nothing about it."""
    told = (stored.commune, stored.age_band, stored.gender, stored.disability, stored.body)
    content = hashlib.sha256(repr(told).encode()).hexdigest()
    digest = vault.digest(f"{stored.id} {stored.updated_at} {content}", "row release")
    return hashlib.sha256(digest.encode()).digest()[:_MARK]


def _written(marks: Iterable[bytes]) -> str:
    return base64.b64encode(b"".join(sorted(marks))).decode()


def _marks(written: str) -> frozenset[bytes]:
    content = base64.b64decode(written)
    return frozenset(content[at : at + _MARK] for at in range(0, len(content), _MARK))
