"""`bwtui status`: what the state file says, without asking anybody."""

import time
from collections.abc import Mapping
from typing import NamedTuple

from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.printing import (
    print_moment,
    print_notices,
    print_open_points,
    print_result,
    problem_fields,
    tell_open_points,
    without_given_up,
)
from bwtui.cli.session import Session, open_session, refuse_other_account, report_errors, tell_redirected
from bwtui.cli.style import INDENT, Line, Mark, marked, row
from bwtui.command_line import USUAL_SETUP, CommandLine
from bwtui.domain.answers.answers import Answers, possible_steps, wanted_steps
from bwtui.domain.planning.progress import is_read_back, open_points, progress_of, worst
from bwtui.domain.platform import FoundPlatform, platform_text
from bwtui.domain.runs.event_text import produced
from bwtui.domain.runs.flat_outputs import flat_outputs
from bwtui.domain.runs.order_text import order_told
from bwtui.domain.runs.removal_text import REMOVED, still_there, waits_only
from bwtui.domain.runs.run import Order, RunState, Status, StepState
from bwtui.domain.steps import Step
from bwtui.domain.values.phone_numbers import e164
from bwtui.domain.values.time_text import moment
from bwtui.exits import Exit, exit_for


class Options(NamedTuple):
    """The options of `bwtui status`."""

    setup: SetupOptions
    json: bool
    each: ListOptions


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Print how far the setup is."""
    output = Output(as_json=options.json)
    if options.each.path:
        from bwtui.cli.lists.status import list_status  # noqa: PLC0415 - only where a list is named

        return report_errors(output, lambda: list_status(options.setup, environ, output, options.each))
    return report_errors(output, lambda: _status(open_session(options.setup, environ, output)))


def _status(session: Session) -> int:
    refuse_other_account(session)
    pointed = tell_redirected(session)
    options = session.options
    return status(session.answers, session.run, session.output, options.commands, is_redirected=bool(pointed))


def status(
    answers: Answers,
    run: RunState,
    output: Output,
    commands: CommandLine = USUAL_SETUP,
    *,
    is_redirected: bool = False,
) -> Exit:
    """Print what the state says, and return the exit code that it amounts to.

    *Done* and 0 only where the last reading back matched everything that is wanted, nothing has changed since, and no
    callback URL `is_redirected` to a listener.
    Otherwise what is open, and the exit code of the first of it that says more than *failed* (3 for a number that was
    not found on the location, 5 for an order that is left to wait), else 1.
    """
    for step in wanted_steps(answers):
        record = run.step(step.key)
        state = _status_of(step, answers, run)
        placed = record.order_under_way
        output.event(
            "step", step=step.key, status=state, outputs=flat_outputs(record), made=record.made,
            problem=problem_fields(record.problem) if record.problem else None,
            **({"order": _order_fields(placed)} if placed else {}),
        )  # fmt: skip
    if not output.as_json:
        for step in possible_steps(answers):
            output.row(_row(step, answers, run), indent=INDENT)
    if answers.platform:
        output.say(platform_text(FoundPlatform(answers.platform)))
    if run.is_removed:
        output.say(marked(Mark.DONE, REMOVED))
        output.say("To set it up anew:", command=commands.of("apply", "FILE"))
        print_result(output, "removed", run, answers, exit=int(Exit.NOT_FOUND))
        return Exit.NOT_FOUND
    code = exit_for(worst(open_points(answers, run)))
    if is_redirected and code is Exit.DONE:
        code = Exit.FAILED
    if run.is_being_removed:
        tell_open_points(answers, run, output)
        output.say(marked(Mark.WAITING, still_there(run)), indent=2)
        output.say("To remove the rest:", command=commands.of("teardown"))
    else:
        print_open_points(answers, run, output, commands)
    print_notices(output, run)
    if run.proof and code is Exit.DONE:
        output.say(marked(Mark.DONE, "Everything was read back and was as it should be."))
        print_moment(output, run.proof.at)
    elif run.proof:
        output.say(f"Last read back {moment(run.proof.at, time.time())}.")
    print_result(
        output, progress_of(answers, run).value, without_given_up(answers, run), answers, exit=int(code)
    )
    return code


def _row(step: Step, answers: Answers, run: RunState) -> Line:
    """Return the line of a step: its progress in words for people."""
    record = run.step(step.key)
    text = order_told(record) or produced(record)
    if step not in wanted_steps(answers):
        return row(Mark.SKIPPED, step.title, "skipped", text)
    if record.removal or (run.is_being_removed and record.is_ours):
        return _still_there(step, record, text)
    match _status_of(step, answers, run):
        case "removed":
            return row(Mark.DONE, step.title, "removed")
        case "started" if record.order_under_way:
            return row(Mark.WAITING, step.title, "waiting", text)
        case "started":
            return row(
                Mark.RUNNING, step.title, "running", text or "or was interrupted: apply looks for it first"
            )
        case "waiting":
            return row(Mark.WAITING, step.title, "waiting", text)
        case "failed":
            return row(Mark.FAILED, step.title, "failed", text)
        case "applied":
            return row(Mark.OPEN, step.title, "applied", text or "not verified yet")
        case "done":
            return row(Mark.DONE, step.title, "done", text)
        case _:
            return row(Mark.TO_DO, step.title, "to do", text)


def _still_there(step: Step, record: StepState, told: str) -> Line:
    """Return the line of a step that is to be removed and is still there: why, as far as that is known."""
    if not record.removal:
        return row(Mark.KEEP, step.title, "still there", told)
    if not (problem := record.removal.problem):
        return row(Mark.WAITING, step.title, "removing", "or was interrupted: teardown continues")
    return row(Mark.WAITING if waits_only(problem) else Mark.OPEN, step.title, "removing", problem.text)


def _status_of(step: Step, answers: Answers, run: RunState) -> str:
    """The word for how far a step is."""
    record = run.step(step.key)
    if record.removed_at:
        return "removed"
    if record.status is Status.FAILED and record.order_under_way:
        return "waiting"
    if record.status is Status.DONE and not is_read_back(step, answers, run):
        return "applied"
    return record.status.value


def _order_fields(order: Order) -> dict[str, object]:
    """An order that is under way, for machines."""
    return {
        "order_id": order.order_id,
        "status": order.status,
        "numbers": [e164(number) for number in order.numbers],
    }
