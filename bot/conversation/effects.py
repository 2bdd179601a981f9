"""Carrying out what a flow decided, inside the message's transaction.

Each effect is checked again there ("still open?"). A handler tells the citizen what came of it
(`context.texts`), and names what begins next (`context.begin`). `HANDLERS` is the table of those that
any conversation may decide; a kind brings its own (`bot.conversation.context.Parts`).
"""

from collections.abc import Mapping, Sequence

from bot.conversation import beginnings, contributions, personal
from bot.conversation.context import Context, Handler
from bot.conversation.doing import admission, preferences, staff_summary
from bot.core.contact import Conversation
from flows.dialog import effects as fx
from flows.kinds import kinds


class UnknownEffect(LookupError):
    """A flow decided what nobody carries out."""


async def carry_out(
    context: Context, conversation: Conversation, effects: Sequence[fx.Effect]
) -> None:
    """Carry out the effects in their order. Raises UnknownEffect."""
    for effect in effects:
        handler = context.parts.effects.get(type(effect))
        if handler is None:
            raise UnknownEffect(
                f"no handler for {type(effect).__name__}; add it to HANDLERS, or to its kind's manifest"
            )
        await handler(context, conversation, effect)


async def _begin(context: Context, conversation: Conversation, effect: fx.Begin) -> None:
    context.begin.append(effect)


async def _add_told(context: Context, conversation: Conversation, effect: fx.AddTold) -> None:
    waiting = context.contact.waiting
    case = kinds()[waiting.flow].case if waiting is not None and waiting.flow in kinds() else None
    if waiting is not None and case is not None and case.told_at in waiting.journal.answers:
        beginnings.add(waiting, case.told_at, effect.own)


HANDLERS: Mapping[type[fx.Effect], Handler] = {
    fx.Begin: _begin,
    fx.AddTold: _add_told,
    fx.SetLanguage: personal.set_language,
    fx.SetHome: personal.set_home,
    fx.Follow: personal.follow,
    fx.Consent: personal.consent,
    fx.SetProfile: personal.set_profile,
    fx.Export: personal.give_copy,
    fx.Forget: personal.forget,
    fx.JoinChats: personal.join_chats,
    fx.PartChats: personal.part_chats,
    fx.LinkChannel: personal.link_channel,
    fx.Respond: contributions.respond,
    fx.AddVoice: contributions.add_voice,
    fx.AnswerBack: contributions.answer_back,
    fx.AddTo: contributions.add_to,
    fx.IsDone: contributions.is_done,
    fx.Withdraw: contributions.withdraw,
    fx.ShowNumber: admission.show_number,
    fx.Postpone: preferences.postpone,
    fx.Decline: preferences.decline,
    fx.Mute: preferences.mute,
    fx.StopMessages: preferences.stop_messages,
    fx.AllowMessages: preferences.allow_messages,
    fx.KeepAnswers: preferences.keep_answers,
    fx.Obey: preferences.obey,
    fx.SayInstead: preferences.say_instead,
    fx.SetNotices: preferences.set_notices,
    fx.FollowThemes: preferences.follow_themes,
    fx.FollowTopics: preferences.follow_topics,
    fx.JoinBody: preferences.join_list,
    fx.SendSummary: staff_summary.send,
}
