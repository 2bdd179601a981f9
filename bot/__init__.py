"""What runs: channels, conversations, delivery, web pages and the command line."""
