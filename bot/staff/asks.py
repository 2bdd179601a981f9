"""Who asks for sign-in links: the limit is the asker's network's, never that of the member who is named.

A browser in which the member signed in before is not counted with its network: whoever shares that with a
stranger is not kept out by them.
"""

import hashlib
import ipaddress

from bot.core.localtime import now_ms
from bot.core.vault import Vault
from storage.database import Transaction
from storage.rows.staff import BrowserOf, CountSignInAsks

#: Links that may be asked for from one network within the time that a link is good: the staff of a whole
#: town hall in the morning, and not more than that into strangers' chats.
MOST_OF_NETWORK = 30
WINDOW_MS = 10 * 60 * 1000

#: How long a browser is known after its last sign-in; ms.
KNOWN_MS = 180 * 24 * 3_600_000


def network_of(host: str) -> str:
    """The network of an address: of IPv4 the first 24 bits, of IPv6 the first 56."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    bits = 24 if address.version == 4 else 56
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


async def take(tx: Transaction, vault: Vault, host: str) -> bool:
    """Count one more ask from the network of `host`. False if it has had enough for now."""
    at = now_ms()
    network = vault.digest(network_of(host), "network")
    await tx.run("drop_sign_in_asks", before=at - WINDOW_MS)
    asked = await tx.row(CountSignInAsks, network=network, since=at - WINDOW_MS)
    if asked is not None and asked.n >= MOST_OF_NETWORK:
        return False
    await tx.run("add_sign_in_ask", network=network, at=at)
    return True


async def knows(tx: Transaction, browser: str) -> int | None:
    """The number of the member who signed in last in a browser, by the secret of its cookie."""
    if not browser:
        return None
    row = await tx.row(BrowserOf, digest=_digest(browser))
    return row.staff_id if row is not None else None


async def remember(tx: Transaction, browser: str, staff_id: int) -> None:
    """A member signed in in a browser."""
    at = now_ms()
    await tx.run("drop_browsers", before=at - KNOWN_MS)
    await tx.run("keep_browser", digest=_digest(browser), staff_id=staff_id, at=at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
