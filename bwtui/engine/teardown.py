"""Undo what a setup has made, in the order of the plan: each step's intent on disk before its request, its end proven.

Deleting may be repeated, so a run that was cut off is simply run again; only the order that releases numbers is looked
for first (`number_release`).
"""

from collections.abc import Iterator
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from bwtui.api.client import Client
from bwtui.api.wire import find, text
from bwtui.domain.account.findings import Absent, Finding, Found, How, Numbers, OnCampaign, OnNumbers
from bwtui.domain.answers.answers import Answers, uses_existing
from bwtui.domain.catalog import LOCATION, PAID_STEP, SMS
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.planning.requests import Known, body, list_request, read_request
from bwtui.domain.runs.problem import Kind, OwnCode, Problem, ProblemError
from bwtui.domain.runs.run import Removal, RunState, order_known
from bwtui.domain.runs.run_events import Event, Finished, RemovalFailed, RemovalStarted, Removed, SaveEvents
from bwtui.domain.steps import FoundAsSetting, FoundInList, OrderedBack, ReleasedByOrder, Step
from bwtui.domain.teardown.campaign_removal import is_off
from bwtui.domain.teardown.removal_order import removal_order, undone_before
from bwtui.domain.teardown.teardown import (
    NO_WHEREABOUTS,
    Fate,
    Looked,
    RemovalAction,
    RemovalLook,
    RemovalPlan,
    Whereabouts,
    as_applied,
    in_our_package,
    is_undone,
    numbers_released,
    our_numbers,
    plan_removal,
    was_changed,
)
from bwtui.domain.teardown.undo_requests import undo_request, undo_request_otherwise
from bwtui.domain.values.comparison import is_same
from bwtui.domain.values.documents import NotYetKnown, Request, leaves
from bwtui.domain.values.phone_numbers import named_in
from bwtui.engine.campaign_removal import CampaignRemoval
from bwtui.engine.in_use import MOST_NAMED, needed_by_others
from bwtui.engine.journal import Journal
from bwtui.engine.list_reader import read_objects
from bwtui.engine.look_up import LookUp, ids_of
from bwtui.engine.number_release import NumberRelease, is_in_service, is_on_another_location
from bwtui.engine.number_services import PARTIAL
from bwtui.engine.order_look_up import OrderLookUp
from bwtui.engine.replies import flatten, or_nothing
from bwtui.engine.survey import read_account
from bwtui.engine.voice_number_look_up import MOST_NUMBERS
from bwtui.engine.waiting import Pace

HELD_BY_NUMBERS: Final = MappingProxyType({"13555": "numbers", "13673": "numbers with messages"})
"""The codes for what has numbers, or had them until lately: a location, and its SMS (universal-platform 9)."""

HELD_BY_OTHERS: Final = frozenset({*HELD_BY_NUMBERS, "12031", "12107", "13558"})
"""The codes for objects that others' objects need: once ours are gone, only somebody else can let go of them."""

NO_HTTP_VOICE: Final = "13651"
"""The code for a setting of voice that the account does not have; it may have been moved to the Universal Platform."""


async def look_for_removal(client: Client, answers: Answers, run: RunState, pace: Pace) -> RemovalLook:
    """Look at everything that the setup has, or may have, made; only GET.

    Raises:
        ProblemError: something could not be read, so that nobody knows whether it is there.
        Stopped: the person wants to leave.
    """
    return await pace.look_until_stopped(_look(client, answers, run, pace))


async def _look(client: Client, answers: Answers, run: RunState, pace: Pace) -> RemovalLook:
    answers = as_applied(answers, run)
    account = await read_account(client, answers)  # where all is a 404, nothing would prove to be gone
    findings: dict[str, Finding] = {}
    events: list[Event] = []
    whereabouts = NO_WHEREABOUTS
    for step in reversed(removal_order()):
        if not (run.step(step.key).is_ours or was_changed(step, run.step(step.key))):
            continue
        try:
            finding = await LookUp(client, answers, run, pace).look(step)
        except ProblemError as error:
            if not _is_unknown_to_account(step, error):
                raise account.refused or error from error
            finding = Absent()
        for event in _found_after_all(step, answers, run, finding, pace.clock()):
            run = run.apply(event)
            events.append(event)
        findings[step.key] = finding
        if isinstance(finding, Numbers):
            whereabouts = await _whereabouts(client, step, known_so_far(answers, run), run, finding)
    others = await _of_others(client, known_so_far(answers, run), run, findings.get(PAID_STEP.key), pace)
    needed = await needed_by_others(client, answers, known_so_far(answers, run), run, findings)
    return RemovalLook(Looked(findings, whereabouts, others, needed), tuple(events))


def _is_unknown_to_account(step: Step, error: ProblemError) -> bool:
    """Return True if the account does not have such a setting any more, so that there is nothing to set back."""
    return isinstance(step.found_by, FoundAsSetting) and error.problem.code == NO_HTTP_VOICE


def _found_after_all(
    step: Step, answers: Answers, run: RunState, finding: Finding, at: float
) -> tuple[Event, ...]:
    """Return what is now known of requests that got no answer: their objects are ours to remove."""
    record = run.step(step.key)
    match finding:
        case Numbers(orders=orders) | OnCampaign(orders=orders):
            return tuple(
                order_known(step.key, order, at)
                for order in orders
                if order.order_id and order not in record.orders
            )
        case Found(how=how) if record.pending and not record.made:
            if isinstance(step.found_by, FoundInList):
                ours = how is How.OURS
            else:
                ours = (
                    not uses_existing(LOCATION, answers) or answers.text(step.key_of("existing")) != "change"
                )
            outputs = {step.produces: finding.id} if finding.id else {}
            return (Finished(step=step.key, at=at, outputs=outputs),) if ours else ()
        case _:
            return ()


async def _whereabouts(
    client: Client, step: Step, known: Known, run: RunState, found: Numbers
) -> Whereabouts:
    """Find those of our numbers that are not on the location any more, or were released and still show there."""
    if not isinstance(step.undo, ReleasedByOrder) or found.located is None:
        return NO_WHEREABOUTS
    releases = run.step(step.key).releases
    gone = numbers_released(run.step(step.key))
    named = {number for order in releases for number in order.numbers if number in found.located}
    aged = [each for each in named if not await is_in_service(client, step, step.undo, each, known)]
    missing = [each for each in our_numbers(found.orders) if each not in found.located and each not in gone]
    serving = [each for each in missing if await is_in_service(client, step, step.undo, each, known)]
    moved = [each for each in serving if await is_on_another_location(client, step, step.undo, each, known)]
    return Whereabouts(tuple(moved), tuple(each for each in serving if each not in moved), tuple(aged))


async def _of_others(
    client: Client, known: Known, run: RunState, numbers: Finding | None, pace: Pace
) -> tuple[str, ...]:
    """Return the numbers in service on our own location that no order of this setup has brought, some at least."""
    if not run.step(LOCATION.key).is_ours or isinstance(known[LOCATION.produces], NotYetKnown):
        return ()
    release = PAID_STEP.undo
    assert isinstance(release, ReleasedByOrder), "numbers are released"
    if isinstance(numbers, Numbers):
        located = numbers.located
    else:
        located, _ = await OrderLookUp(client, known, pace, lambda: True).located()
    ours = our_numbers(run.step(PAID_STEP.key).orders)
    others = [number for number in located or () if number not in ours][:MOST_NAMED]
    return tuple([each for each in others if await is_in_service(client, PAID_STEP, release, each, known)])


class Teardown:
    """Carries out one plan of a teardown. `run` is the state after all events so far."""

    def __init__(
        self, client: Client, answers: Answers, run: RunState, *, save_events: SaveEvents, pace: Pace
    ) -> None:
        self.run = run
        self._client = client
        self._answers = answers
        self._journal = Journal(save_events)
        self._pace = pace
        self._stays: set[str] = set()
        """The keys of the steps that are not undone."""
        self._twins: dict[str, tuple[str, ...]] = {}
        """The ids of other objects of the same name, by step key, as the list showed them that proved ours to be gone."""

    async def carry_out(self, plan: RemovalPlan) -> None:
        """Carry out the plan; what could not be undone is recorded, with all else undone as far as possible.

        Raises:
            SaveError: an event could not be written; the next run goes on.
            Stopped: the person wants to leave; every event so far is on disk.
        """
        for action in plan:
            self._pace.check()
            if not action.is_unfinished:
                continue
            if action.fate in (Fate.LEAVE, Fate.CONFLICT, Fate.WAIT) or await self._is_held(action):
                self._stays.add(action.step.key)
                continue
            try:
                await self._undo(action)
            except ProblemError as error:
                problem = await self._explained(action.step, error.problem)
                self._note(RemovalFailed(action.step.key, self._pace.clock(), problem))
                self._stays.add(action.step.key)
            else:
                twins = self._twins.get(action.step.key, ())
                self._note(Removed(action.step.key, self._pace.clock(), twins))
                self._stays.discard(action.step.key)
        await self._journal.settled()

    def _note(self, event: Event) -> None:
        self.run = self.run.apply(event)
        self._journal.note(event)

    async def _is_held(self, action: RemovalAction) -> bool:
        """Return True if something that stays needs it; what went along with something else meanwhile does not."""
        step = action.step
        if step.undo is None:
            return PAID_STEP.key in self._stays
        for key in undone_before(step) & self._stays:
            other = next(each for each in removal_order() if each.key == key)
            if isinstance(other.found_by, FoundInList | FoundAsSetting) or not await self._is_gone(other):
                return True
            self._note(Removed(key, self._pace.clock()))
            self._stays.discard(key)
        return False

    async def _undo(self, action: RemovalAction) -> None:
        """Undo one step, unless it has changed since it was looked at; return once it is certainly gone."""
        step = action.step
        if step.undo is None:
            return
        if isinstance(step.undo, ReleasedByOrder):
            assert action.fate in (Fate.RELEASE, Fate.GONE), "numbers are released or gone"
            if action.fate is Fate.RELEASE:
                await self._release(step, step.undo, action.numbers)
            return
        if isinstance(step.undo, OrderedBack):
            if action.fate is Fate.REMOVE:
                await self._take_off_campaign(step, action.numbers)
            return
        if action.fate is Fate.REMOVE:
            now = await self._look_again(action)
            if now.request:
                await self._send(now)
        await self._prove(step)

    async def _look_again(self, action: RemovalAction) -> RemovalAction:
        """Read the object once more, right before it goes; raise if it is not as it was a moment ago."""
        step = action.step
        finding = await LookUp(
            self._client, as_applied(self._answers, self.run), self.run, self._pace
        ).look_once(step)
        agreed = (step.key,) if action.reason else ()
        plan = plan_removal(
            self._answers, self.run, Looked({step.key: finding}), release=False, agreed=agreed
        )
        now = next(each for each in plan if each.step.key == step.key)
        if now.fate not in (Fate.REMOVE, Fate.GONE) or (
            now.fate is Fate.REMOVE and now.reason != action.reason
        ):
            raise ProblemError(
                Problem(
                    operation=step.operation("look"), kind=Kind.CONFLICT, code=OwnCode.CHANGED_SINCE,
                    text=f"{step.title} {action.id} was changed a moment ago: {now.reason}.".replace("  ", " "),
                )
            )  # fmt: skip
        return now

    async def _send(self, action: RemovalAction) -> None:
        """Send the request, or all its parts; what is refused or gets no answer may be gone all the same."""
        step, request = action.step, action.request
        assert request, "it is to be removed"
        self._pace.check()
        self._note(RemovalStarted(step.key, self._pace.clock()))
        await self._journal.settled()
        for each, numbers in self._in_batches(step, request, action.numbers):
            await self._send_for(step, each, numbers)

    async def _send_for(self, step: Step, request: Request, numbers: tuple[str, ...]) -> None:
        """Send a request; where it is refused for some of its numbers, send it again without them."""
        try:
            await self._send_either_form(step, request)
        except ProblemError as error:
            problem = error.problem
            rest = await self._not_to_blame(numbers, problem)
            if rest and len(rest) < len(numbers):
                self._pace.check()
                await self._send_for(step, self._for_numbers(step, rest), rest)
            elif problem.kind is not Kind.NOT_FOUND and not await self._is_gone_all_the_same(step):
                raise

    async def _not_to_blame(self, numbers: tuple[str, ...], refused: Problem) -> tuple[str, ...]:
        """Return the numbers without those that a refusal names; where it names none, without those that are on no location."""
        if refused.unclear or refused.status in PARTIAL:
            return numbers
        if named := named_in(refused.text):
            return tuple(number for number in numbers if number not in named)
        try:
            located, _ = await OrderLookUp(self._client, self._known, self._pace, lambda: True).located()
        except ProblemError:
            return numbers
        return tuple(number for number in numbers if located is None or number in located)

    async def _send_either_form(self, step: Step, request: Request) -> None:
        try:
            await self._client.send(request)
        except ProblemError as error:
            other = undo_request_otherwise(step, self._known)
            if other is None or error.problem.status != HTTPStatus.BAD_REQUEST:
                raise
            await self._client.send(other)

    def _in_batches(
        self, step: Step, request: Request, numbers: tuple[str, ...]
    ) -> Iterator[tuple[Request, tuple[str, ...]]]:
        """Yield the request with its numbers, in parts where there are more than are known to be taken at once."""
        if len(numbers) <= MOST_NUMBERS:
            yield request, numbers
            return
        for start in range(0, len(numbers), MOST_NUMBERS):
            part = numbers[start : start + MOST_NUMBERS]
            yield self._for_numbers(step, part), part

    def _for_numbers(self, step: Step, numbers: tuple[str, ...]) -> Request:
        return undo_request(step, Known({**self._known, "numbers": numbers}))

    async def _is_gone_all_the_same(self, step: Step) -> bool:
        try:
            return await self._is_gone(step)
        except ProblemError:
            return False

    async def _release(self, step: Step, release: ReleasedByOrder, numbers: tuple[str, ...]) -> None:
        ordering = NumberRelease(
            client=self._client, step=step, release=release, known=self._known, pace=self._pace,
            removal=lambda: self.run.step(step.key).removal or Removal(),
            note=self._note, settled=self._journal.settled,
        )  # fmt: skip
        named = {number for order in self.run.step(step.key).releases for number in order.numbers}
        await ordering.complete(tuple(dict.fromkeys((*numbers, *named))))

    async def _take_off_campaign(self, step: Step, numbers: tuple[str, ...]) -> None:
        applied = as_applied(self._answers, self.run)
        await CampaignRemoval(
            client=self._client, step=step, campaign_id=applied.text(step.key_of(step.chosen_by)), known=self._known,
            record=lambda: self.run.step(step.key), note=self._note, settled=self._journal.settled, pace=self._pace,
        ).complete(numbers)  # fmt: skip

    # --- the proof ---

    async def _prove(self, step: Step) -> None:
        """Read until it is gone: reads and lists lag.

        Raises:
            ProblemError: it still shows.
        """
        over, tell = self._pace.over(self._pace.clock(), self._pace.visible), self._pace.once()
        while not await self._is_gone(step):
            if over():
                told = "although Bandwidth has answered as if it were gone"
                text = f"{step.title} still shows on the account, {told}."
                raise ProblemError(
                    Problem(step.operation("delete"), Kind.UNREACHABLE, text, code=OwnCode.STILL_SHOWN)
                )
            tell(step.operation("look"), self._pace.visible, f"{step.title}: it may take a moment to go")
            await self._pace.sleep(self._pace.look)

    async def _is_gone(self, step: Step) -> bool:
        match step.found_by:
            case FoundInList() as listed:
                return await self._is_object_gone(step, listed)
            case FoundAsSetting():
                try:
                    reply = await or_nothing(self._client, read_request(step, "", self._known))
                except ProblemError as error:
                    if not _is_unknown_to_account(step, error):
                        raise
                    return True
                return reply is None or is_undone(step, flatten(find(reply.document, step.root)))
            case _:
                found = await LookUp(self._client, self._answers, self.run, self._pace).look_once(step)
                match found:
                    case OnNumbers():
                        return not in_our_package(found)
                    case OnCampaign():
                        return is_off(step, self.run.step(step.key), found)
                    case _:
                        return isinstance(found, Absent)

    async def _is_object_gone(self, step: Step, listed: FoundInList) -> bool:
        """Return True if an object can neither be read nor found in its list: either may lag."""
        id_ = self.run.step(step.key).outputs.get(step.produces, "")
        if not id_:
            return True
        if await or_nothing(self._client, read_request(step, id_, self._known)) is not None:
            return False
        try:
            items = await read_objects(self._client, list_request(step, self._known), listed)
        except ProblemError as error:
            if error.problem.kind is Kind.NOT_FOUND:
                return True  # with what has contained it
            raise
        wanted = body(step, as_applied(self._answers, self.run), self._known)
        named = ids_of(items, listed, dict(leaves(wanted)))
        self._twins[step.key] = tuple(each for each in named if not is_same(each, id_))
        return not any(is_same(text(item, listed.id), id_) for item in items)

    async def _explained(self, step: Step, problem: Problem) -> Problem:
        """Return the problem: one of time for what only waits for released numbers to age, else a conflict."""
        if problem.code not in HELD_BY_OTHERS:
            return problem
        if step not in (LOCATION, SMS) or problem.code not in HELD_BY_NUMBERS:
            return problem._replace(kind=Kind.CONFLICT)
        if not self.run.step(PAID_STEP.key).removed_at or await self._has_numbers():
            return problem._replace(kind=Kind.CONFLICT)
        counted = f"{HELD_BY_NUMBERS[problem.code]} of the location ({problem.code})"
        text = f"Bandwidth still counts the numbers that were released as {counted}."
        return problem._replace(kind=Kind.UNREACHABLE, code=OwnCode.STILL_AGEING, text=text)

    async def _has_numbers(self) -> bool:
        """Return True unless certainly no number of the location is in service."""
        release = PAID_STEP.undo
        assert isinstance(release, ReleasedByOrder), "numbers are released"
        located, _ = await OrderLookUp(self._client, self._known, self._pace, lambda: True).located()
        if located is None:
            return True
        for number in located:
            if await is_in_service(self._client, PAID_STEP, release, number, self._known):
                return True
        return False

    @property
    def _known(self) -> Known:
        return known_so_far(self._answers, self.run)


async def tear_down(
    client: Client, answers: Answers, run: RunState, *, save_events: SaveEvents, pace: Pace, plan: RemovalPlan
) -> RunState:
    """Carry out a plan and return the run afterwards; what could not be undone is part of it.

    Raises:
        Stopped: the person wants to leave; every event so far is on disk.
        SaveError: an event could not be written.
    """
    work = Teardown(client, answers, run, save_events=save_events, pace=pace)
    await work.carry_out(plan)
    pace.check()
    return work.run
