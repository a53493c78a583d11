"""Read whether the messages and calls of phone numbers will arrive. Only GET."""

from bwtui.api.client import Client
from bwtui.domain.answers import Answers
from bwtui.domain.arrival import Arrival, Service, Verdict
from bwtui.domain.run import RunState


async def read_arrivals(client: Client, answers: Answers, run: RunState) -> tuple[Arrival, ...]:  # noqa: ARG001
    """Return a verdict for each number of the run and each wanted service."""
    return tuple(
        Arrival(number, service, Verdict.UNKNOWN, "It was not looked at.", "Verify again later.")
        for number in run.numbers
        for service in Service
    )
