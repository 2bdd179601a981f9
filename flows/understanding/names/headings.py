"""What does a heading in a file that somebody brings mean?

Lists of numbers and petitions signed on paper come as people write them: in Arabic, French or
English, abbreviated, or in two languages at once ("الهاتف / Téléphone").
"""

from collections.abc import Mapping
from typing import Final

from flows.understanding import scripts

#: Column -> its headings. "number" counts the lines, or stands for a phone or for the place on the
#: paper where no other column does; "ignored" says nothing to us.
HEADINGS: Final[Mapping[str, str]] = {
    "name": "name/full name/surname and name/nom/nom complet/nom et prenom/noms et prenoms"
    "/nom prenom/prenom et nom/الاسم/الاسم الكامل/الاسم العائلي والشخصي/الاسم الشخصي والعائلي/الاسم والنسب",
    "cin": "cin/cnie/cni/national id/national card/id number/identity card/id card/n° cin/no cin"
    "/n° de la cin/n° de cin/numero cin/numero de la cin/numero de cin/carte nationale"
    "/n° de la carte nationale/n° cnie/ب.ت.و/البطاقة الوطنية/رقم البطاقة الوطنية/رقم البطاقة"
    "/رقم البطاقة الوطنية للتعريف/رقم ب.ت.و/رقم بطاقة التعريف الوطنية/بطاقة التعريف الوطنية",
    "address": "address/adresse/domicile/العنوان/عنوان/عنوان السكنى/محل السكنى",
    "phone": "phone/telephone/tel/gsm/mobile/whatsapp/phone number/n° de telephone/numero de telephone"
    "/portable/الهاتف/هاتف/رقم الهاتف",
    "language": "language/langue/lang/اللغة/لغة",
    "commune": "commune/municipality/commune de residence/الجماعة/جماعة/الجماعة الترابية",
    "reference": "reference/pledge/pledge reference/ref/reference du soutien/n° de reference/المرجع"
    "/مرجع/مرجع الدعم/رقم المرجع",
    "line": "line/page/page and line/ligne/page et ligne/place on paper/السطر/الصفحة والسطر/الصفحة/صفحة وسطر",
    "number": "n°/no/nr/number/numero/ordre/n° d'ordre/numero d'ordre/#/الرقم/رقم/ر.ت/الرقم الترتيبي/ت",
    "ignored": "signature/signatures/emargement/التوقيع/توقيع/الإمضاء/التوقيعات",
}


def _key(word: str) -> str:
    # Folding leaves nothing of "#".
    return scripts.fold(word) or word.strip()


_COLUMN_OF = {_key(word): column for column, words in HEADINGS.items() for word in words.split("/")}


def column(heading: str) -> str | None:
    """The column that a heading means; None if it is none of `HEADINGS`."""
    parts = [heading, *heading.replace("\n", "/").replace("|", "/").split("/")]
    return next((_COLUMN_OF[w] for p in parts if (w := _key(p)) in _COLUMN_OF), None)
