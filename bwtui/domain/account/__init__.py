"""What was found on the account, and what a token says of its credentials."""
