"""Problems: a failure in the API's own terms or in ours, and the errors that end the work with one."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class OwnCode(StrEnum):
    """Our own error codes, for what bwtui itself finds; `remedy_table` has a row for each."""

    NOT_YET = "NOT_YET"
    """An object that was just made cannot be read yet."""
    UNSENT = "UNSENT"
    """Everything was to stop before it was sent: the person had asked to, or nothing more could be done."""
    SAME_NAME = "SAME_NAME"
    """Something that this setup did not make has the name."""
    UNLIKE = "UNLIKE"
    """The object to use is not as answered."""
    LIKE_OURS = "LIKE_OURS"
    """Something appeared with the name of what was about to be made, and is not as answered."""
    SEVERAL = "SEVERAL"
    """More than one could be meant."""
    UNKNOWN_ID = "UNKNOWN_ID"
    """The object to use does not exist."""
    REMOVED = "REMOVED"
    """Somebody removed what this setup had made."""
    STILL_THERE = "STILL_THERE"
    """Something that is to be replaced because it was removed still exists."""
    SET_OTHERWISE = "SET_OTHERWISE"
    """A setting of an existing location has other values."""
    OTHER_NUMBERS = "OTHER_NUMBERS"
    """The location has, or may have, numbers that this setup did not order."""
    BOUGHT_TWICE = "BOUGHT_TWICE"
    """Orders have brought more numbers than were to be bought."""
    NUMBERS_GONE = "NUMBERS_GONE"
    """Ordered numbers are not on the location."""
    ORDER_IN_DOUBT = "ORDER_IN_DOUBT"
    """An order may have bought numbers that it does not name."""
    NOTHING_FOUND = "NOTHING_FOUND"
    """The search found no numbers."""
    IN_OTHER_PACKAGE = "IN_OTHER_PACKAGE"
    """A number is in another voice package."""
    ON_OTHER_CAMPAIGN = "ON_OTHER_CAMPAIGN"
    """A number is on another 10DLC campaign."""
    NOT_READY = "NOT_READY"
    """A number is not provisioned, or its services are not active, although that was asked for."""
    CHANGED_SINCE = "CHANGED_SINCE"
    """Something was changed between the look and its removal."""
    STILL_SHOWN = "STILL_SHOWN"
    """Something that was removed still shows."""
    STILL_AGEING = "STILL_AGEING"
    """Released numbers still keep their location from being removed."""
    PLATFORM_UNKNOWN = "PLATFORM_UNKNOWN"
    """Nobody knows which platform the account is on, so voice cannot be set up."""
    OTHER_PLATFORM = "OTHER_PLATFORM"
    """The account shows that it is on another platform than the answered one."""
    TRIAL_ACCOUNT = "TRIAL_ACCOUNT"
    """A trial account cannot do this step."""
    NO_PASSWORD = "NO_PASSWORD"  # noqa: S105 - a code
    """A callback password was not given."""
    WHICH_ACCOUNT = "WHICH_ACCOUNT"
    """No account is given, and the credentials do not name just one."""
    CLIENT_REFUSED = "CLIENT_REFUSED"
    """The token service does not accept the OAuth2 client."""
    NO_TOKEN = "NO_TOKEN"  # noqa: S105 - a code
    """The token service answered neither with a token nor with a refusal."""
    BASIC_REFUSED = "BASIC_REFUSED"
    """Bandwidth refused a user name and a password before HTTP Basic has ended there."""
    BASIC_ENDED = "BASIC_ENDED"
    """Bandwidth refused a user name and a password after HTTP Basic has ended there."""


TAKEN: Final = ("5005", "5018", "5213", "5218")
"""Bandwidth's codes that mean: this number cannot be had, but another may be."""

EARLIER: Final = "earlier attempt"
"""The detail of a problem that names earlier attempts of its step that may have had their effect: the ids of orders, or any text."""

SIGNED_IN_WITH: Final = "signed in with"
"""The detail of a refusal of the credentials that says where they come from; without it they were taken from the environment."""
SIGNED_IN_BY: Final = "signed in by"
"""The detail of a refusal of the credentials that names the saved login that they are of."""
OWN_ADDRESS: Final = "own address"
"""The detail of an account that was not found that holds the base URL, where that is one of the person's own."""


UNSAID: Final = "without saying why."
"""The end of our own text for an answer of which nothing but the status is known."""


class Kind(StrEnum):
    """The kinds of problem; the kind decides the exit code and the advice."""

    FAILED = "failed"
    CREDENTIALS = "credentials"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    UNREACHABLE = "unreachable"
    INVALID = "invalid"
    RATE_LIMITED = "rate_limited"


class Problem(NamedTuple):
    """A failure in the API's own terms; `remedies.explain` says what to do about it."""

    operation: str
    """The call, as `Request.operation` has it: `site.create`."""
    kind: Kind
    text: str
    """The API's own text, or what happened instead of an answer. Text from outside: never markup."""
    status: int | None = None
    """The HTTP status, if there was an answer."""
    code: str = ""
    """The API's error code, if it gave one: `12112`."""
    unclear: bool = False
    """True if the request may have had its effect all the same: look before sending it again."""
    details: Mapping[str, str] = MappingProxyType({})
    """Other helpful values: a recommended address (`City`: `RALEIGH`); with our own codes the `id` to answer; `EARLIER`
    and those after it."""

    @property
    def is_own(self) -> bool:
        """True if bwtui itself found it, so that its code says nothing to a person."""
        return self.code in OwnCode.__members__


class ProblemError(Exception):
    """Raised when a problem ends the work; the only error of the API that front ends see."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


class Stopped(Exception):  # noqa: N818 - it is a wish, not an error
    """Raised once the person has asked to leave: nothing new is started."""
