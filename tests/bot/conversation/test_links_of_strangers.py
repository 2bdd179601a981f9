"""A stranger who would have a chat joined to theirs: what they can send, and what it gets them."""

import msgspec

from bot.app.build import App
from bot.conversation import erasure
from bot.core.links import staff_payload
from bot.staff import accounts
from storage.rows.people import PersonOfAddress
from storage.rows.staff import StaffChat
from tests.citizen import Citizen, audit_of


async def staff_chat(app: App, citizen: Citizen, name: str = "Amina") -> int:
    """Make somebody's chat the own chat of an admin. Returns the council's id."""
    council_id = app.register.default_id
    async with app.storage.transaction() as tx:
        member = await accounts.known(tx, council_id, name)
    payload = staff_payload(app.vault, member.id, citizen.at + accounts.LINK_MS)
    assert "your own as a member of staff" in await citizen.starts(payload)
    return council_id


async def tempting_link(app: App, attacker: Citizen) -> str:
    """The most tempting thing that the attacker can send: a link of the kind there was before."""
    await attacker.says("my data")
    await attacker.says("[another app]")
    said = " ".join(message.text for message in attacker.heard[-3:])
    old = next((word for word in said.split() if word.startswith("\u2066me_")), "")
    id = await person_of(app, attacker)
    ticket = app.vault.stamp(f"link:{id}", attacker.at + 15 * 60 * 1000)
    return old.strip("\u2066\u2069") or f"me_{id:x}_{ticket}"


async def person_of(app: App, citizen: Citizen) -> int:
    """Whose chat it is."""
    async with app.storage.reading() as tx:
        row = await tx.row(PersonOfAddress, channel=citizen.channel, address=citizen.kept)
    assert row is not None
    return int(row.person_id)


async def test_a_link_and_a_yes_give_nobody_the_chat_of_an_admin(app: App) -> None:
    """The attacker got the codes of an admin who opened "continue on another channel" and said yes."""
    attacker, admin = Citizen(app), Citizen(app, channel="terminal")
    await attacker.arrives()
    await admin.arrives()
    council_id = await staff_chat(app, admin)
    payload = await tempting_link(app, attacker)
    admin.at = attacker.at
    await admin.starts(payload)
    await admin.says("yes")
    attacker.at = admin.at
    await attacker.says("menu")
    async with app.storage.reading() as tx:
        chat = await tx.row(StaffChat, council_id=council_id, name="Amina")
    assert chat is not None
    assert chat.address == admin.address


async def test_a_link_and_a_yes_give_nobody_a_name_a_card_and_an_address(app: App) -> None:
    """The attacker took a copy of what a citizen had signed, who opened the link and said yes."""
    attacker, victim = Citizen(app), Citizen(app, channel="terminal")
    await attacker.arrives()
    await victim.arrives(code="OZT-PARK")
    for said in ("[I support it]", "[Sign officially]", "Amina El Idrissi", "KB204971"):
        await victim.says(said)
    for said in ("Agdz", "yes"):
        await victim.says(said)
    payload = await tempting_link(app, attacker)
    victim.at = attacker.at
    await victim.starts(payload)
    await victim.says("yes")
    attacker.at = victim.at
    assert "KB204971" not in await copy_of(app, attacker)
    assert "Idrissi" not in await copy_of(app, attacker)


async def copy_of(app: App, citizen: Citizen) -> str:
    """What "take a copy" gives, "" where it gives none."""
    await citizen.says("my data")
    said = await citizen.says("[Take a copy]")
    if "/my-data/" not in said:
        return ""
    name = said.split("/my-data/")[1].split("/")[0]
    async with app.storage.reading() as tx:
        return await erasure.copy_named(tx, app.vault, name) or ""


async def test_a_copy_masks_the_card(app: App) -> None:
    """Whoever gets hold of the file has no card number from it."""
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-PARK")
    for said in ("[I support it]", "[Sign officially]", "Amina El Idrissi", "KB204971"):
        await citizen.says(said)
    for said in ("Agdz", "yes"):
        await citizen.says(said)
    copy = msgspec.json.decode(await copy_of(app, citizen))
    assert copy["signatures"][0]["name"] == "Amina El Idrissi"
    assert copy["signatures"][0]["cin"] == "••••••71"


async def test_the_other_admins_hear_whose_chat_became_a_chat_of_staff(app: App) -> None:
    """Nobody becomes the chat of a colleague in silence."""
    first, second = Citizen(app), Citizen(app, "second")
    await first.arrives()
    await second.arrives()
    council_id = await staff_chat(app, first, "Amina")
    second.at = first.at
    await staff_chat(app, second, "Said")
    assert "Said" in await first.hears()
    async with app.storage.reading() as tx:
        linked = [row for row in await audit_of(tx, council_id) if row.action == "link chat"]
    assert [row.actor for row in linked] == ["Said", "Amina"]
