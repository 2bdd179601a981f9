"""The ticket of who has a place: its page, its picture in the chat, and when both are gone."""

import re
from pathlib import Path

from bot.kinds.meeting.door.ticket import PICTURE_MS
from bot.outbox.media_files import PUBLISHED
from tests.bot.kinds.meeting.places import CODE, HOUR, STARTS, Workshop, workshop
from tests.bot.kinds.meeting.test_desk import browser
from tests.citizen import Citizen, plain


def pictures(w: Workshop) -> list[str]:
    """The pictures of tickets that can be got."""
    return sorted(one.name for one in (w.app.media.folder / PUBLISHED).glob("ticket-*"))


def link_in(said: str) -> str:
    """The path of the ticket's page."""
    return re.findall(r"/ticket/\S+", plain(said))[0]


async def shown_again(citizen: Citizen) -> None:
    await citizen.starts(CODE)
    await citizen.says("[My ticket]")


async def test_who_signs_up_has_a_ticket_as_a_page_and_as_a_picture(
    tmp_path: Path, url: str
) -> None:
    async with workshop(tmp_path, url) as w, browser(w, "") as client:
        amina = await w.known("amina")
        said = await w.signs_up(amina)
        (number,) = set(re.findall(r"\b\d{5}\b", said))
        (sent,) = amina.heard[-1].media
        assert pictures(w) == [sent.path]
        assert (await client.get(f"/chat/media/{sent.path}")).content.startswith(b"\x89PNG")
        page = await client.get(f"{link_in(said)}?lang=fr")
        assert page.status_code == 200
        assert number in page.text
        assert "<svg" in page.text
        assert "Maison de la culture" in page.text
        # Whoever opens the meeting again sees the same ticket.
        await shown_again(amina)
        assert [one.path for one in amina.heard[-1].media] == [sent.path]


async def test_a_ticket_is_found_by_nobody_who_guesses_its_number(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "") as client:
        link = link_in(await w.signs_up(await w.known("amina")))
        number = re.findall(r"\d{5}", link)[0]
        for other in (f"{number}-", number, f"{number}-{'0' * 16}", "00000-é", f"{link[-22:]}0"):
            answer = await client.get(f"/ticket/{CODE}/{other}?lang=en")
            assert answer.status_code == 404, other
            assert "no longer good" in answer.text
        assert (await client.get(link.replace(CODE, "OZT-LIGHT"))).status_code == 404


async def test_who_waits_has_none_and_gets_one_with_the_place(tmp_path: Path) -> None:
    async with workshop(tmp_path, seats=1) as w:
        amina, brahim = await w.known("amina"), await w.known("brahim")
        await w.signs_up(amina)
        assert "/ticket/" not in await w.signs_up(brahim)
        assert not brahim.heard[-1].media
        await w.gives_back(amina)
        await w.look()
        await brahim.starts(CODE)
        assert "/ticket/" in await brahim.says("[I take it]")


async def test_the_picture_goes_with_the_place_and_some_days_after_the_meeting(
    tmp_path: Path, url: str
) -> None:
    async with workshop(tmp_path, url) as w, browser(w, "") as client:
        amina, brahim = await w.known("amina"), await w.known("brahim")
        link = link_in(await w.signs_up(amina))
        await w.signs_up(brahim)
        assert len(pictures(w)) == 2
        await w.gives_back(amina)
        assert (await client.get(link)).status_code == 404
        await w.look()
        assert len(pictures(w)) == 1
        # Who comes back after all has another number, and a ticket again.
        again = link_in(await w.signs_up(amina))
        assert again != link
        assert (await client.get(again)).status_code == 200
        assert len(pictures(w)) == 2
        await w.look(STARTS + PICTURE_MS)
        assert len(pictures(w)) == 2
        await w.look(STARTS + PICTURE_MS + 1)
        assert pictures(w) == []


async def test_it_is_forgotten_with_the_person(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "") as client:
        amina = await w.known("amina")
        link = link_in(await w.signs_up(amina))
        for said in ("my data", "[Erase my data]", "[Erase my data]"):
            await amina.says(said)
        assert pictures(w) == []
        assert (await client.get(link)).status_code == 404


async def test_the_reminder_leads_to_the_ticket(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        amina = await w.known("amina")
        link = link_in(await w.signs_up(amina))
        await w.look(STARTS - 46 * HOUR)
        assert link in plain(await amina.hears())


async def test_of_a_meeting_that_was_called_off_the_ticket_says_so(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "") as client:
        link = link_in(await w.signs_up(await w.known("amina")))
        await w.closed()
        page = await client.get(f"{link}?lang=en")
        assert "no longer open" in page.text
        assert "<svg" not in page.text
