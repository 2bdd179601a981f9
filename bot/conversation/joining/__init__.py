"""Two who are one: because a code was typed, or because a provider says so; and two again."""
