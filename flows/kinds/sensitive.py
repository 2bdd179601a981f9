"""Questions whose answers the law protects: asked only of who agreed, and told so beforehand.

Law 09-08 protects political opinions, health, religion, origin and union membership.
"""

import re
from collections.abc import Iterable, Sequence

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask
from flows.dialog.effects import CONSENT_VERSION, Consent
from flows.kinds.questions import Question
from flows.understanding import scripts
from flows.wording.text import Code, msg

#: The law on personal data.
LAW = Code("09-08")

#: The citizen's word on it.
AGREED = Consent("sensitive", True, CONSENT_VERSION, "poll.sensitive")

#: What the law protects, as questions speak of it: beginnings of words; "!" ends one.
_PROTECTED = (
    "religi/croyanc/mosque/pratiquant/parti politique/opinion politique/vote!/votez!/vote pour/"
    "election/electora/syndica/maladi/malade/sante mentale/diabet/handicap/enceinte!/grossesse/"
    "sexu/ethni/origine!/racial/seropositi/sida!/genetiqu/"
    "religio/belief/political party/political opinion/voted/trade union/illness/disease/disabled!/"
    "disability/pregnan/ethnic/"
    "دين!/ديانة/عقيد/مذهب/حزب!/الاحزاب/سياسي/انتخاب/تصوت/تصويت/نقابة/نقابي/مرض!/امراض/مريض/اعاقة/"
    "حاملة/الحمل!/جنسي/عرقي/عرق!/اصلك/السيدا/الصحة النفسية"
)
_WORDS = re.compile(
    r"(?:^|\s)(?:ال|لل|وال|بال|ب|و|l|al)?(?:"
    + "|".join(
        re.escape(scripts.fold(word.rstrip("!"))) + (r"(?!\w)" if word.endswith("!") else "")
        for word in _PROTECTED.split("/")
    )
    + ")"
)


def seems_sensitive(texts: Iterable[str]) -> bool:
    """Whether a question, in whatever language, seems to ask for what the law protects."""
    return _WORDS.search(scripts.fold(" ".join(texts))) is not None


def may_ask() -> Flow[bool]:
    """Whether what the law protects may be asked; said once, before the first such question."""
    chosen = yield from ask(
        "sensitive",
        Choice(
            (
                Option("yes", msg("poll.sensitive_yes"), "✅"),
                # Typed, "skip" and "no" mean this one.
                Option("no", msg("poll.sensitive_skip"), "⏭️"),
            )
        ),
        msg("poll.sensitive", law=LAW),
    )
    return chosen == "yes"


def left_without(questions: Sequence[Question]) -> frozenset[str]:
    """The sensitive questions, and those that are asked only after an answer to one."""
    found: set[str] = set()
    for question in questions:
        after = question.when is not None and question.when.question in found
        if question.sensitive or after:
            found.add(question.key)
    return frozenset(found)
