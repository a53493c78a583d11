"""What is about to happen: each step's action and the exact request, decided from answers, run and what was found."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never

from bwtui.domain.answers import Answer, Answers, Source, uses_existing, wanted_steps
from bwtui.domain.documents import Request
from bwtui.domain.findings import Absent, Finding, Found, Gone, How, Numbers, Several, Survey, differences
from bwtui.domain.numbers import Tally, tally
from bwtui.domain.requests import Known, body, change_request, create_request, search_request
from bwtui.domain.run import GivenUp, Kind, Problem, RunState, Status
from bwtui.domain.steps import Listed, Setting, Step
from bwtui.domain.stored import is_same


class Verdict(StrEnum):
    """What happens to a step."""

    NEW = "new"
    KEEP = "keep"
    CHANGE = "change"
    CONFLICT = "conflict"
    WAIT = "wait"
    """Its order was placed and is watched until it is final."""


class Action(NamedTuple):
    """What will be done about one step, and why."""

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
    unproven: Problem | None = None
    """Why something that is kept could not be read back; it stops nothing else."""

    @property
    def is_proven(self) -> bool:
        """Whether it was read back and is as it should be."""
        return self.verdict is Verdict.KEEP and self.unproven is None


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
        """Whether nothing is left to do: everything was found as it should be."""
        return all(action.is_proven for action in self)

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
    run = begun_anew(answers, run)
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
    return Plan(actions)


def known_so_far(answers: Answers, run: RunState) -> Known:
    """The account id and every id that the run has brought."""
    account_id = answers.text("account.account_id")
    return Known({"account_id": account_id} if account_id else {}, **run.outputs)


def given_up(answers: Answers, run: RunState, at: float = 0.0) -> tuple[GivenUp, ...]:
    """What begins anew: the steps whose object the person has given up, and all that depend on them."""
    gone: set[str] = set()
    found = []
    for step in wanted_steps(answers):
        id_ = run.record(step.key).outputs.get(step.produces, "")
        told = answers.text(f"{step.key}.given_up") if isinstance(step.found_by, Listed) else ""
        if (id_ and is_same(id_, told)) or (gone & step.needs and run.record(step.key).status is Status.DONE):
            gone.add(step.produces)
            found.append(GivenUp(step=step.key, at=at))
    return tuple(found)


def begun_anew(answers: Answers, run: RunState) -> RunState:
    """The run without what the person has given up."""
    for event in given_up(answers, run):
        run = run.apply(event)
    return run


SPARE_NUMBERS: Final = 20
"""How many more numbers a search asks for than are wanted: the next ones when somebody else was faster."""


def number_search(answers: Answers, run: RunState, count: Tally | None = None) -> Request | None:
    """The search that has to be made; `None` where no numbers are wanted, missing or searched for.

    `count` is where the numbers count, where that was looked at; otherwise the run alone is asked.
    """
    step = next((step for step in wanted_steps(answers) if step.paid), None)
    if step is None:
        return None
    record = run.record(step.key)
    count = count or tally(
        answers, record.orders, tuple(filter(None, record.outputs.get("numbers", "").split(",")))
    )
    asked = any(answers.text(f"{step.key}.{question.key}") for question in step.query)
    spare = SPARE_NUMBERS if answers.flag(f"{step.key}.replace_taken") else 0
    replaces = bool(spare and count.missing and not count.again and not count.unexplained)
    if not asked or not (count.needs_search or replaces):
        return None
    quantity = min(5000, count.missing + spare + len(count.gone))
    return search_request(step, answers, quantity, known_so_far(answers, run))


def numbers_to_order(answers: Answers, run: RunState, survey: Survey) -> tuple[str, ...]:
    """The numbers that the next order asks for, as a survey has shown; none where none are missing."""
    found = survey.findings.get("number", Numbers(run.record("number").orders))
    if not isinstance(found, Numbers):
        return ()
    return tally(answers, found.orders, found.located).to_order(survey.candidates)


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
        case Gone():
            return _conflict(step, Kind.NOT_FOUND, _gone(step, run, finding))
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


def _gone(step: Step, run: RunState, gone: Gone) -> str:
    named = f"{step.title} {gone.id}"
    if not run.record(step.key).made:
        return f"{named} does not exist (any more). Correct use under [{step.key}]."
    if gone.is_new:
        return (
            f"{named} was made a moment ago and cannot be read yet. Run the same command again in a minute."
        )
    return (
        f"{named} was made by this setup, and it is not there any more. To make it anew, with what depends on it, "
        f'answer given_up = "{gone.id}" under [{step.key}].'
    )


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


def _numbers(step: Step, answers: Answers, found: Numbers, known: Known, *, location_is_ours: bool) -> Action:
    count = tally(answers, found.orders, found.located)
    under_way = [order for order in found.orders if order.order_id and not order.is_final]
    if count.missing and (under_way or count.unexplained):
        reason = _unexplained(count) if count.unexplained else "its order is under way"
        return Action(step=step, verdict=Verdict.WAIT, reason=reason)
    if not count.missing:
        return _had(step, found, count)
    if not count.again and (count.strangers or (found.located is None and not location_is_ours)):
        return _numbers_already_there(step, answers, found, count, known)
    action = _create(step, answers, known)
    if count.again:
        return action._replace(
            reason="it is not known what became of its order: the same numbers are ordered again, which buys nothing twice"
        )
    return action


def _unexplained(count: Tally) -> str:
    """What is known of orders that may have bought numbers which cannot be told."""
    order = count.unexplained[0]
    named = order.order_id or order.customer_order_id
    said = (
        f"says {order.status} and does not name its numbers"
        if order.status
        else "may have been placed all the same"
    )
    return (
        f"Order {named} {said}, so no other is placed beside it. Look for it in the App; if it came to nothing, "
        f'answer given_up = "{named}" under [number].'
    )


def _had(step: Step, found: Numbers, count: Tally) -> Action:
    """All that is wanted is had: whether it is on the location too."""
    order_id = next((order.order_id for order in reversed(found.orders) if order.order_id), "")
    outputs = {"order_id": order_id, "numbers": ",".join(count.had)}
    action = Action(step=step, verdict=Verdict.KEEP, outputs=outputs, reason="as it should be")
    if found.located is None:
        told = found.refused.text if found.refused else ""
        text = f"Ordered, but the numbers on the location cannot be read: {told} The credentials lack the role for it."
        refused = found.refused or Problem(operation="number.located", kind=Kind.CREDENTIALS, text="")
        return action._replace(reason=text, unproven=refused._replace(text=text))
    lost = tuple(number for number in count.had if number not in found.located)
    if not lost:
        return action
    text = (
        f"Ordered, but not on the location: {', '.join(lost)}. Look for them in the App; if they were released, "
        f'answer given_up = "{",".join(lost)}" under [number].'
    )
    problem = Problem(operation=f"{step.key}.look", kind=Kind.NOT_FOUND, text=text)
    return action._replace(reason=text, unproven=problem)


def _numbers_already_there(
    step: Step, answers: Answers, found: Numbers, count: Tally, known: Known
) -> Action:
    strangers = count.strangers
    match answers.text("number.existing"):
        case "order":
            return _create(step, answers, known)
        case "keep" if strangers:
            numbers = ",".join((*count.had, *strangers))
            return Action(
                step=step, verdict=Verdict.KEEP, outputs={"numbers": numbers}, adopted=not count.had,
                reason="the numbers that are there are kept",
            )  # fmt: skip
        case _ if strangers:
            shown = ", ".join(strangers[:3]) + (" …" if len(strangers) > 3 else "")
            there = (
                f"The location has numbers already that this setup did not order ({len(strangers)}: {shown})."
            )
        case _:
            told = found.refused.text if found.refused else ""
            there = f"Which numbers the location has already cannot be read with these credentials: {told}"
    return _conflict(
        step, Kind.CONFLICT,
        f"{there} Under [number], answer "
        'existing = "keep" to use these, or existing = "order" to order more.',
    )  # fmt: skip
