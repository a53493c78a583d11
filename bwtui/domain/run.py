"""A run is a fold of its events: nothing else changes it, and everything that is shown of it is read from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What sort of trouble a problem is, for the exit code and for what can be done about it."""

    FAILED = "failed"
    CREDENTIALS = "credentials"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    UNREACHABLE = "unreachable"
    INVALID = "invalid"
    RATE_LIMITED = "rate_limited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something did not work, in the API's own terms; `remedies.explain` says what to do about it."""

    operation: str
    """The call, as `Request.operation` has it: `site.create`."""
    kind: Kind
    text: str
    """What the API said, or what happened instead of an answer. Text from outside: never markup."""
    status: int | None = None
    """The HTTP status, where there was an answer."""
    code: str = ""
    """The API's error code, where it gave one: `12112`."""
    unclear: bool = False
    """Whether the request may have had its effect all the same: look before doing it again."""
    details: Mapping[str, str] = field(default_factory=dict)
    """What else the answer held that helps: a recommended address (`Address/City`: `RALEIGH`)."""
