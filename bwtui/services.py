"""The services that front ends use. `connected_services` has the real ones; tests put others in their place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # start-up time is budgeted, and what a service takes and gives is only named here
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import date
    from pathlib import Path

    from bwtui.command_line import CommandLine
    from bwtui.credentials import Login
    from bwtui.domain.account.account import Account, AvailableNumber, Candidate
    from bwtui.domain.account.findings import Survey
    from bwtui.domain.answers.answers import Answer, Answers
    from bwtui.domain.arrival.arrival import Arrival
    from bwtui.domain.callbacks.callback_check import CallbackOutcome, CallbackUrl
    from bwtui.domain.planning.actions import Plan
    from bwtui.domain.platform import FoundPlatform, Platform
    from bwtui.domain.runs.bookmark import Bookmark
    from bwtui.domain.runs.run import RunState
    from bwtui.domain.runs.run_events import Event, SaveEvents
    from bwtui.domain.steps import Step
    from bwtui.domain.teardown.teardown import RemovalLook, RemovalPlan
    from bwtui.domain.trials.trial import Attempt, Ended, OnTrial, Trial, TrialKind
    from bwtui.domain.values.documents import OnExchange, OnWait


class Services(Protocol):
    """The engine over one account, and the file of the setup.

    What is awaited raises `ProblemError` for what the API refused or could not be asked, and `Stopped` after `stop`.
    """

    async def find_platform(self, answers: Answers) -> FoundPlatform:
        """Find the platform of the account; nothing is sent if the answers say which."""

    async def survey(self, answers: Answers, run: RunState) -> Survey:
        """Look at what is on the account; changes nothing."""

    async def provision(
        self,
        answers: Answers,
        run: RunState,
        plan: Plan,
        candidates: tuple[str, ...],
        save_events: SaveEvents,
    ) -> RunState:
        """Carry out a plan; `candidates` are the numbers that may be ordered.

        `save_events` writes what happens to the file, then shows it; events of one moment come together. Failures of
        steps are in the run that is returned.
        """

    async def verify(self, answers: Answers, run: RunState) -> Plan:
        """Read everything back; the setup is proven if that is a proof (`Plan.is_proof`)."""

    async def read_arrivals(
        self, answers: Answers, run: RunState, proof: Plan | None = None
    ) -> tuple[Arrival, ...]:
        """Read whether messages and calls of the run's numbers will arrive; changes nothing.

        `proof` is what `verify` has just returned: what it shows is not read again.

        What may not or cannot be read makes a verdict unknown, with the reason, and is no error.
        """

    async def look_for_removal(self, answers: Answers, run: RunState) -> RemovalLook:
        """Look at everything that the setup has made, and find what became of requests without an answer; only GET."""

    async def tear_down(
        self, answers: Answers, run: RunState, plan: RemovalPlan, save_events: SaveEvents
    ) -> RunState:
        """Carry out a plan of a teardown; what could not be undone is in the run that is returned."""

    async def read_account(self, answers: Answers) -> Account:
        """Read the account itself, its products, its sub-accounts and applications; changes nothing."""

    async def list_candidates(self, step: Step, answers: Answers) -> tuple[Candidate, ...]:
        """List what a step could use instead of creating it; a location's needs the sub-account that is used."""

    async def search_numbers(self, answers: Answers, quantity: int) -> tuple[AvailableNumber, ...]:
        """Search for numbers as answered, at most so many; empty where there are none."""

    async def check_callback(self, callback: CallbackUrl) -> CallbackOutcome:
        """Try a callback URL as Bandwidth would, with a sample event; nothing is changed on the account."""

    def save_events(self, events: Sequence[Event]) -> None:
        """Write events to the state file, which takes a moment: call it in a thread. Raises `SaveError`."""

    def save_platform(self, platform: Platform) -> None:
        """Write the platform that was found to the state file; call it in a thread. Raises `SaveError`."""

    def stop(self) -> None:
        """Start nothing new, and let what is under way come to its end."""

    def seconds_under_way(self) -> float:
        """Say how long what is under way may still take at most; 0 where nothing is."""

    @property
    def trials(self) -> Trials:
        """A first message, a first call, and what became of them."""


class Trials(Protocol):
    """The trials of a setup. Everything raises `SaveError` where their file cannot be read or written."""

    def last(self, kind: TrialKind) -> Attempt | None:
        """Return the last attempt of a kind, as it was written down."""

    async def public_url(self) -> str:
        """Return where the internet reaches the running listener of this setup; empty where none is known."""

    async def send(
        self, trial: Trial, wait: float, on_event: OnTrial, *, after: Attempt | None = None
    ) -> Ended:
        """Send a trial, once, and follow it for `wait` seconds; `on_event` is told each event, the last is returned.

        `after` is the last attempt of its kind, as the person was told of it. Raises `ProblemError` if it was certainly
        not sent or was refused, `Stopped` before anything was sent; once it was, `Services.stop` ends the following.
        """

    async def follow(self, attempt: Attempt, wait: float, on_event: OnTrial) -> Ended:
        """Wait for news of an attempt; sends nothing. `on_event` is told each event, the last is returned."""

    async def reply(self, attempt: Attempt, wait: float) -> str | None:
        """Wait for what the phone writes back to a message; `None` where nothing came, or no listener runs."""

    async def was_spoken_to(self, attempt: Attempt, wait: float) -> bool:
        """Wait until the listener was asked what to say in a call, which it answers with its sentence."""


class WizardHost(Protocol):
    """The wizard's surroundings: how it connects to the API, and the files of one setup."""

    login: Login | None
    """The credentials that flags, environment or keyring hold."""
    commands: CommandLine
    """The command lines for this setup."""
    resume_command: str
    """The command that continues where this one was left."""
    is_demo: bool
    phone: str
    """The number of a phone to try messages and calls with; empty where the person types one."""
    theme: str
    """The theme that was chosen last; empty if none was."""

    def today(self) -> date:
        """Return the day that it is where the person is."""

    def save_theme(self, name: str) -> None:
        """Keep the theme for the next time. Raises `SaveError`."""

    def connect(
        self, login: Login, answers: Answers, on_exchange: OnExchange, on_wait: OnWait
    ) -> AbstractAsyncContextManager[Services]:
        """Open the services over the account of the answers.

        `on_exchange` is told each exchange, secrets masked; `on_wait` each wait: operation, seconds and reason.
        Raises `SaveError` where the setup on disk belongs to another account, `ProblemError` where the address cannot
        be used.
        """

    async def list_accounts(
        self, login: Login, answers: Answers, on_exchange: OnExchange, on_wait: OnWait
    ) -> tuple[str, ...]:
        """List the accounts that the credentials' token names; none with Basic, or for a credential of the whole system.

        Raises `ProblemError` if no token can be had.
        """

    def save_answers(self, answers: Mapping[str, Answer], bookmark: Bookmark) -> None:
        """Write the answers and the place to the state file, events left as they are. Raises `SaveError`."""

    def start_over(self) -> None:
        """Set aside what is saved of this setup, and begin with nothing. Raises `SaveError`."""

    def write_answers_file(self, path: Path, answers: Answers) -> None:
        """Write an answers file for `bwtui apply`. Raises `SaveError`; a file that is there is not overwritten."""

    def write_file(self, path: Path, text: str) -> None:
        """Write an export to a file. Raises `SaveError`; a file that is there is not overwritten."""

    def export_text(self, form: str, answers: Answers, run: RunState) -> str:
        """Give the result as env, json, curl or markdown, ready to be shown or written."""


def stopping_text(seconds: float) -> str:
    """Say that bwtui is stopping, with the seconds that requests under way may still take."""
    if not seconds:
        return "Stopping"
    return f"Stopping after the request under way, up to {math.ceil(seconds)} s"
