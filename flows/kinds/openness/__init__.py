"""The openness programme: axes, problems and solutions, projects on cards, what became of them.

It is no kind, so it has no `KIND`: it joins consultations of several kinds, whose names it does not know
(`flows.kinds.outline`). What it keeps, and its pages, are in `bot/kinds/openness`.
"""
