"""What is kept about a citizen: see it, take a copy, change it, have it erased."""

from collections.abc import Sequence

from flows.dialog.choices import Choice
from flows.dialog.communes import place_name
from flows.dialog.dialog import Flow, Option, ask, look_up, say
from flows.dialog.effects import Begin, Effect, Export, Forget, LinkChannel, PartChats
from flows.dialog.facts import Facts
from flows.dialog.languages import LANGUAGE_NAMES
from flows.wording.text import Code, Verbatim, lines, msg


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Show what is kept, then what can be done about it."""
    kept = yield from look_up("kept", "my_data")
    until = kept.get("joined_until", "")
    apart = (Option("apart", msg("my_data.apart"), "✂️"),) if until else ()
    action = yield from ask(
        "what",
        Choice(
            (
                Option("export", msg("my_data.export"), "📥"),
                Option("profile", msg("my_data.profile"), "✏️"),
                Option("link", msg("my_data.link"), "🔗"),
                *apart,
                Option("forget", msg("my_data.forget"), "🗑️"),
                Option("back", msg("button.leave"), "⬅️"),
            )
        ),
        lines(
            msg("my_data.intro"),
            msg("my_data.language", language=Verbatim(LANGUAGE_NAMES[kept["language"]])),
            msg("my_data.commune", place=place_name(kept["commune"])) if kept["commune"] else None,
            msg("my_data.abroad") if kept["abroad"] else None,
            msg("my_data.age", age=Code(kept["age_band"])) if kept["age_band"] else None,
            msg("my_data.gender", gender=msg(f"profile.{kept['gender']}"))
            if kept["gender"]
            else None,
            msg("my_data.disability") if kept["disability"] else None,
            msg("my_data.contributions", count=kept["contributions"]),
            msg("my_data.channels", count=kept["channels"]),
            msg("my_data.follows", count=kept["follows"]),
            msg("my_data.joined", until=Code(until)) if until else None,
        ),
    )
    match action:
        case "export":
            return [Export()]
        case "profile":
            return [Begin(flow="profile")]
        case "link":
            return [LinkChannel()]
        case "apart":
            return [PartChats()]
        case "forget":
            sure = yield from ask(
                "sure",
                Choice(
                    (
                        Option("keep", msg("my_data.keep"), "✋"),
                        Option("yes", msg("my_data.forget"), "🗑️"),
                    )
                ),
                msg("my_data.forget_ask"),
            )
            if sure == "yes":
                return [Forget(msg("my_data.forgotten"))]
            yield from say(msg("my_data.kept"))
            return []
        case _:
            return []
