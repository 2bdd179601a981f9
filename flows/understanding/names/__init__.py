"""Names of things, however they are spelled: what means the same, what is a slip, what sounds alike."""
