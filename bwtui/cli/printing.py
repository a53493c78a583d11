"""Print what several commands print: plans, events, problems, what was read back, what is open."""

import time
from collections.abc import Iterable
from typing import assert_never

from bwtui.cli.output import Output
from bwtui.cli.style import INDENT, Mark, marked, row, warning
from bwtui.command_line import CommandLine
from bwtui.domain.answers.answers import PLATFORM_KEY, Answers, wanted_steps
from bwtui.domain.planning.progress import Open, is_read_back, notices, open_points
from bwtui.domain.runs.event_text import event_told, produced
from bwtui.domain.runs.flat_outputs import flat_outputs
from bwtui.domain.runs.order_text import order_told
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.removal_text import twin_lines, twins_left
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
from bwtui.domain.values.phone_numbers import e164, ten_digits
from bwtui.domain.values.text import split_list
from bwtui.domain.values.time_text import moment, waiting_told
from bwtui.domain.walk.walk import TITLES
from bwtui.exits import Exit

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
                say_row(output, Mark.RUNNING, title, "running", event_told(event) if numbers else "")
        case Retried():
            output.event("retried", step=event.step, at=event.at)
        case GivenUp():
            output.event("given up", step=event.step, at=event.at)
            say_row(output, Mark.TO_DO, title, "to do", "it is created again, as you answered")
        case OrderUpdated():
            output.event(
                "ordered", step=event.step, at=event.at, order_id=event.order_id, status=event.status
            )
            _print_order(output, title, event)
        case Finished():
            output.event(
                "finished", step=event.step, at=event.at, outputs=flat_outputs(event), adopted=event.adopted
            )
            say_row(output, Mark.DONE, title, "done", _finished(event))
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
                say_row(output, Mark.RUNNING, title, "running", event_told(event))
        case Removed(twins=twins):
            same_name = {"twins": list(twins)} if twins else {}
            output.event("removed", step=event.step, at=event.at, **same_name)
            say_row(output, Mark.DONE, title, "removed")
        case RemovalFailed():
            output.event("not removed", step=event.step, at=event.at, problem=problem_fields(event.problem))
            print_problem(output, event.problem, title)
        case _:
            assert_never(event)


def tell_twins(output: Output, run: RunState) -> None:
    """Name the objects that have the name of removed ones, and that nobody but a person can judge."""
    for line in twin_lines(twins_left(run)):
        output.say(marked(Mark.OPEN, line), indent=2)


def _finished(event: Finished) -> str:
    return "; ".join(filter(None, (produced(event), "it was there already" if event.adopted else "")))


def _print_order(output: Output, title: str, event: OrderUpdated) -> None:
    if not event.order_id:
        say_row(output, Mark.FAILED, title, "failed", event_told(event))
    else:
        waits = not event.status or event.status in UNDER_WAY_STATUSES
        mark, word = (Mark.WAITING, "waiting") if waits else (Mark.RUNNING, "running")
        say_row(output, mark, title, word, event_told(event))


def say_row(output: Output, mark: Mark, title: str, word: str, rest: str = "") -> None:
    """Print the row of a step."""
    output.say(row(mark, title, word, rest), indent=INDENT)


def print_notices(output: Output, run: RunState) -> None:
    """Print what was on the account besides what is wanted, when everything was last read back."""
    tell_notices(output, notices(run))


def tell_notices(output: Output, found: Iterable[tuple[Step, str]]) -> None:
    """Print what is on the account besides what is wanted."""
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
