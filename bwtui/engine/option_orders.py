"""Send orders that change the campaign of numbers: on disk before they are sent, found again, watched until they are final."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bwtui.api.client import Reply
from bwtui.api.wire import new_id
from bwtui.domain.account.findings import OnCampaign
from bwtui.domain.planning.campaign_plan import under_way
from bwtui.domain.planning.requests import Known
from bwtui.domain.runs.problem import Kind, OwnCode, Problem, ProblemError
from bwtui.domain.runs.run import Order, order_known
from bwtui.domain.runs.run_events import Event
from bwtui.domain.steps import Step
from bwtui.engine.campaign_look_up import CampaignLookUp
from bwtui.engine.order_ids import new_customer_order_id
from bwtui.engine.waiting import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionOrders:
    """The orders of one kind: those that put numbers on a campaign, or those that take them off."""

    step: Step
    looker: CampaignLookUp
    known: Known
    note: Callable[[Event], None]
    settled: Callable[[], Awaitable[None]]
    """Waits until every noted event is on disk."""
    begun: Callable[[str, tuple[str, ...]], Event]
    """Returns the intent to send an order with this CustomerOrderId for these numbers."""
    send: Callable[[Known], Awaitable[Reply]]
    """Sends an order whose intent is on disk."""
    so_far: Callable[[], tuple[Order, ...]]
    """Returns the orders so far, oldest first."""
    failure_told: Callable[[Order], str]
    """Says what an order that is final did not do."""
    pace: Pace

    async def place(self, numbers: tuple[str, ...]) -> None:
        """Write a new CustomerOrderId to disk, send the order, and watch it.

        Raises:
            ProblemError: it was refused, failed for a number, or takes longer than anybody waits for.
            Stopped: the person wants to leave; the order goes on by itself and is found again.
        """
        self.pace.check()
        customer_order_id = new_customer_order_id()
        self.note(self.begun(customer_order_id, numbers))
        await self.settled()
        known = Known({**self.known, "customer_order_id": customer_order_id, "numbers": numbers})
        try:
            reply = await self.send(known)
        except ProblemError as error:
            await self._after_refusal(error.problem)
            return
        order = self.so_far()[-1]
        id_ = new_id(reply, "OrderId")
        if not id_:
            text = "The order was taken, but the answer names no id."
            await self._after_refusal(self.problem(Kind.FAILED, text)._replace(unclear=True))
            return
        await self.watch(order._replace(order_id=id_, status="RECEIVED"))

    async def watch(self, order: Order) -> None:
        """Read an order until it is final; raise with its errors if it failed for a number."""
        if order.is_settled and order in self.so_far():
            return
        order = await self.follow(order)
        if order.failed:
            raise ProblemError(self.problem(Kind.FAILED, self.failure_told(order), order.error_code))

    async def follow(self, order: Order) -> Order:
        """Read an order until it is final, with growing pauses; return it without an id if it was never placed."""
        over = self.pace.over(self.pace.clock(), self.pace.joined)
        pauses = self.pace.polls(self.pace.longest_join_poll)
        text = ""
        while True:
            latest = await self.looker.order(order)
            if not latest.order_id:
                return latest
            if latest not in self.so_far():
                self._know(latest)
            order = latest
            if order.is_settled:
                return order
            if over():
                raise ProblemError(under_way(self.step, order))
            if order.status != text:
                text = order.status
                reason = f"{self.step.title}: changing the campaign of numbers takes minutes to hours"
                self.pace.tell(self.step.operation("watch"), self.pace.joined, reason)
            await self.pace.sleep(next(pauses))

    async def close(self, order: Order) -> None:
        """Read an order until it is final; record that one which was never placed has failed."""
        if order.is_settled:
            return
        latest = await self.follow(order)
        if not latest.order_id:
            self._know(latest._replace(status="FAILED", error_text="It never reached Bandwidth."))

    async def _after_refusal(self, problem: Problem) -> None:
        """Watch the order if it was placed all the same; otherwise record that it was not, and raise."""
        sent = self.so_far()[-1]._replace(ended_at=self.pace.clock())
        try:
            found = await (self.looker.order(sent) if problem.unclear else self._other_copy(sent, problem))
        except ProblemError as error:
            told = f"Looking for the order failed too: {error.problem.text}"
            raise ProblemError(problem._replace(unclear=True).looked_up(told)) from error
        if found and found.order_id:
            await self.watch(found)
            return
        if not problem.unclear:
            code = OwnCode.UNSENT if problem.status is None else problem.code
            self._know(sent._replace(status="FAILED", error_code=code, error_text=problem.text))
            raise ProblemError(problem)
        raise ProblemError(problem.looked_up("bwtui has looked for the order, and found none so far."))

    async def _other_copy(self, sent: Order, problem: Problem) -> Order | None:
        """Look once for another copy of a refused order: a gateway may deliver a request twice."""
        return await self.looker.found(sent) if problem.status is not None else None

    def _know(self, order: Order) -> None:
        self.note(order_known(self.step.key, order, self.pace.clock()))

    def problem(self, kind: Kind, told: str, code: str = "") -> Problem:
        """Return a problem of an order that was placed."""
        return Problem(operation=self.step.operation("watch"), kind=kind, code=code, text=told)


async def unchanging(
    look: Callable[[], Awaitable[OnCampaign]], changing: Callable[[OnCampaign], Problem | None], pace: Pace
) -> OnCampaign:
    """Look once no number's campaign is being set any more: nothing is ordered beside that.

    Raises:
        ProblemError: it takes longer than anybody waits for.
    """
    over = pace.over(pace.clock(), pace.joined)
    pauses = pace.polls()
    while problem := changing(found := await look()):
        if over():
            raise ProblemError(problem)
        await pace.sleep(next(pauses))
    return found
