"""Between the backup and the loss citizens stopped, withdrew and were forgotten: a restore obeys them again."""

import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest
import time_machine

from bot.app.backup import saving, wishes
from bot.app.build import App, open_app
from bot.core.config import Config, ConfigError
from bot.core.console import Refusal
from bot.core.localtime import now_ms
from storage.database import batch
from storage.ids import new_id
from storage.rows.consultations import ConsultationByCode
from storage.rows.staff import LedgerOf
from tests.bot.conversation.test_joining import code_of
from tests.checks import AllConsents, AllResponses, AllStopped
from tests.citizen import NOON, Citizen, config_in, running
from tests.shell import Shell
from tests.system.test_backup import elsewhere as elsewhere
from tests.system.test_backup import filed, moved

SIGNED = (
    "[I support it]",
    "[Sign officially]",
    "Amina El Idrissi",
    "KB204971",
    "Agdz",
    "yes",
    "no",
)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON / 1000, tick=False) as traveller:
        yield traveller


async def arrived(app: App, name: str, *said: str, channel: str = "web") -> Citizen:
    """Somebody who has said some things."""
    citizen = Citizen(app, name, channel=channel)
    await citizen.arrives()
    await says(citizen, *said)
    return citizen


async def says(citizen: Citizen, *said: str) -> str:
    heard = ""
    for one in said:
        citizen.at = max(citizen.at, now_ms())
        heard = await citizen.says(one)
    return heard


class Loss:
    """A deployment, its backup, its file of wishes, and what is brought back of it."""

    def __init__(self, config: Config, there: Config, folder: Path) -> None:
        self.config, self.there, self.folder = config, there, folder
        self.app: App
        self.keeper: wishes.Keeper

    async def opens(self) -> App:
        self.app = await open_app(self.config)
        self.keeper = wishes.Keeper(self.app.storage, self.path)
        return self.app

    @property
    def path(self) -> Path:
        return wishes.path_of(self.config)

    async def saves(self) -> None:
        shutil.rmtree(self.folder / "saved", ignore_errors=True)
        await saving.save(self.config, self.folder / "saved")

    async def restored(self) -> tuple[App, dict[str, int]]:
        """All is lost but the backup and the file; both are used elsewhere."""
        await self.keeper.keep()
        await self.app.close()
        manifest = await saving.bring_back(self.there, self.folder / "saved")
        kept = wishes.read(self.path, manifest.fingerprint, manifest.deployment)
        self.app = await open_app(self.there)
        return self.app, dict(await wishes.obey(self.app, kept.wishes))


@pytest.fixture
async def loss(url: str, elsewhere: str, tmp_path: Path) -> AsyncIterator[Loss]:
    (tmp_path / "else").mkdir()
    config = config_in(tmp_path, url)
    made = Loss(config, moved(config, tmp_path / "else", elsewhere), tmp_path)
    await made.opens()
    yield made
    await made.app.close()


async def later(clock: time_machine.Traveller, seconds: float = 60) -> None:
    clock.shift(seconds)


async def test_who_was_erased_after_the_backup_is_erased_again(
    loss: Loss, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    """With their words and their files; who was not is still there."""
    amina, brahim = await filed(loss.app), await filed(loss.app, "brahim")
    await loss.saves()
    await later(clock)
    await says(amina, "menu", "my data", "[Erase]", "[Erase]")
    app, done = await loss.restored()
    assert done == {"erased": 1}
    async with app.storage.reading() as tx:
        needs = await tx.row(ConsultationByCode, code="OZT-NEEDS")
        assert needs is not None
        bodies = [row.body for row in await tx.rows(AllResponses, consultation_id=needs.id)]
    assert sum("The bridge is broken" in body for body in bodies) == 1
    assert len([one for one in app.media.folder.iterdir() if one.suffix == ".jpg"]) == 1
    for one, known in ((amina, False), (brahim, True)):
        one.app = app
        assert ("1 contribution." in await says(one, "my contributions")) is known


async def test_who_stopped_after_the_backup_is_not_written_to(
    loss: Loss, clock: time_machine.Traveller
) -> None:
    """Nor is who had stopped before; who stopped nothing still is."""
    amina, brahim = await filed(loss.app), await filed(loss.app, "brahim")
    chaima = await arrived(loss.app, "chaima", "stop")
    dounia = await arrived(loss.app, "dounia")
    await loss.saves()
    await later(clock)
    await says(amina, "menu", "stop", "[No, nothing]")
    await says(brahim, "menu", "stop", "[Yes, only that]")
    app, done = await loss.restored()
    assert done == {"stopped": 2}
    stopped = []
    for one in (amina, brahim, chaima, dounia):
        one.app = app
        stopped.append("stay stopped" in await says(one, "OZT-NEEDS"))
    assert stopped == [True, True, True, False]
    async with app.storage.reading() as tx:
        keeps = [row.keeps_answers for row in await tx.rows(AllStopped)]
    assert sorted(keeps) == [0, 0, 1]


async def test_who_started_again_before_the_loss_hears_from_us_from_the_next_day_on(
    loss: Loss, clock: time_machine.Traveller
) -> None:
    """A wish to be left alone is rather obeyed once too often: until the file is written anew."""
    amina = await arrived(loss.app, "amina")
    await loss.saves()
    await says(amina, "stop")
    await loss.keeper.keep()
    await says(amina, "start")
    clock.shift(86_400)
    await loss.keeper.keep()
    app, done = await loss.restored()
    assert done == {}
    amina.app = app
    assert "stay stopped" not in await says(amina, "OZT-NEEDS")


async def test_who_muted_a_council_or_took_an_agreement_back_is_not_asked_anything(
    loss: Loss, clock: time_machine.Traveller
) -> None:
    amina, brahim = await arrived(loss.app, "amina"), await arrived(loss.app, "brahim")
    chaima = await arrived(loss.app, "chaima")
    await loss.saves()
    await later(clock)
    await says(amina, "/settings", "[Stop the messages]")
    async with loss.app.storage.reading() as tx:
        agreed = {row.person_id for row in await tx.rows(AllConsents) if row.given}
    async with loss.app.storage.transaction() as tx:
        second = sorted(agreed)[1]
        refusal = {"id": new_id(), "person_id": second, "purpose": "messages", "given": 0}
        shown = {"version": "1", "shown": "x", "language": "en", "channel": "web", "at": now_ms()}
        await tx.run("add_consents", rows=batch([{**refusal, **shown}]))
    app, done = await loss.restored()
    assert done == {"muted": 1, "refused": 1}
    amina.app = chaima.app = brahim.app = app
    assert "does not write to you first" in await says(amina, "/settings")
    assert "does not write to you first" not in await says(chaima, "/settings")
    async with app.storage.reading() as tx:
        words = [(r.person_id, r.purpose) for r in await tx.rows(AllConsents) if not r.given]
    assert words == [(second, "messages")]


async def test_who_wants_no_invitations_since_the_backup_gets_none(
    loss: Loss, clock: time_machine.Traveller
) -> None:
    """The last word counts; whoever said nothing has what the backup says."""
    amina, brahim = await arrived(loss.app, "amina"), await arrived(loss.app, "brahim")
    chaima = await arrived(loss.app, "chaima", "/settings", "[How often]", "[No invitations]")
    await loss.saves()
    await later(clock)
    await says(amina, "/settings", "[How often]", "[1", "/settings")
    await says(amina, "[How often]", "[No invitations]")
    await says(chaima, "/settings", "[How often]", "[The council decides]")
    app, done = await loss.restored()
    assert done == {"cap": 3}
    amina.app = chaima.app = brahim.app = app
    assert "How often: No invitations" in await says(amina, "/settings")
    assert "How often: The council decides" in await says(brahim, "/settings")
    assert "How often: The council decides" in await says(chaima, "/settings")


async def test_a_server_that_begins_anew_keeps_the_file_of_the_one_before(
    loss: Loss, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The disk is lost, the service starts by itself with an empty database, and then somebody restores."""
    await arrived(loss.app, "amina", "stop")
    await loss.keeper.keep()
    whole = loss.path.read_bytes()
    (tmp_path / "anew").mkdir()
    async with running(tmp_path / "anew") as app:
        keeper = wishes.Keeper(app.storage, loss.path)
        await keeper.keep()
        assert loss.path.read_bytes() != whole
    (aside,) = loss.path.parent.glob("wishes-*.jsonl")
    assert aside.read_bytes() == whole
    assert str(aside) in caplog.text
    assert wishes.beside(loss.path) == [loss.path, aside]


async def test_what_was_taken_back_after_the_backup_is_taken_back_again(
    loss: Loss, clock: time_machine.Traveller
) -> None:
    """A need; and a support with its signature, of which the ledger tells."""
    amina = await filed(loss.app)
    brahim = await arrived(loss.app, "brahim", "OZT-PARK", *SIGNED, channel="telegram")
    dounia = await arrived(loss.app, "dounia", "OZT-PARK", "[I support it]", channel="terminal")
    await loss.saves()
    await later(clock)
    assert await signatures(loss.app) == 1
    await says(amina, "cancel", "OZT-2026-000001", "[Take it back]", "[Take it back]")
    await says(brahim, "my contributions", "1", "[Take it back]", "[Take it back]")
    app, done = await loss.restored()
    assert done == {"withdrawn": 2}
    assert await signatures(app) == 0
    async with app.storage.reading() as tx:
        told = [row.entry for row in await tx.rows(LedgerOf, council_id=app.register.default_id)]
    assert any('"withdrawn"' in entry for entry in told)
    for one, known in ((amina, False), (brahim, False), (dounia, True)):
        one.app = app
        assert ("1 contribution." in await says(one, "my contributions")) is known


@pytest.mark.parametrize("apart", [False, True])
async def test_whose_chats_were_joined_after_the_backup_is_forgotten_in_both(
    loss: Loss, clock: time_machine.Traveller, apart: bool
) -> None:
    """Unless they were taken apart before: nobody erases another's data by a join."""
    web = await filed(loss.app)
    other = await arrived(loss.app, "amina elsewhere", channel="terminal")
    await says(other, "OZT-PARK", "[I support it]")
    await loss.saves()
    await later(clock)
    await says(web, "menu")
    code = await code_of(web)
    other.at = web.at
    await says(other, code, "yes")
    web.at = other.at
    if not apart:
        # After a day a join stands.
        clock.shift(2 * 86_400)
    await says(web, "my data", "[Erase]", "[Erase]")
    app, done = await loss.restored()
    assert done["erased"] == (1 if apart else 2)
    other.app = web.app = app
    assert "contribution." not in await says(web, "my contributions")
    assert ("1 contribution." in await says(other, "my contributions")) is apart


async def test_the_file_says_nothing_to_who_finds_it(
    loss: Loss, clock: time_machine.Traveller
) -> None:
    """Numbers of rows and moments: no address, no word, no name; readable by its owner only."""
    amina = await filed(loss.app)
    brahim = await arrived(loss.app, "brahim", "OZT-PARK", *SIGNED, channel="telegram")
    await says(amina, "menu", "stop", "[No, nothing]")
    await says(brahim, "my data", "[Erase]", "[Erase]")
    await loss.keeper.keep()
    content = loss.path.read_text("utf-8")
    assert loss.path.stat().st_mode & 0o777 == 0o600
    for one in (amina.address, brahim.address, "bridge", "Idrissi", "KB204971", "OZT"):
        assert one not in content
    assert content.count("\n") == 3


async def test_a_wish_is_written_once_and_a_file_that_is_gone_whole(
    loss: Loss, clock: time_machine.Traveller
) -> None:
    amina, brahim = await arrived(loss.app, "amina"), await arrived(loss.app, "brahim")
    await loss.keeper.keep()
    for one in (amina, brahim):
        await says(one, "stop")
        await loss.keeper.keep()
        await loss.keeper.keep()
    assert loss.path.read_text("utf-8").count("stopped") == 2
    loss.path.unlink()
    await loss.keeper.keep()
    assert loss.path.read_text("utf-8").count("stopped") == 2
    for seconds, kept in ((wishes.KEPT_MS / 1000 - 60, 2), (120, 0)):
        clock.shift(seconds)
        loss.path.unlink()
        await loss.keeper.keep()
        assert loss.path.read_text("utf-8").count("stopped") == kept


@pytest.mark.parametrize(("late", "at_once"), [(-60, True), (60, False)])
async def test_a_wish_that_came_out_of_a_providers_queue_is_kept(
    loss: Loss, clock: time_machine.Traveller, late: int, at_once: bool
) -> None:
    """At once if it was sent within two days, else with the next day."""
    amina = await arrived(loss.app, "amina")
    await loss.keeper.keep()
    amina.at = now_ms() - wishes.OVERLAP_MS - late * 1000
    await amina.says("stop")
    await loss.keeper.keep()
    assert ("stopped" in loss.path.read_text("utf-8")) is at_once
    clock.shift(86_400)
    await loss.keeper.keep()
    assert "stopped" in loss.path.read_text("utf-8")


async def test_where_the_file_cannot_be_written_it_is_said_once_a_minute(
    loss: Loss, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """And nothing else stops; once it can be, everything is in it."""
    amina = await arrived(loss.app, "amina", "stop")
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    keeper = wishes.Keeper(loss.app.storage, blocked / "wishes.jsonl")
    with caplog.at_level(logging.WARNING):
        for seconds in (1, 5, 54, 5):
            await keeper.keep()
            clock.shift(seconds)
    assert len([one for one in caplog.records if "not kept for a restore" in one.message]) == 2
    assert "What" in await says(amina, "menu")
    blocked.unlink()
    await keeper.keep()
    assert "stopped" in (blocked / "wishes.jsonl").read_text("utf-8")
    with pytest.raises(ConfigError, match="wishes"):
        wishes.check(tmp_path)


async def test_a_file_that_is_cut_off_damaged_or_anothers(loss: Loss, tmp_path: Path) -> None:
    """The last line may be half; anything else is refused before something is restored."""
    await arrived(loss.app, "amina", "stop")
    await loss.keeper.keep()
    whole = loss.path.read_bytes()
    head = msgspec.json.decode(whole.split(b"\n")[0], type=wishes.Head)
    file = tmp_path / "file"
    file.write_bytes(whole + b'{"what": "sto')
    kept = wishes.read(file, head.fingerprint)
    assert [one.what for one in kept.wishes] == ["stopped"]
    assert kept.cut
    file.write_bytes(whole)
    assert not wishes.read(file, head.fingerprint).cut
    for content, why in (
        (b"", "damaged"),
        (whole.replace(b'"stopped"', b"3"), "damaged"),
        (whole.replace(b'"version":1', b'"version":2'), "newer"),
    ):
        file.write_bytes(content)
        with pytest.raises(Refusal, match=why):
            wishes.read(file, head.fingerprint)
    file.write_bytes(whole)
    with pytest.raises(Refusal, match="another deployment"):
        wishes.read(file, "another")
    with pytest.raises(Refusal, match="another deployment"):
        wishes.read(file, head.fingerprint, "another")
    with pytest.raises(Refusal, match="cannot read"):
        wishes.read(tmp_path / "none", head.fingerprint)


async def signatures(app: App) -> int:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-PARK")
        assert row is not None
        counted = await tx.row("count_signatures", consultation_id=row.id)
    assert counted is not None
    return int(counted["n"])


def test_an_operator_restores_with_the_file_beside_the_backup_or_a_named_one(
    tmp_path: Path,
) -> None:
    """And is told what was done again, or that there was no such file; where a server kept it, it is found."""
    for name in ("one", "two", "three", "four"):
        (tmp_path / name).mkdir()
    one = Shell(tmp_path / "one")
    one.says(("staff", "list"))
    saved = tmp_path / "kept" / "saved"
    saved.parent.mkdir()
    one.says(("backup", str(saved)), "Saved ")
    Shell(tmp_path / "two").says(("restore", str(saved)), "no file of what citizens wished")

    async def keeps(app: App) -> None:
        await arrived(app, "amina", "stop")
        await wishes.Keeper(app.storage, saved.parent / wishes.NAME).keep()

    one.inside(keeps)
    three = Shell(tmp_path / "three")
    three.says(("restore", str(saved)), "Done again", "0 erasures, 0 stops")
    (saved.parent / wishes.NAME).rename(tmp_path / "elsewhere.jsonl")
    four = Shell(tmp_path / "four")
    # What another deployment keeps in the same folder is left aside, unless it is named.
    (tmp_path / "another").mkdir()
    another = Shell(tmp_path / "another")
    another.environment["TACHAWOR_STORAGE_SECRET"] = "another secret for tests"
    another.inside(keeps)
    four.refuses(
        ("restore", str(saved), "--wishes", str(saved.parent / wishes.NAME)), "another deployment"
    )
    (tmp_path / "six").mkdir()
    said = Shell(tmp_path / "six").says(("restore", str(saved)), "Not used:", "There is no file")
    assert "Done again" not in said
    (saved.parent / wishes.NAME).unlink()
    four.refuses(("restore", str(saved), "--wishes", str(tmp_path / "none")), "cannot read")
    assert not (tmp_path / "four" / "data").exists()
    four.says(("restore", str(saved), "--wishes", str(tmp_path / "elsewhere.jsonl")), "Done again")
