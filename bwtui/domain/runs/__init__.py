"""What has happened to a setup: its events, what they amount to, and the problems among them."""
