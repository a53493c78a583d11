"""A run is a fold of its events: nothing else changes it, and all that is shown of it is read from it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never

from bwtui.domain.catalog import OUTPUTS, PAID_STEP
from bwtui.domain.checks import e164

NOT_YET: Final = "NOT_YET"
"""The code of a problem that something which was just made cannot be read yet; none of Bandwidth's."""


class Kind(StrEnum):
    """The kinds of problem: they decide the exit code and what can be done."""

    FAILED = "failed"
    CREDENTIALS = "credentials"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    UNREACHABLE = "unreachable"
    INVALID = "invalid"
    RATE_LIMITED = "rate_limited"


class Problem(NamedTuple):
    """Why something did not work, in the API's own terms; `remedies.explain` says what to do about it."""

    operation: str
    """The call, as `Request.operation` has it: `site.create`."""
    kind: Kind
    text: str
    """What the API said, or what happened instead of an answer. Text from outside: never markup."""
    status: int | None = None
    """The HTTP status, where there was an answer."""
    code: str = ""
    """The API's error code, where it gave one: `12112`."""
    unclear: bool = False
    """Whether the request may have had its effect all the same: look before doing it again."""
    details: Mapping[str, str] = MappingProxyType({})
    """What else the answer held that helps: a recommended address (`City`: `RALEIGH`)."""


class ProblemError(Exception):
    """Raised where a problem ends what was being done; the one error that front ends see of the API."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


class Stopped(Exception):  # noqa: N818 - it is a wish, not an error
    """The person asked to leave: nothing new is started."""


class Spelling(NamedTuple):
    """How a value is kept that was sent otherwise."""

    wanted: str
    shown: str


class Started(NamedTuple):
    """The intent: on disk before the request leaves."""

    step: str
    at: float
    """Seconds since the epoch."""
    customer_order_id: str = ""
    numbers: tuple[str, ...] = ()
    """What is about to be ordered, ten digits each."""
    sent: Mapping[str, str] = MappingProxyType({})
    """What is about to be created, without secrets: the values by path, which it is known again by; for an order, the
    answers by full name that chose its numbers."""


class Retried(NamedTuple):
    """The same request is about to be sent once more, all attempts before having been refused."""

    step: str
    at: float
    """Seconds since the epoch: a late effect is waited for from here on."""


class Ordered(NamedTuple):
    """A change of the order under way."""

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
    """The step is done: on disk before it is shown."""

    step: str
    at: float
    outputs: Mapping[str, str] = MappingProxyType({})
    adopted: bool = False
    """Whether it was there before and is only used: never ours to take down."""
    marks: Mapping[str, str] = MappingProxyType({})
    """By which the secrets that were sent are known again, by full name; they tell nothing about them."""
    answers: Mapping[str, str] | None = None
    """The answers that were applied, by full name; `None` where that was not written down."""
    before: Mapping[str, Spelling] = MappingProxyType({})
    """What a change was sent to mend, by wire name: still there afterwards, it is how the API keeps it."""


class Failed(NamedTuple):
    """The step did not work; what depends on it waits."""

    step: str
    at: float
    problem: Problem


class GivenUp(NamedTuple):
    """The step begins anew, since the person says that what it had made is gone; its orders stay known."""

    step: str
    at: float


class Verified(NamedTuple):
    """Everything that is wanted was read back. It proves nothing any more once something else has happened."""

    at: float
    answers: Mapping[str, Mapping[str, str]]
    """For each step that matched, the answers that it matched, by full name."""
    open: Mapping[str, Problem] = MappingProxyType({})
    """Why each of the other steps did not match."""
    kept: Mapping[str, Mapping[str, Spelling]] = MappingProxyType({})
    """For each step that has some, the values that the API keeps in a way of its own, by wire name."""


StepEvent = Started | Retried | Ordered | Finished | Failed | GivenUp
"""What happens to one step."""

Event = StepEvent | Verified


class Status(StrEnum):
    """How far a step is."""

    TO_DO = "to do"
    STARTED = "started"
    FAILED = "failed"
    DONE = "done"


FINAL_STATUSES: Final = frozenset({"COMPLETE", "COMPLETED", "PARTIAL", "FAILED"})
"""Order statuses that change no more (COMPLETED is a synonym that Bandwidth's prose uses once)."""


class Order(NamedTuple):
    """One order that was sent or about to be: a step may need several, never the same one twice."""

    customer_order_id: str
    numbers: tuple[str, ...]
    started_at: float
    """When its last attempt was sent, in seconds since the epoch."""
    chosen_by: frozenset[tuple[str, str]] = frozenset()
    """The answers that chose its numbers, by full name; empty where that was not written down."""
    ended_at: float = 0.0
    """When that attempt was known to have ended without an answer; 0 where nothing is known of its end."""
    order_id: str = ""
    status: str = ""
    """The API's last word; empty while no answer is known."""
    completed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    """The numbers that the order itself says it did not get."""
    error_code: str = ""
    error_text: str = ""
    """What the order itself says went wrong: it does so inside a reply of status 200."""

    @property
    def is_unknown(self) -> bool:
        """True while no answer has said what became of it: it may have bought its numbers."""
        return not self.status

    @property
    def is_final(self) -> bool:
        """True once its status changes no more."""
        return self.status in FINAL_STATUSES

    @property
    def unaccounted(self) -> tuple[str, ...]:
        """The numbers of which a final order says neither that it has them nor that it has not."""
        if not self.is_final or self.status == "FAILED" or len(self.completed) >= len(self.numbers):
            return ()
        return tuple(number for number in self.numbers if number not in {*self.completed, *self.failed})

    @property
    def is_settled(self) -> bool:
        """True once its fate is known for good, number by number."""
        return self.is_final and not self.unaccounted


class StepState(NamedTuple):
    """The state of one step."""

    status: Status = Status.TO_DO
    started_at: float = 0.0
    """When the last attempt was sent, in seconds since the epoch."""
    ended_at: float = 0.0
    """When that attempt ended, well or badly; 0 while nothing is known of its end."""
    outputs: Mapping[str, str] = MappingProxyType({})
    made: bool = False
    """Whether this run made the object, rather than found it and used it."""
    doubt: bool = False
    """Whether an attempt was once unclear: it stays so until its object was found, whatever later attempts are told."""
    sent: tuple[Mapping[str, str], ...] = ()
    """What each attempt whose object was not found yet would have made, by path: the answers may be others by now."""
    problem: Problem | None = None
    orders: tuple[Order, ...] = ()
    marks: Mapping[str, str] = MappingProxyType({})
    """By which the secrets that the account has are known again, by full name."""
    applied: Mapping[str, str] | None = None
    """The answers that the account has, as last applied or read back; `None` where that is not known."""
    matched: Mapping[str, str] = MappingProxyType({})
    """The answers that were last read back as they should be; another value found later is somebody's change."""
    before: Mapping[str, Spelling] = MappingProxyType({})
    """What the last change was sent to mend, by wire name."""
    kept: Mapping[str, Spelling] = MappingProxyType({})
    """Values that the API keeps in a way of its own, by wire name, as last read back."""

    @property
    def order_under_way(self) -> Order | None:
        """The last order, where it was placed and is not final yet."""
        latest = self.orders[-1] if self.orders else None
        return latest if latest and latest.order_id and not latest.is_final else None

    @property
    def pending(self) -> bool:
        """True where a request may have had its effect without our knowing: look before anything else."""
        return self.status is Status.STARTED or self.doubt


class RunState(NamedTuple):
    """Everything that has happened so far. `apply` is the only way in which it changes."""

    steps: Mapping[str, StepState] = MappingProxyType({})
    proof: Verified | None = None
    """The last reading back, unless something has happened since."""

    def step(self, step: str) -> StepState:
        """Return the state of a step; an empty one before it started."""
        return self.steps.get(step, StepState())

    def apply(self, event: Event) -> "RunState":
        """The state after one more event."""
        if isinstance(event, Verified):
            matched = {
                step: self.step(step)._replace(
                    applied=answers, matched=answers, kept=event.kept.get(step, {}), before={}
                )
                for step, answers in event.answers.items()
            }
            return RunState(steps={**self.steps, **matched}, proof=event)
        return RunState(steps={**self.steps, event.step: _after(self.step(event.step), event)})

    @property
    def outputs(self) -> dict[str, str]:
        """Every id that steps have produced, by name: `site_id`."""
        return {name: value for step in self.steps.values() for name, value in step.outputs.items()}

    @property
    def result(self) -> "dict[str, str | list[str] | None]":
        """The outputs for machines: always the same names, `None` where there is nothing yet."""
        placed = [order.order_id for order in self.orders if order.order_id]
        known = {**({PAID_STEP.produces: placed[-1]} if placed else {}), **self.outputs}
        ids = {name: known.get(name) for name in OUTPUTS}
        return {**ids, "numbers": [e164(number) for number in self.numbers]}

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number that the setup has, ten digits each: ordered so far, or found on the location and kept."""
        if finished := self.outputs.get("numbers"):
            return _each_once(finished.split(","))
        return _each_once(number for order in self.orders for number in order.completed)

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every number order, oldest first."""
        return tuple(order for step in self.steps.values() for order in step.orders)


def _each_once(numbers: Iterable[str]) -> tuple[str, ...]:
    """The numbers without repetitions, in the order in which they were told."""
    return tuple(dict.fromkeys(numbers))


def _after(step: StepState, event: StepEvent) -> StepState:
    match event:
        case Started():
            return step._replace(
                status=Status.STARTED,
                started_at=event.at,
                ended_at=0.0,
                doubt=step.pending,
                sent=_sent(step, event),
                problem=None,
                orders=step.orders + _new_order(event),
            )
        case Retried(at=at):
            orders = step.orders
            if orders and orders[-1].is_unknown:
                orders = (*orders[:-1], orders[-1]._replace(started_at=at))
            return step._replace(started_at=at, orders=orders)
        case Ordered():
            return step._replace(orders=tuple(_latest(order, event) for order in step.orders))
        case Finished():
            outputs = {**step.outputs, **event.outputs}
            made = step.made or not event.adopted
            return step._replace(
                status=Status.DONE,
                ended_at=event.at,
                outputs=outputs,
                made=made,
                doubt=False,
                sent=(),
                problem=None,
                marks=event.marks,
                applied=event.answers,
                before=event.before,
            )
        case Failed(problem=problem):
            orders = step.orders
            if problem.unclear and orders and orders[-1].is_unknown:
                orders = (*orders[:-1], orders[-1]._replace(ended_at=event.at))
            return step._replace(
                status=Status.FAILED,
                ended_at=event.at,
                doubt=step.doubt or problem.unclear,
                problem=problem,
                orders=orders,
            )
        case GivenUp():
            return StepState(orders=step.orders)
        case _:
            assert_never(event)


def _sent(step: StepState, event: Started) -> tuple[Mapping[str, str], ...]:
    """The values sent by the attempts in doubt and by the one that begins."""
    if event.customer_order_id:
        return ()
    before = step.sent if step.pending else ()
    return (*before, event.sent) if event.sent and event.sent not in before else before


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


def _latest(order: Order, event: Ordered) -> Order:
    if order.customer_order_id != event.customer_order_id:
        return order
    return order._replace(
        order_id=event.order_id,
        status=event.status,
        completed=_each_once(event.completed),
        failed=_each_once(event.failed),
        error_code=event.error_code,
        error_text=event.error_text,
    )
