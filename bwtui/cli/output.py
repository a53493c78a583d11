"""The two streams: data goes to stdout, narration to stderr; on a terminal one line of it is alive."""

import errno
import os
import sys
from collections.abc import Callable
from typing import Final, TextIO

SPINNER: Final = "-\\|/"
ERASE_LINE: Final = "\r\x1b[K"


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
        """Whether a line can be rewritten there."""
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

    def say(self, text: str) -> None:
        """A line for the person."""
        self._narrate(f"{ERASE_LINE if self._status else ''}{_harmless(text)}\n")
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
        """A question, without a line end."""
        self._narrate(_harmless(question))

    def _show_status(self) -> None:
        if self._status:
            line = f"{SPINNER[self._frame % len(SPINNER)]} {self._status}"[: _columns() - 1]
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


def _columns() -> int:
    import shutil  # noqa: PLC0415 - only where a line is alive

    return shutil.get_terminal_size().columns


def _encodable(text: str, stream: TextIO) -> str:
    """The text as the stream's encoding can show it: an ASCII locale gets `?` rather than a traceback."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
