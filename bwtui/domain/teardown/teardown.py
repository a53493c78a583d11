"""The plan of a teardown: what becomes of everything that a setup has made, and in which order.

Only what the run says it made is undone: never what it was told to use, and never what was there before. What has been
changed since, or no longer belongs to the setup, is left unless the person says otherwise.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never

from bwtui.domain.account.findings import (
    Absent,
    Finding,
    Found,
    Gone,
    Leaves,
    NotOnPlatform,
    Numbers,
    OnCampaign,
    OnNumbers,
    Several,
    Unreadable,
)
from bwtui.domain.answers.answers import Answer, Answers, Source, uses_existing
from bwtui.domain.catalog import LOCATION, QUESTIONS, STEPS, WISHES
from bwtui.domain.fields import Const, Flag, Part, Ref
from bwtui.domain.planning.actions import Verdict, known_so_far
from bwtui.domain.planning.plan import make_plan
from bwtui.domain.planning.progress import on_account
from bwtui.domain.planning.requests import Known
from bwtui.domain.runs.run import Order, RunState, Status, StepState
from bwtui.domain.runs.run_events import Event
from bwtui.domain.steps import (
    FoundAsSetting,
    FoundInList,
    Step,
    WrittenBack,
)
from bwtui.domain.teardown.campaign_removal import is_being_taken_off, moved_told, still_on, waits_told
from bwtui.domain.teardown.removal_order import removal_order, undone_before
from bwtui.domain.teardown.undo_requests import undo_request
from bwtui.domain.values.comparison import is_same
from bwtui.domain.values.documents import Request
from bwtui.domain.values.phone_numbers import listed

WORD: Final = "release"
"""The word to type before numbers are released, which cannot be undone."""


class Fate(StrEnum):
    """The fate of what a step has made; also the words of `--json`."""

    REMOVE = "remove"
    RELEASE = "release"
    """Numbers are released, which cannot be undone."""
    GONE = "gone"
    """It is no longer there: nothing has to be sent."""
    LEAVE = "leave"
    """It stays as it is."""
    CONFLICT = "conflict"
    """Somebody has changed it since: the person is asked."""
    WAIT = "wait"
    """An order is under way, whose end has to be waited for."""


class RemovalAction(NamedTuple):
    """The fate of one step's object."""

    step: Step
    fate: Fate
    reason: str = ""
    request: Request | None = None
    """The request that undoes it; `None` if nothing is sent."""
    id: str = ""
    numbers: tuple[str, ...] = ()
    """The numbers that are released or taken off, ten digits each."""
    can_be_agreed: bool = False
    """True for a conflict about one certain object, which the person may want removed all the same."""
    moved: tuple[str, ...] = ()
    """The numbers, ordered by this setup, that somebody has moved to another location since: theirs now, and still paid for."""
    is_unfinished: bool = True
    """False if nothing of this setup stays there although it is left: it was never ours to undo."""

    @property
    def sends(self) -> bool:
        """True if it changes the account."""
        return self.fate in (Fate.REMOVE, Fate.RELEASE)

    @property
    def told(self) -> str:
        """Its id or numbers, as people read them."""
        return listed(self.numbers) if self.numbers else self.id


class RemovalPlan(tuple[RemovalAction, ...]):
    """The fates of everything, in the order of undoing."""

    __slots__ = ()

    @property
    def sending(self) -> tuple[RemovalAction, ...]:
        """The actions that change the account."""
        return tuple(action for action in self if action.sends)

    @property
    def release(self) -> RemovalAction | None:
        """The action that releases numbers, if there is one."""
        return next((action for action in self if action.fate is Fate.RELEASE), None)

    @property
    def kept_numbers(self) -> RemovalAction | None:
        """The numbers that could be released and are not, if there are any."""
        return next(
            (each for each in self if each.fate is Fate.LEAVE and each.step.paid and each.numbers), None
        )

    @property
    def conflicts(self) -> tuple[RemovalAction, ...]:
        """Objects that somebody has changed since, and that the person may want removed all the same."""
        return tuple(action for action in self if action.fate is Fate.CONFLICT and action.can_be_agreed)


# --- What is compared --------------------------------------------------------------------------------------------


def as_applied(answers: Answers, run: RunState) -> Answers:
    """Return the answers that the account has, with every part wanted: what is no longer asked for is undone too.

    No passwords are among them: they cannot be read back, and so cannot tell of a change.
    """
    wished = {f"setup.{wish}": Answer("true", Source.STATE) for wish in WISHES}
    switches = (each.left_out_by for each in STEPS if isinstance(QUESTIONS.get(each.left_out_by), Flag))
    parts = {switch: Answer("true", Source.STATE) for switch in switches}
    had = on_account(answers, run)
    return Answers({**had.given, **wished, **parts})


def made_steps(run: RunState) -> tuple[Step, ...]:
    """Return the steps that have, or may have, made something that is still there, in the order of undoing."""
    return tuple(step for step in removal_order() if run.step(step.key).is_ours)


def our_numbers(orders: Iterable[Order]) -> tuple[str, ...]:
    """Return the numbers that orders of this setup have brought, each once."""
    return tuple(dict.fromkeys(number for order in orders for number in order.completed))


def has_ended(release: Order) -> bool:
    """Return True once an order that releases numbers has ended; no other word than these is known to be an end (7.8)."""
    return release.status in ("COMPLETE", "PARTIAL", "FAILED")


def numbers_released(record: StepState) -> frozenset[str]:
    """Return the numbers that orders of a step have released, as the orders say; each may still show for a while."""
    return frozenset(number for order in record.releases for number in order.completed)


# --- The plan ----------------------------------------------------------------------------------------------------


class Whereabouts(NamedTuple):
    """Where those of our numbers are that are not simply in service on the location."""

    moved: tuple[str, ...] = ()
    """Numbers that are certainly on another location."""
    unknown: tuple[str, ...] = ()
    aged: tuple[str, ...] = ()
    """Numbers that the location still shows, and that are no longer in service: they were released."""


NO_WHEREABOUTS: Final = Whereabouts()


class Looked(NamedTuple):
    """The account, as it was looked at before a teardown."""

    findings: Mapping[str, Finding]
    """By step key, for each step that has made something, or changed what was there."""
    whereabouts: Whereabouts = NO_WHEREABOUTS
    of_others: tuple[str, ...] = ()
    """Numbers on a location that this setup has made, and that it did not order."""
    needed: Mapping[str, str] = MappingProxyType({})
    """What others have that needs an object, as a reason to leave it, by the key of the object's step."""


class RemovalLook(NamedTuple):
    """The account before a teardown."""

    looked: Looked
    events: tuple[Event, ...] = ()
    """Events about requests whose outcome was not known, as found out now."""


def plan_removal(
    answers: Answers, run: RunState, looked: Looked, *, release: bool, agreed: Container[str] = ()
) -> RemovalPlan:
    """Decide the fate of everything that the setup has made, and name what was there before and is left changed.

    `release` is true if numbers may be released; `agreed` has the keys of changed objects that are to go all the same.
    """
    answers = as_applied(answers, run)
    known = known_so_far(answers, run)
    changes = {
        action.step.key: action.reason
        for action in make_plan(answers, run, looked.findings)
        if action.verdict in (Verdict.CHANGE, Verdict.CONFLICT)
    }
    actions: list[RemovalAction] = []
    for step in removal_order():
        record = run.step(step.key)
        if record.is_ours:
            change = changes.get(step.key, "")
            action = _fate(step, record, answers, known, looked=looked, change=change, release=release)
            if action.can_be_agreed and step.key in agreed:
                request = undo_request(step, known)
                action = action._replace(
                    fate=Fate.REMOVE, request=request, reason=f"changed since: {action.reason}"
                )
            actions.append(_unless_held(action, actions))
        elif was_changed(step, record):
            actions.append(_left_changed(step, known, looked.findings.get(step.key)))
    return RemovalPlan(actions)


def _fate(
    step: Step,
    record: StepState,
    answers: Answers,
    known: Known,
    *,
    looked: Looked,
    change: str,
    release: bool,
) -> RemovalAction:
    finding = looked.findings.get(step.key, Absent())
    id_ = record.outputs.get(step.produces, "")
    if step.undo is None:
        return _fate_without_undo(step, id_)
    match finding:
        case Absent() | Gone(is_new=False):
            return RemovalAction(step, Fate.GONE, "is no longer there", id=id_)
        case Gone():
            return RemovalAction(step, Fate.REMOVE, request=undo_request(step, known), id=id_)
        case Several(ids=ids):
            return RemovalAction(step, Fate.CONFLICT, f"any of these could be it: {', '.join(ids)}")
        case Unreadable() | NotOnPlatform():
            return RemovalAction(step, Fate.CONFLICT, finding.text, id=id_)
        case Numbers():
            return _fate_of_numbers(step, record, known, finding, looked.whereabouts, release=release)
        case OnNumbers():
            return _fate_on_numbers(step, known, finding)
        case OnCampaign():
            return _fate_on_campaign(step, record, known, finding)
        case Found():
            return _fate_of_found(step, record, answers, known, finding, change=change, looked=looked)
        case _:
            assert_never(finding)


def _fate_without_undo(step: Step, id_: str) -> RemovalAction:
    if step.goes_with_numbers:
        return RemovalAction(
            step, Fate.GONE, "goes along with released numbers; on one that stays, what is active stays so"
        )
    return RemovalAction(step, Fate.LEAVE, "bwtui does not know how to undo it", id=id_)


def _fate_of_found(
    step: Step,
    record: StepState,
    answers: Answers,
    known: Known,
    found: Found,
    *,
    change: str,
    looked: Looked,
) -> RemovalAction:
    id_ = record.outputs.get(step.produces, "") or found.id
    if is_undone(step, found.leaves):
        return RemovalAction(step, Fate.GONE, "is no longer set")
    on_used_location = isinstance(step.found_by, FoundAsSetting) and bool(uses_existing(LOCATION, answers))
    if on_used_location and not record.made and answers.text(step.key_of("existing")) == "change":
        return RemovalAction(step, Fate.LEAVE, "it is not known whether it was there before")
    if not record.made and isinstance(step.found_by, FoundInList):
        return RemovalAction(
            step, Fate.CONFLICT, f"{found.id} has its name, and is not as it was sent", id=found.id
        )
    if on_used_location and _names_another(step, known, found.leaves):
        return RemovalAction(step, Fate.LEAVE, "somebody has set it otherwise since", is_unfinished=False)
    if looked.of_others and (step is LOCATION or isinstance(step.found_by, FoundAsSetting)):
        text = f"the location has numbers that this setup did not order: {listed(looked.of_others)}"
        return RemovalAction(step, Fate.CONFLICT, text, id=id_)
    if step.key in looked.needed:
        return RemovalAction(step, Fate.CONFLICT, looked.needed[step.key], id=id_)
    if change:
        return RemovalAction(step, Fate.CONFLICT, change, id=id_, can_be_agreed=True)
    return RemovalAction(step, Fate.REMOVE, request=undo_request(step, known), id=id_)


def _names_another(step: Step, known: Known, shown: Leaves) -> bool:
    """Return True if a link leads to something else than what this setup linked."""
    named = ((part.wire, known[part.output]) for part in step.body if isinstance(part, Ref))
    return any(
        (values := tuple(filter(None, shown.get(wire.casefold(), ()))))
        and not any(is_same(str(wanted), value) for value in values)
        for wire, wanted in named
    )


def _fate_of_numbers(
    step: Step,
    record: StepState,
    known: Known,
    found: Numbers,
    whereabouts: Whereabouts,
    *,
    release: bool,
) -> RemovalAction:
    """Decide about the numbers that were ordered: those that are still on the location are released."""
    if any(not order.is_settled and order.order_id for order in found.orders):
        return RemovalAction(step, Fate.WAIT, "an order is still under way, and may bring numbers")
    if found.located is None:
        return RemovalAction(step, Fate.CONFLICT, "the numbers of the location cannot be read")
    if whereabouts.unknown:
        text = f"in service, and nobody knows where: {listed(whereabouts.unknown)}"
        return RemovalAction(step, Fate.CONFLICT, text)
    moved = _moved_told(whereabouts.moved)
    on_location = [each for each in our_numbers(found.orders) if each in found.located]
    there = tuple(each for each in on_location if each not in whereabouts.aged)
    under_way = any(not has_ended(each) for each in record.releases) or not numbers_released(
        record
    ).isdisjoint(there)
    if not there and not under_way:
        reason = moved or "no number of this setup is there"
        return RemovalAction(step, Fate.GONE, reason, moved=whereabouts.moved)
    if not release and not under_way:
        return RemovalAction(step, Fate.LEAVE, "is not released: that cannot be undone", numbers=there)
    request = undo_request(step, Known({**known, "numbers": there}))
    text = "; ".join(filter(None, ("this cannot be undone", moved)))
    return RemovalAction(step, Fate.RELEASE, text, request=request, numbers=there, moved=whereabouts.moved)


def _moved_told(numbers: tuple[str, ...]) -> str:
    return f"{listed(numbers)}: moved to another location, and left there" if numbers else ""


def _fate_on_numbers(step: Step, known: Known, found: OnNumbers) -> RemovalAction:
    there = in_our_package(found)
    if not there:
        return RemovalAction(step, Fate.GONE, "no number is in the package")
    request = undo_request(step, Known({**known, "numbers": there}))
    return RemovalAction(step, Fate.REMOVE, request=request, numbers=there)


def _fate_on_campaign(step: Step, record: StepState, known: Known, found: OnCampaign) -> RemovalAction:
    """Decide about the numbers that were put on a campaign: those that are still on it are taken off."""
    if text := waits_told(step, record, found):
        return RemovalAction(step, Fate.WAIT, text)
    there, moved = still_on(step, found), moved_told(step, found)
    if not there and not is_being_taken_off(record):
        return RemovalAction(step, Fate.GONE, moved or "no number that this setup put on a campaign is on it")
    request = undo_request(step, Known({**known, "numbers": there})) if there else None
    return RemovalAction(step, Fate.REMOVE, moved, request=request, numbers=there)


def in_our_package(found: OnNumbers) -> tuple[str, ...]:
    """Return the numbers that are in the setup's own package."""
    ours = found.package_id.lower()
    return tuple(number for number in found.numbers if ours and found.package_of(number) == ours)


def is_undone(step: Step, shown: Leaves) -> bool:
    """Return True if a setting reads as it was written back: it is not set, or set to the other value."""
    if not isinstance(step.found_by, FoundAsSetting):
        return False
    if not any(shown.get(step.found_by.present.casefold(), ())):
        return True
    if not isinstance(step.undo, WrittenBack):
        return False
    return any(_shows(body, shown) for body in (step.undo.body, step.undo.otherwise) if body)


def _shows(body: tuple[Part, ...], shown: Leaves) -> bool:
    """Return True if every constant of a body is shown."""
    written = {part.wire: part.value for part in body if isinstance(part, Const)}
    return all(
        any(is_same(value, each) for each in shown.get(wire.casefold(), ()))
        for wire, value in written.items()
    )


def _unless_held(action: RemovalAction, before: Iterable[RemovalAction]) -> RemovalAction:
    """Return the action, or that it stays because something that needs it does."""
    if not action.sends and not action.step.goes_with_numbers:
        return action
    holding = tuple(held_by(action.step, before))
    if not holding:
        return action
    text = f"is needed by what stays: {', '.join(step.title.lower() for step in holding)}"
    return action._replace(fate=Fate.LEAVE, reason=text, request=None)


def held_by(step: Step, before: Iterable[RemovalAction]) -> Iterator[Step]:
    """Yield the steps that stay and keep this one from being undone."""
    keys = undone_before(step)
    for other in before:
        holds = bool(other.step.paid and other.numbers) if step.goes_with_numbers else other.step.key in keys
        if holds and other.is_unfinished and other.fate in (Fate.LEAVE, Fate.CONFLICT, Fate.WAIT):
            yield other.step


def was_changed(step: Step, record: StepState) -> bool:
    """Return True for a setting that was there before, and that this setup has changed."""
    changed = record.status is Status.DONE and not record.made and record.started_at
    return bool(changed) and isinstance(step.found_by, FoundAsSetting)


def _left_changed(step: Step, known: Known, finding: Finding | None) -> RemovalAction:
    """Leave a setting that was there before; as long as it leads to an object of ours, that one has to stay, too."""
    text = "was there before and was changed; what it was before is not known, so it stays as it is"
    links = any(isinstance(part, Ref) for part in step.body)
    if links and isinstance(finding, Found) and not _names_another(step, known, finding.leaves):
        text = "was there before, and leads to an application of this setup: link another one instead of it"
        return RemovalAction(step, Fate.CONFLICT, text)
    return RemovalAction(step, Fate.LEAVE, text, is_unfinished=False)
