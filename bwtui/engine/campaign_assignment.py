"""Put numbers on a 10DLC campaign: one order at a time, watched until it is final, whatever happens in between."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bwtui.api.client import Reply
from bwtui.domain.account.findings import OnCampaign
from bwtui.domain.answers.answers import Answers
from bwtui.domain.planning.campaign_plan import failure_told, missing, moves_off, still_changing, unusable
from bwtui.domain.planning.requests import Known, create_request
from bwtui.domain.runs.problem import Kind, OwnCode, ProblemError
from bwtui.domain.runs.run import StepState
from bwtui.domain.runs.run_events import Event, Started
from bwtui.domain.steps import Step
from bwtui.domain.values.documents import Request
from bwtui.domain.values.phone_numbers import listed
from bwtui.engine.campaign_look_up import CampaignLookUp
from bwtui.engine.option_orders import OptionOrders, unchanging
from bwtui.engine.waiting import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignAssignment:
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
    record: Callable[[], StepState]
    """Returns the state of the step so far, with its orders."""
    pace: Pace

    async def complete(self) -> None:
        """Watch what is under way, order what is missing, and read back that every number is on the campaign.

        Raises:
            ProblemError: it was refused, failed for a number, or takes longer than anybody waits for; running again
                watches the same order.
            Stopped: the person wants to leave; the order goes on by itself and is found again.
        """
        await self._end_removals()
        orders = self._orders()
        for order in orders.so_far():
            await orders.watch(order)
        found = await unchanging(self._look, lambda found: still_changing(self.step, found), self.pace)
        problem = unusable(self.step, found) or moves_off(self.step, self.answers, found)
        if problem and found.numbers:
            raise ProblemError(problem)
        if numbers := missing(found):
            await orders.place(numbers)
            await self._read_back()

    async def _end_removals(self) -> None:
        """Watch the orders of a teardown that was left: they may still take numbers off."""
        removals = replace(self._orders(), so_far=lambda: self.record().releases)
        for order in removals.so_far():
            await removals.close(order)

    def _orders(self) -> OptionOrders:
        return OptionOrders(
            step=self.step, looker=self.looker, known=self.known, note=self.note, settled=self.settled, pace=self.pace,
            begun=self._begun, send=lambda known: self.write(create_request(self.step, self.answers, known)),
            so_far=lambda: self.record().orders, failure_told=failure_told,
        )  # fmt: skip

    def _begun(self, customer_order_id: str, numbers: tuple[str, ...]) -> Started:
        """Return the intent to order, with the campaign: that is what a teardown takes the numbers off again."""
        key = self.step.key_of(self.step.chosen_by)
        return Started(
            step=self.step.key,
            at=self.pace.clock(),
            customer_order_id=customer_order_id,
            numbers=numbers,
            sent={key: self.answers.text(key)},
        )

    async def _look(self) -> OnCampaign:
        campaign_id = self.answers.text(self.step.key_of(self.step.chosen_by))
        return await self.looker.look(campaign_id, ())

    async def _read_back(self) -> None:
        """Look until every number shows the campaign: a COMPLETE order alone proves nothing."""
        over = self.pace.over(self.pace.clock(), self.pace.visible)
        while lacking := missing(await self._look()):
            if over():
                text = f"Ordered, and not on the campaign yet: {listed(lacking)}."
                raise ProblemError(self._orders().problem(Kind.UNREACHABLE, text, OwnCode.NOT_READY))
            await self.pace.sleep(self.pace.look)
