"""Addresses: the limits of their fields, and a geocoder that corrects them (bandwidth-api 2.1, 2.4)."""

import re
from xml.etree.ElementTree import Element

from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.rate_centers import STATES
from bwtui.simulator.xml import element, leaf, text

FIELDS = (
    "HousePrefix", "HouseNumber", "HouseSuffix", "PreDirectional", "StreetName", "StreetSuffix", "PostDirectional",
    "AddressLine2", "City", "StateCode", "Zip", "PlusFour", "County", "Country", "AddressType",
)  # fmt: skip
"""Elements in the order of the API's replies; others, such as AddressLine1, are dropped (bandwidth-api 11.8)."""

_REQUIRED = {
    "HouseNumber": (12536, "HouseNumber is required"),
    "StreetName": (12538, "StreetName is required"),
    "City": (12540, "City is required"),
    "StateCode": (12542, "StateCode is required"),
    "Zip": (12644, "Zip is required"),
    "AddressType": (12554, "AddressType is required"),
}

_LONGEST = {
    "HousePrefix": (6, 13044, "House Prefix"),
    "HouseNumber": (45, 12537, "HouseNumber"),
    "HouseSuffix": (45, 12547, "HouseSuffix"),
    "PreDirectional": (2, 12548, "PreDirectional"),
    "StreetName": (200, 12539, "StreetName"),
    "StreetSuffix": (45, 13045, "Street Suffix"),
    "PostDirectional": (2, 12549, "PostDirectional"),
    "AddressLine2": (200, 12550, "Address2 information"),
    "City": (100, 12541, "City"),
    "PlusFour": (4, 12552, "Zip4"),
    "County": (45, 12553, "County"),
}

_TYPES = {kind.lower(): kind for kind in ("Service", "Billing", "Dlda", "E911")}
_DIRECTIONS = frozenset({"N", "S", "E", "W", "NE", "NW", "SE", "SW"})

MISSPELLINGS = {
    "MIAN": "MAIN", "CAMPOS": "CAMPUS", "CAMPSU": "CAMPUS", "DRV": "DR", "DIRVE": "DR", "STRET": "ST", "SREET": "ST",
    "AVENU": "AVE", "AVENEU": "AVE", "RAOD": "RD", "RALIEGH": "RALEIGH", "RALEIHG": "RALEIGH", "CHARLOTE": "CHARLOTTE",
}  # fmt: skip
"""Words of a street or city that the geocoder corrects: 409 with a recommendation."""

_HOPELESS = "NOWHERE"
"""A street or city with this word cannot be verified: 400 with 12113."""

SUFFIXES = frozenset(
    {
        "DR", "ST", "AVE", "RD", "BLVD", "LN", "CT", "PL", "WAY", "PKWY", "CIR", "TER", "DRIVE", "STREET", "AVENUE",
        "ROAD", "LANE", "COURT", "BOULEVARD", "PLACE", "PARKWAY", "CIRCLE", "TERRACE",
    }
)  # fmt: skip


def read(parent: Element) -> dict[str, str]:
    """Return the checked address of a site, by wire name."""
    found = parent.find("Address")
    if found is None or not len(found):
        raise ErrorResponse(400, 1003, "Address is required")
    address = {name: value for name in FIELDS if (value := text(found, name)) is not None}
    for name, (code, words) in _REQUIRED.items():
        if name not in address:
            raise ErrorResponse(400, code, words)
    _check_lengths(address)
    _check_values(address)
    address["AddressType"] = _TYPES[address["AddressType"].lower()]
    address.setdefault("Country", "United States")
    return address


def _check_lengths(address: dict[str, str]) -> None:
    for name, (longest, code, label) in _LONGEST.items():
        if len(address.get(name, "")) > longest:
            words = f"{label} '{address[name]}' is too long. Max length {longest} characters"
            raise ErrorResponse(400, code, words)


def _check_values(address: dict[str, str]) -> None:
    state, zip_code = address["StateCode"], address["Zip"]
    if not re.fullmatch(r"[A-Za-z]{2}", state):
        words = f"StateCode '{state}' is invalid. It is must be abbreviation of the two characters"
        raise ErrorResponse(400, 12543, words)
    if state.upper() not in STATES:
        raise ErrorResponse(400, 12535, f"'{state}' is not a valid state / province code")
    _check_zip(zip_code, address.get("PlusFour"))
    for name in ("PreDirectional", "PostDirectional"):
        if address.get(name, "N").upper() not in _DIRECTIONS:
            words = "Directional is not valid. Valid values: N, S, E, W, NE, NW, SE, SW"
            raise ErrorResponse(400, 12605, words)
    if address["AddressType"].lower() not in _TYPES:
        words = "AddressType is not valid. Valid values: Service, Billing, Dlda, E911"
        raise ErrorResponse(400, 12579, words)


def _check_zip(zip_code: str, plus_four: str | None) -> None:
    """Refuse any ZIP code but five digits, or five and four that agree with PlusFour (bandwidth-api 10.2)."""
    main, dash, extension = zip_code.partition("-")
    if len(main) > 5:
        raise ErrorResponse(400, 12551, f"Zip '{zip_code}' is too long. Max length 5 characters")
    if not re.fullmatch(r"[0-9]{5}", main) or (dash and not re.fullmatch(r"[0-9]{4}", extension)):
        words = f"Zip '{zip_code}' is invalid. Only numeric characters are supported with length of 5 digits."
        raise ErrorResponse(400, 13103, words)
    if extension and plus_four and extension != plus_four:
        words = (
            f"The PlusFour field value {plus_four} does not match the plus four extension {extension}"
            " provided in the Zip field."
        )
        raise ErrorResponse(400, 13052, words)


def verify(address: dict[str, str], echo: Element | None = None) -> None:
    """Refuse an address that the geocoder does not know: 409 12112 with a recommendation, or 12113 without one."""
    words = f"{address['StreetName']} {address['City']}".upper().split()
    if _HOPELESS in words:
        raise ErrorResponse(
            400,
            12113,
            "The provided street address could not be verified. Please submit a valid street address",
        )
    better = recommended(address)
    if better is None:
        return
    changed = [
        name for name in ("StreetName", "StreetSuffix", "City") if better.get(name) != address.get(name)
    ]
    inconsistencies = "\n".join(
        f"Address {name}: '{address.get(name, '')}' should be '{better.get(name, '')}'" for name in changed
    )
    description = element(
        "AddressErrorDescription",
        element("AddressInconsistencies", inconsistencies),
        element("RecommendedAddress", *described(better)),
    )
    corrected = "The provided address was invalid but could be corrected. Please resubmit with the recommended address."
    raise ErrorResponse(409, 12112, corrected, description, *([] if echo is None else [echo]))


def recommended(address: dict[str, str]) -> dict[str, str] | None:
    """Return the address as the geocoder would write it, or None if nothing in it is misspelt."""
    street = f"{address['StreetName']} {address.get('StreetSuffix', '')}".upper().split()
    city = address["City"].upper().split()
    if not any(word in MISSPELLINGS for word in (*street, *city)):
        return None
    street = [MISSPELLINGS.get(word, word) for word in street]
    better = {**address, "City": " ".join(MISSPELLINGS.get(word, word) for word in city)}
    better.pop("StreetSuffix", None)
    if len(street) > 1 and street[-1] in SUFFIXES:
        better["StreetSuffix"] = street.pop()
    better["StreetName"] = " ".join(street)
    return better


def described(address: dict[str, str]) -> list[Element | None]:
    """Return an address as the geocoder's reply has it: one line, then its parts."""
    parts = ("HouseNumber", "PreDirectional", "StreetName", "StreetSuffix", "PostDirectional")
    line = " ".join(address[name] for name in parts if name in address)
    shown = (*parts, "City", "StateCode", "Zip", "PlusFour", "Country")
    return [leaf("AddressLine1", line), *(leaf(name, address.get(name)) for name in shown)]


def elements(address: dict[str, str]) -> Element:
    return element("Address", *(leaf(name, address.get(name)) for name in FIELDS))


def from_line(found: Element) -> dict[str, str]:
    """Split an address given as AddressLine1 into the parts that the geocoder returns."""
    address = {name: value for name in FIELDS if (value := text(found, name)) is not None}
    words = (text(found, "AddressLine1") or "").upper().split()
    if words and "StreetName" not in address:
        if words[0][0].isdigit():
            address.setdefault("HouseNumber", words.pop(0))
        if len(words) > 1 and words[-1] in SUFFIXES:
            address["StreetSuffix"] = words.pop()
        address["StreetName"] = " ".join(words)
    for name in ("StreetName", "City"):
        if name not in address:
            raise ErrorResponse(400, 1003, f"{name} is required")
    address.setdefault("Country", "US")
    return address
