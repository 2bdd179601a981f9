"""Two councils at work, the first with something of everything, for the tests of the staff pages."""

import asyncio
import io
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
from PIL import Image

from bot.app.build import App, example_folder
from bot.consultations import definitions
from bot.core.config import Config
from bot.core.localtime import local_day, now_ms
from bot.kinds.budget import ideas
from bot.kinds.openness import cards, editing, keeping
from bot.kinds.petition import procedure
from bot.kinds.petition.rows import SignaturesInFull
from bot.outreach import broadcasts
from bot.results import requests
from bot.staff import accounts, approvals, open_answers
from flows.dialog.outreach import Audience
from flows.kinds.openness.programme import Project
from flows.kinds.openness.sequence import sequence
from storage.database import Transaction
from storage.rows import StoredDownload
from storage.rows.cases import CaseByReference
from storage.rows.consultations import ConsultationByCode
from storage.rows.downloads import Download
from tests.checks import Quarantined
from tests.citizen import Citizen, audit_of, config_in
from tests.staff_links import link_for
from tests.system.conftest import served

#: What only the first council may read.
SECRET = "Qzwxyt"

#: A voice note about light.
VOICE = b"OggS" + bytes(range(200))

#: How long ago citizens wrote: what is sent to who writes just now waits a little.
HOUR = 3_600_000

ROLES = ("reader", "clerk", "elected", "organizer", "data", "admin")

#: Code, prefix and place of each council.
PLACES = (("tarmigt", "TRM", "08.401.07.09"), ("draa", "DRA", "08"))


def config_of(folder: Path, second_person_from: int = 500) -> Config:
    """Settings with the two councils, which may write at any hour because tests run at any hour."""
    councils = folder / "councils"
    councils.mkdir()
    example = (example_folder() / "council.toml").read_text("utf-8")
    for code, prefix, place in PLACES:
        text = example.replace('"OZT"', f'"{prefix}"').replace('"08.401.01.07"', f'"{place}"')
        head, _, rest = text.replace('code = "example"', f'code = "{code}"').partition("[name]")
        head = "\n".join(line for line in head.splitlines() if not line.startswith("example"))
        head += f"\nsecond_person_from = {second_person_from}\n"
        head += 'sending = { quiet_from = "00:00", quiet_to = "00:00" }\n'
        lines = [line for line in rest.splitlines() if not line.startswith("sending")]
        (councils / f"{code}.toml").write_text(head + "[name]\n" + "\n".join(lines), "utf-8")
    return config_in(folder, councils=str(councils))


@dataclass(frozen=True, slots=True)
class Town:
    """A running pair of councils, and what stands at the first."""

    app: App
    address: str
    reference: str = ""
    photo: str = ""
    voice: str = ""
    signature: int = 0
    broadcast: int = 0
    approval: int = 0
    download: int = 0
    aside: int = 0
    member: int = 0
    #: Stands for one open answer in a form, for a voice note of one in an address.
    answer: str = ""
    note: str = ""
    needs: str = "TRM-NEEDS"
    poll: str = "TRM-LIGHT"
    petition: str = "TRM-PARK"
    #: Of the first council only.
    draft: str = "TRM-CHARTER"
    meeting: str = "TRM-WORKSHOP"
    commitment: str = "TRM-LAMPS"
    programme: str = "TRM-OPEN"
    budget: str = "TRM-BUDGET"

    def council(self, code: str = "tarmigt") -> int:
        """The number of a council."""
        return council_of(self.app, code)

    async def sign_in(
        self, client: httpx.AsyncClient, name: str, role: str = "admin", code: str = "tarmigt"
    ) -> None:
        """Sign a browser in."""
        answer = await client.post(await link_for(self.app, code, name, role))
        assert answer.status_code == 303

    async def need(self) -> CaseByReference:
        """The need with its case."""
        async with self.app.storage.reading() as tx:
            row = await tx.row(CaseByReference, reference=self.reference)
        assert row is not None
        return row

    async def audit(self, code: str = "tarmigt") -> list[tuple[str, str, str]]:
        """What staff of a council did, newest first: actor, action, object."""
        async with self.app.storage.reading() as tx:
            rows = await audit_of(tx, self.council(code))
        return [(row.actor, row.action, row.object) for row in rows]


def council_of(app: App, code: str) -> int:
    """The number of a council."""
    return next(id for id, council in app.register.all().items() if council.code == code)


@asynccontextmanager
async def town(config: Config) -> AsyncIterator[Town]:
    """Both councils, served, with their consultations open and nothing in them yet."""
    async with served(config) as (app, address):
        councils = {council.code: council for council in app.register.all().values()}
        folder = Path(config.storage.media).parent
        for code, prefix, _ in PLACES:
            drafts = ("draft_text", "meeting", "commitment") if prefix == "TRM" else ()
            for name in ("need", "poll", "petition", *drafts):
                text = (example_folder() / f"{name}.toml").read_text("utf-8")
                text = text.replace('"OZT-', f'"{prefix}-').replace('"example"', f'"{code}"')
                only = SECRET if prefix == "TRM" else ""
                text = text.replace("\nexample = true", "").replace("(exemple)", only)
                file = folder / f"{prefix}-{name}.toml"
                file.write_text(text, "utf-8")
                raw, head = definitions.read_definition(file, councils)
                async with app.storage.transaction() as tx:
                    await definitions.add(tx, app.register, raw, head)
                    row = await tx.row(ConsultationByCode, code=head.code)
                    assert row is not None
                    await definitions.open_consultation(tx, row)
        yield Town(app, address)


async def _vote_on_projects(app: App, tx: Transaction) -> None:
    """A draft of a vote on projects, whose ideas are what was told as needs."""
    raw = tomllib.loads((example_folder() / "budget.toml").read_text("utf-8"))
    raw |= {"code": "TRM-BUDGET", "council": "tarmigt", "example": False}
    raw["title"] = {**raw["title"], "fr": f"Nos quartiers {SECRET}"}
    council = app.register.council(council_of(app, "tarmigt"))
    head, problems = definitions.check(raw, council)
    assert head is not None
    assert problems == []
    await definitions.add(tx, app.register, msgspec.to_builtins(head), head)
    row = await app.register.by_code(tx, "TRM-BUDGET")
    assert row is not None
    await ideas.set_call(tx, row, "TRM-NEEDS", "2027-01-04")


@asynccontextmanager
async def busy_town(config: Config) -> AsyncIterator[Town]:
    """The same, and at the first council something of everything."""
    async with town(config) as quiet:
        app = quiet.app
        reference = await tell(app, "amina", f"Pas d’eau depuis lundi {SECRET}", media=True)
        for number in range(6):
            await vote(app, f"voter {number}", number)
        await sign(app, "brahim")
        aside = await put_aside(app, "halima")
        async with app.storage.transaction() as tx:
            row = await tx.row(CaseByReference, reference=reference)
            park = await tx.row(ConsultationByCode, code="TRM-PARK")
            assert row is not None
            assert park is not None
            kept = msgspec.json.decode(row.body)["words"]["media"]
            council = quiet.council()
            member = await accounts.known(tx, council, f"Amal {SECRET}")
            by = accounts.Member(member.id, member.name, "admin", council, "tarmigt")
            (signature,) = await tx.rows(SignaturesInFull, consultation_id=park.id)
            day = local_day(now_ms()).isoformat()
            await procedure.deposit(app.register, tx, park, day, by.name, now_ms())
            session = local_day(now_ms()) + timedelta(days=120)
            await _vote_on_projects(app, tx)
            begun = editing.begun({"fr": f"Ouverture {SECRET}"}, session, sequence(session))
            begun = editing.with_axis(begun, "", {"fr": "Eau"})
            begun = editing.with_problem(begun, "", "a1", {"fr": "Coupures"}, {}, "Des citernes")
            citerns = Project(
                "", "a1", {"fr": "Citernes"}, "p2", owner="Eau", indicator={"fr": "Dix"}
            )
            begun = cards.with_project(begun, citerns)
            await keeping.begin(tx, council, "TRM-OPEN", begun, by.name)
            broadcast = await broadcasts.draft(
                tx,
                council,
                "notice",
                Audience(),
                made_by=by.name,
                body={"texts": {"fr": f"Eau coupée demain {SECRET}"}},
            )
            approval = await approvals.ask(tx, by, "broadcast", str(broadcast), SECRET)
            download = await requests.ask(
                tx, council, by.id, "consultation", "TRM-LIGHT", "csv", "fr",
                filters={}, identities=False,
            )  # fmt: skip
            poll = await tx.row(ConsultationByCode, code="TRM-LIGHT")
            assert poll is not None
        await made(app, download)
        yield replace(
            quiet,
            reference=reference,
            photo=next(item["name"] for item in kept if item["kind"] == "photo"),
            voice=next(item["name"] for item in kept if item["kind"] == "voice"),
            signature=signature.id,
            broadcast=broadcast,
            approval=approval,
            download=download,
            aside=aside,
            member=by.id,
            answer=await first_answer(app, "TRM-LIGHT"),
            note=await only_note(app, "TRM-LIGHT"),
        )


async def open_question(app: App, code: str) -> open_answers.OpenQuestion:
    """The first open question of a consultation, with its answers."""
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        questions = await open_answers.questions_of(tx, app.vault, row)
    return questions[0]


async def first_answer(app: App, code: str) -> str:
    """What stands in a form for an open answer."""
    return (await open_question(app, code)).answers[0].token


async def only_note(app: App, code: str) -> str:
    """What stands in an address for the one voice note among the open answers."""
    (note,) = [note for a in (await open_question(app, code)).answers for note in a.voices]
    return note.token


async def made(app: App, download: int) -> StoredDownload:
    """Wait until a file is there."""
    app.wanted.set()
    while True:
        async with app.storage.reading() as tx:
            found = await tx.row(Download, id=download)
        assert found is not None
        if found.state not in ("waiting", "running"):
            break
        await asyncio.sleep(0.05)
    assert found.state == "done", found.error
    return found


def picture() -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (11, 93, 75)).save(out, "JPEG")
    return out.getvalue()


async def tell(
    app: App,
    name: str,
    words: str,
    *,
    media: bool = False,
    photo: bytes = b"",
    prefix: str = "TRM",
) -> str:
    """Somebody who reads French tells a need, with a photo and a voice note or not; its reference."""
    citizen = Citizen(app, name, at=now_ms() - HOUR)
    await citizen.arrives("Français", f"{prefix}-NEEDS")
    await citizen.says("1")
    # A region asks for the commune first.
    for place in ("passer",) if prefix == "TRM" else ("Zagora", "passer"):
        await citizen.says(place)
    files = (
        (app.web.upload(photo or picture(), "photo"), app.web.upload(b"OggS" + bytes(60), "voice"))
        if media
        else ()
    )
    said = await citizen.does(text=words, media=files)
    assert words in said, said
    heard = await citizen.taps("Envoyer")
    return next(word.strip(".,") for word in heard.split() if word.startswith(f"{prefix}-20"))


async def vote(app: App, name: str, number: int = 0) -> None:
    """Somebody answers the poll; the first, by a voice note too."""
    citizen = Citizen(app, name, at=now_ms() - HOUR)
    await citizen.arrives("Français", "TRM-LIGHT")
    for said in ("1", str(number % 5 + 1)):
        await citizen.says(said)
    voice = () if number else (app.web.upload(VOICE, "voice"),)
    said = f"Des lampes, {SECRET} {number}, 06 12 34 56 7{number}"
    await citizen.does(text=said, media=voice)
    await citizen.taps("Envoyer")


async def sign(app: App, name: str, cin: str = "KB204971") -> None:
    """Somebody supports and signs the petition."""
    citizen = Citizen(app, name, "telegram", at=now_ms() - HOUR)
    await citizen.arrives("Français", "TRM-PARK")
    await citizen.taps("Je soutiens")
    await citizen.taps("Donner ma signature")
    for said in (f"{name.capitalize()} {SECRET}", cin, "Agdz", "oui"):
        await citizen.says(said)


async def put_aside(app: App, name: str) -> int:
    """A message of somebody of the first council is put aside; its number."""
    citizen = Citizen(app, name, at=now_ms() - HOUR)
    await citizen.arrives("Français")
    await citizen.says("Tarmigt")
    await citizen.says("annuler")

    async def broken(*given: object) -> None:
        raise ZeroDivisionError

    look_ups = cast(dict[str, Any], app.conversations.parts.look_ups)
    kept = look_ups["open_consultations"]
    look_ups["open_consultations"] = broken
    try:
        await citizen.says("menu")
    finally:
        look_ups["open_consultations"] = kept
    async with app.storage.reading() as tx:
        (row,) = await tx.rows(Quarantined)
    return int(row.id)
