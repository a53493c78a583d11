"""The proxy and the certificates that the environment names, checked before anything is sent.

httpx reads the same variables, but fails on some legal values (`[::1]` in NO_PROXY) without naming the variable. No
message repeats a proxy's address, since it may contain a password.
"""

import os
import re
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies

import httpx

from bwtui.domain.values.hosts import is_host

_HASHED: Final = re.compile(r"[0-9a-f]{8}\.\d+")
"""The file names under which OpenSSL finds certificates in a folder: `5ed36f99.0`."""


def proxy_for(urls: tuple[str, ...]) -> httpx.Proxy | None:
    """Return the proxy for https; `None` if there is none, or if NO_PROXY covers all of the addresses.

    Raises:
        ValueError: the proxy cannot be used; the text names the variable and what is wrong with it.
    """
    name, address = _https_proxy()
    if not address or len(past_the_proxy(urls)) == len(urls):
        return None
    wrong = _wrong_with(address)
    if not wrong:
        try:
            return httpx.Proxy(_with_scheme(address))
        except (ValueError, httpx.InvalidURL):
            wrong = "it is not an address"
    # Outside of `except`, because the error may hold a password.
    raise ValueError(f"{name} names a proxy that cannot be used: {wrong}")


def past_the_proxy(urls: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the addresses that NO_PROXY excepts from any proxy."""
    exceptions = tuple(filter(None, map(str.strip, getproxies().get("no", "").split(","))))
    return tuple(url for url in urls if any(_is_excepted(urlsplit(url), each) for each in exceptions))


def _https_proxy() -> tuple[str, str]:
    """Return the variable that names the proxy, and its value; lower case before upper, as in curl; empty if none."""
    for scheme in ("https", "all"):
        for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper()):
            if address := os.environ.get(name):
                return name, address
            if name in os.environ:
                break
    if sys.platform == "darwin" and "https_proxy" not in os.environ:
        return "the system's settings", getproxies().get("https", "")
    return "", ""


def _with_scheme(address: str) -> str:
    return address if "://" in address else f"http://{address}"


def _wrong_with(address: str) -> str:
    """Return the reason why a proxy's address cannot be used; empty if it can."""
    if any(character.isspace() or not character.isprintable() for character in address):
        return "there is a blank, a line end or another invisible character in it"
    try:
        parts = urlsplit(_with_scheme(address))
    except ValueError:
        return "it is not an address"
    if parts.scheme not in ("http", "https", "socks5", "socks5h"):
        return "it has to begin with http:// or https://"
    try:
        port = parts.port
    except ValueError:
        return "its port is not a number from 1 to 65535"
    if port == 0:
        return "its port is not a number from 1 to 65535"
    return "" if is_host(parts.hostname or "") else "its host is not valid"


def _is_excepted(url: SplitResult, exception: str) -> bool:
    """Return True if an entry of NO_PROXY covers an address: `*`, a name and its subdomains, or an IP address."""
    if exception == "*":
        return True
    host = (url.hostname or "").rstrip(".")
    name, port = _host_and_port(exception.lower())
    if port and port != str(url.port or 443):
        return False
    return host == name.lstrip(".") or host.endswith(f".{name.lstrip('.')}")


def _host_and_port(exception: str) -> tuple[str, str]:
    """Split an entry into host and port: `[::1]:8443` or `::1`, `host:8443` or `host`, `https://host`."""
    exception = exception.rpartition("://")[2].removeprefix("*")
    if bracketed := re.fullmatch(r"\[(.*)\](?::(\d+))?", exception):
        return bracketed[1], bracketed[2] or ""
    name, _, port = exception.partition(":")
    return (name, port) if exception.count(":") == 1 else (exception, "")


# --- Certificates ----------------------------------------------------------------------------------------------


def tls_context() -> ssl.SSLContext:
    """Return the TLS context: it trusts the certificates in SSL_CERT_FILE or SSL_CERT_DIR, else those of certifi.

    Raises:
        ValueError: the certificates cannot be used; the text names the variable and what is wrong with it.
    """
    try:
        if file := os.environ.get("SSL_CERT_FILE"):
            _check_file(file)
            return ssl.create_default_context(cafile=file)
        if folders := os.environ.get("SSL_CERT_DIR"):
            _check_folders(folders)
            return ssl.create_default_context(capath=folders)
        return httpx.create_ssl_context(trust_env=False)
    except ssl.SSLError:
        pass
    except OSError as error:
        # Python also reads SSLKEYLOGFILE, and everything else was tried before.
        raise ValueError(f"SSLKEYLOGFILE names a file that cannot be written: {error.strerror}") from error
    raise ValueError(
        f"SSL_CERT_FILE names {file!r}, which holds no certificates in PEM (-----BEGIN CERTIFICATE-----)"
    )


def _check_file(name: str) -> None:
    try:
        with Path(name).open("rb") as file:
            file.read(1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ValueError(f"SSL_CERT_FILE names {name!r}, which cannot be read: {why}") from error


def _check_folders(names: str) -> None:
    """Raise if the folders hold no certificates; OpenSSL would not report it until a server's is checked."""
    if not any(map(_HASHED.fullmatch, _files_in(names))):
        raise ValueError(
            f"SSL_CERT_DIR names {names!r}, which holds no certificates that OpenSSL would find "
            "(5ed36f99.0 and the like, made by openssl rehash)"
        )


def _files_in(names: str) -> Iterator[str]:
    for name in filter(None, names.split(os.pathsep)):
        try:
            yield from (path.name for path in Path(name).iterdir())
        except (OSError, ValueError):
            continue
