"""The two streams: data goes to stdout, narration to stderr; on a terminal one line of it is alive."""

import errno
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final, TextIO

from bwtui.cli.standard_streams import columns_of
from bwtui.cli.style import Line, Mark, Span, coloured, has_colours, in_ascii, marked, pieces
from bwtui.plain_ascii import is_utf8
from bwtui.terminal_progress import NO_TASK, Task, shows_progress

SPINNER: Final = "-\\|/"
ERASE_LINE: Final = "\r\x1b[K"
_ROOM: Final = 5
"""Columns that are left free behind a question."""
_KEPT: Final = "\x00"
"""Stands for a blank at which no line ends, as in a phone number. Nothing that is printed holds it otherwise."""

STOPPED: Final = "Stopped. Nothing is lost: run the same command again to continue."
"""Said where a signal, or an output that nobody reads, has ended the work in good order."""


class Output:
    """Everything that is printed goes through here, without what would steer a terminal: much of it comes from outside.

    With `as_json`, stdout gets one object a line and the last is the result; otherwise stdout gets only what the
    command was asked for.
    """

    def __init__(
        self,
        *,
        as_json: bool = False,
        is_plain: bool = False,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
    ) -> None:
        """With `is_plain`, there are no colours and no living line, whatever the terminal can do."""
        self.as_json = as_json
        self._stdout = stdout or sys.stdout
        self._stderr = stderr or sys.stderr
        self.is_terminal = self._stderr.isatty() and os.environ.get("TERM") != "dumb" and not is_plain
        """True if standard error is a terminal, where a line can be rewritten."""
        self.has_person = not as_json and self._stdout.isatty()
        """True if a person reads standard output."""
        self.ended_by: int | None = None
        """The exit code of the signal that ends the command, once one came."""
        self.on_lost: Callable[[OSError], None] | None = None
        """Told when a stream takes nothing more, what follows goes nowhere then; without it that is an error."""
        self.is_lost = False
        """True once a stream took nothing more."""
        self._has_colours = not (as_json or is_plain) and has_colours(self._stderr, os.environ)
        self._is_utf8 = is_utf8(os.environ)
        self.shows_tasks = self.is_terminal and shows_progress(os.environ)
        self._task = NO_TASK
        self._status = ""
        self._shown = 0
        self._frame = 0
        self._block: tuple[str, ...] = ()

    def data(self, text: str) -> None:
        """Print what the command was asked for."""
        self._write(self._stdout, _harmless(text))

    def event(self, name: str, /, **fields: object) -> None:
        """One JSON line, with `--json` only."""
        if self.as_json:
            import json  # noqa: PLC0415 - start-up time is budgeted

            from bwtui.domain.values.json_lines import json_line  # noqa: PLC0415 - the same

            line = json_line({"v": 1, "event": name, **fields}, ensure_ascii=False)
            self._write(self._stdout, _harmless(line, lambda char: json.dumps(char)[1:-1]))

    def row(self, line: Line, *, indent: int) -> None:
        """A row of a table that the command was asked for; on a terminal its last column is wrapped at words."""
        colours = has_colours(self._stdout, os.environ) and not self.as_json
        self._write(self._stdout, self._told(line, self._stdout, colours=colours, indent=indent))

    def say(self, line: Line, *, indent: int = 0, command: str = "") -> None:
        """A line for the person; on a terminal it is wrapped at words, what follows its first line indented.

        A `command` behind it is never cut in two: it will be copied.
        """
        whole = (*pieces(line), *([Span(f" {command}")] if command else ()))
        text = self._told(whole, self._stderr, colours=self._has_colours, indent=indent, kept=command)
        block = self._block
        self._narrate(f"{self._erasure()}{text}\n")
        self._show_status()
        if block:
            self.block(block)

    def status(self, text: str) -> None:
        """Show what is going on now, on a terminal only: one line that is rewritten, or erased by an empty text."""
        if not self.is_terminal:
            return
        if not text:
            self._narrate(self._erasure())
        self._status = self._shown_as(_harmless(text), self._stderr)
        self._frame += 1
        self._show_status()

    @property
    def shows_blocks(self) -> bool:
        """True for a terminal on which lines above the last one can be rewritten."""
        return self.is_terminal and not self.as_json

    def block(self, lines: Sequence[str]) -> None:
        """Show lines that are rewritten, where that can be: only those that have changed are sent. None takes them away."""
        if not self.shows_blocks:
            return
        columns = columns_of(self._stderr) - 1
        new = tuple(self._shown_as(_harmless(line), self._stderr)[:columns] for line in lines)
        if not new:
            self._narrate(self._erasure())
        if not new or new == self._block:
            return
        old, self._block = self._block, new
        if len(old) > len(new):  # what is below has to go
            self._narrate(_block_erased(old))
            old = ()
        texts = [
            "" if at < len(old) and old[at] == line else f"\r{line}\x1b[K" for at, line in enumerate(new)
        ]
        up = f"\x1b[{len(old) - 1}A" if len(old) > 1 else ""
        self._narrate(up + "\n".join(texts))

    def task(self, task: Task) -> None:
        """Show a task in the terminal's tab or taskbar where it is known to do that; ring where it begins to need a person."""
        if not self.shows_tasks or task == self._task:
            return
        rings = task.needs_a_person and task.state is not self._task.state
        self._task = task
        self._narrate(task.sequence + ("\a" if rings else ""))

    def ask(self, question: str, mark: Mark | None = None) -> None:
        """A question, without a line end; on a terminal there is room for an answer behind it."""
        words = question.rstrip(" ")
        line = marked(mark, words) if mark else words
        text = self._told(line, self._stderr, colours=self._has_colours, room=_ROOM)
        self._narrate(text + question[len(words) :])

    def _told(
        self, line: Line, stream: TextIO, *, colours: bool, indent: int = 0, room: int = 1, kept: str = ""
    ) -> str:
        """A line as the stream can show it: harmless, wrapped, and only then coloured."""
        spans = tuple(
            span._replace(text=self._shown_as(_harmless(span.text), stream)) for span in pieces(line)
        )
        text = "".join(span.text for span in spans).rstrip(" ")
        kept = self._shown_as(_harmless(kept), stream)
        wrapped = _wrapped(text, stream, indent=indent, room=room, kept=kept)
        return coloured(wrapped, spans) if colours else wrapped

    def _shown_as(self, text: str, stream: TextIO) -> str:
        """The text, with signs that the locale and the stream have."""
        return text if self._is_utf8 and _is_unicode(stream) else in_ascii(text)

    def _show_status(self) -> None:
        if self._status:
            line = f"{SPINNER[self._frame % len(SPINNER)]} {self._status}"[: columns_of(self._stderr) - 1]
            erasure = self._erasure() or self._erased(0)
            self._shown = len(line)
            self._narrate(erasure + line)

    def _erasure(self) -> str:
        """The text that takes the living line away; empty if there is none."""
        shown, self._shown = self._shown, 0
        block, self._block = self._block, ()
        return _block_erased(block) if block else self._erased(shown) if shown else ""

    def _erased(self, columns: int) -> str:
        """The cursor at the beginning of a line that is empty, its `columns` were in use."""
        return ERASE_LINE if self._has_colours else f"\r{' ' * columns}\r" if columns else ""

    def _narrate(self, text: str) -> None:
        try:
            self._stderr.write(_encodable(text, self._stderr))
            self._stderr.flush()
        except OSError as error:
            if error.errno == errno.EIO:
                # The terminal went away. SIGHUP says so too, and its handler ends the command as it should.
                _lead_nowhere(self._stderr)
            else:
                self._lose(self._stderr, error)

    def _write(self, stream: TextIO, text: str) -> None:
        try:
            stream.write(_encodable(text, stream) + "\n")
            stream.flush()
        except OSError as error:
            self._lose(stream, error)

    def _lose(self, stream: TextIO, error: OSError) -> None:
        if self.on_lost is None:
            raise error
        _lead_nowhere(stream)
        self.is_lost = True
        self.on_lost(error)


def _lead_nowhere(stream: TextIO) -> None:
    """Let a stream that nobody reads take whatever is written to it."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        os.dup2(nowhere.fileno(), stream.fileno())


def _block_erased(block: Sequence[str]) -> str:
    """The cursor at the beginning of the first line of a block, and nothing from there on."""
    up = f"\x1b[{len(block) - 1}A" if len(block) > 1 else ""
    return f"\r{up}\x1b[J"


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
    columns = columns_of(stream) - room if stream.isatty() else 0
    if columns <= indent or len(text) <= columns:
        return text
    import re  # noqa: PLC0415 - start-up time is budgeted
    import textwrap  # noqa: PLC0415

    never_cut = r"\+1 \(\d{3}\) \d" + (f"|{re.escape(kept)}" if kept else "")
    whole = re.sub(never_cut, lambda found: found[0].replace(" ", _KEPT), text)
    longest = max(map(len, whole.split()), default=0)
    if longest <= columns:
        indent = min(indent, columns - longest)  # rather than have the terminal break a URL
    return "\n".join(
        textwrap.fill(
            line, columns, subsequent_indent=" " * indent, expand_tabs=False, replace_whitespace=False,
            break_long_words=False, break_on_hyphens=False,
        )
        for line in whole.split("\n")
    ).replace(_KEPT, " ")  # fmt: skip


def _is_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "utf-8").casefold().replace("-", "").startswith("utf")


def _encodable(text: str, stream: TextIO) -> str:
    """The text as the stream's encoding can show it: an ASCII locale gets `?` rather than a traceback."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
