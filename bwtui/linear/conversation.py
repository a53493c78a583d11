"""The conversation: what is said and asked, a line each, and what may be answered to any question."""

import select
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final, NamedTuple, Protocol, TextIO

from bwtui.domain.values.secret import MASK
from bwtui.domain.values.text import join_list
from bwtui.domain.values.yes_or_no import read_yes_or_no
from bwtui.ending_signals import ENDING_SIGNALS

LEAVE: Final = "!"

TAKEN_AWAY: Final = "-"
"""The answer that takes away the answer to an optional question."""

LONGEST: Final = 4095
"""Bytes of a line that a terminal of Linux passes on; the rest is lost."""

IN_LIST: Final = "Number in the list"
"""Asks for one of the lines above, so that no phone number and no id is typed."""

_ASCII: Final = str.maketrans(
    {
        "“": '"', "”": '"', "’": "'", "…": "...", "–": "-", "—": "-", "•": "*", "×": "x", "→": "->",
        **dict.fromkeys(map(chr, range(0x2500, 0x25A0)), " "),
    }
)  # fmt: skip
"""Signs that a serial console or a screen reader may not know, in ASCII; box-drawing characters are blanks."""


class Back(Exception):  # noqa: N818 - it is a wish, not an error
    """The question before is wanted."""


class Left(Exception):  # noqa: N818 - it is a wish, not an error
    """The person leaves: by an answer, by the end of the input, or by a signal."""

    def __init__(self, which: signal.Signals = signal.SIGINT) -> None:
        super().__init__(which.name)
        self.which = which


class Printer(Protocol):
    """Prints to the terminal, pipe or file, without what steers a terminal."""

    def say(self, text: str, *, indent: int = 0, command: str = "") -> None:
        """Print a line; a `command` behind it is not cut in two."""

    def ask(self, question: str) -> None:
        """Print a question without a line end."""


class Terminal(NamedTuple):
    """Says things and takes the answers, on a terminal or over pipes and files."""

    printer: Printer
    lines: TextIO
    read_hidden: Callable[[str], str | None]
    """Asks a question whose answer is not shown while it is typed; `None` at the end of the input."""
    forget_typed: Callable[[], None]
    """Throws away what was typed before a question was there to be seen."""


class Conversation:
    """Speaks with the person. Every question may be answered with `?`, `<` and `!`; nothing is lost by any of them.

    Where a question is asked, `Back` and `Left` may be raised.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._printer = terminal.printer
        self._terminal = terminal
        self._signals: list[signal.Signals] = []
        self._is_asking = False
        self.on_signal: Callable[[], object] | None = None
        """Told of a signal while something is under way; `None` while nothing is."""

    def begin(self, text: str) -> None:
        """Say something that is about another place, an empty line before it."""
        self._printer.say("")
        self.say(text)

    def number(self, lines: Sequence[str], first: int = 1) -> None:
        """Say lines to choose from, each with its number."""
        for number, line in enumerate(lines, first):
            self.say(f"{number}. {line}", indent=len(f"{number}. "))

    def say(self, text: str, *, indent: int = 2, command: str = "") -> None:
        """Say something, each line on its own; empty lines are left out."""
        for line in filter(None, text.splitlines()):
            self._printer.say(_plain(line), indent=indent, command=command)

    def ask(
        self,
        question: str,
        explanation: str = "",
        *,
        hidden: bool = False,
        many: bool = False,
        removable: bool = False,
    ) -> str:
        """Ask a question and return the answer; asked for help, give the explanation and ask again.

        An answer that may be `many` may be pasted in several lines. The help tells how to take away what is
        `removable`; who asks takes it away.
        """
        while True:
            answer = self._read(f"{_plain(question)}: ", hidden=hidden)
            if many:
                answer = join_list((answer, *self._pasted()))
            match answer.strip():
                case "?":
                    self.say(f"{explanation}\n{_manners(removable=removable)}".strip())
                case "<":
                    raise Back
                case "!":
                    raise Left
                case text if not _is_text(text):
                    self.refuse("That is not text in UTF-8: type it again.")
                case text if self._is_terminal and len(text.encode()) >= LONGEST:
                    self.refuse(
                        f"A terminal cuts a line off after {LONGEST} characters, so some of it is missing."
                    )
                case text:
                    return text

    def refuse(self, told: str) -> None:
        """Say what is wrong with an answer. What was pasted behind it is no answer to what comes next."""
        self._terminal.forget_typed()
        self.say(told)

    def confirm(
        self, question: str, explanation: str = "", *, default: bool = False, costs: bool = False
    ) -> bool:
        """Ask for yes or no. Where it `costs` money, what was typed before the question does not count."""
        if costs:
            self._terminal.forget_typed()
        while True:
            answer = self.ask(f"{question} Yes or no [{'yes' if default else 'no'}]", explanation)
            if (meant := read_yes_or_no(answer, default=default)) is not None:
                return meant
            self.refuse(f'"{answer}" is neither: type yes or no.')

    def choose(
        self, question: str, options: Sequence[str], explanation: str = "", *, default: int = 0
    ) -> int:
        """Ask for one of several by its number; return its index. `default` is an index too, -1 for none."""
        self.number(options)
        shown = f" [{default + 1}]" if default >= 0 else ""
        while True:
            answer = self.ask(f"{question} {IN_LIST}{shown}", explanation)
            if not answer and default >= 0:
                return default
            if (chosen := chosen_number(answer, len(options))) is not None:
                return chosen - 1
            named = [index for index, option in enumerate(options) if option.casefold() == answer.casefold()]
            if named:
                return named[0]
            self.refuse(f"Type a number from 1 to {len(options)}.")

    # --- reading ---

    def _read(self, question: str, *, hidden: bool) -> str:
        """Read one line. Raises `Left` at the end of the input, and after a signal."""
        self._is_asking = True
        try:
            self.leave_if_signalled()
            line = self._terminal.read_hidden(question) if hidden else self._read_shown(question)
        finally:
            self._is_asking = False
        if line is None:
            raise Left
        return line.rstrip("\r\n")

    def _read_shown(self, question: str) -> str | None:
        """Ask, and read the answer; `None` at the end of the input. What has no line end is no answer."""
        self._printer.ask(question)
        try:
            line = self._terminal.lines.readline()
        except OSError:  # the terminal went away
            line = ""
        if not self._is_terminal:
            # Nothing else echoes it, and a log shows it all the same.
            self._printer.say(_plain(line.rstrip()))
        elif not line.endswith("\n"):
            self._printer.say("")
        return line if line.endswith("\n") else None

    def _pasted(self) -> Iterator[str]:
        """Yield the lines that wait already on a terminal: they were pasted along with the first."""
        while self._is_terminal and select.select([self._terminal.lines], [], [], 0)[0]:
            yield self._terminal.lines.readline().rstrip("\r\n")

    @property
    def _is_terminal(self) -> bool:
        return self._terminal.lines.isatty()

    # --- signals ---

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Heed the signals that end a program until the end of the block; one that is ignored stays ignored."""
        before = {which: signal.getsignal(which) for which in ENDING_SIGNALS}
        for which, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(which, self._signalled)
        try:
            yield
        finally:
            for which, handler in before.items():
                signal.signal(which, handler)

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        which = signal.Signals(number)
        self._signals.append(which)
        if self.on_signal:
            self.on_signal()
        elif self._is_asking:
            self._is_asking = False  # a second one must not break what the first one has begun
            raise Left(which)

    @property
    def was_signalled(self) -> bool:
        """True once a signal has come."""
        return bool(self._signals)

    def leave_if_signalled(self) -> None:
        """Raise `Left` if a signal has come."""
        if self._signals:
            raise Left(self._signals[0])


def chosen_number(text: str, most: int) -> int | None:
    """Return a typed number from 1 to `most`, else `None`."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    return number if 1 <= (number := int(text)) <= most else None


def _manners(*, removable: bool) -> str:
    """Return what may be answered to any question, and to one whose answer is `removable`."""
    taking_away = f" {TAKEN_AWAY} takes an answer away," if removable else ""
    return (
        f"Enter alone takes what stands in brackets,{taking_away} < goes back a question, ! leaves; "
        "nothing is lost by it."
    )


def _plain(text: str) -> str:
    return text.replace(MASK, "******").translate(_ASCII)


def _is_text(text: str) -> bool:
    """Return False for bytes that were no UTF-8, which Python reads as halves of surrogate pairs."""
    return not any("\ud800" <= char <= "\udfff" for char in text)
