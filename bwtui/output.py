"""The two streams: data goes to stdout, narration to stderr; on a terminal one line of it is alive."""

import json
import shutil
import sys
from typing import Final, TextIO

SPINNER: Final = "-\\|/"
ERASE_LINE: Final = "\r\x1b[K"


class Output:
    """Everything that is printed goes through here.

    With `as_json`, stdout gets one object a line and the last is the result; otherwise stdout gets only what the
    command was asked for.
    """

    def __init__(
        self, *, as_json: bool = False, stdout: TextIO | None = None, stderr: TextIO | None = None
    ) -> None:
        self.as_json = as_json
        self._stdout = stdout or sys.stdout
        self._stderr = stderr or sys.stderr
        self.is_terminal = self._stderr.isatty()
        self._status = ""
        self._frame = 0

    def data(self, text: str) -> None:
        """What the command was asked for."""
        self._write(self._stdout, text)

    def event(self, name: str, **fields: object) -> None:
        """One JSON line, with `--json` only."""
        if self.as_json:
            self._write(self._stdout, json.dumps({"v": 1, "event": name, **fields}, ensure_ascii=False))

    def say(self, text: str) -> None:
        """A line for the person."""
        if self._status:
            self._stderr.write(ERASE_LINE)
        self._write(self._stderr, text)
        self._show_status()

    def status(self, text: str) -> None:
        """What is going on now, on a terminal only: one line that is rewritten. Empty: nothing."""
        if not self.is_terminal:
            return
        if self._status and not text:
            self._stderr.write(ERASE_LINE)
            self._stderr.flush()
        self._status = text
        self._frame += 1
        self._show_status()

    def ask(self, question: str) -> None:
        """A question, without a line end."""
        self._stderr.write(_encodable(question, self._stderr))
        self._stderr.flush()

    def _show_status(self) -> None:
        if self._status:
            line = f"{SPINNER[self._frame % len(SPINNER)]} {self._status}"[: _columns() - 1]
            self._stderr.write(ERASE_LINE + _encodable(line, self._stderr))
            self._stderr.flush()

    @staticmethod
    def _write(stream: TextIO, text: str) -> None:
        stream.write(_encodable(text, stream) + "\n")
        stream.flush()


def _columns() -> int:
    return shutil.get_terminal_size().columns


def _encodable(text: str, stream: TextIO) -> str:
    """The text as the stream's encoding can show it: an ASCII locale gets `?` rather than a traceback."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
