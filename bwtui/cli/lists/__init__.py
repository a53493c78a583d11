"""The commands on a whole list of setups, `--each LIST.csv`."""
