"""A first message and a first call."""
