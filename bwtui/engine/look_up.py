"""Look for a setup's objects on the account, step by step. Only GET: a look-up is free and changes nothing."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from bwtui.api.client import Client, Reply
from bwtui.api.wire import Node, find, has, text
from bwtui.domain.account.findings import (
    Absent,
    Finding,
    Found,
    Gone,
    How,
    Leaves,
    Numbers,
    OnCampaign,
    OnNumbers,
    Several,
    Unreadable,
    differences,
    differences_of_values,
)
from bwtui.domain.answers.answers import Answers, can_be_done, chosen_existing, uses_existing, wanted_steps
from bwtui.domain.catalog import LOCATION, PAID_STEP, parent_of
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.planning.campaign_plan import is_on_campaign
from bwtui.domain.planning.given_up import begun_anew
from bwtui.domain.planning.number_tally import order_wishes
from bwtui.domain.planning.order_plan import numbers_to_keep
from bwtui.domain.planning.requests import (
    Known,
    body,
    list_request,
    read_request,
)
from bwtui.domain.planning.stored_spellings import created_otherwise, still_differs
from bwtui.domain.planning.voice_plan import is_complete
from bwtui.domain.platform import Platform
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.runs.run import Order, RunState, Status, StepState
from bwtui.domain.steps import (
    FoundAsActivation,
    FoundAsAssignment,
    FoundAsOrder,
    FoundAsSetting,
    FoundInList,
    FoundOnCampaign,
    Step,
)
from bwtui.domain.values.comparison import differs_by_slash, is_same
from bwtui.domain.values.documents import leaves as leaves_of
from bwtui.domain.values.secret import Secret
from bwtui.engine.campaign_look_up import CampaignLookUp
from bwtui.engine.exception_groups import first_of
from bwtui.engine.list_reader import read_objects
from bwtui.engine.order_look_up import OrderLookUp
from bwtui.engine.replies import flatten, or_nothing
from bwtui.engine.step_order import dependencies
from bwtui.engine.voice_number_look_up import VoiceNumberLookUp
from bwtui.engine.waiting import Pace


class LookUp:
    """Looks for the objects of the steps, each as soon as the ids in its path are known."""

    def __init__(self, client: Client, answers: Answers, run: RunState, pace: Pace) -> None:
        self._client = client
        self._answers = answers
        self._run = begun_anew(answers, run)
        self._pace = pace
        self._known = known_so_far(answers, self._run)
        for step in wanted_steps(answers):
            if used := uses_existing(step, answers):
                self._known[step.produces] = used
        numbers = self._run.step(PAID_STEP.key)
        self._are_kept = numbers.status is Status.DONE and not numbers.made
        """True if the numbers were on the location and are used as they are."""
        self._lists: dict[str, asyncio.Task[list[Node]]] = {}
        location = self._run.step(LOCATION.key)
        is_known = pace.over(location.ended_at, pace.visible if self._is_new(location) else 0.0)
        self.orders = OrderLookUp(client, self._known, pace, is_known)

    async def look_everywhere(self, *, proving: bool = False) -> dict[str, Finding]:
        """Return a finding for each wanted step that the account can do, by its key.

        With `proving`, an object that was just written but does not read back as sent is read again for a while.
        """
        answers = self._answers
        steps = {step.key: step for step in wanted_steps(answers) if can_be_done(step, answers)}
        tasks: dict[str, asyncio.Task[Finding]] = {}
        try:
            async with asyncio.TaskGroup() as group:
                for key in dependencies(steps.values()):
                    before = [tasks[other] for other in self._makers(steps[key], steps.values())]
                    look = self._after(before, steps[key], proving=proving)
                    tasks[key] = group.create_task(look)
        except BaseExceptionGroup as failures:
            raise first_of(failures) from None
        return {key: task.result() for key, task in tasks.items()}

    def _makers(self, step: Step, steps: Iterable[Step]) -> list[str]:
        """Return the keys of the steps that produce ids which this step's path needs and which are not known yet."""
        unknown = {name for name in step.needs if f"{{{name}}}" in step.path and name not in self._known}
        located = {LOCATION.produces} - set(self._known) if isinstance(step.found_by, FoundAsOrder) else set()
        ordered = {PAID_STEP.produces} if step.names_numbers and not self._known.numbers else set()
        return [other.key for other in steps if other.produces in unknown | located | ordered]

    async def _after(self, before: list[asyncio.Task[Finding]], step: Step, *, proving: bool) -> Finding:
        if before:
            await asyncio.wait(before)
        return await self.look(step, proving=proving)

    async def look(self, step: Step, *, pending: bool | None = None, proving: bool = False) -> Finding:
        """Look for one step's object; repeat while a request may still take effect or become visible.

        `pending` is true if a request of the step may be under way; if `None`, the run decides.
        """
        if any(f"{{{name}}}" in step.path and name not in self._known for name in _needed_to_look(step)):
            return Absent()
        record = self._run.step(step.key)
        pending = record.pending if pending is None else pending
        if isinstance(step.found_by, FoundAsAssignment | FoundAsActivation | FoundOnCampaign):
            pending = False  # its request does no harm if it takes effect late or a second time
        try:
            return await self._look_with_twins(step, record, pending=pending, proving=proving)
        except ProblemError as error:
            may_be_closed = step.platform is Platform.UNIVERSAL or isinstance(step.found_by, FoundOnCampaign)
            if error.problem.status != 403 or not may_be_closed:
                raise
            return Unreadable(error.problem)

    async def look_once(self, step: Step) -> Finding:
        """Look once for the effect of a request of the step that was refused, without waiting."""
        if any(f"{{{name}}}" in step.path and name not in self._known for name in _needed_to_look(step)):
            return Absent()
        return await self._look_once(step, pending=True)

    async def listed(self, step: Step) -> list[str]:
        """Return the ids in the list that contains the step's object, as it was read last; none if it is in no list.

        Raises:
            ProblemError: the list cannot be read.
        """
        if not isinstance(step.found_by, FoundInList):
            return []
        items = await self._list(step, step.found_by)
        return [text(item, step.found_by.id) for item in items]

    async def _look_with_twins(
        self, step: Step, record: StepState, *, pending: bool, proving: bool
    ) -> Finding:
        """Look for the object and, when proving one that was made, for others like it."""
        if not (proving and record.made and isinstance(step.found_by, FoundInList)):
            return await self._look_until_visible(step, record, pending=pending, proving=proving)
        twins = asyncio.ensure_future(self._twins(step, step.found_by))
        try:
            finding = await self._look_until_visible(step, record, pending=pending, proving=proving)
        except BaseException:
            twins.cancel()
            raise
        others = await twins
        return finding._replace(twins=others) if isinstance(finding, Found) else finding

    async def _look_until_visible(
        self, step: Step, record: StepState, *, pending: bool, proving: bool
    ) -> Finding:
        """Look for the object; repeat as `look` says."""
        finding = await self._look_once(step, pending=pending)
        over = self._wait(step, record, finding, pending=pending, proving=proving)
        while over and not over() and self._is_early(step, finding, pending=pending, proving=proving):
            await self._pace.sleep(self._pace.look)
            self._lists.clear()
            finding = await self._look_once(step, pending=pending)
        if isinstance(finding, Gone):
            is_new = bool(over) and not self._is_of_the_future(record)
            listed = None if is_new or finding.of else await self._still_listed(step, finding.id)
            return listed or finding._replace(is_new=is_new)
        if isinstance(finding, Found) and finding.id:
            self._known[step.produces] = finding.id
        return finding

    def _wait(
        self, step: Step, record: StepState, finding: Finding, *, pending: bool, proving: bool
    ) -> Callable[[], bool] | None:
        """Return a function that is true once the wait for a missing object is over; `None` if no wait is needed."""
        if not self._is_early(step, finding, pending=pending, proving=proving):
            return None
        pace, operation = self._pace, step.operation("look")
        if pending:
            since, seconds = pace.settling(record)
            reason = f"{step.title}: a request that was cut off may still take effect"
        elif isinstance(finding, Gone) and finding.of and self._is_new(self._record_of(parent_of(step))):
            since, seconds = self._record_of(parent_of(step)).ended_at, pace.visible
            reason = f"{finding.of}: what was just made may take a moment to show"
        elif self._is_new(record):
            since, seconds = record.ended_at, pace.visible
            reason = f"{step.title}: what was just set may take a moment to show"
        elif self._was_just_refused(record):
            since, seconds = record.ended_at, pace.refused(record.problem)
            reason = f"{step.title}: a request that was refused may have had its effect all the same"
        else:
            return None
        pace.tell(operation, pace.left(since, seconds), reason)
        return pace.over(since, seconds)

    def _is_early(self, step: Step, finding: Finding, *, pending: bool, proving: bool) -> bool:
        """Return True if the look-up may have come too early: an object that was made is missing, or not as sent."""
        match finding:
            case Absent():
                record = self._run.step(step.key)
                return pending or record.made or self._was_just_refused(record)
            case Gone():
                return True
            case OnNumbers():
                is_ours = self._run.step(step.key).made
                return is_ours and not is_complete(step, self._answers, finding)
            case OnCampaign():
                return self._run.step(step.key).made and not is_on_campaign(finding)
            case Found(leaves=shown, how=How.OURS):
                wrong = differences(step, body(step, self._answers, self._known), shown)
                record = self._run.step(step.key)
                if not proving:
                    return still_differs(wrong, record.before)
                return len(wrong) > len(created_otherwise(step, wrong, self._answers, record))
            case _:
                return False

    def _was_just_refused(self, record: StepState) -> bool:
        """Return True if a request to create the object was answered with a refusal a moment ago."""
        answered = record.problem is not None and record.problem.status is not None
        return bool(
            record.status is Status.FAILED
            and record.sent
            and answered
            and self._pace.left(record.ended_at, self._pace.refused(record.problem)) > 0
        )

    def _is_of_the_future(self, record: StepState) -> bool:
        """Return True if the clock was set back since the step ended; the age is unknown, and the full wait was made."""
        return record.ended_at > self._pace.clock() + 1

    def _record_of(self, step: Step | None) -> StepState:
        return self._run.step(step.key) if step else StepState()

    def _is_new(self, record: StepState) -> bool:
        """Return True if the object was made or changed so recently that it may not be visible yet."""
        is_ours = record.made and record.status is Status.DONE
        return is_ours and self._pace.left(record.ended_at, self._pace.visible) > 0

    async def _look_once(self, step: Step, *, pending: bool) -> Finding:
        match step.found_by:
            case FoundInList():
                ours, used = self._run.outputs.get(step.produces), uses_existing(step, self._answers)
                made = self._run.step(step.key).made
                if made and ours and used and not is_same(ours, used):
                    return Several((ours, used))
                if id_ := used or ours:
                    return await self._by_id(step, id_, How.OURS if made else How.USED)
                return await self._by_name(step, step.found_by, pending=pending)
            case FoundAsSetting(present=present):
                return await self._setting(step, present, pending=pending)
            case FoundAsOrder():
                return await self._orders(step, step.found_by)
            case FoundAsAssignment() | FoundAsActivation():
                return await self._on_numbers(step)
            case FoundOnCampaign():
                return await self._on_campaign(step)
            case _:
                assert_never(step.found_by)

    async def _still_listed(self, step: Step, id_: str) -> Unreadable | None:
        """Return that an object cannot be read, where its list shows it; `None` where nothing does."""
        try:
            is_there = any(is_same(id_, each) for each in await self.listed(step))
        except ProblemError:
            return None
        if not is_there:
            return None
        text = f"Bandwidth lists {id_}, and answers 404 where it is read."
        return Unreadable(Problem(operation=step.operation("read"), kind=Kind.UNREACHABLE, text=text))

    async def _by_id(self, step: Step, id_: str, how: How) -> Found | Gone:
        reply = await or_nothing(self._client, read_request(step, id_, self._known))
        if reply is None:
            return Gone(id_)
        unsent = () if how is How.USED else self._unsent(step)
        return Found(_object(reply, step), how, id_, unsent)

    def _unsent(self, step: Step) -> tuple[str, ...]:
        """Return the names of the given secrets that are not known to have been sent to the object."""
        sent = self._run.step(step.key).marks
        marks = secret_marks(self._client, step, self._answers, self._known)
        return tuple(key for key, mark in marks.items() if sent.get(key) != mark)

    async def _by_name(self, step: Step, listed: FoundInList, *, pending: bool) -> Finding:
        try:
            items = await self._list(step, listed)
        except ProblemError as error:
            parent = parent_of(step)
            if error.problem.kind is Kind.NOT_FOUND and parent:
                return Gone(self._known.id(parent.produces), of=parent.title)
            raise
        desired = dict(leaves_of(body(step, self._answers, self._known)))
        named = ids_of(items, listed, desired)
        attempts = self._run.step(step.key).sent
        if not pending and not attempts:
            return _anothers(named, alone=not items)
        ids = dict.fromkeys((*named, *(id_ for sent in attempts for id_ in ids_of(items, listed, sent))))
        read = [await self._by_id(step, id_, How.RECOVERED) for id_ in ids]
        found = [each for each in read if isinstance(each, Found)]
        # An object that equals what an attempt sent is ours, even if the answers have changed since. Without one,
        # an object that has the answered name may be ours too.
        ours = [each._replace(how=How.OURS) for each in found if _is_as_sent(step, attempts, each)]
        if not ours and not pending:
            return _anothers(named, alone=not items)
        likely = ours or [each for each in found if each.id in named]
        if len(likely) > 1:
            return Several(tuple(each.id for each in likely))
        unread = (each for each in read if isinstance(each, Gone))
        return likely[0] if likely else next(unread, Absent(alone=not items))

    async def _twins(self, step: Step, listed: FoundInList) -> tuple[str, ...]:
        """Return the ids of other objects with the same name; none if the list cannot be read, since that proves nothing."""
        ours = self._run.outputs.get(step.produces, "")
        desired = dict(leaves_of(body(step, self._answers, self._known)))
        try:
            items = await self._list(step, listed)
        except ProblemError:
            return ()
        return tuple(id_ for id_ in ids_of(items, listed, desired) if not is_same(id_, ours))

    async def _list(self, step: Step, listed: FoundInList) -> list[Node]:
        """Read the list that contains the step's object, once for steps that share it (the two applications)."""
        request = list_request(step, self._known)
        if request.path not in self._lists:
            self._lists[request.path] = asyncio.ensure_future(read_objects(self._client, request, listed))
        return await self._lists[request.path]

    async def _setting(self, step: Step, present: str, *, pending: bool) -> Finding:
        reply = await or_nothing(self._client, read_request(step, "", self._known))
        leaves = _object(reply, step) if reply else {}
        if not any(leaves.get(present.casefold(), ())):
            return Absent()
        if self._run.step(step.key).made:
            return Found(leaves, How.OURS)
        return Found(leaves, How.RECOVERED if pending else How.USED)

    # --- numbers ---

    async def _on_numbers(self, step: Step) -> Finding:
        if not self._known.numbers:
            return Absent()
        looker = VoiceNumberLookUp(self._client, self._answers, self._known)
        found = await looker.look(step, self._known.numbers, self._known.package_id)
        return found._replace(are_kept=self._are_kept)

    async def _on_campaign(self, step: Step) -> OnCampaign:
        looker = CampaignLookUp(self._client, step, self._known, self._pace)
        record = self._run.step(step.key)
        found = await looker.look(chosen_existing(step, self._answers), record.orders, record.releases)
        return found._replace(are_kept=self._are_kept)

    # --- orders ---

    async def _orders(self, step: Step, ordered: FoundAsOrder) -> Numbers:
        orders = self._run.step(step.key).orders
        known = await asyncio.gather(*(self.orders.order(ordered, order) for order in orders))
        (located, refused), (ageing, unread) = await asyncio.gather(
            self.orders.located(), self._ageing(orders)
        )
        aged = tuple(number for number in located or () if number in ageing)
        serving = located and tuple(number for number in located if number not in ageing)
        recent = (order for order in known if self._pace.left(order.started_at, self._pace.located) > 0)
        fresh = frozenset(number for order in recent for number in (*order.numbers, *order.completed))
        found = Numbers(tuple(known), serving, refused, aged, unread, fresh)
        kept = numbers_to_keep(self._answers, found)
        if kept and not self._known.numbers:
            self._known["numbers"], self._are_kept = kept, True
        return found

    async def _ageing(self, orders: tuple[Order, ...]) -> tuple[frozenset[str], Problem | None]:
        """Read the numbers that are being released, where the setup has some, or would keep those on the location."""
        keeps = order_wishes(self._answers).existing == "keep"
        if LOCATION.produces not in self._known or not (self._known.numbers or keeps):
            return frozenset(), None
        return await self.orders.ageing(orders)


def secret_marks(client: Client, step: Step, answers: Answers, known: Known) -> dict[str, str]:
    """Return the fingerprint of each secret that the step sends, by full name, so that a new one is noticed later."""
    table = f"{step.key}."
    given = [secret for secret in answers.secrets.items() if secret[0].startswith(table)]
    if not given:
        return {}
    sent = dict(leaves_of(body(step, answers, known)))
    return {key: client.secret_fingerprint(secret) for key, secret in given if secret in sent.values()}


def _needed_to_look(step: Step) -> frozenset[str]:
    """Return the outputs that a look-up of the step needs; numbers are listed for the whole account."""
    return frozenset() if isinstance(step.found_by, FoundAsAssignment) else step.needs


def ids_of(items: list[Node], listed: FoundInList, values: Mapping[str, str | Secret]) -> tuple[str, ...]:
    """Return the ids of the items whose identifying elements have these values."""
    return tuple(
        text(item, listed.id)
        for item in items
        if text(item, listed.id)
        and all(is_same(text(item, name), str(values.get(name, ""))) for name in listed.matched_by)
    )


def _anothers(named: tuple[str, ...], *, alone: bool) -> Finding:
    """Return the finding for objects of the wanted name that this setup did not create; `alone` if the list is empty."""
    if len(named) > 1:
        return Several(named)
    return Found({}, How.SAME_NAME, named[0]) if named else Absent(alone=alone)


def _is_as_sent(step: Step, attempts: tuple[Mapping[str, str], ...], found: Found) -> bool:
    differing = (differences_of_values(step, sent, found.leaves) for sent in attempts)
    return any(all(differs_by_slash(each.wanted, each.found) for each in wrong) for wrong in differing)


def _object(reply: Reply, step: Step) -> Leaves:
    """Return the texts of the step's own object in a reply.

    Raises:
        ProblemError: the reply holds no such object; that does not prove that there is none.
    """
    if not has(reply.document, step.root):
        text = f"Bandwidth's answer holds no {step.api_word}; it says nothing about it."
        raise ProblemError(
            Problem(operation=step.operation("read"), kind=Kind.FAILED, status=reply.status, text=text)
        )
    return flatten(find(reply.document, step.root))
