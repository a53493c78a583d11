"""The work on the account: it connects, looks, acts and reads back, one thing at a time, and a signal lets it stop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self, TypeVar

from bwtui.domain.runs.event_text import event_told
from bwtui.domain.runs.problem import Stopped
from bwtui.domain.runs.run_events import Failed, RemovalFailed, Verified
from bwtui.domain.trials.trial_view import ANSWER_WAIT, WAIT
from bwtui.domain.values.time_text import waiting_told
from bwtui.domain.walk.walk import TITLES
from bwtui.linear.conversation import Left
from bwtui.linear.error_text import WORDING
from bwtui.services import stopping_text
from bwtui.setup_work import SetupWork

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from bwtui.domain.account.account import Account, AvailableNumber, Candidate
    from bwtui.domain.arrival.arrival import Arrival
    from bwtui.domain.callbacks.callback_check import CallbackUrl
    from bwtui.domain.runs.bookmark import Bookmark
    from bwtui.domain.runs.run_events import Event
    from bwtui.domain.steps import Step
    from bwtui.domain.teardown.teardown import RemovalLook, RemovalPlan
    from bwtui.domain.trials.trial import Attempt, Ended, OnTrial, Trial, TrialKind
    from bwtui.domain.walk.draft import AnswerDraft
    from bwtui.domain.walk.existing_setup import ExistingSetup
    from bwtui.linear.conversation import Conversation
    from bwtui.services import WizardHost
    from bwtui.setup_run import Look

_T = TypeVar("_T")


class Work:
    """One setup at work. Everything may raise `ProblemError`, `SaveError` and, after a signal, `Left`."""

    def __init__(self, host: WizardHost, draft: AnswerDraft, bookmark: Bookmark, talk: Conversation) -> None:
        self.host = host
        self.setup = SetupWork(host, draft, bookmark, on_event=self._on_event, on_wait=self._on_wait)
        self._draft = draft
        self._talk = talk
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self.setup.disconnect())
        self._runner.close()

    # --- connecting ---

    def connect(self) -> Account:
        """Look at the account, unless that was done by the same person."""
        return self.setup.account or self._run(self.setup.open())

    def suggest_account(self) -> None:
        """Take the only account that the credentials name."""
        self._run(self.setup.suggest_account())

    # --- looking ---

    def candidates(self, step: Step) -> tuple[Candidate, ...]:
        """List what a step could use instead of creating it; nothing while nobody is connected."""
        if self.setup.can_look_up(step):
            self._run(self.setup.find_candidates(step))
        return self.setup.candidates(step) or ()

    def start_from(self, site_id: str, sippeer_id: str) -> ExistingSetup:
        """Take the answers of what is on the account."""
        return self._run(self.setup.begin_with(site_id, sippeer_id))

    def locations_of(self, site_id: str) -> tuple[Candidate, ...]:
        """List the locations of a sub-account."""
        return self._run(self.setup.find_locations_of(site_id))

    def search(self, quantity: int) -> tuple[AvailableNumber, ...]:
        """Search for numbers as answered."""
        return self._run(self.setup.services.search_numbers(self._draft.answers, quantity))

    def check_callbacks(self, callbacks: Iterable[CallbackUrl]) -> None:
        """Try callback URLs as Bandwidth would, with a sample event; a password is sent where one is in them."""
        for callback in callbacks:
            outcome = self._run(self.setup.check_callback(callback))
            self._talk.say(f"{'Fine' if outcome.is_fine else 'Doubtful'}: {outcome.sentence}")

    def look(self) -> Look:
        """Find out what would have to be done; changes nothing."""
        return self._run(self.setup.setup_run.look(self._draft.answers, self._draft.run))

    def confirmed(self, agreed: Look) -> tuple[Look, bool]:
        """The look to act on after a yes, and true if that is what was agreed to."""
        return self._run(self.setup.setup_run.confirmed(agreed, self._draft.answers, self._draft.run))

    # --- acting ---

    def act(self, look: Look, *, pay: bool) -> None:
        """Carry out what a look has planned, without what costs money unless `pay`, then read everything back."""

        def before_proof() -> None:
            self._talk.say("Reading everything back.")

        answers = self._draft.answers
        self._run(self.setup.carry_out(look, answers, pay=pay, before_proof=before_proof))

    def read_arrivals(self) -> tuple[Arrival, ...]:
        """Read whether messages and calls will arrive."""
        return self._run(self.setup.services.read_arrivals(self._draft.answers, self._draft.run))

    def public_url(self) -> str:
        """Return where the internet reaches the running listener; empty where none is known."""
        return self._run(self.setup.trials.public_url())

    def last_trial(self, kind: TrialKind) -> Attempt | None:
        """Return the last attempt of a kind, as it was written down."""
        return self.setup.trials.last(kind)

    def send(self, trial: Trial, on_event: OnTrial) -> Ended:
        """Send a trial, once, and follow it."""
        after = self.setup.trials.last(trial.kind)
        return self._run(self.setup.trials.send(trial, WAIT[trial.kind], on_event, after=after))

    def follow(self, attempt: Attempt, on_event: OnTrial) -> Ended:
        """Wait for news of a trial; sends nothing."""
        return self._run(self.setup.trials.follow(attempt, WAIT[attempt.kind], on_event))

    def reply(self, attempt: Attempt) -> str | None:
        """Wait for what the phone writes back; `None` where nothing came."""
        return self._run(self.setup.trials.reply(attempt, ANSWER_WAIT[attempt.kind]))

    def was_spoken_to(self, attempt: Attempt) -> bool:
        """Wait until the listener was asked what to say in a call."""
        return self._run(self.setup.trials.was_spoken_to(attempt, ANSWER_WAIT[attempt.kind]))

    def look_for_removal(self) -> RemovalLook:
        """Find out what the setup has made that is still there; changes nothing."""
        return self._run(self.setup.setup_run.look_for_removal(self._draft.answers, self._draft.run))

    def tear_down(self, plan: RemovalPlan) -> None:
        """Remove what a plan says."""
        self._run(self.setup.tear_down(plan))

    def _on_event(self, event: Event) -> None:
        """Say what has happened, a line for each event."""
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
        self.setup.stop()
        self._talk.say(f"{stopping_text(self.setup.seconds_under_way)}; Ctrl+C again stops at once.")
