"""Settings: config.toml and TACHAWOR_* variables -> frozen, checked values.

A variable names section and key: TACHAWOR_WEB_PORT is [web] port. Every key is documented in
config.example.toml; an error names the key, the value and what is allowed.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from bot.core.roles import STAFF_ROLES
from flows.dialog.definition import text_problems
from flows.dialog.facts import Council
from flows.dialog.outreach import sending_problems
from flows.morocco import places, quarters
from flows.morocco.emergency import DIALLED
from flows.statistics import limits
from flows.understanding.danger import DANGERS
from flows.wording.text import LANGUAGES

ENVIRONMENT = "TACHAWOR_"

#: A web origin that may show a council's page in a frame, as a browser writes it: no path, no wildcard.
ORIGIN = re.compile(
    r"https://(?=[a-z0-9.-]{1,253}(?::|\Z))[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
    r"(:[1-9][0-9]{0,4})?|http://(localhost|127\.0\.0\.1):[1-9][0-9]{0,4}"
)


class ConfigError(Exception):
    """A setting is wrong; the message names it, its value and what is allowed."""


class Web(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The web server: where it listens, and how the world reaches it."""

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""


class StorageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The database, the folder for photos and voice notes, and the file with the secret."""

    url: str = "sqlite:///data/tachawor.sqlite"
    media: str = "data/media"
    #: The file of citizens' wishes since the last backup; beside the media folder without it.
    wishes: str = ""
    chat_megabytes: int = 100
    media_gigabytes: int = 20
    #: Days after which messages are forgotten; 0 keeps them.
    messages_days: int = 90
    #: Recordings of our own texts, LANGUAGE/ENTRY.ogg; none without it.
    voices: str = ""
    secret: str = ""
    secret_file: str = "~/.config/tachawor/secret.key"  # noqa: S105  # a path, not a secret


class TelegramSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A Telegram bot; without a token there is none."""

    token: str = ""
    base_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: str = ""
    per_second: float = 20
    chat_per_second: float = 1


class WhatsAppSettings(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from"}
):
    """A WhatsApp number at Twilio; without an account there is none."""

    account_sid: str = ""
    auth_token: str = ""
    second_auth_token: str = ""
    signature_key: str = ""
    second_signature_key: str = ""
    sender: str = ""
    base_url: str = ""
    interactive: bool = True
    per_second: float = 40
    chat_per_second: float = 1
    price: float = 0
    currency: str = "MAD"


class CouncilSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the councils' files are, and which council speaks where none is named."""

    folder: str = ""
    default: str = ""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings."""

    web: Web = Web()
    storage: StorageSettings = StorageSettings()
    telegram: TelegramSettings = TelegramSettings()
    whatsapp: WhatsAppSettings = WhatsAppSettings()
    councils: CouncilSettings = CouncilSettings()

    @property
    def public_url(self) -> str:
        """The address under which the world reaches us, without a slash at its end."""
        host = f"[{self.web.host}]" if ":" in self.web.host else self.web.host
        return (self.web.public_url or f"http://{host}:{self.web.port}").rstrip("/")


#: Settings that are secrets: they are never shown in an error.
SECRET_KEYS = frozenset(
    {
        "token",
        "webhook_secret",
        "auth_token",
        "second_auth_token",
        "signature_key",
        "second_signature_key",
        "secret",
    }
)


#: Days after which messages may be forgotten: a provider repeats what it brought for a day, and the weekly cap
#: counts a week.
MESSAGES_DAYS = (7, 3650)

#: Characters that a secret has at the least, and different ones among them.
SHORTEST_SECRET, FEWEST_SIGNS = 16, 8

STRONG = (
    f"it needs {SHORTEST_SECRET} characters, {FEWEST_SIGNS} different ones; make one with "
    "`python -c 'import secrets; print(secrets.token_urlsafe(32))'`"
)


def strong(secret: str) -> bool:
    """Whether a secret that somebody thought of is one that nobody guesses soon."""
    return len(secret) >= SHORTEST_SECRET and len(set(secret)) >= FEWEST_SIGNS


def load(path: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """The settings of the file (none: defaults) and the variables, which win.

    Raises ConfigError.
    """
    raw = _read(path) if path is not None else {}
    for name, value in environment.items():
        if name.startswith(ENVIRONMENT) and name not in OTHER_VARIABLES:
            _set(raw, name, value)
    try:
        config = msgspec.convert(raw, Config, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(_explain(raw, str(error))) from None
    _check(config)
    return config


#: Variables with our prefix that are no settings.
OTHER_VARIABLES = frozenset(
    {
        "TACHAWOR_CONFIG",
        "TACHAWOR_TESTS_SKIP_NOTHING",
        "TACHAWOR_TESTS_POSTGRESQL",
    }
)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(
            f"there is no file {path}; copy config.example.toml to it, or leave --config out"
        ) from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from None


def _set(raw: dict[str, Any], name: str, value: str) -> None:
    section, _, key = name.removeprefix(ENVIRONMENT).lower().partition("_")
    sections = {field.name: field for field in msgspec.structs.fields(Config)}
    if section not in sections:
        known = ", ".join(sorted(sections))
        raise ConfigError(f"the variable {name} names no section; sections are: {known}")
    keys = [field.encode_name for field in msgspec.structs.fields(sections[section].type)]
    if key not in keys:
        allowed = ", ".join(f"{ENVIRONMENT}{section}_{k}".upper() for k in keys)
        raise ConfigError(f"the variable {name} names no setting; allowed are: {allowed}")
    raw.setdefault(section, {})[key] = value


def _explain(raw: Mapping[str, Any], said: str) -> str:
    """msgspec's words with the value and what is allowed."""
    reason, _, where = said.partition(" - at ")
    path = where.strip("`").removeprefix("$").lstrip(".")
    unknown = reason.split("`")[1] if "unknown field" in reason else ""
    section, _, key = path.partition(".")
    fields = {field.name: field for field in msgspec.structs.fields(Config)}
    if unknown:
        if section in fields:
            keys = [f.encode_name for f in msgspec.structs.fields(fields[section].type)]
            return f"[{section}] {unknown} is not a setting; allowed are: {', '.join(keys)}"
        return f"[{unknown}] is not a section; allowed are: {', '.join(fields)}"
    value: Any = raw
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    shown = "(hidden)" if key in SECRET_KEYS else repr(value)
    wanted = re.match(r"Expected `(\w+)", reason)
    if wanted is not None and wanted[1] in _KINDS:
        reason = f"it must be {_KINDS[wanted[1]]}"
    name = f"[{section}] {key}" if key else f"[{section}]"
    return f"{name} is {shown}: {reason}{_allowed(section, key)}"


#: What a setting may be, in an operator's words.
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text, in quotes",
    "bool": "true or false",
    "object": "a section, with its settings below it",
}


def _allowed(section: str, key: str) -> str:
    if (section, key) == ("telegram", "mode"):
        return "; allowed are: polling, webhook"
    return ""


def _check(config: Config) -> None:
    if not 0 <= config.web.port <= 65535:
        raise ConfigError(f"[web] port is {config.web.port}; it must be from 0 to 65535")
    if not config.web.host.strip():
        raise ConfigError(
            "[web] host is empty; write 127.0.0.1, or 0.0.0.0 for all addresses of this machine"
        )
    public = config.web.public_url
    if public and not re.fullmatch(r"https?://[^/\s]+(/\S*)?", public):
        raise ConfigError(
            f"[web] public_url is {public!r}; it must be like https://tachawor.example.ma"
        )
    if not config.storage.url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise ConfigError(
            f"[storage] url is {_without_password(config.storage.url)!r}; "
            "it must be sqlite:///PATH or postgresql://HOST/NAME"
        )
    own = config.storage
    if not own.media.strip():
        raise ConfigError("[storage] media is empty; name a folder, which is the bot's alone")
    if own.secret and not strong(own.secret):
        raise ConfigError(f"[storage] secret is too weak: {STRONG}")
    for name, room in (
        ("chat_megabytes", own.chat_megabytes),
        ("media_gigabytes", own.media_gigabytes),
    ):
        if not 1 <= room <= 1_000_000:
            raise ConfigError(f"[storage] {name} is {room}; it must be from 1 to 1000000")
    if own.messages_days and not MESSAGES_DAYS[0] <= own.messages_days <= MESSAGES_DAYS[1]:
        raise ConfigError(
            f"[storage] messages_days is {own.messages_days}; it must be from {MESSAGES_DAYS[0]} to "
            f"{MESSAGES_DAYS[1]}, or 0 to keep messages for ever"
        )
    for section, values in (("telegram", config.telegram), ("whatsapp", config.whatsapp)):
        if not 0 < values.per_second <= 1000:
            raise ConfigError(
                f"[{section}] per_second is {values.per_second}; it must be from above 0 to 1000"
            )
        if not 0 < values.chat_per_second <= 1000:
            raise ConfigError(
                f"[{section}] chat_per_second is {values.chat_per_second}; "
                "it must be from above 0 to 1000"
            )
    if config.whatsapp.price < 0:
        raise ConfigError(f"[whatsapp] price is {config.whatsapp.price}; it must be 0 or more")
    telegram = config.telegram
    if telegram.mode == "webhook" and telegram.token:
        if not public.startswith("https://"):
            raise ConfigError(
                "[telegram] mode is 'webhook'; that needs an https:// [web] public_url"
            )
        if not telegram.webhook_secret:
            raise ConfigError("[telegram] webhook_secret is empty; mode 'webhook' needs one")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", telegram.webhook_secret):
            raise ConfigError("[telegram] webhook_secret may have A-Z a-z 0-9 _ - only")
        if not strong(telegram.webhook_secret):
            raise ConfigError(f"[telegram] webhook_secret is too weak: {STRONG}")
    whatsapp = config.whatsapp
    if whatsapp.account_sid:
        for key, value in (("auth_token", whatsapp.auth_token), ("from", whatsapp.sender)):
            if not value:
                raise ConfigError(f"[whatsapp] {key} is empty; with an account_sid it is needed")
        if not public:
            raise ConfigError("[whatsapp] needs [web] public_url: Twilio signs over it")


def _without_password(url: str) -> str:
    before, at, after = url.rpartition("@")
    return f"{before.split('://')[0]}://…@{after}" if at else url


def load_councils(folder: Path) -> list[Council]:
    """The councils described by the `*.toml` files of a folder.

    Raises ConfigError with file and key.
    """
    found = [read_council(path) for path in sorted(folder.glob("*.toml"))]
    if not found:
        raise ConfigError(f"there is no council file (*.toml) in {folder}")
    for one in ("code", "prefix"):
        values = [getattr(council, one) for council in found]
        for value in values:
            if values.count(value) > 1:
                raise ConfigError(f"{folder}: two councils have the {one} {value!r}")
    return found


def read_council(path: Path) -> Council:
    """The council that a file describes. Raises ConfigError with file and key."""
    try:
        council = msgspec.convert(_read(path), Council)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}") from None
    try:
        places.place(council.place)
    except KeyError as error:
        raise ConfigError(f"{path}: place: {error.args[0]}") from None
    for problem in text_problems("name", council.name):
        raise ConfigError(f"{path}: {problem}")
    for key, text in sending_problems("sending", council.sending):
        raise ConfigError(f"{path}: {key}: {text}")
    if not re.fullmatch("[A-Z]{2,6}", council.prefix):
        raise ConfigError(f"{path}: prefix is {council.prefix!r}; use 2 to 6 capital letters A-Z")
    for origin in council.embed_on:
        if not ORIGIN.fullmatch(origin):
            raise ConfigError(
                f"{path}: embed_on has {origin!r}; write origins like https://www.example.ma, without "
                "a path (or http://localhost:8000 to try it out)"
            )
    for at, one in enumerate(council.emergency):
        if not re.fullmatch(DIALLED, one.number):
            raise ConfigError(
                f"{path}: emergency[{at}].number is {one.number!r}; write 2 to 10 digits, as dialled"
            )
        for problem in text_problems(f"emergency[{at}].name", one.name, longest=60):
            raise ConfigError(f"{path}: {problem}")
        unknown = sorted(set(one.dangers) - set(DANGERS))
        if unknown:
            raise ConfigError(
                f"{path}: emergency[{at}].dangers has {unknown[0]!r}; they are: {', '.join(DANGERS)}"
            )
    for key, text in limits.problems(council.limits):
        raise ConfigError(f"{path}: {key}: {text}")
    for key, text in _problems_of_places_and_office(council):
        raise ConfigError(f"{path}: {key}: {text}")
    for role in council.second_factor:
        if role not in STAFF_ROLES:
            allowed = ", ".join(STAFF_ROLES)
            raise ConfigError(f"{path}: second_factor has {role!r}; roles are: {allowed}")
    if council.language not in LANGUAGES:
        allowed = ", ".join(LANGUAGES)
        raise ConfigError(f"{path}: language is {council.language!r}; allowed are: {allowed}")
    return council


#: A telephone of an office, as one dials it or writes it down: digits with spaces, dots or a plus.
TELEPHONE = re.compile(r"\+?[0-9][0-9 .-]{1,20}[0-9]")


def _problems_of_places_and_office(council: Council) -> Iterator[tuple[str, str]]:
    """What is wrong with a council's quarters, hours, telephone and address."""
    yield from quarters.problems(council.quarters)
    for at, one in enumerate(council.quarters):
        for problem in text_problems(f"quarters[{at}].text", one.text, longest=60):
            yield problem.key, problem.text
    for key, texts in (("hours", council.hours), ("address", council.address)):
        for problem in text_problems(key, texts, needed=False, longest=200):
            yield problem.key, problem.text
    if council.telephone and not TELEPHONE.fullmatch(council.telephone):
        yield "telephone", f"is {council.telephone!r}; write digits, as dialled: 0524 88 00 00"
