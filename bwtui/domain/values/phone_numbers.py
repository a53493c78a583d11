"""US and Canadian phone numbers: read from any usual notation, written as the API and as people write them."""

import re
from collections import Counter
from typing import Final
from unicodedata import category

from bwtui.domain.values.text import is_digits, join_list, split_list

TOLL_FREE: Final = frozenset({"800", "833", "844", "855", "866", "877", "888"})
"""The area codes of toll-free numbers."""


def number_list(text: str) -> str:
    """Return numbers as they are sent, separated by commas, each once, from a list or a column; any other text stays in it."""
    return join_list(dict.fromkeys(_parts(text)))


def listed_twice(text: str) -> tuple[str, ...]:
    """Return the numbers that a list holds more than once, ten digits each."""
    return tuple(
        number for number, count in Counter(_parts(text)).items() if count > 1 and ten_digits(number)
    )


def _parts(text: str) -> list[str]:
    return [ten_digits(part) or part for part in split_list(re.sub(r"[;\t\r\n]+", ",", text))]


def ten_digits(number: str) -> str:
    """Return a number as v1 of the API writes it, ten digits, from any usual notation; empty if it is not a number.

    Hyphens and blanks of every kind, invisible characters and `tel:` are ignored.
    """
    bare = "".join(
        character
        for character in number.strip().lower().removeprefix("tel:")
        if character not in "().+/\N{MINUS SIGN}" and category(character) not in ("Pd", "Zs", "Cf")
    )
    if len(bare) == 11 and bare.startswith("1"):
        bare = bare[1:]
    return bare if len(bare) == 10 and is_digits(bare) and starts_a_number(bare[:6], 6) else ""


def named_in(text: str) -> tuple[str, ...]:
    """Return the numbers that a sentence names, ten digits each, written without blanks: `+19195551234`."""
    found = re.findall(r"(?<!\d)(?:\+?1)?([2-9]\d{9})(?!\d)", text)
    return tuple(number for number in dict.fromkeys(found) if ten_digits(number))


def is_toll_free(number: str) -> bool:
    """Return True for a toll-free number, in any usual notation (bandwidth-api 13.7)."""
    return ten_digits(number)[:3] in TOLL_FREE


def e164(number: str) -> str:
    """Return a ten-digit number with its country code: `+19195551234`."""
    return f"+1{ten_digits(number)}"


def readable(number: str) -> str:
    """Return a ten-digit number as a person reads it: `+1 (919) 555-1234`."""
    bare = ten_digits(number)
    return f"+1 ({bare[:3]}) {bare[3:6]}-{bare[6:]}"


def listed(numbers: tuple[str, ...]) -> str:
    """Return the first five numbers in full, and how many more there are."""
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"{', '.join(map(readable, numbers[:5]))}{more}"


def readable_list(text: str) -> str:
    """Return a comma-separated list with its phone numbers as a person reads them; anything else stays in it."""
    return ", ".join(readable(part) if ten_digits(part) else part for part in split_list(text))


def starts_a_number(digits: str, count: int) -> bool:
    """Return True for the first `count` digits of a number: area code and exchange start with 2 to 9 (bandwidth-api 6.1)."""
    return (
        len(digits) == count
        and is_digits(digits)
        and all(digits[start] in "23456789" for start in range(0, min(count, 6), 3))
    )
