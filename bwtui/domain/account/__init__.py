"""The objects and features found on the account, and the roles that a token names."""
