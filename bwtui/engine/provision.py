"""Carry out a plan: each step once the steps that it needs are done; its intent on disk before each request."""

import asyncio
from collections.abc import Collection, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from bwtui.api.client import Client, Reply
from bwtui.api.wire import new_id
from bwtui.domain.account.findings import Numbers
from bwtui.domain.answers.answers import Answer, Answers, Source, uses_existing, wanted_steps
from bwtui.domain.catalog import LOCATION, PAID_STEP, STEPS
from bwtui.domain.fields import Choice, Flag
from bwtui.domain.planning.actions import Action, Plan, Verdict, known_so_far
from bwtui.domain.planning.given_up import given_up
from bwtui.domain.planning.number_tally import tally
from bwtui.domain.planning.order_plan import most_agreed_to, plan_numbers
from bwtui.domain.planning.requests import Known, change_request, create_request
from bwtui.domain.planning.stored_spellings import Spellings
from bwtui.domain.runs.problem import EARLIER, Kind, OwnCode, Problem, ProblemError, Stopped
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.runs.run_events import Event, Failed, Finished, Retried, SaveEvents, Started
from bwtui.domain.steps import (
    FoundAsActivation,
    FoundAsAssignment,
    FoundAsOrder,
    FoundAsSetting,
    FoundInList,
    FoundOnCampaign,
    Step,
)
from bwtui.domain.values.documents import Request, leaves
from bwtui.domain.values.text import join_list
from bwtui.engine.campaign_assignment import CampaignAssignment
from bwtui.engine.campaign_look_up import CampaignLookUp
from bwtui.engine.exception_groups import first_of
from bwtui.engine.journal import Journal
from bwtui.engine.look_up import secret_marks
from bwtui.engine.number_order import BeforeAgain, NumberOrder
from bwtui.engine.number_services import NumberServices
from bwtui.engine.recovery import AlreadyThere, Recovery
from bwtui.engine.step_order import dependencies
from bwtui.engine.waiting import Pace

NOT_YET: Final = frozenset({
    "4014", "4017", "5016", "5020", "5023", "5133", "5145", "12016", "13563", "13606", "13623", "13629", "13645", "13650",
})  # fmt: skip
"""Error codes for a missing sub-account, location, SMS or application that the request needs (bandwidth-api 4.5)."""

_REFUSALS: Final = frozenset({Kind.FAILED, Kind.INVALID, Kind.CONFLICT, Kind.NOT_FOUND})
"""The kinds of a refusal that is about what was asked for."""

_NOTHING: Final[Spellings] = MappingProxyType({})


def _values(request: Request) -> dict[str, str]:
    """Return the texts in a request's body by path, without secrets and empty texts."""
    values = leaves(request.body) if request.body else ()
    return {path: value for path, value in values if isinstance(value, str) and value}


_EXISTS: Final = frozenset({"1015", "12015", "12769", "13524"})
"""Codes that say: what is to be created exists (bandwidth-api 1.7, 2.5, 3.4, 12.6)."""


def _exists_already(problem: Problem) -> bool:
    """Return True if the refusal says that what is to be created exists: a request that came twice may have made it.

    No source tells the code for a duplicate name (bandwidth-api 12.1), so the text counts as well.
    """
    says_so = "already exist" in problem.text.casefold()
    return problem.code in _EXISTS or says_so or (problem.status == 409 and not problem.code)


class Provision:
    """Carries out one plan. `run` is the state after all events so far."""

    def __init__(
        self,
        client: Client,
        answers: Answers,
        run: RunState,
        *,
        save_events: SaveEvents,
        pace: Pace,
        candidates: Collection[str] = (),
    ) -> None:
        self.run = run
        self._client = client
        self._answers = answers
        self._journal = Journal(save_events)
        self._pace = pace
        self._candidates = candidates
        self._ended: dict[str, float] = {}
        """The time, by step key, at which a step's last attempt ended, not counting the look-up for its effect."""

    async def carry_out(self, plan: Plan) -> None:
        """Carry out the plan.

        A step that fails is recorded as failed, and the steps that depend on it are skipped; all others go on. After
        `Pace.stop` nothing new is started, and requests that are under way are waited for.

        Raises:
            SaveError: an event could not be written; the next run looks for whatever was sent.
        """
        self._answers = _as_planned(self._answers, plan)
        for event in given_up(self._answers, self.run, self._pace.clock()):
            self._note(event)
        actions = {action.step.key: action for action in plan}
        tasks: dict[str, asyncio.Task[bool]] = {}
        try:
            async with asyncio.TaskGroup() as group:
                for key, before in dependencies(action.step for action in plan).items():
                    ready = [tasks[other] for other in before]
                    tasks[key] = group.create_task(self._after(ready, actions[key]))
        except BaseExceptionGroup as failures:
            raise first_of(failures) from None
        await self._journal.settled()

    async def _after(self, ready: list[asyncio.Task[bool]], action: Action) -> bool:
        """Run an action after the tasks in `ready`; return False if one of them or the action itself was not done."""
        done = [await task for task in ready]
        if not all(done):
            return False
        try:
            await self._act(action)
        except ProblemError as error:
            ended = self._ended.get(action.step.key, self._pace.clock())
            problem = self._with_evidence(action.step, await self._explained(action.step, error.problem))
            self._note(Failed(step=action.step.key, at=ended, problem=problem))
        except Stopped:
            return False
        return self.run.step(action.step.key).status is Status.DONE

    async def _explained(self, step: Step, problem: Problem) -> Problem:
        """Return the problem; if its numbers are refused and one is not on the location any more, with the advice for that."""
        if not step.names_numbers or problem.kind not in _REFUSALS:
            return problem
        try:
            found = await self._recovery.looker().look(PAID_STEP)
        except (ProblemError, Stopped):
            return problem
        if not isinstance(found, Numbers):
            return problem
        action = plan_numbers(PAID_STEP, self._answers, found, self._known, location_is_ours=True)
        lost = action.unproven
        if lost is None or lost.code not in (OwnCode.NUMBERS_GONE, OwnCode.NUMBERS_AGEING):
            return problem
        text = f"{lost.text} Bandwidth said: “{problem.text.rstrip('.')}”."
        return lost._replace(operation=problem.operation, text=text, status=problem.status)

    def _with_evidence(self, step: Step, problem: Problem) -> Problem:
        """Return the problem with the earlier attempts that may have had their effect: nobody may say that nothing was."""
        record = self.run.step(step.key)
        if isinstance(step.found_by, FoundAsOrder):
            count = tally(self._answers, record.orders, ())
            orders = dict.fromkeys((*count.unresolved, *count.unexplained))
            names = (order.order_id or order.customer_order_id for order in orders)
            earlier = join_list(name for name in names if name not in problem.text)
        else:
            earlier = "not known" if record.doubt else ""
        details = {**problem.details, EARLIER: earlier} if earlier else problem.details
        return problem._replace(details=details)

    async def _act(self, action: Action) -> None:
        match action.verdict:
            case Verdict.KEEP:
                self._keep(action)
            case Verdict.LEAVE:
                pass
            case Verdict.CHANGE:
                # The id that was found is written down before the change.
                if action.outputs.items() - self.run.outputs.items():
                    self._finish(action.step, action.outputs, adopted=False)
                request = change_request(action.step, self._answers, self._known, action.kept)
                await self._send(
                    action.step, request, adopted=self._is_anothers(action.step), before=action.before
                )
            case Verdict.NEW | Verdict.WAIT if isinstance(action.step.found_by, FoundAsOrder):
                await self._order(action, action.step.found_by)
            case Verdict.NEW | Verdict.WAIT if isinstance(action.step.found_by, FoundOnCampaign):
                await self._join_campaign(action.step)
            case Verdict.NEW if isinstance(action.step.found_by, FoundAsAssignment | FoundAsActivation):
                await self._complete_numbers(action.step)
            case Verdict.NEW:
                await self._create(action.step)
            case Verdict.CONFLICT:
                assert action.problem, "a conflict says why"
                raise ProblemError(action.problem)

    def _is_anothers(self, step: Step) -> bool:
        """Return True if the object existed before this setup; a setting of a location that we made did not."""
        own = isinstance(step.found_by, FoundAsSetting) and not uses_existing(LOCATION, self._answers)
        return not own and not self.run.step(step.key).made

    def _keep(self, action: Action) -> None:
        record = self.run.step(action.step.key)
        known = all(record.outputs.get(name) == value for name, value in action.outputs.items())
        if record.status is not Status.DONE or not known or record.numbers != action.numbers:
            adopted = action.adopted and self._is_anothers(action.step)
            self._finish(action.step, action.outputs, action.numbers, adopted=adopted)

    async def _create(self, step: Step) -> None:
        """Create the step's object and record its id."""
        request = create_request(step, self._answers, self._known)
        await self._send(step, request, adopted=False)

    async def _send(
        self, step: Step, request: Request, *, adopted: bool, before: Spellings = _NOTHING
    ) -> None:
        """Write one object or setting: intent on disk, request, outcome on disk.

        `before` has the differences that a change sends for the second time: one that is still there afterwards is how the API keeps it.
        """
        self._pace.check()
        doubt = self.run.step(step.key).pending
        sent = _values(request) if isinstance(step.found_by, FoundInList) and request.method == "POST" else {}
        self._note(Started(step=step.key, at=self._pace.clock(), sent=sent))
        await self._journal.settled()
        try:
            reply = await self._write(step, request)
        except AlreadyThere as there:
            self._take(step, there.outputs, before, adopted=adopted)
        except ProblemError as error:
            problem = error.problem
            if problem.unclear:
                await self._recover(step, problem, doubt=doubt)
            elif _exists_already(problem) or (doubt and isinstance(step.found_by, FoundInList)):
                await self._recover_refused(step, problem)
            else:
                self._take(step, await self._done_all_the_same(step, request, error), before, adopted=adopted)
        else:
            outputs = await self._outputs(step, reply)
            self._finish(step, outputs, adopted=adopted, marks=self._marks(step), before=before)

    async def _done_all_the_same(
        self, step: Step, request: Request, error: ProblemError
    ) -> Mapping[str, str]:
        """Return what a refused request did, which a copy of it may have done; raise the refusal if it did nothing."""
        if error.problem.status is None:
            raise error
        outputs = await self._recovery.after_refusal(step, request, error.problem)
        if outputs is None:
            raise error
        return outputs

    async def _write(self, step: Step, request: Request, before_again: BeforeAgain | None = None) -> Reply:
        """Send a request whose intent is on disk, and return the reply.

        If it is refused because an object made a moment ago is not visible yet, it is sent again for a while. What a refused
        attempt may have done is looked for before each further one; then `before_again` is awaited.
        """
        refused: Problem | None = None

        async def before(failed: Problem | None) -> None:
            refusal = failed or refused
            if refusal and refusal.status is not None:
                await self._recovery.before_again(step, request, refusal)
                if before_again:
                    await before_again(refusal)
            now = self._pace.clock()
            if now - self.run.step(step.key).started_at > 1:
                self._note(Retried(step=step.key, at=now))
                await self._journal.settled()

        over = self._pace.over(self._pace.clock(), self._pace.visible)
        while True:
            try:
                return await self._client.send(request, before=before)
            except ProblemError as error:
                refused = error.problem
                self._ended[step.key] = self._pace.clock()
                if over() or not self._is_too_early(step, error.problem):
                    raise
                self._pace.tell(error.problem.operation, self._pace.look, error.problem.text)
                await self._pace.sleep(self._pace.look)

    def _is_too_early(self, step: Step, problem: Problem) -> bool:
        """Return True if the step may need an object that was made a moment ago and is not visible yet.

        Where no code is known for that, the refusal counts if it names the object.
        """
        if problem.unclear:
            return False
        needed = [other for other in STEPS if other.produces in step.needs or other.key in step.after]
        records = [self.run.step(other.key) for other in needed]
        fresh = [
            each for each in records if each.made and self._pace.left(each.ended_at, self._pace.visible) > 0
        ]
        if problem.code in NOT_YET or (problem.status == 404 and not problem.code):
            return bool(fresh)
        ids = (id_ for record in fresh for id_ in record.outputs.values() if id_)
        return step.is_json and any(id_.casefold() in problem.text.casefold() for id_ in ids)

    def _take(self, step: Step, outputs: Mapping[str, str], before: Spellings, *, adopted: bool) -> None:
        """Finish with what a refused request has done all the same."""
        is_only_attempt = len(self.run.step(step.key).sent) < 2
        marks = self._marks(step) if is_only_attempt else {}
        self._finish(step, outputs, adopted=adopted, marks=marks, before=before)

    async def _recover_refused(self, step: Step, problem: Problem) -> None:
        """Finish with the object that an earlier or repeated attempt made; if there is none, raise the refusal."""
        try:
            outputs = await self._recovery.found_again(step, problem)
        except ProblemError:
            raise ProblemError(problem) from None
        self._finish(step, outputs, adopted=False)

    async def _outputs(self, step: Step, reply: Reply) -> dict[str, str]:
        """Return the new object's id: from the body, else from Location, else by looking for its name (bandwidth-api 10.7, 10.8)."""
        if not isinstance(step.found_by, FoundInList):
            return {}
        if known := self.run.outputs.get(step.produces):
            return {step.produces: known}
        if id_ := new_id(reply, step.found_by.id):
            return {step.produces: id_}
        problem = Problem(
            operation=step.operation("create"), kind=Kind.FAILED, status=reply.status, unclear=True,
            text=f"The {step.title.lower()} was created, but the answer names no id and it is not in the list.",
        )  # fmt: skip
        return await self._recovery.found_again(step, problem)

    async def _recover(self, step: Step, problem: Problem, *, doubt: bool) -> None:
        """Finish with the object that an unclear request made after all, or raise its problem.

        `doubt` is true if an earlier attempt, perhaps with another secret, may have made the object.
        """
        outputs = await self._recovery.found_again(step, problem)
        self._finish(step, outputs, adopted=False, marks={} if doubt else self._marks(step))

    async def _order(self, action: Action, ordered: FoundAsOrder) -> None:
        step = action.step
        looker = self._recovery.looker()
        ordering = NumberOrder(
            answers=self._answers, step=step, ordered=ordered, looker=looker.orders, known=self._known,
            candidates=self._candidates, is_wanted=step in wanted_steps(self._answers), agreed=most_agreed_to(action),
            note=self._note, settled=self._journal.settled, write=partial(self._write, step),
            orders=lambda: self.run.step(step.key).orders, pace=self._pace,
        )  # fmt: skip
        completed = await ordering.complete()
        self._finish(step, {step.produces: completed.order_id}, completed.numbers, adopted=False)

    async def _complete_numbers(self, step: Step) -> None:
        """Put the numbers into the voice package, or activate them."""
        await NumberServices(
            client=self._client, answers=self._answers, step=step, known=self._known, note=self._note,
            settled=self._journal.settled, write=lambda request: self._write(step, request), pace=self._pace,
        ).complete()  # fmt: skip
        self._finish(step, {}, adopted=False)

    async def _join_campaign(self, step: Step) -> None:
        """Put the local numbers on the campaign."""
        await CampaignAssignment(
            answers=self._answers, step=step, known=self._known, note=self._note, settled=self._journal.settled,
            looker=CampaignLookUp(self._client, step, self._known, self._pace),
            write=lambda request: self._write(step, request), record=lambda: self.run.step(step.key),
            pace=self._pace,
        ).complete()  # fmt: skip
        self._finish(step, {}, adopted=False)

    @property
    def _recovery(self) -> Recovery:
        return Recovery(client=self._client, answers=self._answers, run=lambda: self.run, pace=self._pace)

    @property
    def _known(self) -> Known:
        return known_so_far(self._answers, self.run)

    def _marks(self, step: Step) -> dict[str, str]:
        """Return the fingerprints of the secrets that the step sends."""
        return secret_marks(self._client, step, self._answers, self._known)

    def _finish(
        self,
        step: Step,
        outputs: Mapping[str, str],
        numbers: tuple[str, ...] = (),
        *,
        adopted: bool,
        marks: Mapping[str, str] | None = None,
        before: Spellings | None = None,
    ) -> None:
        """Record that the step is done; `marks` and `before` are as they were if they are not given."""
        record = self.run.step(step.key)
        self._note(
            Finished(
                step=step.key,
                at=self._pace.clock(),
                outputs=outputs,
                numbers=numbers,
                adopted=adopted,
                marks=record.marks if marks is None else marks,
                before=record.before if before is None else before,
            )
        )

    def _note(self, event: Event) -> None:
        self._journal.note(event)
        self.run = self.run.apply(event)


def _as_planned(answers: Answers, plan: Plan) -> Answers:
    """Return the answers with flags and choices as the plan sends them; a rule may set one, as for a first location (error 13522)."""
    given = dict(answers.given)
    for action in plan:
        sent = dict(leaves(action.request.body)) if action.request and action.request.body else {}
        for part in action.step.body if sent else ():
            if not isinstance(part, Choice | Flag) or (isinstance(part, Flag) and part.sends):
                continue
            key = action.step.key_of(part.key)
            if sent.get(part.wire, "") == answers.text(key):
                continue
            given.pop(key, None)
            if part.wire in sent:
                given[key] = Answer(str(sent[part.wire]), Source.RULE)
    return answers._replace(given=given)


async def provision(
    client: Client,
    answers: Answers,
    run: RunState,
    *,
    save_events: SaveEvents,
    pace: Pace,
    plan: Plan,
    candidates: Collection[str],
) -> RunState:
    """Carry out a plan and return the run afterwards; steps that failed are part of it.

    Raises:
        Stopped: the person wants to leave; every event so far is on disk.
        SaveError: an event could not be written; nothing more was sent.
    """
    work = Provision(client, answers, run, save_events=save_events, pace=pace, candidates=candidates)
    await work.carry_out(plan)
    pace.check()
    return work.run
