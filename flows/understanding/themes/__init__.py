"""What a text is about: themes of a commune, how alike two texts are, which of many say the same."""

from flows.understanding.themes.offered import Offered
from flows.understanding.themes.reading import LEAST, Reading, read

__all__ = ["LEAST", "Offered", "Reading", "read"]
