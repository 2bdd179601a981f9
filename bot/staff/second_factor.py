"""A second factor for staff: six digits from an application on their telephone (TOTP, RFC 6238).

begin (a key, shown as a picture and as text) -> a first code -> on, with recovery codes shown once
sign in -> a code, each good once, or a recovery code -> the session is proven
"""

import base64
import hmac
import re
import secrets
from typing import Literal

import pyotp

from bot.core import audit
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from bot.staff.accounts import Member, digest
from flows.dialog.facts import Council
from flows.understanding import scripts
from storage.database import Transaction
from storage.rows.staff import (
    CountRecoveryCodes,
    SecondFactor,
    StaffOf,
    UseRecoveryCode,
    UseStep,
)

#: Seconds that a code lasts, and codes before and after that are good too: clocks differ.
STEP_SECONDS = 30
DRIFT = 1

#: Wrong codes within a quarter of an hour after which none is looked at.
MOST_TRIES = 5
TRIES_MS = 15 * 60 * 1000

#: Recovery codes that are given, and the bytes of each.
RECOVERY_CODES = 10
RECOVERY_BYTES = 10

Word = Literal["good", "wrong", "used", "tired"]


def asked_of(member: Member, council: Council) -> bool:
    """Whether this session must show a second factor (or get one first) before anything is opened."""
    return not member.proven and (member.has_factor or member.role in council.second_factor)


async def key(tx: Transaction, vault: Vault, member: Member) -> str:
    """The key of whoever is about to get a second factor; the same until a first code was right."""
    known = await tx.row(SecondFactor, staff_id=member.id)
    if known is not None:
        return _opened(vault, known)
    made = pyotp.random_base32()
    place = f"second_factors/{member.id}"
    await tx.run(
        "add_second_factor", staff_id=member.id, sealed=vault.seal(made, place), at=now_ms()
    )
    return made


def address(secret: str, member: Member) -> str:
    """What the picture says, as the applications read it."""
    return pyotp.TOTP(secret).provisioning_uri(
        name=f"{member.name} ({member.council})", issuer_name="Tachawor"
    )


async def show(tx: Transaction, vault: Vault, member: Member, cookie: str, typed: str) -> Word:
    """A code, or a recovery code, is typed in a session, which is proven if it is good."""
    at = now_ms()
    known = await tx.row(SecondFactor, staff_id=member.id)
    if known is None:
        return "wrong"
    if known.tries >= MOST_TRIES and known.tried_at > at - TRIES_MS:
        return "tired"
    typed = re.sub(r"[\s-]", "", scripts.digits(typed)).upper()
    word, how = await _looked_at(tx, vault, known, typed, at)
    if word != "good":
        await tx.run("count_wrong_step", staff_id=member.id, at=at, since=at - TRIES_MS)
        await audit.note(tx, member.council_id, member.name, "refused", "second factor", word)
        return word
    await tx.run("prove_session", digest=digest(cookie), at=at)
    first = known.confirmed_at is None
    done = "set second factor" if first else "show second factor"
    await audit.note(tx, member.council_id, member.name, done, how)
    return "good"


async def _looked_at(
    tx: Transaction, vault: Vault, known: SecondFactor, typed: str, at: int
) -> tuple[Word, str]:
    totp = pyotp.TOTP(_opened(vault, known), interval=STEP_SECONDS)
    now = at // 1000 // STEP_SECONDS
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            used = await tx.row(UseStep, staff_id=known.staff_id, step=step, at=at)
            return ("good" if used is not None else "used"), "code"
    if known.confirmed_at is not None and typed:
        mark = _mark(vault, known.staff_id, typed)
        used_code = await tx.row(UseRecoveryCode, digest=mark, staff_id=known.staff_id, at=at)
        if used_code is not None:
            return "good", "recovery code"
    return "wrong", ""


async def recovery_codes(tx: Transaction, vault: Vault, member: Member) -> list[str]:
    """New recovery codes, in the place of all before. They can be shown now, and never again."""
    await tx.run("drop_recovery_codes", staff_id=member.id)
    codes = []
    for _ in range(RECOVERY_CODES):
        code = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
        mark = _mark(vault, member.id, code)
        await tx.run("add_recovery_code", digest=mark, staff_id=member.id)
        codes.append("-".join(code[i : i + 4] for i in range(0, len(code), 4)))
    return codes


async def left(tx: Transaction, staff_id: int) -> int:
    """How many recovery codes a member has left."""
    row = await tx.row(CountRecoveryCodes, staff_id=staff_id)
    return row.n if row is not None else 0


class OwnFactor(Exception):
    """Nobody resets their own: whoever sits at an open page would."""


async def reset(tx: Transaction, by: Member, one: StaffOf) -> None:
    """Take a colleague's second factor away, who has lost it: they begin anew. Raises OwnFactor."""
    if one.id == by.id:
        raise OwnFactor(one.name)
    await forget(tx, one.id)
    await audit.note(tx, by.council_id, by.name, "reset second factor", one.name)


async def forget(tx: Transaction, staff_id: int) -> None:
    """No second factor, no recovery codes, no session that showed them."""
    await tx.run("drop_second_factor", staff_id=staff_id)
    await tx.run("drop_recovery_codes", staff_id=staff_id)
    await tx.run("end_sessions", staff_id=staff_id)


def _opened(vault: Vault, known: SecondFactor) -> str:
    return vault.open(known.sealed, f"second_factors/{known.staff_id}")


def _mark(vault: Vault, staff_id: int, code: str) -> str:
    """What is kept of a recovery code."""
    return vault.digest(code, f"recovery:{staff_id}")
