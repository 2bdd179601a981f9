"""The door of a meeting: telephones that note who is there, also without a network."""
