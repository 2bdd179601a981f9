"""The web: provider webhooks, the chat page, staff pages and downloads. No page touches a channel."""
