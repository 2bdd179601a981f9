"""What a kind of consultation has beyond `flows/kinds/NAME`: its desk, papers, tables, effects.

A package in this folder that has a `MANIFEST` is a kind's; `bot.app.build` collects them, and nothing
else names one. A kind that has nothing of the sort has no package here.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache

from bot.kinds.manifest import Manifest


@cache
def manifests() -> Sequence[Manifest]:
    """The manifest of every kind that has one, by the kinds' names."""
    found = []
    for module in pkgutil.iter_modules(__path__):
        manifest = getattr(importlib.import_module(f"{__name__}.{module.name}"), "MANIFEST", None)
        if manifest is not None:
            found.append(manifest)
    return found
