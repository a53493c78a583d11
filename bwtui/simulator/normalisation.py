"""Spellings in which the API keeps values, other than they were sent."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from bwtui.simulator.addresses import SUFFIXES

_LONG: Final = {
    "DR": "DRIVE", "ST": "STREET", "AVE": "AVENUE", "RD": "ROAD", "LN": "LANE", "CT": "COURT", "BLVD": "BOULEVARD",
    "PL": "PLACE", "PKWY": "PARKWAY", "CIR": "CIRCLE", "TER": "TERRACE",
}  # fmt: skip
_AS_THEY_ARE: Final = frozenset({"AddressType", "Country"})
_EXTENSION: Final = "5177"
_IDS: Final = frozenset(
    {
        "id", "Id", "ApplicationId", "CustomerOrderId", "HttpMessagingV2AppId", "HttpVoiceV2AppId", "OrderId", "orderId",
        "ReservationId", "SubscriptionId",
    }
)  # fmt: skip
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def respell(document: Element, forms: Collection[str]) -> None:
    """Change the values of a submitted document into the forms in which they are kept."""
    for address in [found for found in document.iter() if found.tag == "Address"]:
        for form, change in _OF_ADDRESSES.items():
            if form in forms:
                change(address)
    for found in document.iter():
        if found.text and found.text.strip():
            found.text = _text(found.tag, found.text, forms)


def capitalise_ids(document: Element) -> None:
    """Show ids in capitals; the API accepts them in any case."""
    for found in document.iter():
        if found.tag in _IDS and found.text:
            found.text = found.text.upper()


def respelled(value: Any, forms: Collection[str], tag: str = "") -> Any:  # noqa: ANN401 - any JSON value
    """Return a submitted JSON value with its texts in the forms in which they are kept."""
    match value:
        case dict():
            return {key: respelled(item, forms, key) for key, item in value.items()}
        case list():
            return [respelled(item, forms, tag) for item in value]
        case str():
            return _text(tag, value, forms)
        case _:
            return value


def with_capital_ids(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with its UUIDs in capitals."""
    match value:
        case dict():
            return {key: with_capital_ids(item) for key, item in value.items()}
        case list():
            return [with_capital_ids(item) for item in value]
        case str() if _UUID.fullmatch(value):
            return value.upper()
        case _:
            return value


def _text(tag: str, text: str, forms: Collection[str]) -> str:
    if "blanks" in forms:
        text = " ".join(text.split())
    if "nfc" in forms:
        text = unicodedata.normalize("NFC", text)
    if not tag.lower().endswith("url"):
        return text
    if "host" in forms:
        text = re.sub(r"^\s*\w+://[^/?#]*", lambda origin: origin[0].lower(), text)
    if "slash" in forms and not urlsplit(text.strip()).path:
        text = re.sub(r"^(\s*\w+://[^/?#\s]*)", r"\1/", text)
    return text


def _upper(address: Element) -> None:
    for part in address:
        if part.tag not in _AS_THEY_ARE and part.text:
            part.text = part.text.upper()


def _long_suffix(address: Element) -> None:
    """Write out the street's suffix: DR becomes DRIVE, Dr becomes Drive."""
    for name in ("StreetSuffix", "StreetName"):
        words = (address.findtext(name) or "").split()
        if words and (long := _LONG.get(words[-1].upper())):
            words[-1] = long if words[-1].isupper() else long.capitalize()
            _set(address, name, " ".join(words))
            return


def _split_street(address: Element) -> None:
    words = (address.findtext("StreetName") or "").split()
    if len(words) > 1 and words[-1].upper() in SUFFIXES and not address.findtext("StreetSuffix"):
        _set(address, "StreetSuffix", words.pop())
        _set(address, "StreetName", " ".join(words))


def _extended_zip(address: Element) -> None:
    given = (address.findtext("Zip") or "").strip()
    if re.fullmatch(r"[0-9]{5}", given):
        extension = (address.findtext("PlusFour") or "").strip() or _EXTENSION
        _set(address, "Zip", f"{given}-{extension}")


def _set(address: Element, name: str, value: str) -> None:
    found = address.find(name)
    if found is None:
        found = Element(name)
        address.append(found)
    found.text = value


_OF_ADDRESSES: Final[Mapping[str, Callable[[Element], None]]] = {
    "suffix": _long_suffix,
    "split": _split_street,
    "zip": _extended_zip,
    "upper": _upper,
}
"""The changes by form, in the order in which they are applied."""
