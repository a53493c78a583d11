"""A setup that was begun, and an account that is only looked at."""

from support.begun_setup import begun, untouched

__all__ = ["begun", "untouched"]
