"""Shapes of sentences, written as lines of data files that a native speaker can extend."""
