"""What came in and cannot be handled at once: it is kept until it can."""
