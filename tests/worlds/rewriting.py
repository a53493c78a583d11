"""Values as the account stores them, and what is the same value for somebody who reads them."""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final

from worlds.setups_wanted import Fields

NAMES: Final = frozenset({"Name", "PeerName", "AppName", "CustomerName", "name"})
_DR: Final = re.compile(r"(?i)\bdr\.?$")
_ORIGIN: Final = re.compile(r"(?i)^(https?://[^/]+)")


def rewritten(fields: Fields, how: AbstractSet[str]) -> Fields:
    """The fields as they are stored."""
    if not how:
        return dict(fields)
    stored = {path: _stored(path, text, how) for path, text in fields.items()}
    if "split" in how and (street := stored.get("Address/StreetName")) and " " in street:
        stored["Address/StreetName"], _, stored["Address/StreetSuffix"] = street.rpartition(" ")
    return stored


def _stored(path: str, text: str, how: AbstractSet[str]) -> str:
    if path in NAMES:
        text = " ".join(text.split()) if "blanks" in how else text
        return unicodedata.normalize("NFC", text) if "nfc" in how else text
    if path == "Address/StreetName" and "suffix" in how:
        text = _DR.sub("DRIVE", text)
    if path == "Address/Zip" and "zip4" in how:
        return f"{text[:5]}-5177"
    if path.startswith("Address/") and path != "Address/AddressType" and "upper" in how:
        return text.upper()
    if path == "Address/City" and "trailing" in how:
        return f"{text}   "
    if "://" in text:
        text = _ORIGIN.sub(lambda m: m[1].lower(), text) if "lower host" in how else text
        return f"{text}/" if "slash" in how and not text.endswith("/") else text
    return text


@lru_cache(4096)
def canonical(path: str, text: str) -> str:
    """One form for all the ways in which a value may be stored."""
    if "://" in text:
        return _ORIGIN.sub(lambda m: m[1].lower(), text.strip()).rstrip("/")
    text = " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
    if path == "Address/Zip":
        return text[:5]
    return re.sub(r"\bdrive$", "dr", text) if path == "Address/StreetName" else text


def same_text(left: str, right: str) -> bool:
    return canonical("", left) == canonical("", right)
