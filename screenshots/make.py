"""Walks the guided tour of the demo and takes a picture of every screen: `python screenshots/make.py [FOLDER]`.

The pictures are the same, byte for byte, whenever and wherever they are made: ids come from the simulator's seed, and
what takes time is shown as taking a fixed time. A test makes them again and compares.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from unittest.mock import patch

from bwtui.cli.commands.demo import DemoHost, Simulated, example_answers
from bwtui.credentials import Login
from bwtui.domain.answers import Answers
from bwtui.domain.bookmark import Bookmark
from bwtui.domain.documents import Exchange
from bwtui.domain.run import RunState, Status
from bwtui.services import Services, WizardHost
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.simulator.simulated_account import SimulatedAccount
from bwtui.tui.app import WizardApp
from bwtui.tui.demo.tour import tour
from bwtui.tui.draft import Draft
from bwtui.tui.places import WELCOME, walk
from bwtui.tui.widgets.spinner import Spinner
from bwtui.tui.workflow import Workflow

HERE: Final = Path(__file__).parent

SIZES: Final = {"": (80, 24), "-wide": (120, 40)}
"""The suffix of a picture's name by the size of its window: the design's, and one with room for rail and request."""

ALSO: Final = {"name too long": "-problem"}
"""Stops, beside the one that each screen has, that have pictures, and what is added to the screen's name for them."""

WRITE_SECONDS: Final = 0.2
"""Seconds that each writing request is shown to have taken; the others are shown as taking no time."""


def make(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in asyncio.run(_all_taken()).items():
        (folder / f"{name}.svg").write_text(picture, encoding="utf-8")


async def _all_taken() -> dict[str, str]:
    return {
        f"{name}{added}": picture for added, size in SIZES.items() async for name, picture in _taken(size)
    }


async def _taken(size: tuple[int, int]) -> AsyncIterator[tuple[str, str]]:
    """Names and pictures of one walk."""
    moment = [1_800_000_000.0]
    world = SimulatedAccount(settings=Settings(order_seconds=1), clock=lambda: moment[0])
    still = patch.multiple("bwtui.tui.widgets.spinner", FRAMES="-", LEAST=0, monotonic=lambda: 0.0)
    with still, Simulated(lambda: RunningSimulator(world.settings, world)) as simulated:
        workflow = Workflow(_timed(DemoHost(simulated)), Draft(example_answers(), RunState()), Bookmark())
        app = WizardApp(workflow, WELCOME)
        async with app.run_test(size=size):
            async for stop in tour(app):
                number = walk(workflow.draft.answers).index(stop.place) + 1
                if stop.name == "apply":  # the simulated time stands still, and with it the order
                    await _until(lambda: _waits_for_order(app))
                if stop.name == stop.place or stop.name in ALSO:
                    yield f"{number:02}-{stop.place}{ALSO.get(stop.name, '')}", await _picture(app)
                if stop.name == "apply":
                    moment[0] += 10


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

    connect_demo, host.connect = host.connect, connect  # type: ignore[method-assign, assignment]
    return host


def _waits_for_order(app: WizardApp) -> bool:
    """Return True once the order has been received, everything else is done, and the screen says so."""
    records = {step.key: app.workflow.draft.run.step(step.key) for step in app.workflow.steps}
    order = records.pop("number").orders[-1:]
    spinner = app.screen.query_one(Spinner)
    return (
        all(record.status is Status.DONE for record in records.values())
        and [placed.status for placed in order] == ["RECEIVED"]
        and str(spinner.content) == "- 0 s  Setting up"
    )


async def _picture(app: WizardApp) -> str:
    """The screen as SVG, once nothing changes on it any more."""
    taken, before = _drawn(app), ""
    while taken != before:
        await asyncio.sleep(0.05)
        taken, before = _drawn(app), taken
    return taken


def _drawn(app: WizardApp) -> str:
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
