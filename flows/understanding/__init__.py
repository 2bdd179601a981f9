"""From what people write to what they mean: scripts, numerals, dates, phrases, language."""
