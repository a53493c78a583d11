"""Take the numbers that this setup put on a 10DLC campaign off it again, by orders of the same resource."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bwtui.api.client import Client
from bwtui.domain.account.findings import OnCampaign
from bwtui.domain.planning.campaign_plan import being_set, settings_under_way
from bwtui.domain.planning.requests import Known
from bwtui.domain.runs.problem import Problem, ProblemError
from bwtui.domain.runs.run import StepState
from bwtui.domain.runs.run_events import Event, RemovalStarted
from bwtui.domain.steps import Step
from bwtui.domain.teardown.campaign_removal import put_on, removal_failure_told, shown_still, still_on
from bwtui.domain.teardown.undo_requests import undo_request
from bwtui.engine.campaign_look_up import CampaignLookUp
from bwtui.engine.option_orders import OptionOrders, unchanging
from bwtui.engine.waiting import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRemoval:
    """One run of taking numbers off the campaign."""

    client: Client
    step: Step
    campaign_id: str
    """The campaign of the answers that were applied."""
    known: Known
    record: Callable[[], StepState]
    """Returns the state of the step so far: the orders that put numbers on, and those that take them off."""
    note: Callable[[Event], None]
    settled: Callable[[], Awaitable[None]]
    """Waits until every noted event is on disk."""
    pace: Pace

    async def complete(self, numbers: tuple[str, ...]) -> None:
        """Watch what is under way, take off those of the numbers that are still on, and read back that none is.

        Raises:
            ProblemError: it was refused, failed for a number, or takes longer than anybody waits for; running again
                watches the same order.
            Stopped: the person wants to leave; the order goes on by itself and is found again.
        """
        orders = self._orders()
        for order in orders.so_far():
            await orders.close(order)
        named = {*numbers, *(number for order in orders.so_far() for number in order.numbers)}
        found = await unchanging(self._look, self._changing, self.pace)
        if there := self._there(found, named):
            await self._take_off(orders, there)
            await self._read_back(there)

    async def _take_off(self, orders: OptionOrders, numbers: tuple[str, ...]) -> None:
        """Order it; a refusal for numbers that are off already is none."""
        try:
            await orders.place(numbers)
        except ProblemError as error:
            is_over = all(order.is_settled for order in orders.so_far())
            if error.problem.unclear or not is_over or self._there(await self._look(), numbers):
                raise

    async def _read_back(self, numbers: tuple[str, ...]) -> None:
        """Look until no number shows the campaign: a COMPLETE order alone proves nothing."""
        over = self.pace.over(self.pace.clock(), self.pace.visible)
        while there := self._there(await self._look(), numbers):
            if over():
                raise ProblemError(shown_still(self.step, there))
            await self.pace.sleep(self.pace.look)

    async def _look(self) -> OnCampaign:
        return await self._looker().look(self.campaign_id, self.record().orders)

    def _looker(self) -> CampaignLookUp:
        return CampaignLookUp(self.client, self.step, self.known, self.pace)

    def _orders(self) -> OptionOrders:
        return OptionOrders(
            step=self.step, looker=self._looker(), known=self.known, note=self.note, settled=self.settled, pace=self.pace,
            begun=lambda id_, numbers: RemovalStarted(self.step.key, self.pace.clock(), id_, numbers),
            send=lambda known: self.client.send(undo_request(self.step, known)),
            so_far=lambda: self.record().releases, failure_told=removal_failure_told,
        )  # fmt: skip

    def _there(self, found: OnCampaign, numbers: set[str] | tuple[str, ...]) -> tuple[str, ...]:
        return tuple(number for number in still_on(self.step, found) if number in numbers)

    def _changing(self, found: OnCampaign) -> Problem | None:
        changing = being_set(found, put_on(self.step, found))
        return settings_under_way(self.step, changing) if changing else None
