"""What the tests of the catalogues share."""

from string import Formatter


def placeholders(form: str) -> frozenset[str]:
    """The names in braces in a catalogue's form."""
    return frozenset(name for _, name, _, _ in Formatter().parse(form) if name is not None)
