"""What is about to happen: each step's action and the exact request, decided from answers, run and what was found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, assert_never

from bwtui.domain.answers import Answer, Answers, Source, uses_existing, wanted_steps
from bwtui.domain.checks import split_list, ten_digits
from bwtui.domain.documents import Request
from bwtui.domain.findings import Absent, Finding, Found, Gone, How, Numbers, Several, differences
from bwtui.domain.requests import (
    Known,
    body,
    change_request,
    create_request,
    search_request,
)
from bwtui.domain.run import Kind, Order, Problem, RunState, Status
from bwtui.domain.steps import Listed, Setting, Step


class Verdict(StrEnum):
    """What happens to a step."""

    NEW = "new"
    KEEP = "keep"
    CHANGE = "change"
    CONFLICT = "conflict"
    WAIT = "wait"
    """Its order was placed and is watched until it is final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What will be done about one step, and why."""

    step: Step
    verdict: Verdict
    request: Request | None = None
    """What is sent; `None` where nothing is."""
    reason: str = ""
    problem: Problem | None = None
    """What stands in the way, for a conflict."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    """Ids that are known already."""
    adopted: bool = False
    costs: bool = False
    """Whether it spends money that has not been spent yet."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The actions in the order of the guide."""

    actions: tuple[Action, ...]

    def __iter__(self) -> Iterator[Action]:
        return iter(self.actions)

    @property
    def conflicts(self) -> tuple[Action, ...]:
        return tuple(action for action in self if action.verdict is Verdict.CONFLICT)

    @property
    def writes(self) -> tuple[Action, ...]:
        """The actions that change the account."""
        return tuple(action for action in self if action.verdict in (Verdict.NEW, Verdict.CHANGE))

    @property
    def is_proof(self) -> bool:
        """Whether nothing is left to do: everything was found as it should be."""
        return all(action.verdict is Verdict.KEEP for action in self)

    @property
    def paid(self) -> Action | None:
        """The action that costs money, if there is one."""
        return next((action for action in self if action.costs), None)


def make_plan(
    answers: Answers, run: RunState, findings: Mapping[str, Finding], chosen_numbers: tuple[str, ...] = ()
) -> Plan:
    """Decide every wanted step.

    `findings` has what a survey saw; a step without a finding is judged by the run alone, as `bwtui plan` does
    without sending anything. `chosen_numbers` are those about to be ordered, once a search has brought some.
    """
    answers = _with_rules(answers, findings.get("sippeer", Absent()))
    known = known_so_far(answers, run)
    if chosen_numbers:
        known["chosen_numbers"] = ",".join(chosen_numbers)
    location_is_ours = not answers.text("sippeer.use")
    actions = []
    for step in wanted_steps(answers):
        finding = findings.get(step.key)
        action = (
            _from_run(step, answers, run, known)
            if finding is None
            else _decide(step, answers, run, finding, known, location_is_ours=location_is_ours)
        )
        known.update(action.outputs)
        actions.append(action)
    return Plan(tuple(actions))


def known_so_far(answers: Answers, run: RunState) -> Known:
    """The account id and every id that the run has brought."""
    account_id = answers.text("account.account_id")
    return Known({"account_id": account_id} if account_id else {}, **run.outputs)


SPARE_NUMBERS: Final = 20
"""How many more numbers a search asks for than are wanted: the next ones when somebody else was faster."""


def number_search(answers: Answers, run: RunState) -> Request | None:
    """The search that has to be made; `None` where no numbers are wanted, missing or searched for."""
    step = next((step for step in wanted_steps(answers) if step.paid), None)
    if step is None or run.outputs.get("numbers"):
        return None
    count, _ = missing_numbers(answers, run.record(step.key).orders)
    if not count or not any(answers.text(f"{step.key}.{question.key}") for question in step.query):
        return None
    spare = SPARE_NUMBERS if answers.flag("number.replace_taken") else 0
    return search_request(step, answers, min(5000, count + spare), known_so_far(answers, run))


def _with_rules(answers: Answers, location: Finding) -> Answers:
    """The first location of a site must be its default one (13522), whatever was answered."""
    first = not answers.text("site.use") or location == Absent(alone=True)
    given = dict(answers.given)
    if first and not answers.text("sippeer.use"):
        given["sippeer.is_default"] = Answer("true", Source.RULE)
    elif not isinstance(location, Absent) and answers.text("sippeer.is_default") == "false":
        del given[
            "sippeer.is_default"
        ]  # It may have become the default by that rule; another one takes it over.
    return Answers(given, answers.secrets)


def _from_run(step: Step, answers: Answers, run: RunState, known: Known) -> Action:
    record = run.record(step.key)
    if record.status is Status.DONE:
        return Action(step=step, verdict=Verdict.KEEP, outputs=record.outputs, reason="done before")
    if used := uses_existing(step, answers):
        return Action(
            step=step,
            verdict=Verdict.KEEP,
            outputs={step.produces: used},
            adopted=True,
            reason="you said: use it",
        )
    return _create(step, answers, known)


def _decide(
    step: Step, answers: Answers, run: RunState, finding: Finding, known: Known, *, location_is_ours: bool
) -> Action:
    match finding:
        case Absent():
            return _create(step, answers, known)
        case Gone(id=id_):
            return _conflict(
                step,
                Kind.NOT_FOUND,
                f"{step.title} {id_} does not exist (any more). " + _gone_advice(step, run),
            )
        case Several(ids=ids):
            return _conflict(
                step, Kind.CONFLICT,
                f"Several objects could be this {step.title.lower()}: {', '.join(ids)}. Say which one: answer use under [{step.key}].",
            )  # fmt: skip
        case Found():
            return _judge(step, answers, finding, known, location_is_ours=location_is_ours)
        case Numbers():
            return _numbers(step, answers, finding, known, location_is_ours=location_is_ours)
        case _:
            assert_never(finding)


def _gone_advice(step: Step, run: RunState) -> str:
    if run.record(step.key).made:
        return "This setup made it and somebody removed it: start a new setup with another --name."
    return f"Correct use under [{step.key}]."


def _create(step: Step, answers: Answers, known: Known) -> Action:
    request = create_request(step, answers, known)
    return Action(step=step, verdict=Verdict.NEW, request=request, costs=step.paid)


def _conflict(step: Step, kind: Kind, text: str, outputs: Mapping[str, str] | None = None) -> Action:
    problem = Problem(operation=f"{step.key}.look", kind=kind, text=text)
    return Action(step=step, verdict=Verdict.CONFLICT, reason=text, problem=problem, outputs=outputs or {})


def _judge(step: Step, answers: Answers, found: Found, known: Known, *, location_is_ours: bool) -> Action:
    """Compare what was found with what is wanted."""
    outputs = {step.produces: found.id} if step.produces else {}
    used = found.how is How.USED and isinstance(step.found_by, Listed)
    desired = body(step, answers, known, defaults=not used)
    wrong = differences(step, desired, found.leaves)
    named = f"{step.title} {found.id}".strip()
    told = "; ".join(map(str, wrong))
    if found.how is How.SAME_NAME:
        return _conflict(
            step, Kind.CONFLICT,
            f"A {step.title.lower()} of this name exists already, and this setup did not make it: {named}. "
            f'To use it, answer use = "{found.id}" under [{step.key}]; otherwise choose another name.',
        )  # fmt: skip
    if not wrong:
        return Action(
            step=step,
            verdict=Verdict.KEEP,
            outputs=outputs,
            adopted=found.how is How.USED,
            reason=_why_kept(found),
        )
    if isinstance(step.found_by, Setting) and not location_is_ours and found.how is not How.OURS:
        match answers.text(f"{step.key}.existing"):
            case "change":
                pass
            case "keep":
                return Action(step=step, verdict=Verdict.KEEP, adopted=True, reason=f"left as it is: {told}")
            case _:
                return _conflict(
                    step, Kind.CONFLICT,
                    f"{step.title} is set otherwise on this location: {told}. "
                    f'Answer existing = "change" under [{step.key}] to set it, or choose another location.',
                )  # fmt: skip
    elif isinstance(step.found_by, Listed) and found.how in (How.USED, How.RECOVERED):
        advice = (
            "Take the answers that differ away, or use another one." if used else "Compare them in the App."
        )
        return _conflict(step, Kind.CONFLICT, f"{named} is not as answered: {told}. {advice}", outputs)
    request = change_request(step, answers, Known({**known, **outputs}))
    return Action(step=step, verdict=Verdict.CHANGE, request=request, outputs=outputs, reason=told)


def _why_kept(found: Found) -> str:
    return "made by this setup before it was interrupted" if found.how is How.RECOVERED else "as it should be"


FINAL_STATUSES: Final = frozenset({"COMPLETE", "COMPLETED", "PARTIAL", "FAILED"})
"""Order statuses that change no more (COMPLETED is a synonym that Bandwidth's prose uses once)."""


def missing_numbers(answers: Answers, orders: tuple[Order, ...]) -> tuple[int, tuple[str, ...]]:
    """How many numbers are still to be had, and which, where they were named one by one."""
    owned = {number for order in orders for number in order.completed}
    named = tuple(ten_digits(number) for number in split_list(answers.text("number.numbers")))
    wanted = len(named) or int(answers.text("number.quantity"))
    count = max(0, wanted - len(owned))
    return count, tuple(number for number in named if number not in owned)[:count]


def _numbers(step: Step, answers: Answers, found: Numbers, known: Known, *, location_is_ours: bool) -> Action:
    owned = tuple(number for order in found.orders for number in order.completed)
    count, _ = missing_numbers(answers, found.orders)
    if any(order.status not in FINAL_STATUSES for order in found.orders if order.order_id):
        return Action(step=step, verdict=Verdict.WAIT, reason="its order is under way")
    if found.orders and not count:
        outputs = {"order_id": found.orders[-1].order_id, "numbers": ",".join(owned)}
        lost = tuple(number for number in owned if number not in found.located)
        if lost:
            return _conflict(
                step,
                Kind.NOT_FOUND,
                f"Ordered, but not on the location: {', '.join(lost)}. Look for them in the App.",
                outputs,
            )
        return Action(step=step, verdict=Verdict.KEEP, outputs=outputs, reason="as it should be")
    if found.located and not found.orders and not location_is_ours:
        return _numbers_already_there(step, answers, found.located, known)
    return _create(step, answers, known)


def _numbers_already_there(step: Step, answers: Answers, located: tuple[str, ...], known: Known) -> Action:
    match answers.text("number.existing"):
        case "order":
            return _create(step, answers, known)
        case "keep":
            return Action(
                step=step, verdict=Verdict.KEEP, outputs={"numbers": ",".join(located)}, adopted=True,
                reason="the numbers that are there are kept",
            )  # fmt: skip
        case _:
            shown = ", ".join(located[:3]) + (" …" if len(located) > 3 else "")
            return _conflict(
                step, Kind.CONFLICT,
                f"The location has numbers already ({len(located)}: {shown}). Under [number], answer "
                'existing = "keep" to use these, or existing = "order" to order more.',
            )  # fmt: skip
