"""What the bureau can do, as plain functions: no Telegram, no commit, no clock of their own."""
