"""A run is a fold of its events: nothing else changes it, and all that is shown of it is read from it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never

from bwtui.domain.checks import e164

RESULT_IDS: Final = ("site_id", "sippeer_id", "messaging_app_id", "voice_app_id", "order_id")


class Kind(StrEnum):
    """What sort of trouble a problem is, for the exit code and for what can be done about it."""

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


class Started(NamedTuple):
    """The intent: on disk before the request leaves."""

    step: str
    at: float
    """Seconds since the epoch."""
    customer_order_id: str = ""
    numbers: tuple[str, ...] = ()
    """What is about to be ordered, ten digits each."""


class Ordered(NamedTuple):
    """What is known of the order under way, each time that it changes."""

    step: str
    at: float
    customer_order_id: str
    order_id: str
    status: str
    completed: tuple[str, ...] = ()
    error_code: str = ""
    error_text: str = ""


class Finished(NamedTuple):
    """The step is done: on disk before it is shown."""

    step: str
    at: float
    outputs: Mapping[str, str] = MappingProxyType({})
    adopted: bool = False
    """Whether it was there before and is only used: never ours to take down."""
    answers: Mapping[str, str] | None = None
    """The answers that were applied, by full name; `None` where that was not written down."""


class Failed(NamedTuple):
    """The step did not work; what depends on it waits."""

    step: str
    at: float
    problem: Problem


class Verified(NamedTuple):
    """Everything that is wanted was read back. It proves nothing any more once something else has happened."""

    at: float
    answers: Mapping[str, Mapping[str, str]]
    """For each step that matched, the answers that it matched, by full name."""
    open: Mapping[str, Problem] = MappingProxyType({})
    """Why each of the other steps did not match."""


StepEvent = Started | Ordered | Finished | Failed
"""What happens to one step."""

Event = StepEvent | Verified


class Status(StrEnum):
    """How far a step is."""

    TO_DO = "to do"
    STARTED = "started"
    FAILED = "failed"
    DONE = "done"


class Order(NamedTuple):
    """One order that was sent or about to be: a step may need several, never the same one twice."""

    customer_order_id: str
    numbers: tuple[str, ...]
    started_at: float
    order_id: str = ""
    status: str = ""
    """The API's last word; empty while no answer is known."""
    completed: tuple[str, ...] = ()
    error_code: str = ""
    error_text: str = ""
    """What the order itself says went wrong: it does so inside a reply of status 200."""


class Record(NamedTuple):
    """What a run knows of one step."""

    status: Status = Status.TO_DO
    started_at: float = 0.0
    outputs: Mapping[str, str] = MappingProxyType({})
    made: bool = False
    """Whether this run made the object, rather than found it and used it."""
    problem: Problem | None = None
    orders: tuple[Order, ...] = ()
    applied: Mapping[str, str] | None = None
    """The answers that the account has, as last applied or read back; `None` where that is not known."""

    @property
    def pending(self) -> bool:
        """Whether a request may have had its effect without our knowing: look before anything else."""
        return self.status is Status.STARTED or bool(self.problem and self.problem.unclear)


class RunState(NamedTuple):
    """What has happened so far. `apply` is the only way in which it changes."""

    records: Mapping[str, Record] = MappingProxyType({})
    proof: Verified | None = None
    """The last reading back, unless something has happened since."""

    def record(self, step: str) -> Record:
        """What is known of a step; an empty record before it started."""
        return self.records.get(step, Record())

    def apply(self, event: Event) -> "RunState":
        """The state after one more event."""
        if isinstance(event, Verified):
            matched = {
                step: self.record(step)._replace(applied=answers) for step, answers in event.answers.items()
            }
            return RunState(records={**self.records, **matched}, proof=event)
        return RunState(records={**self.records, event.step: _after(self.record(event.step), event)})

    @property
    def outputs(self) -> dict[str, str]:
        """Every id that steps have produced, by name: `site_id`."""
        return {name: value for record in self.records.values() for name, value in record.outputs.items()}

    @property
    def result(self) -> "dict[str, str | list[str] | None]":
        """What the setup has come to, for machines: always the same names, `None` where there is nothing yet."""
        ids = {name: self.outputs.get(name) for name in RESULT_IDS}
        return {**ids, "numbers": [e164(number) for number in self.numbers]}

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number that the setup has, ten digits each: ordered so far, or found on the location and kept."""
        if finished := self.outputs.get("numbers"):
            return _each_once(finished.split(","))
        return _each_once(
            number
            for record in self.records.values()
            for order in record.orders
            for number in order.completed
        )


def _each_once(numbers: Iterable[str]) -> tuple[str, ...]:
    """The numbers without repetitions, in the order in which they were told."""
    return tuple(dict.fromkeys(numbers))


def _after(record: Record, event: StepEvent) -> Record:
    match event:
        case Started():
            orders = record.orders
            if event.customer_order_id:
                orders += (
                    Order(
                        customer_order_id=event.customer_order_id, numbers=event.numbers, started_at=event.at
                    ),
                )
            return record._replace(
                status=Status.STARTED,
                started_at=event.at,
                problem=None,
                orders=orders,
            )
        case Ordered():
            return record._replace(orders=tuple(_latest(order, event) for order in record.orders))
        case Finished():
            outputs = {**record.outputs, **event.outputs}
            made = record.made or not event.adopted
            return record._replace(
                status=Status.DONE, outputs=outputs, made=made, problem=None, applied=event.answers
            )
        case Failed():
            return record._replace(status=Status.FAILED, problem=event.problem)
        case _:
            assert_never(event)


def _latest(order: Order, event: Ordered) -> Order:
    if order.customer_order_id != event.customer_order_id:
        return order
    return order._replace(
        order_id=event.order_id,
        status=event.status,
        completed=_each_once(event.completed),
        error_code=event.error_code,
        error_text=event.error_text,
    )
