"""Hand a finished setup to what comes next."""
