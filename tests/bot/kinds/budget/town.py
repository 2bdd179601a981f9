"""A town that shares out 1,000,000 DH: its 24 projects, who votes in the chat many at a time, and a count of our own.

The count here shares nothing with the program's: exact fractions, no queue, no list of who wants what.
"""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.core.localtime import now_ms
from flows.kinds.budget.outcome import Ballot
from flows.kinds.budget.results import FEWEST_ALONE
from flows.wording import render
from flows.wording.text import msg
from tests.bot.kinds.worlds import World
from tests.citizen import Citizen, plain

AMOUNT = 1_000_000
LANGUAGES = ("fr", "ar")
LABELS = {"fr": "Français", "ar": "العربية"}


@dataclass(frozen=True, slots=True)
class Project:
    """What somebody wishes for: in French and Arabic, what it costs, where it is, whether it serves women."""

    fr: str
    ar: str
    cost: int
    quarter: str = ""
    gender: str = "unexamined"


#: The most wanted come first, which is how the votes are made.
PROJECTS = (
    Project("Toilettes à l’école", "مراحيض في المدرسة", 60_000, "tabounte", "one"),
    Project("Éclairage du chemin du souk", "إنارة طريق السوق", 180_000, "tabounte"),
    Project("Fontaine au douar", "سقاية في الدوار", 90_000, "sidi-daoud", "one"),
    Project("Jardin avec des jeux", "حديقة فيها ألعاب", 240_000, "hay-salam", "one"),
    Project("Crèche du quartier", "حضانة الحي", 220_000, "tabounte", "main"),
    Project("Bibliobus pour les jeunes", "خزانة متنقلة للشباب", 120_000),
    Project("Bancs à l’ombre", "مقاعد في الظل", 30_000, "hay-salam"),
    Project("Arrêt de bus couvert", "محطة حافلة مسقوفة", 45_000, "tabounte"),
    Project("Terrain de sport", "ملعب رياضي للقرب", 300_000, "hay-salam", "none"),
    Project("Salle de couture pour la coopérative", "قاعة خياطة للتعاونية", 75_000, "", "main"),
    Project("Rampes à la commune", "ولوجيات في مقر الجماعة", 40_000, "", "one"),
    Project("Poubelles de tri", "حاويات لفرز النفايات", 35_000, "tabounte"),
    Project("Passages pour piétons", "ممرات الراجلين", 25_000, "tabounte"),
    Project("Trottoir devant le lycée", "رصيف أمام الثانوية", 110_000, "hay-salam"),
    Project("Cours d’alphabétisation", "دروس محو الأمية", 50_000, "", "main"),
    Project("Plantation de palmiers", "غرس النخيل", 65_000, "sidi-daoud"),
    Project("Réparation de la séguia", "إصلاح الساقية", 140_000, "sidi-daoud"),
    Project("Dos d’âne", "مخففات السرعة", 20_000, "hay-salam"),
    Project("Panneaux avec les noms des rues", "لوحات أسماء الأزقة", 55_000),
    Project("Bornes pour l’internet", "نقط الولوج إلى الأنترنت", 80_000),
    Project("Peinture des murs de l’école", "صباغة جدران المدرسة", 28_000, "tabounte"),
    Project("Petit théâtre de plein air", "مسرح صغير في الهواء الطلق", 260_000),
    Project("Abri pour le lavoir", "سقف لمغسل الدوار", 70_000, "sidi-daoud", "main"),
    Project("Fresque à l’entrée du bourg", "جدارية عند مدخل المركز", 38_000),
)


def ballots(count: int, most: int) -> Sequence[Ballot]:
    """So many ballots of one to `most` projects each, named by their numbers in the list; always the same."""
    chance = random.Random(16)
    found: list[Ballot] = []
    while len(found) < count:
        wanted = chance.randint(1, most)
        drawn = {min(int(chance.expovariate(0.1)), len(PROJECTS) - 1) for _ in range(wanted)}
        found.append(frozenset(f"p{number + 1}" for number in drawn))
    return found


# ------------------------------------------------------------------ many in the chat at once


class Crowd:
    """People who write the same at the same time, each in their own chat and language."""

    def __init__(self, w: World, names: Sequence[str]) -> None:
        self._receive = w.app.conversations.receive
        self._people = [Citizen(w.app, name, at=now_ms()) for name in names]

    def language(self, number: int) -> str:
        """Of every two, one writes French and one Arabic."""
        return LANGUAGES[number % 2]

    async def starts(self, payload: str) -> None:
        """Everybody opens a link."""
        await self._receive([one.arrival(start=payload) for one in self._people])

    async def says(self, texts: Sequence[str]) -> None:
        """Everybody writes something, each their own."""
        said = zip(self._people, texts, strict=True)
        await self._receive([one.arrival(text=text) for one, text in said])

    async def hears(self) -> list[str]:
        """What each was told since they were last asked for it."""
        return [await one.hears() for one in self._people]


# ------------------------------------------------------------------ what is read of it


def said_of(votes: int, price: Fraction | None, language: str) -> str:
    """How the reason of a project begins: its votes, and what each paid at most where that may be told."""
    told = msg("budget.n_votes", count=votes)
    if price is None or votes < FEWEST_ALONE:
        return numbered(render(told, language))
    return numbered(render(msg("budget.why.paid", votes=told, most=two_figures(price)), language))


def two_figures(money: Fraction) -> int:
    return int(float(f"{float(money):.2g}"))


def chosen_in(row: str, language: str) -> bool | None:
    """What a row of the outcome says of its project; None for a row of another table."""
    for entry, said in (("budget.not_chosen", False), ("budget.chosen", True)):
        if plain(render(msg(entry), language)) in row:
            return said
    return None


def numbered(text: str) -> str:
    """A text without the spaces that stand in and around numbers."""
    return re.sub(r"\s", "", plain(text).replace("\u202f", ""))


def selected(text: str) -> list[str]:
    """The lines of the projects in a file of ballots."""
    lines = text.splitlines()
    return lines[lines.index("PROJECTS") + 2 : lines.index("VOTES")]


def thanked(language: str) -> str:
    """How the bot says that a vote is counted."""
    return (
        plain(render(msg("budget.thanks", reference="", change=""), language))
        .split("\n")[0]
        .strip()
    )


def button(entry: str, language: str) -> str:
    """A button without values, to be tapped."""
    return f"[{render(msg(entry), language)}]"


# ------------------------------------------------------------------ a count of our own

#: Dirhams by which shares are raised at first.
STRIDE = 50


@dataclass(frozen=True, slots=True)
class Floor:
    """At least so much goes to these projects."""

    amount: int
    projects: frozenset[str]


def winners(
    budget: int, costs: Mapping[str, int], cast: Counter[Ballot], floors: Sequence[Floor] = ()
) -> dict[str, Fraction | None]:
    """Who wins by equal shares with these floors, and what each supporter paid at most; those of a floor come first."""
    votes = {id: sum(n for ballot, n in cast.items() if id in ballot) for id in costs}
    first: list[str] = []
    while True:
        left = Counter[Ballot]()
        for ballot, number in cast.items():
            left[ballot - set(first)] += number
        others = {id: cost for id, cost in costs.items() if id not in first}
        shared = _raised(budget - sum(costs[id] for id in first), others, left)
        won: dict[str, Fraction | None] = {**dict.fromkeys(first), **shared}
        wanted = [
            id
            for floor in floors
            if sum(costs[one] for one in won if one in floor.projects) < floor.amount
            for id in sorted(floor.projects - won.keys(), key=lambda id: (-votes[id], costs[id]))
            if votes[id] and costs[id] + sum(costs[one] for one in first) <= budget
        ]
        if not wanted:
            return won
        first.append(wanted[0])


def _raised(budget: int, costs: Mapping[str, int], cast: Counter[Ballot]) -> dict[str, Fraction]:
    """Equal shares, raised as long as the winners can be paid: by strides, and from the last that fits by one dirham."""
    share, known = budget // sum(cast.values()), dict[str, Fraction]()
    wanted = {id for ballot in cast for id in ballot}
    for stride in (STRIDE, 1):
        known = _shared(share, costs, cast)
        while known.keys() != wanted:
            after = _shared(share + stride, costs, cast)
            if sum(costs[id] for id in after) > budget:
                break
            share, known = share + stride, after
    return known


def _shared(share: int, costs: Mapping[str, int], cast: Counter[Ballot]) -> dict[str, Fraction]:
    """What is bought where each voter has this share: always what costs its supporters least a dirham. With the most each paid."""
    left = {ballot: Fraction(share) for ballot in cast}
    wanting = {id: [(one, n) for one, n in cast.items() if id in one] for id in costs}
    won: dict[str, Fraction] = {}
    while True:
        best = None
        for place, (id, cost) in enumerate(costs.items()):
            if id in won:
                continue
            mine = [(left[ballot], n) for ballot, n in wanting[id] if left[ballot]]
            if not mine or sum(money * n for money, n in mine) < cost:
                continue
            price = _price(cost, mine)
            votes = sum(n for _, n in wanting[id])
            found = (price / cost, cost, -votes, place, id, price)
            best = found if best is None or found < best else best
        if best is None:
            return won
        *_, id, price = best
        won[id] = price
        for ballot in left:
            if id in ballot:
                left[ballot] -= min(left[ballot], price)


def _price(cost: int, mine: Sequence[tuple[Fraction, int]]) -> Fraction:
    """What each pays at most, where who has less gives all they have."""
    missing, payers = Fraction(cost), sum(n for _, n in mine)
    for money, number in sorted(mine):
        if money * payers >= missing:
            break
        missing -= money * number
        payers -= number
    return missing / payers
