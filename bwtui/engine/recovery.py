"""Recovery: find what a request made although its answer was lost, or said that it was refused. Only GET."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from bwtui.api.client import Client
from bwtui.domain.account.findings import Absent, Found, How, Several, differences
from bwtui.domain.answers.answers import Answers
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.planning.requests import Known, body
from bwtui.domain.planning.stored_spellings import stored_otherwise
from bwtui.domain.runs.problem import Kind, Problem, ProblemError, Stopped
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Failed
from bwtui.domain.steps import FoundAsSetting, FoundInList, Step
from bwtui.domain.values.documents import Element, Request
from bwtui.engine.look_up import LookUp
from bwtui.engine.waiting import Pace


class AlreadyThere(Exception):  # noqa: N818 - it is good news
    """Raised instead of sending a request again: the attempt that was refused has had its effect."""

    def __init__(self, outputs: Mapping[str, str]) -> None:
        super().__init__()
        self.outputs = outputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Looks for the effect of requests that failed."""

    client: Client
    answers: Answers
    run: Callable[[], RunState]
    """Returns the run so far."""
    pace: Pace

    def looker(self, run: RunState | None = None) -> LookUp:
        """Return a look-up of the run so far, or of another state."""
        return LookUp(self.client, self.answers, run or self.run(), self.pace)

    async def found_again(self, step: Step, problem: Problem) -> dict[str, str]:
        """Look for the object that an unclear request made, as long as it may show, and return its outputs.

        Raises:
            ProblemError: with `problem`, if there is none, it is somebody else's, or the look-up failed: never guess.
        """
        ended = self.run().apply(Failed(step=step.key, at=self.pace.clock(), problem=problem))
        try:
            found = await self.looker(ended).look(step, pending=True)
        except ProblemError as error:
            raise ProblemError(
                problem.looked_up(f"Looking for it failed too: {error.problem.text}")
            ) from error
        except Stopped:
            raise ProblemError(problem) from None
        if isinstance(found, Absent):
            raise ProblemError(problem.looked_up("bwtui has looked for it, and found nothing so far."))
        desired = body(step, self.answers, self._known)
        wrong = not isinstance(found, Found) or self._is_wrong(step, desired, found)
        if wrong and isinstance(step.found_by, FoundAsSetting):
            raise ProblemError(problem)
        if not isinstance(found, Found) or found.how is How.SAME_NAME or wrong:
            raise ProblemError(problem.looked_up("Something else of this name is there now."))
        return {step.produces: found.id} if step.produces else {}

    async def after_refusal(self, step: Step, request: Request, problem: Problem) -> dict[str, str] | None:
        """Look once for the effect of a request that was refused; return its outputs, or `None` if nothing shows.

        A gateway may deliver a request twice, and tell of the copy that was refused; or answer for itself.

        Raises:
            ProblemError: with `problem`, now unclear, if the look-up failed or several could be meant.
        """
        try:
            found = await self.looker().look_once(step)
        except ProblemError as error:
            if _is_the_same_refusal(step, problem, error.problem):
                return None
            told = f"Looking for what it may have done failed too: {error.problem.text}"
            raise ProblemError(problem._replace(unclear=True).looked_up(told)) from error
        if isinstance(found, Several):
            told = f"Several of this name are there now: {', '.join(found.ids)}."
            raise ProblemError(problem._replace(unclear=True).looked_up(told))
        if not isinstance(found, Found) or not self._is_done(step, request, found):
            return None
        return {step.produces: found.id} if step.produces else {}

    async def before_again(self, step: Step, request: Request, refused: Problem) -> None:
        """Look for the effect of a refused attempt to create something, before it is sent again.

        Where there are too many requests, an effect may not show at once: then it is looked for as long as it may take
        to show, ever more rarely, since each look is a request too. Where the API lets nobody have a second object of the
        name, one look is enough.

        Raises:
            AlreadyThere: it was created.
            ProblemError: nobody can say if it was: it must not be sent again.
            Stopped: the person wants to leave.
        """
        listed = step.found_by
        if not isinstance(listed, FoundInList) or request.method != "POST":
            return
        waits = refused.kind is Kind.RATE_LIMITED and not listed.is_unique
        seconds = self.pace.refused(refused) if waits else 0.0
        since = self.run().step(step.key).started_at
        over = self.pace.over(since, seconds)
        self.pace.tell(
            step.operation("look"), self.pace.left(since, seconds),
            f"{step.title}: looked for before it is created again",
        )  # fmt: skip
        for pause in self.pace.polls():
            outputs = await self.after_refusal(step, request, refused)
            if outputs is not None:
                raise AlreadyThere(outputs)
            if over():
                return
            await self.pace.sleep(max(pause, self.pace.look))

    def _is_done(self, step: Step, request: Request, found: Found) -> bool:
        """Return True if the object is ours and just as the request was to make it."""
        if isinstance(step.found_by, FoundInList) and request.method == "POST":
            return found.how is How.OURS
        return not found.unsent and not self._is_wrong(step, body(step, self.answers, self._known), found)

    @property
    def _known(self) -> Known:
        return known_so_far(self.answers, self.run())

    def _is_wrong(self, step: Step, desired: Element, found: Found) -> bool:
        """Return True if the object is neither as it was sent nor as the API is known to keep it."""
        differing = differences(step, desired, found.leaves)
        return len(differing) > len(
            stored_otherwise(step, differing, self.answers, self.run().step(step.key))
        )


def _is_the_same_refusal(step: Step, refused: Problem, look: Problem) -> bool:
    """Return True if the account refuses even to look at what it refused to make: the credentials, or it, cannot do that."""
    if look.status != refused.status:
        return False
    is_setting = isinstance(step.found_by, FoundAsSetting)
    return look.status == HTTPStatus.FORBIDDEN or (
        is_setting and bool(look.code) and look.code == refused.code
    )
