"""The commands that work on a setup: answers, state, credentials and engine, put together."""

import argparse
import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bwtui.cli import UsageError
from bwtui.domain.answers import (
    Answer,
    Answers,
    Source,
    complaints,
    missing_secrets,
    uses_existing,
    wanted_steps,
)
from bwtui.domain.catalog import ENVIRONMENTS, QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.run import Event, RunState, Status
from bwtui.domain.secret import Secret
from bwtui.exits import Exit
from bwtui.output import Output
from bwtui.store.answers_file import AnswersError, AnswersFile
from bwtui.store.answers_file import read as read_answers
from bwtui.store.state import Locked, Setup, StateError, StateFile, state_folder

if TYPE_CHECKING:
    from bwtui.credentials import Login
    from bwtui.services import Services

SIGNALS = {signal.SIGINT: Exit.INTERRUPTED, signal.SIGTERM: Exit.TERMINATED, signal.SIGHUP: Exit.HUNG_UP}
SAME_ACCOUNTS = frozenset({ENVIRONMENTS["production"], ENVIRONMENTS["classic"]})
"""Two addresses of one and the same service."""


@dataclass(slots=True)
class Session:
    """One command at work on one setup."""

    options: argparse.Namespace
    environ: Mapping[str, str]
    output: Output
    file: StateFile
    setup: Setup | None
    answers: Answers
    answers_file: AnswersFile | None

    @property
    def run(self) -> RunState:
        """What has happened so far."""
        return self.setup.run if self.setup else RunState()

    def keep(self, event: Event) -> None:
        """Write an event to the state file before anything else happens."""
        assert self.setup, "a run is begun before it has events"
        self.setup = replace(self.setup, events=(*self.setup.events, event))
        self.file.save(self.setup)


def on_a_setup(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Carry out one of plan, apply, status, verify and export; tell errors in words."""
    output = Output(as_json=getattr(options, "json", False))
    try:
        return _WORK[options.command](_open(options, environ, output))
    except AnswersError as error:
        return _refuse(output, Exit.INVALID, "\n".join(error.complaints))
    except UsageError as error:
        return _refuse(output, Exit.INVALID, str(error))
    except Locked as error:
        return _refuse(output, Exit.CONFLICT, str(error))
    except StateError as error:
        return _refuse(output, Exit.FAILED, str(error))


def _refuse(output: Output, code: Exit, told: str) -> Exit:
    output.say(told)
    status = "invalid" if code is Exit.INVALID else "failed"
    output.event("result", status=status, outputs={"numbers": []}, exit=int(code), text=told)
    return code


# --- What is known before anything is asked of the API ----------------------------------------------------------


def _open(options: argparse.Namespace, environ: Mapping[str, str], output: Output) -> Session:
    folder = state_folder(options.state_dir or environ.get("BWTUI_STATE_DIR"))
    file = StateFile(folder, options.name)
    answers_file = read_answers(options.file) if hasattr(options, "file") else None
    setup = file.load()
    if answers_file is None and setup is None:
        raise UsageError(
            f"There is no setup named {options.name} in {folder}: run bwtui apply FILE first, or give --name or --state-dir."
        )
    given = _given(options, environ, answers_file, setup)
    answers = Answers(given)
    return Session(
        options,
        environ,
        output,
        file,
        setup,
        replace(answers, secrets=_secrets(answers, environ)),
        answers_file,
    )


def _given(
    options: argparse.Namespace, environ: Mapping[str, str], file: AnswersFile | None, setup: Setup | None
) -> dict[str, Answer]:
    """Flags over environment over answers file over state. An answers file is whole: it stands for all but the account."""
    given: dict[str, Answer] = {}
    if setup:
        given = {
            key: Answer(answer.value, Source.STATE) for key, answer in setup.answers.items() if file is None
        }
        given["account.account_id"] = Answer(setup.account_id, Source.STATE)
        given["account.base_url"] = Answer(setup.base_url, Source.STATE)
    if file:
        given.update(file.given)
    strongest = [
        ("account.account_id", environ.get("BW_ACCOUNT_ID"), Source.ENVIRONMENT),
        ("account.base_url", environ.get("BW_API_URL"), Source.ENVIRONMENT),
        ("account.account_id", options.account_id, Source.FLAG),
        ("account.environment", options.environment, Source.FLAG),
        ("account.base_url", options.base_url, Source.FLAG),
    ]
    given.update({key: Answer(value, source) for key, value, source in strongest if value})
    return given


def _secrets(answers: Answers, environ: Mapping[str, str]) -> dict[str, Secret]:
    """The callback passwords that the environment holds, where there is a user to go with them."""
    return {
        key: Secret(environ[question.secret_from])
        for key, question in QUESTIONS.items()
        if isinstance(question, Text) and environ.get(question.secret_from)
        if answers.text(key.replace("callback_password", "callback_user"))
    }


def _check(session: Session, *, without: frozenset[str] = frozenset()) -> None:
    """Refuse what blocks, say what is doubtful.

    Raises:
        UsageError: with every complaint, each with its file and line where it has one.
    """
    blocking = []
    for complaint in complaints(session.answers):
        if complaint.key in without:
            continue
        told = f"{_where(session, complaint.key)}: {complaint.text}"
        if complaint.blocks:
            blocking.append(told)
        else:
            session.output.say(f"warning: {told}")
    if blocking:
        raise UsageError("\n".join(blocking))


def _where(session: Session, key: str) -> str:
    """Where a value comes from, for a message: `setup.toml:12: site.name`."""
    answer = session.answers.given.get(key)
    if session.answers_file and (answer is None or answer.source is Source.FILE):
        return f"{session.answers_file.locate(key)}: {key}"
    variables = {"account.account_id": "BW_ACCOUNT_ID", "account.base_url": "BW_API_URL"}
    if answer and answer.source is Source.ENVIRONMENT:
        return f"{variables[key]} in the environment"
    if answer and answer.source is Source.FLAG:
        return f"--{key.partition('.')[2].replace('_', '-')}"
    question = QUESTIONS[key]
    if isinstance(question, Text) and question.secret_from:
        return f"{question.secret_from} in the environment"
    return key


# --- Commands that ask nobody -----------------------------------------------------------------------------------


def _plan(session: Session) -> int:
    from bwtui.headless import plan  # noqa: PLC0415 - each command imports what it needs

    _check(session, without=frozenset({"account.account_id"} - set(session.answers.given)))
    return plan(session.answers, session.run, session.output, session.answers.base_url)


def _status(session: Session) -> int:
    from bwtui.headless import status  # noqa: PLC0415

    return status(session.answers, session.run, session.output)


def _export(session: Session) -> int:
    from bwtui.export import curl, env, json_, markdown  # noqa: PLC0415
    from bwtui.export.result import result_of  # noqa: PLC0415

    write = {"env": env.export, "json": json_.export, "curl": curl.export, "markdown": markdown.export}
    account_id = session.answers.text("account.account_id")
    result = result_of(account_id, session.answers.base_url, session.answers, session.run)
    unfinished = [
        step.title
        for step in wanted_steps(session.answers)
        if session.run.record(step.key).status is not Status.DONE
    ]
    if unfinished:
        session.output.say(f"Not finished yet: {', '.join(unfinished)}. What is there is exported.")
    session.output.data(write[session.options.format](result).rstrip("\n"))
    return Exit.DONE


# --- Commands that ask the API ----------------------------------------------------------------------------------


def _apply(session: Session) -> int:
    from bwtui.headless import Apply  # noqa: PLC0415

    _check(session)
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


def _verify(session: Session) -> int:
    from bwtui.headless import verify  # noqa: PLC0415

    _check(session)
    login = _login(session)
    return _with_services(
        session, login, lambda services: verify(services, session.answers, session.run, session.output)
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


def _login(session: Session) -> "Login":
    from bwtui.credentials import CredentialsError, Given, find_login  # noqa: PLC0415

    names = ("client_id", "client_secret_file", "username", "password_file")
    given = Given(**{name: getattr(session.options, name) for name in names})
    try:
        return find_login(given, session.environ, _prompt if sys.stdin.isatty() else None)
    except CredentialsError as error:
        raise UsageError(str(error)) from error


def _prompt(question: str) -> str:
    """Ask on the terminal; secrets are not shown, and a client id may as well not be."""
    import getpass  # noqa: PLC0415

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


def _confirm(session: Session) -> "Callable[[str], asyncio.Future[bool]] | None":
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


def _with_services(session: Session, login: "Login", work: "Callable[[Services], object]") -> int:
    return asyncio.run(_until_signal(session, login, work))


async def _until_signal(session: Session, login: "Login", work: "Callable[[Services], object]") -> int:
    """Do the work; the first signal lets it stop by itself, a second one ends it at once."""
    received: list[signal.Signals] = []
    async with _services(session, login) as services:
        task = asyncio.ensure_future(work(services))  # type: ignore[call-overload]
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
async def _services(session: Session, login: "Login") -> "AsyncIterator[Services]":
    """The engine over the account of the answers."""
    from bwtui.api.client import Basic, Client, OAuth, token_url_for  # noqa: PLC0415
    from bwtui.engine.pace import Pace  # noqa: PLC0415
    from bwtui.engine.provision import provision  # noqa: PLC0415
    from bwtui.engine.survey import survey  # noqa: PLC0415
    from bwtui.engine.verify import verify  # noqa: PLC0415
    from bwtui.services import Services  # noqa: PLC0415

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
        yield Services(
            survey=lambda answers, run: survey(client, answers, run, pace),
            provision=lambda answers, run, plan, candidates, record: provision(
                client, answers, run, record, pace, plan, candidates
            ),
            verify=lambda answers, run: verify(client, answers, run, pace),
            keep=session.keep,
            stop=pace.stop.set,
        )


_WORK: dict[str, Callable[[Session], int]] = {
    "plan": _plan,
    "apply": _apply,
    "status": _status,
    "verify": _verify,
    "export": _export,
}


# --- The simulator ----------------------------------------------------------------------------------------------


def simulate(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Run the simulator until it is stopped."""
    from bwtui.simulator.faults import FaultsError, load  # noqa: PLC0415
    from bwtui.simulator.server import serve  # noqa: PLC0415
    from bwtui.simulator.settings import Settings  # noqa: PLC0415

    output = Output()
    try:
        faults = tuple(load(options.faults)) if options.faults else ()
        settings = Settings(
            account_id=options.account_id, client_id=options.user, username=options.user,
            client_secret=environ.get("BWTUI_SIMULATOR_SECRET", "demo-secret"),
            password=environ.get("BWTUI_SIMULATOR_SECRET", "demo-secret"),
            latency_ms=options.latency, faults=faults, seed=options.seed,
        )  # fmt: skip
        serve(settings, options.host, options.port, announce=output.data)
    except FaultsError as error:
        output.say(str(error))
        return Exit.INVALID
    except (OSError, socket.gaierror) as error:
        output.say(
            f"Cannot listen on {options.host} port {options.port}: {error.strerror or error}. Give another --port or --host."
        )
        return Exit.FAILED
    return Exit.DONE
