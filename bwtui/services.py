"""What a front end may do to the world: one small frozen value, wired up by the command line."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bwtui.domain.answers import Answers
from bwtui.domain.findings import Survey
from bwtui.domain.plan import Plan
from bwtui.domain.run import Event, RunState

Recorder = Callable[[Event], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The engine over one account.

    What is awaited raises `ProblemError` for what the API refused or could not be asked, and `Stopped` after `stop`.
    """

    survey: Callable[[Answers, RunState], Awaitable[Survey]]
    """Look at what is there; changes nothing."""
    provision: Callable[[Answers, RunState, Plan, tuple[str, ...], Recorder], Awaitable[RunState]]
    """Carry out a plan, with the numbers that may be ordered; failures of steps are in the run that it gives."""
    verify: Callable[[Answers, RunState], Awaitable[Plan]]
    """Read everything back; proven when every action is *keep*."""
    keep: Recorder
    """Write an event to the state file. Raises what `store.state` raises."""
    stop: Callable[[], None]
    """Start nothing new, and let what is under way come to its end."""
