"""The wizard: one screen for each step, over the same services as the command line."""
