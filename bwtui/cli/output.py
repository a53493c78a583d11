"""The two streams: data goes to stdout, narration to stderr; on a terminal one line of it is alive."""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TextIO

SPINNER: Final = "-\\|/"
ERASE_LINE: Final = "\r\x1b[K"
_ROOM: Final = 5
"""Columns that are left free behind a question."""
_KEPT: Final = "\x00"
"""Stands for a blank at which no line ends, as in a phone number. Nothing that is printed holds it otherwise."""


class Output:
    """Everything that is printed goes through here, without what would steer a terminal: much of it comes from outside.

    With `as_json`, stdout gets one object a line and the last is the result; otherwise stdout gets only what the
    command was asked for.
    """

    def __init__(
        self, *, as_json: bool = False, stdout: TextIO | None = None, stderr: TextIO | None = None
    ) -> None:
        self.as_json = as_json
        self._stdout = stdout or sys.stdout
        self._stderr = stderr or sys.stderr
        self.is_terminal = self._stderr.isatty() and os.environ.get("TERM") != "dumb"
        """True if standard error is a terminal, where a line can be rewritten."""
        self._status = ""
        self._frame = 0

    def data(self, text: str) -> None:
        """Print what the command was asked for."""
        self._write(self._stdout, _harmless(text))

    def event(self, name: str, **fields: object) -> None:
        """One JSON line, with `--json` only."""
        if self.as_json:
            import json  # noqa: PLC0415 - start-up time is budgeted

            line = json.dumps({"v": 1, "event": name, **fields}, ensure_ascii=False)
            self._write(self._stdout, _harmless(line, lambda char: json.dumps(char)[1:-1]))

    def row(self, text: str, *, indent: int) -> None:
        """A row of a table that the command was asked for; on a terminal its last column is wrapped at words."""
        self._write(self._stdout, _wrapped(_harmless(text), self._stdout, indent=indent))

    def say(self, text: str, *, indent: int = 0, command: str = "") -> None:
        """A line for the person; on a terminal it is wrapped at words, what follows its first line indented.

        A `command` behind it is never cut in two: it will be copied.
        """
        whole = _harmless(f"{text} {command}" if command else text)
        told = _wrapped(whole, self._stderr, indent=indent, kept=_harmless(command))
        self._narrate(f"{ERASE_LINE if self._status else ''}{told}\n")
        self._show_status()

    def status(self, text: str) -> None:
        """Show what is going on now, on a terminal only: one line that is rewritten, or erased by an empty text."""
        if not self.is_terminal:
            return
        if self._status and not text:
            self._narrate(ERASE_LINE)
        self._status = _harmless(text)
        self._frame += 1
        self._show_status()

    def ask(self, question: str) -> None:
        """A question, without a line end; on a terminal there is room for an answer behind it."""
        text = _harmless(question)
        words = text.rstrip(" ")
        self._narrate(_wrapped(words, self._stderr, room=_ROOM) + text[len(words) :])

    def _show_status(self) -> None:
        if self._status:
            line = f"{SPINNER[self._frame % len(SPINNER)]} {self._status}"[: _columns(self._stderr) - 1]
            self._narrate(ERASE_LINE + line)

    def _narrate(self, text: str) -> None:
        try:
            self._stderr.write(_encodable(text, self._stderr))
            self._stderr.flush()
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            # The terminal went away. SIGHUP says so too, and its handler ends the command as it should.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stderr.fileno())

    @staticmethod
    def _write(stream: TextIO, text: str) -> None:
        stream.write(_encodable(text, stream) + "\n")
        stream.flush()


def _harmless(text: str, instead: Callable[[str], str] = lambda _: " ") -> str:
    """The text with whatever cannot be printed made a blank, or something else; ends of lines and tabs stay."""
    if text.isprintable():
        return text
    return "".join(char if _is_harmless(char) else instead(char) for char in text)


def _is_harmless(char: str) -> bool:
    """Half a surrogate pair is: no encoding has it, so that it becomes a question mark."""
    return char.isprintable() or char in "\n\t" or "\ud800" <= char <= "\udfff"


def _wrapped(text: str, stream: TextIO, *, indent: int = 0, room: int = 1, kept: str = "") -> str:
    """The text in lines that end `room` columns before the edge of a terminal, `kept` on one; as it is elsewhere."""
    columns = _columns(stream) - room if stream.isatty() else 0
    if columns <= indent or len(text) <= columns:
        return text
    import re  # noqa: PLC0415 - start-up time is budgeted
    import textwrap  # noqa: PLC0415

    never_cut = r"\+1 \(\d{3}\) \d" + (f"|{re.escape(kept)}" if kept else "")
    whole = re.sub(never_cut, lambda found: found[0].replace(" ", _KEPT), text)
    return "\n".join(
        textwrap.fill(
            line, columns, subsequent_indent=" " * indent, expand_tabs=False, replace_whitespace=False,
            break_long_words=False, break_on_hyphens=False,
        )
        for line in whole.split("\n")
    ).replace(_KEPT, " ")  # fmt: skip


def _columns(stream: TextIO) -> int:
    """Return the columns of a stream's terminal; the usual width if it does not tell."""
    import shutil  # noqa: PLC0415 - on a terminal only

    with suppress(OSError, ValueError):
        if columns := os.get_terminal_size(stream.fileno()).columns:
            return columns
    return shutil.get_terminal_size().columns


def _encodable(text: str, stream: TextIO) -> str:
    """The text as the stream's encoding can show it: an ASCII locale gets `?` rather than a traceback."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
