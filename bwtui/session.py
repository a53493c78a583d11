"""One command at work on one setup: its answers, from wherever they come, and its state."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bwtui.domain.answers import Answer, Answers, Source, complaints
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.run import Event, RunState
from bwtui.domain.secret import Secret
from bwtui.output import Output
from bwtui.store.answers_file import AnswersFile
from bwtui.store.answers_file import read as read_answers
from bwtui.store.state import Setup, StateFile, state_folder


class UsageError(Exception):
    """Something on the command line, in a file or in the environment has to be corrected first."""


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


def open_session(options: argparse.Namespace, environ: Mapping[str, str], output: Output) -> Session:
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


def check(session: Session, *, without: frozenset[str] = frozenset()) -> None:
    """Refuse what blocks, say what is doubtful.

    Raises:
        UsageError: with every complaint, each with its file and line where it has one.
    """
    blocking = []
    for complaint in complaints(session.answers):
        if complaint.key in without:
            continue
        told = f"{where(session, complaint.key)}: {complaint.text}"
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
