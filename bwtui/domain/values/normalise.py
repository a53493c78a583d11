"""Answers as they are meant: what can mean only one thing is written as Bandwidth wants it, all else stays as it is."""

import re
from typing import Final
from urllib.parse import urlsplit

from bwtui.domain.values.base_urls import api_prefix
from bwtui.domain.values.checks import http_url
from bwtui.domain.values.hosts import is_loopback
from bwtui.domain.values.phone_numbers import TOLL_FREE
from bwtui.domain.values.text import is_digits

_COUNTRIES: Final = frozenset({"us", "usa", "u.s.", "u.s.a.", "united states", "united states of america"})
_ZIP_AND_FOUR: Final = r"([0-9]{5})[- ]?([0-9]{4})"
_WITHOUT_SCHEME: Final = r"[^/?#@:\s]+\.[^/?#@:\s]+(:[0-9]+)?([/?#]\S*)?"
"""A host with a dot in it, perhaps with a port and a path."""


def https_url(text: str) -> str:
    """Return `example.com/path` with `https://` before it. Loopback stays as it is: it may mean http."""
    url = f"https://{text}"
    if not re.fullmatch(_WITHOUT_SCHEME, text) or http_url(url):
        return text
    return text if is_loopback(urlsplit(url).hostname or "") else url


def secure_api_prefix(text: str) -> str:
    """Return a base URL of the API as it is used and saved.

    Where no scheme was given it is `https://`, and `http://` on loopback, where a server of one's own speaks http.
    """
    url = f"http://{text}"
    is_own = not http_url(url) and is_loopback(urlsplit(url).hostname or "")
    return api_prefix(url if is_own else https_url(text))


def five_digit_zip(text: str) -> str:
    """Return the ZIP code of `27606-5177`."""
    found = re.fullmatch(_ZIP_AND_FOUR, text)
    return found[1] if found else text


def zip_extension(text: str) -> str:
    """Return the extension of `27606-5177`; empty if there is none."""
    found = re.fullmatch(_ZIP_AND_FOUR, text)
    return found[2] if found else ""


def country_name(text: str) -> str:
    """Return `United States` for its other usual names; `US` is a name that Bandwidth takes as it is."""
    return "United States" if text != "US" and text.casefold() in _COUNTRIES else text


def digits_alone(text: str) -> str:
    """Return `(919)` or `919-439` without its punctuation."""
    bare = "".join(character for character in text if character not in "()-. ")
    return bare if is_digits(bare) else text


def toll_free_code(text: str) -> str:
    """Return the pattern for a toll-free area code: `88*` for `888`."""
    return f"{text[:2]}*" if text in TOLL_FREE else text
