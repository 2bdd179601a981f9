"""What a member of staff may be; `bot.web.frame.roles` says what each may do."""

STAFF_ROLES = ("reader", "clerk", "elected", "organizer", "data", "admin")

#: A member of the council itself: whoever they answer reads that it is one.
ELECTED = "elected"

#: The roles that may answer citizens.
ANSWERING = frozenset({"clerk", ELECTED, "admin"})
