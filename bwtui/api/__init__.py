"""The client of the Bandwidth API: HTTP, XML in and out, errors in words."""
