"""The ways to a citizen: Telegram, WhatsApp, the web chat, the terminal; all through `port`."""
