"""`bwtui status`: what the state file says, without asking anybody."""

from collections.abc import Mapping
from typing import NamedTuple

from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.report import print_open_points, print_result, problem_fields, without_given_up
from bwtui.cli.session import Session, open_session, refuse_other_account, report_errors
from bwtui.domain.answers import Answers, wanted_steps
from bwtui.domain.progress import is_read_back, progress_of
from bwtui.domain.run import RunState, Status
from bwtui.exits import Exit


class Options(NamedTuple):
    """The options of `bwtui status`."""

    setup: SetupOptions
    json: bool


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Print how far the setup is."""
    output = Output(as_json=options.json)
    return report_errors(output, lambda: _status(open_session(options.setup, environ, output)))


def _status(session: Session) -> int:
    refuse_other_account(session)
    return status(session.answers, session.run, session.output)


def status(answers: Answers, run: RunState, output: Output) -> Exit:
    """Print what the state says, and return the exit code that it amounts to.

    *Done* and 0 only where the last reading back matched everything that is wanted and nothing has changed since.
    Otherwise what is open, and the exit code of the first of it that says more than *failed* (3 for a number that was
    not found on the location, 5 for an order that is left to wait), else 1.
    """
    for step in wanted_steps(answers):
        record = run.step(step.key)
        produced = ", ".join(record.outputs.values())
        read_back = is_read_back(step, answers, run)
        word = "applied" if record.status is Status.DONE and not read_back else record.status.value
        if record.status is Status.FAILED and (placed := record.order_under_way):
            word, produced = "waiting", f"order {placed.order_id}"
        output.event(
            "step", step=step.key, status=word, outputs=dict(record.outputs), made=record.made,
            problem=problem_fields(record.problem) if record.problem else None,
        )  # fmt: skip
        if not output.as_json:
            output.data(f"{step.title:<22}{word:<9}{produced}".rstrip())
    code = print_open_points(answers, run, output)
    print_result(output, progress_of(answers, run).value, without_given_up(answers, run), exit=int(code))
    return code
