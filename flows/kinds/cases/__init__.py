"""What kinds share whose responses are cases: the shape of what was told, and which say the same."""
