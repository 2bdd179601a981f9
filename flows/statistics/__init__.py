"""From responses to figures: summaries, participation, weighting, indicators."""
