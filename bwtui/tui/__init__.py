"""The wizard, in a terminal."""
