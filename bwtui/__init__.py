"""Set up a Bandwidth account for HTTP Voice and HTTP Messaging from a terminal."""

__version__ = "0.1.0"
