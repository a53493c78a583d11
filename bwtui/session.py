"""One command at work on one setup: its answers, from wherever they come, and its state."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bwtui.domain.answers import Answer, Answers, Source, as_meant
from bwtui.domain.catalog import ENVIRONMENTS, QUESTIONS
from bwtui.domain.checks import same_place
from bwtui.domain.fields import Text
from bwtui.domain.run import Event, RunState
from bwtui.domain.secret import Secret
from bwtui.domain.setup import Setup
from bwtui.domain.validation import complaints
from bwtui.exits import Exit, status_for
from bwtui.output import Output
from bwtui.services import NotKept
from bwtui.store.answers_file import AnswersError, AnswersFile
from bwtui.store.answers_file import read as read_answers
from bwtui.store.state import BadName, Locked, StateError, StateFile, state_folder

SAME_ACCOUNTS: Final = frozenset({ENVIRONMENTS["production"], ENVIRONMENTS["classic"]})
"""Two addresses of one and the same service."""

_PLACE: Final = ("account.base_url", "account.environment")
"""Two answers to one question: where the account is."""


class UsageError(Exception):
    """Something on the command line, in a file or in the environment has to be corrected first."""


def in_words(output: Output, work: Callable[[], int]) -> int:
    """Do the work; what is wrong with what was given or kept is told in words, and gives its exit code."""
    try:
        return work()
    except AnswersError as error:
        return _refuse(output, Exit.INVALID, "\n".join(error.complaints))
    except (UsageError, BadName) as error:
        return _refuse(output, Exit.INVALID, str(error))
    except Locked as error:
        return _refuse(output, Exit.CONFLICT, str(error))
    except StateError as error:
        return _refuse(output, Exit.FAILED, str(error))
    except KeyboardInterrupt:
        # At a prompt, before anything was sent; while requests are under way `live` has the signals.
        return _refuse(output, Exit.INTERRUPTED, "\nStopped.")


def _refuse(output: Output, code: Exit, told: str) -> Exit:
    output.say(told)
    output.event(
        "result", status=status_for(code), outputs=RunState().result, exit=int(code), text=told.strip()
    )
    return code


class Session:
    """One command at work on one setup; no dataclass, since importing what makes them takes 8 ms."""

    def __init__(
        self,
        options: argparse.Namespace,
        environ: Mapping[str, str],
        output: Output,
        *,
        file: StateFile,
        setup: Setup | None,
        answers: Answers,
        answers_file: AnswersFile | None,
    ) -> None:
        self.options = options
        self.environ = environ
        self.output = output
        self.file = file
        self.setup = setup
        self.answers = answers
        self.answers_file = answers_file

    @property
    def run(self) -> RunState:
        """What has happened so far."""
        return self.setup.run if self.setup else RunState()

    def keep(self, events: Sequence[Event]) -> None:
        """Write events to the state file before anything else happens.

        Raises:
            StateError: they could not be written.
            NotKept: no run is in progress here, and another process works on the setup, has changed it meanwhile, or
                there is no writing.
        """
        assert self.setup, "a run is begun before it has events"
        after = self.setup.after(events)
        if self.file.is_held:
            self.file.save(after)
        else:
            self._keep_aside(after)
        self.setup = after

    def _keep_aside(self, after: Setup) -> None:
        """Write down what was learnt without a run: no reason to disturb the run of another process."""
        assert self.setup, "it was read"
        try:
            with self.file.locked():
                self.file.save_over(self.setup, after)
        except StateError as error:
            raise NotKept(str(error)) from error


def open_session(options: argparse.Namespace, environ: Mapping[str, str], output: Output) -> Session:
    file = state_file(options, environ)
    answers_file = read_answers(options.file) if hasattr(options, "file") else None
    setup = file.load()
    if answers_file is None and setup is None:
        raise UsageError(
            f"There is no setup named {options.name} in {file.path.parent}: run bwtui apply FILE first, or give --name or --state-dir."
        )
    answers = Answers(over_all(options, environ, _kept(setup, answers_file), answers_file))
    return Session(
        options,
        environ,
        output,
        file=file,
        setup=setup,
        answers=answers._replace(secrets=secrets_for(answers, environ)),
        answers_file=answers_file,
    )


def state_file(options: argparse.Namespace, environ: Mapping[str, str]) -> StateFile:
    """The state file that the command line and the environment name."""
    return StateFile(state_folder(options.state_dir or environ.get("BWTUI_STATE_DIR")), options.name)


def _kept(setup: Setup | None, file: AnswersFile | None) -> dict[str, Answer]:
    """What the state says. An answers file is whole: it stands for all but the account."""
    if setup is None:
        return {}
    given = dict(setup.answers)  # with where each came from; who asks and where may be another today
    given.update({key: Answer(given[key].value, Source.STATE) for key in given if key.startswith("account.")})
    if setup.account_id:
        given["account.account_id"] = Answer(setup.account_id, Source.STATE)
    if setup.base_url:
        given["account.base_url"] = Answer(setup.base_url, Source.STATE)
    place = _PLACE[:1] if setup.base_url else _PLACE
    return (
        given if file is None else {key: given[key] for key in ("account.account_id", *place) if key in given}
    )


def over_all(
    options: argparse.Namespace,
    environ: Mapping[str, str],
    kept: Mapping[str, Answer],
    file: AnswersFile | None,
) -> dict[str, Answer]:
    """Flags over environment over answers file over what the state has."""
    variables = {"account.account_id": "BW_ACCOUNT_ID", "account.base_url": "BW_API_URL"}
    flags = {f"account.{name}": getattr(options, name) for name in ("account_id", "environment", "base_url")}
    given = dict(kept)
    for stronger in (
        file.given if file else {},
        {
            key: Answer(value, Source.ENVIRONMENT)
            for key, name in variables.items()
            if (value := as_meant(key, environ.get(name, "")))
        },
        {key: Answer(as_meant(key, value), Source.FLAG) for key, value in flags.items() if value},
    ):
        if not stronger.keys().isdisjoint(_PLACE):
            given = {key: answer for key, answer in given.items() if key not in _PLACE}
        given.update(stronger)
    return given


def secrets_for(answers: Answers, environ: Mapping[str, str]) -> dict[str, Secret]:
    """The callback passwords that the environment holds, where there is a user to go with them."""
    return {
        key: Secret.entered(environ[question.secret_from])
        for key, question in QUESTIONS.items()
        if isinstance(question, Text) and environ.get(question.secret_from)
        if answers.text(key.replace("callback_password", "callback_user"))
    }


def foreign(setup: Setup, name: str, account_id: str, base_url: str) -> str:
    """Why a setup cannot go on with an account, in words; empty where it can.

    One that nothing was made for yet, only looked at, takes any: what was mistyped can be corrected.
    """
    if not setup.is_bound or (setup.account_id == account_id and _same_accounts(setup.base_url, base_url)):
        return ""
    return (
        f"The setup {name} belongs to account {setup.account_id} on {setup.base_url}, not to account "
        f"{account_id} on {base_url}. Give another --name to begin a new one."
    )


def _same_accounts(one: str, other: str) -> bool:
    """Whether two base URLs lead to the same accounts."""
    return same_place(one, other) or all(
        any(same_place(url, address) for address in SAME_ACCOUNTS) for url in (one, other)
    )


def refuse_foreign(session: Session) -> None:
    """Refuse to speak of one account with what is known of another. Raises `UsageError`."""
    account_id, base_url = session.answers.text("account.account_id"), session.answers.base_url
    if session.setup and (told := foreign(session.setup, session.options.name, account_id, base_url)):
        raise UsageError(told)


def check(session: Session, *, without: frozenset[str] = frozenset()) -> None:
    """Refuse what blocks, say what is doubtful.

    Raises:
        UsageError: with every complaint, each with its file and line where it has one.
    """
    blocking = []
    for complaint in complaints(session.answers):
        if complaint.key in without:
            continue
        told = f"{where(session, complaint.key)}: {complaint.told}"
        if complaint.blocks:
            blocking.append(told)
        else:
            session.output.say(f"warning: {told}")
    if blocking:
        raise UsageError("\n".join(blocking))


def where(session: Session, key: str) -> str:
    """Where a value comes from, for a message: `setup.toml:12: site.name`."""
    question = QUESTIONS[key]
    if isinstance(question, Text) and question.secret_from:
        return f"{question.secret_from} in the environment"
    answer = session.answers.given.get(key)
    if session.answers_file and (answer is None or answer.source is Source.FILE):
        return f"{session.answers_file.locate(key)}: {key}"
    variables = {"account.account_id": "BW_ACCOUNT_ID", "account.base_url": "BW_API_URL"}
    if answer and answer.source is Source.ENVIRONMENT:
        return f"{variables[key]} in the environment"
    if answer and answer.source is Source.FLAG:
        return f"--{key.partition('.')[2].replace('_', '-')}"
    return key
