"""A second person: what one member of staff may do only when another one agrees."""

import io
import zipfile
from pathlib import Path

import httpx
import pytest

from bot.core.config import Config
from bot.core.links import staff_payload
from bot.core.localtime import now_ms
from storage.rows.broadcasts import Broadcast
from storage.rows.staff import ApprovalsOf, StaffMember
from tests.citizen import Citizen
from tests.system.staffed import SECRET, Town, busy_town, config_of, made, vote
from tests.system.town import close
from tests.visitor import visitor


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_of(tmp_path, second_person_from=2)


async def _waiting(town: Town, what: str) -> int:
    async with town.app.storage.reading() as tx:
        rows = await tx.rows(ApprovalsOf, council_id=town.council(), since=0)
    return next(row.id for row in rows if row.what == what and row.decision is None)


async def _agree(town: Town, client: httpx.AsyncClient, what: str) -> None:
    where = f"/staff/approvals/{await _waiting(town, what)}"
    assert (await client.post(where, data={"decision": "yes"})).status_code == 303


async def test_many_are_written_to_only_when_another_member_agrees(config: Config) -> None:
    async with (
        busy_town(config) as full,
        visitor(base_url=full.address) as first,
        visitor(base_url=full.address) as second,
    ):
        await full.sign_in(first, "omar", "organizer")
        await full.sign_in(second, "nadia", "organizer")

        async def state(id: int) -> str:
            async with full.app.storage.reading() as tx:
                row = await tx.row(Broadcast, id=id)
            assert row is not None
            return str(row.state)

        async def prepared() -> int:
            answer = await first.post("/staff/notice", data={"text.fr": "L’eau sera coupée."})
            assert answer.status_code == 303
            return int(answer.headers["location"].rpartition("/")[2])

        one, other = await prepared(), await prepared()
        start = {"action": "start"}
        assert (await first.post(f"/staff/broadcasts/{one}/do", data=start)).status_code == 202
        assert await state(one) == "draft"
        # Nobody agrees with themselves, and pressing again asks for nothing more.
        asked = await _waiting(full, "broadcast")
        own = await first.post(f"/staff/approvals/{asked}", data={"decision": "yes"})
        assert own.status_code == 409
        assert (await first.post(f"/staff/broadcasts/{one}/do", data=start)).status_code == 202
        assert await _waiting(full, "broadcast") == asked
        await _agree(full, second, "broadcast")
        # The yes is for who asked, and for what was asked.
        assert (await second.post(f"/staff/broadcasts/{one}/do", data=start)).status_code == 202
        assert (await first.post(f"/staff/broadcasts/{other}/do", data=start)).status_code == 202
        assert (await state(one), await state(other)) == ("draft", "draft")
        assert (await first.post(f"/staff/broadcasts/{one}/do", data=start)).status_code == 303
        assert await state(one) != "draft"
        again = await second.post(f"/staff/approvals/{asked}", data={"decision": "no"})
        assert again.status_code == 409


async def test_who_may_not_do_a_thing_may_not_agree_to_it(config: Config) -> None:
    async with (
        busy_town(config) as full,
        visitor(base_url=full.address) as data,
        visitor(base_url=full.address) as organizer,
    ):
        await full.sign_in(data, "omar", "data")
        await full.sign_in(organizer, "nadia", "organizer")
        asked = {"what": "needs", "identities": "on", "format": "csv", "language": "fr"}
        assert (await data.post("/staff/downloads", data=asked)).status_code == 202
        names = f"/staff/approvals/{await _waiting(full, 'identities')}"
        assert (await organizer.post(names, data={"decision": "yes"})).status_code == 404
        message = f"/staff/approvals/{full.approval}"
        assert (await data.post(message, data={"decision": "yes"})).status_code == 404
        assert await _waiting(full, "identities")
        assert await _waiting(full, "broadcast") == full.approval
        assert (await data.post("/staff/downloads", data=asked)).status_code == 202


async def test_a_file_with_identities_is_refused_once_the_role_is_gone(config: Config) -> None:
    async with (
        busy_town(config) as full,
        visitor(base_url=full.address) as data,
        visitor(base_url=full.address) as second,
    ):
        await full.sign_in(data, "omar", "data")
        await full.sign_in(second, "nadia", "admin")
        asked = {"what": "signatures", "object": full.petition, "format": "csv", "language": "fr"}
        assert (await data.post("/staff/downloads", data=asked)).status_code == 202
        await _agree(full, second, "identities")
        answer = await data.post("/staff/downloads", data=asked)
        assert answer.status_code == 303
        where = answer.headers["location"]
        await made(full.app, int(where.rpartition("/")[2]))
        file = await data.get(f"{where}/file")
        assert f"Brahim {SECRET}" in file.text
        assert file.headers["cache-control"] == "no-store"
        # The yes was for one file.
        assert (await data.post("/staff/downloads", data=asked)).status_code == 202
        await full.sign_in(data, "omar", "clerk")
        assert (await data.get(f"{where}/file")).status_code == 404
        assert (await data.post("/staff/downloads", data=asked)).status_code == 403


async def test_rows_of_single_persons_need_a_second_person_without_names_too(
    config: Config,
) -> None:
    """Flow Results has a row for each person; the words about it are good for that file alone."""
    async with (
        busy_town(config) as full,
        visitor(base_url=full.address) as data,
        visitor(base_url=full.address) as second,
    ):
        await full.sign_in(data, "omar", "data")
        await full.sign_in(second, "nadia", "admin")
        asked = {"what": "consultation", "object": full.poll, "format": "flow", "language": "fr"}
        # While people answer nobody is asked to agree to what cannot be made.
        assert (await data.post("/staff/downloads", data=asked)).status_code == 409
        await close(full.app, full.poll)
        assert (await data.post("/staff/downloads", data=asked)).status_code == 202
        await _agree(full, second, "identities")
        other = {**asked, "language": "ar"}
        assert (await data.post("/staff/downloads", data=other)).status_code == 202
        await _agree(full, second, "identities")
        assert (await data.post("/staff/downloads", data=other)).status_code == 303
        assert (await data.post("/staff/downloads", data=other)).status_code == 202


async def test_row_data_is_for_the_data_officer_with_a_second_person(config: Config) -> None:
    """Asked for on the page, agreed to as it is to be written, in the log, and gone with the role."""
    async with (
        busy_town(config) as full,
        visitor(base_url=full.address) as data,
        visitor(base_url=full.address) as second,
        visitor(base_url=full.address) as clerk,
    ):
        await full.sign_in(data, "omar", "data")
        await full.sign_in(second, "nadia", "admin")
        await full.sign_in(clerk, "salma", "clerk")
        for number in range(6, 12):
            await vote(full.app, f"voter {number}", number)
        asked = {"what": "rows", "object": full.poll, "format": "csv", "language": "fr"}
        asked |= {"values": "codes", "several": "one"}
        early = await data.post("/staff/downloads?lang=fr", data=asked)
        assert early.status_code == 409
        assert "une fois la consultation close" in early.text
        # Nobody is asked to agree to what cannot be made.
        assert f"rows {full.poll}" not in (await second.get("/staff/approvals")).text
        close = {"action": "close", "sure": "yes"}
        assert (await second.post(f"/staff/c/{full.poll}/do", data=close)).status_code == 303
        assert "lignes" not in (await clerk.get("/staff/downloads?lang=fr")).text
        assert (await clerk.post("/staff/downloads", data=asked)).status_code == 403
        assert 'name="several"' in (await data.get("/staff/downloads?lang=fr")).text
        assert (await data.post("/staff/downloads", data=asked)).status_code == 202
        shown = (await second.get("/staff/approvals?lang=fr")).text
        assert "codes, sous des noms pour programmes" in shown
        await _agree(full, second, "identities")
        answer = await data.post("/staff/downloads", data=asked)
        assert answer.status_code == 303
        where = answer.headers["location"]
        await made(full.app, int(where.rpartition("/")[2]))
        page = (await data.get(f"{where}?lang=fr")).text
        assert "codes, sous des noms pour programmes" in page
        file = await data.get(f"{where}/file")
        assert file.headers["content-type"] == "application/zip"
        assert f"{full.poll}-rows-" in file.headers["content-disposition"]
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            assert f"{full.poll}.csv" in archive.namelist()
        actions = [action for actor, action, _ in await full.audit() if actor == "omar"]
        assert actions[:2] == ["take", "download"]
        # Written otherwise it is another file, and asked about again.
        other = {**asked, "values": "labels"}
        assert (await data.post("/staff/downloads", data=other)).status_code == 202
        await full.sign_in(data, "omar", "clerk")
        assert (await data.get(f"{where}/file")).status_code == 404


async def test_the_second_person_sees_all_that_will_happen(config: Config) -> None:
    """Audience, words in every language, when, by which template, to how many."""
    async with (
        busy_town(config) as full,
        visitor(base_url=full.address) as first,
        visitor(base_url=full.address) as second,
    ):
        await full.sign_in(first, "omar", "organizer")
        await full.sign_in(second, "nadia", "organizer")
        texts = {"text.fr": "L’eau sera coupée.", "text.ar": "سينقطع الماء."}
        made = await first.post("/staff/notice", data={**texts, "audience.languages.fr": "1"})
        await first.post(f"{made.headers['location']}/do", data={"action": "start"})
        page = (await second.get("/staff/approvals", headers={"accept-language": "fr"})).text
        for shown in (
            "L’eau sera coupée.",
            "سينقطع الماء.",
            "tachawor_notice",
            "languages",
            "une seule fois",
        ):
            assert shown in page, shown


async def test_one_chat_with_two_names_is_one_person(config: Config) -> None:
    async with (
        busy_town(config) as full,
        visitor(base_url=full.address) as first,
        visitor(base_url=full.address) as same,
    ):
        chat = Citizen(full.app, "chat of omar", at=now_ms())
        await chat.arrives("Français")
        for client, name in ((first, "omar"), (same, "omar again")):
            await full.sign_in(client, name, "data")
            async with full.app.storage.reading() as tx:
                member = await tx.row(StaffMember, council_id=full.council(), name=name)
            assert member is not None
            await chat.starts(staff_payload(full.app.vault, member.id, now_ms() + 60_000))
        asked = {"what": "needs", "identities": "on", "format": "csv", "language": "fr"}
        assert (await first.post("/staff/downloads", data=asked)).status_code == 202
        waits = f"/staff/approvals/{await _waiting(full, 'identities')}"
        assert (await same.post(waits, data={"decision": "yes"})).status_code == 409
        assert (await first.post("/staff/downloads", data=asked)).status_code == 202


async def test_a_yes_to_a_message_once_is_none_to_the_same_every_night(config: Config) -> None:
    """Nor to another hour, another audience, or other words."""
    async with (
        busy_town(config) as full,
        visitor(base_url=full.address) as first,
        visitor(base_url=full.address) as second,
    ):
        await full.sign_in(first, "omar", "organizer")
        await full.sign_in(second, "nadia", "organizer")
        send = f"/staff/c/{full.poll}/send"
        once = {"what": "invitation", "at": "2031-03-03T18:00"}
        assert (await first.post(send, data=once)).status_code == 202
        await _agree(full, second, "broadcast")
        for other in (
            {"what": "invitation", "every": "day", "time": "21:00"},
            {**once, "at": "2031-03-03T19:00"},
            {**once, "audience.languages.fr": "1"},
            {**once, "spread": "3"},
            {**once, "late": "skip"},
        ):
            assert (await first.post(send, data=other)).status_code == 202, other
        # The yes is void: what was asked changed since.
        assert (await first.post(send, data=once)).status_code == 202
        await _agree(full, second, "broadcast")
        answer = await first.post(send, data=once)
        assert (answer.status_code, answer.headers.get("location")) == (
            303,
            f"/staff/c/{full.poll}#planned",
        )


async def test_nobody_agrees_for_whom_they_let_in(config: Config) -> None:
    """One admin made a member for the purpose, and agreed with themselves; or had that one agree."""
    async with (
        busy_town(config) as full,
        visitor(base_url=full.address) as admin,
        visitor(base_url=full.address) as ghost,
        visitor(base_url=full.address) as other,
    ):
        await full.sign_in(admin, "omar", "admin")
        await admin.post("/staff/members", data={"action": "add", "name": "ghost", "role": "admin"})
        await full.sign_in(ghost, "ghost", "admin")
        await full.sign_in(other, "nadia", "admin")
        asked = {"what": "needs", "identities": "on", "format": "csv", "language": "fr"}
        for asker, friend in ((admin, ghost), (ghost, admin)):
            assert (await asker.post("/staff/downloads", data=asked)).status_code == 202
            where = f"/staff/approvals/{await _waiting(full, 'identities')}"
            answer = await friend.post(
                where, data={"decision": "yes"}, headers={"accept-language": "fr"}
            )
            assert answer.status_code == 409
            assert "tachawor staff link" in answer.text
            assert (await other.post(where, data={"decision": "yes"})).status_code == 303


async def test_many_small_messages_of_a_day_count_together(tmp_path: Path) -> None:
    """Two messages, each under the limit, are over it together."""
    async with (
        busy_town(config_of(tmp_path, second_person_from=15)) as full,
        visitor(base_url=full.address) as client,
    ):
        await full.sign_in(client, "omar", "organizer")
        codes = []
        for _ in range(2):
            made = await client.post("/staff/notice", data={"text.fr": "L’eau sera coupée."})
            do = f"{made.headers['location']}/do"
            codes.append((await client.post(do, data={"action": "start"})).status_code)
        assert codes == [303, 202]
