"""The lines of `bwtui doctor` about what would stop a setup or a message, and the exit code that they amount to.

A line's name stays: scripts look for it. docs/reference.md lists the names.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from bwtui.domain.runs.problem import Kind


class State(StrEnum):
    """The verdict of a check."""

    FINE = "fine"
    STOPS = "stops"
    UNKNOWN = "unknown"


class Line(NamedTuple):
    """One check."""

    name: str
    """`net.tls`."""
    state: State
    text: str
    """The finding in words, or the reason why it is not known."""
    todo: str = ""
    """Advice; empty where all is fine."""
    stops: str = ""
    """The thing that it will stop: a step by its title, `everything`, messages or calls."""
    kind: Kind = Kind.CONFLICT
    """The kind of problem, of a line that stops something."""

    @property
    def area(self) -> str:
        """The part of the name before its dot."""
        return self.name.partition(".")[0]


TITLES: Final = {
    "terminal": "This terminal",
    "setup": "The setup on this machine",
    "net": "The way to Bandwidth",
    "auth": "Credentials",
    "account": "The account",
    "step": "What the setup has made or uses",
    "callback": "Callbacks",
    "numbers": "Phone numbers",
}
"""The headings of the lines, by the part of their names before the dot."""

TERMINAL, SIZE, LOCALE = "terminal.type", "terminal.size", "terminal.locale"
SETUP = "setup.file"
PROXY, DNS, CONNECTION, TLS, CLOCK = "net.proxy", "net.dns", "net.connection", "net.tls", "net.clock"
GIVEN, BASIC, TOKEN, ROLES = "auth.given", "auth.basic", "auth.token", "auth.roles"
ID, ACCESS, PLATFORM, FEATURES = "account.id", "account.access", "account.platform", "account.features"
STEPS, CALLBACKS, NUMBERS = "step.any", "callback.any", "numbers.any"
"""These three stand where there is nothing to tell of single steps, URLs and numbers."""

ON_THE_ACCOUNT: Final = (ACCESS, PLATFORM, FEATURES, STEPS, CALLBACKS, NUMBERS)
"""The parts of the account that are checked, in this order."""

EVERYTHING: Final = "everything"


def fine(name: str, text: str) -> Line:
    """Return a line that needs nothing."""
    return Line(name, State.FINE, text)


def unknown(name: str, text: str, todo: str = "") -> Line:
    """Return a line for what could not be found out."""
    return Line(name, State.UNKNOWN, text, todo)


def stops(name: str, what: str, text: str, todo: str, kind: Kind = Kind.CONFLICT) -> Line:
    """Return a line for what will stop a step, or everything."""
    return Line(name, State.STOPS, text, todo, what, kind)


def not_looked_at(names: Iterable[str], because: str) -> tuple[Line, ...]:
    """Return the lines of checks that make no sense because an earlier one has failed."""
    return tuple(unknown(name, f"not looked at because {because}") for name in names)


def outcome(lines: Sequence[Line]) -> Kind | None:
    """Return the kind of problem that the lines amount to; `None` if nothing will stop the setup or a message.

    What is unknown is no problem by itself.
    """
    kinds = {line.kind for line in lines if line.state is State.STOPS}
    if Kind.CREDENTIALS in kinds:
        return Kind.CREDENTIALS
    if kinds & {Kind.UNREACHABLE, Kind.RATE_LIMITED}:
        return Kind.UNREACHABLE
    return Kind.CONFLICT if kinds else None


def summary(lines: Sequence[Line]) -> str:
    """Say how many lines there are of each kind: `12 fine, 1 will stop something, 3 unknown`."""
    counts = {state: sum(line.state is state for line in lines) for state in State}
    words = {State.FINE: "fine", State.STOPS: "will stop something", State.UNKNOWN: "unknown"}
    return ", ".join(f"{counts[state]} {word}" for state, word in words.items() if counts[state])


# --- This machine ----------------------------------------------------------------------------------------------

DESIGNED_FOR: Final = (80, 24)
SMALLEST: Final = (40, 12)
CLOCK_MAY_DIFFER: Final = 120.0
"""Seconds that this machine's clock and a server's may differ without anybody noticing."""


def terminal_lines(
    *, is_terminal: bool, kind: str, size: tuple[int, int], is_utf8: bool, encoding: str
) -> tuple[Line, ...]:
    """Judge the terminal: its kind, its columns and lines, and the characters that it shows."""
    return (
        _terminal(kind, is_terminal=is_terminal),
        _size(size, is_terminal=is_terminal),
        _locale(encoding, is_utf8=is_utf8),
    )


def _terminal(kind: str, *, is_terminal: bool) -> Line:
    if not is_terminal:
        return fine(TERMINAL, "none: the commands work, and bwtui --linear; the wizard needs a terminal")
    if kind in ("", "dumb"):
        todo = "Use bwtui --linear, or another terminal."
        return stops(TERMINAL, "the wizard", f"TERM is {kind or 'not set'}: screens cannot be drawn.", todo)
    return fine(TERMINAL, kind)


def _size(size: tuple[int, int], *, is_terminal: bool) -> Line:
    text = f"{size[0]}×{size[1]}"
    if not is_terminal:
        return fine(SIZE, "no terminal")
    if size[0] < SMALLEST[0] or size[1] < SMALLEST[1]:
        return stops(
            SIZE,
            "the wizard",
            f"{text} is too small for its screens.",
            "Make the window larger: 80×24 is enough.",
        )
    if size[0] < DESIGNED_FOR[0] or size[1] < DESIGNED_FOR[1]:
        return fine(SIZE, f"{text}; the screens scroll, and fit into 80×24")
    return fine(SIZE, text)


def _locale(encoding: str, *, is_utf8: bool) -> Line:
    if is_utf8:
        return fine(LOCALE, encoding)
    return fine(LOCALE, f"{encoding or 'not set'}: signs are shown as ASCII has them")


def clock_line(ahead: float | None) -> Line:
    """Judge this machine's clock: seconds that it is ahead of the server's; `None` if the server does not tell."""
    if ahead is None:
        return unknown(CLOCK, "The server does not tell its time.")
    if abs(ahead) <= CLOCK_MAY_DIFFER:
        return fine(CLOCK, "as the server's")
    minutes = round(abs(ahead) / 60)
    difference = f"{minutes} min {'ahead of' if ahead > 0 else 'behind'} the server's"
    text = f"This machine's clock is {difference}: certificates and waits are judged by it."
    return unknown(CLOCK, text, "Set it, as by: sudo timedatectl set-ntp true")
