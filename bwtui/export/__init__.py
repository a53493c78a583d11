"""Export the result of a setup as text: one module for each format, never a secret."""
