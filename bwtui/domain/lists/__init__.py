"""Lists of setups, one a row."""
