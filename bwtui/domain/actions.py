"""Actions, which plans are made of: what is about to happen to each step, and the exact request."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from bwtui.domain.answers import Answers
from bwtui.domain.documents import Request
from bwtui.domain.requests import Known, create_request
from bwtui.domain.run import Kind, Order, Problem, RunState, Spelling
from bwtui.domain.steps import Step


class Verdict(StrEnum):
    """The kinds of action."""

    NEW = "new"
    KEEP = "keep"
    CHANGE = "change"
    LEAVE = "leave"
    """It was made, is no longer asked for, and stays as it is on the account."""
    CONFLICT = "conflict"
    WAIT = "wait"
    """Its order was placed and is watched until it is final."""


class Action(NamedTuple):
    """One step of a plan: what will be done, and why."""

    step: Step
    verdict: Verdict
    request: Request | None = None
    """What is sent; `None` where nothing is."""
    reason: str = ""
    problem: Problem | None = None
    """What stands in the way, for a conflict."""
    outputs: Mapping[str, str] = MappingProxyType({})
    """Ids that are known already."""
    adopted: bool = False
    costs: bool = False
    """Whether it spends money that has not been spent yet."""
    kept: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Values of the object beside the answers: a change sends them back as they were read."""
    spellings: Mapping[str, Spelling] = MappingProxyType({})
    """Values that the API keeps in a way of its own, by wire name."""
    before: Mapping[str, Spelling] = MappingProxyType({})
    """What a change sends for the second time at least: still there afterwards, it is how the API keeps it."""
    orders: tuple[Order, ...] = ()
    """Number orders as the API knows them by now."""
    unproven: Problem | None = None
    """Why something that is kept could not be read back; it stops nothing else."""

    @property
    def is_proven(self) -> bool:
        """True where it was read back and is as it should be."""
        return self.verdict in (Verdict.KEEP, Verdict.LEAVE) and self.unproven is None


class Plan(tuple[Action, ...]):
    """The actions in the order of the guide."""

    __slots__ = ()

    @property
    def conflicts(self) -> tuple[Action, ...]:
        return tuple(action for action in self if action.verdict is Verdict.CONFLICT)

    @property
    def writes(self) -> tuple[Action, ...]:
        """The actions that change the account."""
        return tuple(action for action in self if action.verdict in (Verdict.NEW, Verdict.CHANGE))

    @property
    def is_proof(self) -> bool:
        """True where nothing is left to do: everything was found as it should be."""
        return all(action.is_proven for action in self)

    @property
    def paid(self) -> Action | None:
        """The action that costs money, if there is one."""
        return next((action for action in self if action.costs), None)


def known_so_far(answers: Answers, run: RunState) -> Known:
    """The account id and every id that the run has brought."""
    account_id = answers.text("account.account_id")
    return Known({"account_id": account_id} if account_id else {}, **run.outputs)


def create(step: Step, answers: Answers, known: Known) -> Action:
    """The action that makes the step's object."""
    request = create_request(step, answers, known)
    return Action(step=step, verdict=Verdict.NEW, request=request, costs=step.paid)


def conflict(step: Step, kind: Kind, text: str, outputs: Mapping[str, str] | None = None) -> Action:
    """The action of a step that the person has to decide about before anything is written."""
    problem = Problem(operation=step.operation("look"), kind=kind, text=text)
    return Action(step=step, verdict=Verdict.CONFLICT, reason=text, problem=problem, outputs=outputs or {})
