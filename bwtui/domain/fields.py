"""The kinds of part that a request is made of: three kinds of question, and two kinds that are not asked."""

from collections.abc import Callable
from typing import NamedTuple

from bwtui.domain.checks import Check


class Text(NamedTuple):
    """Something that is typed."""

    key: str
    """Its name in the answers file, below the step's table."""
    label: str
    help: str
    source: str
    """Where the limit comes from."""
    wire: str = ""
    """Where it goes: the element's whole path below the root, or the query parameter. Empty: never sent."""
    required: bool = False
    limit: int | None = None
    """The longest that is taken, in characters; shown as a count while typing."""
    check: Check | None = None
    """The guide's limits; an answer beyond them is refused."""
    warn: Check | None = None
    """Limits that only newer or older sources know; an answer beyond them gets a warning."""
    meant: Callable[[str], str] | None = None
    """Takes what can only mean one thing as it is meant; what could mean several stays as it is."""
    default: str = ""
    """May name other answers: `{setup.callback_base_url}/callbacks`."""
    suggestion: str = ""
    """The form's first value, where any good name will do; an answers file has to say it."""
    guide: str = ""
    """The value that the guide's own example sends."""
    example: str = ""
    secret_from: str = ""
    """The environment variable that a secret is taken from; a secret is never in a file."""
    many: bool = False
    """It is a list: commas in a form, an array in the answers file."""
    echoed_as: tuple[str, ...] = ()
    """The elements that may show it in replies, best first, where that is not `wire`."""
    replaces: tuple[str, ...] = ()
    """Wire names that Bandwidth fills in from this one, and refuses beside it."""
    supersedes: tuple[str, ...] = ()
    """Wire names that are left out when this is answered."""
    receives: str = ""
    """Of a callback URL, the events that Bandwidth posts there: `message events`."""
    answers_calls: bool = False
    """The server behind this URL decides, with BXML, how a call goes on."""
    goes_with: str = ""
    """The key of the question that has to be answered too: the user that a password belongs to."""
    is_count: bool = False
    """A TOML number may answer it: elsewhere digits are text, and a number would lose leading zeros."""

    @property
    def is_secret(self) -> bool:
        """True where the answer is kept apart and never saved."""
        return bool(self.secret_from)


class Choice(NamedTuple):
    """One of a few words."""

    key: str
    label: str
    help: str
    source: str
    options: tuple[str, ...]
    wire: str = ""
    required: bool = False
    default: str = ""
    guide: str = ""

    @property
    def is_secret(self) -> bool:
        """Never: a secret is typed."""
        return False


class Flag(NamedTuple):
    """Yes or no."""

    key: str
    label: str
    help: str
    source: str
    wire: str = ""
    required: bool = False
    default: bool | None = None
    """`None`: not sent unless answered."""
    guide: bool | None = None
    true_for_first: bool = False
    """The first of its kind is always sent `true`: the first location is the default one (bandwidth-api 3.1)."""

    @property
    def is_secret(self) -> bool:
        """Never: a secret is typed."""
        return False


class Const(NamedTuple):
    """A value that must be sent exactly so and is not asked."""

    wire: str
    value: str
    source: str


class Ref(NamedTuple):
    """A value that an earlier step produced."""

    wire: str
    output: str


Question = Text | Choice | Flag
Part = Question | Const | Ref
