"""A run is the fold of its events: only events change it, and everything shown of a run is read from it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never

from bwtui.domain.catalog import OUTPUTS, PAID_STEP
from bwtui.domain.runs.problem import OwnCode, Problem
from bwtui.domain.runs.run_events import (
    Event,
    Failed,
    Finished,
    GivenUp,
    OrderUpdated,
    RemovalEvent,
    RemovalFailed,
    RemovalStarted,
    Removed,
    Retried,
    Spelling,
    Started,
    StepEvent,
    Verified,
)
from bwtui.domain.values.phone_numbers import e164


class Status(StrEnum):
    """The progress of a step."""

    TO_DO = "to do"
    STARTED = "started"
    FAILED = "failed"
    DONE = "done"

    @property
    def word(self) -> str:
        """The word for people: a step that was started is running."""
        return "running" if self is Status.STARTED else self.value


UNDER_WAY_STATUSES: Final = frozenset({"RECEIVED", "PROCESSING", "BACKORDERED"})
"""Order statuses that change by themselves (bandwidth-api 7.4).

Any other one counts as final, also one that no source names, such as CANCELLED: nobody could wait for its end.
"""


class Order(NamedTuple):
    """One order that was sent or is about to be; a step may need several, but never the same one twice."""

    customer_order_id: str
    numbers: tuple[str, ...]
    started_at: float
    """The time at which its last attempt was sent, in seconds since the epoch."""
    chosen_by: frozenset[tuple[str, str]] = frozenset()
    """The answers that chose its numbers, by full name; empty where that was not written down."""
    ended_at: float = 0.0
    """The time at which that attempt ended without an order's id, in seconds since the epoch; 0 if not known."""
    order_id: str = ""
    status: str = ""
    """The status that the API gave last; empty while no answer is known."""
    completed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    """The numbers that the order itself says it did not get."""
    error_code: str = ""
    error_text: str = ""
    """The order's own error text, which comes in a reply of status 200."""

    @property
    def is_unknown(self) -> bool:
        """True while the API has given no status for the order: it may have bought its numbers."""
        return not self.status

    @property
    def is_final(self) -> bool:
        """True once its status no longer changes, as far as is known."""
        return bool(self.status) and self.status not in UNDER_WAY_STATUSES

    @property
    def unaccounted(self) -> tuple[str, ...]:
        """The numbers that a final order lists neither as completed nor as failed."""
        if not self.is_final or self.status == "FAILED" or len(self.completed) >= len(self.numbers):
            return ()
        return tuple(number for number in self.numbers if number not in {*self.completed, *self.failed})

    @property
    def is_settled(self) -> bool:
        """True once its final outcome is known, number by number."""
        return self.is_final and not self.unaccounted

    @property
    def is_refused(self) -> bool:
        """True if it was refused, at once or later: another copy of the request may have bought its numbers."""
        return self.is_settled and not self.completed and self.error_code != OwnCode.UNSENT


def order_to_name(orders: Iterable[Order], *, has_numbers: bool) -> Order | None:
    """Return the order that stands for the numbers of a setup: the last that brought some.

    Where numbers are there and each order was refused, there is none: one of which nobody was told has brought them.
    """
    placed = [order for order in orders if order.order_id]
    brought = [order for order in placed if order.completed]
    possible = [order for order in placed if not (has_numbers and order.is_refused)]
    return next(reversed(brought or possible), None)


def order_known(step: str, order: Order, at: float) -> OrderUpdated:
    """The event that records the order's present state."""
    return OrderUpdated(
        step=step,
        at=at,
        customer_order_id=order.customer_order_id,
        order_id=order.order_id,
        status=order.status,
        completed=order.completed,
        failed=order.failed,
        error_code=order.error_code,
        error_text=order.error_text,
    )


class Removal(NamedTuple):
    """The attempt to undo a step, while it is not done."""

    started_at: float = 0.0
    problem: Problem | None = None
    """The reason why it is not done; `None` while it runs, or was interrupted."""
    releases: tuple[Order, ...] = ()
    """The orders that release numbers, or take them off a campaign; `completed` has those for which that was done."""


class StepState(NamedTuple):
    """The state of one step."""

    status: Status = Status.TO_DO
    started_at: float = 0.0
    """The time at which the last attempt was sent, in seconds since the epoch."""
    ended_at: float = 0.0
    """The time at which that attempt ended, well or badly, in seconds since the epoch; 0 while not known."""
    outputs: Mapping[str, str] = MappingProxyType({})
    """Ids by name: `site_id`."""
    numbers: tuple[str, ...] = ()
    """The numbers that it has brought, ten digits each."""
    made: bool = False
    """True if this run made the object, False if it found and used it."""
    changed: bool = False
    """True if a change was sent to the object after it was made or found."""
    doubt: bool = False
    """True after an unclear attempt, until its object is found, even if later attempts are refused."""
    sent: tuple[Mapping[str, str], ...] = ()
    """The values sent by each attempt whose object was not found yet, by path; the answers may have changed since."""
    problem: Problem | None = None
    orders: tuple[Order, ...] = ()
    marks: Mapping[str, str] = MappingProxyType({})
    """Fingerprints of the secrets that the account has, by full name."""
    applied: Mapping[str, str] | None = None
    """The answers that the account has, as last applied or read back; `None` if that is not known."""
    matched: Mapping[str, str] = MappingProxyType({})
    """The answers that were last read back as they should be; another value found later is somebody's change."""
    before: Mapping[str, Spelling] = MappingProxyType({})
    """Differences that the last change was sent to correct, by wire name."""
    kept: Mapping[str, Spelling] = MappingProxyType({})
    """Values that the API keeps in a way of its own, by wire name, as last read back."""
    removal: Removal | None = None
    """The attempt to undo it; `None` if there was none, or what it made is gone."""
    removed_at: float = 0.0
    """The time at which it was undone, in seconds since the epoch; 0 if it was not, or has begun anew."""
    twins: tuple[str, ...] = ()
    """The ids of other objects of the same name that were there when it was undone."""

    @property
    def is_ours(self) -> bool:
        """True if this run has, or may have, made something that is still on the account."""
        return self.made or self.pending or bool(self.orders)

    @property
    def releases(self) -> tuple[Order, ...]:
        """The orders that undo it, as far as they are still of interest."""
        return self.removal.releases if self.removal else ()

    @property
    def order_under_way(self) -> Order | None:
        """The last order, if it was placed and is not final yet."""
        latest = self.orders[-1] if self.orders else None
        return latest if latest and latest.order_id and not latest.is_final else None

    @property
    def pending(self) -> bool:
        """True if a request may have had its effect without our knowing: look before anything else."""
        return self.status is Status.STARTED or self.doubt


class RunState(NamedTuple):
    """The state after all events so far; only `apply` makes a new one."""

    steps: Mapping[str, StepState] = MappingProxyType({})
    proof: Verified | None = None
    """The last verification, unless something has happened since."""

    def step(self, step: str) -> StepState:
        """Return the state of a step; an empty one if it has not started."""
        return self.steps.get(step, StepState())

    def apply(self, event: Event) -> "RunState":
        """Return the state after one more event."""
        if isinstance(event, Verified):
            matched = {
                step: self.step(step)._replace(
                    applied=answers,
                    matched=answers,
                    kept=event.kept.get(step, {}),
                    before={},
                    removal=_releasing(self.step(step)),
                )
                for step, answers in event.answers.items()
            }
            return RunState(steps={**self.steps, **matched}, proof=event)
        proof = self.proof if self._changes_nothing_read_back(event) else None
        return RunState(steps={**self.steps, event.step: _after(self.step(event.step), event)}, proof=proof)

    def _changes_nothing_read_back(self, event: "StepEvent") -> bool:
        """True for later news of an order whose numbers were read back without it."""
        if not isinstance(event, OrderUpdated):
            return False
        step = self.step(event.step)
        is_done = step.status is Status.DONE and step.removal is None
        return is_done and set(event.completed) <= set(self.numbers)

    @property
    def is_removed(self) -> bool:
        """True if all that it had made was undone, and nothing has been made since."""
        steps = self.steps.values()
        return any(step.removed_at for step in steps) and not any(step.is_ours for step in steps)

    @property
    def is_being_removed(self) -> bool:
        """True if it was undone in part, and not set up again since."""
        steps = self.steps.values()
        return not self.is_removed and any(step.removal or step.removed_at for step in steps)

    @property
    def outputs(self) -> dict[str, str]:
        """Every id that steps have produced, by name: `site_id`."""
        return {name: value for step in self.steps.values() for name, value in step.outputs.items()}

    @property
    def result(self) -> "dict[str, str | list[str] | None]":
        """The outputs for machines: always the same names, `None` for those not known yet."""
        placed = self.order_to_name
        ids = {name: self.outputs.get(name) or None for name in OUTPUTS}
        ids[PAID_STEP.produces] = ids[PAID_STEP.produces] or (placed.order_id if placed else None)
        return {**ids, "numbers": [e164(number) for number in self.numbers]}

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number that the setup has, ten digits each: ordered so far, or found on the location and kept."""
        finished = _each_once(number for step in self.steps.values() for number in step.numbers)
        return finished or _each_once(number for order in self.orders for number in order.completed)

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every number order, oldest first."""
        return self.step(PAID_STEP.key).orders

    @property
    def order_to_name(self) -> Order | None:
        """The order that stands for the numbers; `None` if there is none."""
        return order_to_name(self.orders, has_numbers=bool(self.numbers))

    @property
    def on_order(self) -> tuple[str, ...]:
        """The numbers of the orders whose outcome is not known."""
        return _each_once(number for order in self.orders if not order.is_settled for number in order.numbers)


def _each_once(numbers: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers without repetitions, in their order."""
    return tuple(dict.fromkeys(numbers))


def _after(step: StepState, event: StepEvent) -> StepState:
    match event:
        case Started():
            return step._replace(
                status=Status.STARTED,
                started_at=event.at,
                ended_at=0.0,
                doubt=step.pending,
                changed=bool(step.outputs),
                sent=_sent(step, event),
                problem=None,
                orders=step.orders + _new_order(event),
                removal=_releasing(step),
                removed_at=0.0,
                twins=(),
            )
        case Retried(at=at):
            orders = step.orders
            if orders and orders[-1].is_unknown:
                orders = (*orders[:-1], orders[-1]._replace(started_at=at))
            return step._replace(started_at=at, orders=orders)
        case OrderUpdated():
            orders = tuple(_latest(order, event) for order in step.orders)
            return step._replace(orders=orders, removal=_with_release(step.removal, event))
        case Finished():
            return step._replace(
                status=Status.DONE,
                ended_at=event.at,
                outputs={**step.outputs, **event.outputs},
                numbers=event.numbers,
                made=step.made or not event.adopted,
                doubt=False,
                sent=(),
                problem=None,
                marks=event.marks,
                applied=event.answers,
                before=event.before,
                removal=_releasing(step),
                removed_at=0.0,
                twins=(),
            )
        case Failed():
            return _after_failure(step, event)
        case GivenUp():
            return StepState(orders=step.orders)
        case RemovalStarted() | RemovalFailed() | Removed():
            return _after_removal(step, event)
        case _:
            assert_never(event)


def _after_failure(step: StepState, event: Failed) -> StepState:
    orders = step.orders
    if event.problem.unclear and orders and orders[-1].is_unknown:
        orders = (*orders[:-1], orders[-1]._replace(ended_at=event.at))
    return step._replace(
        status=Status.FAILED,
        ended_at=event.at,
        doubt=step.doubt or event.problem.unclear,
        problem=event.problem,
        orders=orders,
    )


def _after_removal(step: StepState, event: RemovalEvent) -> StepState:
    before = step.removal or Removal()
    match event:
        case RemovalStarted():
            releases = before.releases + _new_release(event)
            return step._replace(removal=Removal(started_at=event.at, releases=releases))
        case RemovalFailed(problem=problem):
            return step._replace(removal=before._replace(problem=problem))
        case Removed():
            return StepState(removed_at=event.at, twins=event.twins)
        case _:
            assert_never(event)


def _sent(step: StepState, event: Started) -> tuple[Mapping[str, str], ...]:
    """Return the values sent by the attempts so far and by the one that begins."""
    if event.customer_order_id:
        return ()
    return (*step.sent, event.sent) if event.sent and event.sent not in step.sent else step.sent


def _new_order(event: Started) -> tuple[Order, ...]:
    if not event.customer_order_id:
        return ()
    return (
        Order(
            event.customer_order_id,
            event.numbers,
            started_at=event.at,
            chosen_by=frozenset(event.sent.items()),
        ),
    )


def _new_release(event: RemovalStarted) -> tuple[Order, ...]:
    if not event.customer_order_id:
        return ()
    return (Order(event.customer_order_id, event.numbers, started_at=event.at),)


def _with_release(removal: Removal | None, event: OrderUpdated) -> Removal | None:
    if removal is None:
        return None
    return removal._replace(releases=tuple(_latest(order, event) for order in removal.releases))


def _releasing(step: StepState) -> Removal | None:
    """Return the step's removal while numbers may still be released by it: setting it up again does not stop that."""
    is_open = step.removal and any(not order.is_final for order in step.removal.releases)
    return step.removal if is_open else None


def _latest(order: Order, event: OrderUpdated) -> Order:
    if order.customer_order_id != event.customer_order_id:
        return order
    return order._replace(
        ended_at=order.ended_at if event.order_id else event.at,
        order_id=event.order_id,
        status=event.status,
        completed=_each_once(event.completed),
        failed=_each_once(event.failed),
        error_code=event.error_code,
        error_text=event.error_text,
    )
