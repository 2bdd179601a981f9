"""Which commune? Typed in any script, by pin, or from a list; and following places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.dialog.choices import Choice, says
from flows.dialog.dialog import Flow, Json, NotUnderstood, Option, Reply, Stale, ask, look_up, say
from flows.dialog.effects import Effect, Follow, SetHome
from flows.dialog.facts import Facts
from flows.morocco import pins, places
from flows.understanding import numerals, scripts
from flows.understanding.beside import sorts
from flows.understanding.beside.intents import intent
from flows.wording.text import DARIJA_IN_LATIN, LANGUAGES, Text, Translated, msg

LIST = "~list"
NONE = "~none"


def place_name(code: str) -> Text:
    """A place's name, with what tells it from its namesakes."""
    found = places.place(code)
    names = {language: found.label(language) for language in LANGUAGES}
    return Translated({**names, DARIJA_IN_LATIN: names["fr"]})


def _is_a_name(text: str) -> bool:
    """Whether a word that is also said otherwise is a commune's own name: "Safi", not «صافي»."""
    return places.named_exactly(scripts.fold(text).split()) is not None and intent(text) is None


@dataclass(frozen=True, slots=True)
class CommuneName:
    """A commune's name or a pin; the value is the codes it may mean, best first."""

    within: tuple[str, ...] = ()
    optional: bool = False
    private: bool = False

    @property
    def options(self) -> tuple[Option, ...]:
        """A list, for who does not want to type."""
        return (Option(LIST, msg("button.list"), "📋"),)

    @property
    def wants(self) -> frozenset[str]:
        """A name or a location."""
        return frozenset({"text", "location"})

    def read(self, reply: Reply) -> tuple[str, ...]:
        """One code if it is certain, several to choose from, none for the list."""
        if reply.tap == LIST or says(reply.text, msg("button.list")):
            return ()
        if numerals.number(reply.text) == 1:
            return ()
        if reply.location is not None:
            found = pins.near(*reply.location)
            inside = self._inside([place.code for place in found])
            if not inside:
                raise NotUnderstood(msg("trouble.pin"))
            return inside
        text = scripts.clean(reply.text)
        if not text or len(text) > 80 or (sorts.is_no_place(text) and not _is_a_name(text)):
            raise NotUnderstood(msg("trouble.commune"))
        meaning = places.resolve(text, within=self.within, levels=("commune",))
        if meaning.certain is not None:
            return (meaning.certain.code,)
        if not meaning.candidates:
            raise NotUnderstood(msg("trouble.commune"))
        # A single candidate is only near, so it is asked about like several.
        return tuple(place.code for place in meaning.candidates) + (
            ("",) if len(meaning.candidates) == 1 else ()
        )

    def _inside(self, codes: Sequence[str]) -> tuple[str, ...]:
        if not self.within:
            return (*codes, "") if len(codes) == 1 else tuple(codes)
        allowed = {p.code for area in self.within for p in places.communes_of(area)}
        kept = tuple(code for code in codes if code in allowed)
        return (*kept, "") if len(kept) == 1 else kept

    def resumed(self, draft: Json) -> "CommuneName":
        """A name has no draft."""
        return self

    def store(self, value: tuple[str, ...]) -> Json:
        """The codes."""
        return list(value)

    def restore(self, stored: Json) -> tuple[str, ...]:
        """The codes, if they still name communes."""
        try:
            return tuple(code and places.place(code).code for code in stored)
        except (KeyError, TypeError) as error:
            raise Stale(stored) from error


def ask_commune(
    prompt: Text,
    *,
    within: tuple[str, ...] = (),
    step: tuple[int, int] | None = None,
) -> Flow[str]:
    """The census code of a commune. Keys begin with the scope that the caller gives."""
    attempt = 1
    while True:
        mark = "" if attempt == 1 else str(attempt)
        codes = yield from ask(f"name{mark}", CommuneName(within), prompt, step=step)
        if len(codes) == 1:
            return codes[0]
        if not codes:
            chosen = yield from _from_list(mark, within)
        else:
            candidates = tuple(Option(code, place_name(code)) for code in codes if code)
            chosen = yield from ask(
                f"which{mark}",
                Choice((*candidates, Option(NONE, msg("button.none_of_these"), "🔎"))),
                msg("commune.which"),
            )
        if chosen != NONE:
            return chosen
        attempt += 1


def _from_list(mark: str, within: tuple[str, ...]) -> Flow[str]:
    area = within[0] if within else ""
    if not area:
        regions = [place.code for place in places.of_level("region")]
        area = yield from ask(f"region{mark}", _listed(regions), msg("commune.region"))
    if places.place(area).level == "region":
        provinces = [place.code for place in places.children(area)]
        area = yield from ask(f"province{mark}", _listed(provinces), msg("commune.province"))
    communes = [place.code for place in places.communes_of(area)]
    return (yield from ask(f"list{mark}", _listed(communes), msg("commune.list")))


def _listed(codes: Sequence[str]) -> Choice:
    return Choice(tuple(Option(code, place_name(code)) for code in codes))


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """The places a citizen follows; add one, drop one, or say that one lives abroad."""
    found: Mapping[str, Json] = yield from look_up("follows", "follows")
    followed: list[str] = found["places"]
    names = [Option(f"drop:{code}", place_name(code), "✖️") for code in followed]
    action = yield from ask(
        "what",
        Choice(
            (
                Option("add", msg("communes.add"), "➕"),
                Option("home", msg("communes.home"), "🏠")
                if found["abroad"]
                else Option("abroad", msg("communes.abroad"), "✈️"),
                *names,
                Option("done", msg("button.done"), "✅"),
            )
        ),
        msg("communes.ask", count=len(followed)),
    )
    if action == "done":
        return []
    if action == "abroad":
        yield from say(msg("communes.abroad_noted"))
        return [SetHome(facts.own.commune, abroad=True)]
    if action == "home":
        yield from say(msg("communes.home_noted"))
        return [SetHome(facts.own.commune, abroad=False)]
    if action.startswith("drop:"):
        place = action.removeprefix("drop:")
        yield from say(msg("communes.dropped", place=place_name(place)))
        return [Follow(place, on=False)]
    code = yield from ask_commune(msg("commune.ask"))
    commune = places.place(code)
    around = [place.code for place in places.ancestors(code)]
    wider = yield from ask(
        "wider",
        Choice(
            (
                Option("commune", msg("communes.only", place=place_name(code)), "🏘️"),
                *(
                    Option(area, msg("communes.also", place=place_name(area)), "🗺️")
                    for area in around
                ),
                Option("all", msg("communes.all"), "✅"),
            )
        ),
        msg("communes.wider"),
    )
    chosen = {"commune": [], "all": around}.get(wider, [wider])
    yield from say(msg("communes.added", place=place_name(commune.code)))
    return [Follow(code), *(Follow(area) for area in chosen)]
