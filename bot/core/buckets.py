"""Limits whose counts stand in the database, under names that say from where or to what something came."""

from collections.abc import Mapping

from flows.statistics.limits import Bucket, Limit
from storage.database import Transaction, batch
from storage.rows.responses import Draw


async def draw(
    tx: Transaction, wanted: Mapping[str, tuple[Limit, int]], at: int
) -> Mapping[str, Bucket]:
    """Note that so many more have come under each name; how each stands now. One statement for all."""
    if not wanted:
        return {}
    # In the order of their names: two who draw at once do not wait for each other in a circle.
    rows = [
        {"name": name, "takes": number * limit.step_ms, "at": at}
        for name, (limit, number) in sorted(wanted.items())
    ]
    found = await tx.rows(Draw, rows=batch(rows))
    return {row.name: Bucket(row.until, row.since) for row in found}
