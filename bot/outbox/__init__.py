"""A message composed, kept, and on its way out."""
