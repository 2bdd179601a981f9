"""What becomes of a consultation that is over: told to who took part, and kept as a file for everyone."""
