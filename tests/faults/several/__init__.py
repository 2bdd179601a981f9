"""Several servers on one database, or one alone, driven and disturbed; a history says what happened."""
