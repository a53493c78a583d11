"""Hosts: their form, which are this machine, which the internet can reach, and what belongs to the API's host."""

import re
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

_PLACEHOLDERS: Final = ("example.com", "example.org", "example.net")
"""Domains for documentation [RFC 2606]."""

_NOT_ON_THE_INTERNET: Final = (
    *_PLACEHOLDERS,
    "localhost", "local", "lan", "internal", "home.arpa",
)  # fmt: skip
"""Hosts and domains that no name server of the internet knows [RFC 2606, 6761, 6762, 8375]."""

_LABEL: Final = r"[A-Za-z0-9_-]{1,63}"

_TOKEN_HOSTS: Final = {
    "dashboard.bandwidth.com": "api.bandwidth.com",
    "test.dashboard.bandwidth.com": "test.api.bandwidth.com",
}

_WITH_SERVICE_HOSTS: Final = frozenset({"api.bandwidth.com", "dashboard.bandwidth.com"})
"""The hosts with separate hosts for messages and calls; elsewhere all is on one origin."""


class ServiceHost(StrEnum):
    """A host of its own beside the API's, by the first part of its name."""

    MESSAGING = "messaging"
    VOICE = "voice"


def is_host(host: str) -> bool:
    """Check the form of a host name or an IP address."""
    if ":" in host:
        return True  # IPv6, which `urlsplit` has checked
    try:
        name = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return False
    return all(re.fullmatch(_LABEL, label) for label in name.removesuffix(".").split("."))


def is_bandwidth(host: str) -> bool:
    """Return True for a host of Bandwidth's own."""
    return f".{host.casefold().removesuffix('.')}".endswith(".bandwidth.com")


def bandwidths_host_for(host: str) -> str:
    """Return Bandwidth's host that was meant by one that is misspelt; empty for Bandwidth's own and for any other."""
    if is_bandwidth(host) or is_loopback(host):
        return ""
    import difflib  # noqa: PLC0415 - only for hosts of one's own

    domain = ".".join(host.lower().split(".")[-2:])
    is_near = difflib.get_close_matches(domain, ["bandwidth.com"], cutoff=0.85)
    return f"{host.lower().removesuffix(domain)}bandwidth.com" if is_near else ""


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


def is_placeholder(host: str) -> bool:
    """Return True for a host that stands for another one in documentation."""
    return _is_below(host, _PLACEHOLDERS)


def _is_below(host: str, domains: tuple[str, ...]) -> bool:
    return f".{host.casefold()}".endswith(tuple(f".{domain}" for domain in domains))


def is_on_the_internet(host: str) -> bool:
    """Return True if the internet can reach the host: a public address, or a name that public name servers may know."""
    from ipaddress import ip_address  # noqa: PLC0415 - start-up time is budgeted

    try:
        address = ip_address(host)
    except ValueError:
        return "." in host and not _is_below(host, _NOT_ON_THE_INTERNET)
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_global and not address.is_multicast


def token_url_for(base_url: str) -> str:
    """Return the token URL for a base URL: on the same origin, except for the two dashboards, which issue no tokens."""
    parts = urlsplit(base_url)
    host = _TOKEN_HOSTS.get((parts.hostname or "").removesuffix("."))
    return f"{parts.scheme}://{host or parts.netloc}/api/v1/oauth2/token"


def service_url(base_url: str, service: ServiceHost) -> str:
    """Return the address below which messages are sent, or calls are placed, for a base URL of the API."""
    parts = urlsplit(base_url)
    if (parts.hostname or "").removesuffix(".") in _WITH_SERVICE_HOSTS:
        return f"https://{service}.bandwidth.com/api/v2"
    return f"{parts.scheme}://{parts.netloc}/api/v2"
