"""The council's local time: Africa/Casablanca from the tzdata package, never the system's.

Morocco left UTC+1 for UTC+0 on 2026-09-20 (tz database 2026c); zone files of older systems are
an hour wrong since. No other module computes local time.
"""

import time
import zoneinfo
from datetime import UTC, date, datetime
from functools import lru_cache

ZONE_NAME = "Africa/Casablanca"

zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache(only_keys=[ZONE_NAME])
_ZONE = zoneinfo.ZoneInfo(ZONE_NAME)


class WrongZone(Exception):
    """The time zone data is too old for Morocco; `pip install -U tzdata` puts it right."""


def check_zone() -> None:
    """Raise WrongZone unless the data knows that Morocco is at UTC+0 in December 2026."""
    offset = datetime(2026, 12, 1, tzinfo=_ZONE).utcoffset()
    if offset is None or offset.total_seconds() != 0:
        raise WrongZone(
            "the tzdata package says Morocco is not at UTC+0 on 2026-12-01; "
            "install tzdata 2026.3 or newer"
        )


def now_ms() -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


def local(at: int) -> datetime:
    """The local time of a moment in milliseconds."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(_ZONE)


#: Nowhere does a day begin within a quarter of an hour by the clock of the world, nor a clock change.
_QUARTER_MS = 900_000


def local_day(at: int) -> date:
    """The local date of a moment in milliseconds."""
    return _day_of_quarter(at // _QUARTER_MS, _ZONE)


@lru_cache(maxsize=20_000)
def _day_of_quarter(number: int, zone: zoneinfo.ZoneInfo) -> date:
    """The local date in a quarter of an hour, counted from 1970: of a million answers few are different."""
    return datetime.fromtimestamp(number * _QUARTER_MS / 1000, UTC).astimezone(zone).date()


def moment(wall: datetime) -> int:
    """The moment (ms) at which local clocks show `wall` (which has no zone).

    Of a wall time that comes twice, the first; of one that is skipped, as if the clock had not
    yet been changed.
    """
    return int(wall.replace(tzinfo=_ZONE).timestamp() * 1000)


def wall_text(wall: datetime) -> str:
    """The wall time with its zone's name, to be kept beside the moment."""
    return f"{wall.isoformat(sep=' ', timespec='minutes')} {ZONE_NAME}"
