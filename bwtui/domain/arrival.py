"""Whether messages and calls of a phone number arrive: the verdict, its reason, and what to do next."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The answer to: will it arrive? What could not be read is unknown, and never becomes a no."""

    YES = "yes"
    NOT_YET = "not yet"
    NO = "no"
    UNKNOWN = "unknown"


class Service(StrEnum):
    """A service of a phone number."""

    MESSAGES = "messages"
    CALLS = "calls"


@dataclass(frozen=True, slots=True)
class Arrival:
    """The verdict on one service of a phone number."""

    number: str
    """Ten digits."""
    service: Service
    verdict: Verdict
    because: str = ""
    """A sentence; empty for a yes."""
    next: str = ""
    """A sentence on what to do, and where; empty for a yes."""
