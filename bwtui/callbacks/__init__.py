"""The listener: callbacks in, BXML out. It knows the domain, and no API."""
