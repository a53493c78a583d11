"""Base URLs of the API: where credentials are sent."""

import re
from urllib.parse import SplitResult, urlsplit

from bwtui.domain.values.checks import SCHEME, http_url, no_query
from bwtui.domain.values.hosts import bandwidths_host_for, is_loopback


def base_url(text: str) -> str | None:
    """Check a prefix of the API: https, or http on loopback only, since credentials are sent there."""
    wrong = http_url(text)
    if wrong:
        is_own = is_loopback(_host_meant(text))
        example = "https://127.0.0.1:8080/api" if is_own else "https://api.bandwidth.com/api"
        wrong = wrong.replace("https://yourSecureSite.com", example)
        return wrong.replace("https://", "http://") if is_own else wrong
    if wrong := no_query(text):
        return wrong
    url = urlsplit(text)
    if url.scheme == "http" and not is_loopback(url.hostname or ""):
        return (
            "Credentials travel over https only: http:// is for this machine itself (127.0.0.1, localhost)."
        )
    if meant := bandwidths_host_for(url.hostname or ""):
        return f"{url.hostname} is not Bandwidth's: did you mean {meant}? The secret would be sent there."
    return None


def _host_meant(text: str) -> str:
    """Return the host of an address whose scheme is misspelt or missing; empty if there is none."""
    try:
        return urlsplit(f"//{re.sub(SCHEME, '', text)}").hostname or ""
    except ValueError:
        return ""


def api_prefix(url: str) -> str:
    """Return a base URL as it is used and saved: scheme and host in lower case, no slash at its end.

    A bare origin, as `band` has it in BW_API_URL, gets the path `/api`; any other path is kept whole. A text that
    is not a base URL is returned unchanged.
    """
    if base_url(url):
        return url
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = parts.netloc.lower() if parts.port not in (None, usual) else _bare_host(parts)
    return f"{parts.scheme}://{host}{parts.path.rstrip('/') or '/api'}"


def _bare_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host


def same_place(url: str, other: str) -> bool:
    """Return True if two base URLs have the same scheme, host, port and path, however each is written."""
    return _place(url) == _place(other)


def same_origin(url: str, other: str) -> bool:
    """Return True if two base URLs have the same scheme, host and port: what is sent to them reaches the same server."""
    return _place(url)[:3] == _place(other)[:3] and not (base_url(url) or base_url(other))


def _place(url: str) -> tuple[str, str, int | None, str]:
    if base_url(url):
        return "", "", None, url
    parts = urlsplit(api_prefix(url))
    host = (parts.hostname or "").removesuffix(".")
    own = "localhost" if host in ("127.0.0.1", "::1") else host
    return parts.scheme, own, parts.port, parts.path
