"""The work of a walk on one setup, without a screen or a question: what was seen, what was done, what was proven.

Screens and plain questions hold it in common, so that each rule of it is there once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bwtui.account_connection import AccountConnection
from bwtui.domain.answers.answers import ACCOUNT_ID, Answers, Source, uses_existing
from bwtui.domain.callbacks.callback_urls import CheckedCallbacks
from bwtui.domain.catalog import LOCATION, parent_of
from bwtui.domain.planning.progress import Progress, progress_of
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.values.basic_auth import basic_doubt
from bwtui.domain.values.secret import Secret
from bwtui.domain.walk.walk_text import namesake

if TYPE_CHECKING:  # start-up time is budgeted
    from collections.abc import Callable, Mapping

    from bwtui.credentials import Login
    from bwtui.domain.account.account import Account, Candidate
    from bwtui.domain.callbacks.callback_check import CallbackOutcome, CallbackUrl
    from bwtui.domain.planning.actions import Plan
    from bwtui.domain.runs.run_events import Event
    from bwtui.domain.steps import Step
    from bwtui.domain.teardown.teardown import RemovalPlan
    from bwtui.domain.values.documents import Exchange, OnWait
    from bwtui.domain.walk.draft import AnswerDraft
    from bwtui.domain.walk.existing_setup import ExistingSetup
    from bwtui.services import Services, Trials, WizardHost
    from bwtui.setup_run import Look, SetupRun


@dataclass(slots=True)
class SignIn:
    """The credentials, as typed on Connect; the secret is held in memory only."""

    oauth: bool = True
    user: str = ""
    secret: Secret = field(default_factory=lambda: Secret(""))

    @property
    def login(self) -> Login | None:
        """The credentials, once there are any."""
        from bwtui.credentials import Login  # noqa: PLC0415

        if not (self.user and self.secret):
            return None
        return Login(oauth=self.oauth, user=self.user, secret=self.secret)


class SetupWork:
    """One setup at work. What is awaited raises `ProblemError`, `SaveError` and, after a stop, `Stopped`."""

    draft: AnswerDraft

    def __init__(
        self,
        host: WizardHost,
        draft: AnswerDraft,
        bookmark: Bookmark,
        *,
        on_event: Callable[[Event], None],
        on_wait: OnWait,
    ) -> None:
        """`on_event` is told each event of the work, once it is on disk and in the draft; for `on_wait` see `WizardHost.connect`."""
        self.host = host
        self.draft = draft
        self.on_change: Callable[[], None] = lambda: None
        """Called whenever something has changed that may be shown."""
        login = host.login
        self.sign_in = (
            SignIn(login.oauth, login.user, login.secret) if login else SignIn(bookmark.oauth, bookmark.user)
        )
        self.locations: Mapping[str, tuple[Candidate, ...]] = {}
        """The locations that were looked up, by the id of their sub-account."""
        self._looked_up: Mapping[str, tuple[Candidate, ...]] = {}
        """The other candidates that were looked up, by the key of their step."""
        self.callbacks = CheckedCallbacks()
        self.proof: Plan | None = None
        """The last verification in this run of the wizard; `None` before one, or after something changed."""
        self.exchanges: list[Exchange] = []
        self._told = on_event
        self._connection = AccountConnection(
            host, on_event=self._on_event, on_exchange=self._heard, on_wait=on_wait
        )

    def _on_event(self, event: Event) -> None:
        self.draft.take(event)
        self._told(event)

    def _heard(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)

    # --- who and where ---

    def bookmark(self, place: str) -> Bookmark:
        """Return the bookmark with which the wizard opens next time."""
        return Bookmark(place=place, oauth=self.sign_in.oauth, user=self.sign_in.user)

    @property
    def basic_doubt(self) -> str:
        """Say why a user name and a password may not work at the address that is answered now; empty if they may."""
        return "" if self.host.is_demo else basic_doubt(self.draft.answers.base_url, self.host.today())

    @property
    def is_connected(self) -> bool:
        """True where the account that was looked at is the one that is answered now, seen by the same person."""
        is_known = self.draft.answers.platform is not None
        return is_known and self._connection.is_open and self._is_for_now

    @property
    def _is_for_now(self) -> bool:
        return self._connection.is_for(self.sign_in.login, self.draft.answers)

    @property
    def account(self) -> Account | None:
        """The account as it was read when connecting; `None` while not connected."""
        return self._connection.account if self.is_connected else None

    @property
    def services(self) -> Services:
        """The services over the account; only while connected."""
        return self._connection.services

    @property
    def trials(self) -> Trials:
        """A first message, a first call; only while connected."""
        return self.services.trials

    @property
    def setup_run(self) -> SetupRun:
        """The run that looks, carries out and reads back; only while connected."""
        return self._connection.setup

    # --- connecting ---

    async def open(self) -> Account:
        """Get a token and look at the account; what was known of another one is forgotten."""
        login = self.sign_in.login
        assert login, "there is something to sign in with"
        self.forget()
        account = await self._connection.open(login, self.draft.answers)
        if self._is_for_now:
            self.draft.learn(account)
        return account

    async def suggest_account(self) -> None:
        """Take the only account that the credentials name. Raises `ProblemError` if there is no such one."""
        from bwtui.domain.account.credential_hints import suggested_account  # noqa: PLC0415

        login = self.sign_in.login
        assert login, "there is something to sign in with"
        accounts = await self._connection.list_accounts(login, self.draft.answers)
        if not self.draft.answers.account_id:  # nobody has typed one meanwhile
            self.draft.answer(ACCOUNT_ID, suggested_account(accounts), Source.SUGGESTED)

    async def disconnect(self) -> None:
        """Close the connection; what was learnt by it is forgotten with it."""
        self.forget()
        await self._connection.close()

    def forget(self) -> None:
        """Forget what was seen of an account."""
        self.proof, self.locations, self._looked_up = None, {}, {}

    def stop(self) -> None:
        """Start nothing new; what is under way comes to its end."""
        self._connection.stop()

    @property
    def seconds_under_way(self) -> float:
        """The seconds that requests under way may still take at most; 0 if there are none."""
        return self._connection.seconds_under_way

    def start_over(self) -> None:
        """Set what is kept aside, and begin with the account and nothing else. Raises `SaveError`."""
        self.host.start_over()
        self.forget()
        self.exchanges.clear()
        given = self.draft.answers.given
        self.draft.begin_anew(
            Answers({key: answer for key, answer in given.items() if key.startswith("account.")})
        )
        if self.account:
            self.draft.learn(self.account)

    # --- what could be used ---

    @property
    def used_parent(self) -> str:
        """The id of the existing sub-account that is used; empty for a new one."""
        parent = parent_of(LOCATION)
        return uses_existing(parent, self.draft.answers) if parent else ""

    def candidates(self, step: Step) -> tuple[Candidate, ...] | None:
        """List what a step could use instead of creating it; `None` where nobody has looked."""
        if self.account is None:
            return None
        if step == LOCATION:
            return self.locations.get(self.used_parent)
        return self.account.candidates.get(step.key, self._looked_up.get(step.key))

    def can_look_up(self, step: Step) -> bool:
        """Return True for a step whose candidates are looked up only once they matter, and were not."""
        if not self.is_connected or self.candidates(step) is not None:
            return False
        return bool(self.used_parent) if step == LOCATION else bool(step.chosen_by and not step.is_listed)

    async def find_candidates(self, step: Step) -> None:
        """Look up what a step could use; locations are those of the existing sub-account that is used."""
        parent = self.used_parent
        found = await self.services.list_candidates(step, self.draft.answers)
        if step == LOCATION:
            self.locations = {**self.locations, parent: found}
        else:
            self._looked_up = {**self._looked_up, step.key: found}
        self.on_change()

    def namesake(self, step: Step) -> Candidate | None:
        """Something that is there under the very name that is to be created."""
        return namesake(step, self.candidates(step) or (), self.draft.answers, self.draft.run)

    async def find_locations_of(self, site_id: str) -> tuple[Candidate, ...]:
        """List the locations of a sub-account."""
        from bwtui.read_setup import list_locations  # noqa: PLC0415 - not needed before somebody wants it

        there = await list_locations(self.services, self.draft.answers, site_id)
        self.locations = {**self.locations, site_id: there}
        return there

    async def begin_with(self, site_id: str, sippeer_id: str) -> ExistingSetup:
        """Take the answers of what is on the account, and return it."""
        from bwtui.read_setup import read_setup  # noqa: PLC0415

        existing = await read_setup(self.services, self.draft.answers, site_id, sippeer_id)
        self.draft.begin_with(existing.answers)
        return existing

    async def check_callback(self, callback: CallbackUrl) -> CallbackOutcome:
        """Try a callback URL as Bandwidth would, with a sample event; a password is sent where one is in it."""
        outcome = await self.services.check_callback(callback)
        self.callbacks.keep(callback, outcome)
        self.on_change()
        return outcome

    # --- doing and proving ---

    async def carry_out(
        self, look: Look, answers: Answers, *, pay: bool, before_proof: Callable[[], None]
    ) -> None:
        """Carry out what a look at these answers has planned, without what costs money unless `pay`, then read all back."""
        self.proof = None
        await self.setup_run.carry_out(look, answers, self.draft.run, pay=pay)
        if self.progress is not Progress.INCOMPLETE:
            before_proof()
            await self.verify()

    async def verify(self) -> None:
        """Read everything back."""
        self.proof = await self.setup_run.verify(self.draft.answers, self.draft.run)

    async def tear_down(self, plan: RemovalPlan) -> None:
        """Remove what a plan says; what stays has its reason in the run."""
        self.proof = None
        await self.setup_run.tear_down(plan, self.draft.answers, self.draft.run)

    @property
    def progress(self) -> Progress:
        """The setup's progress, by its state."""
        return progress_of(self.draft.answers, self.draft.run)

    @property
    def is_proven(self) -> bool:
        """True where everything was read back here, is as it should be, and nothing has changed since."""
        read_back = self.proof is not None and self.proof.is_proof and self.is_connected
        return read_back and self.progress is Progress.DONE
