"""Hosts: their form, which are this machine, which the internet can reach, and the token URL for each."""

import re
from typing import Final
from urllib.parse import urlsplit

_NOT_ON_THE_INTERNET: Final = (
    "example.com", "example.org", "example.net",
    "localhost", "local", "lan", "internal", "home.arpa",
)  # fmt: skip
"""Hosts and domains that no name server of the internet knows [RFC 2606, 6761, 6762, 8375]."""

_LABEL: Final = re.compile(r"[A-Za-z0-9_-]{1,63}")

_TOKEN_HOSTS: Final = {
    "dashboard.bandwidth.com": "api.bandwidth.com",
    "test.dashboard.bandwidth.com": "test.api.bandwidth.com",
}


def is_host(host: str) -> bool:
    """Check the form of a host name or an IP address."""
    if ":" in host:
        return True  # IPv6, which `urlsplit` has checked
    try:
        name = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return False
    return all(map(_LABEL.fullmatch, name.removesuffix(".").split(".")))


def is_bandwidth(host: str) -> bool:
    """Return True for a host of Bandwidth's own."""
    return f".{host.casefold().removesuffix('.')}".endswith(".bandwidth.com")


def host_of(url: str) -> str:
    """Return the host of a URL, with its port if it names one."""
    return urlsplit(url).netloc


def is_loopback(host: str) -> bool:
    """Return True for a name or address of this machine."""
    if host in ("localhost", "::1"):
        return True
    parts = host.split(".")
    return (
        len(parts) == 4
        and parts[0] == "127"
        and all(part.isascii() and part.isdigit() and int(part) < 256 for part in parts)
    )


def is_on_the_internet(host: str) -> bool:
    """Return True if the internet can reach the host: a public address, or a name that public name servers may know."""
    from ipaddress import ip_address  # noqa: PLC0415 - start-up time is budgeted

    try:
        address = ip_address(host)
    except ValueError:
        return "." in host and not f".{host}".endswith(tuple(f".{name}" for name in _NOT_ON_THE_INTERNET))
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_global and not address.is_multicast


def token_url_for(base_url: str) -> str:
    """Return the token URL for a base URL: on the same origin, except for the two dashboards, which issue no tokens."""
    parts = urlsplit(base_url)
    host = _TOKEN_HOSTS.get((parts.hostname or "").removesuffix("."))
    return f"{parts.scheme}://{host or parts.netloc}/api/v1/oauth2/token"
