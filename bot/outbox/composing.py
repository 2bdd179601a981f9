"""From what a flow said and asks to one message in the citizen's language."""

from collections.abc import Sequence

from bot.channels.port import Button, OutgoingMessage, OutMedia
from bot.core.contact import Contact, Conversation
from bot.core.vault import Vault
from bot.outbox.recordings import NONE, Recordings, spoken
from flows.dialog import languages
from flows.dialog.answers import SKIP, Optional, innermost
from flows.dialog.asked_back import AskedBack
from flows.dialog.choices import Choice
from flows.dialog.dialog import Ask, Attachment, Option, Say
from flows.dialog.languages import LANGUAGE_NAMES
from flows.dialog.ratings import Ranking
from flows.dialog.several import UNTICK, Several
from flows.understanding import scripts
from flows.wording import Renderer
from flows.wording.text import Text, Verbatim, msg

#: Flow name under which the button "menu" is made; it belongs to no conversation.
MENU = "~menu"


class Composer:
    """Gathers the parts of one answer to a citizen."""

    def __init__(
        self,
        contact: Contact,
        vault: Vault,
        default_language: str,
        recordings: Recordings = NONE,
    ) -> None:
        self._recordings = recordings
        self._contact = contact
        self._vault = vault
        self._default = default_language
        self._parts: list[Text] = []
        self._media: list[OutMedia] = []
        self._asked: tuple[Conversation, Ask[object]] | None = None
        self.offers_menu = False

    @property
    def private(self) -> bool:
        """Whether the question may repeat answers that must not stay readable."""
        return self._asked is not None and bool(self._asked[0].private)

    @property
    def asks(self) -> tuple[int, str] | None:
        """The conversation whose question this ends with, and the question's key; None without one."""
        return (self._asked[0].id, self._asked[1].key) if self._asked is not None else None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send."""
        return not self._parts and self._asked is None

    def tell(self, text: Text) -> None:
        """Add a text."""
        self._parts.append(text)

    def say(self, said: Sequence[Say]) -> None:
        """Add what a flow said."""
        for item in said:
            self._parts.append(item.text)
            if item.attachment is not None:
                self._attach(item.attachment)

    def ask(self, conversation: Conversation, asked: Ask[object]) -> None:
        """End with this question."""
        self._asked = (conversation, asked)

    def message(self) -> OutgoingMessage:
        """The message."""
        person = self._contact.person
        language, letters = person.language or self._default, person.letters
        if self._asked is not None and not person.language:
            proposed = languages.spoken(self._asked[0].facts.own.proposed)
            language, letters = proposed.language, proposed.letters
        renderer = Renderer(language, self._default, letters)
        parts = [renderer.render(part) for part in self._parts]
        buttons: list[Button] = []
        wants: tuple[str, ...] = ()
        if self._asked is not None:
            conversation, asked = self._asked
            parts.append(self._question(renderer, asked))
            for attachment in asked.attachments:
                self._attach(attachment, language)
            self._speak([*self._parts, asked.prompt], language)
            buttons = self._buttons(renderer, conversation, asked)
            wants = tuple(sorted(asked.answer.wants - {"text"}))
        else:
            self._speak(self._parts, language)
        if self._asked is None and self.offers_menu:
            token = self._vault.button(self._contact.chat, 0, MENU, MENU)
            label = self._written(renderer.render(msg("button.menu")), renderer)
            buttons = [Button(token, label, emoji="☰")]
        if renderer.stood_in is not None:
            name = Verbatim(LANGUAGE_NAMES[renderer.stood_in])
            parts.append(renderer.render(msg("language.stand_in", language=name)))
        return OutgoingMessage(
            text=self._written("\n\n".join(part for part in parts if part), renderer),
            language=language,
            buttons=tuple(buttons),
            wants=wants,
            media=tuple(self._media),
            choose=self._written(renderer.render(msg("button.choose")), renderer),
            letters=letters,
        )

    def _written(self, text: str, renderer: Renderer) -> str:
        """A text in the direction and the letters in which it is read."""
        if renderer.language == "zgh" and renderer.letters == "latin":
            return scripts.in_latin(text)
        return scripts.directed(text, right_to_left=renderer.right_to_left)

    def _label(self, label: Text, renderer: Renderer) -> str:
        text = renderer.render(label)
        if isinstance(label, Verbatim):
            # The name of a language is written in its own letters.
            return scripts.directed(text, right_to_left=renderer.right_to_left)
        return self._written(text, renderer)

    def _question(self, renderer: Renderer, asked: Ask[object]) -> str:
        prompt = renderer.render(asked.prompt)
        answer = asked.answer
        inner = innermost(answer)
        if not isinstance(answer, AskedBack) and isinstance(inner, Ranking) and inner.placed:
            labels = {option.id: renderer.render(option.label) for option in inner.every}
            order = ", ".join(labels[tick] for tick in inner.placed)
            prompt += "\n" + renderer.render(msg("chat.show", answer=Verbatim(order)))
        if asked.step is None:
            return prompt
        number, total = asked.step
        return renderer.render(msg("step", number=number, total=total)) + "\n" + prompt

    def _buttons(
        self, renderer: Renderer, conversation: Conversation, asked: Ask[object]
    ) -> list[Button]:
        answer = asked.answer
        inner = innermost(answer)
        chat = self._contact.chat
        numbers: dict[str, int] = {}
        every = answer.options
        if isinstance(inner, Choice | Several | Ranking) and not isinstance(answer, AskedBack):
            every = inner.every
        for number, option in enumerate(every, 1):
            numbers[option.id] = number
        if isinstance(answer, Optional):
            numbers[SKIP] = answer.skip_number
        return [
            Button(
                token=self._vault.button(chat, conversation.id, asked.key, option.id),
                label=self._label(option.label, renderer),
                number=self._number(option, numbers),
                emoji=option.emoji,
                description=self._written(renderer.render(option.description), renderer)
                if option.description
                else "",
            )
            for option in answer.options
        ]

    @staticmethod
    def _number(option: Option, numbers: dict[str, int]) -> int:
        plain = option.id.removeprefix(UNTICK)
        return numbers.get(plain, numbers.get(option.id, 0))

    def _speak(self, texts: list[Text], language: str) -> None:
        """What stands in the message, spoken; where a question brings its own recording, that is enough."""
        if any(media.kind == "voice" for media in self._media):
            return
        names = spoken(texts, language, self._recordings)
        self._media += [OutMedia("voice", name, "") for name in names]

    def _attach(self, attachment: Attachment, language: str | None = None) -> None:
        spoken = language or self._contact.person.language or self._default
        for code in (spoken, self._default, ""):
            if code in attachment.names:
                path = attachment.names[code]
                kind = "voice" if attachment.kind == "voice" else "photo"
                self._media.append(OutMedia(kind, path, ""))  # type: ignore[arg-type]
                return
