"""The desk: cases in a list, one case, what waits today."""
