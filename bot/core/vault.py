"""Keys and what they protect: sealed values, digests of national ids, tokens on buttons, links.

One secret, from the variable TACHAWOR_STORAGE_SECRET or a file outside the repository and the database;
every use derives a key of its own from it (HKDF).
"""

import base64
import hashlib
import hmac
import os
import secrets
import struct
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: Bytes of the secret.
SECRET_SIZE = 32

#: Begins a covered address, after the sign of a number; no provider's does.
COVERED = "~"

#: So many addresses are at hand, covered and not.
AT_HAND = 4096

_TOKEN = struct.Struct(">Q4s4s")
_MAC_SIZE = 8


class Unreadable(Exception):
    """A sealed value that this secret does not open, or that was changed."""


class Tap(NamedTuple):
    """What a button's token says: the conversation, and digests of question and option."""

    conversation: int
    question: bytes
    option: bytes


def short_digest(text: str) -> bytes:
    """Four bytes that stand for a question's key or an option's id within one conversation."""
    return hashlib.blake2b(text.encode(), digest_size=4).digest()


class Vault:
    """The secret at work."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SECRET_SIZE:
            raise ValueError(f"the secret has {len(secret)} bytes; it needs {SECRET_SIZE}")
        self._secret = secret
        self._key = cache(self._derive)
        self._button_key = self._key("buttons")
        self._covers = AESSIV(self._derive("addresses", 2 * SECRET_SIZE))
        self.cover = lru_cache(AT_HAND)(self._cover)
        self.uncover = lru_cache(AT_HAND)(self._uncover)

    def _derive(self, purpose: str, size: int = SECRET_SIZE) -> bytes:
        kdf = HKDF(SHA256(), size, salt=b"tachawor", info=purpose.encode())
        return kdf.derive(self._secret)

    def seal(self, value: str, place: str) -> str:
        """Encrypt `value` (AES-GCM); it opens only in the same `place` (table, row, column)."""
        nonce = secrets.token_bytes(12)
        sealed = AESGCM(self._key("seal")).encrypt(nonce, value.encode(), place.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, place: str) -> str:
        """The value again. Raises Unreadable."""
        raw = base64.b64decode(sealed)
        try:
            return AESGCM(self._key("seal")).decrypt(raw[:12], raw[12:], place.encode()).decode()
        except InvalidTag:
            raise Unreadable(f"cannot open the sealed value at {place}") from None

    def _cover(self, address: str) -> str:
        """An address as it is kept (AES-SIV): the same each time, so that it can be looked for.

        Whether it is a number stays to be seen. Whoever has no secret can neither open it nor try addresses.
        """
        sign = "+" if address.startswith("+") else ""
        sealed = self._covers.encrypt(address.encode(), None)
        return sign + COVERED + base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def _uncover(self, covered: str) -> str:
        """The address again; what is not covered stays as it is. Raises Unreadable."""
        sign, mark, sealed = covered.partition(COVERED)
        if not mark or sign not in ("", "+"):
            return covered
        try:
            raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            return self._covers.decrypt(raw, None).decode()
        except (InvalidTag, ValueError):
            raise Unreadable("cannot open a covered address") from None

    def digest(self, value: str, purpose: str) -> str:
        """A keyed digest: equal values of one purpose are equal, and nothing else can be told."""
        return hmac.new(self._key(f"digest:{purpose}"), value.encode(), "sha256").hexdigest()

    def sign(self, text: str) -> str:
        """An Ed25519 signature (hex) that anybody checks with `public_key`."""
        return self._signing.sign(text.encode()).hex()

    @property
    def public_key(self) -> str:
        """What our signatures are checked with (hex, 32 bytes); it may be known to everyone."""
        return self._signing.public_key().public_bytes_raw().hex()

    @property
    def _signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._key("ledger heads"))

    def button(self, chat: str, conversation: int, question: str, option: str) -> str:
        """An opaque token for one choice of one question, good in one chat only."""
        body = _TOKEN.pack(conversation, short_digest(question), short_digest(option))
        return base64.urlsafe_b64encode(body + self._mac(chat, body)).decode().rstrip("=")

    def read_button(self, chat: str, token: str) -> Tap | None:
        """What a token says, None if we did not make it for this chat."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        if len(raw) != _TOKEN.size + _MAC_SIZE:
            return None
        body, mac = raw[: _TOKEN.size], raw[_TOKEN.size :]
        if not hmac.compare_digest(mac, self._mac(chat, body)):
            return None
        return Tap(*_TOKEN.unpack(body))

    def _mac(self, chat: str, body: bytes) -> bytes:
        said = chat.encode() + b"\0" + body
        return hashlib.blake2b(said, key=self._button_key, digest_size=_MAC_SIZE).digest()

    def stamp(self, text: str, until: int) -> str:
        """A ticket for `text` that is good until `until` (ms since 1970 UTC)."""
        mac = self.digest(f"{until}:{text}", "ticket")[:32]
        return f"{until:x}-{mac}"

    def stamped(self, ticket: str, text: str, now: int) -> bool:
        """Whether the ticket is ours, for this text, and not too old."""
        until, _, _ = ticket.partition("-")
        if not ticket.isascii():
            return False
        try:
            good_until = int(until, 16)
        except ValueError:
            return False
        return hmac.compare_digest(ticket, self.stamp(text, good_until)) and now < good_until


def open_vault(secret: str | None, file: Path) -> Vault:
    """The vault of this deployment; the file is made, readable by its owner only, if need be."""
    if secret:
        return Vault(hashlib.sha256(secret.encode()).digest())
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fresh, "w") as handle:
            handle.write(secrets.token_hex(SECRET_SIZE))
    return Vault(bytes.fromhex(file.read_text().strip()))
