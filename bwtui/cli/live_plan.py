"""`bwtui plan FILE --live`: look at the account and show what `apply` would do there. Nothing is written."""

import asyncio
from collections.abc import Awaitable

from bwtui.cli.arrival_report import print_left_out
from bwtui.cli.interactive import login_for
from bwtui.cli.interruption import Interruption
from bwtui.cli.output import Output
from bwtui.cli.plan_printing import action_fields, action_lines, print_lacking_features
from bwtui.cli.printing import print_result, tell_problem
from bwtui.cli.session import Session, refuse_invalid_answers, refuse_other_account
from bwtui.cli.style import warning
from bwtui.credentials import Given
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.planning.actions import Action, Plan, Verdict
from bwtui.domain.planning.campaign_plan import left_out_told, ordered_numbers
from bwtui.domain.planning.obstacles import Obstacle
from bwtui.domain.planning.value_changes import counts, counts_told
from bwtui.domain.platform import platform_text
from bwtui.domain.runs.problem import OwnCode, Problem, ProblemError, Stopped
from bwtui.domain.runs.run import RunState
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.values.text import capitalised
from bwtui.domain.walk.walk import TITLES
from bwtui.domain.walk.walk_text import created_text
from bwtui.exits import Exit, exit_for, status_for
from bwtui.services import Services
from bwtui.setup_run import Look, SetupRun


def live_plan(session: Session, given: Given) -> int:
    """Look at the account of a session and print the plan; neither the account nor the state file is written."""
    refuse_other_account(session)
    refuse_invalid_answers(session)
    login = login_for(session, given)
    looking = session.only_looking

    def work(services: Services) -> Awaitable[Exit]:
        return look(services, session.answers, session.run, session.output)

    return asyncio.run(Interruption(looking).until_signal(login, work))


async def look(services: Services, answers: Answers, run: RunState, output: Output) -> Exit:
    """Look, print the plan, and return the exit code: 0 if `apply` could carry it out."""
    more: dict[str, object] = {}
    try:
        code, more = await _look(services, answers, run, output)
    except ProblemError as error:
        output.status("")
        _tell_problem(output, error.problem)
        code = exit_for(error.problem.kind)
    except Stopped:
        output.status("")
        output.say("Stopped before everything was looked at. Nothing was written.")
        code = Exit.INTERRUPTED
    status = "planned" if code is Exit.DONE else status_for(code)
    print_result(output, status, run, answers, exit=int(code), **more)
    return code


async def _look(
    services: Services, answers: Answers, run: RunState, output: Output
) -> tuple[Exit, dict[str, object]]:
    setup = SetupRun(services, lambda _: None)
    output.status("Looking at the account")
    found = await setup.find_platform(answers)
    answers = answers.on(found)
    seen = await setup.look(answers, run)
    output.status("")
    output.event("platform", platform=found.platform.value, reason=found.reason)
    output.say(platform_text(found) if found.platform.is_settled else warning(platform_text(found)))
    print_lacking_features(output, seen.survey)
    for action in seen.plan:
        _tell_action(output, action, answers, seen)
    problems = _problems(seen.plan, seen.obstacles)
    for problem in problems:
        _tell_problem(output, problem)
    for key in (key for key, problem in seen.obstacles if problem.code == OwnCode.NO_PASSWORD):
        _tell_password(output, key)
    await _tell_left_out(output, setup, answers, (*ordered_numbers(run), *seen.numbers))
    if not output.as_json:
        output.row(f"{capitalised(counts_told(seen.plan))}{_money(seen)}.", indent=0)
    output.say("Nothing was written.")
    code = next((exit_for(problem.kind) for problem in problems), Exit.DONE)
    return code, {"counts": dict(counts(seen.plan))}


async def _tell_left_out(output: Output, setup: SetupRun, answers: Answers, numbers: tuple[str, ...]) -> None:
    """Say where texts would not arrive for want of a campaign, and the line that puts the numbers on one of the account."""
    if doubt := left_out_told(answers, numbers):
        output.status("Looking at the account")
        campaigns = await setup.joinable_campaigns(answers)
        output.status("")
        print_left_out(output, doubt, campaigns, then="apply")


def _tell_action(output: Output, action: Action, answers: Answers, seen: Look) -> None:
    """Print an action with what it is about: the numbers to order, or what is created."""
    about = ""
    if action.verdict is Verdict.NEW:
        about = listed(seen.numbers) if action.costs else created_text(action.step, answers)
    output.event("action", **action_fields(action))
    if output.as_json:
        return
    for line, indent in action_lines(action, about):
        output.row(line, indent=indent)
    for notice in action.notices:
        output.say(warning(notice), indent=2)


def _money(seen: Look) -> str:
    return "; what is ordered costs money" if seen.plan.paid else ""


def _problems(plan: Plan, obstacles: tuple[Obstacle, ...]) -> tuple[Problem, ...]:
    """Return what would keep `apply` from coming to its end, each once; a password would be asked for."""
    blocking = (problem for _, problem in obstacles if problem.code != OwnCode.NO_PASSWORD)
    on_their_own = (
        problem
        for action in plan
        if (problem := action.unproven or (action.problem if action.verdict is Verdict.CONFLICT else None))
    )
    return tuple({id(problem): problem for problem in (*blocking, *on_their_own)}.values())


def _tell_problem(output: Output, problem: Problem) -> None:
    tell_problem(output, problem, TITLES.get(problem.operation.partition(".")[0], ""))


def _tell_password(output: Output, key: str) -> None:
    question = QUESTIONS[key]
    assert isinstance(question, Text), "a secret is typed"
    text = f"{question.label}: apply needs it; set {question.secret_from}, or wait to be asked."
    output.event("warning", step=key.partition(".")[0], text=text)
    output.say(warning(f"{TITLES[key.partition('.')[0]]}: {text}"), indent=2)
