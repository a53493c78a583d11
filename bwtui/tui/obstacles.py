"""Obstacles to a plan, and what the person may give up to get past them."""

from bwtui.domain.actions import Plan
from bwtui.domain.answers import Answers, missing_secrets
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.checks import split_list
from bwtui.domain.findings import Gone, Numbers, Survey
from bwtui.domain.number_tally import tally
from bwtui.domain.remedies import explain
from bwtui.domain.run import Kind, Problem, RunState
from bwtui.domain.steps import Step
from bwtui.domain.validation import Complaint
from bwtui.tui.draft import password_needed


def obstacles(plan: Plan, answers: Answers, numbers_to_order: tuple[str, ...]) -> tuple[Complaint, ...]:
    """Each with the question to go to."""
    found = [
        Complaint(_remedy_field(action.problem, action.step), action.reason)
        for action in plan.conflicts
        if action.problem
    ]
    found += [password_needed(key) for action in plan.writes for key in missing_secrets(action.step, answers)]
    if plan.paid and not numbers_to_order:
        found.append(
            Complaint(
                PAID_STEP.key_of(PAID_STEP.query[0].key),
                "The search finds no numbers: try another area code, a city or a state.",
            )
        )
    return tuple(found)


def _remedy_field(problem: Problem, step: Step) -> str:
    return explain(problem).field or step.key_of("existing")


def to_give_up(step: Step, answers: Answers, run: RunState, survey: Survey | None) -> tuple[str, ...]:
    """List what was lost of a step, as `given_up` takes it: the id of what was removed, orders, or numbers."""
    finding = survey.findings.get(step.key) if survey else None
    match finding:
        case Gone(id=id_, is_new=False) if run.step(step.key).made:
            return (id_,)
        case Numbers():
            return _lost(finding, answers, run.step(step.key).problem)
        case _:
            return ()


def _lost(found: Numbers, answers: Answers, problem: Problem | None) -> tuple[str, ...]:
    count = tally(answers, found.orders, found.located)
    if count.unexplained:
        return tuple(order.order_id or order.customer_order_id for order in count.unexplained)
    if count.again and problem and problem.kind is Kind.CONFLICT:  # they cannot be ordered again
        unknown = (order for order in found.orders if order.is_unknown and {*order.numbers} & {*count.again})
        return tuple(order.order_id or order.customer_order_id for order in unknown)
    if count.missing or found.located is None:
        return ()
    return tuple(number for number in count.had if number not in found.located)


def given_up_with(answers: Answers, step: Step, lost: tuple[str, ...]) -> str:
    """The answer `given_up`: of a step that costs money it grows, since no number that was lost comes back."""
    before = split_list(answers.text(step.key_of("given_up"))) if step.paid else ()
    return ",".join(dict.fromkeys((*before, *lost)))
