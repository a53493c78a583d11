"""The last words of a command that an unexpected exception ends: a file or a stream that fails, or a bug."""

import traceback
from contextlib import suppress
from typing import Final

from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.session import refuse
from bwtui.cli.standard_streams import give_up_broken_streams
from bwtui.exits import Exit

USUAL_OPTIONS: Final = SetupOptions()


def tell_system_error(error: OSError, *, as_json: bool) -> Exit:
    """Tell what the system refused, and of which file; nothing where whoever read us has left, as `head` does."""
    if not isinstance(error, BrokenPipeError):
        named = f"{error.filename}: " if error.filename else ""
        _tell(f"bwtui: {named}{error.strerror or error}", as_json=as_json)
    give_up_broken_streams()
    return Exit.FAILED


def tell_bug(error: Exception, setup: SetupOptions = USUAL_OPTIONS, *, as_json: bool) -> Exit:
    """Tell of a bug: for the reporter a traceback without the values of variables, and last what to do."""
    trace = "".join(traceback.format_exception(error)).rstrip()
    _tell(f"bwtui: an unexpected error. {setup.commands.after_a_bug}", trace, as_json=as_json)
    give_up_broken_streams()
    return Exit.FAILED


def _tell(told: str, trace: str = "", *, as_json: bool) -> None:
    """Say it, and end `--json` with a result, as far as the streams take it."""
    with suppress(OSError):
        output = Output(as_json=as_json)
        if trace:
            output.say(trace)
        refuse(output, Exit.FAILED, told)
