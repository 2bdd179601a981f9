"""Whom a council writes to of its own accord, and when."""
