"""Compare texts as the API may store them: it trims, changes case, and writes some values in two ways."""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

STREET: Final = (
    "Address/PreDirectional",
    "Address/StreetName",
    "Address/StreetSuffix",
    "Address/PostDirectional",
)
"""The elements that make up a street, in order; the API may divide a street among them in its own way."""


_ABBREVIATED: Final = {
    "aly": "alley", "ave": "avenue", "blvd": "boulevard", "cir": "circle", "ct": "court", "cv": "cove",
    "dr": "drive", "expy": "expressway", "fwy": "freeway", "hwy": "highway", "ln": "lane", "loop": "loop",
    "pkwy": "parkway", "pl": "place", "plz": "plaza", "rd": "road", "sq": "square", "st": "street",
    "ter": "terrace", "trl": "trail", "tpke": "turnpike", "n": "north", "s": "south", "e": "east", "w": "west",
    "ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest",
}  # fmt: skip
"""Street words by their abbreviation of the US Postal Service (Publication 28)."""


def as_stored(text: str) -> str:
    """Return a text without the differences that storing it may cause, for comparison.

    Ignored are its Unicode form (NFKC, which makes plain blanks of no-break ones), runs of blanks, and case. Two
    names are the same if the results are equal, in a look-up as in a comparison.
    """
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def is_same(left: str, right: str) -> bool:
    """Return True if two names or ids are the same to the API."""
    return as_stored(left) == as_stored(right)


def is_same_value(path: str, wanted: str, shown: str) -> bool:
    """Return True if the value that the API shows is the wanted one.

    `path` is the element's wire name below the root. Sources: bandwidth-api 2.1, 4.1, 10.20
    (a ZIP code may carry its extension; A2pLongCode; country).
    """
    if "://" in wanted:
        return _url(wanted) == _url(shown.strip())
    left, right = as_stored(wanted), as_stored(shown)
    match path.rpartition("/")[2]:
        case "Country":
            left, right = ("united states" if text in ("us", "usa") else text for text in (left, right))
        case "A2pLongCode":
            left, right = left.replace("_", ""), right.replace("_", "")
        case "Zip":
            right = re.sub(r"-\d{4}$", "", right)
    return left == right


def differs_by_slash(wanted: str, shown: str) -> bool:
    """Return True if two URLs differ in nothing but a slash at the end of the path.

    Some APIs add or drop it; to the server behind the URL it can be another place, so that they are not the same.
    """
    if "://" not in wanted or "://" not in shown:
        return False
    left, right = _url(wanted), _url(shown.strip())
    return left != right and _without_slash(left) == _without_slash(right)


def _without_slash(parts: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
    scheme, host, path, rest = parts
    return scheme, host, path.removesuffix("/"), rest


def is_same_street(wanted: str, shown: str) -> bool:
    """Return True if two streets are the same: the API abbreviates words or writes them out (`Dr`, `DRIVE`)."""
    return _written_out(wanted) == _written_out(shown)


def _written_out(street: str) -> list[str]:
    words = (word.rstrip(".,") for word in as_stored(street).split())
    return [_ABBREVIATED.get(word, word) for word in words]


def _url(url: str) -> tuple[str, str, str, str]:
    """Return the parts of a URL for comparison: scheme and host in lower case, `/` for an empty path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return (url, "", "", "")
    return (parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", f"{parts.query}#{parts.fragment}")
