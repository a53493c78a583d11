"""The wizard as plain questions and answers: for screen readers, serial consoles, `script` and logs."""
