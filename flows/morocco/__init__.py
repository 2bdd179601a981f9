"""Facts about Morocco: places, the census, law, working days."""
