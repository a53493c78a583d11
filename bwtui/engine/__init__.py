"""The work itself: look, act, read back; never twice, never lost, never a false "done"."""
