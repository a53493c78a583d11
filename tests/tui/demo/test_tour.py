"""The guided tour of the demo, whoever plays it: the tests, somebody who watches, and the pictures in the README."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

import pyte
import pytest
from textual import events

from bwtui.cli.commands.demo import DemoHost, Simulated, example_answers
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run import RunState
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.simulator.snapshot import snapshot
from bwtui.tui.app import WizardApp
from bwtui.tui.demo.autoplay import PAUSED, PLAYING, TICK, Autoplay
from bwtui.tui.demo.caption import Caption, show_caption
from bwtui.tui.demo.tour import CHARACTERS_A_SECOND, KEY_SECONDS, TOUR, Condition, TourStop, tour
from bwtui.tui.draft import Draft
from bwtui.tui.places import DONE, WELCOME, walk
from bwtui.tui.screens.base import PlaceScreen
from bwtui.tui.workflow import Workflow
from support.emulator import EmulatedScreen
from support.wizard_pilot import ShownWizard

ROOT: Final = Path(__file__).parents[3]
SCREENSHOTS: Final = sorted((ROOT / "screenshots").glob("*.svg"))
CAST: Final = ROOT / "screenshots" / "demo.cast"

ON_LEGACY: Final = [stop for stop in TOUR if stop.place in walk(example_answers())]
"""The stops of the demo unless it is told another platform."""

CRAWLING, RUNNING = 0.001, 1000.0
"""Speeds: nobody lives to see the second stop; everything is over as soon as it can be."""


@pytest.fixture
def simulator() -> RunningSimulator:
    """The simulator of the demo, which starts and stops with it."""
    return RunningSimulator(Settings(order_seconds=0))


@asynccontextmanager
async def demo(
    simulator: RunningSimulator, *, speed: float | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[ShownWizard]:
    """The demo; with a speed it walks by itself."""
    with Simulated(lambda: simulator) as simulated:
        simulated.base_url()
        workflow = Workflow(DemoHost(simulated), Draft(example_answers(), RunState()), Bookmark())
        app = WizardApp(workflow, WELCOME, autoplay=speed)
        async with app.run_test(size=size):
            wizard = ShownWizard(app, workflow)
            if speed:
                await wizard.until(lambda: PLAYING in wizard.text)
            yield wizard


def autoplay_of(wizard: ShownWizard) -> Autoplay:
    assert wizard.app._autoplay
    return wizard.app._autoplay


# --- The tour ----------------------------------------------------------------------------------------------------


async def test_on_the_universal_platform_it_goes_through_its_screens_to_the_proof() -> None:
    settings = Settings(order_seconds=0, platform="universal")
    async with demo(RunningSimulator(settings)) as wizard:
        stops = [stop.place async for stop in tour(wizard.app)]
        assert {*stops, "apply"} == set(walk(wizard.workflow.draft.answers))
        assert {"voice_package", "activation"} <= set(stops)
        assert not {"voice_link", "voice_numbers"} & set(stops)
        assert wizard.workflow.is_proven


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_it_goes_through_every_screen_to_the_proof(
    simulator: RunningSimulator, size: tuple[int, int]
) -> None:
    async with demo(simulator, size=size) as wizard:
        stops = [stop async for stop in tour(wizard.app)]
        assert {stop.place for stop in stops} | {"apply"} == set(walk(wizard.workflow.draft.answers))
        assert [stop for stop in ON_LEGACY if stop.name != "apply"] == [
            stop for stop in stops if stop.name != "apply"
        ], "only what goes on by itself may be over before anybody looks"
        assert (wizard.place, wizard.workflow.is_proven) == (DONE, True)
        state = snapshot(simulator.account)
        picked = wizard.workflow.draft.picked_numbers
    assert len(picked) == 2
    assert {number["tn"] for number in state["numbers"]} == set(picked)
    assert [site["name"] for site in state["sites"]] == ["SetupTest"], "what was wrong was put right"


async def test_the_screen_offers_the_keys_that_are_pressed(simulator: RunningSimulator) -> None:
    async with demo(simulator) as wizard:
        async for stop in tour(wizard.app):
            if isinstance(wizard.app.screen, PlaceScreen) and (asked := _asked_for(stop)):
                assert asked in wizard.keys.values(), f"{stop.name}:\n{wizard.text}"
            elif stop.keys == ("y",):
                assert "(y)" in wizard.text


def _asked_for(stop: TourStop) -> str:
    """The first key of a stop that neither moves nor types."""
    plain = {"up", "down", "left", "right", "tab", "end", "space", "enter", "backspace"}
    return next((key for key in stop.keys if len(key) > 1 and key not in plain), "")


# --- Captions ----------------------------------------------------------------------------------------------------


def test_each_caption_fits_in_a_row_and_can_be_read_before_the_next() -> None:
    for stop in TOUR[:-1]:  # after the last nothing comes
        assert stop.caption
        assert len(stop.caption) <= 78, stop.name
        assert (
            _seconds(stop) * CHARACTERS_A_SECOND >= len(stop.caption) or stop.fact is Condition.UNDER_WAY
        ), stop


def test_the_story_is_told_in_less_than_a_minute() -> None:
    """At speed 1, with what the simulator takes: 14 s were measured to be more than that."""
    assert sum(map(_seconds, ON_LEGACY)) + 14 < 60


def _seconds(stop: TourStop) -> float:
    return stop.seconds + len(stop.keys) * KEY_SECONDS


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)], ids=["80x24", "120x40", "40x12"])
async def test_a_caption_has_its_own_rows_below_the_keys_and_dialogs(
    simulator: RunningSimulator, size: tuple[int, int]
) -> None:
    async with demo(simulator, size=size) as wizard:
        async for stop in tour(wizard.app):
            show_caption(wizard.app.screen, stop.caption)
            await wizard.until(partial(_shows, wizard, stop.caption), stop.name)
            caption = wizard.app.screen.query_one(Caption)
            others = [each for each in wizard.app.screen.children if each is not caption]
            assert caption.region.bottom == size[1]
            assert all(each.region.bottom <= caption.region.y for each in others), stop.name
            if wizard.app.focused and size[1] >= 24:
                assert wizard.app.focused.region.y < caption.region.y, "what has the focus is seen"


def _shows(wizard: ShownWizard, words: str) -> bool:
    return words in " ".join(" ".join(wizard.lines).split())


# --- Autoplay ----------------------------------------------------------------------------------------------------


async def test_it_plays_by_itself_and_is_left_to_a_person_at_the_end(simulator: RunningSimulator) -> None:
    async with demo(simulator, speed=RUNNING) as wizard:
        await wizard.until(lambda: autoplay_of(wizard).is_over)
        assert (wizard.place, wizard.workflow.is_proven) == (DONE, True)
        await wizard.until(lambda: "DEMO, nothing is real" in wizard.text)
        assert TOUR[-1].caption in wizard.text
        assert "✓ Delivered: +1 (919) 555-0142 has the message." in wizard.text
        assert "✓ Spoken to whoever answered" in wizard.text
        await wizard.press("enter")
        assert "▸ [ Finish ]" in wizard.text, "back on Done"


async def test_space_pauses_and_goes_on(simulator: RunningSimulator) -> None:
    async with demo(simulator, speed=CRAWLING) as wizard:
        autoplay = autoplay_of(wizard)
        wizard.send("space")
        await wizard.until(lambda: PAUSED in wizard.text)
        assert wizard.answer("setup.messaging") == "true", "Space did not reach the screen"
        rest = asyncio.create_task(autoplay._rest(0))
        assert not (await asyncio.wait({rest}, timeout=3 * TICK))[0]
        wizard.send("space")
        await wizard.until(lambda: PLAYING in wizard.text)
        await rest


@pytest.mark.parametrize("paused", [False, True])
async def test_any_other_key_takes_over_and_counts(simulator: RunningSimulator, *, paused: bool) -> None:
    async with demo(simulator, speed=CRAWLING) as wizard:
        if paused:
            wizard.send("space")
            await wizard.until(lambda: PAUSED in wizard.text)
        caption = TOUR[0].caption
        await wizard.until(lambda: caption in wizard.text)
        wizard.send("up", "up", "up", "up", "n", "down", "space")
        await wizard.until(lambda: wizard.answer("setup.voice") == "false")
        await wizard.until(lambda: caption not in wizard.text)
        assert wizard.answer("setup.messaging") == "false"
        assert autoplay_of(wizard).is_over
        await wizard.settled()
        assert "DEMO, nothing is real" in wizard.lines[0]
        assert wizard.place == WELCOME


async def test_a_click_and_pasted_text_take_over_too(simulator: RunningSimulator) -> None:
    for event in (
        events.Paste("x"),
        events.MouseDown(None, 1, 1, 0, 0, 1, shift=False, meta=False, ctrl=False),
    ):
        async with demo(simulator, speed=CRAWLING) as wizard:
            wizard.app.post_message(event)
            await wizard.until(lambda: autoplay_of(wizard).is_over)


async def test_the_tour_presses_no_more_keys_once_a_person_takes_over(simulator: RunningSimulator) -> None:
    async with demo(simulator, speed=RUNNING) as wizard:
        await wizard.until(lambda: wizard.place == "site")
        wizard.send("ctrl+c")
        await wizard.until(lambda: "Leave the demo? Nothing of it is kept." in wizard.text)
        await wizard.settled()
        wizard.send("escape")
        await wizard.settled()
        assert autoplay_of(wizard)._worker.is_finished
        assert wizard.place != DONE
        assert not snapshot(simulator.account)["sites"]


# --- Screenshots -------------------------------------------------------------------------------------------------


def test_the_screenshots_and_the_recording_are_current(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "screenshots" / "make.py", tmp_path], check=True, timeout=110)
    made = sorted(tmp_path.iterdir())
    kept = sorted([*SCREENSHOTS, CAST])
    assert [file.name for file in made] == [file.name for file in kept]
    differing = [
        now.name
        for now, old in zip(made, kept, strict=True)
        if now.read_text("utf-8") != old.read_text("utf-8")
    ]
    assert differing == [], "make them again: .venv/bin/python screenshots/make.py"


def test_there_is_one_of_every_screen_and_their_page_shows_all() -> None:
    page = (ROOT / "screenshots" / "README.md").read_text("utf-8")
    shown = re.findall(r"\]\(([^)]+\.svg)\)", page)
    assert sorted(shown) == [file.name for file in SCREENSHOTS]
    places = walk(example_answers())
    for size in ("", "-wide"):
        of_each = {f"{number:02}-{place}{size}.svg" for number, place in enumerate(places, 1)}
        assert of_each <= set(shown), size


def test_the_screenshots_say_nothing_about_whose_machine_it_was() -> None:
    for file in (*SCREENSHOTS, CAST):
        text = file.read_text("utf-8")
        assert not re.search(r"demo-secret|127\.0\.0\.1|/home|/tmp|/root", text), file.name
        assert "https://" not in text.replace("https://yourSecureSite.com", ""), "nothing is fetched"


# --- The recording -----------------------------------------------------------------------------------------------


def test_the_recording_tells_the_whole_story_in_less_than_a_minute() -> None:
    """Played on a terminal of its size, it shows each caption for its time, and ends on Try it with a sane terminal."""
    lines = CAST.read_text("utf-8").splitlines()
    header, events = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
    assert header["version"] == 2
    assert CAST.stat().st_size < 300_000
    times = [at for at, _, _ in events]
    assert times == sorted(times)
    assert times[-1] < 60
    screen = EmulatedScreen(header["width"], header["height"])
    stream = pyte.Stream(screen)
    seen = dict.fromkeys([stop.caption for stop in ON_LEGACY], 0.0)
    for (at, _, text), after in pairwise([*events, (times[-1], "o", "")]):
        stream.feed(text)
        foot = screen.row(header["height"] - 1).strip()
        if foot in seen:
            seen[foot] += after[0] - at
    assert [caption for caption, seconds in seen.items() if seconds <= 0] == []
    assert (screen.row(0).split()[:2], screen.cursor.hidden) == (["bwtui", "Try"], False)
    assert screen.cursor.attrs == screen.default_char


def test_the_readme_says_how_to_play_it() -> None:
    assert f"`asciinema play {CAST.relative_to(ROOT)}`" in (ROOT / "README.md").read_text("utf-8")
