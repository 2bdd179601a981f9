"""Needs: the case of each, its desk, its files."""
