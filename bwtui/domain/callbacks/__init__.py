"""Callback URLs, what arrives at them, and how they point at a listener for a while."""
