"""Several councils behind one bot; councils of provinces; organizers' voice prompts and pictures."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import time_machine

from bot.app import site
from bot.app.build import App, example_folder
from bot.cases import replies
from bot.consultations import definitions
from bot.core.config import ConfigError, read_council
from bot.core.councils import UnknownCouncil
from bot.core.localtime import now_ms
from storage.rows.cases import CaseByReference
from tests.bot.cases.test_handling import pushed, tells
from tests.checks import AllFollows
from tests.citizen import NOON, Citizen, running
from tests.staff_links import link_for
from tests.visitor import visitor

COUNCIL = (example_folder() / "council.toml").read_text("utf-8")


def councils_in(folder: Path, codes: dict[str, str]) -> Path:
    """Files of councils: code -> census code."""
    folder.mkdir()
    for number, (code, place) in enumerate(codes.items()):
        text = COUNCIL.replace('"example"', f'"{code}"').replace("08.401.01.07", place)
        text = text.replace('prefix = "OZT"', f'prefix = "P{chr(65 + number)}"')
        (folder / f"{code}.toml").write_text(text, "utf-8")
    return folder


async def add_poll(app: App, folder: Path, council: str, code: str, **replaced: str) -> None:
    text = (example_folder() / "poll.toml").read_text("utf-8")
    text = text.replace('"example"', f'"{council}"').replace("OZT-LIGHT", code)
    for old, new in replaced.items():
        text = text.replace(old, new)
    path = folder / f"{code}.toml"
    path.write_text(text, "utf-8")
    by_code = {c.code: c for c in app.register.all().values()}
    raw, head = definitions.read_definition(path, by_code)
    async with app.storage.transaction() as tx:
        await definitions.add(tx, app.register, app.media.adopt(folder, raw), head)
        row = await app.register.by_code(tx, code)
        assert row is not None
        await definitions.open_consultation(tx, row)


async def test_with_several_councils_the_commune_decides_what_one_is_shown(tmp_path: Path) -> None:
    folder = councils_in(
        tmp_path / "c", {"town": "08.401.01.07", "province": "08.401", "far": "09.001.01.01"}
    )
    async with running(tmp_path, councils=str(folder)) as app:
        for council in ("town", "province", "far"):
            await add_poll(app, tmp_path, council, f"{council.upper()}-1")
        citizen = Citizen(app)
        await citizen.starts()
        await citizen.verify(
            [
                ("english", "Your answers"),
                ("1", "Which commune?"),
                ("warzazat", "What would you like"),
            ]
        )
        async with app.storage.reading() as tx:
            person = await tx.rows(AllFollows)
        assert {row.place for row in person} == {"08.401.01.07", "08.401", "08"}
        assert sum("Street lighting" in label for label in citizen.labels) == 2


async def test_with_several_councils_a_first_sentence_goes_to_the_one_of_ones_commune(
    tmp_path: Path,
) -> None:
    folder = councils_in(tmp_path / "c", {"town": "08.401.01.07", "far": "09.001.01.01"})
    async with running(tmp_path, councils=str(folder)) as app:
        await add_needs(app, tmp_path, "far", "FAR-NEEDS")
        await add_needs(app, tmp_path, "town", "TOWN-NEEDS")
        citizen = Citizen(app)
        await citizen.verify(
            [
                ("les routes sont cassées chez nous", "Vos réponses vont au conseil"),
                ("oui", "Quelle commune"),
                ("warzazat", "Où exactement"),
                ("passer", "les routes sont cassées chez nous"),
                ("oui", "PA-2026-000001"),
            ]
        )


async def add_needs(app: App, folder: Path, council: str, code: str) -> None:
    """An open call for needs of a council."""
    text = (example_folder() / "need.toml").read_text("utf-8")
    text = text.replace('"example"', f'"{council}"').replace("OZT-NEEDS", code)
    path = folder / f"{code}.toml"
    path.write_text(text, "utf-8")
    by_code = {c.code: c for c in app.register.all().values()}
    raw, head = definitions.read_definition(path, by_code)
    async with app.storage.transaction() as tx:
        await definitions.add(tx, app.register, raw, head)
        row = await app.register.by_code(tx, code)
        assert row is not None
        await definitions.open_consultation(tx, row)


async def test_a_need_to_a_province_says_which_commune_by_typing(tmp_path: Path) -> None:
    folder = councils_in(tmp_path / "c", {"province": "08.401"})
    async with running(tmp_path, councils=str(folder)) as app:
        await add_needs(app, tmp_path, "province", "OZT-NEEDS")
        citizen = Citizen(app)
        await citizen.arrives(code="OZT-NEEDS")
        await citizen.verify(
            [
                ("1", "In which commune?"),
                ("تازناخت", "Where exactly?"),
                ("skip", "your own words"),
                ("No water", "• Commune: Taznakht"),
                ("[Send]", "Reference: PA-2026-000001"),
            ]
        )


async def test_a_recorded_question_and_a_picture_are_sent_with_it(app: App, tmp_path: Path) -> None:
    (tmp_path / "q.ogg").write_bytes(b"OggS" + b"0" * 50)
    (tmp_path / "map.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    more = 'type = "rating"\nvoice = { ary = "q.ogg" }\npicture = { en = "map.png" }'
    await add_poll(app, tmp_path, "example", "OZT-HEAR", **{'type = "rating"': more})
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-HEAR")
    await citizen.says("good")
    kinds = [media.kind for media in citizen.heard[-1].media]
    assert kinds == ["photo", "voice"]
    for media in citizen.heard[-1].media:
        assert app.media.published(media.path) is not None


async def test_a_text_in_none_of_the_citizens_languages_is_shown_and_said_so(
    app: App, tmp_path: Path
) -> None:
    path = tmp_path / "one.toml"
    path.write_text(
        'kind = "poll"\ncode = "OZT-ONE"\ncouncil = "example"\ntitle = { fr = "Une question" }\n'
        '[[questions]]\nkey = "q"\ntype = "yes_no"\ntext = { fr = "Êtes-vous d’accord ?" }\n',
        "utf-8",
    )
    by_code = {c.code: c for c in app.register.all().values()}
    raw, head = definitions.read_definition(path, by_code)
    async with app.storage.transaction() as tx:
        await definitions.add(tx, app.register, raw, head)
        row = await app.register.by_code(tx, "OZT-ONE")
        assert row is not None
        await definitions.open_consultation(tx, row)
    citizen = Citizen(app)
    said = await citizen.arrives(code="OZT-ONE")
    assert "Êtes-vous d’accord ?" in said
    assert "only in Français" in said


@pytest.mark.parametrize("wrong", ["q.txt", "map.png"])
async def test_a_recording_that_is_none_is_refused(app: App, tmp_path: Path, wrong: str) -> None:
    (tmp_path / wrong).write_bytes(b"just text")
    more = f'type = "rating"\nvoice = {{ ary = "{wrong}" }}'
    with pytest.raises(definitions.BrokenDefinition, match="is no voice: use OGG"):
        await add_poll(app, tmp_path, "example", "OZT-HEAR", **{'type = "rating"': more})


def council_file(folder: Path, line: str) -> Path:
    path = folder / "town.toml"
    path.write_text(COUNCIL.replace("[name]", f"{line}\n\n[name]", 1), "utf-8")
    return path


def test_the_sites_that_may_frame_the_public_page_are_read(tmp_path: Path) -> None:
    listed = ["https://www.example.ma", "https://xn--4dbrk0ce.ma:8443", "http://localhost:8000"]
    path = council_file(tmp_path, f"embed_on = {listed!r}".replace("'", '"'))
    assert read_council(path).embed_on == tuple(listed)


@pytest.mark.parametrize(
    "origin",
    [
        "https://www.example.ma/", "https://www.example.ma/page", "http://www.example.ma", "*",
        "https://*.example.ma", "https://example.ma; script-src *", "https://example.ma evil.example",
        "https://Example.ma", "https://a..ma", "https://user@example.ma", "http://localhost", "'self'",
        "https://example.ma\\n", "https://example.ma\\r\\nset-cookie: a=b", "",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused_with_the_key_and_an_example(
    tmp_path: Path, origin: str
) -> None:
    path = council_file(tmp_path, f'embed_on = ["{origin}"]')
    with pytest.raises(ConfigError, match=r"embed_on has .*https://www\.example\.ma") as refused:
        read_council(path)
    assert str(path) in str(refused.value)


async def test_a_council_that_is_not_there_is_an_error_and_not_another_one(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        with pytest.raises(UnknownCouncil, match="999"):
            app.register.council(999)
        # Who belongs to no council, or to one that another process has added, is at the default one.
        assert app.register.home(None) == app.register.home(999) == app.register.default
        assert app.register.council(app.register.default_id) == app.register.default


async def test_a_council_added_meanwhile_is_learned_of(tmp_path: Path) -> None:
    """A process that began before serves it too: its consultations, in its own name."""
    folder = councils_in(tmp_path / "c", {"town": "08.401.01.07"})
    async with running(tmp_path, councils=str(folder)) as before:
        (folder / "new.toml").write_text(
            (folder / "town.toml").read_text("utf-8")
            .replace('code = "town"', 'code = "new"').replace('"PA"', '"PB"')
        )  # fmt: skip
        async with running(tmp_path, councils=str(folder)) as after:
            await add_poll(after, tmp_path, "new", "NEW-1")
            (added,) = [id for id, c in after.register.all().items() if c.code == "new"]
        with pytest.raises(UnknownCouncil):
            before.register.council(added)
        citizen = Citizen(before)
        await citizen.arrives(code="NEW-1")
        assert "How is the lighting" in citizen.heard[-1].text
        assert before.register.council(added).code == "new"


async def test_pages_serve_a_council_added_meanwhile(tmp_path: Path) -> None:
    """Its staff sign in, and what came of its poll has its page."""
    folder = councils_in(tmp_path / "c", {"town": "08.401.01.07"})
    async with running(tmp_path, councils=str(folder)) as before:
        (folder / "new.toml").write_text(
            (folder / "town.toml").read_text("utf-8")
            .replace('code = "town"', 'code = "new"').replace('"PA"', '"PB"')
        )  # fmt: skip
        async with running(tmp_path, councils=str(folder)) as after:
            await add_poll(after, tmp_path, "new", "NEW-1")
            async with after.storage.transaction() as tx:
                row = await after.register.by_code(tx, "NEW-1")
                assert row is not None
                await definitions.close_consultation(tx, row)
            link = await link_for(after, "new", "amal", "admin")
        transport = httpx.ASGITransport(app=site.build(before))
        async with visitor(transport=transport, base_url="http://localhost:1") as client:
            assert (await client.get("/results/NEW-1")).status_code == 200
            same = {"sec-fetch-site": "same-origin"}
            assert (await client.post(link, headers=same)).status_code == 303
            for path in ("/staff", "/staff/needs", "/staff/consultations", "/staff/c/NEW-1"):
                assert (await client.get(path)).status_code == 200, path


async def test_replies_of_a_council_added_meanwhile_hold_up_nobody_elses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are due first, and go first, from whichever process looks."""
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "example.toml").write_text(COUNCIL, "utf-8")
    need = (example_folder() / "need.toml").read_text("utf-8")
    (tmp_path / "need.toml").write_text(
        need.replace('"example"', '"new"').replace("OZT-NEEDS", "NEW-NEEDS"), "utf-8"
    )
    # One a round: whoever passes over the first never comes to the second.
    monkeypatch.setattr("bot.outreach.answers.CLAIM", 1)
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as clock:
        async with running(tmp_path) as before:
            amina, ours = await tells(before, "amina", "No water since Monday")
            (folder / "new.toml").write_text(
                COUNCIL.replace('code = "example"', 'code = "new"').replace('"OZT"', '"NEW"')
            )
            async with running(tmp_path, councils=str(folder)) as after:
                by_code = {c.code: c for c in after.register.all().values()}
                raw, head = definitions.read_definition(tmp_path / "need.toml", by_code)
                async with after.storage.transaction() as tx:
                    await definitions.add(tx, after.register, raw, head)
                    row = await after.register.by_code(tx, "NEW-NEEDS")
                    assert row is not None
                    await definitions.open_consultation(tx, row)
                brahim = Citizen(after, "brahim", at=now_ms())
                await brahim.arrives(code="NEW-NEEDS")
                for said in ("water", "tabounte", "No light", "[Send]"):
                    await brahim.says(said)
                theirs = re.search(r"NEW-\d{4}-\d{6}", brahim.heard[-1].text)
                assert theirs is not None
                clock.shift(timedelta(hours=1))
                async with after.storage.transaction() as tx:
                    for reference in (theirs[0], ours):
                        one = await tx.row(CaseByReference, reference=reference)
                        assert one is not None
                        council = after.register.council(one.council_id)
                        await replies.answer(tx, council, one, "amal", text="Seen.")
            for _ in range(3):
                await pushed(before)
            assert "Seen." in await amina.hears()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('number = "fifteen"', "write 2 to 10 digits"),
        ('number = "1"', "write 2 to 10 digits"),
        ('number = "15"\ndangers = ["dragons"]', "has 'dragons'; they are: self_harm"),
    ],
)
def test_a_wrong_emergency_number_is_named_with_what_is_allowed(
    tmp_path: Path, line: str, said: str
) -> None:
    path = tmp_path / "town.toml"
    path.write_text(f'{COUNCIL}\n[[emergency]]\n{line}\nname = {{ fr = "garde" }}\n', "utf-8")
    with pytest.raises(ConfigError, match=said):
        read_council(path)


def test_a_council_without_numbers_of_its_own_has_the_usual_ones(tmp_path: Path) -> None:
    numbers = [one.number for one in read_council(council_file(tmp_path, "")).emergency]
    assert numbers == ["15", "19", "177", "8350"]
