"""Whom to call in danger. Generally known numbers, to be verified by each council; 8350 as the press names it."""

import msgspec

#: A number as one dials it.
DIALLED = r"[0-9]{2,10}"


class EmergencyNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A number to call, and whose it is, by language.

    `dangers` are the dangers (`flows.understanding.danger.DANGERS`) for which it stands first; others
    name it after those.
    """

    number: str
    name: dict[str, str]
    dangers: tuple[str, ...] = ()


#: What a council has that names no numbers of its own.
NUMBERS = (
    EmergencyNumber(
        "15",
        {
            "ar": "الوقاية المدنية، الإسعاف",
            "ary": "الوقاية المدنية، لامبيلانس",
            "fr": "pompiers, ambulance",
            "zgh": "ⵜⴰⵃⴹⴰⵢⵜ, ⵍⴰⵎⴱⵢⵓⵍⴰⵏⵙ",
            "en": "fire brigade, ambulance",
        },
        ("fire", "electricity", "flood", "collapse", "accident", "self_harm", "help"),
    ),
    EmergencyNumber(
        "19",
        {"ar": "الشرطة", "ary": "البوليس", "fr": "police", "zgh": "ⵜⴰⴱⵓⵍⵉⵙⵜ", "en": "police"},
        ("violence", "child", "help"),
    ),
    EmergencyNumber(
        "177",
        {
            "ar": "الدرك الملكي (خارج المدن)",
            "ary": "الجدارمية (برا المدينة)",
            "fr": "gendarmerie (hors des villes)",
            "zgh": "ⵍⵊⴰⴷⴰⵔⵎⵉⵢⴰ (ⴱⵕⵕⴰ ⵏ ⵜⵎⴷⵉⵏⵜ)",
            "en": "gendarmerie (outside towns)",
        },
        ("violence", "child"),
    ),
    EmergencyNumber(
        "8350",
        {
            "ar": "خط الاستماع للنساء والفتيات",
            "ary": "خط كيسمع للنسا والبنات",
            "fr": "écoute pour femmes et filles",
            "zgh": "ⴰⵙⵙⵓⴷⵙ ⵏ ⵜⵎⵖⴰⵔⵉⵏ ⴷ ⵜⵔⴱⴰⵜⵉⵏ",
            "en": "listening line for women and girls",
        },
        ("home",),
    ),
)


def numbers_for(danger: str, numbers: tuple[EmergencyNumber, ...]) -> list[EmergencyNumber]:
    """The numbers for a danger: its own first; those of one danger only stand nowhere else."""
    own = [one for one in numbers if danger in one.dangers]
    return own + [one for one in numbers if one not in own and len(one.dangers) != 1]
