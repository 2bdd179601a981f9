"""What has served its time is forgotten, every few minutes."""

from bot.app.backup import wishes
from bot.app.build import App
from bot.app.logs import calm
from bot.conversation.joining import codes, handover
from bot.conversation.listening import unagreed
from bot.core.localtime import local_day, now_ms
from bot.staff import crowds, ties
from storage.rows.inbox import StandingHold

#: How long unfinished answers that were left are kept, ms.
LEFT_MS = 90 * 24 * 60 * 60 * 1000

#: How long messages about an erasure stay readable on the citizen's own page, ms.
FAREWELL_MS = 10 * 60 * 1000


@calm
async def keep_house(app: App) -> None:
    """Forget what has served its time, and see to what another process left waiting."""
    await app.conversations.waiting.take_up()
    async with app.storage.transaction() as tx:
        if await tx.row(StandingHold) is None:
            await tx.run("drop_left_conversations", before=now_ms() - LEFT_MS)
            await tx.run("drop_unreadable", before=now_ms() - LEFT_MS)
            await tx.run("drop_marks", before=now_ms() - crowds.KEPT_MS)
        await tx.run("drop_answered")
        await tx.run("drop_wishes", before=now_ms() - wishes.KEPT_MS)
        await tx.run("drop_buckets", before=now_ms())
        await tx.run("drop_farewells", before=now_ms() - FAREWELL_MS)
        await tx.run("drop_old_exports", before=now_ms() - 60 * 60 * 1000)
        await tx.run("forget_joined_rows", before=now_ms() - handover.HELD_MS)
        await tx.run("forget_joins", before=now_ms() - handover.HELD_MS)
        await tx.run("forget_join_codes", before=now_ms())
        await tx.run("drop_sent_alone", before=local_day(now_ms() - 7 * 86_400_000).isoformat())
        await tx.run("drop_staff_ties", before=now_ms() - ties.TIED_MS)
        await tx.run("forget_join_tries", before=now_ms() - codes.TRIES_MS)
        files = await unagreed.forget(tx, now_ms())
        files += await app.media.room.unnamed(tx, now_ms()) if app.media.room is not None else []
    app.media.remove(files)


@calm
async def sweep(app: App) -> None:
    """Remove files whose message was never committed."""
    if app.media.room is not None:
        app.media.remove(await app.media.room.strays())
