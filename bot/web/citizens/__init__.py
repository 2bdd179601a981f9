"""What citizens and providers reach: the chat page, public pages, webhooks."""
