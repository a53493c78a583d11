"""The lines that stay on the terminal when a command or the wizard has ended: the ids, and the next command."""

import time
from collections.abc import Iterator, Sequence
from typing import Final

from bwtui.cli.arrival_report import print_left_out
from bwtui.cli.output import Output
from bwtui.cli.printing import tell_twins
from bwtui.cli.style import TITLE_WIDTH, Line, Mark, Span, Tone, marked
from bwtui.command_line import CommandLine
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import STEPS
from bwtui.domain.planning.campaign_plan import left_out_told, ordered_numbers
from bwtui.domain.planning.progress import Progress, is_applied, progress_of
from bwtui.domain.runs.event_text import produced
from bwtui.domain.runs.order_text import order_told
from bwtui.domain.runs.removal_text import REMOVED
from bwtui.domain.runs.run import RunState, StepState
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.values.time_text import moment
from bwtui.domain.walk.walk_text import NO_NUMBER
from bwtui.exits import Exit

_INDENT: Final = len("  ") + TITLE_WIDTH


def print_left(output: Output, code: int, answers: Answers, run: RunState, commands: CommandLine) -> None:
    """Print what stays when the wizard has been left: what was done, or how to continue."""
    if run.is_removed:
        output.say(f"{REMOVED} To set it up anew:", command=commands.of())
        tell_twins(output, run)
    elif code == Exit.DONE:
        print_done(output, answers, run, commands)
    elif progress_of(answers, run) is Progress.DONE and is_applied(answers, run):
        output.say("It is set up. To read everything back again:", command=commands.of("verify"))
        output.say("To open it again:", command=commands.of())
    else:
        output.say("To continue where you left off:", command=commands.of())


def print_created(output: Output, run: RunState) -> None:
    """Print what exists by now, for somebody who did not get to the end."""
    made = _made(run)
    doubtful = ", ".join(step.title for step in STEPS if _is_in_doubt(run.step(step.key)))
    nothing = (
        f"It is not known what became of: {doubtful}. Nothing else was created."
        if doubtful
        else "Nothing was created."
    )
    output.say("So far:" if made else nothing)
    for line in made:
        output.say(line, indent=_INDENT)


def _is_in_doubt(record: StepState) -> bool:
    return record.pending or any(not order.is_settled for order in record.orders)


def print_done(
    output: Output, answers: Answers, run: RunState, commands: CommandLine, campaigns: Sequence[str] = ()
) -> None:
    """Print the account, when it was verified, what is on it, what is known not to arrive, and what comes next.

    Nothing unless it is all done. `campaigns` are those of the account that numbers without one can join.
    """
    if progress_of(answers, run) is not Progress.DONE or not run.proof:
        return
    when = moment(run.proof.at, time.time())
    output.say(marked(Mark.DONE, f"Account {answers.account_id} is set up. Verified {when}."))
    for line in _made(run):
        output.say(line, indent=_INDENT)
    if not run.numbers:
        output.say(marked(Mark.OPEN, NO_NUMBER), indent=2)
    elif doubt := left_out_told(answers, ordered_numbers(run)):
        print_left_out(output, doubt, campaigns)
    if run.numbers:
        output.say("Whether messages and calls will arrive:", command=commands.of("verify"))
    output.say("Next, the variables for your server:", command=commands.of("export", "--format", "env"))


def _made(run: RunState) -> tuple[Line, ...]:
    """A row for each thing that steps have brought: ids, numbers, and the latest order with what is known of it."""
    return tuple(
        (Span(f"  {title:<{TITLE_WIDTH}}", Tone.DIM), Span(text)) for title, text in _told(run) if text
    )


def _told(run: RunState) -> Iterator[tuple[str, str]]:
    for step in STEPS:
        if not step.paid:
            yield step.title, produced(run.step(step.key))
            continue
        yield step.title, listed(run.numbers)
        placed = run.order_to_name
        known = f"{placed.order_id} ({placed.status})" if placed else ""
        yield "Order", order_told(run.step(step.key)).removeprefix("order ") or known
