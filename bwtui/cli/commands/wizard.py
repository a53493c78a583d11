"""`bwtui` alone: the wizard over the files of a setup and the engine.

What it takes to speak to an account is imported when it connects, and the screens when they are shown.
"""

import gc
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.saved_login import login_in_use
from bwtui.cli.session import (
    UsageError,
    on_its_platform,
    over_all,
    report_errors,
    saved_answers,
    secrets_for,
    state_file,
)
from bwtui.cli.style import warning
from bwtui.command_line import USUAL_SETUP, CommandLine
from bwtui.credentials import CredentialsError, Given, Login, OtherHostError, find_login, find_user
from bwtui.domain.answers.answers import Answer, Answers
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.setup import EMPTY_SETUP
from bwtui.domain.values.basic_auth import local_day
from bwtui.exits import Exit
from bwtui.services import Services, WizardHost
from bwtui.store.open_setup import OpenSetup
from bwtui.store.requested_file import write_answers_file, write_new_file
from bwtui.store.settings import SettingsFile

if TYPE_CHECKING:
    from datetime import date

    from bwtui.domain.values.documents import Exchange, OnExchange, OnWait
    from bwtui.engine.trials import FindFeed
    from bwtui.store.answers_file import AnswersFile


class Options(NamedTuple):
    """The options of `bwtui` without a command."""

    setup: SetupOptions
    login: Given
    answers: str | None
    linear: bool
    log: str | None


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Set an account up on screen or as plain questions, from where it was left; give the exit code."""
    options = options._replace(linear=asks_for_lines(environ, asked=options.linear))
    if is_linear(environ, asked=options.linear):
        return in_lines(lambda output: _wizard(options, environ, output, partial(talk, output)))
    otherwise = "The wizard needs a terminal. Without one: bwtui --linear, bwtui apply FILE."
    return on_screen(environ, otherwise, lambda output: _wizard(options, environ, output, show))


class SetupHost:
    """The wizard's host over an open setup, as `WizardHost` describes it."""

    def __init__(
        self,
        setup: OpenSetup,
        login: Login | None,
        commands: CommandLine = USUAL_SETUP,
        *,
        is_demo: bool = False,
        settings: SettingsFile | None = None,
        log: "OnExchange | None" = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Without `settings` the theme is not kept. `log` is told of each request with its answer, too. `clock` gives seconds since the epoch."""
        self.login = login
        self.commands = commands
        self.resume_command = "bwtui demo" if is_demo else commands.of()
        self.is_demo = is_demo
        self.phone = ""
        self._setup = setup
        self._settings = settings
        self._log = log
        self._find_feed: FindFeed | None = None
        self._clock = clock
        self.theme = settings.theme if settings else ""

    def today(self) -> "date":
        return local_day(self._clock())

    def save_theme(self, name: str) -> None:
        if self._settings:
            self._settings.save_theme(name)

    @asynccontextmanager
    async def connect(
        self, login: Login, answers: Answers, on_exchange: "OnExchange", on_wait: "OnWait"
    ) -> AsyncIterator[Services]:
        from bwtui.connected_services import connected  # noqa: PLC0415 - nobody has to wait for it before there is a screen

        url, hear = answers.base_url, self._logged(on_exchange)
        login = self._for_its_host(login)
        async with connected(
            login, url, self._setup, on_exchange=hear, on_wait=on_wait, find_feed=self._find_feed
        ) as services:
            with self._setup.bound_to(answers.account_id, url, answers.platform):
                yield services

    async def list_accounts(
        self, login: Login, answers: Answers, on_exchange: "OnExchange", on_wait: "OnWait"
    ) -> tuple[str, ...]:
        from bwtui.connected_services import accounts_of  # noqa: PLC0415

        return await accounts_of(
            self._for_its_host(login),
            answers.base_url,
            on_exchange=self._logged(on_exchange),
            on_wait=on_wait,
        )

    def _for_its_host(self, login: Login) -> Login:
        """Return credentials with the host that they are for: a screen that shows a saved secret does not know it."""
        given = self.login
        return login._replace(only_at=given.only_at) if given and given.secret == login.secret else login

    def _logged(self, on_exchange: "OnExchange") -> "OnExchange":
        log = self._log
        if log is None:
            return on_exchange

        def both(exchange: "Exchange") -> None:
            log(exchange)
            on_exchange(exchange)

        return both

    def save_answers(self, answers: Mapping[str, Answer], bookmark: Bookmark) -> None:
        self._setup.save_answers(answers, bookmark)

    def start_over(self) -> None:
        self._setup.start_over()

    def write_answers_file(self, path: Path, answers: Answers) -> None:
        write_answers_file(path, answers)

    def write_file(self, path: Path, text: str) -> None:
        write_new_file(path, text)

    def export_text(self, form: str, answers: Answers, run: RunState) -> str:
        from bwtui.export.formats import export_as  # noqa: PLC0415 - the last screen asks for it, if at all

        return export_as(form, answers, run, self.commands)


FrontEnd = Callable[[WizardHost, Answers, RunState, Bookmark], int]
"""Shows the wizard until it is left; gives the exit code."""


def on_screen(environ: Mapping[str, str], otherwise: str, work: Callable[[Output], int]) -> int:
    """Do what needs a terminal, errors told in words; without one, say what to do otherwise. Gives the exit code."""
    output = Output()
    if not _has_screen(environ):
        output.say(otherwise)
        return Exit.INVALID
    return report_errors(output, lambda: work(output))


def in_lines(work: Callable[[Output], int]) -> int:
    """Do what is a conversation, errors told in words. Gives the exit code."""
    output = Output(stderr=sys.stdout, is_plain=True)  # what is said is what was asked for
    return report_errors(output, lambda: work(output))


def is_linear(environ: Mapping[str, str], *, asked: bool) -> bool:
    """True where plain questions are wanted: by `--linear`, or by ACCESSIBLE in the environment."""
    return asked or environ.get("ACCESSIBLE", "") not in ("", "0")


def asks_for_lines(environ: Mapping[str, str], *, asked: bool) -> bool:
    """True where plain questions are `asked` for: already, or now that a terminal cannot show the screens."""
    if environ.get("TERM") != "dumb" or is_linear(environ, asked=asked) or not _is_terminal():
        return asked
    from bwtui.cli.linear_terminal import linear_terminal  # noqa: PLC0415 - the screens do without it
    from bwtui.linear.conversation import Back, Conversation, Left  # noqa: PLC0415

    asking = Conversation(linear_terminal(Output(stderr=sys.stdout, is_plain=True)))
    try:
        return asking.confirm(f"{_DUMB} Plain questions instead?", default=True)
    except (Back, Left):
        return False


_DUMB: Final = "TERM=dumb shows no screens."


def talk(output: Output, host: WizardHost, answers: Answers, run: RunState, bookmark: Bookmark) -> int:
    """Ask in plain lines until it is finished or left; give the exit code."""
    from bwtui.cli.linear_terminal import linear_terminal  # noqa: PLC0415 - the screens do without it
    from bwtui.linear.app import run_linear  # noqa: PLC0415

    return run_linear(host, answers, run, bookmark, linear_terminal(output))


def _has_screen(environ: Mapping[str, str]) -> bool:
    """Check that screens can be drawn: Textual itself would draw into a pipe and read its bytes as keys."""
    if not os.environ.get("NO_COLOR", "unset"):
        del os.environ["NO_COLOR"]  # Empty means not set, by that convention; Textual takes it for set.
    return _is_terminal() and environ.get("TERM") != "dumb"


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _wizard(options: Options, environ: Mapping[str, str], output: Output, front_end: FrontEnd) -> int:
    file = state_file(options.setup, environ)
    answers_file = _read(options.answers) if options.answers else None
    not_logged: list[str] = []
    log = _log(options.log, not_logged.append) if options.log else None
    with file.locked():
        setup = OpenSetup(file, file.load() or EMPTY_SETUP)
        given = over_all(options.setup, environ, saved_answers(setup.setup), answers_file)
        answers = on_its_platform(Answers(given), setup.begun_on)
        answers = answers._replace(secrets=secrets_for(answers, environ))
        login, bookmark = _login(options, environ, setup.setup.bookmark, answers.base_url)
        commands = options.setup.commands._replace(linear=options.linear)
        settings = SettingsFile(file.path.parent)
        host = SetupHost(setup, login, commands, settings=settings, log=log)
        code: int = Exit.FAILED  # should it crash
        try:
            code = front_end(host, answers, setup.run, bookmark)
        finally:
            from bwtui.cli.closing_summary import print_left  # noqa: PLC0415 - nobody has to wait for it before there is a screen

            print_left(output, code, Answers(saved_answers(setup.setup)), setup.run, host.commands)
            for text in not_logged:  # nothing is printed while there is a screen
                output.say(warning(text))
    return code


def _read(path: str) -> "AnswersFile":
    from bwtui.store.answers_file import read  # noqa: PLC0415 - start-up time is budgeted

    return read(path)


def _log(path: str, on_lost: Callable[[str], None]) -> "OnExchange":
    from bwtui.store.exchange_log import ExchangeLog  # noqa: PLC0415 - only if it is asked for

    return ExchangeLog(Path(path), on_lost).add


def show(
    host: WizardHost, answers: Answers, run: RunState, bookmark: Bookmark, *, autoplay: float | None = None
) -> int:
    """Import the screens and show them until they are left; give the exit code."""
    gc.disable()  # Half of what is imported would be looked through again and again; the first screen switches it on.
    interrupted = signal.signal(signal.SIGINT, signal.SIG_DFL)  # as an exception it may get lost in an import
    from bwtui.tui.app import run_wizard  # noqa: PLC0415 - Textual is what takes longest to import

    signal.signal(signal.SIGINT, interrupted)
    return run_wizard(host, answers, run, bookmark, autoplay=autoplay)


# --- What is given -----------------------------------------------------------------------------------------------


def _login(
    options: Options, environ: Mapping[str, str], bookmark: Bookmark, base_url: str
) -> tuple[Login | None, Bookmark]:
    """Return the credentials, if there are any, and the bookmark with the user to sign in.

    Raises:
        UsageError: a file that a flag names holds no secret, or a saved login is for another host.
    """
    given, saved = options.login, login_in_use(options.setup, environ)
    if "-" in (given.client_secret_file, given.password_file):
        raise UsageError("Standard input is the keyboard here: name a file that holds the secret.")
    try:
        login = find_login(given, environ, None, bookmark, saved=saved, base_url=base_url)
    except OtherHostError as error:
        raise UsageError(str(error)) from error
    except CredentialsError as error:
        if given.account or given.client_secret_file or given.password_file:
            raise UsageError(str(error)) from error
        login = None
    return login, find_user(given, environ, bookmark, saved)
