"""A member of staff's one-time link, as the command line prints it."""

from bot.app.build import App
from bot.staff import accounts


async def link_for(app: App, council: str, name: str, role: str = "") -> str:
    """A link by which `name` signs in to the desk of a council, with a role if one is given."""
    council_id = next(id for id, one in app.register.all().items() if one.code == council)
    async with app.storage.transaction() as tx:
        return await accounts.sign_in_link(tx, app.config.public_url, council_id, name, role)
