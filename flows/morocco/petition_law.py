"""How many signatures does a local petition need, and by when must the council answer?

The rules are data: dated, sourced, each with its certainty and with what nobody has checked yet; they
make the module longer than others are.
Nothing here is legal advice. The texts of the organic laws themselves have not been read in full;
the certainty says what has:

- A: read in a public page of an administration or of the press,
- B: generally known, the article itself was not read,
- C: uncertain.

A council's lawyer decides. Wherever a figure is shown, staff are shown `Rule.cite`, and citizens `Rule.plainly`.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from flows.morocco import places
from flows.wording.text import DARIJA_IN_LATIN, WRITTEN_LANGUAGE

Certainty = Literal["A", "B", "C"]
Text = Mapping[str, str]


class NoRule(LookupError):
    """No rule is known for this place on this day; the message says which and why."""


@dataclass(frozen=True)
class Rule:
    """One rule of law as far as it is known, with where it was found and how sure that is."""

    id: str  #: permanent name, such as "signatures.commune"
    levels: tuple[str, ...]  #: kinds of council it binds: region, province, commune
    figures: Mapping[str, int]  #: what it fixes; the keys say the unit and the case
    article: Text  #: law and article, in fr, ar and en
    source: Text  #: where it was found, in fr, ar and en; empty where only generally known
    certainty: Certainty
    since: date | None  #: first day in force; None where nothing known says it
    note: Text  #: what the rule says, in a sentence
    to_verify: tuple[str, ...] = ()  #: in English, for the lawyer: what was not found in a source
    until: date | None = None  #: first day no longer in force; None while it stands

    def in_force(self, on: date) -> bool:
        """Whether the rule holds on this day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def plainly(self, language: str) -> str:
        """Law and article alone, as a citizen reads them: "loi 113-14, art. 123"."""
        text = self.article[WRITTEN_LANGUAGE.get(language, "fr")]
        for word, plain in _PLAINLY[language]:
            text = text.replace(word, plain)
        return text

    def cite(self, language: str) -> str:
        """Article, source and certainty in one line for staff, ending in who decides.

        Arabic for ar and ary, English for en, French for every other language.
        """
        key = WRITTEN_LANGUAGE.get(language, "fr")
        words = _CITE[key]
        parts = [self.article[key], words[self.certainty]]
        if self.source:
            parts.insert(1, words["source"].format(self.source[key]))
        if self.to_verify:
            parts.append(words["verify"])
        return words["join"].join(parts) + ". " + words["lawyer"]


@dataclass(frozen=True)
class Requirement:
    """What a petition to one council must reach for the council to examine it."""

    signatures: int  #: in all
    per_place_minimum: Mapping[str, int]  #: code of each province -> signatures; regions only
    rule: Rule
    population: int  #: legal population of 2024 on which the figure was chosen

    def met_by(self, signatures_by_province: Mapping[str, int]) -> bool:
        """Whether these signatures, counted by the code of the province, are enough."""
        enough = sum(signatures_by_province.values()) >= self.signatures
        return enough and all(
            signatures_by_province.get(code, 0) >= least
            for code, least in self.per_place_minimum.items()
        )


@dataclass(frozen=True)
class AnswerDue:
    """When a council that refuses a petition must have said so, with its reasons."""

    months: int
    last_day: date  #: the last day on which the answer is in time
    rule: Rule


def requirement(place_code: str, on: date) -> Requirement:
    """How many signatures a petition to this council needs on this day.

    Population is the legal one of the census of 2024. A share that is not whole is rounded up.
    Raises KeyError for an unknown place, and NoRule for an arrondissement (no rule was found for
    its council) or a day before the laws.
    """
    place = places.place(place_code)
    rule = _rule("signatures", place, on)
    population = place.population or 0
    if place.level == "region":
        signatures = _for_region(rule, population)
        share = rule.figures["percent_in_each_province"]
        least = math.ceil(signatures * share / 100)
        spread = {province.code: least for province in places.children(place.code)}
        return Requirement(signatures, MappingProxyType(spread), rule, population)
    if place.level == "province":
        signatures = rule.figures["signatures"]
    elif place.has_arrondissements:
        signatures = rule.figures["with_arrondissements"]
    elif population < rule.figures["inhabitants_of_a_large_commune"]:
        signatures = rule.figures["small"]
    else:
        signatures = rule.figures["large"]
    return Requirement(signatures, MappingProxyType({}), rule, population)


def answer_due(place_code: str, deposited: date) -> AnswerDue:
    """When a refusal must have reached the representative of a petition deposited on this day.

    Months are counted on the calendar from the day of deposit: from 30 November, three months
    end on 28 February. No source read says from which day they run (see `Rule.to_verify`).
    Raises as `requirement` does.
    """
    rule = _rule("answer", places.place(place_code), deposited)
    months = rule.figures["months"]
    return AnswerDue(months, _months_after(deposited, months), rule)


def rules(place_code: str, on: date) -> tuple[Rule, ...]:
    """Every rule that binds petitions to this council on this day, in the order of a petition.

    Raises KeyError for an unknown place; an arrondissement has none.
    """
    level = places.place(place_code).level
    return tuple(rule for rule in RULES if level in rule.levels and rule.in_force(on))


def _rule(subject: str, place: places.Place, on: date) -> Rule:
    bound = [r for r in rules(place.code, on) if r.id.startswith(subject + ".")]
    if not bound:
        raise NoRule(
            f"no rule on {subject} is known for {place.level} {place.code} ({place.name('fr')})"
            f" on {on.isoformat()}; rules are known for regions, provinces and communes"
            f" since {_PROMULGATED.isoformat()}"
        )
    return bound[0]


def _for_region(rule: Rule, population: int) -> int:
    if population < rule.figures["inhabitants_of_a_middle_region"]:
        return rule.figures["small"]
    if population <= rule.figures["inhabitants_of_a_large_region_exceed"]:
        return rule.figures["middle"]
    return rule.figures["large"]


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


_CITE: Final[Mapping[str, Text]] = {
    "fr": {
        "join": " ; ",
        "source": "source : {}",
        "A": "certitude A (lu dans une page publique)",
        "B": "certitude B (généralement admis, article non lu)",
        "C": "certitude C (incertain)",
        "verify": "en partie à vérifier",
        "lawyer": "Le juriste du conseil décide.",
    },
    "ar": {
        "join": "؛ ",
        "source": "المصدر: {}",
        "A": "درجة اليقين A (مقروء في صفحة عمومية)",
        "B": "درجة اليقين B (معروف عموماً، ولم يُقرأ نص المادة)",
        "C": "درجة اليقين C (غير مؤكد)",
        "verify": "جزء منه يحتاج إلى التحقق",
        "lawyer": "القرار للمستشار القانوني للمجلس.",
    },
    "en": {
        "join": "; ",
        "source": "source: {}",
        "A": "certainty A (read in a public page)",
        "B": "certainty B (generally known, article not read)",
        "C": "certainty C (uncertain)",
        "verify": "in part to be verified",
        "lawyer": "The council's lawyer decides.",
    },
}

#: What jurists call it -> what everybody does, in each of our languages; Tamazight from the French.
_PLAINLY: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "ary": (("القانون التنظيمي", "القانون"),),
    "ar": (("القانون التنظيمي", "القانون"),),
    DARIJA_IN_LATIN: (
        ("loi organique", "loi"),
        ("loi", "9anoun"),
        ("décret", "marsoum"),
        ("art.", "madda"),
    ),
    "fr": (("loi organique", "loi"),),
    "zgh": (
        ("loi organique", "ⴰⵙⴰⴹⵓⴼ"),
        ("loi", "ⴰⵙⴰⴹⵓⴼ"),
        ("décret", "ⵜⴰⵏⴱⴰⴹⵜ"),
        ("art.", "ⴰⵎⴰⴳⵔⴰⴷ"),
    ),
    "en": (("organic law", "law"),),
}

# The day the three organic laws were promulgated, as generally known. The facts collected for the
# product give no date, so each rule that uses it says so.
_PROMULGATED: Final = date(2015, 7, 7)
_NO_DATE: Final = "the day it came into force"
_DATE: Final = "the day it came into force (given here: promulgation of the organic law)"


def _law(number: str, articles: str) -> Text:
    ar = "المواد" if "-" in articles else "المادة"
    return {
        "fr": f"loi organique {number}, art. {articles}",
        "ar": f"القانون التنظيمي \u2068{number}\u2069، {ar} \u2068{articles}\u2069",
        "en": f"organic law {number}, art. {articles}",
    }


def _site(names: str) -> Text:
    return {"fr": names, "ar": f"\u2068{names}\u2069", "en": names}


def _decree(numbers: str) -> Text:
    return {
        "fr": f"décret {numbers}",
        "ar": f"المرسوم \u2068{numbers}\u2069",
        "en": f"decree {numbers}",
    }


_REGIONS: Final = _law("111-14", "120-122")
_PROVINCES: Final = _law("112-14", "114-116")
_COMMUNES: Final = _law("113-14", "121-125")
_ANY: Final[Text] = {
    key: " / ".join((_REGIONS[key], _PROVINCES[key], _COMMUNES[key])) for key in ("fr", "ar", "en")
}
_LOCAL: Final[Text] = {key: f"{_COMMUNES[key]} / {_PROVINCES[key]}" for key in ("fr", "ar", "en")}
_ALL: Final = ("region", "province", "commune")
_REGION_PAGES: Final[Text] = {
    "fr": "pages des régions",
    "ar": "صفحات الجهات",
    "en": "pages of the regions",
}
_TWO_REGIONS: Final[Text] = {
    "fr": "pages de Souss-Massa et de l'Oriental",
    "ar": "صفحتا جهتي سوس-ماسة والشرق",
    "en": "pages of Souss-Massa and Oriental",
}
_STATEMENT: Final[Text] = {
    "fr": "déclaration d'un mandataire",
    "ar": "تصريح وكيل عريضة",
    "en": "one representative's statement",
}
_FROM_WHEN: Final = "from which day the months run (given here: the day of deposit)"


def _regions_and_others(
    subject: str, figures: Mapping[str, int], source: Text, note: Text
) -> tuple[Rule, Rule]:
    """What pages of the regions say: read for regions (A), taken to hold for the others (B)."""
    region = Rule(
        id=f"{subject}.region",
        levels=("region",),
        figures=figures,
        article=_REGIONS,
        source=source,
        certainty="A",
        since=_PROMULGATED,
        note=note,
        to_verify=(_DATE,),
    )
    others = replace(
        region,
        id=f"{subject}.local",
        levels=("commune", "province"),
        article=_LOCAL,
        certainty="B",
        to_verify=("whether prefectures and provinces have it too", "the article's text", _DATE),
    )
    return region, others


#: Every rule known, in the order of a petition's life. Add a rule only with what is known of its source.
RULES: Final[tuple[Rule, ...]] = (
    Rule(
        id="signatures.commune",
        levels=("commune",),
        figures={
            "inhabitants_of_a_large_commune": 35_000,
            "small": 100,
            "large": 200,
            "with_arrondissements": 400,
        },
        article=_law("113-14", "123"),
        source={},
        certainty="B",
        since=_PROMULGATED,
        note={
            "fr": "100 signatures sous 35 000 habitants, 200 à partir de 35 000, 400 pour les communes à arrondissements.",
            "ar": "100 توقيع لأقل من 35000 نسمة، و200 ابتداءً من 35000، و400 للجماعات ذات المقاطعات.",
            "en": "100 signatures under 35,000 inhabitants, 200 from 35,000, 400 for communes with arrondissements.",
        },
        to_verify=("the article's text", "which census decides the population", _DATE),
    ),
    Rule(
        id="signatures.province",
        levels=("province",),
        figures={"signatures": 300},
        article=_PROVINCES,
        source={},
        certainty="B",
        since=_PROMULGATED,
        note={
            "fr": "300 signatures pour une préfecture ou une province.",
            "ar": "300 توقيع للعمالة أو الإقليم.",
            "en": "300 signatures for a prefecture or province.",
        },
        to_verify=("the article's text", _DATE),
    ),
    Rule(
        id="signatures.region",
        levels=("region",),
        figures={
            "inhabitants_of_a_middle_region": 1_000_000,
            "inhabitants_of_a_large_region_exceed": 3_000_000,
            "small": 300,
            "middle": 400,
            "large": 500,
            "percent_in_each_province": 5,
        },
        article=_REGIONS,
        source=_site("regionmarrakech-safi.ma"),
        certainty="A",
        since=_PROMULGATED,
        note={
            "fr": "300, 400 ou 500 signatures (moins de 1 million d'habitants, de 1 à 3, plus de 3), dont au moins 5 % du nombre requis dans chaque préfecture ou province.",
            "ar": "300 أو 400 أو 500 توقيع (أقل من مليون نسمة، من مليون إلى ثلاثة، أكثر من ثلاثة)، منها 5% على الأقل من العدد المطلوب في كل عمالة أو إقليم.",
            "en": "300, 400 or 500 signatures (under 1 million inhabitants, 1 to 3, over 3), with at least 5% of the number required in each prefecture or province.",
        },
        to_verify=("two other regional sites say 600", "which census decides", _DATE),
    ),
    *_regions_and_others(
        "signatory",
        figures={},
        source=_REGION_PAGES,
        note={
            "fr": "Signent les personnes qui résident ou exercent une activité économique sur place, ont un intérêt commun direct et sont inscrites sur les listes électorales.",
            "ar": "يوقّع من يقيم أو يمارس نشاطاً اقتصادياً بالمكان، وله مصلحة مشتركة مباشرة، ومسجّل في اللوائح الانتخابية.",
            "en": "Signatories live or are economically active there, share a direct interest and are on the electoral rolls.",
        },
    ),
    *_regions_and_others(
        "association",
        figures={"years_over": 3},
        source=_REGION_PAGES,
        note={
            "fr": "Associations : plus de trois ans d'existence, situation régulière, siège ou antenne sur place, activité liée à l'objet.",
            "ar": "الجمعيات: أكثر من ثلاث سنوات، ووضعية قانونية سليمة، ومقر أو فرع بالمكان، ونشاط مرتبط بالموضوع.",
            "en": "Associations: over three years old, in good standing, seat or branch there, linked activity.",
        },
    ),
    Rule(
        id="representative",
        levels=_ALL,
        figures={},
        article=_ANY,
        source=_site("communedakhla.ma"),
        certainty="A",
        since=_PROMULGATED,
        note={
            "fr": "Les signataires désignent un mandataire, qui suit le dossier.",
            "ar": "يعيّن الموقّعون وكيلاً للعريضة يتابع الملف.",
            "en": "The signatories name a representative, who follows the file.",
        },
        to_verify=(_DATE,),
    ),
    *_regions_and_others(
        "deposit",
        figures={},
        source=_TWO_REGIONS,
        note={
            "fr": "Dépôt auprès du président du conseil contre récépissé immédiat ; le bureau vérifie ; session ordinaire suivante.",
            "ar": "تودع لدى رئيس المجلس مقابل وصل فوري؛ يتحقق المكتب؛ ثم الدورة العادية الموالية.",
            "en": "Deposited with the council's president, receipt at once; the bureau checks; next ordinary session.",
        },
    ),
    Rule(
        id="answer.region_or_province",
        levels=("region", "province"),
        figures={"months": 2},
        article={key: f"{_REGIONS[key]} / {_PROVINCES[key]}" for key in ("fr", "ar", "en")},
        source=_site("bninsar.ma"),
        certainty="A",
        since=_PROMULGATED,
        note={
            "fr": "Un refus est motivé et notifié au mandataire dans un délai de 2 mois.",
            "ar": "يكون الرفض معللاً ويبلّغ إلى وكيل العريضة داخل أجل شهرين.",
            "en": "A refusal gives its reasons and reaches the representative within 2 months.",
        },
        to_verify=(_FROM_WHEN, _DATE),
    ),
    Rule(
        id="answer.commune",
        levels=("commune",),
        figures={"months": 3},
        article=_COMMUNES,
        source=_site("bninsar.ma"),
        certainty="A",
        since=_PROMULGATED,
        note={
            "fr": "Un refus est motivé et notifié au mandataire dans un délai de 3 mois.",
            "ar": "يكون الرفض معللاً ويبلّغ إلى وكيل العريضة داخل أجل ثلاثة أشهر.",
            "en": "A refusal gives its reasons and reaches the representative within 3 months.",
        },
        to_verify=(_FROM_WHEN, _DATE),
    ),
    Rule(
        id="form.commune",
        levels=("commune",),
        figures={},
        article=_decree("2-16-403"),
        source=_site("bninsar.ma, telquel"),
        certainty="A",
        since=None,
        note={
            "fr": "La forme de la pétition est fixée par décret.",
            "ar": "يحدَّد شكل العريضة بمرسوم.",
            "en": "A decree sets the form of the petition.",
        },
        to_verify=("the decree's text", _NO_DATE),
    ),
    Rule(
        id="form.region_or_province",
        levels=("region", "province"),
        figures={},
        article=_decree("2-16-401, 2-16-402"),
        source=_site("telquel"),
        certainty="B",
        since=None,
        note={
            "fr": "La forme de la pétition est fixée par décret.",
            "ar": "يحدَّد شكل العريضة بمرسوم.",
            "en": "A decree sets the form of the petition.",
        },
        to_verify=("the decrees' text", _NO_DATE),
    ),
    Rule(
        id="list",
        levels=_ALL,
        figures={},
        article=_decree("2-16-401, 2-16-402, 2-16-403"),
        source=_STATEMENT,
        certainty="B",
        since=None,
        note={
            "fr": "La liste des signataires porte nom, numéro de CIN, adresse et signature.",
            "ar": "تتضمن لائحة الموقعين الاسم ورقم البطاقة الوطنية والعنوان والتوقيع.",
            "en": "The list of signatories gives name, national id number, address and signature.",
        },
        to_verify=("the decrees' text", _NO_DATE),
    ),
    Rule(
        id="tap",
        levels=_ALL,
        figures={},
        article={"fr": "loi 43-20", "ar": "القانون \u206843-20\u2069", "en": "law 43-20"},
        source={},
        certainty="C",
        since=None,
        note={
            "fr": "Un geste sur écran est compté comme un soutien, à part des signatures : il n'est pas établi qu'il vaille signature.",
            "ar": "تُحتسب النقرة دعماً منفصلاً عن التوقيعات: لم يثبت أنها تقوم مقام التوقيع.",
            "en": "A tap is counted as support, apart from signatures: that it is a signature is not established.",
        },
        to_verify=("whether a tap is a signature for a local petition", _NO_DATE),
    ),
)
