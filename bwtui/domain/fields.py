"""The kinds of part of a request: three kinds of question, and two kinds that are not asked."""

from collections.abc import Callable
from typing import Final, NamedTuple

from bwtui.domain.platform import Platform
from bwtui.domain.values.checks import Check


class Text(NamedTuple):
    """A question that is answered by typing text."""

    key: str
    """Its name in the answers file, below the step's table."""
    label: str
    help: str
    source: str
    """The source of the limit."""
    wire: str = ""
    """The element's whole path below the root, or the query parameter; empty if it is never sent.

    In JSON, `[]` at the end of a name means that the member is an array."""
    required: bool = False
    limit: int | None = None
    """Most characters of an answer; shown as a count while typing."""
    form: str = ""
    """The form of an answer in words, such as `Five digits`, if the limit alone does not say it."""
    check: Check | None = None
    """The guide's limits; an answer beyond them is refused."""
    warn: Check | None = None
    """Limits that only newer or older sources know; an answer beyond them gets a warning."""
    meant: Callable[[str], str] | None = None
    """Corrects an answer that can mean only one thing; returns any other unchanged."""
    rest: Callable[[str], str] | None = None
    """Returns the part of what was typed that answers the question `rest_goes_to`; empty if there is none."""
    rest_goes_to: str = ""
    """The key of the question that takes the rest: the ZIP extension, after the ZIP code."""
    shown: Callable[[str], str] | None = None
    """Returns an answer as people read it; what is shown can be typed, too."""
    default: str = ""
    """The answer if none is given; it may name other answers: `{setup.callback_base_url}/callbacks`."""
    suggestion: str = ""
    """The form's first value, for a name that can be chosen freely; an answers file must give one."""
    guide: str = ""
    """The value that the guide's own example sends."""
    example: str = ""
    secret_from: str = ""
    """The environment variable that a secret is taken from; a secret is never in a file."""
    many: bool = False
    """True if the answer is a list: with commas in a form, an array in the answers file."""
    echoed_as: tuple[str, ...] = ()
    """The elements that may show the value in replies, best first; empty if only `wire` does."""
    replaces: tuple[str, ...] = ()
    """Wire names that Bandwidth fills in from this one, and refuses beside it."""
    supersedes: tuple[str, ...] = ()
    """Wire names that are left out when this is answered."""
    receives: str = ""
    """For a callback URL, the events that Bandwidth posts there: `message events`."""
    answers_calls: bool = False
    """True if the server at this URL decides, with BXML, how a call goes on."""
    goes_with: str = ""
    """The key of the question that has to be answered too: the user that a password belongs to."""
    is_count: bool = False
    """True if a TOML number may answer it; other digits are text, since a number would lose leading zeros."""

    @property
    def limit_told(self) -> str:
        """The limit in a short sentence: `At most 10 characters.`; empty if there is none."""
        if self.form:
            return f"{self.form}."
        return f"At most {self.limit} characters." if self.limit else ""

    @property
    def is_secret(self) -> bool:
        """True if the answer is kept apart and never saved."""
        return bool(self.secret_from)


class Choice(NamedTuple):
    """A question that is answered by one of a few words."""

    key: str
    label: str
    help: str
    source: str
    options: tuple[str, ...]
    wire: str = ""
    required: bool = False
    default: str = ""
    guide: str = ""
    meanings: tuple[str, ...] = ()
    """The meaning of each option in a few words, where the words of the API do not tell it."""
    platform: Platform | None = None
    """The only platform on which it is asked; `None` if it is the same on all."""

    @property
    def told(self) -> tuple[str, ...]:
        """The options with their meanings."""
        if not self.meanings:
            return self.options
        return tuple(
            f"{option}: {meaning}" for option, meaning in zip(self.options, self.meanings, strict=True)
        )

    @property
    def is_secret(self) -> bool:
        """Never: a secret is typed."""
        return False


class Flag(NamedTuple):
    """A question that is answered by yes or no."""

    key: str
    label: str
    help: str
    source: str
    wire: str = ""
    required: bool = False
    default: bool | None = None
    """The answer if none is given; `None` if it is sent only when answered."""
    guide: bool | None = None
    sends: str = ""
    """The word that is sent for yes, and nothing for no; empty if `true` and `false` are sent."""
    shown_as: str = ""
    """The member of a voice number that shows it when it is read back; empty if none does."""
    wanted_by: str = ""
    """The wish of `[setup]` without which it has no meaning; empty if it always has one."""
    is_detail: bool = False
    """True if the default suits most: a form folds it away with the optional questions, although it is always sent."""
    true_for_first: bool = False
    """True if the first of its kind always sends `true`: the first location is the default (bandwidth-api 3.1)."""

    @property
    def is_secret(self) -> bool:
        """Never: a secret is typed."""
        return False


ROOT_TEXT: Final = "."
"""The `wire` of a value that is the text of the document's root, in place of children."""


class Const(NamedTuple):
    """A value that must be sent exactly so and is not asked."""

    wire: str
    label: str
    value: str
    source: str


class Ref(NamedTuple):
    """A value that an earlier step produced."""

    wire: str
    output: str
    label: str = ""
    """The label for it when it is compared with the account."""


Question = Text | Choice | Flag


def is_asked_first(question: Question) -> bool:
    """Return True for a required question, unless its default suits most."""
    return question.required and not (isinstance(question, Flag) and question.is_detail)


Part = Question | Const | Ref


def is_yes_or_no(part: Part) -> bool:
    """Return True for what is sent as `true` or `false`: a flag, or a value that is always one of the two."""
    return isinstance(part, Flag) or (isinstance(part, Const) and part.value in ("true", "false"))
