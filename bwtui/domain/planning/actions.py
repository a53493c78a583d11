"""Actions, of which plans are made: what will be done for each step, with the exact request.

A plan that was made of what was read back says what is proven, and what keeps the rest from it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, assert_never

from bwtui.domain.account.findings import Difference
from bwtui.domain.answers.answers import Answers
from bwtui.domain.planning.requests import PLATFORM, Known, create_request
from bwtui.domain.platform import Platform
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Spelling
from bwtui.domain.steps import Step
from bwtui.domain.values.documents import Request


class Verdict(StrEnum):
    """The kinds of action."""

    NEW = "new"
    KEEP = "keep"
    CHANGE = "change"
    LEAVE = "leave"
    """The object was made, is no longer asked for, and stays as it is on the account."""
    CONFLICT = "conflict"
    WAIT = "wait"
    """The step's order was placed and is watched until it is final."""


class Action(NamedTuple):
    """The action for one step: what will be done, and why."""

    step: Step
    verdict: Verdict
    request: Request | None = None
    """The request to send; `None` if nothing is sent."""
    reason: str = ""
    differences: tuple[Difference, ...] = ()
    """The values on the account that are not the wanted ones: a change sends these, a conflict is about them."""
    besides: str = ""
    """The reason for a change apart from its differences."""
    problem: Problem | None = None
    """For a conflict, and for an order in doubt: the problem that the person has to solve."""
    outputs: Mapping[str, str] = MappingProxyType({})
    """Ids that are known already, by name."""
    numbers: tuple[str, ...] = ()
    """The numbers that the setup has, if this is about them, ten digits each."""
    adopted: bool = False
    costs: bool = False
    """True if the action spends money that has not been spent yet."""
    kept: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Values of the object that no answer sets, by wire name; a change sends them back as they were read."""
    spellings: Mapping[str, Spelling] = MappingProxyType({})
    """Values that the API keeps in its own spelling, by wire name."""
    before: Mapping[str, Spelling] = MappingProxyType({})
    """Differences that a change sends for the second time at least; if one remains, the API keeps the value so."""
    stops_only_itself: bool = False
    """True for a conflict that fails the step when it is carried out, so that the other steps go on."""
    notices: tuple[str, ...] = ()
    """Sentences on what is on the account besides what is wanted; it keeps nothing from being proven."""
    unproven: Problem | None = None
    """The reason why a kept object could not be read back; other steps go on."""
    gone: tuple[str, ...] = ()
    """The numbers that are not on the location, ten digits each."""
    ageing: tuple[str, ...] = ()
    """The numbers that are being released, ten digits each."""

    @property
    def word(self) -> str:
        """The word for the action: create or another verb, keep, change, order or conflict; waiting where its order is watched."""
        match self.verdict:
            case Verdict.NEW:
                return "order" if self.costs else self.step.verb
            case Verdict.KEEP | Verdict.LEAVE:
                return "keep"
            case Verdict.CHANGE | Verdict.CONFLICT:
                return self.verdict.value
            case Verdict.WAIT:
                return "waiting"
            case _:
                assert_never(self.verdict)

    @property
    def is_proven(self) -> bool:
        """True if the object was read back and is as it should be."""
        return self.verdict in (Verdict.KEEP, Verdict.LEAVE) and self.unproven is None


class Plan(tuple[Action, ...]):
    """The actions in the order of the guide."""

    __slots__ = ()

    @property
    def conflicts(self) -> tuple[Action, ...]:
        """The conflicts to be solved before anything is written."""
        return tuple(
            action for action in self if action.verdict is Verdict.CONFLICT and not action.stops_only_itself
        )

    @property
    def writes(self) -> tuple[Action, ...]:
        """The actions that change the account."""
        return tuple(action for action in self if action.verdict in (Verdict.NEW, Verdict.CHANGE))

    @property
    def is_proof(self) -> bool:
        """True if nothing is left to do: everything was found as it should be."""
        return not self.not_proven

    @property
    def not_proven(self) -> tuple[Action, ...]:
        """The actions that keep it from being a proof."""
        return tuple(action for action in self if not action.is_proven)

    @property
    def disproofs(self) -> tuple[Problem, ...]:
        """The problems that keep it from being a proof; what is only missing or different has none."""
        return tuple(problem for action in self.not_proven if (problem := action.problem or action.unproven))

    @property
    def disproof(self) -> Kind | None:
        """The kind of problem for the exit code of reading back: that of the first; `None` for a proof."""
        if self.is_proof:
            return None
        return next((problem.kind for problem in self.disproofs), Kind.FAILED)

    @property
    def paid(self) -> Action | None:
        """The action that costs money, if there is one."""
        return next((action for action in self if action.costs), None)

    def without_numbers(self, run: RunState) -> "Plan":
        """Return the plan without what costs money, and without what waits for the numbers that are not ordered then."""
        waits = not run.numbers
        return Plan(action for action in self if not (action.costs or (waits and action.step.names_numbers)))


def known_so_far(answers: Answers, run: RunState) -> Known:
    """Return what requests refer to, by name, as far as it is known.

    That is the account id, every output of the run, its numbers, and the platform where requests depend on it.
    """
    known = Known(run.outputs)
    if account_id := answers.account_id:
        known["account_id"] = account_id
    if answers.platform is Platform.UNIVERSAL:
        known[PLATFORM] = answers.platform
    if run.numbers:
        known["numbers"] = run.numbers
    return known


def create(step: Step, answers: Answers, known: Known) -> Action:
    """Return the action that creates the step's object."""
    request = create_request(step, answers, known)
    return Action(step=step, verdict=Verdict.NEW, request=request, costs=step.paid)


def problem_found(step: Step, kind: Kind, text: str, code: str = "", id_: str = "") -> Problem:
    """Return a problem that bwtui itself found on looking; `id_` is what to answer about it, if anything."""
    details = {"id": id_} if id_ else {}
    return Problem(operation=step.operation("look"), kind=kind, text=text, code=code, details=details)


def conflict(
    step: Step,
    kind: Kind,
    text: str,
    code: str = "",
    id_: str = "",
    *,
    outputs: Mapping[str, str] | None = None,
    differences: tuple[Difference, ...] = (),
) -> Action:
    """Return the action of a step about which the person must decide before anything is written."""
    return Action(
        step=step, verdict=Verdict.CONFLICT, reason=text, problem=problem_found(step, kind, text, code, id_),
        outputs=outputs or {}, differences=differences,
    )  # fmt: skip
