"""Checks of typed text: each returns what is wrong and what to type instead, or `None`."""

import re
from collections.abc import Callable, Collection
from typing import Final
from urllib.parse import SplitResult, urlsplit

from bwtui.domain.values.hosts import is_host, is_on_the_internet, is_placeholder
from bwtui.domain.values.phone_numbers import starts_a_number, ten_digits
from bwtui.domain.values.text import counted, is_digits, split_list

Check = Callable[[str], str | None]
"""Takes what was typed (never empty); returns a sentence that a person can act on, or `None` if it is right."""

STATES: Final[dict[str, str]] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
    "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
    "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
    "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands", "PR": "Puerto Rico",
    "VI": "U.S. Virgin Islands",
}  # fmt: skip
"""The states and territories of the United States by their postal code."""

_OLDER_STATES: Final[dict[str, str]] = {
    "AA": "the armed forces in the Americas", "AE": "the armed forces in Europe", "AP": "the armed forces in the Pacific",
    "FM": "Micronesia", "MH": "the Marshall Islands", "PW": "Palau",
}  # fmt: skip
"""Postal codes that addresses of older accounts have; Bandwidth may refuse them in a new address."""


def every(*checks: Check) -> Check:
    """Combine checks; the result is the first complaint."""
    return lambda text: next((wrong for check in checks if (wrong := check(text))), None)


def at_most(limit: int) -> Check:
    """Make a check for at most `limit` characters."""
    return lambda text: (
        f"At most {counted(limit, 'character')}; this has {len(text)}. Shorten it, for example to “{text[:limit].strip()}”."
        if len(text) > limit
        else None
    )


def between(shortest: int, longest: int) -> Check:
    """Make a check for `shortest` to `longest` characters. It does not repeat the text, which may be a password."""
    return lambda text: (
        None
        if shortest <= len(text) <= longest
        else f"From {shortest} to {longest} characters; this has {len(text)}."
    )


def no_colon(text: str) -> str | None:
    """Check a user name for HTTP Basic, which ends at the first colon [RFC 7617]."""
    return "Leave out the colon: with HTTP Basic, a user name ends there." if ":" in text else None


def no_blanks(text: str) -> str | None:
    """Warn about blanks inside of what has none, such as an ID that was pasted in two pieces."""
    return "There is a blank in it: is it one piece?" if " " in text else None


def one_number(text: str) -> str | None:
    """Warn about a house number that is several numbers: `9 00`."""
    is_split = " " in text and is_digits(text.replace(" ", ""))
    return f"There is a blank in it: {text.replace(' ', '')}?" if is_split else None


def digits(count: int, example: str) -> Check:
    """Make a check for exactly `count` digits."""
    return lambda text: (
        None if is_digits(text) and len(text) == count else f"Exactly {count} digits, such as {example}."
    )


def whole_number(smallest: int, largest: int) -> Check:
    """Make a check for a whole number within bounds, both included."""
    return lambda text: (
        None
        if is_digits(text) and len(text) < 10 and smallest <= int(text) <= largest
        else f"A whole number from {smallest} to {largest}."
    )


def one_of(allowed: Collection[str]) -> Check:
    """Make a check for one of a few words, exactly as written."""
    return lambda text: None if text in allowed else f"One of: {', '.join(allowed)}."


def plain(text: str) -> str | None:
    """Check for text that XML can carry on one line: no tabs, line ends or other control characters."""
    if all(character.isprintable() for character in text) and "\ufffe" not in text and "\uffff" not in text:
        return None
    return "One line of plain text: remove tabs, line breaks and other invisible characters."


def not_blank(text: str) -> str | None:
    return None if text.strip() else "It is blank: type some text."


def package_name(text: str) -> str | None:
    """Check the name of a voice package: characters that every source shows in one."""
    if all(character.isascii() and (character.isalnum() or character in " .-") for character in text):
        return None
    return "Letters, digits, blanks, dots and hyphens only, such as Main office."


def us_state(text: str) -> str | None:
    """Check for the postal code of a state: exactly two letters, and existing."""
    if text in STATES or text in _OLDER_STATES:
        return None
    if text.upper() in STATES:
        return f"Capital letters: type {text.upper()}."
    for code, name in STATES.items():
        if name.casefold() == text.strip().casefold():
            return f"Exactly 2 letters: type {code} for {name}."
    if len(text) != 2:
        return f"Exactly 2 letters, such as NC; this has {counted(len(text), 'character')}."
    return f"There is no state {text}. Type a two-letter state, such as NC, CA or TX."


def state_code(text: str) -> str:
    """Return the postal code of a state given in small letters or by its name; any other text unchanged."""
    names = {name.casefold(): code for code, name in STATES.items()}
    code = names.get(text.casefold(), text.upper())
    return code if us_state(code) is None else text


def state_of_today(text: str) -> str | None:
    """Warn about a postal code that is not one of a state or territory of the United States."""
    if text in STATES:
        return None
    return f"{text} stands for {_OLDER_STATES.get(text, 'no state')}; Bandwidth may refuse it in an address."


def zip_code(text: str) -> str | None:
    """Check for a five-digit ZIP code; it is text, so a leading zero stays."""
    if is_digits(text) and len(text) == 5:
        return None
    if len(text) == 10 and text[5] == "-" and is_digits(text[:5] + text[6:]):
        return f"Exactly 5 digits: type {text[:5]} here and {text[6:]} as the ZIP extension."
    if is_digits(text) and len(text) == 4:
        return f"Exactly 5 digits, including a leading zero: 0{text}?"
    return "Exactly 5 digits, such as 27606."


SCHEME: Final = r"^([A-Za-z]*:)?/+"
"""What stands before the host, also where it is misspelt: `htp:/`."""


def http_url(text: str) -> str | None:
    """Check for an absolute http or https URL with a host."""
    if " " in text or not text.isprintable():
        return "A complete URL without spaces, such as https://yourSecureSite.com."
    if "\\" in text:
        return "Remove the backslash: only / separates the parts of a URL."
    try:
        url = urlsplit(text)
    except ValueError:
        return "A complete URL, such as https://yourSecureSite.com."
    if url.scheme not in ("http", "https"):
        rest = re.sub(SCHEME, "", text)
        is_host_there = rest and not http_url(f"https://{rest}")
        return f"Start it with https://, as in https://{rest if is_host_there else 'yourSecureSite.com'}"
    if not url.hostname:
        return "Give the host after //, such as https://yourSecureSite.com."
    if url.username or url.password:
        return "Leave the user and password out of the URL; give them as the callback user and password."
    return _host(url.hostname) or _port(url)


def _host(host: str) -> str | None:
    if is_host(host):
        return None
    if not all(host.removesuffix(".").split(".")):
        return f"The host {host} has one dot too many."
    return f"{host} is not a host name: each part between its dots has 1 to 63 letters, digits and hyphens."


def _port(url: SplitResult) -> str | None:
    try:
        right = url.port != 0
    except ValueError:
        right = False
    return None if right else "The port after the host must be a number from 1 to 65535."


def no_query(text: str) -> str | None:
    """Check for a URL without query and fragment, to which a path can be appended."""
    return "Leave out the ? or # and everything after it." if "?" in text or "#" in text else None


def is_https(text: str) -> bool:
    """Return True for an https URL."""
    return text.lower().startswith("https://")


def reachable_url(text: str) -> str | None:
    """Warn about a URL that Bandwidth cannot call back; it calls ports 80, 443 and from 1024 (bandwidth-api 5.2)."""
    if http_url(text):
        return None  # `http_url` complains, and says more
    url = urlsplit(text)
    host = url.hostname or ""
    if is_placeholder(host.removesuffix(".")):
        return f"{host} is a placeholder: give the public address of your server before you go live."
    if not is_on_the_internet(host.removesuffix(".")):
        return f"Bandwidth cannot reach {host}; give the public address of your server before you go live."
    if url.port is not None and url.port not in (80, 443) and url.port < 1024:
        return f"Bandwidth calls back on ports 80, 443 and 1024 or above, not on {url.port}."
    return None


def account_id(text: str) -> str | None:
    """Check for a Bandwidth account id: digits, usually seven."""
    return (
        None
        if is_digits(text) and len(text) <= 20
        else "Digits only, such as 9900000; the Bandwidth App shows it."
    )


def object_id(text: str) -> str | None:
    """Check for the id of an existing object: Bandwidth uses digits and UUIDs."""
    if text.isascii() and text.replace("-", "").isalnum():
        return None
    return "The ID that Bandwidth shows, such as 12345 or 590cde45-c05d-44e3-a77a-59fd10f17c26."


def area_code(text: str) -> str | None:
    """Check for an area code: [2-9] and two more digits (bandwidth-api 6.1)."""
    if any(map(str.isalpha, text)):
        return f"“{text}” is no area code: type three digits, such as 919, or search by city."
    return _numbering(text, 3, "919")


def npa_nxx(text: str) -> str | None:
    """Check for area code and exchange: six digits, both parts starting with 2 to 9."""
    return _numbering(text, 6, "919439")


def npa_nxxx(text: str) -> str | None:
    """Check for area code, exchange and one more digit."""
    return _numbering(text, 7, "9194391")


def vanity(shortest: int) -> Check:
    """Make a check for the letters and digits that a number should spell."""
    return lambda text: (
        None
        if text.isascii() and text.isalnum() and shortest <= len(text) <= 7
        else f"{shortest} to 7 letters or digits, such as {'BANDWID' if shortest > 4 else 'CARS'}."
    )


def toll_free_pattern(text: str) -> str | None:
    """Check for a toll-free pattern: 8, then a digit or *, then * (bandwidth-api 6.1)."""
    right = len(text) == 3 and text[0] == "8" and (text[1] == "*" or is_digits(text[1])) and text[2] == "*"
    return None if right else "One of 8**, 80*, 83*, 84*, 85*, 86*, 87* and 88*."


def phone_numbers(text: str) -> str | None:
    """Check for one or more US or Canadian numbers, separated by commas."""
    for number in split_list(text):
        if not ten_digits(number):
            return f"“{number}” is not a US or Canadian number: type ten digits, such as +1 (919) 555-1234."
    return None


def _numbering(text: str, count: int, example: str) -> str | None:
    return (
        None
        if starts_a_number(text, count)
        else f"{count} digits, such as {example}; {'the first is' if count == 3 else 'the first and the fourth are'} 2 to 9."
    )
