"""The work on the account: it connects, looks, acts and reads back, one thing at a time, and a signal lets it stop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self, TypeVar

from bwtui.account_connection import AccountConnection
from bwtui.domain.answers.answers import uses_existing
from bwtui.domain.callbacks.callback_urls import CheckedCallbacks
from bwtui.domain.catalog import LOCATION, parent_of
from bwtui.domain.planning.progress import Progress, progress_of
from bwtui.domain.runs.event_text import event_told
from bwtui.domain.runs.problem import Stopped
from bwtui.domain.runs.run_events import Failed, RemovalFailed, Verified
from bwtui.domain.trials.trial_view import ANSWER_WAIT, WAIT
from bwtui.domain.values.time_text import waiting_told
from bwtui.domain.walk.walk import TITLES
from bwtui.linear.conversation import Left
from bwtui.linear.error_text import WORDING
from bwtui.services import stopping_text

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from bwtui.credentials import Login
    from bwtui.domain.account.account import Account, AvailableNumber, Candidate
    from bwtui.domain.arrival.arrival import Arrival
    from bwtui.domain.callbacks.callback_check import CallbackUrl
    from bwtui.domain.planning.actions import Plan
    from bwtui.domain.runs.run_events import Event
    from bwtui.domain.steps import Step
    from bwtui.domain.teardown.teardown import RemovalLook, RemovalPlan
    from bwtui.domain.trials.trial import Attempt, Ended, Trial, TrialKind
    from bwtui.domain.values.documents import Exchange
    from bwtui.domain.walk.draft import AnswerDraft
    from bwtui.domain.walk.existing_setup import ExistingSetup
    from bwtui.linear.conversation import Conversation
    from bwtui.services import OnTrial, Trials, WizardHost
    from bwtui.setup_run import Look

_T = TypeVar("_T")


class Work:
    """One setup at work. Everything may raise `ProblemError`, `SaveError` and, after a signal, `Left`."""

    def __init__(self, host: WizardHost, draft: AnswerDraft, talk: Conversation) -> None:
        self.host = host
        self.draft = draft
        self.proof: Plan | None = None
        """The last verification; `None` before one, or after something changed."""
        self.exchanges: list[Exchange] = []
        self.callbacks = CheckedCallbacks()
        self._talk = talk
        self._locations: dict[str, tuple[Candidate, ...]] = {}
        self._found: dict[str, tuple[Candidate, ...]] = {}
        """The candidates that were looked up, by the keys of their steps."""
        self._runner = asyncio.Runner()
        self._connection = AccountConnection(
            host, on_event=self._on_event, on_exchange=self.exchanges.append, on_wait=self._on_wait
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._connection.close())
        self._runner.close()

    # --- connecting ---

    def connect(self, login: Login) -> Account:
        """Look at the account, unless that was done by the same person."""
        if self.account is None or not self.is_connected(login):
            self.proof = None
            self._locations.clear()
            self._found.clear()
            self.draft.learn(self._run(self._connection.open(login, self.draft.answers)))
        assert self.account
        return self.account

    def list_accounts(self, login: Login) -> tuple[str, ...]:
        """List the accounts that the credentials' token names."""
        return self._run(self._connection.list_accounts(login, self.draft.answers))

    def is_connected(self, login: Login | None) -> bool:
        """True if the account that was looked at is the one that is answered now, seen by the same person."""
        answers = self.draft.answers
        is_known = answers.platform is not None
        return is_known and self._connection.is_open and self._connection.is_for(login, answers)

    @property
    def account(self) -> Account | None:
        """The account as it was read when connecting; `None` while not connected."""
        return self._connection.account

    # --- looking ---

    def candidates(self, step: Step) -> tuple[Candidate, ...]:
        """List what a step could use instead of creating it."""
        if step.chosen_by and not step.is_listed:
            return self._looked_up(step)
        if step != LOCATION:
            return self.account.candidates.get(step.key, ()) if self.account else ()
        parent = parent_of(step)
        used = uses_existing(parent, self.draft.answers) if parent else ""
        if used and used not in self._locations:
            self._locations[used] = self._run(
                self._connection.services.list_candidates(LOCATION, self.draft.answers)
            )
        return self._locations.get(used, ())

    def _looked_up(self, step: Step) -> tuple[Candidate, ...]:
        """Look up what can be chosen for a step, once; nothing while nobody is connected."""
        if self.account and step.key not in self._found:
            self._found[step.key] = self._run(
                self._connection.services.list_candidates(step, self.draft.answers)
            )
        return self._found.get(step.key, ())

    def start_from(self, site_id: str, sippeer_id: str) -> ExistingSetup:
        """Take the answers of what is on the account."""
        from bwtui.read_setup import read_setup  # noqa: PLC0415 - not needed before somebody wants it

        services = self._connection.services
        existing = self._run(read_setup(services, self.draft.answers, site_id, sippeer_id))
        self.draft.begin_with(existing.answers)
        return existing

    def locations_of(self, site_id: str) -> tuple[Candidate, ...]:
        """List the locations of a sub-account."""
        from bwtui.read_setup import list_locations  # noqa: PLC0415

        return self._run(list_locations(self._connection.services, self.draft.answers, site_id))

    def search(self, quantity: int) -> tuple[AvailableNumber, ...]:
        """Search for numbers as answered."""
        return self._run(self._connection.services.search_numbers(self.draft.answers, quantity))

    def check_callbacks(self, callbacks: Iterable[CallbackUrl]) -> None:
        """Try callback URLs as Bandwidth would, with a sample event; a password is sent where one is in them."""
        for callback in callbacks:
            outcome = self._run(self._connection.services.check_callback(callback))
            self.callbacks.keep(callback, outcome)
            self._talk.say(f"{'Fine' if outcome.is_fine else 'Doubtful'}: {outcome.sentence}")

    def look(self) -> Look:
        """Find out what would have to be done; changes nothing."""
        return self._run(self._connection.setup.look(self.draft.answers, self.draft.run))

    def confirmed(self, agreed: Look) -> tuple[Look, bool]:
        """The look to act on after a yes, and true if that is what was agreed to."""
        return self._run(self._connection.setup.confirmed(agreed, self.draft.answers, self.draft.run))

    # --- acting ---

    def act(self, look: Look, *, pay: bool) -> None:
        """Carry out what a look has planned, without what costs money unless `pay`, then read everything back."""
        self.proof = None
        self._run(self._connection.setup.carry_out(look, self.draft.answers, self.draft.run, pay=pay))
        if progress_of(self.draft.answers, self.draft.run) is not Progress.INCOMPLETE:
            self._talk.say("Reading everything back.")
            self.proof = self._run(self._connection.setup.verify(self.draft.answers, self.draft.run))

    def read_arrivals(self) -> tuple[Arrival, ...]:
        """Read whether messages and calls will arrive."""
        return self._run(self._connection.services.read_arrivals(self.draft.answers, self.draft.run))

    def public_url(self) -> str:
        """Return where the internet reaches the running listener; empty where none is known."""
        return self._run(self._trials.public_url())

    def last_trial(self, kind: TrialKind) -> Attempt | None:
        """Return the last attempt of a kind, as it was written down."""
        return self._trials.last(kind)

    def send(self, trial: Trial, on_event: OnTrial) -> Ended:
        """Send a trial, once, and follow it."""
        after = self._trials.last(trial.kind)
        return self._run(self._trials.send(trial, WAIT[trial.kind], on_event, after=after))

    def follow(self, attempt: Attempt, on_event: OnTrial) -> Ended:
        """Wait for news of a trial; sends nothing."""
        return self._run(self._trials.follow(attempt, WAIT[attempt.kind], on_event))

    def reply(self, attempt: Attempt) -> str | None:
        """Wait for what the phone writes back; `None` where nothing came."""
        return self._run(self._trials.reply(attempt, ANSWER_WAIT[attempt.kind]))

    def was_spoken_to(self, attempt: Attempt) -> bool:
        """Wait until the listener was asked what to say in a call."""
        return self._run(self._trials.was_spoken_to(attempt, ANSWER_WAIT[attempt.kind]))

    @property
    def _trials(self) -> Trials:
        return self._connection.services.trials

    def look_for_removal(self) -> RemovalLook:
        """Find out what the setup has made that is still there; changes nothing."""
        return self._run(self._connection.setup.look_for_removal(self.draft.answers, self.draft.run))

    def tear_down(self, plan: RemovalPlan) -> None:
        """Remove what a plan says."""
        self.proof = None
        self._run(self._connection.setup.tear_down(plan, self.draft.answers, self.draft.run))

    @property
    def is_proven(self) -> bool:
        """True if everything was read back here, is as it should be, and nothing has changed since."""
        is_done = progress_of(self.draft.answers, self.draft.run) is Progress.DONE
        return self.proof is not None and self.proof.is_proof and is_done

    def _on_event(self, event: Event) -> None:
        """Say what has happened, a line for each event."""
        self.draft.take(event)
        match event:
            case Verified():
                pass  # the proof is told, a line for each step
            case Failed(problem=problem) | RemovalFailed(problem=problem):
                self._talk.say(f"{TITLES[event.step]}: failed. {WORDING.told(problem)}")
            case _ if text := event_told(event):
                self._talk.say(f"{TITLES[event.step]}: {text}")

    def _on_wait(self, _operation: str, seconds: float, reason: str) -> None:
        self._talk.say(waiting_told(seconds, reason))

    # --- stopping ---

    def _run(self, work: Coroutine[object, object, _T]) -> _T:
        """Do some work to its end. The first signal lets it stop by itself, a second one ends it at once."""
        try:
            return self._runner.run(self._until_signal(work))
        except (Stopped, asyncio.CancelledError):
            self._talk.leave_if_signalled()
            raise Left from None

    async def _until_signal(self, work: Coroutine[object, object, _T]) -> _T:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)
        self._talk.on_signal = lambda: loop.call_soon_threadsafe(self._stop, task)
        self._stops = 0
        try:
            return await task
        finally:
            self._talk.on_signal = None

    def _stop(self, task: asyncio.Future[_T]) -> None:
        self._stops += 1
        if self._stops > 1:
            task.cancel()
            return
        self._connection.stop()
        self._talk.say(f"{stopping_text(self._connection.seconds_under_way)}; Ctrl+C again stops at once.")
