"""The same conversations on PostgreSQL, from first contact to being forgotten."""

import asyncio
from pathlib import Path

from bot.kinds.petition.rows import CountSignatures
from bot.results.shown import releases
from storage.rows.consultations import ConsultationByCode
from storage.rows.responses import CountStanding
from tests.bot.conversation.test_joining import joined
from tests.bot.kinds.need.test_need import file_need
from tests.citizen import Citizen, running
from tests.staff_links import link_for


async def test_the_three_kinds_the_staff_page_and_erasure_work_on_postgresql(
    tmp_path: Path, fresh_postgresql: str
) -> None:
    async with running(tmp_path, url=fresh_postgresql) as app:
        amina, brahim = Citizen(app, "amina"), Citizen(app, "brahim")
        await amina.arrives(code="OZT-LIGHT")
        await amina.verify(
            [
                ("weak", "Where is it missing most?"),
                ("1, 3", "How is safety"),
                ("2", "proposal"),
                ("more lamps", "before they are sent"),
                ("[Send]", "Reference: OZT-2026-000001"),
                ("[Yes]", "How old are you?"),
                ("25-34", "a woman or a man"),
                ("woman", "May we ask"),
                ("no", "invite you"),
                ("yes", "helps"),
            ]
        )
        await brahim.arrives()
        reference = await file_need(amina, "The water is cut every evening")
        await brahim.starts("OZT-NEEDS")
        await brahim.verify([("water", "Where"), ("tabounte", "words")])
        await brahim.says("water is cut every evening")
        assert reference in await brahim.says("[Add my voice]")
        await brahim.says("[Not now]")
        await brahim.starts("OZT-PARK")
        for said in ("[I support it]", "[Sign officially]", "Brahim X", "KB204971"):
            await brahim.says(said)
        await brahim.verify([("Agdz", "CIN"), ("yes", "signature is kept")])
        await brahim.says("[No, that is all]")
        await brahim.verify([("my data", "This is what is kept"), ("[Take a copy]", "/my-data/")])
        await brahim.verify(
            [
                ("[Menu]", "like to do"),
                ("more", "like to do"),
                ("[My places]", "You follow 1 place"),
            ]
        )
        other = Citizen(app, "other", channel="terminal", at=brahim.at)
        await other.arrives()
        await joined(brahim, other)
        assert "/staff/sign-in/" in await link_for(app, "example", "Amina")
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-PARK")
            assert row is not None
        assert await releases.file_of(app.storage, app.register, row, "xlsx", "fr")
        for said in ("my data", "[Erase my data]"):
            await brahim.says(said)
        assert "has been erased" in await brahim.says("[Erase my data]")
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-PARK")
            assert row is not None
            counted = await tx.row(CountStanding, consultation_id=row.id)
            signed = await tx.row(CountSignatures, consultation_id=row.id)
        assert counted is not None
        assert signed is not None
        assert (counted.n, signed.n) == (1, 0)


async def test_many_citizens_at_once_are_all_heard_on_postgresql(
    tmp_path: Path, fresh_postgresql: str
) -> None:
    async with running(tmp_path, url=fresh_postgresql) as app:
        citizens = [Citizen(app, f"citizen {number}") for number in range(30)]

        async def answer(citizen: Citizen) -> str:
            await citizen.arrives(code="OZT-LIGHT")
            for said in ("good", "4", "skip"):
                await citizen.says(said)
            return await citizen.says("[Send]")

        said = await asyncio.gather(*(answer(citizen) for citizen in citizens))
    references = {text.split("Reference: ")[1].split()[0] for text in said}
    assert references == {f"OZT-2026-{number:06d}" for number in range(1, 31)}
