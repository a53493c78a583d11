"""Put numbers into the voice package, and activate their services: repeating either changes nothing."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Final

from bwtui.api.client import Client, Reply
from bwtui.api.wire import find, text
from bwtui.domain.account.findings import OnNumbers
from bwtui.domain.answers.answers import Answers
from bwtui.domain.fields import Flag
from bwtui.domain.planning.requests import Known, activation_order_request, create_request
from bwtui.domain.planning.voice_plan import (
    activation_requests,
    inactive,
    is_complete,
    moves_away,
    not_in_package,
    not_ready,
    ready_for_order,
    still_lacking,
)
from bwtui.domain.runs.problem import Kind, OwnCode, Problem, ProblemError
from bwtui.domain.runs.run_events import Event, Started
from bwtui.domain.steps import FoundAsAssignment, Step
from bwtui.domain.values.documents import Request
from bwtui.engine.voice_number_look_up import MOST_NUMBERS, VoiceNumberLookUp, order_id_of
from bwtui.engine.waiting import Pace

NOT_PROVISIONED: Final = "VCS-0044"
"""The code for a number that was just ordered and cannot be put into a package yet (bandwidth-api 13.3)."""

PARTIAL: Final = range(200, 300)
"""Statuses of a success; with errors in its body it is one for some numbers only (bandwidth-api 13.10, 3)."""

_UNDER_WAY: Final = frozenset({"RECEIVED", "PROCESSING"})
"""Statuses of an activation that change by themselves; every other one counts as final (bandwidth-api 13.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberServices:
    """One run of putting numbers into the package, or of activating them."""

    client: Client
    answers: Answers
    step: Step
    known: Known
    note: Callable[[Event], None]
    settled: Callable[[], Awaitable[None]]
    """Waits until every noted event is on disk."""
    write: Callable[[Request], Awaitable[Reply]]
    """Sends a request whose `Started` event is on disk."""
    pace: Pace

    async def complete(self) -> None:
        """Do what is missing, and read back that it is done.

        Raises:
            ProblemError: it was refused, would take a number out of another package, or did not show in time.
            Stopped: the person wants to leave; running again continues.
        """
        assert self.known.numbers, "the numbers are had before"
        found = await self._look()
        if is_complete(self.step, self.answers, found):
            return
        text = ""
        if isinstance(self.step.found_by, FoundAsAssignment):
            await self._assign(found)
        else:
            text = await self._activate(found)
        await self._read_back(text)

    async def _look(self) -> OnNumbers:
        looker = VoiceNumberLookUp(self.client, self.answers, self.known)
        return await looker.look(self.step, self.known.numbers, self.known.package_id)

    async def _start(self) -> None:
        self.pace.check()
        self.note(Started(step=self.step.key, at=self.pace.clock()))
        await self.settled()

    # --- the package ---

    async def _assign(self, found: OnNumbers) -> None:
        """Put the missing numbers into the package; wait for those that Bandwidth has not provisioned yet."""
        if problem := moves_away(self.step, self.answers, found):
            raise ProblemError(problem)
        await self._start()
        over = self.pace.over(self.pace.clock(), self.pace.provisioned)
        pauses = self.pace.polls()
        missing = not_in_package(found)
        while missing:
            refused = await self._assign_once(missing[:MOST_NUMBERS])
            before, missing = missing, not_in_package(await self._look())
            if refused and len(missing) >= len(before):
                await self._wait_for(refused, over, pauses)
            elif not refused and missing == before:
                return  # accepted, and not shown yet

    async def _assign_once(self, numbers: tuple[str, ...]) -> Problem | None:
        """Ask for some numbers to be put into the package; return the refusal if it may be lifted by waiting."""
        known = Known({**self.known, "numbers": numbers})
        try:
            await self.write(create_request(self.step, self.answers, known))
        except ProblemError as error:
            if not _passes(error.problem):
                raise
            return error.problem
        return None

    async def _wait_for(self, refused: Problem, over: Callable[[], bool], pauses: Iterator[float]) -> None:
        if over():
            text_ = f"{refused.text} The number is ordered; run again later to put it into the package."
            raise ProblemError(refused._replace(kind=Kind.UNREACHABLE, text=text_))
        self.pace.tell(
            self.step.operation("create"), self.pace.provisioned,
            f"{self.step.title}: a number that was just ordered takes a moment until it can be used",
        )  # fmt: skip
        await self.pace.sleep(next(pauses))

    # --- the services ---

    async def _activate(self, found: OnNumbers) -> str:
        """Order every service that the checker says can be had, and watch each order to its end.

        Return how the orders ended that did not complete; what was activated all the same is read back.

        Raises:
            ProblemError: a service cannot be had for so long; the others are activated.
        """
        over = self.pace.over(self.pace.clock(), self.pace.visible)
        pauses = self.pace.polls()
        ordered: set[tuple[str, Flag]] = set()
        ends: list[str] = []
        while True:
            lacking = inactive(self.step, self.answers, found)
            ready = ready_for_order(lacking, found, ordered)
            if ready:
                await self._start()
                for request in activation_requests(self.step, self.answers, ready, self.known):
                    ends.append(await self._order(request))  # noqa: PERF401 - one after the other
                ordered.update((number, flag) for number, flags in ready.items() for flag in flags)
            elif not (text := not_ready(lacking, found)):
                return " ".join(filter(None, ends))
            elif over():
                raise ProblemError(self._not_ready(text))
            else:
                await self.pace.sleep(next(pauses))
            found = await self._look()

    async def _order(self, request: Request) -> str:
        """Order an activation and watch it; return how it ended if it did not complete."""
        order_id = order_id_of(await self._write_again(request))
        status = await self._watch(order_id) if order_id else "COMPLETE"
        return "" if status == "COMPLETE" else f"Activation {order_id} ended as {status}."

    async def _write_again(self, request: Request) -> Reply:
        """Send a request; once more if its answer was lost, since an activation may be repeated (bandwidth-api 13.4)."""
        try:
            return await self.write(request)
        except ProblemError as error:
            if not error.problem.unclear:
                raise
        return await self.write(request)

    def _not_ready(self, told: str) -> Problem:
        text_ = f"It cannot be activated yet: {told}. Everything else is kept; run again to try it once more."
        return Problem(
            operation=self.step.operation("check"), kind=Kind.UNREACHABLE, text=text_, code=OwnCode.NOT_READY
        )

    async def _watch(self, order_id: str) -> str:
        """Read an activation until it is final, and return its status; it goes on by itself if that takes long."""
        over = self.pace.over(self.pace.clock(), self.pace.provisioned)
        request = activation_order_request(self.step, order_id, self.known)
        for pause in self.pace.polls():
            await self.pace.sleep(pause)
            try:
                data = find((await self.client.send(request)).document, "data")
            except ProblemError as error:
                if error.problem.kind is not Kind.NOT_FOUND or over():
                    raise
                continue  # not visible yet
            status = text(data, "orderStatus").upper()
            if status and status not in _UNDER_WAY:
                return status
            if over():
                raise ProblemError(self._still_under_way(order_id, status))
        raise AssertionError("polls have no end")

    def _still_under_way(self, order_id: str, status: str) -> Problem:
        text_ = f"Activation {order_id} is {status or 'under way'}; it goes on by itself. Run again later to look."
        return Problem(operation=self.step.operation("watch"), kind=Kind.UNREACHABLE, text=text_)

    # --- both ---

    async def _read_back(self, told: str) -> None:
        """Look until every number shows what was asked for; `told` is what is known if one does not."""
        over = self.pace.over(self.pace.clock(), self.pace.visible)
        while not is_complete(self.step, self.answers, found := await self._look()):
            if over():
                problem = still_lacking(self.step, self.answers, found)
                raise ProblemError(problem._replace(text=f"{told} {problem.text}".strip()))
            await self.pace.sleep(self.pace.look)


def _passes(problem: Problem) -> bool:
    """Return True for a refusal that waiting may lift (bandwidth-api 13.3).

    A success that lists errors is final for the numbers that it names, unless their code says otherwise.
    """
    return (
        (problem.unclear and problem.status not in PARTIAL)
        or problem.code == NOT_PROVISIONED
        or problem.status == 422
        or problem.kind in (Kind.UNREACHABLE, Kind.RATE_LIMITED)
    )
