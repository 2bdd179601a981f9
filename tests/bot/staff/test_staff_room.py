"""What pages ask about staff: who works here, the log, second persons, messages put aside."""

import pytest

from bot.app.build import App
from bot.conversation import turn
from bot.conversation.context import Context
from bot.core import audit
from bot.staff import accounts, approvals, audit_log, put_aside
from bot.staff.accounts import Member
from tests.citizen import Citizen
from tests.staff_links import link_for


async def hired(app: App, name: str, role: str = "clerk") -> Member:
    """Somebody who works for the example council."""
    council_id = app.register.default_id
    async with app.storage.transaction() as tx:
        assert await accounts.admit(tx, council_id, name, role)
        row = next(r for r in await accounts.members_of(tx, council_id) if r.name == name)
    return Member(row.id, name, role, council_id, "example")


async def test_a_name_is_given_to_one_member_of_staff_only(app: App) -> None:
    amal = await hired(app, "amal")
    async with app.storage.transaction() as tx:
        assert not await accounts.admit(tx, amal.council_id, "amal", "admin")
        (row,) = await accounts.members_of(tx, amal.council_id)
    assert (row.name, row.role) == ("amal", "clerk")


async def test_a_colleague_of_another_council_is_not_found(app: App) -> None:
    amal = await hired(app, "amal")
    async with app.storage.reading() as tx:
        assert await accounts.colleague(tx, amal.council_id, amal.id) is not None
        assert await accounts.colleague(tx, amal.council_id + 1, amal.id) is None
        assert await accounts.colleague(tx, amal.council_id, amal.id + 1) is None


async def test_who_has_left_is_a_member_but_not_an_active_one_until_let_back_in(app: App) -> None:
    amal, _ = await hired(app, "amal"), await hired(app, "boss", "admin")
    async with app.storage.transaction() as tx:
        await accounts.end(tx, amal.council_id, amal.id)
        assert [r.name for r in await accounts.members_of(tx, amal.council_id)] == ["boss", "amal"]
        assert [r.name for r in await accounts.active_members_of(tx, amal.council_id)] == ["boss"]
        await accounts.readmit(tx, amal.id)
        active = await accounts.active_members_of(tx, amal.council_id)
    assert [r.name for r in active] == ["amal", "boss"]


async def test_a_session_ends_when_its_holder_signs_out(app: App) -> None:
    link = await link_for(app, "example", "amal")
    async with app.storage.transaction() as tx:
        cookie = await accounts.use_link(tx, link.rpartition("/")[2], None)
        await accounts.keep_awake(tx, cookie)
        assert await accounts.member_of(tx, cookie) is not None
        await accounts.sign_out(tx, "the cookie of nobody")
        assert await accounts.member_of(tx, cookie) is not None
        await accounts.sign_out(tx, cookie)
        assert await accounts.member_of(tx, cookie) is None


async def test_a_request_for_a_second_person_is_found_by_its_own_council_only(app: App) -> None:
    amal, zahra = await hired(app, "amal"), await hired(app, "zahra")
    async with app.storage.transaction() as tx:
        id = await approvals.ask(tx, amal, "identities", "list OZT-WALKS")
        assert await approvals.request(tx, amal.council_id, id) is not None
        assert await approvals.request(tx, amal.council_id + 1, id) is None
        assert await approvals.request(tx, amal.council_id, id + 1) is None
        assert [row.id for row in await approvals.waiting(tx, amal.council_id)] == [id]
        assert await approvals.waiting(tx, amal.council_id + 1) == []
        assert await approvals.decide(tx, zahra, id, yes=False)
        assert await approvals.waiting(tx, amal.council_id) == []
        assert len(await approvals.listed(tx, amal.council_id)) == 1


async def test_the_log_is_read_a_page_at_a_time_and_shows_no_other_council(app: App) -> None:
    council_id = app.register.default_id
    async with app.storage.transaction() as tx:
        for number in range(audit_log.PAGE + 1):
            await audit.note(tx, council_id, "amal", "see", f"thing {number}")
        await audit.note(tx, council_id, "zahra", "take", "file")
        await audit.note(tx, council_id + 1, "said", "see", "elsewhere")
        first = await audit_log.page(tx, council_id)
        assert first.older is not None
        second = await audit_log.page(tx, council_id, before=first.older)
        narrowed = await audit_log.page(tx, council_id, actor="zahra", action="take")
        nobody = await audit_log.page(tx, council_id, actor="said")
        whole = await audit_log.newest(tx, council_id)
    assert (first.actors, first.actions) == (["amal", "zahra"], ["see", "take"])
    assert len(first.entries) == audit_log.PAGE
    assert [row.object for row in second.entries] == ["thing 1", "thing 0"]
    assert second.older is None
    assert [row.object for row in narrowed.entries] == ["file"]
    assert nobody.entries == []
    assert len(whole) == audit_log.PAGE + 2


async def test_messages_of_nobodys_council_are_seen_to_by_the_default_one_only(
    app: App, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(context: Context) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(turn, "handle", broken)
    await Citizen(app, "stranger").says("hello")
    default = app.register.default_id
    async with app.storage.reading() as tx:
        (row,) = await put_aside.messages(tx, app.register, default)
        assert await put_aside.message(tx, app.register, default, str(row.id)) is not None
        assert await put_aside.message(tx, app.register, default, "no number") is None
        assert await put_aside.messages(tx, app.register, default + 1) == []
        assert await put_aside.message(tx, app.register, default + 1, str(row.id)) is None
