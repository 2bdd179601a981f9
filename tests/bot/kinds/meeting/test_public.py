"""Meetings on the council's public page and in its data."""

from pathlib import Path

from tests.bot.kinds.meeting.places import CODE, STARTS, workshop
from tests.bot.kinds.meeting.test_desk import browser
from tests.citizen import plain


async def test_when_and_where_stand_on_the_public_page_and_who_comes_nowhere(
    tmp_path: Path,
) -> None:
    async with workshop(tmp_path) as w, browser(w, "") as client:
        for number in range(6):
            await w.signs_up(await w.known(f"person {number}"))
        page = plain((await client.get("/c/example?lang=fr")).text)
        assert "sam. 10 avril 2027, de 09:00 à 15:00" in page
        assert "Travail en groupes" in page
        assert f'href="/calendar/{CODE}.ics?lang=fr"' in page
        data = (await client.get("/c/example.json")).json()
        (one,) = data["meetings"]
        assert one == {
            "code": CODE,
            "title": one["title"],
            "state": "open",
            "called_off": False,
            "starts": "2027-04-10T09:00:00+00:00",
            "ends": "2027-04-10T15:00:00+00:00",
            "place": one["place"],
            "seats": 40,
            "calendar": f"/calendar/{CODE}.ics",
        }
        assert one["place"]["ar"] == "دار الثقافة، القاعة الكبرى"


async def test_a_meeting_that_is_over_or_called_off_has_no_calendar_to_take(
    tmp_path: Path,
) -> None:
    async with workshop(tmp_path) as w, browser(w, "") as client:
        await w.closed()
        page = (await client.get("/c/example?lang=en")).text
        assert "/calendar/" not in page
        assert "It will not take place." in page
        public = (await client.get("/c/example.json")).json()
        assert public["meetings"][0]["called_off"]
        # Nobody has taken part in what did not take place.
        (closed,) = [one for one in public["closed"] if one["code"] == CODE]
        assert closed["headline"]["en"] == "It was called off."
        page = (await client.get(f"/results/{CODE}?lang=en")).text
        assert page.count("It was called off.") == 1
        assert "<dl>" not in page
        assert "<table>" not in page
    async with workshop(tmp_path / "other") as w, browser(w, "") as client:
        w.move_to(STARTS + 6 * 3_600_000)
        assert "/calendar/" not in (await client.get("/c/example?lang=en")).text
        w.move_to(STARTS + 6 * 3_600_000 - 1)
        await w.closed()
        assert "It will not take place." not in (await client.get("/c/example?lang=en")).text
        page = (await client.get(f"/results/{CODE}?lang=en")).text
        assert "called off" not in page
        assert "<dl>" in page
        assert "<table>" in page


async def test_another_place_is_told_as_a_change_of_details(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w) as client:
        await w.changed(place={"en": "The school", "fr": "L’école", "ar": "المدرسة"})
        await w.closed()
        page = await client.get(f"/results/{CODE}?lang=en")
        public = await client.get("/c/example.json")
        shown = await client.get("/c/example?lang=en")
        assert "time, place or the like" in plain(shown.text)
        assert "details such as time and place" in page.text
        closed = public.json()["closed"]
        assert closed[0]["changes"][0]["what"] == ["details"]
