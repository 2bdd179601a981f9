"""A member of staff's one-time link, as the command line prints it; and their word as a second person."""

from bot.app.build import App
from bot.staff import accounts, approvals


async def link_for(app: App, council: str, name: str, role: str = "") -> str:
    """A link by which `name` signs in to the desk of a council, with a role if one is given."""
    council_id = next(id for id, one in app.register.all().items() if one.code == council)
    async with app.storage.transaction() as tx:
        return await accounts.sign_in_link(tx, app.config.public_url, council_id, name, role)


async def second_agrees(app: App) -> None:
    """Somebody whom nobody has let in says yes to the one thing that waits at the default council."""
    council_id = app.register.default_id
    async with app.storage.transaction() as tx:
        (waits,) = await approvals.waiting(tx, council_id)
        said = await accounts.known(tx, council_id, "Said")
        second = accounts.Member(said.id, "Said", "admin", council_id, "example")
        assert await approvals.decide(tx, second, waits.id, yes=True)
