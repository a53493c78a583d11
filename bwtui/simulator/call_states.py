"""The course of a call (bandwidth-api 9.4): a live one as its application decides, any other by itself.

A call of the second kind has callback URLs that are out of the simulator's reach. No phone rings for either.
"""

from dataclasses import dataclass
from typing import Final

from bwtui.simulator.outcomes import of_call
from bwtui.simulator.resources import PhoneCall
from bwtui.simulator.simulated_account import SimulatedAccount

QUEUED_SECONDS: Final = 0.1
RINGING_SECONDS: Final = 0.3
"""Seconds from its creation until a call is answered, or ends unanswered: the simulator does not wait for callTimeout."""


@dataclass(frozen=True, slots=True)
class Course:
    """When a call is answered and ends, and why it ends; None for what never happens or is not known yet."""

    answered: float | None
    ended: float | None
    cause: str | None


def course(account: SimulatedAccount, call: PhoneCall) -> Course:
    if call.live:
        return Course(call.answered, call.ended, call.cause)
    answer = call.created + RINGING_SECONDS
    failure = of_call(call.details["to"]) if call.direction == "outbound" else None
    if call.hung_up is not None:
        return _hung_up(call, call.hung_up, None if failure else answer)
    if failure is not None:
        return Course(None, answer, failure)
    return Course(answer, answer + account.switches.call_seconds, "hangup")


def _hung_up(call: PhoneCall, moment: float, answer: float | None) -> Course:
    """A call that is ended while it rings is cancelled."""
    if answer is not None and moment - call.created >= RINGING_SECONDS:
        return Course(answer, moment, "hangup")
    return Course(None, moment, "cancel")


def state(account: SimulatedAccount, call: PhoneCall) -> str:
    """Return queued, initiated, answered or disconnected."""
    now, run = account.clock(), course(account, call)
    if run.ended is not None and now >= run.ended:
        return "disconnected"
    if run.answered is not None and now >= run.answered:
        return "answered"
    return "queued" if now - call.created < QUEUED_SECONDS else "initiated"


def end(account: SimulatedAccount, call: PhoneCall, cause: str, error: str | None = None) -> None:
    """End a live call, unless it has ended."""
    if call.ended is None:
        call.ended, call.cause, call.error = account.clock(), cause, error


def hang_up(account: SimulatedAccount, call: PhoneCall) -> None:
    """End a call at a request of the account."""
    call.hung_up = account.clock()
    if call.live:
        end(account, call, "cancel" if call.answered is None else "hangup")
