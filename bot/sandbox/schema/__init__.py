"""The official description of the Bot API, cut down to what the sandbox offers."""
