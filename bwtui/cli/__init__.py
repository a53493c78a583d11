"""The command line: `main` parses and dispatches, one file a command, and what they share."""
