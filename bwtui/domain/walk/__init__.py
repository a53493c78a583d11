"""The walk from question to question, the same for each front end."""
