"""Print what several commands print: plans, events, problems, what was read back, what is open."""

import time
from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from bwtui.cli.output import Output
from bwtui.cli.style import INDENT, Line, Mark, Span, Tone, marked, row, warning
from bwtui.command_line import CommandLine
from bwtui.domain.account.findings import Survey
from bwtui.domain.answers.answers import PLATFORM_KEY, Answers, wanted_steps
from bwtui.domain.callbacks.redirect_text import AtListener
from bwtui.domain.planning.actions import Action, Plan, Verdict
from bwtui.domain.planning.progress import Open, is_read_back, notices, open_points
from bwtui.domain.planning.stored_spellings import spellings_text
from bwtui.domain.planning.value_changes import value_changes
from bwtui.domain.runs.event_text import event_told, produced
from bwtui.domain.runs.flat_outputs import flat_outputs
from bwtui.domain.runs.order_text import order_told
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.run import UNDER_WAY_STATUSES, RunState, Status
from bwtui.domain.runs.run_events import (
    Event,
    Failed,
    Finished,
    GivenUp,
    OrderUpdated,
    RemovalEvent,
    RemovalFailed,
    RemovalStarted,
    Removed,
    Retried,
    Started,
    Verified,
)
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.steps import Step
from bwtui.domain.values.documents import Request, to_json, to_xml
from bwtui.domain.values.phone_numbers import e164, ten_digits
from bwtui.domain.values.text import counted, split_list
from bwtui.domain.values.time_text import moment, waiting_told
from bwtui.domain.walk.walk import TITLES
from bwtui.domain.walk.walk_text import lacking_text
from bwtui.exits import Exit

VALUE_INDENT: Final = 6
"""The column at which the line of a value goes on where it is wrapped."""

# --- What is said the same way everywhere ----------------------------------------------------------------------


def problem_fields(problem: Problem) -> dict[str, object]:
    """A problem and its remedy, for machines."""
    from bwtui.domain.remedies.remedies import explain  # noqa: PLC0415 - a long table, read only when something went wrong

    remedy = explain(problem)
    return {
        "operation": problem.operation,
        "kind": problem.kind.value,
        "status": problem.status,
        "code": problem.code,
        "text": problem.text,
        "happened": remedy.happened,
        "unchanged": remedy.unchanged,
        "todo": remedy.todo,
        "field": remedy.field,
    }


def print_result(output: Output, status: str, run: RunState, answers: Answers, **more: object) -> None:
    """The last line of `--json`; where a signal has ended the command, `exit` is the code of that signal."""
    if more.get("exit") == Exit.INTERRUPTED and output.ended_by is not None:
        more["exit"] = output.ended_by
    output.event("result", status=status, platform=answers.text(PLATFORM_KEY), outputs=run.result, **more)


def created_so_far(run: RunState) -> dict[str, str]:
    """List the ids and numbers that the run has brought, by name; numbers in one text."""
    made = {name: ",".join(value) if isinstance(value, list) else value for name, value in run.result.items()}
    return {name: value for name, value in made.items() if value}


def without_given_up(answers: Answers, run: RunState) -> RunState:
    """Leave out the numbers that the person has given up, unless they were read back after all."""
    for step in wanted_steps(answers):
        record = run.step(step.key)
        text = answers.text(step.key_of("given_up")) if step.paid else ""
        gone = frozenset(ten_digits(each) for each in split_list(text))
        if gone and not is_read_back(step, answers, run):
            orders = tuple(
                order._replace(completed=tuple(each for each in order.completed if each not in gone))
                for order in record.orders
            )
            numbers = tuple(each for each in record.numbers if each not in gone)
            record = record._replace(orders=orders, numbers=numbers)
            run = run._replace(steps={**run.steps, step.key: record})
    return run


def advised(point: Open) -> str:
    """Return why a step is not done, and what to do about it where bwtui itself found it."""
    from bwtui.domain.remedies.remedies import with_advice  # noqa: PLC0415

    return with_advice(point.text, point.problem)


def print_problem(output: Output, problem: Problem, where: str = "") -> None:
    """Print what went wrong, what was not changed, what to do."""
    from bwtui.domain.remedies.remedies import sentences  # noqa: PLC0415

    text = sentences(problem)
    output.say(marked(Mark.FAILED, f"{where}: {text}" if where else text), indent=2)


def tell_problem(output: Output, problem: Problem, where: str = "") -> None:
    """Tell machines and people what went wrong."""
    output.event("problem", problem=problem_fields(problem))
    print_problem(output, problem, where)


def tell_unsaved(output: Output, error: SaveError) -> None:
    """Tell machines and people that the state file cannot be written."""
    problem = Problem(operation="setup.keep", kind=Kind.FAILED, text=str(error))
    output.event("problem", problem=problem_fields(problem))
    output.say(str(error))


def print_wait(output: Output, operation: str, seconds: float, reason: str) -> None:
    """Tell machines and people that something is waited for."""
    output.event("waiting", operation=operation, seconds=round(seconds, 1), reason=reason)
    output.say(waiting_told(seconds, reason))


def print_event(output: Output, event: Event) -> None:
    """One event, as a line for people or for machines."""
    if isinstance(event, Verified):
        return  # the proof itself is told, a line for each step
    title = TITLES[event.step]
    match event:
        case Started(numbers=numbers):
            output.event(
                "started",
                step=event.step,
                at=event.at,
                **({"numbers": list(map(e164, numbers))} if numbers else {}),
            )
            if not output.is_terminal:
                _say_row(output, Mark.RUNNING, title, "running", event_told(event) if numbers else "")
        case Retried():
            output.event("retried", step=event.step, at=event.at)
        case GivenUp():
            output.event("given up", step=event.step, at=event.at)
            _say_row(output, Mark.TO_DO, title, "to do", "it is created again, as you answered")
        case OrderUpdated():
            output.event(
                "ordered", step=event.step, at=event.at, order_id=event.order_id, status=event.status
            )
            _print_order(output, title, event)
        case Finished():
            output.event(
                "finished", step=event.step, at=event.at, outputs=flat_outputs(event), adopted=event.adopted
            )
            _say_row(output, Mark.DONE, title, "done", _finished(event))
        case RemovalStarted() | RemovalFailed() | Removed():
            _print_removal(output, title, event)
        case Failed():
            output.event("failed", step=event.step, at=event.at, problem=problem_fields(event.problem))
            print_problem(output, event.problem, title)
        case _:
            assert_never(event)


def _print_removal(output: Output, title: str, event: RemovalEvent) -> None:
    match event:
        case RemovalStarted(numbers=numbers):
            released = {"numbers": list(map(e164, numbers))} if numbers else {}
            output.event("removing", step=event.step, at=event.at, **released)
            if not output.is_terminal:
                _say_row(output, Mark.RUNNING, title, "running", event_told(event))
        case Removed():
            output.event("removed", step=event.step, at=event.at)
            _say_row(output, Mark.DONE, title, "removed")
        case RemovalFailed():
            output.event("not removed", step=event.step, at=event.at, problem=problem_fields(event.problem))
            print_problem(output, event.problem, title)
        case _:
            assert_never(event)


def _finished(event: Finished) -> str:
    return "; ".join(filter(None, (produced(event), "it was there already" if event.adopted else "")))


def _print_order(output: Output, title: str, event: OrderUpdated) -> None:
    if not event.order_id:
        _say_row(output, Mark.FAILED, title, "failed", event_told(event))
    else:
        waits = not event.status or event.status in UNDER_WAY_STATUSES
        mark, word = (Mark.WAITING, "waiting") if waits else (Mark.RUNNING, "running")
        _say_row(output, mark, title, word, event_told(event))


def _say_row(output: Output, mark: Mark, title: str, word: str, rest: str = "") -> None:
    output.say(row(mark, title, word, rest), indent=INDENT)


def print_lacking_features(output: Output, survey: Survey) -> None:
    """Print which features that steps need the account seems to lack."""
    for step, feature in survey.lacking.items():
        output.event("warning", step=step, text=f"The account seems to lack {feature}.")
        output.say(warning(f"{TITLES[step]}: {lacking_text(feature)}"), indent=2)


def print_plan(output: Output, plan: Plan) -> None:
    """Print what is about to happen, a line for each step and for each value that changes."""
    for action in plan:
        output.event("action", **action_fields(action))
        for line, indent in action_lines(action):
            output.say(line, indent=indent)
    if not plan.conflicts:
        output.say(_changes(plan))


def action_fields(action: Action) -> dict[str, object]:
    """An action, for machines."""
    return {
        "step": action.step.key, "verdict": action.verdict.value, "reason": action.reason, "costs": action.costs,
        "changes": [
            {"label": change.label, "element": change.wire, "old": change.old, "new": change.new}
            for change in value_changes(action)
        ],
        "request": request_fields(action.request) if action.request else None,
    }  # fmt: skip


def action_lines(action: Action, about: str = "") -> Iterator[tuple[Line, int]]:
    """Yield the lines of an action, each with its indent where it is wrapped: its row, then a line for each value.

    `about` says what the action is about, before its reason.
    """
    changes = value_changes(action)
    if action.verdict is Verdict.CONFLICT and action.problem:
        reason = "see below"  # what keeps all from being done is told once, with what to do about it
    elif action.verdict is Verdict.CHANGE and changes:
        reason = action.besides
    else:
        reason = _why(action)
    why = "; ".join(filter(None, (about, reason, "costs money" if action.costs else "")))
    yield row(mark_of(action), action.step.title, action.word, why), INDENT
    for change in changes:
        yield (
            (
                Span(f"    {change.label}: "),
                Span(change.old_told, Tone.DIM),
                Span(" -> "),
                Span(change.new_told, mark_of(action).tone),
            ),
            VALUE_INDENT,
        )


def _changes(plan: Plan) -> str:
    """Return how many requests change the account."""
    if not plan.writes:
        return "Nothing on the account has to be changed."
    money = "; 1 of them costs money" if plan.paid else ""
    return f"{counted(len(plan.writes), 'request')} will change the account{money}."


def mark_of(action: Action) -> Mark:
    """The sign of an action."""
    match action.verdict:
        case Verdict.NEW:
            return Mark.COSTS if action.costs else Mark.CREATE
        case Verdict.KEEP | Verdict.LEAVE:
            return Mark.KEEP
        case Verdict.CHANGE:
            return Mark.CHANGE
        case Verdict.CONFLICT:
            return Mark.CONFLICT
        case Verdict.WAIT:
            return Mark.WAITING
        case _:
            assert_never(action.verdict)


def _why(action: Action) -> str:
    from bwtui.domain.remedies.remedies import with_advice  # noqa: PLC0415

    problem = action.problem or action.unproven
    return with_advice(action.reason, problem) if problem else action.reason


def request_fields(request: Request) -> dict[str, object]:
    return {
        "operation": request.operation,
        "method": request.method,
        "path": request.path,
        "at_origin": request.at_origin,
        "query": dict(request.query),
        "body": (to_json if request.is_json else to_xml)(request.body) if request.body else None,
    }


def requests_told(writes: int, reads: int) -> str:
    """Count requests, by what they do."""
    change = "changes" if writes == 1 else "change"
    return f"{counted(reads + writes, 'request')}: {writes} {change} the account, {reads} only look"


def print_request(output: Output, request: Request, base_url: str) -> None:
    """Print a request as it would be sent, for people."""
    if output.as_json:
        return
    query = "&".join(f"{name}={value}" for name, value in request.query)
    output.data(f"{request.method} {request.url(base_url)}{'?' if query else ''}{query}")
    if request.body:
        output.data(request.shown_body)


def print_verification(
    output: Output, plan: Plan, commands: CommandLine, pointed: AtListener | None = None
) -> None:
    """Print what was read back, a line for each step, and what to do about what is not as it should be.

    `pointed` are the callback URLs that lead to a listener for now: nothing is set right before they are back.
    """
    for action in plan:
        fine = action.is_proven
        output.event(
            "verified", step=action.step.key, ok=fine, reason="" if fine else action.reason or "missing"
        )
        if fine:
            kept = spellings_text(action.step, action.spellings)
            _say_row(output, Mark.DONE, action.step.title, "verified", kept)
        else:
            # What is wrong is told once, below, with what to do about it.
            why = "see below" if action.problem or action.unproven else action.reason or "missing"
            is_open = action.unproven or action.verdict is Verdict.WAIT
            _say_row(output, Mark.OPEN if is_open else Mark.FAILED, action.step.title, "not verified", why)
    _print_notices(output, ((action.step, text) for action in plan for text in action.notices))
    if plan.is_proof:
        output.say(marked(Mark.DONE, "Everything was read back and is as it should be."))
        return
    output.say(marked(Mark.FAILED, "Not everything is as it should be."))
    if pointed:
        _say_way_back(output, pointed)
    elif any(action.verdict in (Verdict.NEW, Verdict.CHANGE, Verdict.WAIT) for action in plan.not_proven):
        output.say("To set it right, run apply again:", command=commands.of("apply", "FILE"))
    for problem in plan.disproofs:
        tell_problem(output, problem)


def _say_way_back(output: Output, pointed: AtListener) -> None:
    if pointed.is_listening:
        output.say("The callback URLs come back when bwtui listen ends. Verify again then.")
    else:
        output.say("To put the callback URLs back:", command=pointed.restore)


def print_notices(output: Output, run: RunState) -> None:
    """Print what was on the account besides what is wanted, when everything was last read back."""
    _print_notices(output, notices(run))


def _print_notices(output: Output, found: Iterable[tuple[Step, str]]) -> None:
    for step, text in found:
        output.event("warning", step=step.key, text=text)
        output.say(warning(f"{step.title}: {text}"), indent=2)


def print_moment(output: Output, at: float) -> None:
    """Print when everything was read back last."""
    output.say(f"Verified {moment(at, time.time())}.")


def tell_open_points(answers: Answers, run: RunState, output: Output) -> None:
    """Tell machines what keeps the setup from being done."""
    for point in open_points(answers, run):
        text = advised(point) if point.is_wrong else order_told(run.step(point.step.key)) or point.text
        output.event("open", step=point.step.key, kind=point.kind.value, text=text)


def print_open_points(answers: Answers, run: RunState, output: Output, commands: CommandLine) -> None:
    """Print what keeps the setup from being done, a line for each step, and how to go on."""
    points = open_points(answers, run)
    to_do = [step.title for step in wanted_steps(answers) if run.step(step.key).status is not Status.DONE]
    unread = [point.step.title for point in points if not point.is_wrong and point.step.title not in to_do]
    if to_do:
        output.say(marked(Mark.OPEN, f"Not finished yet: {', '.join(to_do)}."), indent=2)
    elif points:
        output.say(marked(Mark.OPEN, "Applied, but not verified."))
    tell_open_points(answers, run, output)
    for point in points:
        if problem := run.step(point.step.key).problem:
            print_problem(output, problem, point.step.title)
        elif point.is_wrong:
            output.say(marked(Mark.FAILED, f"{point.step.title}: {advised(point)}"), indent=2)
    if unread:
        output.say(f"Not verified since it was applied: {', '.join(unread)}.")
    if to_do:
        output.say(f"To continue, run {commands.of('apply', 'FILE')}, or the wizard:", command=commands.of())
    elif points:
        output.say("To verify everything:", command=commands.of("verify"))
