"""plan, apply, verify and status, printed: the twin of the wizard over the same services."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar, assert_never

from bwtui.domain.answers import Answers, wanted_steps
from bwtui.domain.catalog import STEPS
from bwtui.domain.checks import e164, readable
from bwtui.domain.documents import Request, to_xml
from bwtui.domain.plan import Action, Plan, Verdict, look_requests, make_plan, missing_numbers, proof_requests
from bwtui.domain.remedies import explain, sentences
from bwtui.domain.run import (
    Event,
    Failed,
    Finished,
    Ordered,
    Problem,
    ProblemError,
    RunState,
    Started,
    Status,
    Stopped,
)
from bwtui.exits import Exit, exit_for
from bwtui.output import Output
from bwtui.services import Services

TITLES = {step.key: step.title for step in STEPS}
OUTPUTS = ("site_id", "sippeer_id", "messaging_app_id", "voice_app_id", "order_id")
TICK = 0.25
"""Seconds between two frames of the living line: slow enough for a slow link."""

Confirm = Callable[[str], Awaitable[bool]]
_T = TypeVar("_T")


# --- What is said the same way everywhere ----------------------------------------------------------------------


def outputs_of(run: RunState) -> dict[str, object]:
    """The ids of a run and its numbers, E.164, for machines."""
    ids: dict[str, object] = {name: run.outputs[name] for name in OUTPUTS if name in run.outputs}
    return {**ids, "numbers": [e164(number) for number in run.numbers]}


def problem_fields(problem: Problem) -> dict[str, object]:
    """A problem and its remedy, for machines."""
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


def result(output: Output, status: str, run: RunState, **more: object) -> None:
    """The last line of `--json`."""
    output.event("result", status=status, outputs=outputs_of(run), **more)


def tell_problem(output: Output, problem: Problem, where: str = "") -> None:
    """What went wrong, what was not changed, what to do."""
    output.say(f"{where}{': ' if where else ''}{sentences(problem)}")


def tell_event(output: Output, event: Event) -> None:
    """One event, as a line for people or for machines."""
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
                output.say(f"{title}: {_ordering(numbers) if numbers else 'sending'}")
        case Ordered():
            output.event(
                "ordered", step=event.step, at=event.at, order_id=event.order_id, status=event.status
            )
            output.say(
                f"{title}: order {event.order_id} is {event.status}"
                if event.order_id
                else f"{title}: order refused"
            )
        case Finished():
            output.event(
                "finished", step=event.step, at=event.at, outputs=dict(event.outputs), adopted=event.adopted
            )
            output.say(f"{title}: {_finished(event)}")
        case Failed():
            output.event("failed", step=event.step, at=event.at, problem=problem_fields(event.problem))
            tell_problem(output, event.problem, title)
        case _:
            assert_never(event)


def _ordering(numbers: tuple[str, ...]) -> str:
    return f"ordering {', '.join(map(readable, numbers[:5]))}{f' and {len(numbers) - 5} more' if len(numbers) > 5 else ''}"


def _finished(event: Finished) -> str:
    numbers = event.outputs.get("numbers", "")
    shown = (
        ", ".join(readable(number) for number in numbers.split(","))
        if numbers
        else ", ".join(event.outputs.values())
    )
    return f"{'there already' if event.adopted else 'done'}{f', {shown}' if shown else ''}"


def tell_plan(output: Output, plan: Plan) -> None:
    """What is about to happen, a line for each step."""
    for action in plan:
        output.event(
            "action", step=action.step.key, verdict=action.verdict.value, reason=action.reason, costs=action.costs,
            request=_request_fields(action.request) if action.request else None,
        )  # fmt: skip
        money = "costs money" if action.costs else ""
        why = "; ".join(filter(None, (action.reason, money)))
        output.say(f"  {action.step.title:<22}{action.verdict.value:<9}{why}".rstrip())


def _request_fields(request: Request) -> dict[str, object]:
    return {
        "operation": request.operation,
        "method": request.method,
        "path": request.path,
        "query": dict(request.query),
        "body": to_xml(request.body) if request.body else None,
    }


# --- apply -----------------------------------------------------------------------------------------------------


class Apply:
    """One `bwtui apply`: look, show, ask, act, read back. `run` is always what has happened so far."""

    def __init__(
        self, services: Services, answers: Answers, run: RunState, output: Output, confirm: Confirm | None
    ) -> None:
        """`confirm` asks the person; `None` where nobody can be asked and nobody has said yes."""
        self.run = run
        self._services = services
        self._answers = answers
        self._output = output
        self._confirm = confirm
        self._started = time.monotonic()

    async def execute(self) -> Exit:
        """Do it all, and end with a result whatever happens.

        Raises:
            StateError: what is about to happen, or has happened, could not be written down.
        """
        try:
            code = await self._phases()
        except ProblemError as error:
            self._output.event("problem", problem=problem_fields(error.problem))
            tell_problem(self._output, error.problem)
            code = exit_for(error.problem.kind)
        except Stopped:
            code = Exit.INTERRUPTED
        self._end(code)
        return code

    async def _phases(self) -> Exit:
        survey = await self._alive(self._services.survey(self._answers, self.run), "Looking at the account")
        for step, feature in survey.lacking.items():
            self._output.event("warning", step=step, text=f"The account seems to lack {feature}.")
            self._output.say(
                f"{TITLES[step]}: the account seems to lack {feature}; Bandwidth may refuse this step."
            )
        count, _ = missing_numbers(self._answers, self.run.record("number").orders)
        plan = make_plan(self._answers, self.run, survey.findings, survey.candidates[:count])
        tell_plan(self._output, plan)
        if conflicts := plan.conflicts:
            return self._stopped_by(conflicts)
        declined = bool(plan.paid) and not await self._may_order(plan, survey.candidates[:count])
        if declined and self._confirm is None:
            return Exit.INVALID
        todo = Plan(tuple(action for action in plan if not (declined and action.costs)))
        await self._act(todo, survey.candidates)
        if failed := [self.run.record(step.key).problem for step in wanted_steps(self._answers)]:
            if problem := next((problem for problem in failed if problem), None):
                return exit_for(problem.kind)
        if declined:
            self._output.say("No number was ordered. Run the same command again to order one.")
            return Exit.FAILED
        return await self._prove()

    async def _may_order(self, plan: Plan, numbers: tuple[str, ...]) -> bool:
        """Ask before money is spent."""
        action = plan.paid
        if action is None or not numbers:
            return True  # There is nothing to order, which the step itself will say.
        if self._confirm is None:
            self._output.say(
                "This orders phone numbers, which costs money. Nothing was sent. Add --yes to agree to it."
            )
            return False
        return await self._confirm(f"{_ordering(numbers).capitalize()}. This costs money. Go ahead? [y/N] ")

    def _stopped_by(self, conflicts: tuple[Action, ...]) -> Exit:
        problems = [action.problem for action in conflicts if action.problem]
        for action in conflicts:
            self._output.say(f"{action.step.title}: {action.reason}")
        self._output.say("Nothing was written.")
        return exit_for(problems[0].kind)

    async def _act(self, plan: Plan, candidates: tuple[str, ...]) -> None:
        work = self._services.provision(self._answers, self.run, plan, candidates, self._record)
        await self._alive(work, "")

    def _record(self, event: Event) -> None:
        """Disk first, then the screen."""
        self._services.keep(event)
        self.run = self.run.apply(event)
        tell_event(self._output, event)

    async def _prove(self) -> Exit:
        plan = await self._alive(self._services.verify(self._answers, self.run), "Reading everything back")
        return tell_proof(self._output, plan)

    async def _alive(self, work: Awaitable[_T], doing: str) -> _T:
        """Wait for some work while the living line tells what is going on."""
        ticking = asyncio.create_task(self._tick(doing))
        try:
            return await work
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
            self._output.status("")

    async def _tick(self, doing: str) -> None:
        while True:
            running = [
                TITLES[key] for key, record in self.run.records.items() if record.status is Status.STARTED
            ]
            seconds = int(time.monotonic() - self._started)
            self._output.status(f"{doing or ', '.join(running) or 'Working'}  {seconds} s")
            await asyncio.sleep(TICK)

    def _end(self, code: Exit) -> None:
        if code is Exit.INTERRUPTED:
            self._output.say("Stopped. Nothing is lost: run the same command again to go on.")
        if code is Exit.DONE:
            for name, value in outputs_of(self.run).items():
                if not self._output.as_json:
                    self._output.data(f"{name}={','.join(value) if isinstance(value, list) else value}")
        elif made := outputs_of(self.run):
            self._output.say(
                "So far: " + "; ".join(f"{name} {value}" for name, value in made.items() if value)
                if any(made.values())
                else "Nothing was created."
            )
        result(self._output, STATUS_WORDS.get(code, "failed"), self.run, exit=int(code))


STATUS_WORDS = {
    Exit.DONE: "done",
    Exit.INTERRUPTED: "interrupted",
    Exit.CONFLICT: "conflict",
    Exit.INVALID: "invalid",
}


def tell_proof(output: Output, plan: Plan) -> Exit:
    """What was read back, a line for each step; the exit code that it amounts to."""
    for action in plan:
        fine = action.verdict is Verdict.KEEP
        output.event(
            "verified", step=action.step.key, ok=fine, reason="" if fine else action.reason or "missing"
        )
        output.say(f"  {action.step.title:<22}{'ok' if fine else 'NOT OK: ' + (action.reason or 'missing')}")
    wrong = [action for action in plan if action.verdict is not Verdict.KEEP]
    if not wrong:
        output.say("Everything was read back and is as it should be.")
        return Exit.DONE
    output.say("Not everything is as it should be: run apply again, or correct it in the App.")
    return next((exit_for(action.problem.kind) for action in wrong if action.problem), Exit.FAILED)


# --- verify, status, plan --------------------------------------------------------------------------------------


async def verify(services: Services, answers: Answers, run: RunState, output: Output) -> Exit:
    """Read everything back and tell."""
    try:
        code = tell_proof(output, await services.verify(answers, run))
    except ProblemError as error:
        tell_problem(output, error.problem)
        output.event("problem", problem=problem_fields(error.problem))
        code = exit_for(error.problem.kind)
    except Stopped:
        code = Exit.INTERRUPTED
    result(output, STATUS_WORDS.get(code, "failed"), run, exit=int(code))
    return code


def status(answers: Answers, run: RunState, output: Output) -> Exit:
    """What the state says, without asking anybody."""
    for step in wanted_steps(answers):
        record = run.record(step.key)
        produced = ", ".join(record.outputs.values())
        output.event(
            "step", step=step.key, status=record.status.value, outputs=dict(record.outputs), made=record.made,
            problem=problem_fields(record.problem) if record.problem else None,
        )  # fmt: skip
        if not output.as_json:
            output.data(f"{step.title:<22}{record.status.value:<9}{produced}".rstrip())
        if record.problem:
            tell_problem(output, record.problem, step.title)
    finished = all(run.record(step.key).status is Status.DONE for step in wanted_steps(answers))
    result(output, "done" if finished else "incomplete", run)
    return Exit.DONE


def plan(answers: Answers, run: RunState, output: Output, base_url: str) -> Exit:
    """Every request that `apply` would send, without sending one."""
    actions = make_plan(answers, run, {})
    _tell_requests(output, "look", look_requests(answers, run), base_url)
    for action in actions:
        if action.verdict is Verdict.KEEP and not output.as_json:
            output.data(f"# {action.step.title}: kept as it is ({action.reason})\n")
        if action.request:
            _tell_requests(
                output,
                "write",
                (action.request,),
                base_url,
                f"{action.step.title}: {action.step.explanation}",
                costs=action.costs,
            )
    _tell_requests(output, "prove", proof_requests(answers, run), base_url)
    result(output, "planned", run)
    return Exit.DONE


def _tell_requests(
    output: Output,
    phase: str,
    requests: tuple[Request, ...],
    base_url: str,
    why: str = "",
    *,
    costs: bool = False,
) -> None:
    for request in requests:
        output.event("request", phase=phase, costs=costs, **_request_fields(request))
    if output.as_json:
        return
    heading = {
        "look": "First it looks, which changes nothing:",
        "prove": "Last it reads everything back:",
    }.get(phase, why)
    output.data(f"# {heading}{' This costs money.' if costs else ''}")
    for request in requests:
        query = "&".join(f"{name}={value}" for name, value in request.query)
        output.data(f"{request.method} {base_url}{request.path}{'?' if query else ''}{query}")
        if request.body:
            output.data(to_xml(request.body, indent=True))
    output.data("")
