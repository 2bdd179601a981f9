"""What a running process keeps, and for how long."""
