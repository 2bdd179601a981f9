"""A poll written in the chat by an organizer on the road."""
