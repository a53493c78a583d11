"""The teardown of one setup: look, show, ask, remove, and prove that everything is gone."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final

from bwtui.cli.interruption import Confirm
from bwtui.cli.output import STOPPED, Output
from bwtui.cli.printing import print_event, print_result, tell_problem, tell_twins, tell_unsaved
from bwtui.cli.request_printing import print_request, request_fields, requests_told
from bwtui.cli.style import INDENT, Line, Mark, hint, marked, row
from bwtui.command_line import USUAL_SETUP, CommandLine
from bwtui.domain.answers.answers import Answers
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.planning.look_up_requests import proof_of
from bwtui.domain.runs.problem import ProblemError, Stopped
from bwtui.domain.runs.removal_text import Twin, twins_left
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Event
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.teardown.teardown import (
    WORD,
    Fate,
    RemovalAction,
    RemovalLook,
    RemovalPlan,
    plan_removal,
)
from bwtui.domain.teardown.teardown_text import (
    NOTHING_MADE,
    RELEASE_QUESTION,
    closing,
    conflict_question,
    outcome,
    release_warning,
    remove_question,
)
from bwtui.exits import Exit, exit_for, status_for
from bwtui.services import Services
from bwtui.setup_run import SetupRun

NOTHING_CHANGED: Final = "Nothing was changed."
"""Said after a plan was shown."""

AskWord = Callable[[str], Awaitable[str]]

_MARKS = {
    Fate.REMOVE: Mark.CHANGE,
    Fate.RELEASE: Mark.CHANGE,
    Fate.GONE: Mark.DONE,
    Fate.LEAVE: Mark.KEEP,
    Fate.CONFLICT: Mark.CONFLICT,
    Fate.WAIT: Mark.WAITING,
}


def nothing_left(output: Output, run: RunState, answers: Answers) -> Exit:
    """Say that nothing is left to remove."""
    output.say(marked(Mark.DONE, NOTHING_MADE))
    tell_twins(output, run)
    print_result(output, "removed", run, answers, exit=0, left=[], twins=_twin_fields(twins_left(run)))
    return Exit.DONE


class Teardown:
    """One `bwtui teardown`. `run` is always what has happened so far."""

    sending = 0
    """The number of requests of a plan that was shown which change the account."""

    def __init__(
        self,
        services: Services,
        answers: Answers,
        run: RunState,
        output: Output,
        confirm: Confirm | None,
        *,
        word: AskWord | None = None,
        release: bool = False,
        commands: CommandLine = USUAL_SETUP,
    ) -> None:
        """`confirm` asks the person; `None` where nobody can be asked and nobody has said yes. `word` asks for a word."""
        self.run = run
        self._setup = SetupRun(services, self._on_event)
        self._answers = answers
        self._output = output
        self._confirm = confirm
        self._word = word
        self._release = release
        self._commands = commands

    async def execute(self) -> Exit:
        """Do it all, and end with a result whatever happens."""
        return await self._ended(self._phases)

    async def show(self) -> Exit:
        """Show every request of a teardown after looking at the account; nothing is changed, which is not said."""
        return await self._ended(self._show)

    async def _ended(self, phases: Callable[[], Awaitable[Exit]]) -> Exit:
        try:
            return await phases()
        except ProblemError as error:
            tell_problem(self._output, error.problem)
            code = exit_for(error.problem.kind)
        except SaveError as error:
            tell_unsaved(self._output, error)
            code = Exit.FAILED
        except Stopped:
            self._output.say(STOPPED)
            code = Exit.INTERRUPTED
        self._result(status_for(code), code)
        return code

    def _result(
        self,
        status: str,
        code: Exit,
        left: tuple[Mapping[str, object], ...] = (),
        twins: Sequence[Mapping[str, object]] = (),
    ) -> None:
        print_result(
            self._output, status, self.run, self._answers,
            exit=int(code), left=list(left), twins=list(twins),
        )  # fmt: skip

    # --- only showing ---

    async def _show(self) -> Exit:
        look = await self._setup.look_for_removal(self._answers, self.run, keep=False)
        for event in look.events:
            self.run = self.run.apply(event)
        plan = self._planned(look)
        self._print_plan(plan)
        self.sending = len(plan.sending)
        count = 0
        if plan.sending and not self._output.as_json:
            self._output.row("\nEvery request, in this order:", indent=0)
        for action in plan.sending:
            reads = proof_of(action.step, self._answers, known_so_far(self._answers, self.run))
            requests = [("look", read) for read in reads]
            if action.request:
                requests.append(("write", action.request))
            requests += [("prove", read) for read in reads]
            count += len(requests)
            if not self._output.as_json:
                self._output.row(
                    f"# {action.step.title}: {action.fate.value} {action.told}".rstrip(), indent=2
                )
            for phase, request in requests:
                self._output.event("request", phase=phase, costs=False, **request_fields(request))
                print_request(self._output, request, self._answers.base_url)
        writes = sum(bool(action.request) for action in plan.sending)
        self._output.say(f"{requests_told(writes, count - writes)}.")
        self._result("planned", Exit.DONE)
        return Exit.DONE

    # --- doing it ---

    async def _phases(self) -> Exit:
        look = await self._setup.look_for_removal(self._answers, self.run)
        plan = self._planned(look)
        self._print_plan(plan)
        agreed = await self._agreed(look, plan)
        if agreed is None:
            self._result(status_for(Exit.INVALID), Exit.INVALID)
            return Exit.INVALID
        if not await self._may_begin(agreed):
            self._output.say("Nothing was removed.")
            self._result("left", Exit.FAILED)
            return Exit.FAILED
        await self._setup.tear_down(agreed, self._answers, self.run)
        return self._told(agreed)

    def _planned(self, look: RemovalLook, agreed: frozenset[str] = frozenset()) -> RemovalPlan:
        return plan_removal(self._answers, self.run, look.looked, release=self._release, agreed=agreed)

    async def _agreed(self, look: RemovalLook, plan: RemovalPlan) -> RemovalPlan | None:
        """Ask about what was changed and about numbers; return the plan after that, `None` if nobody can be asked."""
        if self._confirm is None:
            text = "Nothing was removed. Add --yes to agree to it"
            more = ", and --release-numbers to release the numbers too." if plan.kept_numbers else "."
            self._output.say(marked(Mark.OPEN, text + more), indent=2)
            return None
        agreed = set[str]()
        if self._word:
            for each in plan.conflicts:
                if await self._confirm(_yes_or_no(conflict_question(each.step, each.told, each.reason))):
                    agreed.add(each.step.key)
        plan = self._planned(look, frozenset(agreed))
        text = release_warning(plan)
        if text and self._word:
            self._output.say(marked(Mark.OPEN, text), indent=2)
            self._release = await self._word(f"{RELEASE_QUESTION}: ") == WORD
            plan = self._planned(look, frozenset(agreed))
        return plan

    async def _may_begin(self, plan: RemovalPlan) -> bool:
        if not plan.sending or self._confirm is None:
            return True
        return await self._confirm(_yes_or_no(remove_question(plan)))

    def _told(self, plan: RemovalPlan) -> Exit:
        """Print what is left, and return the exit code."""
        ended = outcome(plan, self.run)
        code = exit_for(ended.kind)
        self._output.say(marked(Mark.DONE if code is Exit.DONE else Mark.OPEN, closing(ended)))
        for each in ended.left:
            what = f"{each.told}: {each.reason}" if each.told else each.reason
            self._output.say(
                row(Mark.KEEP, each.step.title, "left", "see above" if each.problem else what), indent=INDENT
            )
        tell_twins(self._output, self.run)
        if plan.kept_numbers and not self._release:
            self._output.say(
                "To release the numbers too:", command=self._commands.of("teardown", "--release-numbers")
            )
        elif plan.conflicts and not self._word:
            self._output.say(hint("Run it without --yes to be asked about what somebody has changed since."))
        elif ended.status in ("waiting", "failed"):
            self._output.say(hint("Run the same command again to continue: what is removed stays removed."))
        left = tuple({"step": each.step.key, "id": each.told, "reason": each.reason} for each in ended.left)
        self._result(ended.status, code, left, _twin_fields(ended.twins))
        return code

    def _on_event(self, event: Event) -> None:
        self.run = self.run.apply(event)
        print_event(self._output, event)

    def _print_plan(self, plan: RemovalPlan) -> None:
        """Print what becomes of everything, a line for each step."""
        for action in plan:
            self._output.event(
                "removal", step=action.step.key, fate=action.fate.value, reason=action.reason, id=action.id,
                numbers=list(action.numbers), request=request_fields(action.request) if action.request else None,
            )  # fmt: skip
            self._output.say(self._row(action), indent=INDENT)

    def _row(self, action: RemovalAction) -> Line:
        text = "; ".join(filter(None, (action.told, action.reason)))
        return row(_MARKS[action.fate], action.step.title, action.fate.value, text)


def _twin_fields(twins: Iterable[Twin]) -> list[dict[str, object]]:
    """Return the objects of the same name for machines."""
    return [{"step": each.step.key, "id": each.id} for each in twins]


def _yes_or_no(question: str) -> str:
    return f"{question} [y/N] "
