"""Joining a chat to another, or a person to a body of the council."""
