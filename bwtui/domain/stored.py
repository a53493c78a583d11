"""Compare texts as the API may store them: it trims, changes case, and writes some values in two ways."""

import unicodedata
from urllib.parse import urlsplit


def as_stored(text: str) -> str:
    """A text with everything taken away in which the API may store it differently from how it was sent.

    That is its Unicode form (NFKC, which makes plain blanks of no-break ones), runs of blanks, and case. Two names are
    the same one where this is equal, in a look-up as in a comparison.
    """
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def is_same(left: str, right: str) -> bool:
    """Say whether two names or ids are one and the same to the API."""
    return as_stored(left) == as_stored(right)


def is_same_value(path: str, wanted: str, shown: str) -> bool:
    """Say whether an element has the value that was asked for, as the API shows it.

    `path` is the element's wire name below the root. Sources: reference 10.20 (country), 4.1 (A2pLongCode), 2.1 (a ZIP
    code may carry its extension).
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
            right = right.partition("-")[0]
    return left == right


def _url(url: str) -> tuple[str, str, str, str]:
    """A URL's parts, as far as they matter: scheme and host in either case, `/` for an empty path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return (url, "", "", "")
    return (parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", f"{parts.query}#{parts.fragment}")
