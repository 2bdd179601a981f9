"""What a council has planned (prompts), and what became of it (runs). `schedule` makes both."""

from storage.database import Transaction
from storage.rows.prompts import Prompt, PromptsOf, RunsOf


async def prompt(tx: Transaction, council_id: int, id: int) -> Prompt | None:
    """Something planned. None if it is another council's, or there is none."""
    row = await tx.row(Prompt, id=id)
    return row if row is not None and row.council_id == council_id else None


async def planned(tx: Transaction, council_id: int) -> list[PromptsOf]:
    """What a council has still to come, the next first."""
    rows = await tx.rows(PromptsOf, council_id=council_id)
    return [row for row in rows if row.state == "active"]


async def ran(tx: Transaction, council_id: int, most: int) -> list[RunsOf]:
    """What became of a council's last occurrences, latest first."""
    return await tx.rows(RunsOf, council_id=council_id, most=most)


async def stop(tx: Transaction, id: int) -> None:
    """Let no further occurrence come."""
    await tx.run("set_prompt_state", id=id, state="ended")
