"""The client of the Bandwidth API: real HTTP, XML in and out, errors in words."""
