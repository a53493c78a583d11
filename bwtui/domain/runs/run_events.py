"""The events of a run: each is written down as it happens, and a run is nothing but their fold."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from bwtui.domain.runs.problem import Problem


class Spelling(NamedTuple):
    """A value as it was sent and as the API shows it."""

    wanted: str
    shown: str


class Started(NamedTuple):
    """The intent to send a request; on disk before the request is sent."""

    step: str
    at: float
    """Seconds since the epoch."""
    customer_order_id: str = ""
    numbers: tuple[str, ...] = ()
    """The numbers about to be ordered, ten digits each."""
    sent: Mapping[str, str] = MappingProxyType({})
    """Without secrets: the values of the object about to be created, by path, used to recognise it later; for an order,
    the answers that chose its numbers, by full name."""


class Retried(NamedTuple):
    """The same request is about to be sent again; every earlier attempt was refused."""

    step: str
    at: float
    """Seconds since the epoch; the wait for a late effect counts from this time."""


class OrderUpdated(NamedTuple):
    """The present state of an order, after it has changed."""

    step: str
    at: float
    customer_order_id: str
    order_id: str
    status: str
    completed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    error_code: str = ""
    error_text: str = ""


class Finished(NamedTuple):
    """The step is done; on disk before it is shown."""

    step: str
    at: float
    outputs: Mapping[str, str] = MappingProxyType({})
    """Ids by name: `site_id`."""
    numbers: tuple[str, ...] = ()
    """The numbers that the setup has by now, ten digits each."""
    adopted: bool = False
    """True if the object was there before and is only used, so that it is never ours to remove."""
    marks: Mapping[str, str] = MappingProxyType({})
    """Fingerprints of the secrets that were sent, by full name; they reveal nothing of the secrets."""
    answers: Mapping[str, str] | None = None
    """The answers that were applied, by full name; `None` if that was not written down."""
    before: Mapping[str, Spelling] = MappingProxyType({})
    """Differences that a change was sent to correct, by wire name; if one remains, the API keeps the value that way."""


class Failed(NamedTuple):
    """The step failed; the steps that depend on it wait."""

    step: str
    at: float
    problem: Problem


class GivenUp(NamedTuple):
    """The step begins anew because the person says that its object is gone; its orders stay known."""

    step: str
    at: float


class RemovalStarted(NamedTuple):
    """The intent to undo the step; on disk before the request is sent."""

    step: str
    at: float
    customer_order_id: str = ""
    """That of the order that releases numbers, or takes them off a campaign."""
    numbers: tuple[str, ...] = ()
    """The numbers about to be released or taken off, ten digits each."""


class RemovalFailed(NamedTuple):
    """The step could not be undone; what it is needed for stays too."""

    step: str
    at: float
    problem: Problem


class Removed(NamedTuple):
    """The step's object is no longer on the account, as was read back; the step can begin anew."""

    step: str
    at: float
    twins: tuple[str, ...] = ()
    """The ids of other objects of the same name: a gateway may deliver a request twice, and two are made."""


class Verified(NamedTuple):
    """Everything that is wanted was read back.

    Any later event makes this proof void, but for news of an order whose numbers were read back.
    """

    at: float
    answers: Mapping[str, Mapping[str, str]]
    """For each step that matched, by its key: the answers that it matched, by full name."""
    open: Mapping[str, Problem] = MappingProxyType({})
    """The problem of each other step, by its key."""
    kept: Mapping[str, Mapping[str, Spelling]] = MappingProxyType({})
    """By step key: the values that the API keeps in its own spelling, by wire name."""
    notices: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """By step key: sentences on what is on the account besides what is wanted, and is no error."""


RemovalEvent = RemovalStarted | RemovalFailed | Removed
"""An event of undoing one step."""

StepEvent = Started | Retried | OrderUpdated | Finished | Failed | GivenUp | RemovalEvent
"""An event of one step."""

Event = StepEvent | Verified

SaveEvents = Callable[[Sequence[Event]], Awaitable[None]]
"""Writes events to disk, then shows them. If it raises, the run ends before anything more is sent."""
