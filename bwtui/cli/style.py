"""Signs and colours of what the command line prints: each colour stands beside a sign, and plain text says it all.

A line is made of pieces. What comes from outside is text in a piece: `Output` takes every control character out of
it before colours are added, so it cannot bring any of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import groupby
from typing import Final, NamedTuple, TextIO

from bwtui.plain_ascii import ASCII_SIGNS


class Tone(Enum):
    """A colour of the sixteen that every terminal has, or a weight, by its SGR code (ECMA-48, 8.3.117)."""

    GOOD = "32"
    DOUBTFUL = "33"
    BAD = "31"
    DIM = "2"
    STRONG = "1"


class Span(NamedTuple):
    """A piece of a line, in one tone."""

    text: str
    tone: Tone | None = None


Line = str | tuple[Span, ...]
"""A line to print: plain text, or pieces with a style each."""

_RESET: Final = "\x1b[m"


class Mark(Enum):
    """A sign and its tone."""

    DONE = ("✓", Tone.GOOD)
    FAILED = ("✗", Tone.BAD)
    OPEN = ("!", Tone.DOUBTFUL)
    COSTS = ("$", Tone.DOUBTFUL)
    UNKNOWN = ("?", Tone.DOUBTFUL)
    RUNNING = ("…", None)
    WAITING = ("…", Tone.DOUBTFUL)
    TO_DO = ("○", Tone.DIM)
    SKIPPED = ("–", Tone.DIM)
    CREATE = ("+", Tone.GOOD)
    KEEP = ("=", Tone.DIM)
    CHANGE = ("~", Tone.DOUBTFUL)
    CONFLICT = ("!", Tone.BAD)

    def __init__(self, sign: str, tone: Tone | None) -> None:
        """`sign` is one character, and `ASCII_SIGNS` has its likeness."""
        self.sign = sign
        self.tone = tone


TITLE_WIDTH: Final = 22
WORD_WIDTH: Final = 12
INDENT: Final = len("✓ ") + TITLE_WIDTH + WORD_WIDTH + 1
"""The column at which the last part of a row begins, and goes on where it is wrapped."""


def marked(mark: Mark, text: str) -> Line:
    """A sentence behind its sign."""
    return (Span(mark.sign, mark.tone), Span(f" {text}"))


def row(mark: Mark, title: str, word: str, rest: str = "") -> Line:
    """A row of a table: sign, step, state or action, and what there is to say about it."""
    return (
        Span(mark.sign, mark.tone),
        Span(f" {title:<{TITLE_WIDTH}}"),
        Span(f"{word:<{WORD_WIDTH}}" if rest else word, mark.tone),
        Span(f" {rest}" if rest else ""),
    )


def warning(text: str) -> Line:
    """A doubt that stops nothing."""
    return (Span(f"{Mark.OPEN.sign} ", Mark.OPEN.tone), Span("warning:", Mark.OPEN.tone), Span(f" {text}"))


def hint(text: str) -> Line:
    """Text that helps, and matters less: dim."""
    return (Span(text, Tone.DIM),)


def pieces(line: Line) -> tuple[Span, ...]:
    """The pieces of a line."""
    return (Span(line),) if isinstance(line, str) else line


def plain(line: Line) -> str:
    """The text of a line."""
    return "".join(span.text for span in pieces(line))


def has_colours(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """True for a terminal that shows colours, unless NO_COLOR is set and not empty (no-color.org)."""
    return stream.isatty() and environ.get("TERM") != "dumb" and not environ.get("NO_COLOR")


def coloured(text: str, spans: Iterable[Span]) -> str:
    """The text with the tones of the pieces that it was made of; it may have been wrapped, its blanks are its own."""
    tones = iter([span.tone for span in spans for char in span.text if not char.isspace()])
    return "".join(f"\x1b[{tone.value}m{run}{_RESET}" if tone else run for tone, run in _runs(text, tones))


def _runs(text: str, tones: Iterator[Tone | None]) -> Iterator[tuple[Tone | None, str]]:
    """Divide a text into runs of one tone; a blank has that of the character before it."""
    tone: Tone | None = None
    toned = []
    for char in text:
        if not char.isspace():
            tone = next(tones)
        toned.append((tone, char))
    for each, run in groupby(toned, key=lambda pair: pair[0]):
        yield each, "".join(char for _, char in run)


def in_ascii(text: str) -> str:
    """The text with our signs as ASCII has them; other characters are left to the stream's encoding."""
    return text.translate(ASCII_SIGNS)
