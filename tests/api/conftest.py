"""Clients and servers that are closed after the test."""

from support.scripted_http import factory, serve

__all__ = ["factory", "serve"]
