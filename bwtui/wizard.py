"""The wizard, wired: its desk over the files of a setup and the engine, or over the built-in simulator for a demo.

What it takes to speak to an account is imported when it connects, and the screens when they are shown.
"""

import argparse
import gc
import os
import shlex
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from bwtui.credentials import CredentialsError, Given, Login, find_login
from bwtui.domain.answers import Answer, Answers, Source
from bwtui.domain.bookmark import Bookmark
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.run import Event, Kind, Problem, ProblemError, RunState
from bwtui.domain.secret import Secret
from bwtui.domain.setup import Setup
from bwtui.exits import Exit
from bwtui.output import Output
from bwtui.services import Desk, NotKept, Services
from bwtui.session import UsageError, foreign, in_words, over_all, secrets_for, state_file
from bwtui.store.state import StateError, StateFile

if TYPE_CHECKING:
    from bwtui.domain.documents import Exchange
    from bwtui.simulator.server import RunningSimulator
    from bwtui.store.answers_file import AnswersFile

OnExchange = Callable[["Exchange"], None]
OnWait = Callable[[str, float, str], None]

NEW: Final = Setup(account_id="", base_url="")
"""A setup of which nothing is known yet."""


def wizard(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Set an account up on screen, from where it was left; give the exit code."""
    output = Output()
    if not _has_screen(environ):
        output.say(
            "The wizard needs a terminal: run it in one, or set everything up without it: bwtui apply FILE."
        )
        return Exit.INVALID
    return in_words(output, lambda: _wizard(options, environ, output))


def demo(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Show the wizard at work on the built-in simulator; nothing is kept."""
    output = Output()
    if not _has_screen(environ):
        output.say(
            "The demo needs a terminal: run it in one, or use bwtui simulate and bwtui apply FILE without one."
        )
        return Exit.INVALID
    return in_words(output, lambda: _demo(options))


def _has_screen(environ: Mapping[str, str]) -> bool:
    """Whether screens can be drawn: Textual itself would draw into a pipe and read its bytes as keys."""
    if not os.environ.get("NO_COLOR", "unset"):
        del os.environ["NO_COLOR"]  # Empty means not set, by that convention; Textual takes it for set.
    return sys.stdin.isatty() and sys.stdout.isatty() and environ.get("TERM") != "dumb"


def _wizard(options: argparse.Namespace, environ: Mapping[str, str], output: Output) -> int:
    file = state_file(options, environ)
    answers_file = _read(options.answers) if options.answers else None
    with file.locked():
        kept = Kept(file, file.load() or NEW)
        answers = Answers(over_all(options, environ, _answered(kept.setup), answers_file))
        answers = answers._replace(secrets=secrets_for(answers, environ))
        login, bookmark = _login(options, environ, kept.setup.bookmark)
        desk = Desk(
            connect=lambda login, answers, on_exchange, on_wait: _connect(
                kept, login, answers, on_exchange, on_wait
            ),
            save=kept.save,
            start_over=kept.start_over,
            save_answers=save_answers,
            write=write_new,
            export=_export,
            login=login,
            resume_hint=_resume_hint(options),
        )
        code: int = Exit.FAILED  # should it crash
        try:
            code = _show(desk, answers, kept.setup.run, bookmark)
        finally:
            if code != Exit.DONE:
                output.say(f"To go on where you left: {desk.resume_hint}")
    return code


def _demo(options: argparse.Namespace) -> int:
    with Simulated(lambda: _lifelike(options.speed)) as simulated:
        return _show(
            demo_desk(simulated),
            example_answers(),
            RunState(),
            Bookmark(),
            autoplay=options.speed if options.autoplay else None,
        )


def _read(path: str) -> "AnswersFile":
    from bwtui.store.answers_file import read  # noqa: PLC0415 - start-up time is budgeted

    return read(path)


def _show(
    desk: Desk, answers: Answers, run: RunState, bookmark: Bookmark, *, autoplay: float | None = None
) -> int:
    gc.disable()  # Half of what is imported would be looked through again and again; the first screen switches it on.
    interrupted = signal.signal(signal.SIGINT, signal.SIG_DFL)  # as an exception it may get lost in an import
    from bwtui.tui.app import run_wizard  # noqa: PLC0415 - Textual is what takes longest to import

    signal.signal(signal.SIGINT, interrupted)
    return run_wizard(desk, answers, run, bookmark, autoplay=autoplay)


# --- What is given -----------------------------------------------------------------------------------------------


def _answered(setup: Setup) -> dict[str, Answer]:
    """What the state says, each answer with the source that it was kept with."""
    given = dict(setup.answers)
    if setup.account_id:
        given.setdefault("account.account_id", Answer(setup.account_id, Source.STATE))
    if setup.base_url and given.keys().isdisjoint(("account.base_url", "account.environment")):
        given["account.base_url"] = Answer(setup.base_url, Source.STATE)
    return given


def _login(
    options: argparse.Namespace, environ: Mapping[str, str], bookmark: Bookmark
) -> tuple[Login | None, Bookmark]:
    """The credentials, where there are any, and who is asking: as given now, else as it was last time.

    Raises:
        UsageError: a file that a flag names holds no secret.
    """
    given = Given(
        client_id=options.client_id,
        client_secret_file=options.client_secret_file,
        username=options.username,
        password_file=options.password_file,
    )
    if "-" in (given.client_secret_file, given.password_file):
        raise UsageError("Standard input is the keyboard here: name a file that holds the secret.")
    if not _names_somebody(given, environ) and bookmark.user:
        given = (
            replace(given, client_id=bookmark.user)
            if bookmark.oauth
            else replace(given, username=bookmark.user)
        )
    try:
        login = find_login(given, environ, None)
    except CredentialsError as error:
        if given.client_secret_file or given.password_file:
            raise UsageError(str(error)) from error
        return None, _asked_as(given, environ, bookmark)
    return login, bookmark._replace(oauth=login.oauth, user=login.user)


def _names_somebody(given: Given, environ: Mapping[str, str]) -> bool:
    return bool(
        given.client_id or given.username or environ.get("BW_CLIENT_ID") or environ.get("BW_USERNAME")
    )


def _asked_as(given: Given, environ: Mapping[str, str], bookmark: Bookmark) -> Bookmark:
    """Who it is whose secret is to be asked for."""
    basic = bool(given.username) and not given.client_id
    client, user = (
        given.client_id or environ.get("BW_CLIENT_ID"),
        given.username or environ.get("BW_USERNAME"),
    )
    if client and not basic:
        return bookmark._replace(oauth=True, user=client)
    return bookmark._replace(oauth=False, user=user) if user else bookmark


def _resume_hint(options: argparse.Namespace) -> str:
    """The command that goes on with this setup."""
    words = ["bwtui"]
    if options.name != "default":
        words += ["--name", options.name]
    if options.state_dir:
        words += ["--state-dir", options.state_dir]
    return shlex.join(words)


# --- What is kept ------------------------------------------------------------------------------------------------


class Kept:
    """A setup and the file that it is in, `None` for one that is forgotten. Written whole, from any thread."""

    def __init__(self, file: StateFile | None, setup: Setup) -> None:
        self.setup = setup
        self._file = file
        self._lock = threading.Lock()
        self._connected: tuple[str, str] | None = None

    def keep(self, events: Sequence[Event]) -> None:
        """Write events down before anything else happens. Raises `NotKept`."""
        with self._changing():
            self._write(self.setup._replace(events=(*self.setup.events, *events)))

    def save(self, answers: Mapping[str, Answer], bookmark: Bookmark) -> None:
        """Write the answers and the place down. Raises `NotKept`."""
        with self._changing():
            self._write(self.setup._replace(answers=dict(answers), bookmark=bookmark))

    def start_over(self) -> None:
        """Set aside what is kept, and begin with nothing but the account that is connected. Raises `NotKept`."""
        with self._changing():
            if self._file:
                self._file.start_over()
            account_id, base_url = self._connected or ("", "")
            self.setup = NEW._replace(account_id=account_id, base_url=base_url)

    @contextmanager
    def connected(self, account_id: str, base_url: str) -> Iterator[None]:
        """Belong to an account; one that something has happened on belongs to it for good. Raises `NotKept`."""
        with self._changing():
            name = self._file.name if self._file else "of this demo"
            if self.setup.events and (told := foreign(self.setup, name, account_id, base_url)):
                raise NotKept(told)
            self._write(self.setup._replace(account_id=account_id, base_url=base_url))
            ours = self._connected = (account_id, base_url)
        try:
            yield
        finally:
            if self._connected is ours:
                self._connected = None

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except StateError as error:
                raise NotKept(str(error)) from error

    def _write(self, setup: Setup) -> None:
        """On disk first: what could not be written has not happened."""
        if self._file:
            self._file.save(setup)
        self.setup = setup


def save_answers(path: Path, answers: Answers) -> None:
    """Write an answers file, whole or not at all, and never over a file that is there.

    Raises:
        NotKept: it could not be written; the text says why and what to do.
    """
    from bwtui.store.answers_template import write  # noqa: PLC0415

    given = {key: answer for key, answer in answers.given.items() if answer.value or _may_be_empty(key)}
    write_new(path, write(Answers(given)))


def write_new(path: Path, text: str) -> None:
    """Write a file, whole or not at all, and never over one that is there. Raises `NotKept`, as `save_answers` does."""
    path = path.expanduser()
    try:
        with path.open("x", encoding="utf-8") as file:
            try:
                file.write(text)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except FileExistsError:
        raise NotKept(f"{path} is there already and was left as it is: choose another name.") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise NotKept(f"{path} cannot be written: {why}. Choose another name or folder.") from error


def _may_be_empty(key: str) -> bool:
    """Whether an empty answer says something: it takes a default away that would be sent."""
    question = QUESTIONS[key]
    return isinstance(question, Text) and bool(question.wire)


def _export(name: str, answers: Answers, run: RunState) -> str:
    from bwtui.export.formats import export_as  # noqa: PLC0415 - the last screen asks for it, if at all

    return export_as(name, answers, run)


# --- Speaking to an account --------------------------------------------------------------------------------------


@asynccontextmanager
async def _connect(
    kept: Kept, login: Login, answers: Answers, on_exchange: OnExchange, on_wait: OnWait
) -> AsyncIterator[Services]:
    async with _services(login, answers.base_url, kept.keep, on_exchange, on_wait) as services:
        with kept.connected(answers.text("account.account_id"), answers.base_url):
            yield services


@asynccontextmanager
async def _services(
    login: Login,
    base_url: str,
    keep: Callable[[Sequence[Event]], None],
    on_exchange: OnExchange,
    on_wait: OnWait,
) -> AsyncIterator[Services]:
    """The engine over an account. Raises `ProblemError` for an address that cannot be used."""
    from bwtui.engine.pace import Pace  # noqa: PLC0415 - nobody has to wait for it before there is a screen
    from bwtui.live import client_for, services_over  # noqa: PLC0415

    try:
        client = client_for(login, base_url, on_wait=on_wait, on_exchange=on_exchange)
    except ValueError as error:
        text = f"Nothing was sent: {error}."
        raise ProblemError(Problem(operation="account.connect", kind=Kind.INVALID, text=text)) from error
    async with client:
        yield services_over(client, Pace(), keep)


# --- The demo ----------------------------------------------------------------------------------------------------

DEMO_LOGIN: Final = Login(oauth=True, user="demo", secret=Secret("demo-secret"))
DEMO_ACCOUNT: Final = "9900000"


def example_answers() -> Answers:
    """The example of Bandwidth's guide, for the simulated account."""
    from bwtui.store.answers_file import parse  # noqa: PLC0415
    from bwtui.store.answers_template import template  # noqa: PLC0415

    given = parse(template(example=True), "the guide's example").given
    answers = {key: Answer(answer.value, Source.EXAMPLE) for key, answer in given.items()}
    return Answers({**answers, "account.account_id": Answer(DEMO_ACCOUNT, Source.EXAMPLE)})


def demo_desk(simulated: "Simulated") -> Desk:
    """A desk at the built-in simulator. What happens there is forgotten with it."""
    kept = Kept(None, NEW)
    return Desk(
        connect=lambda _login, answers, on_exchange, on_wait: _connect_simulated(
            simulated, kept, answers, on_exchange, on_wait
        ),
        save=kept.save,
        start_over=kept.start_over,
        save_answers=save_answers,
        write=write_new,
        export=lambda name, answers, run: _export(name, simulated.there(answers), run),
        login=DEMO_LOGIN,
        resume_hint="bwtui demo",
        demo=True,
    )


def _lifelike(speed: float) -> "RunningSimulator":
    """A simulator that takes its time as Bandwidth does, so that there is something to see."""
    from bwtui.simulator.server import RunningSimulator  # noqa: PLC0415
    from bwtui.simulator.settings import Settings  # noqa: PLC0415

    return RunningSimulator(Settings(latency_ms=round(150 / speed), order_seconds=2 / speed))


class Simulated:
    """The built-in simulator, from the first time that it is asked for until the end of the `with` block."""

    def __init__(self, start: Callable[[], "RunningSimulator"]) -> None:
        self._start = start
        self._running: RunningSimulator | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._running:
            self._running.close()

    def base_url(self) -> str:
        """Where it is. Starts it where it has not been started: that takes a moment."""
        with self._lock:
            if self._running is None:
                self._running = self._start()
            return self._running.base_url

    def there(self, answers: Answers) -> Answers:
        """The answers with the simulator as the place of the account, once it has been started."""
        if self._running is None:
            return answers
        place = {"account.base_url": Answer(self._running.base_url, Source.TYPED)}
        return answers._replace(given={**answers.given, **place})


@asynccontextmanager
async def _connect_simulated(
    simulated: Simulated, kept: Kept, answers: Answers, on_exchange: OnExchange, on_wait: OnWait
) -> AsyncIterator[Services]:
    import asyncio  # noqa: PLC0415

    await asyncio.to_thread(simulated.base_url)
    async with _connect(kept, DEMO_LOGIN, simulated.there(answers), on_exchange, on_wait) as services:
        yield services
