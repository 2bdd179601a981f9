"""A PostgreSQL of a trial's own that is restarted, stopped, frozen or cut off under load."""
