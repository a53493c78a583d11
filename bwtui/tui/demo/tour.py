"""The guided tour of the demo: from Welcome to the first call, what to wait for, how long to read, and the keys to press then.

One tour serves whoever watches, the tests and the screenshots: `tour` stops where there is something to see.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final, Protocol

from textual import events
from textual.keys import _character_to_key
from textual.message import Message
from textual.screen import Screen
from textual.signal import Signal
from textual.widget import Widget
from textual.worker import Worker

from bwtui.domain.catalog import (
    CAMPAIGN,
    MESSAGING_APP,
    MESSAGING_LINK,
    MMS,
    NUMBER,
    SIPPEER,
    SITE,
    SMS,
    STEPS,
    VOICE_APP,
    VOICE_LINK,
)
from bwtui.domain.catalog_universal import ACTIVATION, VOICE_PACKAGE
from bwtui.domain.steps import Step
from bwtui.tui.places import APPLY, CONNECT, DONE, REVIEW, WELCOME, walk
from bwtui.tui.screens.base import PlaceScreen, TypeaheadGuard
from bwtui.tui.screens.dialogs import Dialog
from bwtui.tui.screens.try_it import TryItScreen
from bwtui.tui.widgets.number_picker import NumberPicker
from bwtui.tui.widgets.spinner import Spinner
from bwtui.tui.workflow import Phase, Workflow

KEY_SECONDS: Final = 0.15
"""From one key to the next, at speed 1."""

LOOK_SECONDS: Final = 0.02
"""From one look for a fact to the next."""


CHARACTERS_A_SECOND: Final = 20
"""Nobody has to read a caption faster, at speed 1; films are subtitled so."""


class Condition(Enum):
    """A fact that must come about before the tour goes on."""

    READY = auto()
    """The screen is shown, nothing is under way, and keys have somewhere to go."""
    CONNECTED = auto()
    WRONG = auto()
    """An answer on this screen has to be put right."""
    FOUND = auto()
    """A search has brought numbers, and keys go to them."""
    PLANNED = auto()
    """A look at the account has shown what is to be done, and keys go to the list of it."""
    ASKED = auto()
    """Something lies over the screen: a question, or a text to read."""
    UNDER_WAY = auto()
    PROVEN = auto()
    LOOKED_AHEAD = auto()
    """Try it has said what will arrive, and nothing was tried yet."""
    DELIVERED = auto()
    ANSWERED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class TourStop:
    """A place of the tour where there is something to see."""

    name: str
    place: str
    fact: Condition = Condition.READY
    caption: str
    """The caption: the thing that is done there, or its reason, in a line of 80 columns at most."""
    seconds: float
    """To read what is new there, at speed 1."""
    keys: tuple[str, ...] = ()
    """The keys that the tour presses there; a key of one character is typed."""


def _look(step: Step, seconds: float, caption: str) -> TourStop:
    """One look at the form of a step."""
    return TourStop(name=step.key, place=step.key, seconds=seconds, keys=("ctrl+n",), caption=caption)


_BEFORE: Final = (
    TourStop(name="welcome", place=WELCOME, seconds=1.25, keys=("up", "up", "up", "right"),
             caption="Say what you want. The steps follow."),
    TourStop(name="without voice", place=WELCOME, seconds=1.55, keys=("right", "ctrl+n"),
             caption="No calls, fewer steps. We want both."),
    TourStop(name="credentials", place=CONNECT, seconds=1.0, keys=("enter",),
             caption="The test only looks."),
    TourStop(name="connect", place=CONNECT, fact=Condition.CONNECTED, seconds=1.7, keys=("enter",),
             caption="Now it knows what the account holds."),
)  # fmt: skip

_AT_STEPS: Final = {
    SITE.key: (
        TourStop(name=SITE.key, place=SITE.key, seconds=1.2, keys=("tab", "tab", "end", "-", "2"),
                 caption="Each field is checked as you type."),
        TourStop(name="name too long", place=SITE.key, fact=Condition.WRONG, seconds=1.65, keys=("backspace", "backspace"),
                 caption="Too long: said here, not by Bandwidth."),
        TourStop(name="name put right", place=SITE.key, seconds=0.6, keys=("ctrl+o",),
                 caption="It fits again."),
        TourStop(name="optional fields", place=SITE.key, seconds=1.45, keys=("ctrl+o", "ctrl+n"),
                 caption="All fields of the guide are there."),
    ),
    SIPPEER.key: (_look(SIPPEER, 1.4, "A location: numbers live here."),),
    SMS.key: (_look(SMS, 1.5, "SMS lets all of them send texts."),),
    MMS.key: (_look(MMS, 1.5, "MMS adds pictures. It needs SMS."),),
    NUMBER.key: (
        TourStop(name="search", place=NUMBER.key, seconds=1.15, keys=("ctrl+f",),
                 caption="It shows what can be had."),
        TourStop(name="found", place=NUMBER.key, fact=Condition.FOUND, seconds=1.1, keys=("space", "down", "down", "space"),
                 caption="Pick two. Nothing is ordered yet."),
        TourStop(name=NUMBER.key, place=NUMBER.key, fact=Condition.FOUND, seconds=1.45, keys=("ctrl+n",),
                 caption="They cost money: you are asked."),
    ),
    MESSAGING_APP.key: (_look(MESSAGING_APP, 1.8, "Where Bandwidth posts incoming texts."),),
    MESSAGING_LINK.key: (_look(MESSAGING_LINK, 1.6, "Without it, texts vanish silently."),),
    VOICE_APP.key: (_look(VOICE_APP, 1.8, "Whom Bandwidth asks about each call."),),
    VOICE_LINK.key: (_look(VOICE_LINK, 1.8, "The last link, and calls come through."),),
    VOICE_PACKAGE.key: (_look(VOICE_PACKAGE, 2.3, "A package carries the application and numbers."),),
    ACTIVATION.key: (_look(ACTIVATION, 2.1, "Calls and texts are switched on, one by one."),),
    CAMPAIGN.key: (_look(CAMPAIGN, 1.8, "US carriers want a campaign for texts."),),
}  # fmt: skip
"""The stops at steps that have their own."""

_AFTER: Final = (
    TourStop(name="review", place=REVIEW, fact=Condition.PLANNED, seconds=1.3, keys=("up", "up", "up", "up", "r"),
             caption="All that will be done, and nothing yet."),
    TourStop(name="request", place=REVIEW, fact=Condition.ASKED, seconds=1.4, keys=("escape", "ctrl+n"),
             caption="Every request, before it is sent."),
    TourStop(name="yes to money", place=REVIEW, fact=Condition.ASKED, seconds=1.7, keys=("y",),
             caption="Nothing is written without this yes."),
    TourStop(name="apply", place=APPLY, fact=Condition.UNDER_WAY, seconds=1,
             caption="Saved before it is sent: nothing happens twice."),
    TourStop(name="done", place=DONE, fact=Condition.PROVEN, seconds=1.7, keys=("t",),
             caption="Done means proven: all was read back."),
    TourStop(name="try it", place=DONE, fact=Condition.LOOKED_AHEAD, seconds=1.6, keys=("enter",),
             caption="Will it arrive? It says so before."),
    TourStop(name="yes to a message", place=DONE, fact=Condition.ASKED, seconds=0.6, keys=("y",),
             caption="Sent once."),
    TourStop(name="reply", place=DONE, fact=Condition.DELIVERED, seconds=1.6, keys=("enter",),
             caption="Delivered, and the phone answers."),
    TourStop(name="yes to a call", place=DONE, fact=Condition.ASKED, seconds=0.6, keys=("y",),
             caption="Now a call."),
    TourStop(name="answered", place=DONE, fact=Condition.ANSWERED, seconds=0,
             caption="Answered and spoken to: the account works."),
)  # fmt: skip


def _stops_at(step: Step) -> tuple[TourStop, ...]:
    """The stops at a step: its own, or one look at its form while its explanation begins to be read."""
    if step.key in _AT_STEPS:
        return _AT_STEPS[step.key]
    caption = f"{step.explanation.split('. ')[0].removesuffix('.')}."
    return (_look(step, len(caption) / CHARACTERS_A_SECOND, caption),)


TOUR: Final = (
    *_BEFORE,
    *(stop for step in STEPS if step.on_screen for stop in _stops_at(step)),
    *_AFTER,
)
"""The stops on both platforms; those of the other one are passed over."""


class TourKey(events.Key):
    """A key that nobody has pressed. It goes through the same door as all others."""

    def __init__(self, key: str) -> None:
        """`key` is a name, such as `enter`, or the character that is typed."""
        if len(key) == 1:
            super().__init__(_character_to_key(key), key)
        else:
            super().__init__(key, " " if key == "space" else None)


TourKey.handler_name = events.Key.handler_name  # whoever listens for keys hears this one too


class Toured(Protocol):
    """The app, as far as a tour looks at it and presses its keys."""

    workflow: Workflow
    screen_change_signal: Signal[Screen[Any]]

    @property
    def here(self) -> PlaceScreen | None: ...
    @property
    def screen(self) -> Screen[object]: ...
    @property
    def focused(self) -> Widget | None: ...
    @property
    def is_running(self) -> bool: ...
    @property
    def is_quiet(self) -> bool: ...
    @property
    def screen_stack(self) -> list[Screen[Any]]: ...
    def post_message(self, message: Message) -> bool: ...
    def run_worker(self, work: Coroutine[None, None, None], *, group: str) -> Worker[None]: ...


async def at_once(_seconds: float) -> None:
    """Rest not at all, for a tour that nobody watches."""


async def tour(app: Toured, rest: Callable[[float], Awaitable[None]] = at_once) -> AsyncIterator[TourStop]:
    """Walk the tour. Each stop is given once it is reached and before its keys are pressed: look there."""
    for stop in TOUR:
        if not await _reached(app, stop):
            continue
        yield stop
        await rest(stop.seconds)
        for key in stop.keys:
            app.post_message(TourKey(key))
            await rest(KEY_SECONDS)


async def _reached(app: Toured, stop: TourStop) -> bool:
    """Wait for a stop; `False` where it is not on this walk or too late: the app may be through it, or have ended."""
    while not _is_at(app, stop):
        if not app.is_running:
            return False
        walked = walk(app.workflow.draft.answers)
        if stop.place not in walked:
            return False
        if app.here and walked.index(app.here.place) > walked.index(stop.place):
            return False
        await asyncio.sleep(LOOK_SECONDS)
    return True


def _is_at(app: Toured, stop: TourStop) -> bool:  # noqa: C901 - one case for each fact
    """True if every key has had its effect and the stop's condition holds."""
    here, workflow = app.here, app.workflow
    if not (here and here.place == stop.place and here.is_mounted and app.is_quiet):
        return False
    match stop.fact:
        case Condition.UNDER_WAY:
            return workflow.phase is not Phase.IDLE
        case Condition.ASKED:
            unseen = isinstance(app.screen, TypeaheadGuard) and not app.screen.is_painted
            return isinstance(app.screen, Dialog) and app.focused is not None and not unseen
        case Condition.LOOKED_AHEAD | Condition.DELIVERED | Condition.ANSWERED:
            return _is_tried(app.screen, stop.fact)
        case _ if not (app.screen is here and here.is_ready and _is_idle(app, here)):
            return False
        case Condition.READY:
            return True
        case Condition.CONNECTED:
            return workflow.is_connected
        case Condition.WRONG:
            return bool(workflow.draft.blocking(stop.place))
        case Condition.FOUND:
            return bool(workflow.found) and isinstance(app.focused, NumberPicker)
        case Condition.PLANNED:
            return workflow.plan is not None and app.focused is not None
        case Condition.PROVEN:
            return workflow.is_proven


def _is_tried(screen: Screen[object], fact: Condition) -> bool:
    """True if Try it has come so far, and waits for a key."""
    if not isinstance(screen, TryItScreen) or screen.is_busy or screen.focused is None:
        return False
    if any(spinner.display for spinner in screen.query(Spinner)):
        return False
    wanted = {Condition.LOOKED_AHEAD: 0, Condition.DELIVERED: 1, Condition.ANSWERED: 2}
    return len(screen.arrived) == wanted[fact]


def _is_idle(app: Toured, here: PlaceScreen) -> bool:
    waits = any(spinner.display for spinner in here.query(Spinner))
    return app.workflow.phase is Phase.IDLE and not waits
