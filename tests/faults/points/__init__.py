"""A process ends before and after every COMMIT and every call of a provider; a new one goes on."""
