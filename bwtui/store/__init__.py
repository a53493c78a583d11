"""The files on disk: the state of a setup and the answers file."""
