"""Walks the guided tour of the demo, takes a picture of every screen and records it: `python screenshots/make.py [FOLDER]`.

All of it is the same, byte for byte, whenever and wherever it is made: ids come from the simulator's seed, what takes
time is shown as taking a fixed time, and the recording has the times of the tour. A test makes it again and compares.
"""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Final
from unittest.mock import patch

from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.message_pump import MessagePump

from bwtui.cli.commands.demo import DemoHost, Simulated, example_answers
from bwtui.credentials import Login
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog_universal import ACTIVATION, VOICE_PACKAGE
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.trials.trial import Heard, NewsSource, TrialEvent
from bwtui.domain.trials.trial_view import event_line
from bwtui.domain.values.documents import Exchange
from bwtui.frugal.difference import ScreenDifference
from bwtui.services import Services, WizardHost
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Platform, Settings
from bwtui.simulator.simulated_account import SimulatedAccount
from bwtui.simulator.switches import Switches
from bwtui.tui.app import WizardApp
from bwtui.tui.demo.caption import Caption, show_caption
from bwtui.tui.demo.tour import TourStop, tour
from bwtui.tui.draft import Draft
from bwtui.tui.places import APPLY, DONE, REVIEW, WELCOME, walk
from bwtui.tui.widgets.spinner import Spinner
from bwtui.tui.workflow import Workflow

HERE: Final = Path(__file__).parent

SIZES: Final = {"": (80, 24), "-wide": (120, 40)}
"""The suffix of a picture's name by the size of its window: the design's, and one with room for rail and request."""

ALSO: Final = {"name too long": "-problem", "reply": "-reply", "answered": "-try-it"}
"""Stops, beside the one that each screen has, that have pictures, and what is added to the screen's name for them."""

WRITE_SECONDS: Final = 0.2
"""Seconds that each writing request is shown to have taken; the others are shown as taking no time."""


ON_UNIVERSAL: Final = (VOICE_PACKAGE.key, ACTIVATION.key, REVIEW, APPLY, DONE)
"""The screens that look otherwise on the Universal Platform."""

RECORDED: Final = (100, 30)
"""The window of the recording: the smallest that shows rail and request, too."""

ORDER_SECONDS: Final = 2.0
END_SECONDS: Final = 5.0
"""How long the recording shows that the order is waited for, and its last screen."""


def make(folder: Path) -> None:
    """Take all pictures, and the recording."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in asyncio.run(_all_taken()).items():
        (folder / f"{name}.svg").write_text(picture, encoding="utf-8")
    (folder / "demo.cast").write_text(asyncio.run(_recorded()), encoding="utf-8")


async def _all_taken() -> dict[str, str]:
    pictures = {
        f"{name}{added}": picture for added, size in SIZES.items() async for name, picture in _taken(size)
    }
    async for name, picture in _taken(SIZES[""], "universal"):
        if name.partition("-")[2] in ON_UNIVERSAL:
            pictures[f"{name}-universal"] = picture
    return pictures


async def _taken(size: tuple[int, int], platform: Platform = "legacy") -> AsyncIterator[tuple[str, str]]:
    """Names and pictures of one walk."""
    async with _demo(size, platform) as (app, end_of_order):
        async for stop in tour(app, partial(_settled, app)):
            number = walk(app.workflow.draft.answers).index(stop.place) + 1
            if stop.name == "apply":
                await _until(lambda: _waits_for_order(app))
            if stop.name == "done":
                await _until(lambda: bool(app.workflow.arrivals))
            if stop.name == stop.place or stop.name in ALSO:
                yield (
                    f"{number:02}-{stop.place}{ALSO.get(stop.name, '')}",
                    await _still(app, partial(_picture, app)),
                )
            if stop.name == "apply":
                end_of_order()


async def _recorded() -> str:
    """The walk with its captions as an asciicast, version 2."""
    async with _demo(RECORDED) as (app, end_of_order):
        recording = Recording(app)
        async for stop in tour(app, recording.rest):
            if stop.name == "apply":
                await _until(lambda: _waits_for_order(app))
            if stop.name == "done":
                await _until(lambda: bool(app.workflow.arrivals))
            await recording.begin(stop)
            if stop.name == "apply":
                recording.seconds += ORDER_SECONDS
                end_of_order()
        return recording.cast()


@asynccontextmanager
async def _demo(
    size: tuple[int, int], platform: Platform = "legacy"
) -> AsyncIterator[tuple[WizardApp, Callable[[], None]]]:
    """The demo in a world where time stands still, and with it the order, until its end is called for."""
    moment = [1_800_000_000.0]
    switches = Switches(registration=True, tn_option_seconds=0)
    settings = Settings(order_seconds=1, switches=switches, platform=platform)
    world = SimulatedAccount(settings=settings, clock=lambda: moment[0])

    def end_of_order() -> None:
        moment[0] += 10

    still = patch.multiple("bwtui.tui.widgets.spinner", FRAMES="-", LEAST=0, monotonic=lambda: 0.0)
    timed = patch("bwtui.tui.screens.try_it.event_line", _timed_line)
    with still, timed, Simulated(lambda: RunningSimulator(world.settings, world)) as simulated:
        workflow = Workflow(_timed(DemoHost(simulated)), Draft(example_answers(), RunState()), Bookmark())
        app = WizardApp(workflow, WELCOME)
        async with app.run_test(size=size):
            yield app, end_of_order


class Recording:
    """What a terminal would be sent, with the times at which the tour would send it."""

    def __init__(self, app: WizardApp) -> None:
        self.seconds = 0.0
        self._rests = self._keys = 0
        self._app = app
        self._console = Console(
            file=StringIO(),
            width=RECORDED[0],
            force_terminal=True,
            color_system="truecolor",
            legacy_windows=False,
        )
        self._screen = ScreenDifference(*RECORDED)
        self._events: list[tuple[float, str]] = []

    async def begin(self, stop: TourStop) -> None:
        """Record a stop as it is reached, with its caption."""
        show_caption(self._app.screen, stop.caption)
        await _until(lambda: self._app.screen.query_one(Caption).region.height > 0)
        await self.take()
        self._rests, self._keys = 0, len(stop.keys)

    async def rest(self, seconds: float) -> None:
        """Let the time go by that the tour rests: at a stop, then after each key. The last key leads to the next stop."""
        if 0 < self._rests < self._keys:
            await self.take()
        self._rests += 1
        self.seconds += seconds

    async def take(self) -> None:
        """Record what is shown now, once it does not change any more."""
        self._screen.feed(await _still(self._app, self._drawn))
        if changes := self._screen.take():
            self._events.append((self.seconds, changes))

    def _drawn(self) -> str:
        """The whole screen, as the app would draw it on a terminal."""
        app = self._app
        update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)  # noqa: SLF001
        assert isinstance(update, CompositorUpdate)
        return update.render_segments(self._console)

    def cast(self) -> str:
        """The recording as a file: a header, and a line for each change."""
        width, height = RECORDED
        header = {"version": 2, "width": width, "height": height, "title": "bwtui demo --autoplay"}
        first, last = (0.0, "\x1b[?25l\x1b[2J"), (self.seconds + END_SECONDS, "\x1b[m\x1b[?25h")
        events = ([round(at, 3), "o", text] for at, text in (first, *self._events, last))
        return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in (header, *events))


def _timed_line(event: TrialEvent) -> str:
    """The line of an event, whose news take a fixed time and come from the listener."""
    told = (
        replace(event, seconds=WRITE_SECONDS, source=NewsSource.LISTENER)
        if isinstance(event, Heard)
        else event
    )
    return event_line(told)


def _timed(host: DemoHost) -> WizardHost:
    """The same host, at which every request takes a fixed time."""

    @asynccontextmanager
    async def connect(
        login: Login,
        answers: Answers,
        on_exchange: Callable[[Exchange], None],
        on_wait: Callable[[str, float, str], None],
    ) -> AsyncIterator[Services]:
        def heard(exchange: Exchange) -> None:
            on_exchange(exchange._replace(seconds=0 if exchange.method == "GET" else WRITE_SECONDS))

        async with connect_demo(login, answers, heard, on_wait) as services:
            yield services

    connect_demo, host.connect = host.connect, connect  # type: ignore[method-assign]
    return host


def _waits_for_order(app: WizardApp) -> bool:
    """Return True once the order has been received, all that needs no number is done, and the screen says so."""
    run = app.workflow.draft.run
    records = {step.key: run.step(step.key) for step in app.workflow.steps if not step.names_numbers}
    order = records.pop("number").orders[-1:]
    spinner = app.screen.query_one(Spinner)
    return (
        all(record.status is Status.DONE for record in records.values())
        and [placed.status for placed in order] == ["RECEIVED"]
        and str(spinner.content) == "- 0 s  Setting up"
    )


async def _still(app: WizardApp, draw: Callable[[], str]) -> str:
    """What is drawn once nothing changes any more."""
    await _settled(app)
    drawn, before = draw(), ""
    while drawn != before:
        await asyncio.sleep(0.05)
        await _settled(app)
        drawn, before = draw(), drawn
    return drawn


async def _settled(app: WizardApp, _seconds: float = 0) -> None:
    """Wait until every key has had its effect. What two keys change together may be shown at another place."""
    await _until(lambda: app.is_quiet and not any(pump.message_queue_size for pump in _pumps(app)))


def _pumps(app: WizardApp) -> Iterator[MessagePump]:
    yield app
    for screen in app.screen_stack:
        yield from screen.walk_children(with_self=True)


def _picture(app: WizardApp) -> str:
    """The screen as SVG, without a name that is made of all that is in it, without fonts from elsewhere."""
    svg = app.export_screenshot(title="bwtui demo", simplify=True)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"terminal-\d+", "bwtui", svg)
    svg = svg.replace("font-family: Fira Code,", "font-family: ui-monospace, Menlo, Consolas,")
    return svg.replace("<svg ", '<svg xml:space="preserve" ', 1).replace("&#160;", " ")


async def _until(fact: Callable[[], bool]) -> None:
    while not fact():
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
