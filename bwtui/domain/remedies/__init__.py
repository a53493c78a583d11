"""What a problem means and what to do about it."""
