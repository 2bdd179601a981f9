"""Row ids that we make ourselves: 63 bits, growing with time.

41 bits of milliseconds, then 22 bits that count up from a random start within one
millisecond. A batch of new rows can so refer to each other before it is written, and two
processes meet at the same id about once in four million ids of the same millisecond; the
primary key then refuses, and the batch is tried again.
"""

import random
import secrets
import time

_EPOCH_MS = 1_735_689_600_000  # 2025-01-01
_BITS = 22
#: The last millisecond that has ids: beyond it they would not fit into a column.
_LAST_MS = 2**41 - 1
_last = 0
#: Ids need not be secret, and asking the system for chance costs more than a message.
_chance = random.Random(secrets.randbits(128))  # noqa: S311


def new_id() -> int:
    """A new id, greater than every id this process made before."""
    global _last
    now = time.time_ns() // 1_000_000 - _EPOCH_MS
    later = now > _last >> _BITS
    _last = (now << _BITS) | _chance.getrandbits(_BITS - 2) if later else _last + 1
    return _last


def first_at(at: int) -> int:
    """An id not greater than any that is made at a moment (ms since 1970 UTC) or later."""
    return min(max(at - _EPOCH_MS, 0), _LAST_MS) << _BITS


def above(id: int) -> None:
    """Have every new id be greater than `id`, also if the clock was set back since that was made.

    Two processes that begin so begin at different places: each of them by chance.
    """
    global _last
    if id >= _last:
        _last = ((id >> _BITS) + 1 << _BITS) | _chance.getrandbits(_BITS - 2)
