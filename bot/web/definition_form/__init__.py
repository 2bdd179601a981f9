"""The form of a definition, whatever its kind: made from its struct, read back into it."""
