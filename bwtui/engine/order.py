"""Order phone numbers: each order once, watched until it is final, whatever happens in between."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bwtui.api.client import Client
from bwtui.api.wire import new_id
from bwtui.domain.answers import Answers
from bwtui.domain.plan import FINAL_STATUSES, missing_numbers
from bwtui.domain.requests import create_request
from bwtui.domain.run import Event, Kind, Order, Problem, ProblemError, Started
from bwtui.domain.run import Ordered as OrderKnown
from bwtui.domain.steps import Ordered, Step
from bwtui.engine.pace import Pace
from bwtui.engine.survey import Looker

TAKEN = ("5005", "5018", "5213", "5218")
"""Codes that say: this number is not to be had, another may be."""

ROUNDS = 5
"""Orders in one go, at most, to replace numbers that were taken in the meantime."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """Everything that ordering needs; `complete` does it."""

    client: Client
    answers: Answers
    step: Step
    ordered: Ordered
    looker: Looker
    known: dict[str, str]
    candidates: tuple[str, ...]
    """Numbers to order, best first."""
    note: Callable[[Event], None]
    settled: Callable[[], Awaitable[None]]
    """Waits until what was noted is on disk."""
    orders: Callable[[], tuple[Order, ...]]
    """The orders that the run has so far."""
    pace: Pace

    async def complete(self) -> dict[str, str]:
        """Settle the orders that were started, then order what is still missing; give order id and numbers.

        Raises:
            ProblemError: what is missing cannot be had, or the order is left to wait (BACKORDERED).
            Stopped: the person wants to leave; the order goes on by itself and is found again.
        """
        tried: set[str] = set()
        for order in self.orders():
            await self._settle(order)
        for _ in range(ROUNDS):
            count, named = missing_numbers(self.answers, self.orders())
            if not count:
                break
            await self._order(self._choose(count, named, tried), tried)
        if missing_numbers(self.answers, self.orders())[0]:
            raise self._failure(
                Kind.FAILED,
                "5005",
                f"{ROUNDS} orders in a row did not bring the numbers: somebody else was faster.",
            )
        numbers = ",".join(number for order in self.orders() for number in order.completed)
        order_id = next(order.order_id for order in reversed(self.orders()) if order.completed)
        return {"order_id": order_id, "numbers": numbers}

    async def _settle(self, order: Order) -> None:
        """Bring an order of an earlier run to its end, if it ever reached Bandwidth."""
        if order.status in FINAL_STATUSES:
            return
        found = await self.looker.order(self.ordered, order)
        if found:
            await self._watch(found)

    def _choose(self, count: int, named: tuple[str, ...], tried: set[str]) -> tuple[str, ...]:
        """The next numbers to order: those named one by one, else the best of the search not tried yet."""
        retry = [number for number in named if number not in tried]
        others = [number for number in self.candidates if number not in tried and number not in retry]
        chosen = (retry + others)[:count]
        if len(chosen) == count or (chosen and self.answers.flag("number.partial_allowed")):
            return tuple(chosen)
        if self.candidates or tried:
            raise self._failure(
                Kind.FAILED,
                "5005",
                f"{count} more needed, and the search has {len(chosen)} left that can be had.",
            )
        raise self._failure(
            Kind.NOT_FOUND, "", "The search found no numbers: try another area code, a city or a state."
        )

    async def _order(self, numbers: tuple[str, ...], tried: set[str]) -> None:
        """Send one order, its CustomerOrderId on disk first, and watch it."""
        self.pace.check()
        tried.update(numbers)
        customer_order_id = f"bwtui-{uuid.uuid4().hex}"[:40]
        started = Started(
            step=self.step.key, at=self.pace.clock(), customer_order_id=customer_order_id, numbers=numbers
        )
        self.note(started)
        await self.settled()
        known = {**self.known, "customer_order_id": customer_order_id, "chosen_numbers": ",".join(numbers)}
        try:
            reply = await self.client.send(create_request(self.step, self.answers, known))
        except ProblemError as error:
            await self._after_refusal(error.problem)
            return
        order = self.orders()[-1]._replace(order_id=new_id(reply, "id"), status="RECEIVED")
        await self._watch(order if order.order_id else await self._found(self._no_id(reply.status)))

    def _no_id(self, status: int) -> Problem:
        return Problem(
            operation="number.create",
            kind=Kind.FAILED,
            status=status,
            unclear=True,
            text="The order was taken, but the answer names no id.",
        )

    async def _after_refusal(self, problem: Problem) -> None:
        if problem.unclear:
            await self._watch(await self._found(problem))
            return
        refused = self.orders()[-1]._replace(
            status="FAILED", error_code=problem.code, error_text=problem.text
        )
        self._know(refused)
        if problem.code not in TAKEN or not self.answers.flag("number.replace_taken"):
            raise ProblemError(problem)

    async def _found(self, problem: Problem) -> Order:
        """The order that an unclear request has made, looked up by its CustomerOrderId.

        Raises:
            ProblemError: with `problem`, where there is none or looking failed.
        """
        try:
            found = await self.looker.order(self.ordered, self.orders()[-1])
        except ProblemError as error:
            told = f"{problem.text} Looking for the order failed too: {error.problem.text}"
            raise ProblemError(problem._replace(text=told)) from error
        if found is None:
            raise ProblemError(problem)
        return found

    async def _watch(self, order: Order) -> None:
        """Read the order's status until it is final: it has no time limit, and one may leave and come back."""
        self._know(order)
        polls = self.pace.polls()
        while order.status not in FINAL_STATUSES:
            if order.status == "BACKORDERED":
                raise self._failure(
                    Kind.UNREACHABLE, "BACKORDERED",
                    f"Order {order.order_id} is backordered: Bandwidth fills it when it can. Run again later to look.",
                )  # fmt: skip
            await self.pace.sleep(next(polls))
            latest = await self.looker.read_order(order)
            if latest != order:
                self._know(latest)
            order = latest
        self._judge(order)

    def _judge(self, order: Order) -> None:
        """Decide what a final order means: go on with what is missing, or fail with what the order says."""
        if order.status in ("COMPLETE", "COMPLETED"):
            return
        if order.error_code in TAKEN and self.answers.flag("number.replace_taken"):
            return
        told = f"Order {order.order_id} brought {len(order.completed)} of {len(order.numbers)} numbers. {order.error_text}"
        raise self._failure(Kind.FAILED, order.error_code or order.status, told.strip())

    def _know(self, order: Order) -> None:
        self.note(
            OrderKnown(
                step=self.step.key,
                at=self.pace.clock(),
                customer_order_id=order.customer_order_id,
                order_id=order.order_id,
                status=order.status,
                completed=order.completed,
                error_code=order.error_code,
                error_text=order.error_text,
            )
        )

    def _failure(self, kind: Kind, code: str, told: str) -> ProblemError:
        return ProblemError(Problem(operation="number.read", kind=kind, code=code, text=told))
