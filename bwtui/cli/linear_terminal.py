"""The terminal for plain questions: everything on standard output, and hidden answers read without an echo."""

import os
import signal
import sys

from bwtui.cli.hidden_prompt import Signalled, ask_hidden, forget_typed
from bwtui.cli.output import Output
from bwtui.ending_signals import ENDING_SIGNALS
from bwtui.linear.conversation import Left, Terminal


def linear_terminal(output: Output) -> Terminal:
    """Standard input and output, whatever they are. Bytes that are no text are refused as an answer."""
    if hasattr(sys.stdin, "reconfigure") and sys.stdin.errors != "surrogateescape":  # only before it is read
        sys.stdin.reconfigure(errors="surrogateescape")

    def read_hidden(question: str) -> str | None:
        if not sys.stdin.isatty():  # nothing echoes it
            output.ask(question)
            line = sys.stdin.readline()
            output.say("")
            return line if line.endswith("\n") else None
        try:
            return ask_hidden(question, output.ask)
        except Signalled as signalled:
            which = signalled.which
        if which not in ENDING_SIGNALS:
            signal.signal(which, signal.SIG_DFL)
            os.kill(os.getpid(), which)
        raise Left(which)

    def forget() -> None:
        if sys.stdin.isatty():
            forget_typed()

    return Terminal(output, sys.stdin, read_hidden, forget)
