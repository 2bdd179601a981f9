"""One message in: inbound -> turn -> effects and look-ups."""
