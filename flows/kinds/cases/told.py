"""What somebody told of a place in their own words: the shape of a body that several kinds share.

{"commune": census code, "place": text or pin, "words": text and files}
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from flows.dialog.answers import Said, Spot
from flows.kinds.kind import Told
from flows.statistics.asked import Given, is_erased, said
from flows.wording.text import Text, Verbatim, lines, msg

#: Decimals of a pin's degrees: about a hundred metres, so that no house is told.
PIN_DECIMALS = 3


def said_in(body: Mapping[str, Any]) -> Said:
    """What its author said."""
    return msgspec.convert(body.get("words") or {}, Said)


def told(body: Mapping[str, Any]) -> Told:
    """It as the desk sees it."""
    words = said_in(body)
    spot = msgspec.convert(body["place"], Spot) if body.get("place") else None
    commune = str(body["commune"]) if body.get("commune") else None
    return Told(str(body.get("theme") or ""), commune, spot, words.text, words.media)


def added(body: Mapping[str, Any], more: Mapping[str, Any]) -> Mapping[str, Any]:
    """It with what its author said besides."""
    words = body.get("words") or {"text": "", "media": []}
    texts = [text for text in (words.get("text"), more.get("text")) if text]
    media = [*words.get("media", []), *more.get("media", [])]
    return {**body, "words": {"text": "\n".join(texts), "media": media}}


def place_text(where: Spot | None) -> Text:
    """A place as the citizen reads it back."""
    if where is None:
        return msg("review.skipped")
    if where.latitude is not None:
        return (
            msg("review.pin") if not where.text else lines(Verbatim(where.text), msg("review.pin"))
        )
    return Verbatim(where.text)


def place_cell(stored: Mapping[str, Any] | None) -> str | None:
    """A place in a table: its words, and the degrees of its pin."""
    if not stored:
        return None
    spot = msgspec.convert(stored, Spot)
    pin = f"{spot.latitude:.5f}, {spot.longitude:.5f}" if spot.latitude is not None else ""
    return " · ".join(part for part in (spot.text, pin) if part) or None


def first_words(body: Mapping[str, Any]) -> Text | None:
    """Its first words, in one line; None where it has none."""
    text = str((body.get("words") or {}).get("text") or "")
    return Verbatim(text if len(text) <= 40 else text[:39] + "…") if text else None


def given(body: Mapping[str, Any]) -> Iterator[Given]:
    """Place, pin and words as rows."""
    if body.get("place"):
        spot = msgspec.convert(body["place"], Spot)
        if spot.text:
            yield Given("place", spot.text)
        if spot.latitude is not None and spot.longitude is not None:
            pin = [round(spot.latitude, PIN_DECIMALS), round(spot.longitude, PIN_DECIMALS)]
            yield Given("pin", pin)
    if body.get("words") and not is_erased(body["words"]):
        yield said("words", body["words"])
