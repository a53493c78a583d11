"""Obstacles to a plan, reported before anything is written because they would certainly stop it later."""

from typing import NamedTuple

from bwtui.domain.answers.answers import Answers, missing_secrets
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.planning.actions import Action, Plan, problem_found
from bwtui.domain.remedies.remedies import explain
from bwtui.domain.runs.problem import Kind, OwnCode, Problem
from bwtui.domain.steps import Step


class Obstacle(NamedTuple):
    """Something that keeps a plan from being carried out."""

    key: str
    """The full name of the question whose answer removes the obstacle."""
    problem: Problem


def find_obstacles(plan: Plan, answers: Answers, numbers: tuple[str, ...]) -> tuple[Obstacle, ...]:
    """Return the obstacles to a plan that would order `numbers`: conflicts, missing passwords, no number found."""
    conflicts = [_conflict(action, action.problem) for action in plan.conflicts if action.problem]
    passwords = [
        _missing_password(action.step, key)
        for action in plan.writes
        for key in missing_secrets(action.step, answers)
    ]
    return (*conflicts, *passwords, *([_nothing_found()] if plan.paid and not numbers else ()))


def _conflict(action: Action, problem: Problem) -> Obstacle:
    return Obstacle(explain(problem).field or action.step.key_of("existing"), problem)


def _missing_password(step: Step, key: str) -> Obstacle:
    text = "The password that goes with the callback user is needed."
    return Obstacle(key, problem_found(step, Kind.INVALID, text, OwnCode.NO_PASSWORD))


def _nothing_found() -> Obstacle:
    problem = problem_found(PAID_STEP, Kind.NOT_FOUND, PAID_STEP.nothing_found, OwnCode.NOTHING_FOUND)
    return Obstacle(PAID_STEP.key_of(PAID_STEP.query[0].key), problem)
