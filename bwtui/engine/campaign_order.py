"""Put numbers on a 10DLC campaign: one order at a time, watched until it is final, whatever happens in between."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bwtui.api.client import Reply
from bwtui.api.wire import new_id
from bwtui.domain.answers import Answers
from bwtui.domain.campaign_plan import (
    failure_told,
    missing,
    moves_off,
    still_changing,
    under_way,
    unusable,
)
from bwtui.domain.documents import Request
from bwtui.domain.findings import OnCampaign
from bwtui.domain.phone_numbers import listed
from bwtui.domain.requests import Known, create_request
from bwtui.domain.run import Event, Kind, Order, Own, Problem, ProblemError, Started
from bwtui.domain.steps import Step
from bwtui.engine.campaign_look_up import CampaignLookUp
from bwtui.engine.number_order import order_known
from bwtui.engine.waiting import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignOrder:
    """One run of putting the setup's local numbers on the campaign."""

    answers: Answers
    step: Step
    looker: CampaignLookUp
    known: Known
    note: Callable[[Event], None]
    settled: Callable[[], Awaitable[None]]
    """Waits until every noted event is on disk."""
    write: Callable[[Request], Awaitable[Reply]]
    """Sends a request whose `Started` event is on disk."""
    orders: Callable[[], tuple[Order, ...]]
    """Returns the step's orders so far."""
    pace: Pace

    async def complete(self) -> None:
        """Watch what is under way, order what is missing, and read back that every number is on the campaign.

        Raises:
            ProblemError: it was refused, failed for a number, or takes longer than anybody waits for; running again
                watches the same order.
            Stopped: the person wants to leave; the order goes on by itself and is found again.
        """
        for order in self.orders():
            await self._watch(order)
        found = await self._unchanging()
        problem = unusable(self.step, found) or moves_off(self.step, self.answers, found)
        if problem and found.numbers:
            raise ProblemError(problem)
        if numbers := missing(found):
            await self._order(numbers)
            await self._read_back()

    async def _look(self) -> OnCampaign:
        campaign_id = self.answers.text(self.step.key_of(self.step.chosen_by))
        return await self.looker.look(campaign_id, ())

    async def _unchanging(self) -> OnCampaign:
        """Look once no number's campaign is being set any more: nothing is ordered beside that."""
        over = self.pace.over(self.pace.clock(), self.pace.joined)
        pauses = self.pace.polls()
        while problem := still_changing(self.step, found := await self._look()):
            if over():
                raise ProblemError(problem)
            await self.pace.sleep(next(pauses))
        return found

    async def _order(self, numbers: tuple[str, ...]) -> None:
        """Write a new CustomerOrderId to disk, send the order, and watch it."""
        self.pace.check()
        customer_order_id = f"bwtui-{uuid.uuid4().hex}"[:40]
        self.note(
            Started(
                step=self.step.key,
                at=self.pace.clock(),
                customer_order_id=customer_order_id,
                numbers=numbers,
            )
        )
        await self.settled()
        known = Known({**self.known, "customer_order_id": customer_order_id, "numbers": numbers})
        try:
            reply = await self.write(create_request(self.step, self.answers, known))
        except ProblemError as error:
            await self._after_refusal(error.problem)
            return
        order = self.orders()[-1]
        id_ = new_id(reply, "OrderId")
        if not id_:
            told = "The order was taken, but the answer names no id."
            await self._after_refusal(self._problem(Kind.FAILED, told)._replace(unclear=True))
            return
        await self._watch(order._replace(order_id=id_, status="RECEIVED"))

    async def _after_refusal(self, problem: Problem) -> None:
        """Watch the order if it was placed all the same; otherwise record that it was not, and raise."""
        sent = self.orders()[-1]._replace(ended_at=self.pace.clock())
        try:
            found = await (self.looker.order(sent) if problem.unclear else self._other_copy(sent, problem))
        except ProblemError as error:
            told = f"{problem.text} Looking for the order failed too: {error.problem.text}"
            raise ProblemError(problem._replace(text=told, unclear=True)) from error
        if found and found.order_id:
            await self._watch(found)
            return
        if not problem.unclear:
            code = Own.UNSENT if problem.status is None else problem.code
            self._know(sent._replace(status="FAILED", error_code=code, error_text=problem.text))
            raise ProblemError(problem)
        told = f"{problem.text} bwtui has looked for the order, and found none so far."
        raise ProblemError(problem._replace(text=told))

    async def _other_copy(self, sent: Order, problem: Problem) -> Order | None:
        """Look once for another copy of a refused order: a gateway may deliver a request twice."""
        return await self.looker.found(sent) if problem.status is not None else None

    async def _watch(self, order: Order) -> None:
        """Read the order until it is final, with growing pauses; raise with its errors if it failed for a number."""
        is_new = order not in self.orders()
        if order.is_settled and not is_new:
            return
        over = self.pace.over(self.pace.clock(), self.pace.joined)
        pauses = self.pace.polls(self.pace.longest_join_poll)
        told = ""
        while True:
            latest = await self.looker.order(order)
            if not latest.order_id:
                return  # it was never placed
            if latest not in self.orders():
                self._know(latest)
            order = latest
            if order.is_settled:
                break
            if over():
                raise ProblemError(under_way(self.step, order))
            if order.status != told:
                told = order.status
                reason = f"{self.step.title}: putting numbers on a campaign takes minutes to hours"
                self.pace.tell(self.step.operation("watch"), self.pace.joined, reason)
            await self.pace.sleep(next(pauses))
        if order.failed:
            raise ProblemError(self._problem(Kind.FAILED, failure_told(order), order.error_code))

    async def _read_back(self) -> None:
        """Look until every number shows the campaign: a COMPLETE order alone proves nothing."""
        over = self.pace.over(self.pace.clock(), self.pace.visible)
        while lacking := missing(await self._look()):
            if over():
                told = f"Ordered, and not on the campaign yet: {listed(lacking)}."
                raise ProblemError(self._problem(Kind.UNREACHABLE, told, Own.NOT_READY))
            await self.pace.sleep(self.pace.look)

    def _know(self, order: Order) -> None:
        self.note(order_known(self.step, order, self.pace.clock()))

    def _problem(self, kind: Kind, told: str, code: str = "") -> Problem:
        return Problem(operation=self.step.operation("watch"), kind=kind, code=code, text=told)
