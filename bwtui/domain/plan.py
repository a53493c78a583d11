"""What is about to happen: each step's action and the exact request, decided from answers, run and what was found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, assert_never
from urllib.parse import quote

from bwtui.domain.answers import Answer, Answers, Source, superseded, uses_existing, wanted_steps
from bwtui.domain.checks import split_list, ten_digits
from bwtui.domain.documents import Element, Request, leaves
from bwtui.domain.fields import Choice, Const, Flag, Part, Ref, Text
from bwtui.domain.run import Kind, Order, Problem, RunState, Status
from bwtui.domain.secret import Secret
from bwtui.domain.steps import Listed, Setting, Step

# --- What was found --------------------------------------------------------------------------------------------

Leaves = Mapping[str, tuple[str, ...]]
"""The texts of an object as the API shows it, by case-folded path below its root: `address/city`."""


class How(StrEnum):
    """By what right something that was found is taken for this step's object."""

    OURS = "ours"
    """The state holds its id."""
    RECOVERED = "recovered"
    """It appeared after this run had started to create it."""
    USED = "used"
    """The person said: use it."""
    SAME_NAME = "same name"
    """By none: it merely has the name."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Nothing is there."""

    alone: bool = True
    """Whether nothing else of its sort is there either: a new location is then the first of its site."""


@dataclass(frozen=True, slots=True)
class Found:
    """One object (or setting, then without an id) is there."""

    leaves: Leaves
    how: How
    id: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The id is known, and the API knows it no more."""

    id: str


@dataclass(frozen=True, slots=True)
class Several:
    """More than one could be meant."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The orders of this run as the API knows them, and the numbers on the location."""

    orders: tuple[Order, ...] = ()
    located: tuple[str, ...] = ()


Finding = Absent | Found | Gone | Several | Numbers


# --- What is done about it -------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """What happens to a step."""

    NEW = "new"
    KEEP = "keep"
    CHANGE = "change"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Difference:
    """One element that is not as it should be."""

    path: str
    wanted: str
    found: str
    """Empty: not shown."""

    def __str__(self) -> str:
        return f"{self.path} is {f'“{self.found}”' if self.found else 'missing'}, should be “{self.wanted}”"


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
    def paid(self) -> Action | None:
        """The action that costs money, if there is one."""
        return next((action for action in self.writes if action.step.paid), None)


class _Known(dict[str, str]):
    """Outputs by name; what is not known yet stands as its name in braces."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def make_plan(
    answers: Answers, run: RunState, findings: Mapping[str, Finding], chosen_numbers: tuple[str, ...] = ()
) -> Plan:
    """Decide every wanted step.

    `findings` has what a survey saw; a step without a finding is judged by the run alone, as `bwtui plan` does
    without sending anything. `chosen_numbers` are those about to be ordered, once a search has brought some.
    """
    answers = _with_rules(answers, findings.get("sippeer", Absent()))
    known = _Known(account_id=answers.text("account.account_id"), **run.outputs)
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


def _with_rules(answers: Answers, location: Finding) -> Answers:
    """The first location of a site must be its default one (13522), whatever was answered."""
    first = not answers.text("site.use") or location == Absent(alone=True)
    given = dict(answers.given)
    if first and not answers.text("sippeer.use"):
        given["sippeer.is_default"] = Answer("true", Source.RULE)
    elif not isinstance(location, Absent) and answers.text("sippeer.is_default") == "false":
        del given["sippeer.is_default"]  # It may have become the default by that rule; another one takes it over.
    return Answers(given, answers.secrets)


def _from_run(step: Step, answers: Answers, run: RunState, known: _Known) -> Action:
    record = run.record(step.key)
    if record.status is Status.DONE:
        return Action(step=step, verdict=Verdict.KEEP, outputs=record.outputs, reason="done before")
    if used := uses_existing(step, answers):
        return Action(step=step, verdict=Verdict.KEEP, outputs={step.produces: used}, adopted=True, reason="you said: use it")
    return _create(step, answers, known)


def _decide(
    step: Step, answers: Answers, run: RunState, finding: Finding, known: _Known, *, location_is_ours: bool
) -> Action:
    match finding:
        case Absent():
            return _create(step, answers, known)
        case Gone(id=id_):
            return _conflict(step, Kind.NOT_FOUND, f"{step.title} {id_} does not exist (any more). " + _gone_advice(step, run))
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


def _create(step: Step, answers: Answers, known: _Known, reason: str = "") -> Action:
    request = create_request(step, answers, known)
    return Action(step=step, verdict=Verdict.NEW, request=request, reason=reason)


def _conflict(step: Step, kind: Kind, text: str, outputs: Mapping[str, str] | None = None) -> Action:
    problem = Problem(operation=f"{step.key}.look", kind=kind, text=text)
    return Action(step=step, verdict=Verdict.CONFLICT, reason=text, problem=problem, outputs=outputs or {})


def _judge(step: Step, answers: Answers, found: Found, known: _Known, *, location_is_ours: bool) -> Action:
    """Compare what was found with what is wanted."""
    outputs = {step.produces: found.id} if step.produces else {}
    used = found.how is How.USED
    desired = body(step, answers, known, defaults=not used)
    wrong = differences(step, desired, found.leaves)
    named = f"{step.title} {found.id}".strip()
    told = "; ".join(map(str, wrong))
    if found.how is How.SAME_NAME:
        return _conflict(
            step, Kind.CONFLICT,
            f"A {step.title.lower()} of this name exists already, and this setup did not make it: {named}. "
            f"To use it, answer use = \"{found.id}\" under [{step.key}]; otherwise choose another name.",
        )  # fmt: skip
    if not wrong:
        return Action(
            step=step, verdict=Verdict.KEEP, outputs=outputs, adopted=_is_adopted(step, found), reason=_why_kept(found)
        )
    if isinstance(step.found_by, Setting) and not location_is_ours:
        match answers.text(f"{step.key}.existing"):
            case "change":
                pass
            case "keep":
                return Action(step=step, verdict=Verdict.KEEP, adopted=True, reason=f"left as it is: {told}")
            case _:
                return _conflict(
                    step, Kind.CONFLICT,
                    f"{step.title} is set otherwise on this location: {told}. "
                    f"Answer existing = \"change\" under [{step.key}] to set it, or choose another location.",
                )  # fmt: skip
    elif found.how in (How.USED, How.RECOVERED):
        advice = "Take the answers that differ away, or use another one." if used else "Compare them in the App."
        return _conflict(step, Kind.CONFLICT, f"{named} is not as answered: {told}. {advice}", outputs)
    request = change_request(step, answers, _Known({**known, **outputs}))
    return Action(step=step, verdict=Verdict.CHANGE, request=request, outputs=outputs, reason=told)


def _is_adopted(step: Step, found: Found) -> bool:
    return found.how is How.USED or isinstance(step.found_by, Setting)


def _why_kept(found: Found) -> str:
    return {How.USED: "you said: use it", How.RECOVERED: "made by this setup before it was interrupted"}.get(
        found.how, "as it should be"
    )


FINAL_STATUSES: Final = frozenset({"COMPLETE", "COMPLETED", "PARTIAL", "FAILED"})
"""Order statuses that change no more (COMPLETED is a synonym that Bandwidth's prose uses once)."""


def missing_numbers(answers: Answers, orders: tuple[Order, ...]) -> tuple[int, tuple[str, ...]]:
    """How many numbers are still to be had, and which, where they were named one by one."""
    owned = {number for order in orders for number in order.completed}
    named = tuple(ten_digits(number) for number in split_list(answers.text("number.numbers")))
    wanted = len(named) or int(answers.text("number.quantity"))
    count = max(0, wanted - len(owned))
    return count, tuple(number for number in named if number not in owned)[:count]


def _numbers(step: Step, answers: Answers, found: Numbers, known: _Known, *, location_is_ours: bool) -> Action:
    owned = tuple(number for order in found.orders for number in order.completed)
    count, _ = missing_numbers(answers, found.orders)
    if any(order.status not in FINAL_STATUSES for order in found.orders if order.order_id):
        return _create(step, answers, known, reason="its order is under way")
    if found.orders and not count:
        outputs = {"order_id": found.orders[-1].order_id, "numbers": ",".join(owned)}
        lost = tuple(number for number in owned if number not in found.located)
        if lost:
            return _conflict(step, Kind.NOT_FOUND, f"Ordered, but not on the location: {', '.join(lost)}. Look for them in the App.", outputs)
        return Action(step=step, verdict=Verdict.KEEP, outputs=outputs, reason="as it should be")
    if found.located and not found.orders and not location_is_ours:
        return _numbers_already_there(step, answers, found.located, known)
    return _create(step, answers, known)


def _numbers_already_there(step: Step, answers: Answers, located: tuple[str, ...], known: _Known) -> Action:
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
                f"The location has numbers already ({len(located)}: {shown}). Under [number], answer existing = \"keep\" "
                f"to use these, or existing = \"order\" to order more.",
            )  # fmt: skip


# --- Requests --------------------------------------------------------------------------------------------------


def path_of(template: str, known: Mapping[str, str]) -> str:
    """A path with its names filled in and percent-encoded; unknown names stay in braces."""
    safe = _Known({name: quote(value, safe="") for name, value in known.items()})
    return template.format_map(safe)


def resource_path(step: Step, id_: str, known: Mapping[str, str]) -> str:
    """Where the step's own object or setting is read and changed."""
    path = path_of(step.path, known)
    return f"{path}/{quote(id_, safe='{}')}" if isinstance(step.found_by, Listed) else path


def create_request(step: Step, answers: Answers, known: Mapping[str, str]) -> Request:
    """The request that makes the step's object."""
    return Request(
        operation=f"{step.key}.create",
        method=step.method,
        path=path_of(step.path, known),
        body=body(step, answers, known),
    )


def change_request(step: Step, answers: Answers, known: Mapping[str, str]) -> Request:
    """The request that makes an existing object or setting as answered: always the whole of it."""
    return Request(
        operation=f"{step.key}.update",
        method=step.found_by.change if isinstance(step.found_by, Setting) else "PUT",
        path=resource_path(step, _Known(known)[step.produces], known),
        body=body(step, answers, known),
    )


def search_request(step: Step, answers: Answers, quantity: int) -> Request:
    """The search for available numbers, with their details."""
    query = tuple(
        (question.wire, answers.text(f"{step.key}.{question.key}"))
        for question in step.query
        if answers.text(f"{step.key}.{question.key}")
    )
    return Request(
        operation="number.search",
        method="GET",
        path=path_of("/accounts/{account_id}/availableNumbers", {"account_id": answers.text("account.account_id")}),
        query=(*query, ("quantity", str(quantity)), ("enableTNDetail", "true")),
    )


def body(step: Step, answers: Answers, known: Mapping[str, str], *, defaults: bool = True) -> Element:
    """The step's document, elements in the order of the catalogue.

    Without `defaults` it holds only what was really answered: what an object that is used as it is must be like.
    """
    tree: dict[str, object] = {}
    left_out = superseded(step, answers)
    for part in step.body:
        if part.wire in left_out:
            continue
        for value in _values(step, part, answers, known, defaults=defaults):
            _place(tree, part.wire.split("/"), value)
    return Element(step.root, _elements(tree))


def _values(
    step: Step, part: Part, answers: Answers, known: Mapping[str, str], *, defaults: bool
) -> tuple[str | Secret, ...]:
    match part:
        case Const(value=value):
            return (value,)
        case Ref(output="chosen_numbers"):
            return tuple(_Known(known)["chosen_numbers"].split(","))
        case Ref(output=output):
            return (_Known(known)[output],)
        case Text() | Choice() | Flag():
            key = f"{step.key}.{part.key}"
            if not part.wire:
                return ()
            if isinstance(part, Text) and part.secret_from:
                return _secret(key, step, answers)
            answer = answers.answer(key)
            if answer is None or not answer.value or (answer.source is Source.DEFAULT and not defaults):
                return ()
            return (answer.value,)
        case _:
            assert_never(part)


def _secret(key: str, step: Step, answers: Answers) -> tuple[Secret, ...]:
    if not answers.text(f"{step.key}.callback_user"):
        return ()
    return (answers.secrets.get(key, Secret("")),)


def _place(tree: dict[str, object], path: list[str], value: str | Secret) -> None:
    *parents, tag = path
    for parent in parents:
        branch = tree.setdefault(parent, {})
        assert isinstance(branch, dict), "an element has either text or children"
        tree = branch
    same = tree.setdefault(tag, [])
    assert isinstance(same, list), "an element has either text or children"
    same.append(value)


def _elements(tree: dict[str, object]) -> tuple[Element, ...]:
    found: list[Element] = []
    for tag, content in tree.items():
        if isinstance(content, dict):
            found.append(Element(tag, _elements(content)))
        elif isinstance(content, list):
            found += [Element(tag, value) for value in content]
    return tuple(found)


# --- Comparing -------------------------------------------------------------------------------------------------


def differences(step: Step, desired: Element, shown: Leaves) -> tuple[Difference, ...]:
    """Every element that was asked for and that the API does not show so. Secrets are never shown, so not compared."""
    aliases = {part.wire: part.echoed_as for part in step.body if isinstance(part, Text) and part.echoed_as}
    found = []
    for path, value in leaves(desired):
        if isinstance(value, Secret) or not value:
            continue
        values = next((shown[alias.casefold()] for alias in aliases.get(path, (path,)) if alias.casefold() in shown), ())
        if not any(_same(path, value, other) for other in values):
            found.append(Difference(path, value, ", ".join(values)))
    return tuple(found)


def _same(path: str, wanted: str, shown: str) -> bool:
    """Equal as the API means it: it trims and changes case, and writes some values in two ways (10.20, 4.1)."""
    if "://" in wanted:
        return wanted == shown.strip()
    left, right = (" ".join(text.split()).casefold() for text in (wanted, shown))
    if path.endswith("/Country"):
        left, right = ("united states" if text in ("us", "usa") else text for text in (left, right))
    if path.endswith("/A2pLongCode"):
        left, right = left.replace("_", ""), right.replace("_", "")
    return left == right
