"""One file a command; each has the options that it takes and `run`."""
