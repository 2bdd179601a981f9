"""Settings about messages that a council begins: how many, when, about what, or none."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, look_up, say
from flows.dialog.effects import Begin, Effect, FollowThemes, Mute, SetNotices
from flows.dialog.facts import Facts, Theme
from flows.dialog.review import review_lines
from flows.dialog.several import Several
from flows.wording.text import Text, Translated, Verbatim, lines, msg

#: How many invitations a week may be asked for; their numbers in the list are the same.
WEEKLY = (1, 2, 3)

#: The parts of the day: id, its name, what holds once it is chosen, emoji.
PARTS = (
    ("morning", "notices.morning", "notices.morning_now", "🌅"),
    ("afternoon", "notices.afternoon", "notices.afternoon_now", "☀️"),
    ("evening", "notices.evening", "notices.evening_now", "🌙"),
    ("any", "notices.any", "notices.any_now", "🕐"),
)

#: How many followed themes are named before the choices.
NAMED = 3

#: The option that means every theme; a council's own theme cannot be called so.
EVERY = "~all"


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """What holds now, and one change of it."""
    now: Mapping[str, Any] = yield from look_up("notices", "notices")
    muted = any(one["id"] == facts.council.code for one in now["muted"])
    chosen = yield from ask("what", Choice(_options(facts, muted)), _present(facts, now, muted))
    match chosen:
        case "often":
            return (yield from _often(now))
        case "when":
            return (yield from _when(now))
        case "themes":
            return (yield from _themes(facts.council.themes))
        case "places":
            return [Begin(flow="communes")]
        case "mute":
            return [Mute(True, msg("notices.muted", council=facts.council_name))]
        case "unmute":
            return [Mute(False, msg("notices.unmuted", council=facts.council_name))]
        case _:
            return []


def _options(facts: Facts, muted: bool) -> tuple[Option, ...]:
    themes = (Option("themes", msg("notices.themes"), "🏷️"),) if facts.council.themes else ()
    return (
        Option("often", msg("notices.often"), "📆"),
        Option("when", msg("notices.when"), "🕐"),
        *themes,
        Option("places", msg("menu.communes"), "🏘️"),
        Option("unmute", msg("notices.unmute"), "🔔")
        if muted
        else Option("mute", msg("invitation.stop"), "🔕"),
        Option("done", msg("button.done"), "✅"),
    )


def _present(facts: Facts, now: Mapping[str, Any], muted: bool) -> Text:
    """What holds now, in words."""
    parts = {id: name for id, name, _, _ in PARTS}
    themes = [theme for theme in facts.council.themes if theme.id in now["themes"]]
    others = [one for one in now["muted"] if one["id"] != facts.council.code]
    intro = "notices.intro_muted" if muted else "notices.intro"
    told: list[tuple[Text, Text]] = [
        (msg("notices.often"), _per_week(now["per_week"])),
        (msg("notices.when"), msg(parts[now["part_of_day"]])),
    ]
    if facts.council.themes:
        told.append(
            (msg("notices.themes"), _listed(themes) if themes else msg("notices.all_themes"))
        )
    return lines(
        msg(intro, council=facts.council_name),
        review_lines(*told),
        msg("notices.also_muted") if others else None,
        *(msg("review.item", item=Translated(one["name"])) for one in others),
        msg("notices.change"),
    )


def _per_week(count: int | None) -> Text:
    if count is None:
        return msg("notices.councils_rule")
    return msg("notices.weekly", count=count) if count else msg("notices.no_invitations")


def _listed(themes: Sequence[Theme]) -> Text:
    named = [msg("review.item", item=Translated(theme.text)) for theme in themes]
    # Of many the first say enough: the prompt stays short, and the list is one tap away.
    return lines(*named[:NAMED], Verbatim("…") if len(named) > NAMED else None)


def _often(now: Mapping[str, Any]) -> Flow[Sequence[Effect]]:
    chosen = yield from ask(
        "often",
        Choice(
            (
                *(Option(str(n), _per_week(n), "✉️") for n in WEEKLY),
                Option("0", _per_week(0), "🚫"),
                Option("rule", _per_week(None), "🏛️"),
            )
        ),
        msg("notices.often_ask"),
    )
    count = None if chosen == "rule" else int(chosen)
    if count is None:
        yield from say(msg("notices.rule_now"))
    elif count:
        yield from say(msg("notices.often_now", count=count))
    else:
        yield from say(msg("notices.none_now"))
    return [SetNotices(count, now["part_of_day"])]


def _when(now: Mapping[str, Any]) -> Flow[Sequence[Effect]]:
    chosen = yield from ask(
        "when",
        Choice(tuple(Option(id, msg(name), emoji) for id, name, _, emoji in PARTS)),
        msg("notices.when_ask"),
    )
    holds = {id: now_holds for id, _, now_holds, _ in PARTS}
    yield from say(msg(holds[chosen]))
    return [SetNotices(now["per_week"], chosen)]


def _themes(themes: tuple[Theme, ...]) -> Flow[Sequence[Effect]]:
    chosen = yield from ask(
        "themes",
        Several(
            (
                *(Option(theme.id, Translated(theme.text), theme.emoji) for theme in themes),
                Option(EVERY, msg("notices.all_themes"), "🌐"),
            )
        ),
        msg("notices.themes_ask"),
    )
    kept = [theme for theme in themes if theme.id in chosen]
    if EVERY in chosen or len(kept) == len(themes):
        yield from say(msg("notices.all_themes_now"))
        return [FollowThemes(())]
    yield from say(
        lines(
            msg("notices.themes_now"),
            *(msg("review.item", item=Translated(theme.text)) for theme in kept),
        )
    )
    return [FollowThemes(tuple(theme.id for theme in kept))]
