"""What a member of staff may be; `bot.web.frame.roles` says what each may do."""

STAFF_ROLES = ("reader", "clerk", "organizer", "data", "admin")

#: The roles that may answer citizens.
ANSWERING = frozenset({"clerk", "admin"})
