"""`bwtui report`: what somebody needs who looks into a fault."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, NamedTuple

from bwtui import __version__
from bwtui.api.masking import mask_text
from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.session import report_errors, state_file
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.values.redaction import redacted
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.yes_or_no import read_yes_or_no
from bwtui.exits import Exit
from bwtui.store.exchange_log import last_lines
from bwtui.store.requested_file import write_new_file
from bwtui.store.settings import SettingsFile
from bwtui.store.state import StateFile
from bwtui.store.state_errors import StateError

EVENTS: Final = 30
"""The last events of the setup that are in a report."""

EXCHANGES: Final = 20
"""The last requests of a log that are in a report."""

_LIBRARIES: Final = ("httpx", "platformdirs", "rich", "starlette", "textual", "uvicorn", "xmltodict")

_SHOWN: Final = (
    "TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "LANG", "LC_ALL", "LC_CTYPE", "NO_COLOR",
    "ACCESSIBLE", "BWTUI_DRIVER", "BWTUI_PROGRESS",
)  # fmt: skip
"""The variables that are told with their values."""

_SECRETS: Final = (
    "BW_CLIENT_SECRET", "BW_PASSWORD", "BWTUI_SIMULATOR_SECRET",
    *(question.secret_from for question in QUESTIONS.values() if isinstance(question, Text) and question.secret_from),
)  # fmt: skip

_NAMED: Final = (
    "BW_ACCOUNT_ID", "BW_API_URL", "BW_CLIENT_ID", "BW_USERNAME", *_SECRETS, "BWTUI_STATE_DIR", "BWTUI_CONFIG_DIR",
    "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "SSH_CONNECTION", "TMUX",
)  # fmt: skip
"""The variables of which it is told only that they are set."""


class Options(NamedTuple):
    """The options of `bwtui report`."""

    setup: SetupOptions
    log: str | None
    out: str | None


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Print the report; with `--out` write it too, after a question where somebody can be asked."""
    output = Output()
    return report_errors(output, lambda: _report(options, environ, output))


def _report(options: Options, environ: Mapping[str, str], output: Output) -> int:
    text = report_text(options, environ)
    output.data(text.rstrip("\n"))
    if not options.out:
        return Exit.DONE
    if sys.stdin.isatty():
        output.ask(f"Write this to {options.out}? [y/N] ")
        if not read_yes_or_no(sys.stdin.readline(), default=False):
            output.say("Nothing was written.")
            return Exit.DONE
    write_new_file(Path(options.out), text)
    output.say(f"Written to {options.out}.")
    return Exit.DONE


def report_text(options: Options, environ: Mapping[str, str]) -> str:
    """Return the whole report; no secret of the environment is in it, nor a whole phone number."""
    file = state_file(options.setup, environ)
    parts = [("Versions", _versions()), ("Terminal", _terminal()), ("Variables", _variables(environ))]
    parts.append(("Settings", _settings(SettingsFile(file.path.parent))))
    parts.append(("State", iter(_state(file).splitlines())))
    if options.log:
        parts.append(("Last requests", iter(last_lines(Path(options.log), EXCHANGES))))
    text = "\n".join(f"{title}\n" + "".join(f"  {line}\n" for line in lines) for title, lines in parts)
    secrets = [Secret.entered(environ[name]) for name in _SECRETS if environ.get(name)]
    return _without_home(redacted(mask_text(text, secrets)))


def _without_home(text: str) -> str:
    home = str(Path.home())
    return text.replace(f"{home}/", "~/") if len(home) > 1 else text


def _versions() -> Iterator[str]:
    yield f"bwtui {__version__}"
    yield f"Python {platform.python_version()} ({platform.python_implementation()})"
    yield f"{platform.system()} {platform.release()} {platform.machine()}"
    for name in _LIBRARIES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} is not known to this Python"


def _terminal() -> Iterator[str]:
    for name in ("stdin", "stdout", "stderr"):
        yield f"{name}: {'a terminal' if getattr(sys, name).isatty() else 'no terminal'}"
    size = shutil.get_terminal_size()
    yield f"size: {size.columns} x {size.lines}"
    yield f"encoding: {sys.stdout.encoding}, file names {os.fsencode('é')!r}"


def _variables(environ: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{name}={environ[name]}" for name in _SHOWN if name in environ)
    yield from (f"{name} is set" for name in _NAMED if environ.get(name))


def _settings(settings: SettingsFile) -> Iterator[str]:
    yield f"theme: {settings.theme or 'none was chosen'}"


def _state(file: StateFile) -> str:
    """Return the state file with its last events; the reason where there is none to be read. Nothing is set aside."""
    from bwtui.store.state_format import to_bytes  # noqa: PLC0415 - start-up time is budgeted

    try:
        setup = file.load(sets_aside=False)
    except StateError as error:
        return str(error)
    if setup is None:
        return f"There is no setup “{file.name}”."
    count = len(setup.events)
    text = (
        f"{file.path}: its last {min(EVENTS, count)} of {count} events"
        if count
        else f"{file.path}: no events"
    )
    return f"{text}\n{to_bytes(setup._replace(events=setup.events[-EVENTS:])).decode()}"
