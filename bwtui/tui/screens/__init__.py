"""The screens, from Welcome to Done."""
