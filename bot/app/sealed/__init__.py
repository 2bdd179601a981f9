"""The secret, what fits it, and what it covers in a database."""
