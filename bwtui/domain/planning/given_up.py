"""Objects and numbers that were lost on the account and that the answers give up, so that others are made."""

from bwtui.domain.account.findings import Gone, Numbers, Survey
from bwtui.domain.answers.answers import Answers, wanted_steps
from bwtui.domain.planning.number_tally import tally
from bwtui.domain.planning.order_plan import lost_numbers
from bwtui.domain.runs.problem import Kind
from bwtui.domain.runs.run import RunState, Status, StepState
from bwtui.domain.runs.run_events import GivenUp
from bwtui.domain.steps import FoundInList, Step
from bwtui.domain.values.comparison import is_same
from bwtui.domain.values.text import join_list, split_list


def given_up(answers: Answers, run: RunState, at: float = 0.0) -> tuple[GivenUp, ...]:
    """Return the steps that begin anew: those whose object is given up, and all that cannot be without it.

    A listed object that only names it, as a voice package does its application, is still there, and is changed.
    """
    gone: set[str] = set()
    found = []
    for step in wanted_steps(answers):
        id_ = run.step(step.key).outputs.get(step.produces, "")
        text = answers.text(step.key_of("given_up")) if id_ and isinstance(step.found_by, FoundInList) else ""
        needs = step.needs_in_path if step.is_listed else step.needs
        if (id_ and is_same(id_, text)) or (gone & needs and run.step(step.key).status is Status.DONE):
            gone.add(step.produces)
            found.append(GivenUp(step=step.key, at=at))
    return tuple(found)


def begun_anew(answers: Answers, run: RunState) -> RunState:
    """Return the run without the objects that are given up."""
    for event in given_up(answers, run):
        run = run.apply(event)
    return run


def to_give_up(step: Step, answers: Answers, run: RunState, survey: Survey | None) -> tuple[str, ...]:
    """Return the lost things of a step that the answer `given_up` may name: a removed object's id, orders, or numbers."""
    finding = survey.findings.get(step.key) if survey else None
    match finding:
        case Gone(id=id_, is_new=False) if run.step(step.key).made:
            return (id_,)
        case Numbers():
            return _lost(finding, answers, run.step(step.key))
        case _:
            return ()


def _lost(found: Numbers, answers: Answers, record: StepState) -> tuple[str, ...]:
    problem = record.problem
    count = tally(answers, found.orders, found.located)
    if count.unexplained:
        return tuple(order.order_id or order.customer_order_id for order in count.unexplained)
    if count.to_reorder and problem and problem.kind is Kind.CONFLICT:  # ordering them again was refused
        unknown = (
            order for order in found.orders if order.is_unknown and {*order.numbers} & {*count.to_reorder}
        )
        return tuple(order.order_id or order.customer_order_id for order in unknown)
    may_show = found.fresh - set(found.ageing)
    return tuple(number for number in lost_numbers(answers, found, record.numbers) if number not in may_show)


def given_up_with(answers: Answers, step: Step, lost: tuple[str, ...]) -> str:
    """Return the new answer `given_up`; for the paid step it keeps the earlier ones, since lost numbers never come back."""
    before = split_list(answers.text(step.key_of("given_up"))) if step.paid else ()
    return join_list(dict.fromkeys((*before, *lost)))
