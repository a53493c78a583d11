"""One command at work on one setup: its answers, from wherever they come, and its state."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bwtui.cli.options import SetupOptions
from bwtui.cli.output import STOPPED, Output
from bwtui.cli.parser import did_you_mean
from bwtui.cli.saved_login import PLACE, NoLoginError, answers_of, login_in_use, refuse_other_than_in_file
from bwtui.cli.style import warning
from bwtui.credentials import CredentialsError
from bwtui.domain.answers.answers import ACCOUNT_ID, PLATFORM_KEY, Answer, Answers, Source, as_meant
from bwtui.domain.answers.validation import complaints
from bwtui.domain.callbacks.redirect_text import RESTORE, AtListener
from bwtui.domain.catalog import ENVIRONMENTS, QUESTIONS, VOICE_APP
from bwtui.domain.fields import Text
from bwtui.domain.platform import AUTO, FoundPlatform, Platform, platform_named
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.setup import (
    EMPTY_SETUP,
    SaveError,
    Setup,
    belongs_elsewhere,
    changed_platform,
    is_same_service,
)
from bwtui.domain.values.base_urls import same_place
from bwtui.domain.values.secret import Secret
from bwtui.exits import Exit, exit_for, status_for
from bwtui.store.answers_file import AnswersError, AnswersFile
from bwtui.store.answers_file import read as read_answers
from bwtui.store.open_setup import OpenSetup
from bwtui.store.setup_folder import names, redirect_path, state_folder
from bwtui.store.state import StateFile
from bwtui.store.state_errors import BadName, Locked, StateError

if TYPE_CHECKING:  # start-up time is budgeted
    from bwtui.domain.values.documents import OnExchange

_ACCOUNT: Final = frozenset({ACCOUNT_ID, *PLACE, PLATFORM_KEY})
"""The answers that say which account a setup works with, and on which platform it is."""

_VARIABLES: Final = {ACCOUNT_ID: "BW_ACCOUNT_ID", "account.base_url": "BW_API_URL"}
"""The environment variables that answer a question."""


class UsageError(Exception):
    """Something on the command line, in a file or in the environment has to be corrected first."""


class NoSetupError(Exception):
    """The setup that is asked for is not there."""


def report_errors(output: Output, work: Callable[[], int]) -> int:
    """Do the work; print what is wrong with what was given or saved in words, and return its exit code."""
    try:
        return work()
    except AnswersError as error:
        return refuse(output, Exit.INVALID, "\n".join(error.complaints))
    except (UsageError, BadName, CredentialsError) as error:
        return refuse(output, Exit.INVALID, str(error))
    except (NoSetupError, NoLoginError) as error:
        return refuse(output, Exit.NOT_FOUND, str(error))
    except Locked as error:
        return refuse(output, Exit.CONFLICT, str(error))
    except ProblemError as error:
        return refuse(output, exit_for(error.problem.kind), error.problem.text)
    except (StateError, SaveError) as error:
        return refuse(output, Exit.FAILED, str(error))
    except KeyboardInterrupt:
        # At a prompt, or before `Interruption` has the signals; requests that change something come later.
        return refuse(output, Exit.INTERRUPTED, f"\n{STOPPED}")


def refuse(output: Output, code: Exit, told: str) -> Exit:
    """Say why a command ends, and end `--json` with a result that says so too; return the exit code."""
    output.say(told)
    output.event(
        "result", status=status_for(code), outputs=RunState().result, exit=int(code), text=told.strip()
    )
    return code


class Session:
    """One command at work on one setup."""

    def __init__(
        self, options: SetupOptions, environ: Mapping[str, str], output: Output, *,
        setup: OpenSetup, answers: Answers, answers_file: AnswersFile | None,
    ) -> None:  # fmt: skip
        self.options = options
        self.environ = environ
        self.output = output
        self.setup = setup
        self.answers = answers
        self.answers_file = answers_file
        self.on_exchange: OnExchange | None = None
        """Told of each request with its answer."""

    def log_to(self, path: str | None) -> None:
        """Append what is sent and answered to a file, if one is named; say once if it takes no more. Raises `SaveError`."""
        if path:
            from bwtui.store.exchange_log import ExchangeLog  # noqa: PLC0415 - only if it is asked for

            self.on_exchange = ExchangeLog(Path(path), lambda text: self.output.say(warning(text))).add

    @property
    def run(self) -> RunState:
        """The run so far."""
        return self.setup.run

    @property
    def only_looking(self) -> "Session":
        """The same session with a state in memory alone: nothing that is found out is written to the file."""
        looking = Session(
            self.options, self.environ, self.output,
            setup=OpenSetup(None, self.setup.setup), answers=self.answers, answers_file=self.answers_file,
        )  # fmt: skip
        looking.on_exchange = self.on_exchange
        return looking

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold the setup for a run, with the answers of now, for the time of the block.

        Raises:
            UsageError: the setup belongs to another account.
            StateError: another process works on it, or it cannot be written.
        """
        file = self.setup.file
        assert file, "a command's setup has a file"
        with file.locked():
            # As it is now that nobody else writes it.
            self.setup = OpenSetup(file, file.load() or EMPTY_SETUP)
            refuse_other_account(self)
            self.setup.begin_run(self.answers.account_id, self.answers.base_url, self.answers.given)
            yield


def open_session(
    options: SetupOptions,
    environ: Mapping[str, str],
    output: Output,
    answers_path: str | None = None,
    *,
    sets_aside: bool = True,
) -> Session:
    """Open a setup, with the answers of a file where one is named; without `sets_aside` a damaged file stays where it is.

    Raises:
        NoSetupError: there is no such setup, and no file to begin one with.
        AnswersError: the answers file cannot be used.
        StateError: the state file cannot be used.
    """
    answers_file = read_answers(answers_path) if answers_path else None
    return session_with(options, environ, output, answers_file, sets_aside=sets_aside)


def session_with(
    options: SetupOptions,
    environ: Mapping[str, str],
    output: Output,
    answers_file: AnswersFile | None,
    *,
    sets_aside: bool = True,
) -> Session:
    """Open a setup, with the answers of a file if there are some; without `sets_aside` a damaged state is left in its place.

    Raises:
        NoSetupError: there is no such setup, and no file to begin one with.
        StateError: the state file cannot be used.
    """
    file = state_file(options, environ)
    setup = file.load(sets_aside=sets_aside)
    if answers_file is None and setup is None:
        raise NoSetupError(_no_setup(options.name, file.path.parent))
    opened = OpenSetup(file, setup or EMPTY_SETUP)
    saved = saved_answers(opened.setup)
    if answers_file:  # It is whole: it stands for all but the account.
        saved = {key: saved[key] for key in _ACCOUNT & saved.keys()}
    answers = on_its_platform(Answers(over_all(options, environ, saved, answers_file)), opened.begun_on)
    return Session(
        options, environ, output,
        setup=opened, answers=answers._replace(secrets=secrets_for(answers, environ)), answers_file=answers_file,
    )  # fmt: skip


def open_account(options: SetupOptions, environ: Mapping[str, str], output: Output) -> Session:
    """Open a session on the account alone, to read it; that of the setup of this name if nothing else says which.

    Raises:
        UsageError: the account is not said, or cannot be so.
        StateError: the state file cannot be used.
    """
    setup = state_file(options, environ).load() or EMPTY_SETUP
    saved = saved_answers(setup)
    kept = {key: saved[key] for key in _ACCOUNT & saved.keys()}
    answers = Answers(over_all(options, environ, kept, None))
    session = Session(
        options, environ, output, setup=OpenSetup(None, setup), answers=answers, answers_file=None
    )
    wrong = [each for each in complaints(answers) if each.key in _ACCOUNT and each.blocks]
    if wrong:
        raise UsageError("\n".join(f"{source_of(session, each.key)}: {each.told}" for each in wrong))
    return session


def _no_setup(name: str, folder: Path) -> str:
    there = names(folder)
    if there:
        return f"There is no setup “{name}” in {folder}.{did_you_mean(name, there)} The setups: {', '.join(there)}."
    return f"There is no setup in {folder} yet. Begin one with bwtui or bwtui apply FILE, or give another --state-dir."


def state_file(options: SetupOptions, environ: Mapping[str, str]) -> StateFile:
    """The state file that the command line and the environment name."""
    return StateFile(state_folder(options.state_dir or environ.get("BWTUI_STATE_DIR")), options.name)


def saved_answers(setup: Setup) -> dict[str, Answer]:
    """Return the answers of a setup with the account that it works with.

    That is the account that was answered last, until something is made or used there; then it is that one for good.
    Flags and variables may be others today, so what came from one counts as saved.
    """
    given = dict(setup.answers)
    for key in _ACCOUNT & given.keys():
        if given[key].source in (Source.FLAG, Source.ENVIRONMENT, Source.LOGIN):
            given[key] = given[key]._replace(source=Source.STATE)
    if not _is_settled(given.get(PLATFORM_KEY)):
        given.pop(PLATFORM_KEY, None)
    if setup.account_id and (setup.is_bound or ACCOUNT_ID not in given):
        given[ACCOUNT_ID] = Answer(setup.account_id, Source.STATE)
    if setup.base_url and not _names_its_place(given, setup):
        given = _without_place(given) | {"account.base_url": Answer(setup.base_url, Source.STATE)}
    return given


def on_its_platform(answers: Answers, begun: Platform | None) -> Answers:
    """Return the answers with the platform that the setup was begun on, where they leave it open."""
    return answers.on(FoundPlatform(begun)) if begun and not answers.platform else answers


def _is_settled(platform: Answer | None) -> bool:
    named = platform_named(platform.value) if platform else None
    return named is not None and named.is_settled


def _names_its_place(given: Mapping[str, Answer], setup: Setup) -> bool:
    if given.keys().isdisjoint(PLACE):
        return False
    return not setup.is_bound or is_same_service(Answers(given).base_url, setup.base_url)


def _without_place(given: Mapping[str, Answer]) -> dict[str, Answer]:
    return {key: answer for key, answer in given.items() if key not in PLACE}


def over_all(
    options: SetupOptions,
    environ: Mapping[str, str],
    kept: Mapping[str, Answer],
    file: AnswersFile | None,
) -> dict[str, Answer]:
    """Flags over environment over a saved login over answers file over what the state has.

    A login that a flag names is over the environment, too. Raises `CredentialsError` where the last login, which nobody has
    named, and the answers file speak of different accounts: what is bought must not depend on who logged in last.
    """
    _refuse_two_places(options)
    login = login_in_use(options, environ)
    is_named = bool(login and options.login and options.login.account)
    of_login = answers_of(login) if login else {}
    names = ("account_id", "environment", "base_url", "platform")
    flags = {f"account.{name}": getattr(options, name) for name in names}
    given = dict(kept)
    of_environment = {
        key: Answer(value, Source.ENVIRONMENT)
        for key, name in _VARIABLES.items()
        if (value := as_meant(key, environ.get(name, "")))
    }
    for stronger in (
        _without_open_platform(file.given) if file else {},
        *((of_environment, of_login) if is_named else (of_login, of_environment)),
        {key: Answer(as_meant(key, value), Source.FLAG) for key, value in flags.items() if value},
    ):
        if not stronger.keys().isdisjoint(PLACE):
            given = _without_place(given)
        given.update(stronger)
    if login and file and not is_named:
        refuse_other_than_in_file(login.name, given, file)
    return _without_platform_of_another(given, kept)


def _without_open_platform(given: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the answers of a file; that it leaves the platform open does not count against what was found out."""
    return {key: answer for key, answer in given.items() if key != PLATFORM_KEY or answer.value != AUTO}


def _without_platform_of_another(given: dict[str, Answer], kept: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the answers without a platform that was found out of another account than theirs."""
    found, now, before = given.get(PLATFORM_KEY), Answers(given), Answers(kept)
    same = now.account_id == before.account_id and is_same_service(now.base_url, before.base_url)
    if same or not found or found.source is not Source.ACCOUNT:
        return given
    return dict(now.without_platform.given)


def _refuse_two_places(options: SetupOptions) -> None:
    """Refuse two flags that name two addresses. Raises `UsageError`."""
    named = ENVIRONMENTS.get(options.environment or "")
    given = options.base_url and as_meant("account.base_url", options.base_url)
    if named and given and not same_place(named, given):
        raise UsageError(
            f"--environment {options.environment} is {named}, and --base-url names {given}: give one of the two."
        )


def secrets_for(answers: Answers, environ: Mapping[str, str]) -> dict[str, Secret]:
    """The callback passwords that the environment holds, where there is a user to go with them."""
    return {
        key: password
        for key, password in secrets_in(environ).items()
        if answers.text(key.replace("callback_password", "callback_user"))
    }


def secrets_in(environ: Mapping[str, str]) -> dict[str, Secret]:
    """The callback passwords that the environment holds, by the key of their question."""
    return {
        key: Secret.entered(environ[question.secret_from])
        for key, question in QUESTIONS.items()
        if isinstance(question, Text) and environ.get(question.secret_from)
    }


def refuse_other_account(session: Session) -> None:
    """Refuse to speak of one account or platform with what is known of another.

    Raises:
        UsageError: it is another account.
        ProblemError: it is another platform, and something was made on the first.
    """
    account_id, base_url = session.answers.account_id, session.answers.base_url
    if elsewhere := belongs_elsewhere(session.setup.setup, session.options.name, account_id, base_url):
        login = login_in_use(session.options, session.environ)
        text = f" The account is that of the login {login.name}; --account names another." if login else ""
        raise UsageError(f"{elsewhere}{text}")
    begun, name = session.setup.begun_on, session.options.name
    is_ordering = bool(session.run.on_order)
    if changed := changed_platform(begun, name, session.answers.platform, is_ordering=is_ordering):
        raise ProblemError(Problem(operation="platform.look", kind=Kind.CONFLICT, text=changed))


def tell_redirected(session: Session) -> AtListener | None:
    """Say that callback URLs point at a listener for now; return them, `None` if none do. Raises `StateError`."""
    file = session.setup.file
    if not file or not redirect_path(file.path.parent, file.name).exists():
        return None
    from bwtui.store.listener_file import read_listener  # noqa: PLC0415 - start-up time is budgeted
    from bwtui.store.redirect_file import redirection_of  # noqa: PLC0415

    redirection = redirection_of(file)
    if redirection is None:
        return None
    pointed = AtListener(
        redirection.public_url,
        is_listening=read_listener(file.path.parent, file.name) is not None,
        has_calls=any(each.step == VOICE_APP.key for each in redirection.redirects),
        restore=session.options.commands.of(*RESTORE),
    )
    session.output.event("warning", step="", text=pointed.told)
    session.output.say(warning(pointed.told), indent=2)
    return pointed


def refuse_invalid_answers(session: Session, *, without: frozenset[str] = frozenset()) -> None:
    """Refuse what blocks, say what is doubtful.

    Raises:
        UsageError: with every complaint, each with its file and line where it has one.
    """
    for note in session.answers_file.notes if session.answers_file else ():
        session.output.say(note)
    blocking = []
    for complaint in complaints(session.answers):
        if complaint.key in without:
            continue
        text = f"{source_of(session, complaint.key)}: {complaint.told}"
        if complaint.blocks:
            blocking.append(text)
        else:
            session.output.say(warning(text), indent=2)
    if blocking:
        raise UsageError("\n".join(blocking))


def source_of(session: Session, key: str) -> str:
    """Return the place that a value comes from, for a message: `setup.toml:12: site.name`."""
    question = QUESTIONS[key]
    if isinstance(question, Text) and question.secret_from:
        return f"{question.secret_from} in the environment"
    answer = session.answers.given.get(key)
    file = session.answers_file
    if file and (answer is None or (answer.source is Source.FILE and key in file.given)):
        return f"{file.locate(key)}: {key}"
    if answer and answer.source is Source.ENVIRONMENT:
        return f"{_VARIABLES[key]} in the environment"
    if answer and answer.source is Source.FLAG:
        return f"--{key.partition('.')[2].replace('_', '-')}"
    return key
