"""A run is the fold of its events: only events change it, and everything shown of a run is read from it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never

from bwtui.domain.catalog import OUTPUTS, PAID_STEP
from bwtui.domain.phone_numbers import e164


class Own(StrEnum):
    """Our own error codes, for what bwtui itself finds; `remedy_table` has a row for each."""

    NOT_YET = "NOT_YET"
    """An object that was just made cannot be read yet."""
    UNSENT = "UNSENT"
    """The person had asked to stop before it was sent."""
    SAME_NAME = "SAME_NAME"
    """Something that this setup did not make has the name."""
    UNLIKE = "UNLIKE"
    """The object to use is not as answered."""
    LIKE_OURS = "LIKE_OURS"
    """Something appeared with the name of what was about to be made, and is not as answered."""
    SEVERAL = "SEVERAL"
    """More than one could be meant."""
    UNKNOWN_ID = "UNKNOWN_ID"
    """The object to use does not exist."""
    REMOVED = "REMOVED"
    """Somebody removed what this setup had made."""
    STILL_THERE = "STILL_THERE"
    """Something that is to be replaced because it was removed still exists."""
    SET_OTHERWISE = "SET_OTHERWISE"
    """A setting of an existing location has other values."""
    OTHER_NUMBERS = "OTHER_NUMBERS"
    """The location has, or may have, numbers that this setup did not order."""
    BOUGHT_TWICE = "BOUGHT_TWICE"
    """Orders have brought more numbers than were to be bought."""
    NUMBERS_GONE = "NUMBERS_GONE"
    """Ordered numbers are not on the location."""
    ORDER_IN_DOUBT = "ORDER_IN_DOUBT"
    """An order may have bought numbers that it does not name."""
    NOTHING_FOUND = "NOTHING_FOUND"
    """The search found no numbers."""
    IN_OTHER_PACKAGE = "IN_OTHER_PACKAGE"
    """A number is in another voice package."""
    ON_OTHER_CAMPAIGN = "ON_OTHER_CAMPAIGN"
    """A number is on another 10DLC campaign."""
    NOT_READY = "NOT_READY"
    """A number is not provisioned, or its services are not active, although that was asked for."""
    CHANGED_SINCE = "CHANGED_SINCE"
    """Something was changed between the look and its removal."""
    STILL_SHOWN = "STILL_SHOWN"
    """Something that was removed still shows."""
    STILL_AGEING = "STILL_AGEING"
    """Released numbers still keep their location from being removed."""
    PLATFORM_UNKNOWN = "PLATFORM_UNKNOWN"
    """Nobody knows which platform the account is on, so voice cannot be set up."""
    OTHER_PLATFORM = "OTHER_PLATFORM"
    """The account shows that it is on another platform than the answered one."""
    TRIAL_ACCOUNT = "TRIAL_ACCOUNT"
    """A trial account cannot do this step."""
    NO_PASSWORD = "NO_PASSWORD"  # noqa: S105 - a code
    """A callback password was not given."""
    WHICH_ACCOUNT = "WHICH_ACCOUNT"
    """No account is given, and the credentials do not name just one."""
    CLIENT_REFUSED = "CLIENT_REFUSED"
    """The token service does not accept the OAuth2 client."""
    NO_TOKEN = "NO_TOKEN"  # noqa: S105 - a code
    """The token service answered neither with a token nor with a refusal."""
    BASIC_REFUSED = "BASIC_REFUSED"
    """Bandwidth refused a user name and a password before HTTP Basic has ended there."""
    BASIC_ENDED = "BASIC_ENDED"
    """Bandwidth refused a user name and a password after HTTP Basic has ended there."""


EARLIER: Final = "earlier attempt"
"""The detail of a problem that names earlier attempts of its step that may have had their effect: the ids of orders, or any text."""

SIGNED_IN_WITH: Final = "signed in with"
"""The detail of a refusal of the credentials that says where they come from; without it they were taken from the environment."""
SIGNED_IN_BY: Final = "signed in by"
"""The detail of a refusal of the credentials that names the saved login that they are of."""


class Kind(StrEnum):
    """The kinds of problem; the kind decides the exit code and the advice."""

    FAILED = "failed"
    CREDENTIALS = "credentials"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    UNREACHABLE = "unreachable"
    INVALID = "invalid"
    RATE_LIMITED = "rate_limited"


class Problem(NamedTuple):
    """A failure in the API's own terms; `remedies.explain` says what to do about it."""

    operation: str
    """The call, as `Request.operation` has it: `site.create`."""
    kind: Kind
    text: str
    """The API's own text, or what happened instead of an answer. Text from outside: never markup."""
    status: int | None = None
    """The HTTP status, if there was an answer."""
    code: str = ""
    """The API's error code, if it gave one: `12112`."""
    unclear: bool = False
    """True if the request may have had its effect all the same: look before sending it again."""
    details: Mapping[str, str] = MappingProxyType({})
    """Other helpful values: a recommended address (`City`: `RALEIGH`); with our own codes the `id` to answer; `EARLIER`
    and those after it."""

    @property
    def is_own(self) -> bool:
        """True if bwtui itself found it, so that its code says nothing to a person."""
        return self.code in Own.__members__


class ProblemError(Exception):
    """Raised when a problem ends the work; the only error of the API that front ends see."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


class Stopped(Exception):  # noqa: N818 - it is a wish, not an error
    """Raised once the person has asked to leave: nothing new is started."""


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


class Verified(NamedTuple):
    """Everything that is wanted was read back. Any later event makes this proof void."""

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
        return self.is_settled and not self.completed and self.error_code != Own.UNSENT


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
        return RunState(steps={**self.steps, event.step: _after(self.step(event.step), event)})

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
        placed = [order.order_id for order in self.orders if order.order_id]
        ids = {name: self.outputs.get(name) or None for name in OUTPUTS}
        ids[PAID_STEP.produces] = ids[PAID_STEP.produces] or (placed[-1] if placed else None)
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
            return StepState(removed_at=event.at)
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
