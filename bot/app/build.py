"""Joins everything: the only place that names concrete channels, and that collects what kinds bring."""

import logging
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from bot.app.backup import unfinished
from bot.app.sealed import covering, secret
from bot.cases import handling
from bot.channels.port import PULLED, Channel
from bot.channels.telegram import Telegram
from bot.channels.webchat import Pulled
from bot.channels.whatsapp import WhatsApp
from bot.consultations import definitions
from bot.conversation.context import Parts
from bot.conversation.inbound import Conversations
from bot.core.config import Config, ConfigError, load_councils, read_council
from bot.core.councils import open_register
from bot.core.localtime import check_zone
from bot.kinds import manifests
from bot.outbox.delivery import Delivery
from bot.outbox.media_files import PUBLISHED, MediaFiles
from bot.outbox.media_room import Room
from bot.outbox.recordings import NONE, Recordings, published
from bot.outreach.organizers import StaffChats
from bot.outreach.sender import Sender
from bot.results.downloads import SHARED, Maker
from bot.results.making import FileKind
from bot.results.over import closing, final
from bot.results.public_record import Section
from bot.services import Services
from bot.staff import audit_chain
from flows.dialog.facts import Council
from storage import ids
from storage.database import Storage
from storage.opening import open_storage
from storage.rows.outbox import LatestIds

log = logging.getLogger("tachawor")

#: Messages of broadcasts a second on the web chat: nobody limits it but this machine.
WEB_PER_SECOND = 200.0


@dataclass(slots=True)
class App(Services):
    """A running Tachawor, without its web server and its polling: `Services` with their concrete channels."""

    sender: Sender
    conversations: Conversations

    @property
    def telegram(self) -> Telegram | None:
        """The Telegram bot, if there is one."""
        channel = self.channels.get("telegram")
        return channel if isinstance(channel, Telegram) else None

    @property
    def whatsapp(self) -> WhatsApp | None:
        """The WhatsApp number, if there is one."""
        channel = self.channels.get("whatsapp")
        return channel if isinstance(channel, WhatsApp) else None

    @property
    def web(self) -> Pulled:
        """The web chat."""
        channel = self.channels["web"]
        if not isinstance(channel, Pulled):
            raise TypeError("the channel 'web' is not the web chat")
        return channel

    @property
    def staff_chats(self) -> StaffChats:
        """The own chats of members of staff."""
        return StaffChats(
            self.storage,
            self.register,
            self.vault,
            self.delivery,
            self.conversations.listeners,
        )

    @property
    def maker(self) -> Maker:
        """What makes the files that staff ask for."""
        return Maker(
            self.storage,
            self.register,
            self.vault,
            self.media,
            self.staff_chats,
            file_kinds(),
            self.wanted,
        )

    async def result_body(self, consultation_id: int) -> Mapping[str, Any]:
        """The body of a result's broadcast (`bot.results.over.closing`)."""
        url = self.config.public_url
        return await closing.result_body(
            self.storage, self.register, self.media, url, consultation_id
        )

    async def close(self) -> None:
        """Finish what is under way and close everything."""
        await self.conversations.close()
        await self.delivery.close()
        for channel in self.channels.values():
            await channel.close()
        await self.storage.close()


def kind_folders() -> list[Path]:
    """The folders in which kinds keep queries, tables and templates of their own."""
    return [Path(str(resources.files(f"bot.kinds.{one.kind}"))) for one in manifests()]


def conversation_parts() -> Parts:
    """What all kinds bring into conversations."""
    parts = [manifest.conversation for manifest in manifests()]
    return Parts(
        effects={kind: one for part in parts for kind, one in part.effects.items()},
        look_ups={name: one for part in parts for name, one in part.look_ups.items()},
        withdrawn={kind: one for part in parts for kind, one in part.withdrawn.items()},
        offers=[offer for part in parts for offer in part.offers],
        own_data=[own for part in parts for own in part.own_data],
    )


def file_kinds() -> Mapping[str, FileKind]:
    """What staff can have as a file, by name: what there is of everything, and what kinds bring."""
    own = (file for manifest in manifests() for file in manifest.files)
    return {file.what: file for file in (*SHARED, *own)}


def clocks() -> Sequence[Callable[[Services], Awaitable[None]]]:
    """What is done by itself, again and again: final results, the log in the ledger, what kinds bring."""
    return [
        final.enter_due,
        audit_chain.enter_due,
        *(one.clock for one in manifests() if one.clock is not None),
    ]


def sections() -> Sequence[Section]:
    """The sections that kinds have on a council's public page, in their order."""
    found = (manifest.public for manifest in manifests())
    return sorted((one for one in found if one is not None), key=lambda one: one.place)


def example_folder() -> Path:
    """The folder of the example council and its consultations."""
    return Path(str(resources.files("bot") / "example"))


def councils_of(config: Config) -> list[Council]:
    """The councils of the configured folder, or the example council."""
    if config.councils.folder:
        return load_councils(Path(config.councils.folder))
    return [read_council(example_folder() / "council.toml")]


def channels_of(config: Config) -> dict[str, Channel]:
    """The channels that the configuration gives tokens for, and those that need none."""
    media_folder = Path(config.storage.media) / PUBLISHED
    channels: dict[str, Channel] = {
        "web": Pulled("web", "web", config.public_url),
        "terminal": Pulled("terminal", "terminal"),
    }
    if config.telegram.token:
        base = config.telegram.base_url.rstrip("/")
        try:
            channels["telegram"] = Telegram(
                config.telegram.token,
                "telegram",
                media_folder=media_folder,
                base_url=f"{base}/bot",
                base_file_url=f"{base}/file/bot",
            )
        except ValueError:
            raise ConfigError(
                "[telegram] token is not one of BotFather's; it looks like 123456789:AbC-dEf..."
            ) from None
    if config.whatsapp.account_sid:
        tokens = (config.whatsapp.auth_token, config.whatsapp.second_auth_token)
        keys = (config.whatsapp.signature_key, config.whatsapp.second_signature_key)
        channels["whatsapp"] = WhatsApp(
            config.whatsapp.account_sid,
            [token for token in tokens if token],
            config.whatsapp.sender,
            public_url=config.public_url,
            status_url=f"{config.public_url}/webhooks/twilio/status",
            media_url=f"{config.public_url}/chat/media",
            shared_keys=[key for key in keys if key],
            interactive=config.whatsapp.interactive,
            base_url=config.whatsapp.base_url or None,
        )
    return channels


async def open_app(
    config: Config,
    channels: dict[str, Channel] | None = None,
    opening: Callable[[Config, Sequence[Path]], Awaitable[Storage]] | None = None,
) -> App:
    """Open storage and channels, bring the schema and the councils up to date.

    Raises StorageError, ConfigError, WrongZone. Nothing stays open then.
    """
    check_zone()
    unfinished.check(Path(config.storage.media))
    councils = councils_of(config)
    ways = channels if channels is not None else channels_of(config)
    media = media_of(config, ways)
    folders = kind_folders()
    if opening is None:
        storage = await open_storage(config.storage.url, folders)
    else:
        storage = await opening(config, folders)
    try:
        async with storage.starting():
            for name in await storage.migrate():
                log.info("migrated the database: %s", name)
            vault = await secret.fitting(storage, config)
            await covering.cover_all(storage, vault)
            async with storage.reading() as tx:
                latest = await tx.row(LatestIds)
            if latest is not None and max(latest.sent, latest.came) > 0:
                # The clock may have been set back: a page that asks "after" would miss all until then.
                ids.above(max(latest.sent, latest.came))
            media.room = room_of(config, storage)
            register = await open_register(storage, councils, config.councils.default)
            delivery = Delivery(storage, ways, vault, rates_of(config), paces_of(config))
            # A terminal is there only while somebody talks in it.
            pushed = [name for name in ways if name != "terminal"]
            sender = Sender(storage, register, vault, delivery, pushed, PULLED)
            conversations = Conversations(
                storage, register, vault, media, delivery, config.public_url, conversation_parts()
            )
            app = App(
                config, storage, register, vault, media, delivery, ways, sender, conversations
            )
            await handling.backfill(storage, register)
            register.links = app.links
            register.ways = pushed
            register.recorded = recorded_in(config, media)
            register.indicators = [m.indicators for m in manifests() if m.indicators is not None]
            register.besides = {m.kind: m.besides for m in manifests() if m.besides is not None}
            register.amending = {m.kind: m.amending for m in manifests() if m.amending is not None}
            register.owed = {m.kind: m.owed for m in manifests() if m.owed is not None}
            if not config.councils.folder:
                await seed_example(app)
    except BaseException:
        # An open database would keep the process alive.
        await storage.close()
        raise
    return app


def recorded_in(config: Config, media: MediaFiles) -> Recordings:
    """The recordings of our own texts, put where citizens can get them. Raises ConfigError."""
    if not config.storage.voices:
        return NONE
    folder = Path(config.storage.voices)
    if not folder.is_dir():
        raise ConfigError(f"[storage] voices: there is no folder {folder}")
    try:
        return published(folder, media)
    except OSError as error:
        raise ConfigError(f"[storage] voices: cannot read {error.filename}") from None


def rates_of(config: Config) -> dict[str, float]:
    """Channel -> most messages of broadcasts a second."""
    return {
        "telegram": config.telegram.per_second,
        "whatsapp": config.whatsapp.per_second,
        "web": WEB_PER_SECOND,
    }


def paces_of(config: Config) -> dict[str, float]:
    """Channel -> most replies a second in one chat."""
    return {
        "telegram": config.telegram.chat_per_second,
        "whatsapp": config.whatsapp.chat_per_second,
    }


def media_of(config: Config, channels: dict[str, Channel]) -> MediaFiles:
    """The media folder. Raises ConfigError."""
    folder = Path(config.storage.media)
    try:
        # Where more than this is missing, a disk is; files beside it would be lost when it is back.
        folder.parent.mkdir(exist_ok=True)
        media = MediaFiles(folder, channels)
        if folder.stat().st_mode & 0o077:
            try:
                folder.chmod(0o700)
            except PermissionError:
                log.warning("[storage] media: others may read %s, which is another user's", folder)
        with tempfile.TemporaryFile(dir=folder):
            return media
    except OSError as error:
        raise ConfigError(
            f"[storage] media is {config.storage.media!r}, which cannot be used: {error.strerror}; "
            "name a folder that the bot's user can write, on a disk that is there"
        ) from None


def room_of(config: Config, storage: Storage) -> Room:
    """How much room there is for the files of citizens."""
    own = config.storage
    chat, in_all = own.chat_megabytes * 1_000_000, own.media_gigabytes * 1_000_000_000
    return Room(storage, Path(own.media), chat, in_all)


def example_kinds(folder: Path) -> list[str]:
    """The names of the example consultations, in the order in which a menu shows them."""
    first = ["need", "poll", "petition"]
    return first + sorted({file.stem for file in folder.glob("*.toml")} - {*first, "council"})


async def seed_example(app: App) -> None:
    """Add the example council's consultations, once, and open them."""
    folder = example_folder()
    by_code = {council.code: council for council in app.register.all().values()}
    async with app.storage.transaction() as tx:
        for file in (folder / f"{name}.toml" for name in example_kinds(folder)):
            raw, head = definitions.read_definition(file, by_code)
            if await app.register.by_code(tx, head.code) is None:
                await definitions.add(tx, app.register, raw, head)
                row = await app.register.by_code(tx, head.code)
                if row is not None:
                    await definitions.open_consultation(tx, row)
