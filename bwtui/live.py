"""The commands that ask the API: credentials, the engine over the account, questions and signals."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Final

from bwtui.api.client import Basic, Client, OAuth, OnExchange, OnWait, token_url_for
from bwtui.apply import Apply, Confirm
from bwtui.apply import verify as read_back
from bwtui.credentials import CredentialsError, Given, Login, find_login
from bwtui.domain.answers import missing_secrets, uses_existing, wanted_steps
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.checks import BASIC_AUTH_ENDS
from bwtui.domain.fields import Text
from bwtui.domain.run import Event, Status, Stopped
from bwtui.domain.secret import Secret
from bwtui.domain.setup import Setup
from bwtui.domain.validation import complaints_of
from bwtui.engine.account import account, candidates, search
from bwtui.engine.provision import provision
from bwtui.engine.survey import survey
from bwtui.engine.verify import verify as verify_setup
from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from bwtui.headless import result, tell_made
from bwtui.prompt import Signalled, ask_hidden, forget_typed
from bwtui.services import Services, stopping
from bwtui.session import Session, UsageError, check, foreign

SIGNALS: Final = {
    signal.SIGINT: Exit.INTERRUPTED,
    signal.SIGTERM: Exit.TERMINATED,
    signal.SIGHUP: Exit.HUNG_UP,
}


def apply(session: Session) -> int:
    """Look, show, ask, act and read back."""
    check(session)
    login = _login(session)
    session.answers = session.answers._replace(secrets={**session.answers.secrets, **_asked_secrets(session)})
    with session.file.locked():
        session.setup = _begin(session, session.file.load())
        session.file.save(session.setup)
        live = Live(session)

        def work(services: Services) -> Awaitable[Exit]:
            return Apply(services, session.answers, session.run, session.output, live.confirm).execute()

        return asyncio.run(live.until_signal(login, work))


def verify(session: Session) -> int:
    """Read everything back."""
    check(session)

    def work(services: Services) -> Awaitable[Exit]:
        return read_back(services, session.answers, session.run, session.output)

    return asyncio.run(Live(session).until_signal(_login(session), work))


def _begin(session: Session, setup: Setup | None) -> Setup:
    """The setup to go on with: a new one, or the one on disk with the answers of now."""
    account_id, base_url = session.answers.text("account.account_id"), session.answers.base_url
    answers = dict(session.answers.given)
    if setup is None:
        return Setup(account_id=account_id, base_url=base_url, answers=answers)
    if told := foreign(setup, session.options.name, account_id, base_url):
        raise UsageError(told)
    return setup._replace(account_id=account_id, base_url=base_url, answers=answers)


def _login(session: Session) -> Login:
    names = ("client_id", "client_secret_file", "username", "password_file")
    given = Given(**{name: getattr(session.options, name) for name in names})
    try:
        login = find_login(given, session.environ, partial(_prompt, session) if sys.stdin.isatty() else None)
    except CredentialsError as error:
        raise UsageError(str(error)) from error
    if not login.oauth:
        session.output.say(
            f"warning: Bandwidth ends HTTP Basic on {BASIC_AUTH_ENDS}; ask for an OAuth2 client."
        )
    return login


def _prompt(session: Session, question: str, *, hidden: bool) -> str:
    """Ask on the terminal; what is hidden is not shown while it is typed.

    Raises:
        UsageError: the input ended (Ctrl+D) before there was an answer.
        SystemExit: a signal came; the terminal is as it was before.
    """
    if hidden:
        return _ask_hidden(session, question)
    session.output.ask(question)
    if line := sys.stdin.readline():
        return line
    raise UsageError("\nStopped: there was no answer.")


def _ask_hidden(session: Session, question: str) -> str:
    try:
        answer = ask_hidden(question, session.output.ask)
    except Signalled as signalled:
        which = signalled.which
    else:
        if answer is not None:
            return answer
        raise UsageError("Stopped: there was no answer.")
    session.output.say("Stopped.")
    if which not in SIGNALS:
        signal.signal(which, signal.SIG_DFL)
        os.kill(os.getpid(), which)
    code = SIGNALS[which]
    result(session.output, "interrupted", session.run, exit=int(code))
    raise SystemExit(int(code))


def _asked_secrets(session: Session) -> dict[str, Secret]:
    """The callback passwords that are needed now and not in the environment.

    Raises:
        UsageError: one is missing and nobody can be asked.
    """
    asked = {}
    for step in wanted_steps(session.answers):
        if session.run.record(step.key).status is Status.DONE or uses_existing(step, session.answers):
            continue
        for key in missing_secrets(step, session.answers):
            question = QUESTIONS[key]
            assert isinstance(question, Text)
            if not sys.stdin.isatty():
                raise UsageError(
                    f"{key}: set {question.secret_from} to the password that goes with callback_user."
                )
            asked[key] = _ask_secret(session, key, f"{step.title}, {question.label.lower()}: ")
    return asked


def _ask_secret(session: Session, key: str, question: str) -> Secret:
    """Ask until the answer is right."""
    while True:
        secret = Secret.entered(_prompt(session, question, hidden=True))
        wrong = complaints_of(key, secret.reveal())
        if not wrong:
            return secret
        session.output.say(wrong[0].text)


class Live:
    """One command while it asks the API: the engine, the question about money, and the signals that end it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pace = Pace()
        self._received: list[signal.Signals] = []
        self._asked: asyncio.Future[bool] | None = None
        self._seconds_under_way: Callable[[], float] = lambda: 0.0
        self.confirm: Confirm | None = None
        """How to ask before money is spent; `None` where nobody can be asked."""
        if getattr(session.options, "yes", False):
            self.confirm = self._agree
        elif sys.stdin.isatty():
            self.confirm = self._ask

    async def until_signal(self, login: Login, work: Callable[[Services], Awaitable[Exit]]) -> int:
        """Do the work; the first signal lets it stop by itself, a second one ends it at once."""
        async with self._services(login) as services:
            self._seconds_under_way = services.seconds_under_way
            task = asyncio.ensure_future(work(services))
            loop = asyncio.get_running_loop()
            for which in SIGNALS:
                loop.add_signal_handler(which, self._on_signal, which, task)
            try:
                code = await task
            except asyncio.CancelledError:
                output, code = self._session.output, Exit.INTERRUPTED
                output.say("Stopped at once. Nothing is lost: run the same command again to go on.")
                tell_made(output, self._session.run)
                result(output, "interrupted", self._session.run, exit=int(SIGNALS[self._received[0]]))
            finally:
                for which in SIGNALS:
                    loop.remove_signal_handler(which)
        return SIGNALS[self._received[0]] if self._received and code is Exit.INTERRUPTED else code

    def _on_signal(self, which: signal.Signals, task: "asyncio.Future[Exit]") -> None:
        self._received.append(which)
        if len(self._received) > 1:
            task.cancel()
            return
        self._pace.stop.set()
        if self._asked and not self._asked.done():
            self._asked.set_exception(Stopped())
            self._session.output.say("")  # what follows begins a line of its own
            return
        self._session.output.status("")
        self._session.output.say(f"{stopping(self._seconds_under_way())}; once more to stop at once.")

    async def _agree(self, _question: str) -> bool:
        return True

    async def _ask(self, question: str) -> bool:
        """Ask on the terminal, without holding up signals."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bool] = loop.create_future()
        self._asked = answer

        def read() -> None:
            if not answer.done():
                answer.set_result(sys.stdin.readline().strip().casefold() in ("y", "yes"))

        forget_typed()  # before the question was there to be seen, nobody can have answered it
        self._session.output.ask(question)
        loop.add_reader(sys.stdin, read)
        try:
            return await answer
        finally:
            loop.remove_reader(sys.stdin)

    @asynccontextmanager
    async def _services(self, login: Login) -> AsyncIterator[Services]:
        """The engine over the account of the answers."""
        output = self._session.output

        def on_wait(operation: str, seconds: float, reason: str) -> None:
            output.event("waiting", operation=operation, seconds=round(seconds, 1), reason=reason)
            output.say(f"Waiting up to {max(1, round(seconds))} s: {reason}")

        try:
            made = client_for(login, self._session.answers.base_url, on_wait=on_wait)
        except ValueError as error:  # its address was checked before; a proxy of the environment was not
            raise UsageError(f"Nothing was sent: {error}.") from error
        async with made as client:
            yield services_over(client, self._pace, self._session.keep)


def client_for(
    login: Login, base_url: str, *, on_wait: OnWait | None = None, on_exchange: OnExchange | None = None
) -> Client:
    """A client that asks as the login. Raises `ValueError` for an address or a proxy that cannot be used."""
    credentials = (
        OAuth(login.user, login.secret, token_url_for(base_url))
        if login.oauth
        else Basic(login.user, login.secret)
    )
    return Client(base_url=base_url, credentials=credentials, on_wait=on_wait, on_exchange=on_exchange)


def services_over(client: Client, pace: Pace, keep: Callable[[Sequence[Event]], None]) -> Services:
    """The engine over one client, as front ends see it; the client stops when the engine does."""
    client.stop_when(pace.stop)
    pace = replace(pace, on_wait=pace.on_wait or client.on_wait)
    return Services(
        survey=lambda answers, run: survey(client, answers, run, pace),
        provision=lambda answers, run, plan, candidates, record: provision(
            client, answers, run, record=record, pace=pace, plan=plan, candidates=candidates
        ),
        verify=lambda answers, run: verify_setup(client, answers, run, pace),
        keep=keep,
        stop=pace.stop.set,
        seconds_under_way=lambda: client.seconds_under_way,
        account=lambda answers: account(client, answers),
        candidates=lambda step, answers: candidates(client, step, answers),
        search=lambda answers, quantity: search(client, answers, quantity),
    )
