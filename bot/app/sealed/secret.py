"""The secret and the database belong together: a digest of the one is kept in the other."""

from pathlib import Path

from bot.core.config import Config, ConfigError
from bot.core.vault import Vault, open_vault
from storage.database import Storage
from storage.rows.outbox import AgreedOn, AgreedValue, AnyCouncil

#: What the digest is called in the database.
NAME = "secret"


async def fitting(storage: Storage, config: Config) -> Vault:
    """The vault that this database was begun with; a new database gets a new secret, if there is none.

    Raises ConfigError where the secret is another one, or is missing: what is sealed would be lost, and
    everything that is signed (buttons, links, tickets) would be refused.
    """
    async with storage.reading() as tx:
        known = await tx.row(AgreedValue, name=NAME)
        begun = known is not None or await tx.row(AnyCouncil) is not None
    vault = given(config, known.value if known is not None else None, begun=begun)
    if known is None:
        async with storage.transaction() as tx:
            await tx.row(AgreedOn, name=NAME, value=fingerprint(vault))
    return vault


def given(config: Config, digest: str | None, *, begun: bool = True) -> Vault:
    """The vault of the settings, where it has this digest (None: any will do).

    Raises ConfigError; a secret is made only where nothing was `begun` with one.
    """
    file = Path(config.storage.secret_file).expanduser()
    if begun and not config.storage.secret and not file.exists():
        raise ConfigError(
            f"the secret is missing: this database was begun with one, and there is neither "
            f"TACHAWOR_STORAGE_SECRET nor the file {str(file)!r}; put it back from where you keep its copy"
        )
    vault = _vault(config, file)
    if digest is not None and fingerprint(vault) != digest:
        where = "TACHAWOR_STORAGE_SECRET" if config.storage.secret else repr(str(file))
        raise ConfigError(
            f"the secret ({where}) is not the one that this database was begun with; put the right one "
            "back: with another, nothing that is sealed can be read"
        )
    return vault


def fingerprint(vault: Vault) -> str:
    """What stands for a secret, and does not give it away."""
    return vault.digest(NAME, "fingerprint")[:32]


def _vault(config: Config, file: Path) -> Vault:
    try:
        return open_vault(config.storage.secret, file)
    except OSError as error:
        raise ConfigError(
            f"[storage] secret_file is {str(file)!r}, which cannot be used: {error.strerror}; "
            "name a file that can be made, or set TACHAWOR_STORAGE_SECRET"
        ) from None
    except ValueError:
        raise ConfigError(
            f"[storage] secret_file is {str(file)!r}, which holds no secret of ours "
            "(64 hexadecimal digits); put the right file back, or set TACHAWOR_STORAGE_SECRET"
        ) from None
