"""The driver: Textual's own for Linux and macOS, with another way to the terminal."""

import os
from collections.abc import Mapping

from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from bwtui.tui.frugal.output import Output
from bwtui.tui.terminal import TerminalDriver


class FrugalDriver(TerminalDriver):
    """Sends only what changes."""

    _output: Output | None = None

    def start_application_mode(self) -> None:
        """Begin on an empty screen: at the start, and when the program is continued."""
        assert self._file, "Textual draws on it"
        self._output = Output(self._file.fileno(), erases_with_background=_erases_with_background(os.environ))
        self._output.start()
        super().start_application_mode()

    def write(self, data: str) -> None:
        """Take what Textual writes."""
        assert self._output, "in application mode"
        self._output.put(data, (self._app.size.width, self._app.size.height))

    def process_message(self, message: Message) -> None:
        """Take the terminal's answers to our own questions; the rest is for Textual."""
        answer = isinstance(message, TerminalSupportsSynchronizedOutput)
        if not (answer and self._output and self._output.answered()):
            super().process_message(message)

    def close(self) -> None:
        """Send what is left."""
        self._end_output()
        super().close()

    def _end_output(self) -> None:
        if self._output:
            self._output.end()


def driver_class(environ: Mapping[str, str], switch: str) -> type[TerminalDriver]:
    """The frugal driver, or the one that sends as Textual does.

    `switch` names the environment variable that asks for the latter with the value `stock`. A terminal that does not
    say what it is gets that one too.
    """
    if environ.get(switch) == "stock" or environ.get("TERM", "") in ("", "dumb", "unknown"):
        return TerminalDriver
    return FrugalDriver


def _erases_with_background(environ: Mapping[str, str]) -> bool:
    """GNU screen erases with the terminal's own background; tmux, which may call itself screen, does not."""
    return not environ.get("TERM", "").startswith("screen") or "TMUX" in environ
