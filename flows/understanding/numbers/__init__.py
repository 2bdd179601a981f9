"""Numbers, days and ratings as people write them: what is certain, what is in doubt, what is neither."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a reply may mean, the likeliest first. Nothing: it was not understood.

    `certain` is said only of one value, and never of a reply that a person might mean otherwise.
    """

    values: tuple[T, ...] = ()
    certain: bool = False

    @property
    def value(self) -> T | None:
        """The one certain value, or None."""
        return self.values[0] if self.certain else None


def certain(value: T) -> Reading[T]:
    """The reply means this and nothing else."""
    return Reading((value,), certain=True)


def doubtful(*values: T) -> Reading[T]:
    """The reply may mean one of these; each is named once."""
    return Reading(tuple(dict.fromkeys(values)))


#: A reply that is no answer.
NOTHING: Reading[Any] = Reading()
