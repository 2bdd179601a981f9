"""What does an error code of Twilio mean for us? One table, for answers and for later statuses."""

from collections.abc import Callable
from typing import Final

from bot.channels.port import (
    Halted,
    Later,
    OutsideWindow,
    Refused,
    SendError,
    Transient,
    Uncertain,
    Unfit,
    Unreachable,
)

#: Seconds to stay away, by how full the provider says it is.
_A_MOMENT: Final = 1.0
_A_MINUTE: Final = 60.0

_Meaning = Callable[[str], SendError]


def _unreachable(why: str) -> _Meaning:
    return lambda code: Unreachable(f"{code} {why}")


def _opted_out(code: str) -> SendError:
    return Unreachable(f"{code} opted out", "opted_out")


def _refused(why: str) -> _Meaning:
    return lambda code: Refused(f"{code} {why}")


def _unfit(why: str) -> _Meaning:
    return lambda code: Unfit(f"{code} {why}")


def _outside(code: str) -> SendError:
    return OutsideWindow(f"{code} outside the 24-hour window: use the template")


def _later(seconds: float) -> _Meaning:
    # Counted for the number or the account, not for one chat.
    return lambda _: Later(seconds, everyone=True)


def _halted(why: str) -> _Meaning:
    return lambda code: Halted(f"{code} {why}")


#: Source: Twilio's error dictionary.
MEANINGS: Final[dict[int, _Meaning]] = {
    # This person cannot be reached here any more.
    63003: _unreachable("no such WhatsApp user"),
    63024: _unreachable("no valid recipient"),
    21211: _unreachable("no valid number"),
    21614: _unreachable("no mobile number"),
    63014: _opted_out,
    21610: _opted_out,
    # Outside the 24 hours only an approved template is delivered.
    63016: _outside,
    # Slow down.
    63018: _later(_A_MINUTE),
    20429: _later(_A_MOMENT),
    30001: _later(_A_MINUTE),
    21611: _later(_A_MINUTE),
    # This message will not be accepted, however often.
    63032: _refused("may not be sent to this person"),
    63049: _refused("Meta chose not to deliver this marketing message"),
    63013: _refused("against WhatsApp's policy"),
    63027: _refused("no template in this language"),
    63028: _refused("number of the template's variables"),
    63029: _refused("template cannot be filled in"),
    # This form will not be accepted; plain words may be.
    63005: _unfit("content not accepted"),
    63019: _unfit("file could not be fetched"),
    63021: _unfit("content not valid"),
    63030: _unfit("parameter not supported"),
    11751: _unfit("file too large"),
    12300: _unfit("type of file not accepted"),
    21620: _unfit("address of the file not accepted"),
    # The account itself does not work.
    20003: _halted("Twilio does not accept the credentials"),
    63001: _halted("the channel does not accept the credentials"),
    63007: _halted("no such WhatsApp sender"),
    63020: _halted("invitation of the WhatsApp account not accepted"),
    63051: _halted("WhatsApp account locked"),
}


def meaning(status: int, code: int | None) -> SendError:
    """What an answer with this HTTP status and error code means for the message.

    A 5xx may come after the message was created; 503 is refused at the door.
    """
    if code in MEANINGS:
        return MEANINGS[code](str(code))
    if status == 429:
        return Later(_A_MOMENT, everyone=True)
    if status == 401:
        return Halted("Twilio does not accept the credentials (401)")
    if status == 503:
        return Transient("503 service unavailable")
    if status >= 500:
        return Uncertain(f"server error {status}")
    # Without Twilio's words, which may repeat the number or the text.
    return Refused(f"{code or status}")
