"""A clear word when something is refused, whoever asked for it."""

from flows.wording import render
from flows.wording.text import Message, Text, Value


class NotAllowed(Exception):
    """A change that would falsify what citizens have answered, or that makes no sense here.

    `text` says why in words of the catalogue, where there are some; the message is in English.
    """

    def __init__(self, said: str, text: Text | None = None) -> None:
        super().__init__(said)
        self.text = text


def refused(id: str, **values: Value) -> NotAllowed:
    """A refusal in the words of an entry of the catalogue."""
    text = Message(id, values)
    return NotAllowed(render(text, "en"), text)
