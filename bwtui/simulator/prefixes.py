"""The prefixes under which the same API is reached (bandwidth-api 1.1, 11.8)."""

PREFIXES = ("/api/v1", "/api/v2", "/v1.0", "/api")
"""The longer ones first, since two others begin with /api."""
JSON_PREFIX = "/v2"
"""The prefix of Voice Configuration Packages, without /api (universal-platform 0)."""


def below(path: str) -> str:
    """Return the path without its prefix."""
    for prefix in (*PREFIXES, JSON_PREFIX):
        if path == prefix or path.startswith(prefix + "/"):
            return path[len(prefix) :] or "/"
    return path
