"""Hand a finished setup to what comes next: one module a format, text in every case, never a secret."""
