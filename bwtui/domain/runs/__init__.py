"""The history of a setup: its events, the state that they amount to, and the problems among them."""
