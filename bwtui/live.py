"""The commands that ask the API: credentials, the engine over the account, questions and signals."""

import asyncio
import getpass
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from bwtui.api.client import Basic, Client, OAuth, token_url_for
from bwtui.apply import Apply, Confirm
from bwtui.apply import verify as read_back
from bwtui.credentials import CredentialsError, Given, Login, find_login
from bwtui.domain.answers import missing_secrets, uses_existing, wanted_steps
from bwtui.domain.catalog import ENVIRONMENTS, QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.run import Status
from bwtui.domain.secret import Secret
from bwtui.engine.pace import Pace
from bwtui.engine.provision import provision
from bwtui.engine.survey import survey
from bwtui.engine.verify import verify as verify_setup
from bwtui.exits import Exit
from bwtui.services import Recorder, Services
from bwtui.session import Session, UsageError, check
from bwtui.store.state import Setup

SIGNALS: Final = {
    signal.SIGINT: Exit.INTERRUPTED,
    signal.SIGTERM: Exit.TERMINATED,
    signal.SIGHUP: Exit.HUNG_UP,
}
SAME_ACCOUNTS: Final = frozenset({ENVIRONMENTS["production"], ENVIRONMENTS["classic"]})
"""Two addresses of one and the same service."""


def apply(session: Session) -> int:

    check(session)
    login = _login(session)
    session.answers = replace(session.answers, secrets={**session.answers.secrets, **_asked_secrets(session)})
    with session.file.locked():
        session.setup = _begin(session, session.file.load())
        session.file.save(session.setup)
        return _with_services(
            session,
            login,
            lambda services: Apply(
                services, session.answers, session.run, session.output, _confirm(session)
            ).execute(),
        )


def verify(session: Session) -> int:

    check(session)
    login = _login(session)
    return _with_services(
        session, login, lambda services: read_back(services, session.answers, session.run, session.output)
    )


def _begin(session: Session, setup: Setup | None) -> Setup:
    """The setup to go on with: a new one, or the one on disk with the answers of now."""
    account_id, base_url = session.answers.text("account.account_id"), session.answers.base_url
    answers = dict(session.answers.given)
    if setup is None:
        return Setup(account_id=account_id, base_url=base_url, answers=answers)
    same_place = setup.base_url == base_url or SAME_ACCOUNTS.issuperset((setup.base_url, base_url))
    if setup.account_id != account_id or not same_place:
        raise UsageError(
            f"The setup {session.options.name} belongs to account {setup.account_id} on {setup.base_url}, not to account "
            f"{account_id} on {base_url}. Give another --name to begin a new one."
        )
    return replace(setup, base_url=base_url, answers=answers)


def _login(session: Session) -> Login:

    names = ("client_id", "client_secret_file", "username", "password_file")
    given = Given(**{name: getattr(session.options, name) for name in names})
    try:
        return find_login(given, session.environ, _prompt if sys.stdin.isatty() else None)
    except CredentialsError as error:
        raise UsageError(str(error)) from error


def _prompt(question: str) -> str:
    """Ask on the terminal; secrets are not shown, and a client id may as well not be."""
    if "not shown" in question:
        return getpass.getpass(question, stream=sys.stderr)
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline()


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
            asked[key] = Secret(_prompt(f"{step.title}, {question.label.lower()} (not shown): "))
    return asked


def _confirm(session: Session) -> Confirm | None:
    """How to ask before money is spent; `None` where nobody can be asked."""

    def agreed(_question: str) -> asyncio.Future[bool]:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        answer.set_result(True)
        return answer

    def ask(question: str) -> asyncio.Future[bool]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bool] = loop.create_future()

        def read() -> None:
            loop.remove_reader(sys.stdin)
            if not answer.done():
                answer.set_result(sys.stdin.readline().strip().casefold() in ("y", "yes"))

        session.output.ask(question)
        loop.add_reader(sys.stdin, read)
        answer.add_done_callback(lambda _: loop.remove_reader(sys.stdin))
        return answer

    if session.options.yes:
        return agreed
    return ask if sys.stdin.isatty() else None


def _with_services(session: Session, login: Login, work: Callable[[Services], Awaitable[Exit]]) -> int:
    return asyncio.run(_until_signal(session, login, work))


async def _until_signal(session: Session, login: Login, work: Callable[[Services], Awaitable[Exit]]) -> int:
    """Do the work; the first signal lets it stop by itself, a second one ends it at once."""
    received: list[signal.Signals] = []
    async with _services(session, login) as services:
        task = asyncio.ensure_future(work(services))
        loop = asyncio.get_running_loop()

        def on_signal(which: signal.Signals) -> None:
            if received:
                task.cancel()
                return
            received.append(which)
            services.stop()
            session.output.status("")
            session.output.say("Stopping after the request under way; once more to stop at once.")

        for which in SIGNALS:
            loop.add_signal_handler(which, on_signal, which)
        try:
            code = await task
        except asyncio.CancelledError:
            session.output.say("Stopped at once. Nothing is lost: run the same command again to go on.")
            code = Exit.INTERRUPTED
        finally:
            for which in SIGNALS:
                loop.remove_signal_handler(which)
    return SIGNALS[received[0]] if received and code is Exit.INTERRUPTED else int(code)


@asynccontextmanager
async def _services(session: Session, login: Login) -> AsyncIterator[Services]:
    """The engine over the account of the answers."""

    base_url, pace = session.answers.base_url, Pace()
    credentials = (
        OAuth(login.user, login.secret, token_url_for(base_url))
        if login.oauth
        else Basic(login.user, login.secret)
    )

    def on_wait(operation: str, seconds: float, reason: str) -> None:
        session.output.event("waiting", operation=operation, seconds=round(seconds, 1), reason=reason)
        session.output.say(f"Waiting {seconds:.1f} s: {reason}")

    async with Client(base_url=base_url, credentials=credentials, on_wait=on_wait) as client:
        yield services_over(client, pace, session.keep)


def services_over(client: Client, pace: Pace, keep: Recorder) -> Services:
    """The engine over one client, as front ends see it."""
    return Services(
        survey=lambda answers, run: survey(client, answers, run, pace),
        provision=lambda answers, run, plan, candidates, record: provision(
            client, answers, run, record, pace, plan, candidates
        ),
        verify=lambda answers, run: verify_setup(client, answers, run, pace),
        keep=keep,
        stop=pace.stop.set,
    )
