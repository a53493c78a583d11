"""The wizard, wired: its desk over the files of a setup and the engine.

What it takes to speak to an account is imported when it connects, and the screens when they are shown.
"""

import argparse
import gc
import os
import shlex
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bwtui.credentials import CredentialsError, Given, Login, find_login
from bwtui.domain.answers import Answer, Answers, Source
from bwtui.domain.bookmark import Bookmark
from bwtui.domain.run import Event, Kind, Problem, ProblemError, RunState
from bwtui.domain.setup import Setup
from bwtui.exits import Exit
from bwtui.kept import NEW, Kept, save_answers, write_new
from bwtui.output import Output
from bwtui.services import Desk, Services
from bwtui.session import UsageError, in_words, over_all, secrets_for, state_file

if TYPE_CHECKING:
    from bwtui.domain.documents import Exchange
    from bwtui.store.answers_file import AnswersFile

OnExchange = Callable[["Exchange"], None]
OnWait = Callable[[str, float, str], None]


def wizard(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Set an account up on screen, from where it was left; give the exit code."""
    otherwise = (
        "The wizard needs a terminal: run it in one, or set everything up without it: bwtui apply FILE."
    )
    return on_screen(environ, otherwise, lambda output: _wizard(options, environ, output))


def on_screen(environ: Mapping[str, str], otherwise: str, work: Callable[[Output], int]) -> int:
    """Do what needs a terminal, errors told in words; without one, say what to do otherwise. Gives the exit code."""
    output = Output()
    if not _has_screen(environ):
        output.say(otherwise)
        return Exit.INVALID
    return in_words(output, lambda: work(output))


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
            connect=lambda login, answers, on_exchange, on_wait: connect(
                kept, login, answers, on_exchange, on_wait
            ),
            save=kept.save,
            start_over=kept.start_over,
            save_answers=save_answers,
            write=write_new,
            export=export,
            login=login,
            resume_hint=_resume_hint(options),
        )
        code: int = Exit.FAILED  # should it crash
        try:
            code = show(desk, answers, kept.setup.run, bookmark)
        finally:
            if code != Exit.DONE:
                output.say(f"To go on where you left: {desk.resume_hint}")
    return code


def _read(path: str) -> "AnswersFile":
    from bwtui.store.answers_file import read  # noqa: PLC0415 - start-up time is budgeted

    return read(path)


def show(
    desk: Desk, answers: Answers, run: RunState, bookmark: Bookmark, *, autoplay: float | None = None
) -> int:
    """Import the screens and show them until they are left; give the exit code."""
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


def export(name: str, answers: Answers, run: RunState) -> str:
    """What comes of a setup, in one of the forms of `bwtui export`."""
    from bwtui.export.formats import export_as  # noqa: PLC0415 - the last screen asks for it, if at all

    return export_as(name, answers, run)


# --- Speaking to an account --------------------------------------------------------------------------------------


@asynccontextmanager
async def connect(
    kept: Kept, login: Login, answers: Answers, on_exchange: OnExchange, on_wait: OnWait
) -> AsyncIterator[Services]:
    """The engine over the account that is answered, which the setup belongs to meanwhile.

    Raises:
        NotKept: the setup belongs to another account, or cannot be written.
        ProblemError: the address cannot be used.
    """
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
    from bwtui.engine.waiting import Pace  # noqa: PLC0415 - nobody has to wait for it before there is a screen
    from bwtui.live import client_for, services_over  # noqa: PLC0415

    try:
        client = client_for(login, base_url, on_wait=on_wait, on_exchange=on_exchange)
    except ValueError as error:
        text = f"Nothing was sent: {error}."
        raise ProblemError(Problem(operation="account.connect", kind=Kind.INVALID, text=text)) from error
    async with client:
        yield services_over(client, Pace(), keep)
