"""`bwtui verify`: what the API says; everything is read back."""

import asyncio
import time
from collections.abc import Awaitable, Mapping
from typing import NamedTuple

from bwtui.cli.arrival_report import print_arrivals
from bwtui.cli.interactive import login_for
from bwtui.cli.interruption import Interruption
from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.plan_printing import print_verification
from bwtui.cli.printing import print_moment, print_result, tell_problem
from bwtui.cli.session import (
    NoSetupError,
    Session,
    open_session,
    refuse_invalid_answers,
    refuse_other_account,
    report_errors,
    tell_redirected,
)
from bwtui.cli.style import hint, warning
from bwtui.command_line import USUAL_SETUP, CommandLine
from bwtui.credentials import Given
from bwtui.domain.answers.answers import Answers
from bwtui.domain.answers.validation import complaints
from bwtui.domain.arrival.arrival import Arrival, as_answered, for_answers_file
from bwtui.domain.arrival.arrival_text import arrival_fields
from bwtui.domain.callbacks.redirect_text import AtListener
from bwtui.domain.planning.progress import verified
from bwtui.domain.runs.problem import ProblemError, Stopped
from bwtui.domain.runs.removal_text import REMOVED
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Verified
from bwtui.domain.runs.setup import SaveError
from bwtui.exits import Exit, exit_for, status_for
from bwtui.services import Services
from bwtui.setup_run import SetupRun


class Options(NamedTuple):
    """The options of `bwtui verify`."""

    setup: SetupOptions
    login: Given
    json: bool
    log: str | None
    each: ListOptions


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Read everything back and print whether it is as it should be."""
    output = Output(as_json=options.json)
    if options.each.path:
        from bwtui.cli.lists.verify import list_verify  # noqa: PLC0415 - only where a list is named

        return report_errors(
            output,
            lambda: list_verify(options.setup, options.login, environ, output, options.each, log=options.log),
        )
    return report_errors(output, lambda: _verify(open_session(options.setup, environ, output), options))


def _verify(session: Session, options: Options) -> int:
    refuse_other_account(session)
    if session.run.is_removed:
        session.output.say(f"{REMOVED} There is nothing to verify.")
        print_result(session.output, "removed", session.run, session.answers, exit=int(Exit.NOT_FOUND))
        return Exit.NOT_FOUND
    if not session.run.steps and any(complaint.blocks for complaint in complaints(session.answers)):
        raise NoSetupError(f"Nothing is set up here yet: {session.options.commands.of()} starts the wizard.")
    refuse_invalid_answers(session)
    session.log_to(options.log)
    login = login_for(session, options.login)
    pointed = tell_redirected(session)

    def work(services: Services) -> Awaitable[Exit]:
        return verify(
            services,
            session.answers,
            session.run,
            session.output,
            session.options.commands,
            pointed=pointed,
        )

    return asyncio.run(Interruption(session).until_signal(login, work))


async def verify(
    services: Services,
    answers: Answers,
    run: RunState,
    output: Output,
    commands: CommandLine = USUAL_SETUP,
    *,
    pointed: AtListener | None = None,
) -> Exit:
    """Read everything back and tell, then whether messages and calls will arrive; `pointed` are URLs that lead elsewhere."""
    arrivals: tuple[Arrival, ...] = ()
    unread = "everything was read back"
    try:
        found = await SetupRun(services, lambda _: None).find_platform(answers)
        answers = answers.on(found)
        plan = await services.verify(answers, run)
        proof = verified(plan, answers, time.time())
        await _write_down(proof, services, output)
        print_verification(output, plan, commands, pointed)
        code = exit_for(plan.disproof)
        if code is Exit.DONE:
            print_moment(output, proof.at)
        unread = "it was read whether messages and calls will arrive"
        # Setting up is one thing and arriving another: what is told here does not change the exit code.
        arrivals = as_answered(for_answers_file(await services.read_arrivals(answers, run, plan)), pointed)
        print_arrivals(output, arrivals)
        if arrivals:
            output.say(hint(f"Whether your server answers, {commands.of('doctor')} finds out."), indent=2)
    except ProblemError as error:
        tell_problem(output, error.problem)
        code = exit_for(error.problem.kind)
    except Stopped:
        if not output.is_lost:  # that has a reason of its own
            output.say(f"Stopped before {unread}.")
        code = Exit.INTERRUPTED
    print_result(output, status_for(code), run, answers, exit=int(code), arrivals=arrival_fields(arrivals))
    return code


async def _write_down(proof: Verified, services: Services, output: Output) -> None:
    """Keep what reading back has shown for `status` and the exports; it is true where it cannot be kept, too."""
    try:
        await asyncio.to_thread(services.save_events, [proof])
    except SaveError as error:
        output.say(warning(f"{error} bwtui status and export do not know of this."), indent=2)
