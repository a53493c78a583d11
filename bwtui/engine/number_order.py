"""Order phone numbers: each number once, each order watched until it is final, whatever happens in between."""

from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NamedTuple

from bwtui.api.client import Reply
from bwtui.api.wire import new_id
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.planning.number_tally import NumberTally, is_given_up, order_wishes, tally
from bwtui.domain.planning.order_plan import unexplained
from bwtui.domain.planning.requests import Known, create_request
from bwtui.domain.runs.problem import TAKEN, Kind, OwnCode, Problem, ProblemError
from bwtui.domain.runs.run import Order, order_known, order_to_name
from bwtui.domain.runs.run_events import Event, Started
from bwtui.domain.steps import FoundAsOrder, Step
from bwtui.domain.values.documents import Request
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.values.text import counted, join_list
from bwtui.engine.order_ids import new_customer_order_id
from bwtui.engine.order_look_up import OrderLookUp, OrderNotShownError
from bwtui.engine.waiting import Pace

ROUNDS: Final = 5
"""Most orders in one run, to replace numbers that others took in the meantime."""


BeforeAgain = Callable[[Problem], Awaitable[None]]
"""Awaited before a request is sent again, with the refusal of the attempt before; what it raises ends the sending."""


class _OrderFound(Exception):  # noqa: N818 - it is good news
    """Raised instead of sending an order again: the attempt that was refused has placed it."""

    def __init__(self, order: Order) -> None:
        super().__init__()
        self.order = order


class Completed(NamedTuple):
    """The outcome of all orders together."""

    order_id: str
    """The id of the order that stands for the numbers; empty if there is none."""
    numbers: tuple[str, ...]
    """Every number that the setup has, ten digits each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOrder:
    """One run of ordering: all that it needs, and `complete`, which does it."""

    answers: Answers
    step: Step
    ordered: FoundAsOrder
    looker: OrderLookUp
    known: Known
    candidates: Collection[str]
    """Numbers that a search found, best first; those named in the answers are ordered before them."""
    agreed: int
    """Most numbers to buy, as the person has agreed; 0 to watch orders and place none."""
    is_wanted: bool
    """True if the answers ask for numbers; otherwise orders already placed are only watched to their end."""
    note: Callable[[Event], None]
    settled: Callable[[], Awaitable[None]]
    """Waits until every noted event is on disk."""
    write: Callable[[Request, BeforeAgain], Awaitable[Reply]]
    """Sends a request whose `Started` event is on disk."""
    orders: Callable[[], tuple[Order, ...]]
    """Returns the run's orders so far."""
    pace: Pace

    async def complete(self) -> Completed:
        """Watch earlier orders to their end, then order the missing numbers; return what they brought.

        While the outcome of an order is unknown, only its own numbers are ordered again.

        Raises:
            ProblemError: missing numbers cannot be had, an order is BACKORDERED, or an order may have bought numbers
                that it does not name.
            Stopped: the person wants to leave; the order goes on by itself and is found again.
        """
        for order in self.orders():
            await self._settle(order)
        if not self.is_wanted:
            return await self._ended()
        tried: set[str] = set()
        had = (await self._count()).had
        for _ in range(ROUNDS):
            count = await self._count()
            if not count.missing:
                return self._completed(count)
            numbers = self._choose(count, tried, self.agreed - len(set(count.had) - set(had)))
            tried.update(numbers)
            await self._order(numbers)
            if count.to_reorder and set(numbers) & set((await self._count_again(numbers)).to_reorder):
                raise self._lost(numbers)
        count = await self._count()
        if count.missing:
            text = f"{ROUNDS} orders in a row did not bring the numbers: somebody else was faster."
            raise self._failure(Kind.FAILED, "5005", text)
        return self._completed(count)

    async def _ended(self) -> Completed:
        """Return what the orders brought; raise if the outcome of one is unknown."""
        count = await self._count()
        if count.unresolved:
            raise self._in_doubt_about(count.unresolved[0])
        return self._completed(count)

    def _completed(self, count: NumberTally) -> Completed:
        named = order_to_name(self.orders(), has_numbers=bool(count.had))
        return Completed(named.order_id if named else "", count.had)

    async def _settle(self, order: Order) -> None:
        """Watch an order of an earlier run to its end, if it ever reached Bandwidth."""
        if order.is_settled:
            copy = await self._copy(order, wait=True) if order.is_refused else None
            if copy:
                await self._watch(copy)
            return
        found = await self.looker.order(self.ordered, order)
        if found.order_id:
            await self._watch(found)

    async def _count(self) -> NumberTally:
        """Count the numbers; read the location only if the orders alone do not show what was bought."""
        orders = self.orders()
        # A number may have been taken by our own order, which a gateway reported as refused.
        if all(
            order.is_settled and not order.is_refused and order.error_code not in TAKEN for order in orders
        ):
            return tally(self.answers, orders, ())
        located, _ = await self.looker.located()
        return tally(self.answers, orders, located)

    async def _count_again(self, numbers: tuple[str, ...]) -> NumberTally:
        """Count after `numbers` were ordered again; wait a while, since numbers of a lost order may show late."""
        over = self.pace.over(self.pace.clock(), self.pace.located)
        while True:
            count = await self._count()
            if not set(count.to_reorder) & set(numbers) or over():
                return count
            await self.pace.sleep(self.pace.look)
            for order in self.orders():
                if order.is_unknown:
                    await self._settle(order)

    def _choose(self, count: NumberTally, tried: set[str], agreed: int) -> tuple[str, ...]:
        """Choose the numbers of the next order, at most `agreed`; raise if none can be ordered."""
        if count.unexplained:
            raise self._in_doubt_about(count.unexplained[0])
        if agreed <= 0:
            raise self._more_than_agreed(count, "none")
        if count.to_reorder:
            return count.to_reorder[: min(count.missing, agreed)]
        left = count._replace(
            named=tuple(number for number in count.named if number not in tried),
            refused=tuple(number for number in count.refused if number not in tried),
        )
        there = left.to_order(tuple(number for number in self.candidates if number not in tried))
        is_enough = count.missing <= min(len(there), agreed)
        if is_enough or (there and order_wishes(self.answers).partial_allowed):
            return there[:agreed]
        raise self._too_few(count, len(there), agreed, is_first=not tried)

    def _too_few(self, count: NumberTally, there: int, agreed: int, *, is_first: bool) -> ProblemError:
        """Make the error for an order that would not bring all that is missing; `there` are to be had."""
        needed = f"{count.missing} more needed"
        if there >= count.missing:
            return self._more_than_agreed(count, f"only {agreed}")
        if count.named_but_given_up:
            text = f"{needed}, and {count.named_but_given_up} of those that are named given up: name others instead."
            return self._failure(Kind.INVALID, "", text)
        if self.candidates or not is_first:
            text = f"{needed}, and the search has {there} left that can be had."
            return self._failure(Kind.FAILED, "5005", text)
        text = "The search found no numbers: try another area code, a city or a state."
        return self._failure(Kind.NOT_FOUND, "", text)

    def _more_than_agreed(self, count: NumberTally, agreed: str) -> ProblemError:
        text = f"{counted(count.missing, 'more phone number')} to order, and {agreed} agreed to in this run."
        return self._failure(Kind.UNREACHABLE, OwnCode.MORE_THAN_AGREED, text)

    async def _order(self, numbers: tuple[str, ...]) -> None:
        """Write a new CustomerOrderId to disk, send the order, and watch it."""
        self.pace.check()
        customer_order_id = new_customer_order_id()
        started = Started(
            step=self.step.key,
            at=self.pace.clock(),
            customer_order_id=customer_order_id,
            numbers=numbers,
            sent=order_wishes(self.answers).chosen_by,
        )
        self.note(started)
        await self.settled()
        known = Known(self.known, customer_order_id=customer_order_id, chosen_numbers=numbers)
        try:
            reply = await self.write(create_request(self.step, self.answers, known), self._before_again)
        except _OrderFound as found:
            await self._watch(found.order)
            return
        except ProblemError as error:
            await self._after_refusal(error.problem)
            return
        order = self.orders()[-1]._replace(order_id=new_id(reply, "id"), status="RECEIVED")
        await self._watch(order if order.order_id else await self._found(self._no_id(reply.status)))

    async def _before_again(self, _refused: Problem) -> None:
        """Look once for the order before it is sent again: an attempt that was refused may have placed it.

        Where nobody can look, it is sent all the same: a number that is ours already is not sold twice.

        Raises:
            _OrderFound: it was placed.
        """
        with suppress(ProblemError):
            if placed := await self.looker.copy(self.ordered, self.orders()[-1], wait=False):
                raise _OrderFound(placed)

    def _no_id(self, status: int) -> Problem:
        text = "The order was taken, but the answer names no id."
        return Problem(
            operation=PAID_STEP.operation("create"), kind=Kind.FAILED, status=status, unclear=True, text=text
        )

    async def _after_refusal(self, problem: Problem) -> None:
        if problem.unclear:
            await self._watch(await self._found(problem))
            return
        code = OwnCode.UNSENT if problem.status is None else problem.code
        self._know(self.orders()[-1]._replace(status="FAILED", error_code=code, error_text=problem.text))
        refused = self.orders()[-1]
        try:
            is_taken = refused.error_code in TAKEN
            copy = await self._copy(refused, wait=is_taken) if refused.is_refused else None
        except ProblemError as error:
            told = f"Looking for another copy of the order failed too: {error.problem.text}"
            raise ProblemError(problem._replace(unclear=True).looked_up(told)) from error
        if copy:
            await self._watch(copy)
        elif not self._may_be_replaced(refused):
            raise ProblemError(problem)

    async def _copy(self, refused: Order, *, wait: bool) -> Order | None:
        """Find another copy of a refused order; with `wait` for as long as it may take to show.

        Raises:
            ProblemError: the number is said to be taken, and the list lags so far behind that a copy may have taken it.
        """
        try:
            return await self.looker.copy(self.ordered, refused, wait=wait)
        except OrderNotShownError:
            if refused.error_code in TAKEN and not is_given_up(refused, order_wishes(self.answers)):
                told = (
                    f"Order {refused.order_id} was refused because its number is taken. Another copy of it may have the number: "
                    "Bandwidth's list of orders does not show even the refused one yet."
                )
                raise self._in_doubt(told, refused.order_id) from None
            return None

    def _may_be_replaced(self, order: Order) -> bool:
        """Return True if another order may follow this failed one: for other numbers, or for those of a lost order."""
        if order.error_code not in TAKEN:
            return False
        again = any(each.is_unknown and set(each.numbers) & set(order.numbers) for each in self.orders())
        return again or order_wishes(self.answers).replace_taken

    async def _found(self, problem: Problem) -> Order:
        """Look up the order that an unclear request has made, by its CustomerOrderId.

        Raises:
            ProblemError: with `problem`, if there is no such order or the look-up failed.
        """
        ended = self.orders()[-1]._replace(ended_at=self.pace.clock())
        try:
            found = await self.looker.order(self.ordered, ended)
        except ProblemError as error:
            raise ProblemError(
                problem.looked_up(f"Looking for the order failed too: {error.problem.text}")
            ) from error
        if not found.order_id:
            raise ProblemError(problem.looked_up("bwtui has looked for the order, and found none so far."))
        return found

    async def _watch(self, order: Order) -> None:
        """Read the order until its outcome is known, without a time limit; the person may leave and come back.

        A final order that does not account for all its numbers is read for a while longer.
        """
        self._know(order)
        polls = self.pace.polls()
        silent = self.pace.over(self.pace.clock(), self.pace.settle)
        while not order.is_settled:
            if order.status == "BACKORDERED":
                raise self._failure(
                    Kind.UNREACHABLE, "BACKORDERED",
                    f"Order {order.order_id} is backordered: Bandwidth fills it when it can. Run again later to look.",
                )  # fmt: skip
            await self.pace.sleep(next(polls))
            was_final = order.is_final
            try:
                latest = await self.looker.read_order(order)
            except ProblemError as error:
                if error.problem.kind not in (Kind.NOT_FOUND, Kind.FAILED) or silent():
                    raise self._out_of_sight(order, error.problem) from error
                continue
            if latest != order:
                self._know(latest)
            order = latest
            if not order.is_final or not was_final:
                silent = self.pace.over(
                    self.pace.clock(), self.pace.located if order.is_final else self.pace.settle
                )
            elif not (await self._count()).unexplained:
                return
            elif silent():
                raise self._in_doubt_about(order)
        if copy := await self._copy(order, wait=order.error_code in TAKEN) if order.is_refused else None:
            await self._watch(copy)
        else:
            self._judge(order)

    def _judge(self, order: Order) -> None:
        """Return if ordering may go on after this final order; otherwise raise with the order's own error."""
        has_all = len(order.completed) >= len(order.numbers)
        if has_all or order.status in ("COMPLETE", "COMPLETED") or self._may_be_replaced(order):
            return
        asked = counted(len(order.numbers), "phone number")
        text = f"Order {order.order_id} brought {len(order.completed)} of {asked}. {order.error_text}"
        raise self._failure(Kind.FAILED, order.error_code or order.status, text.strip())

    def _know(self, order: Order) -> None:
        self.note(order_known(self.step.key, order, self.pace.clock()))

    def _lost(self, numbers: tuple[str, ...]) -> ProblemError:
        unknown = (order for order in self.orders() if order.is_unknown and set(order.numbers) & set(numbers))
        ids = join_list(order.customer_order_id for order in unknown)
        text = (
            f"{listed(numbers)} cannot be ordered again, and is not on the location: an order whose answer was lost "
            "may have bought it."
        )
        return self._in_doubt(text, ids)

    def _out_of_sight(self, order: Order, problem: Problem) -> ProblemError:
        """Make the error for an order that was placed but cannot be read now; its outcome is not known yet."""
        text = f"Order {order.order_id} was placed, and cannot be read now: {problem.text}"
        return ProblemError(problem._replace(operation=PAID_STEP.operation("watch"), text=text))

    def _in_doubt_about(self, order: Order) -> ProblemError:
        return self._in_doubt(unexplained(order), order.order_id or order.customer_order_id)

    def _in_doubt(self, told: str, ids: str) -> ProblemError:
        return ProblemError(
            Problem(
                operation=PAID_STEP.operation("create"), kind=Kind.CONFLICT, text=told, unclear=True,
                code=OwnCode.ORDER_IN_DOUBT, details={"id": ids},
            )
        )  # fmt: skip

    def _failure(self, kind: Kind, code: str, told: str) -> ProblemError:
        return ProblemError(Problem(operation=PAID_STEP.operation("read"), kind=kind, code=code, text=told))
