"""Councils of two provinces, and what they promise."""

from typing import Final

_COUNCIL: Final = """
code = "{code}"
prefix = "{prefix}"
place = "{place}"
language = "fr"
second_factor = []
name = {{ fr = "{name}", ar = "{name}" }}
themes = [{{ id = "water", text = {{ fr = "Eau" }} }}]
"""

#: Tarmigt and Skoura are in the province of Ouarzazate, the third is in Chefchaouen.
COMMUNES: Final = {
    "tarmigt": _COUNCIL.format(
        code="tarmigt", prefix="TRM", place="08.401.07.09", name="Commune de Tarmigt"
    ),
    "skoura": _COUNCIL.format(
        code="skoura", prefix="SKR", place="08.401.07.07", name="Commune de Skoura"
    ),
    "far": _COUNCIL.format(code="far", prefix="FAR", place="01.151.01.01", name="Commune Far"),
}
PROVINCE: Final = _COUNCIL.format(
    code="province", prefix="PRO", place="08.401", name="Conseil provincial"
)

PROMISE: Final = """
kind = "commitment"
source = "recommendation"
owner = "Service"
title = { fr = "x", en = "x" }
indicator = { fr = "Cela se voit", en = "It is seen" }
"""
